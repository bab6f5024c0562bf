"""Assemblages: the unnormalised states sigma[a|x] that the black boxes steer the trusted parties to.

Above: functionals, relaxations, certificates. Below: families, steering, measurements, maps, the exact layer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from steeralg.arguments import checked
from steeralg.errors import NormalisationError, NumberError, PositivityError, ScenarioError, ShapeError
from steeralg.exact.convert import as_matrices, matrix_to_sympy, number_to_sympy, unify
from steeralg.exact.field import Field
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number, as_bound, as_number, brief
from steeralg.exact.psd import decide_psd
from steeralg.exact.tensor import partial_trace
from steeralg.maps.linear import LinearMap
from steeralg.objects.family import (
    check_element,
    check_labels,
    check_no_signalling,
    complete,
    marginal,
    noise_elements,
)
from steeralg.objects.measurement import POVM
from steeralg.objects.scenario import Label, Partial, Scenario, TrustedParty
from steeralg.objects.state import State
from steeralg.objects.steering import measured_boxes, steer
from steeralg.objects.tables import family_display
from steeralg.verdict import Refuted


@checked
@dataclass(frozen=True, repr=False)
class Assemblage:
    """A valid no-signalling assemblage: every element positive semidefinite, total trace 1.

    `elements[(a, x)]` is sigma[a|x] (SAPHS18 Def. 4), an exact matrix of the trusted dimension; with an input
    `elements[(a, x, y)]` is sigma[a|x,y] (SHSA20 Def. 2); with several trusted parties `elements[(a, x, k)]` is the
    local state sigma_k[a|x] (S26 Def. 2). Everything is checked exactly on construction; raises FormatError (missing
    or extra element), ShapeError, HermitianError, SignallingError, NormalisationError or PositivityError, naming the
    element and the equation.

    Instrumental data are `elements[(a, x)]` = omega[a|x, y=a] of some no-signalling omega (SHSA20 Def. 6). That there
    is such an omega is a theorem of its own (`sa.extend`); here only positivity and the traces are checked.

    Sequential data are `elements[(a, x)]` = sigma[a1 a2 ..|x1 x2 ..] of successive rounds (SHSA20); earlier rounds must
    not depend on later settings. They never are postquantum: `sa.sequential_realisation`.
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
        first = [matrix.trace() for label, matrix in frozen.items() if not any(label[1]) and not any(label[2:])]
        trace = sum(first, Number.of(0, first[0].field))
        if trace != Number.of(1, trace.field):
            raise NormalisationError(f"the total trace is {brief(trace)}, not 1")
        for label, matrix in frozen.items():
            verdict = decide_psd(matrix)
            if isinstance(verdict, Refuted):
                value = brief(verdict.witness.value)
                raise PositivityError(f"element {self.scenario.key(label)} is not positive: a vector has value {value}")
        object.__setattr__(self, "elements", MappingProxyType(frozen))

    @classmethod
    @checked
    def of(cls, scenario: Scenario, elements: Mapping[Label, Any]) -> Assemblage:
        """Return the assemblage with the given elements (exact, sympy or nested sequences of sympy numbers)."""
        labels = list(elements)
        return cls(scenario, dict(zip(labels, as_matrices([elements[k] for k in labels]), strict=True)))

    @classmethod
    @checked
    def from_marginals(cls, scenario: Scenario, table: Mapping[Partial, Any]) -> Assemblage:
        """Return the assemblage with the given independent elements (the form of SBCSV15 Table I).

        `table` gives, for every subset of boxes, sigma[a_S|x_S] for outcomes other than each setting's last; None
        stands for the other boxes. The rest follows from no-signalling.
        """
        keys = list(table)
        exact = dict(zip(keys, as_matrices([table[k] for k in keys]), strict=True))
        return cls(scenario, complete(scenario, exact))

    @classmethod
    @checked
    def from_state(
        cls, state: State, measurements: Sequence[Sequence[POVM]], trusted_map: LinearMap | None = None
    ) -> Assemblage:
        """Return sigma[a|x] = Lambda(tr_A[(M_{a1|x1} (x) ... (x) 1) rho]), eq. (27) of SAPHS18.

        `measurements[k][x]` is the POVM of box k for setting x; the first tensor factors of the state belong to the
        boxes, one each, the remaining ones to one trusted party. Raises ShapeError where dimensions do not match.
        """
        table = steer(state.matrix, state.dims, measurements)
        if trusted_map is not None:
            table = {label: trusted_map(operator) for label, operator in table.items()}
        dim = next(iter(table.values())).rows
        return cls(Scenario(measured_boxes(measurements), (TrustedParty(dim),)), table)

    @checked
    def agrees_with(self, other: Assemblage) -> bool:
        """Whether two assemblages of one scenario have equal elements, whatever fields they are written over."""
        if self.scenario != other.scenario:
            return False
        exact = unify([*self.elements.values(), *(other.elements[label] for label in self.elements)])
        half = len(exact) // 2
        return all((left - right).is_zero for left, right in zip(exact[:half], exact[half:], strict=True))

    def __repr__(self) -> str:
        return f"<Assemblage: {self.scenario}; over {self.field}>"

    def _repr_html_(self) -> str:
        return family_display(self, self.scenario, self.elements, "<mi>σ</mi>")

    def matrices(self) -> Iterator[tuple[str, Matrix]]:
        """Yield every element with its key."""
        yield from ((self.scenario.key(label), matrix) for label, matrix in self.elements.items())

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
            view = ", view" if self.scenario.has_views else ""
            raise ScenarioError(f"there is no element {str(label)[:60]}; write sigma[(a1, ...), (x1, ...){view}]")
        return matrix_to_sympy(self.elements[label])

    def marginal(self, label: Partial) -> Matrix:
        """Return sigma[a_S|x_S], the outcomes of the boxes with None summed over. Raises ScenarioError."""
        return marginal(self.scenario, self.elements, label)

    @property
    def reduced_state(self) -> Matrix:
        """The state of the one trusted party without input, independent of the settings. Raises ScenarioError."""
        self._require_one_view()
        none = (None,) * len(self.scenario.black_boxes)
        return self.marginal((none, none))

    def _require_one_view(self) -> None:
        if len(self.scenario.views) > 1:
            raise ScenarioError(f"this needs one trusted party without input, not {self.scenario}")

    def probabilities(self) -> dict[tuple[tuple[int, ...], tuple[int, ...]], Any]:
        """Return p(a|x) = tr sigma[a|x] as sympy numbers, by (a, x)."""
        first = {label[:2]: matrix for label, matrix in self.elements.items() if not any(label[2:])}
        return {label: number_to_sympy(matrix.trace()) for label, matrix in first.items()}

    @checked
    def behaviour(self, trusted: Sequence[POVM] = ()) -> Assemblage:
        """Return the Bell behaviour p(a|x), or p(a, b|x, y) when the trusted party measures the given POVMs.

        A behaviour is an assemblage of trusted dimension 1; its elements are 1 x 1 matrices. Raises ScenarioError for
        instrumental or sequential data, and where POVMs are given unless there is one trusted party without input;
        ShapeError for POVMs of another dimension.
        """
        self.scenario.require_simultaneous("a Bell behaviour")
        if self.scenario.instrumental:
            raise ScenarioError("instrumental data are no Bell behaviour: the outcome decides the input")
        boxes = [box.outcomes for box in self.scenario.black_boxes]
        table: dict[Label, Matrix] = {}
        if not trusted:
            for label, m in self.elements.items():
                if not any(label[2:]):
                    table[label[:2]] = Matrix.from_numbers([[m.trace()]], m.field)
            return Assemblage(Scenario.of(boxes, 1), table)
        self._require_one_view()
        scenario = Scenario.of([*boxes, [len(p.effects) for p in trusted]], 1)
        for (a, x, *_), matrix in self.elements.items():
            for y, povm in enumerate(trusted):
                for b, effect in enumerate(povm.effects):
                    operator, exact = unify([matrix, effect])
                    value = operator.inner(exact)
                    table[(*a, b), (*x, y)] = Matrix.from_numbers([[value]], value.field)
        return Assemblage(scenario, table)

    @checked
    def apply(self, trusted_map: LinearMap | Sequence[LinearMap]) -> Assemblage:
        """Return the assemblage after trace-preserving maps: one for all views, or one for each.

        Raises ShapeError where maps and views do not fit, and what Assemblage raises where no valid one comes out.
        """
        views = self.scenario.views
        maps = [trusted_map] * len(views) if isinstance(trusted_map, LinearMap) else list(trusted_map)
        if len(maps) != len(views):
            raise ShapeError(f"{len(maps)} maps for {len(views)} settings or trusted parties")
        images = {k: maps[self.scenario.view(k)](matrix) for k, matrix in self.elements.items()}
        dims = [m.dim_out for m in maps]
        if self.scenario.has_input:
            if len(set(dims)) > 1:
                raise ShapeError(f"the maps of one trusted party end in different dimensions: {dims}")
            trusted: tuple[TrustedParty, ...] = (TrustedParty(dims[0], len(views)),)
        else:
            trusted = tuple(map(TrustedParty, dims))
        return Assemblage(replace(self.scenario, trusted=trusted), images)

    @checked
    def with_input(self, maps: Sequence[LinearMap]) -> Assemblage:
        """Return sigma[a|x,y] = Lambda_y(sigma[a|x]) for trace-preserving maps (for channels: SHSA20 Def. 1).

        Raises ScenarioError unless there is one trusted party without input, ShapeError for maps that do not fit.
        """
        self._require_one_view()
        dims = {m.dim_out for m in maps}
        if len(dims) != 1:
            raise ShapeError(f"the maps of one trusted party end in different dimensions: {sorted(dims)}")
        scenario = replace(self.scenario, trusted=(TrustedParty(dims.pop(), len(maps)),))
        table = {
            scenario.label(a, x, y): trusted_map(matrix)
            for (a, x, *_), matrix in self.elements.items()
            for y, trusted_map in enumerate(maps)
        }
        return Assemblage(scenario, table)

    def instrumental(self) -> Assemblage:
        """Return the elements with y = a (SHSA20 Def. 6). Raises ScenarioError if the scenario does not allow it."""
        scenario = replace(self.scenario, instrumental=True)
        return observe(scenario, self)

    @checked
    def marginals(self, dims: Sequence[int]) -> Assemblage:
        """Return the local marginals of the trusted party's factors, of dimensions `dims` (S26 Def. 2).

        Raises ScenarioError unless their product is the trusted dimension.
        """
        return observe(replace(self.scenario, trusted=tuple(map(TrustedParty, dims))), self)

    @checked
    def mix(self, other: Assemblage, weight: int | str | Fraction | Number) -> Assemblage:
        """Return (1 - weight) self + weight other, for an exact real weight in [0, 1].

        Raises ScenarioError for another scenario, NumberError for another weight.
        """
        if other.scenario != self.scenario:
            raise ScenarioError("only assemblages of one scenario can be mixed")
        exact = as_number(as_bound(weight))
        rest = Number.of(1) - exact
        if exact.sign() < 0 or rest.sign() < 0:
            raise NumberError(f"weight {brief(exact)} of a mixture is not between 0 and 1")
        shares = [Matrix.from_numbers([[share]], exact.field) for share in (rest, exact)]
        pairs = unify([*self.elements.values(), *other.elements.values(), *shares])
        half = len(pairs) // 2 - 1
        mine, its = (share.entry(0, 0) for share in pairs[-2:])
        mixed = [s.scale(mine) + o.scale(its) for s, o in zip(pairs[:half], pairs[half:-2], strict=True)]
        return Assemblage(self.scenario, dict(zip(self.elements, mixed, strict=True)))


@checked
def white_noise(scenario: Scenario) -> Assemblage:
    """Return the assemblage of uniform outcomes and the maximally mixed state."""
    return Assemblage(scenario, noise_elements(scenario))


@checked
def observe(scenario: Scenario, parent: Assemblage) -> Assemblage:
    """Return what a scenario observes of an assemblage of its parent scenario. Raises ScenarioError for another one."""
    if parent.scenario != scenario.parent:
        raise ScenarioError(f"the parent scenario is {scenario.parent}, not {parent.scenario}")
    return Assemblage(scenario, observed(scenario, parent.elements))


def observed(scenario: Scenario, parent: Mapping[Label, Matrix]) -> dict[Label, Matrix]:
    """Return what a scenario observes of a family of its parent scenario: y = a, or the local marginals."""
    dims = [party.dim for party in scenario.trusted]
    result: dict[Label, Matrix] = {}
    for label in scenario.labels():
        a, x = label[:2]
        if scenario.instrumental:
            result[label] = parent[a, x, a[0]]
        elif len(dims) > 1:
            others = [k for k in range(len(dims)) if k != scenario.view(label)]
            result[label] = partial_trace(parent[a, x], dims, others)
        else:
            result[label] = parent[label]
    return result
