"""Pictures: Bloch discs of qubit assemblages, proved brackets against a parameter, the structure of a moment matrix.

Above: reports, the command line. Below: certificates, algebra, objects. Floats only draw here, nothing is decided by
them; matplotlib is loaded when a figure is asked for, and figures are objects of their own, without pyplot's global
state.
"""
