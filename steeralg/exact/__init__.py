"""Exact arithmetic: real embedded number fields with i kept apart, Hermitian matrices, tensor operations, PSD
decisions.

Above: objects, algebra, certificates. Below: errors, verdicts. No floats anywhere in this layer.
"""
