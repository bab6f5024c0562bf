"""Sums of squares of words as an exact linear system for their Gram matrix.

Above: exact bounds. Below: words, observed elements, Gram systems. With the words v, w of one block,
`f - value = sum_{v,w} v*w (x) Z_vw`: a class is a reduced word with a matrix unit of the trusted systems, and the
product of two words may be a combination of several.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from steeralg.algebra.gram import GramSystem, Terms
from steeralg.algebra.observed import expansion
from steeralg.algebra.word import Word, products, projector_algebra
from steeralg.exact.field import Field
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number
from steeralg.objects.functional import Functional

_Class = tuple[Word, int, int]


@dataclass(frozen=True, eq=False)
class WordSystem(GramSystem):
    """The system of `functional - value` on one block of words; the field is that of the value or of the functional."""

    functional: Functional
    words: tuple[Word, ...]
    value: Number
    field: Field
    is_real: bool

    @cached_property
    def _dim(self) -> int:
        return self.functional.scenario.dim

    @cached_property
    def _classes(self) -> dict[_Class, int]:
        units = [(i, j) for i in range(self._dim) for j in range(self._dim)]
        table = products(projector_algebra(self.functional.scenario), self.words)
        return {(word, i, j): k for k, (word, i, j) in enumerate((word, *unit) for word in table for unit in units)}

    @property
    def orders(self) -> tuple[int, ...]:
        """The number of words times the dimension."""
        return (len(self.words) * self._dim,)

    @cached_property
    def terms(self) -> tuple[tuple[tuple[Terms, ...], ...], ...]:
        """Rows and columns run over words first, then over the basis of the trusted systems."""
        order, dim = self.orders[0], self._dim
        found: list[list[list[tuple[int, int]]]] = [[[] for _ in range(order)] for _ in range(order)]
        for word, places in products(projector_algebra(self.functional.scenario), self.words).items():
            for v, w, coefficient in places:
                for i in range(dim):
                    for j in range(dim):
                        found[v * dim + i][w * dim + j].append((self._classes[word, i, j], coefficient))
        return (tuple(tuple(map(tuple, row)) for row in found),)

    @cached_property
    def adjoints(self) -> tuple[int, ...]:
        """The adjoint word with the transposed matrix unit."""
        algebra = projector_algebra(self.functional.scenario)
        return tuple(self._classes[algebra.adjoint(word), j, i] for word, i, j in self._classes)

    @cached_property
    def right(self) -> tuple[Number, ...] | None:
        """The coefficients of functional - value; None if it has a word that no product gives."""
        target = expansion(self.functional)
        one = projector_algebra(self.functional.scenario).one
        zero = Matrix.zero(self._dim, self._dim)
        target[one] = target.get(one, zero) - Matrix.identity(self._dim).scale(self.value)
        known = {word for word, _, _ in self._classes}
        if any(word not in known and not matrix.is_zero for word, matrix in target.items()):
            return None
        return tuple(target.get(word, zero).entry(i, j) for word, i, j in self._classes)

    @property
    def unit(self) -> tuple[tuple[Fraction, ...], ...]:
        """The unit matrix."""
        return ((Fraction(1),) * self.orders[0],)
