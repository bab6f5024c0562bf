"""The constructions of the papers, one module per paper, equation numbers in the docstrings.

Above: claims. Below: objects, maps.
"""

from steeralg.constructions import saphs18, sbcsv15

__all__ = ["saphs18", "sbcsv15"]
