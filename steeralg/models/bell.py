"""Exact linear programs for local models: Bell-local behaviours, and hidden states that are known up to their weight.

Above: decisions about local models, thresholds. Below: exact linear programs, sdp for suggested bases. Behaviours
(D = 1) are always decided: by a model, or by a Bell inequality, a facet of the local polytope in general.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import gcd, lcm

from steeralg.algebra.local_system import LocalSystem
from steeralg.arguments import checked
from steeralg.errors import ScenarioError, VerificationError
from steeralg.exact.linear_program import Farkas, Optimum, minimise
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number
from steeralg.models.lhs import SteeringViolation, violation_of
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.deterministic import Strategy
from steeralg.objects.functional import Functional
from steeralg.objects.local_model import HiddenState, LocalModel
from steeralg.sdp.local import start_columns
from steeralg.verdict import OneLine, Proved, Refuted

_ZERO, _ONE = Number.of(0), Number.of(1)


@dataclass(frozen=True, eq=False, repr=False)
class Weighted(OneLine):
    """Strategies with hidden states of trace 1 (one for each view), whose weights are unknown."""

    system: LocalSystem
    entries: Sequence[tuple[Strategy, tuple[Matrix, ...]]]

    @classmethod
    def behaviour(cls, system: LocalSystem) -> Weighted:
        """Return all strategies, where every view has dimension 1."""
        states = (Matrix.identity(1),) * len(system.scenario.views)
        return cls(system, [(strategy, states) for strategy in system.strategies])

    def decide(self) -> Proved[LocalModel] | Refuted[Functional]:
        """Return the model, if there are weights that give the data; else a functional that is not negative on the
        given hidden states, and negative on the data (for behaviours, but for a constant).
        """
        # How much of the mixture of all columns has to be added to the data?
        added: dict[int, Number] = {}
        for column in self._columns:
            for k, x in column.items():
                added[k] = added[k] + x if k in added else x
        share = Number.of(Fraction(-1, max(len(self._columns), 1)))
        verdict = self._minimised({k: x * share for k, x in added.items() if not x.is_zero})
        if isinstance(verdict, Farkas):
            return Refuted(self._functional(verdict.vector))
        if not verdict.value.is_zero:
            return Refuted(self._functional([-y for y in verdict.dual]))
        return Proved(self._model(verdict.solution))

    def threshold(self, noise: LocalSystem) -> tuple[Number, LocalModel, Functional] | None:
        """Return the least weight of the noise that has to be mixed with the data, the model of the mixture, and a
        functional like that of `decide`, which vanishes on it; None if there is none.
        """
        pairs = enumerate(zip(self.system.data(), noise.data(), strict=True))
        verdict = self._minimised({k: x - y for k, (x, y) in pairs if not (x - y).is_zero})
        if isinstance(verdict, Farkas):
            return None
        return verdict.value, self._model(verdict.solution), self._functional([-y for y in verdict.dual])

    @cached_property
    def _columns(self) -> list[dict[int, Number]]:
        return [self.system.column(strategy, states) for strategy, states in self.entries]

    def _minimised(self, last: Mapping[int, Number]) -> Optimum | Farkas:
        """Minimise the coefficient of one more column."""
        columns, right = [*self._columns, last], self.system.data()
        cost = [_ZERO] * len(self._columns) + [_ONE]
        start = start_columns(columns, right, cost)
        return minimise(columns, right, cost, start).witness

    def _model(self, weights: Mapping[int, Number]) -> LocalModel:
        entries = []
        for j, weight in sorted(weights.items()):
            if j < len(self.entries):
                strategy, states = self.entries[j]
                entries.append(HiddenState(strategy, tuple(state.scale(weight) for state in states)))
        return LocalModel(tuple(entries))

    def _functional(self, prices: Sequence[Number]) -> Functional:
        values = list(prices)
        scenario = self.system.scenario
        if all(dim == 1 for dim in scenario.views) and not scenario.instrumental:
            values[0] = _ZERO
        if all(x.is_rational for x in values):
            exact = [x.fraction() for x in values]
            common = lcm(*(x.denominator for x in exact))
            size = gcd(*(int(x * common) for x in exact)) or 1
            values = [Number.of(x * common / size) for x in exact]
        return self.system.functional(self.system.pairing(values))


@checked
def decide_behaviour(behaviour: Assemblage) -> Proved[LocalModel] | Refuted[SteeringViolation]:
    """Decide exactly whether a behaviour (every view of dimension 1) is Bell-local.

    Refuted with a Bell inequality, in general a facet of the local polytope with coprime integer coefficients where the
    behaviour is rational. Raises ScenarioError for too many deterministic strategies, and for assemblages.
    """
    if any(dim != 1 for dim in behaviour.scenario.views):
        raise ScenarioError(f"this is no behaviour (see decide_local): {behaviour.scenario}")
    verdict = Weighted.behaviour(LocalSystem.of(behaviour)).decide()
    if isinstance(verdict, Proved):
        return verdict
    violation = violation_of(behaviour, verdict.witness)
    if violation is None:
        raise VerificationError("the linear program's inequality is not violated")
    return Refuted(violation)
