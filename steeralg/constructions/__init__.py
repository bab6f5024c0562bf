"""The constructions of the papers, one module per paper, equation numbers in the docstrings.

Above: claims, searches. Below: certificates (where a proof is known by hand), objects, maps.
"""

from steeralg.constructions import extended_games, local_orthogonality, product_bases, s26, saphs18, sbcsv15, shsa20

__all__ = ["extended_games", "local_orthogonality", "product_bases", "s26", "saphs18", "sbcsv15", "shsa20"]
