"""States of qubits that Pauli measurements steer to given data, as an exact linear system.

Above: realisations by Pauli measurements. Below: Gram systems, assemblages. The unknown is one positive operator: the
state of a qubit for every black box, and of the trusted party. A box measures Z for its first setting, X for its
second, and Y or -Y for its third; up to unitaries of the qubit these are all choices of anticommuting observables.
With three settings all entries of a qubit are known from the data, with two only the sum of the two off the diagonal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import product
from math import prod

from steeralg.algebra.gram import GramSystem, Terms
from steeralg.errors import ScenarioError
from steeralg.exact.field import RATIONALS, Field
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.measurement import POVM

_Place = tuple[int, int]
_ONE, _HALF = Number.of(1), Number.of(Fraction(1, 2))
_HALF_I = Number(RATIONALS, (0,), (1,), 2)
_PLACES: tuple[tuple[tuple[_Place, ...], ...], ...] = (
    (((0, 0),), ((1, 1),)),
    (((0, 0),), ((1, 1),), ((0, 1), (1, 0))),
    (((0, 0),), ((1, 1),), ((0, 1),), ((1, 0),)),
)
"""By the number of settings: which entries of a qubit are known, or whose sum is."""

_VECTORS = (((1, 0), (0, 1)), ((1, 1), (1, -1)), ((1, 1), (1, -1)))
"""Eigenvectors of Z and X, outcome 0 first; of Y with a factor i for the second entries."""


@dataclass(frozen=True, eq=False)
class PauliSystem(GramSystem):
    """The system of an assemblage. `mirrored` has, for every box with three settings, whether the third is -Y.

    Raises ScenarioError unless every box has one to three settings with two outcomes, and there is one trusted party
    without input.
    """

    assemblage: Assemblage
    mirrored: tuple[bool, ...]

    def __post_init__(self) -> None:
        if not is_pauli(self.assemblage):
            raise ScenarioError(f"Pauli measurements do not fit {self.assemblage.scenario}")

    @property
    def field(self) -> Field:  # type: ignore[override]
        """The field of the data."""
        return self.assemblage.field

    @property
    def is_real(self) -> bool:  # type: ignore[override]
        """Real states are enough for real data, unless Y is measured."""
        return self.assemblage.is_real and max(self._settings) < 3

    @property
    def dims(self) -> tuple[int, ...]:
        """The dimensions of the state: a qubit for every box, and the trusted dimension if that is not 1."""
        dim = self.assemblage.scenario.dim
        return (2,) * len(self._settings) + ((dim,) if dim > 1 else ())

    @property
    def measurements(self) -> tuple[tuple[POVM, ...], ...]:
        """What the boxes measure."""
        return tuple(
            tuple(POVM(tuple(self._projector(k, a, x) for a in (0, 1))) for x in range(settings))
            for k, settings in enumerate(self._settings)
        )

    def annihilated(self) -> Iterator[tuple[Matrix, Matrix]]:
        """Yield, for every element of the data, a ray of the boxes and the element: the state annihilates the ray times
        the kernel of the element.
        """
        for (a, x, *_), element in self.assemblage.elements.items():
            ray = Matrix.identity(1)
            for k, (o, s) in enumerate(zip(a, x, strict=True)):
                vector = self._vector(k, o, s)
                ray = Matrix.from_numbers(
                    [[ray.entry(i, 0) * vector.entry(j, 0)] for i in range(ray.rows) for j in (0, 1)], RATIONALS
                )
            yield ray, element

    @cached_property
    def _settings(self) -> tuple[int, ...]:
        return tuple(len(box.outcomes) for box in self.assemblage.scenario.black_boxes)

    def _sign(self, box: int) -> int:
        """The sign of Y."""
        return -1 if self.mirrored[sum(s == 3 for s in self._settings[:box])] else 1

    def _vector(self, box: int, outcome: int, setting: int) -> Matrix:
        first, second = _VECTORS[setting][outcome]
        if setting < 2:
            return Matrix.rational([[first], [second]])
        turned = Number(RATIONALS, (0,), (second * self._sign(box),))
        return Matrix.from_numbers([[Number.of(first)], [turned]], RATIONALS)

    def _projector(self, box: int, outcome: int, setting: int) -> Matrix:
        vector = self._vector(box, outcome, setting)
        square = vector @ vector.adjoint
        return square.scale(square.trace().inverse())

    @cached_property
    def _classes(self) -> dict[tuple[tuple[int, ...], int, int], int]:
        """By the kind of entry of every qubit, and row and column of the trusted system."""
        dim = range(self.assemblage.scenario.dim)
        kinds = product(*(range(len(_PLACES[s - 1])) for s in self._settings))
        return {key: k for k, key in enumerate((kind, p, q) for kind in kinds for p in dim for q in dim)}

    @property
    def orders(self) -> tuple[int, ...]:
        """The order of the state."""
        return (prod(self.dims),)

    @cached_property
    def terms(self) -> tuple[tuple[tuple[Terms, ...], ...], ...]:
        """At most one class for every position."""
        kinds = [{place: c for c, places in enumerate(_PLACES[s - 1]) for place in places} for s in self._settings]
        dim = self.assemblage.scenario.dim
        rows = list(product(*((0, 1) for _ in self._settings), range(dim)))

        def here(row: tuple[int, ...], column: tuple[int, ...]) -> Terms:
            kind = [table.get(place) for table, place in zip(kinds, zip(row, column, strict=True), strict=False)]
            known = tuple(c for c in kind if c is not None)
            return ((self._classes[known, row[-1], column[-1]], 1),) if len(known) == len(kind) else ()

        return (tuple(tuple(here(row, column) for column in rows) for row in rows),)

    @cached_property
    def adjoints(self) -> tuple[int, ...]:
        """Transposed entries; the two off the diagonal of a qubit that are known one by one are exchanged."""

        def turned(kind: tuple[int, ...]) -> tuple[int, ...]:
            pairs = zip(kind, self._settings, strict=True)
            return tuple(5 - c if settings == 3 and c > 1 else c for c, settings in pairs)

        return tuple(self._classes[turned(kind), q, p] for kind, p, q in self._classes)

    @cached_property
    def right(self) -> tuple[Number, ...]:
        """Combinations of the data."""
        elements, found = self.assemblage.elements, []
        for kind, p, q in self._classes:
            parts = [self._combination(k, c) for k, c in enumerate(kind)]
            total = Number.of(0, self.field)
            for chosen in product(*(part.items() for part in parts)):
                label = tuple(a for (a, _), _ in chosen), tuple(x for (_, x), _ in chosen)
                weight = _ONE
                for _, c in chosen:
                    weight = weight * c
                total = total + weight * elements[label].entry(p, q)
            found.append(total)
        return tuple(found)

    def _combination(self, box: int, kind: int) -> Mapping[tuple[int, int], Number]:
        """Return the coefficients, by outcome and setting, of the projectors that add up to a kind of entry."""
        if kind < 2:
            return {(kind, 0): _ONE}
        if self._settings[box] == 2:
            return {(0, 1): _ONE, (1, 1): -_ONE}
        # An entry |0><1| of the state is the expectation of |1><0| = (X - i Y)/2.
        turned = _HALF_I if (kind == 3) == (self._sign(box) > 0) else -_HALF_I
        return {(0, 1): _HALF, (1, 1): -_HALF, (0, 2): turned, (1, 2): -turned}

    @property
    def unit(self) -> tuple[tuple[Fraction, ...], ...]:
        """The maximally mixed state, up to its trace."""
        return ((Fraction(1),) * self.orders[0],)


def is_pauli(assemblage: Assemblage) -> bool:
    """Whether every box has one to three settings with two outcomes, and one trusted party has no input."""
    scenario = assemblage.scenario
    boxes = all(len(box.outcomes) <= 3 and set(box.outcomes) == {2} for box in scenario.black_boxes)
    return boxes and len(scenario.views) == 1 and not scenario.sequential
