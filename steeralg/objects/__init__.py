"""Exact, frozen, validated objects: scenarios, states, measurements, assemblages, behaviours, functionals, and their
files.

Above: algebra, sdp, certificates, constructions. Below: maps and the exact layer. Invalid data cannot exist as an
object.
"""
