"""Gram matrices as solutions of exact linear systems: what sums of squares of every kind have in common.

Above: sums of squares of words and of forms, sdp, faces, rounding. Below: the exact layer. A product of two members of
a block's list is a combination of *classes* (monomials, or reduced words with matrix units), and the sum of squares has
to have prescribed coefficients in all of them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from fractions import Fraction

from steeralg.exact.field import Field
from steeralg.exact.number import Number

Terms = tuple[tuple[int, int | Number], ...]
"""Pairs of a class and a coefficient."""


class GramSystem(ABC):
    """Wanted are Hermitian `Z_b >= 0` with `sum_b sum_{i,j} c (Z_b)_ij = right[k]` for every class k, where the sum is
    over the positions (i, j) whose terms have class k, with its coefficient c.

    `is_real`: real symmetric matrices suffice.
    """

    field: Field
    is_real: bool

    @property
    @abstractmethod
    def orders(self) -> tuple[int, ...]:
        """The orders of the matrices Z_b."""

    @property
    @abstractmethod
    def terms(self) -> tuple[tuple[tuple[Terms, ...], ...], ...]:
        """The terms of every position, by block, row, column; those of (j, i) are the adjoints of those of (i, j)."""

    @property
    @abstractmethod
    def adjoints(self) -> tuple[int, ...]:
        """The adjoint of every class."""

    @property
    @abstractmethod
    def right(self) -> tuple[Number, ...] | None:
        """The coefficient of every class; None if some coefficient is wanted of what no position gives."""

    @property
    @abstractmethod
    def unit(self) -> tuple[tuple[Fraction, ...], ...]:
        """Positive diagonals D_b, by block: how much of them can be taken away is what is maximised."""
