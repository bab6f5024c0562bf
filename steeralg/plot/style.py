"""What the figures share: exact numbers as coordinates, and colours that colour-blind readers can tell apart.

Above: the figures. Below: the exact layer.
"""

from __future__ import annotations

from fractions import Fraction

from steeralg.errors import NumberError
from steeralg.exact.number import Number, as_bound, brief

Exact = Fraction | int | Number

PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
"""Six colours of Okabe and Ito; black and grey are left for what belongs to no outcome."""
MARKERS = ("o", "s", "D", "^", "v", "P", "X", "*")
FAINT, GREY = "#C8C8C8", "#606060"
DARK, LIGHT = "#101010", "#FAFAFA"
"""Ink on a coloured ground. Black and white themselves are the ink and the paper of the page."""
_BITS = 80


def coordinate(value: Exact) -> float:
    """Return a real number as a float to draw. Raises NumberError for what is not exact and real, or far too large."""
    exact = as_bound(value)
    if isinstance(exact, Number):
        low, high = exact.enclosure(_BITS)
        exact = (low + high) / 2
    try:
        return float(exact)
    except OverflowError:
        raise NumberError(f"{brief(Number.of(exact))} is too large to be drawn") from None
