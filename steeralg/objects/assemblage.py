"""Assemblages: the unnormalised states sigma[a|x] that the black boxes steer the trusted party to.

Above: functionals, relaxations, certificates. Below: scenario, states, measurements, maps, the exact layer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from types import MappingProxyType
from typing import Any

from steeralg.errors import (
    FormatError,
    NormalisationError,
    NumberError,
    PositivityError,
    ScenarioError,
    ShapeError,
    SignallingError,
)
from steeralg.exact.convert import as_matrices, matrix_to_sympy, number_to_sympy, unify
from steeralg.exact.field import Field
from steeralg.exact.matrix import Matrix, total
from steeralg.exact.number import Number, brief, exact_rational
from steeralg.exact.psd import decide_psd
from steeralg.exact.tensor import contract
from steeralg.maps.linear import LinearMap
from steeralg.objects.measurement import POVM
from steeralg.objects.scenario import Label, Partial, Scenario, format_label
from steeralg.objects.state import State
from steeralg.verdict import Refuted


@dataclass(frozen=True, repr=False)
class Assemblage:
    """A valid no-signalling assemblage: every element positive semidefinite, total trace 1 (SAPHS18 Def. 4).

    `elements[(a, x)]` is sigma[a|x], a D x D exact matrix. Everything is checked exactly on construction; raises
    FormatError (missing or extra element), ShapeError, HermitianError, SignallingError, NormalisationError or
    PositivityError, naming the element and the equation.
    """

    scenario: Scenario
    elements: Mapping[Label, Matrix]

    def __post_init__(self) -> None:
        check_labels(self.scenario, self.elements, complete=True)
        labels = list(self.scenario.labels())
        matrices = unify([self.elements[label] for label in labels])
        frozen = dict(zip(labels, matrices, strict=True))
        for label, matrix in frozen.items():
            check_element(self.scenario, label, matrix)
        check_no_signalling(self.scenario, frozen)
        trace = total(frozen[a, x] for a, x in labels if not any(x)).trace()
        if trace != Number.of(1, trace.field):
            raise NormalisationError(f"the total trace is {brief(trace)}, not 1")
        for label, matrix in frozen.items():
            verdict = decide_psd(matrix)
            if isinstance(verdict, Refuted):
                value = brief(verdict.witness.value)
                raise PositivityError(f"element {format_label(label)} is not positive: a vector has value {value}")
        object.__setattr__(self, "elements", MappingProxyType(frozen))

    @classmethod
    def of(cls, scenario: Scenario, elements: Mapping[Label, Any]) -> Assemblage:
        """Return the assemblage with the given elements (exact, sympy or nested sequences of sympy numbers)."""
        labels = list(elements)
        return cls(scenario, dict(zip(labels, as_matrices([elements[k] for k in labels]), strict=True)))

    @classmethod
    def from_marginals(cls, scenario: Scenario, table: Mapping[Partial, Any]) -> Assemblage:
        """Return the assemblage with the given independent elements (the form of SBCSV15 Table I).

        `table` gives, for every subset of boxes, sigma[a_S|x_S] for outcomes other than each setting's last; None
        stands for the other boxes. The rest follows from no-signalling.
        """
        keys = list(table)
        independent = {label for k in scenario.labels() for label in _independent(scenario, k)}
        extra = next((key for key in keys if key not in independent), None)
        if extra is not None:
            raise FormatError(f"{str(extra)[:60]} is not an independent element: last outcomes follow from the others")
        exact = dict(zip(keys, as_matrices([table[k] for k in keys]), strict=True))
        return cls(scenario, {label: _completed(scenario, exact, label) for label in scenario.labels()})

    @classmethod
    def from_state(
        cls, state: State, measurements: Sequence[Sequence[POVM]], trusted_map: LinearMap | None = None
    ) -> Assemblage:
        """Return sigma[a|x] = Lambda(tr_A[(M_{a1|x1} (x) ... (x) 1) rho]), eq. (27) of SAPHS18.

        `measurements[k][x]` is the POVM of box k for setting x; the first tensor factors of the state belong to the
        boxes, one each, the remaining ones to the trusted party. Raises ShapeError where dimensions do not match.
        """
        n = len(measurements)
        if not 1 <= n <= len(state.dims):
            raise ShapeError(f"{n} black boxes do not fit a state of {len(state.dims)} factors")
        if any(not box for box in measurements):
            raise ShapeError("every black box needs at least one measurement")
        exact = unify([state.matrix] + [e for box in measurements for povm in box for e in povm.effects])
        rho, effects = exact[0], iter(exact[1:])
        partial: dict[Label, Matrix] = {((), ()): rho}
        dims = state.dims
        for k, box in enumerate(measurements):
            table = [[next(effects) for _ in povm.effects] for povm in box]
            for x, povm in enumerate(box):
                if povm.dim != dims[k]:
                    raise ShapeError(f"setting {x} of box {k} measures dimension {povm.dim}; its factor has {dims[k]}")
            partial = {
                ((*a, b), (*x, y)): contract(operator, dims[k:], 0, effect)
                for (a, x), operator in partial.items()
                for y, row in enumerate(table)
                for b, effect in enumerate(row)
            }
        if trusted_map is not None:
            partial = {label: trusted_map(operator) for label, operator in partial.items()}
        dim = next(iter(partial.values())).rows
        return cls(Scenario.of([[len(p.effects) for p in box] for box in measurements], dim), partial)

    def __repr__(self) -> str:
        return f"<Assemblage: {self.scenario}; over {self.field}>"

    @property
    def field(self) -> Field:
        """The real number field of the entries' real and imaginary parts."""
        return next(iter(self.elements.values())).field

    @property
    def is_real(self) -> bool:
        """Whether every element is a real matrix."""
        return all(matrix.is_real for matrix in self.elements.values())

    def __getitem__(self, label: Label) -> Any:
        """Return sigma[a|x] as a sympy matrix: `sigma[(a1, a2), (x1, x2)]`."""
        if not self.scenario.has(label):
            raise ScenarioError(f"there is no element {str(label)[:60]}; write sigma[(a1, ...), (x1, ...)]")
        return matrix_to_sympy(self.elements[label])

    def marginal(self, label: Partial) -> Matrix:
        """Return sigma[a_S|x_S], the outcomes of the boxes with None summed over."""
        return marginal(self.scenario, self.elements, label)

    @property
    def reduced_state(self) -> Matrix:
        """The trusted party's state rho_B, independent of the settings."""
        none = (None,) * len(self.scenario.black_boxes)
        return self.marginal((none, none))

    def probabilities(self) -> dict[Label, Any]:
        """Return p(a|x) = tr sigma[a|x] as sympy numbers."""
        return {label: number_to_sympy(matrix.trace()) for label, matrix in self.elements.items()}

    def behaviour(self, trusted: Sequence[POVM] = ()) -> Assemblage:
        """Return the Bell behaviour p(a|x), or p(a, b|x, y) when the trusted party measures the given POVMs.

        A behaviour is an assemblage of trusted dimension 1; its elements are 1 x 1 matrices.
        """
        boxes = [box.outcomes for box in self.scenario.black_boxes]
        if not trusted:
            table = {k: Matrix.from_numbers([[m.trace()]], m.field) for k, m in self.elements.items()}
            return Assemblage(Scenario.of(boxes, 1), table)
        scenario = Scenario.of([*boxes, [len(p.effects) for p in trusted]], 1)
        table = {}
        for (a, x), matrix in self.elements.items():
            for y, povm in enumerate(trusted):
                for b, effect in enumerate(povm.effects):
                    operator, exact = unify([matrix, effect])
                    value = operator.inner(exact)
                    table[(*a, b), (*x, y)] = Matrix.from_numbers([[value]], value.field)
        return Assemblage(scenario, table)

    def apply(self, trusted_map: LinearMap) -> Assemblage:
        """Return the assemblage after a trace-preserving map on the trusted party."""
        images = {label: trusted_map(matrix) for label, matrix in self.elements.items()}
        boxes = [box.outcomes for box in self.scenario.black_boxes]
        return Assemblage(Scenario.of(boxes, trusted_map.dim_out), images)

    def mix(self, other: Assemblage, weight: Fraction) -> Assemblage:
        """Return (1 - weight) self + weight other, for a rational weight in [0, 1]."""
        if other.scenario != self.scenario:
            raise ScenarioError("only assemblages of one scenario can be mixed")
        weight = exact_rational(weight)
        if not 0 <= weight <= 1:
            raise NumberError(f"weight {weight} of a mixture is not between 0 and 1")
        pairs = unify([*self.elements.values(), *other.elements.values()])
        half = len(pairs) // 2
        mixed = [s.scale(1 - weight) + o.scale(weight) for s, o in zip(pairs[:half], pairs[half:], strict=True)]
        return Assemblage(self.scenario, dict(zip(self.elements, mixed, strict=True)))


def white_noise(scenario: Scenario) -> Assemblage:
    """Return the assemblage of uniform outcomes and the maximally mixed state."""
    return Assemblage(scenario, noise_elements(scenario))


def noise_elements(scenario: Scenario) -> dict[Label, Matrix]:
    """Return the elements of white noise, 1/(D prod_j d_{x_j}) times the identity."""
    one = Matrix.identity(scenario.dim)
    return {
        (a, x): one.scale(Fraction(1, scenario.dim * sum(1 for _ in scenario.outcomes(x))))
        for a, x in scenario.labels()
    }


def marginal(scenario: Scenario, elements: Mapping[Label, Matrix], label: Partial) -> Matrix:
    """Sum out the boxes marked None, at their setting 0."""
    if not scenario.has_partial(label):
        raise ScenarioError(
            f"{str(label)[:60]} is not a label with None, as outcome and setting, for boxes summed over"
        )
    a, x = label
    settings = tuple(0 if s is None else s for s in x)
    ranges = [
        range(box.outcomes[s]) if o is None else (o,)
        for box, o, s in zip(scenario.black_boxes, a, settings, strict=True)
    ]
    return total(elements[outcome, settings] for outcome in product(*ranges))


def check_labels(scenario: Scenario, elements: Mapping[Label, Any], complete: bool) -> None:
    """Raise FormatError for an element that should not be there or, if `complete`, for one that is missing."""
    for label in elements:
        if not scenario.has(label):
            raise FormatError(f"element {format_label(label)} does not belong to the scenario: {scenario}")
    if complete:
        missing = next((label for label in scenario.labels() if label not in elements), None)
        if missing is not None:
            raise FormatError(f"element {format_label(missing)} is missing")


def check_element(scenario: Scenario, label: Label, matrix: Matrix) -> None:
    """Raise ShapeError or HermitianError unless an element is a Hermitian D x D matrix."""
    if (matrix.rows, matrix.columns) != (scenario.dim, scenario.dim):
        shape = f"{matrix.rows} x {matrix.columns}"
        raise ShapeError(f"element {format_label(label)} is {shape}; the trusted dimension is {scenario.dim}")
    matrix.require_hermitian(f"element {format_label(label)}")


def check_no_signalling(scenario: Scenario, elements: Mapping[Label, Matrix]) -> None:
    """Raise SignallingError, with the equation, if summing out a box leaves a dependence on its setting."""
    for k, box in enumerate(scenario.black_boxes):
        for x in scenario.settings():
            if x[k] == 0:
                continue
            base = (*x[:k], 0, *x[k + 1 :])
            for a in scenario.outcomes(x):
                if a[k]:
                    continue
                here = total(elements[(*a[:k], b, *a[k + 1 :]), x] for b in range(box.outcomes[x[k]]))
                there = total(elements[(*a[:k], b, *a[k + 1 :]), base] for b in range(box.outcomes[0]))
                if here != there:
                    first = format_label(((*a[:k], 0, *a[k + 1 :]), x))
                    second = format_label(((*a[:k], 0, *a[k + 1 :]), base))
                    raise SignallingError(
                        f"signalling from black box {k}: sum over a{k + 1} of sigma[{first}] (its setting {x[k]}) "
                        f"differs from that of sigma[{second}] (its setting 0), in entry {_difference(here, there)}"
                    )


def _difference(left: Matrix, right: Matrix) -> str:
    rest = left - right
    i, j = next((i, j) for i in range(rest.rows) for j in range(rest.columns) if not rest.entry(i, j).is_zero)
    return f"({i}, {j}) by {brief(rest.entry(i, j))}"


def _independent(scenario: Scenario, label: Label) -> Iterator[Partial]:
    """Yield the independent elements below a label: each last outcome summed over, the others kept or summed over."""
    a, x = label
    last = [o == box.outcomes[s] - 1 for box, o, s in zip(scenario.black_boxes, a, x, strict=True)]
    for kept in product(*((False,) if at_last else (False, True) for at_last in last)):
        yield (
            tuple(o if keep else None for o, keep in zip(a, kept, strict=True)),
            tuple(s if keep else None for s, keep in zip(x, kept, strict=True)),
        )


def _completed(scenario: Scenario, table: Mapping[Partial, Matrix], label: Partial) -> Matrix:
    """Express an element by the independent ones: a last outcome is the marginal minus the other outcomes."""
    a, x = label
    for k, (outcome, setting) in enumerate(zip(a, x, strict=True)):
        if outcome is None or setting is None:
            continue
        last = scenario.black_boxes[k].outcomes[setting] - 1
        if outcome == last:
            rest = _completed(scenario, table, ((*a[:k], None, *a[k + 1 :]), (*x[:k], None, *x[k + 1 :])))
            for b in range(last):
                rest = rest - _completed(scenario, table, ((*a[:k], b, *a[k + 1 :]), x))
            return rest
    if label not in table:
        raise FormatError(f"the independent element {label} is missing from the table")
    return table[label]
