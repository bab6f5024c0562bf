"""Positivity on product vectors: block-positive operators, positive and decomposable maps, with witnesses either way.

Above: certificates. Below: sdp for the suggestions, algebra, objects, maps, the exact layer.
"""
