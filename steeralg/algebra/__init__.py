"""Letters, words, product rules and levels: one *-algebra per party, their tensor product for the scenario.

Above: sdp, certificates. Below: objects (for scenarios only) and errors. No floats, no arrays.
"""
