"""Certificates: rounding candidates made exact, verified exactly, and written as proof files.

Above: claims, the command line. Below: models, positivity, sdp (which suggests), algebra, objects, exact.
Nothing here trusts a float.
"""
