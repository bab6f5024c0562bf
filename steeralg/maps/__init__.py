"""Linear maps on matrices and the library of maps.

Above: objects, constructions. Below: the exact layer.
"""

from steeralg.maps.library import extended_reduction, identity, transpose

__all__ = ["extended_reduction", "identity", "transpose"]
