"""Classical explanations of assemblages, or proofs that there are none: local hidden states, Bell, thresholds.

Above: certificates. Below: positivity and sdp for the suggestions, algebra, objects, the exact layer.
"""
