"""Thresholds: the least weight of local noise that makes an assemblage local, enclosed with both ends proved.

Above: claims, the command line. Below: decisions about local models. The lower end is a steering inequality that the
data violate, and no mixture with less noise fulfils; the upper end is a mixture with its local model. Where both meet,
the threshold is known exactly, as a rational or algebraic number: always for behaviours.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from steeralg.algebra.local_system import LocalSystem
from steeralg.arguments import checked, require_between
from steeralg.errors import InputError, ScenarioError, VerificationError
from steeralg.exact.convert import unify
from steeralg.exact.number import Number, as_bound, as_number, outwards
from steeralg.models.bell import Weighted
from steeralg.models.closing import closed_threshold
from steeralg.models.lhs import SteeringInequality, SteeringViolation, inequality_of
from steeralg.models.local import GRIDS, decide_local
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.local_model import LocalModel
from steeralg.progress import Progress, silent
from steeralg.sdp.local import FloatFunctional, is_small, threshold_functionals
from steeralg.verdict import OneLine, Proved, Undecided

_STEPS = 12


@checked
@dataclass(frozen=True, eq=False, repr=False)
class ThresholdBracket(OneLine):
    """The least r for which r * noise + (1 - r) * data has a local hidden state model is from `lower` to `upper`.

    `above` is the model of the mixture at `upper`. `below` is an inequality that the data violate and the mixture at
    `lower` does not exceed: mixtures with less noise violate it. It is None only if `lower` is 0. Verified exactly on
    construction: raises VerificationError, saying which end fails.
    """

    data: Assemblage
    noise: Assemblage
    lower: Fraction | Number
    below: SteeringInequality | None
    upper: Fraction | Number
    above: LocalModel

    def __post_init__(self) -> None:
        object.__setattr__(self, "lower", as_bound(self.lower))
        object.__setattr__(self, "upper", as_bound(self.upper))
        mixture = self.data.mix(self.noise, self.upper)
        if not self.above.assemblage(self.data.scenario).agrees_with(mixture):
            raise VerificationError(f"the model is not one of the mixture at {self.upper}")
        if self.below is None:
            if self.lower != 0:
                raise VerificationError("a lower end above 0 needs an inequality")
            return
        bound, value = as_number(self.below.bound), self.below.functional.value
        if not value(self.data) < bound:
            raise VerificationError("the data do not violate the inequality of the lower end")
        if bound < value(self.data.mix(self.noise, self.lower)):
            raise VerificationError(f"the mixture at {self.lower} exceeds the bound of the lower end")

    @property
    def is_closed(self) -> bool:
        """Whether the threshold is known exactly."""
        return (as_number(self.lower) - as_number(self.upper)).is_zero

    def violation(self, weight: Fraction | Number) -> SteeringViolation:
        """Return the proof that the mixture with less noise than `lower` is not local. Raises VerificationError."""
        if self.below is None:
            raise VerificationError("the data are local without noise")
        return SteeringViolation.of(self.data.mix(self.noise, weight), self.below)

    def verify(self) -> None:
        """Verify everything again. Raises VerificationError or the errors of models."""
        if self.below is not None:
            self.below.verify()
        model = LocalModel(self.above.entries)
        ThresholdBracket(self.data, self.noise, self.lower, self.below, self.upper, model)

    def __str__(self) -> str:
        if self.is_closed:
            return f"r = {as_number(self.upper)}, exactly"
        low, high = as_number(self.lower).enclosure(80)[0], as_number(self.upper).enclosure(80)[1]
        return f"r in [{outwards(low, -1)}, {outwards(high, 1)}], both ends proved"


@checked
def local_threshold(
    data: Assemblage, noise: Assemblage, *, digits: int = 4, exact: bool = True, progress: Progress = silent
) -> ThresholdBracket:
    """Enclose the least r for which r * noise + (1 - r) * data is local, in an interval of about 10^-digits.

    With `exact` the threshold is closed where it is recognised as a rational or quadratic number; that of behaviours is
    always exact, over the field of the data. The interval is wider only where decisions stay open. Raises InputError
    for noise that is not proved local, ScenarioError if data and noise do not fit or have too many strategies.
    """
    if noise.scenario != data.scenario:
        raise ScenarioError(f"the noise is for {noise.scenario}, the data for {data.scenario}")
    require_between("digits", digits, 1, 9)
    data, noise = _over_one_field(data, noise)
    known = decide_local(noise)
    if not isinstance(known, Proved):
        why = known.reason if isinstance(known, Undecided) else "it violates a steering inequality"
        raise InputError(f"thresholds are about local noise; this noise is not proved local: {why}")
    real = data.is_real and noise.is_real
    system, other = LocalSystem.of(data, real), LocalSystem.of(noise, real)
    if all(dim == 1 for dim in data.scenario.views):
        return _behaviour(system, other)
    whole = ThresholdBracket(data, noise, Fraction(0), None, Fraction(1), known.witness)
    return _Search(system, other, whole, Fraction(1, 10**digits), progress).run(exact)


def _over_one_field(data: Assemblage, noise: Assemblage) -> tuple[Assemblage, Assemblage]:
    if data.field == noise.field or data.field.is_rational or noise.field.is_rational:
        return data, noise
    exact = unify([*data.elements.values(), *noise.elements.values()])
    tables = (
        dict(zip(data.elements, part, strict=True)) for part in (exact[: len(exact) // 2], exact[len(exact) // 2 :])
    )
    first, second = (Assemblage(data.scenario, table) for table in tables)
    return first, second


def _behaviour(data: LocalSystem, noise: LocalSystem) -> ThresholdBracket:
    found = Weighted.behaviour(data).threshold(noise)
    if found is None:
        raise VerificationError("the linear program has no solution, though the noise is local")
    weight, model, functional = found
    inequality = None if weight.is_zero else inequality_of(functional)
    return ThresholdBracket(data.assemblage, noise.assemblage, weight, inequality, weight, model)


@dataclass(frozen=True, eq=False)
class _Search:
    data: LocalSystem
    noise: LocalSystem
    whole: ThresholdBracket
    unit: Fraction
    progress: Progress

    def run(self, exact: bool) -> ThresholdBracket:
        data, noise = self.whole.data, self.whole.noise
        best: tuple[Fraction, SteeringInequality] | None = None
        estimate = None
        for suggestion in threshold_functionals(self.data, self.noise) if is_small(self.data) else ():
            estimate = Fraction(suggestion.optimum)
            self.progress(f"the threshold is about {suggestion.optimum:.10g}, not proved")
            if estimate > self.unit / 100:
                closed = closed_threshold(data, noise, suggestion, progress=self.progress) if exact else None
                if closed is not None:
                    weight, model, inequality = closed
                    return ThresholdBracket(data, noise, weight, inequality, weight, model)
                best = self._best(suggestion, best)
            # A finer point may be recognised where a coarse one was not.
            if not exact and (best is None or estimate - best[0] < self.unit / 2):
                break
        low, below = (Fraction(0), None) if best is None else (best[0], self._shortened(*best))
        upper, above = self._above(estimate)
        return ThresholdBracket(data, noise, low, below, upper, above)

    def _best(
        self, suggestion: FloatFunctional, best: tuple[Fraction, SteeringInequality] | None
    ) -> tuple[Fraction, SteeringInequality] | None:
        """Return the inequality that proves most, of those that one suggestion rounds to, with a short lower end."""
        fine = self.unit / 10
        for bits in GRIDS:
            inequality = inequality_of(self.data.functional(suggestion.rounded(bits)))
            if inequality is None:
                continue
            low, high = (inequality.functional.value(s) for s in (self.whole.data, self.whole.noise))
            bound = as_number(inequality.bound)
            if not low < bound or not low < high:
                continue
            lower = floor(((bound - low) / (high - low)).enclosure(128)[0] / fine) * fine
            if best is None or lower > best[0]:
                best = lower, inequality
            if Fraction(suggestion.optimum) - best[0] < self.unit / 4:
                break
        return best

    def _shortened(self, lower: Fraction, inequality: SteeringInequality) -> SteeringInequality:
        """Return the inequality with shorter numbers, that proves the same lower end."""
        functional = inequality.functional
        value = functional.value(self.whole.data.mix(self.whole.noise, lower))
        return inequality_of(functional, value) or inequality

    def _above(self, estimate: Fraction | None) -> tuple[Fraction, LocalModel]:
        """Return a short weight slightly above the estimate, with the model of the mixture."""
        fine = self.unit / 10
        if estimate is not None:
            first = max(estimate, Fraction(0))
            without = [Fraction(0)] if first < fine else []
            for upper in (*without, *((ceil(first / fine) + 2**k) * fine for k in range(_STEPS))):
                if upper >= 1:
                    break
                self.progress(f"looking for a model of the mixture with r = {upper}")
                verdict = decide_local(self.whole.data.mix(self.whole.noise, upper))
                if isinstance(verdict, Proved):
                    return upper, verdict.witness
        return Fraction(1), self.whole.above
