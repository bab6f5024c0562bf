"""Letters, words, product rules and levels: one *-algebra per party, their tensor product for the scenario.

Above: sdp, certificates. Below: objects, the exact layer. No floats, no arrays.
"""
