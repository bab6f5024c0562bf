"""Relaxations in floats: moment matrices, conic problems, solvers, candidates for rounding.

Above: certificates. Below: algebra and objects. The only layer with numpy, scipy, scs, clarabel
and cvxpy. Nothing it returns is a verdict: its products are candidates (integers on a grid), which the layer above
verifies exactly.
"""
