"""The constructions of the papers, one module per paper, equation numbers in the docstrings.

Above: claims. Below: objects, maps.
"""

from steeralg.constructions import local_orthogonality, product_bases, s26, saphs18, sbcsv15, shsa20

__all__ = ["local_orthogonality", "product_bases", "s26", "saphs18", "sbcsv15", "shsa20"]
