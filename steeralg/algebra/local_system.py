"""Local hidden state models as an exact linear system for their hidden states.

Above: sdp, decisions. Below: Gram systems, strategies, assemblages. The unknowns are positive operators, one for every
strategy and view (strategies outermost). They have to add up to every independent element of the data, and those of a
strategy have equal traces. The independent elements have the last outcomes summed over; as the traces are equal, the
last diagonal entry is left out in all views but the first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import product

from steeralg.algebra.gram import GramSystem, Terms
from steeralg.exact.field import RATIONALS, Field
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import IMAGINARY_UNIT, Number
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.deterministic import Strategy, strategies
from steeralg.objects.family import independent_labels, marginal, trivial_labels
from steeralg.objects.functional import Functional
from steeralg.objects.scenario import Partial, Scenario

Coordinate = tuple[int, int, int, bool]
"""A real coordinate of data: independent element, row, column not below the row, whether it is the imaginary part."""

_Unit = tuple[int, int]
_Key = tuple[tuple[int | None, ...], tuple[int | None, ...]]


@dataclass(frozen=True, eq=False)
class LocalSystem(GramSystem):
    """The system of an assemblage for some of the deterministic strategies.

    `is_real`: only real parts are looked at. For real data real hidden states suffice.
    """

    assemblage: Assemblage
    strategies: tuple[Strategy, ...]
    is_real: bool

    @classmethod
    def of(cls, assemblage: Assemblage, is_real: bool | None = None) -> LocalSystem:
        """Return the system for all strategies, real if the data are. Raises ScenarioError for too many strategies."""
        real = assemblage.is_real if is_real is None else is_real
        return cls(assemblage, tuple(strategies(assemblage.scenario)), real)

    @property
    def scenario(self) -> Scenario:
        """The scenario."""
        return self.assemblage.scenario

    @property
    def field(self) -> Field:  # type: ignore[override]
        """The field of the data."""
        return self.assemblage.field

    @cached_property
    def parts(self) -> tuple[Partial, ...]:
        """The independent elements; of instrumental data, the elements."""
        scenario = self.scenario
        if scenario.instrumental:
            repeated = set(trivial_labels(scenario)[1:])
            return tuple(label for label in scenario.labels() if label not in repeated)
        found = dict.fromkeys(part for label in scenario.labels() for part in independent_labels(scenario, label))
        return tuple(sorted(found, key=_order))

    @cached_property
    def _units(self) -> tuple[tuple[_Unit, ...], ...]:
        """The independent entries of every part."""
        scenario = self.scenario
        found: list[tuple[_Unit, ...]] = []
        for part in self.parts:
            order, view = scenario.order(part), scenario.view(part)
            fixed = view > 0
            if scenario.instrumental:
                # The traces at every setting sum to 1: from setting 1 on that decides the last one.
                (a,), (x,) = part[:2]
                fixed = x != 0 and a == scenario.black_boxes[0].outcomes[x or 0] - 1
            units = [(i, j) for i in range(order) for j in range(order)]
            found.append(tuple(units[:-1] if fixed else units))
        return tuple(found)

    @cached_property
    def _classes(self) -> dict[tuple[int, int, int], int]:
        every = [(p, i, j) for p, units in enumerate(self._units) for i, j in units]
        return {key: k for k, key in enumerate(every)}

    @cached_property
    def coordinates(self) -> tuple[Coordinate, ...]:
        """The real coordinates of data, and of functionals: one class of every conjugate pair, with its parts."""
        found = []
        for p, i, j in self._classes:
            found += [(p, i, j, part) for part in (False, True)[: 1 if i == j or self.is_real else 2] if i <= j]
        return tuple(found)

    @cached_property
    def _numbers(self) -> tuple[dict[tuple[tuple[int | None, ...], tuple[int | None, ...]], int], ...]:
        """For every view, the parts by outcomes and settings."""
        found: list[dict[tuple[tuple[int | None, ...], tuple[int | None, ...]], int]] = [
            {} for _ in self.scenario.views
        ]
        for number, part in enumerate(self.parts):
            found[self.scenario.view(part)][part[0], part[1]] = number
        return tuple(found)

    def parts_of(self, strategy: Strategy, view: int) -> list[int]:
        """Return the numbers of the parts that the hidden state of a strategy in a view contributes to."""
        table, choices = self._numbers[view], []
        for answers in strategy:
            kept: list[tuple[int | None, int | None]] = list(zip(answers, range(len(answers)), strict=True))
            choices.append(kept if self.scenario.instrumental else [(None, None), *kept])
        found = []
        for chosen in product(*choices):
            number = table.get((tuple(a for a, _ in chosen), tuple(x for _, x in chosen)))
            if number is not None:
                found.append(number)
        return found

    @property
    def orders(self) -> tuple[int, ...]:
        """The dimensions of the views, once for every strategy."""
        return self.scenario.views * len(self.strategies)

    @cached_property
    def terms(self) -> tuple[tuple[tuple[Terms, ...], ...], ...]:
        """Every entry counts for the parts the strategy contributes to; diagonal ones also for the equal traces."""
        views, first = self.scenario.views, len(self._classes)
        single = {key: (k, 1) for key, k in self._classes.items()}
        found: list[tuple[tuple[Terms, ...], ...]] = []
        for number, strategy in enumerate(self.strategies):
            links = [first + number * (len(views) - 1) + v for v in range(len(views) - 1)]
            for view, order in enumerate(views):
                parts = self.parts_of(strategy, view)
                traces = tuple((link, -1) for link in links) if view == 0 else ((links[view - 1], 1),)
                rows: list[tuple[Terms, ...]] = []
                for i in range(order):
                    row: list[Terms] = []
                    for j in range(order):
                        here = tuple(single[p, i, j] for p in parts if (p, i, j) in single)
                        row.append(here + traces if i == j else here)
                    rows.append(tuple(row))
                found.append(tuple(rows))
        return tuple(found)

    @cached_property
    def adjoints(self) -> tuple[int, ...]:
        """The transposed entry; the equations of the traces are real."""
        first, links = len(self._classes), len(self.strategies) * (len(self.scenario.views) - 1)
        return (*(self._classes[p, j, i] for p, i, j in self._classes), *range(first, first + links))

    @cached_property
    def _data(self) -> tuple[Matrix, ...]:
        return tuple(marginal(self.scenario, self.assemblage.elements, part) for part in self.parts)

    @cached_property
    def right(self) -> tuple[Number, ...]:
        """The entries of the data, and zeros for the traces."""
        links = len(self.strategies) * (len(self.scenario.views) - 1)
        entries = [self._data[p].entry(i, j) for p, i, j in self._classes]
        return (*entries, *[Number.of(0, self.field)] * links)

    @property
    def unit(self) -> tuple[tuple[Fraction, ...], ...]:
        """Unit matrices: taken together they are white noise."""
        return tuple((Fraction(1),) * order for order in self.orders)

    def data(self) -> list[Number]:
        """Return the coordinates of the data."""
        return [_part(self._data[p].entry(i, j), imaginary) for p, i, j, imaginary in self.coordinates]

    def column(self, strategy: Strategy, states: Sequence[Matrix]) -> dict[int, Number]:
        """Return the non-zero coordinates that a strategy with these hidden states (one for each view) contributes."""
        found: dict[int, Number] = {}
        for view, state in enumerate(states):
            for p in self.parts_of(strategy, view):
                for k in self._coordinates_of[p]:
                    _, i, j, imaginary = self.coordinates[k]
                    value = _part(state.entry(i, j), imaginary)
                    if not value.is_zero:
                        found[k] = value
        return found

    @cached_property
    def _coordinates_of(self) -> list[list[int]]:
        found: list[list[int]] = [[] for _ in self.parts]
        for k, (p, *_) in enumerate(self.coordinates):
            found[p].append(k)
        return found

    def functional(self, values: Sequence[Number]) -> Functional:
        """Return the functional whose operators on the independent elements have these coordinates."""
        field = next((x.field for x in values if not x.field.is_rational), RATIONALS)
        tables: dict[Partial, list[list[Number]]] = {}
        for (p, i, j, imaginary), x in zip(self.coordinates, values, strict=True):
            order = self.scenario.order(self.parts[p])
            table = tables.setdefault(self.parts[p], [[Number.of(0, field)] * order for _ in range(order)])
            z = x * IMAGINARY_UNIT if imaginary else x
            table[i][j] = table[i][j] + z
            if i != j:
                table[j][i] = table[j][i] + z.conjugate()
        exact: Mapping[Partial, Matrix] = {part: Matrix.from_numbers(rows, field) for part, rows in tables.items()}
        return Functional.from_marginals(self.scenario, exact)

    def pairing(self, values: Sequence[Number]) -> list[Number]:
        """Return the coordinates of the functional whose value on data is the sum of values times coordinates."""
        half = Number.of(Fraction(1, 2))
        return [x if i == j else x * half for (_, i, j, _), x in zip(self.coordinates, values, strict=True)]


def _order(part: Partial) -> tuple[object, ...]:
    """Elements with more boxes summed over first."""
    a, x = part[:2]
    written = tuple((-1, -1) if o is None or s is None else (s, o) for o, s in zip(a, x, strict=True))
    return sum(o is not None for o in a), written, part[2:]


def _part(x: Number, imaginary: bool) -> Number:
    return x.imaginary if imaginary else x.real
