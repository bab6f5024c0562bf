"""The quantities that curves enclose, robustness and negativity: solved anew, or carried over from other members.

Above: curves. Below: robustness, negativity, convexity, proofs. A functional that was proved for one member of a family
says something about every other one, by exact evaluation; models between two members come of convexity, and the POVMs
of one member are tried for the next. Whatever is carried over is verified for the member it is carried to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import ClassVar, Protocol, TypeVar, runtime_checkable

from steeralg.algebra.level import ALMOST_QUANTUM, Level
from steeralg.arguments import checked
from steeralg.certificates import negativity_lower, negativity_search, robustness
from steeralg.certificates.compose import Draft, robust_between
from steeralg.certificates.compose_models import negativity_between
from steeralg.certificates.convexity import Model, between, least_noise, mixed_model, mixed_operator
from steeralg.certificates.membership import Postquantum
from steeralg.certificates.negativity import NegativityBracket, check_negativity
from steeralg.certificates.negativity_lower import NegativityAtLeast
from steeralg.certificates.negativity_search import better, measured_blocks, operator_for, steered_state
from steeralg.certificates.negativity_upper import NegativityAtMost
from steeralg.certificates.proof import Proof
from steeralg.certificates.robustness import RobustnessBracket, check_robustness, reached, require_sense
from steeralg.errors import VerificationError
from steeralg.exact.number import Number
from steeralg.objects.assemblage import Assemblage, white_noise
from steeralg.objects.scenario import Scenario
from steeralg.progress import Progress
from steeralg.sdp.relaxation import Relaxation


class Bracket(Protocol):
    """Anything that encloses a number; an end that was not proved is None."""

    @property
    def lower(self) -> Fraction | Number | None:
        """The proved lower end."""

    @property
    def upper(self) -> Fraction | Number | None:
        """The proved upper end."""


B = TypeVar("B", bound=Bracket)


@runtime_checkable
class Quantity(Protocol[B]):
    """A number, 0 or more, that every assemblage of a family has, and how it is enclosed."""

    @property
    def ceiling(self) -> Fraction | None:
        """What the quantity never exceeds."""

    def label(self, brackets: Sequence[B]) -> str:
        """Return what these brackets enclose, as axes are labelled."""

    @property
    def tolerance(self) -> Fraction:
        """The width of a bracket that is good enough."""

    def require(self, assemblages: Sequence[Assemblage]) -> None:
        """Raise InputError unless the quantity makes sense for all of these, of one scenario."""

    def enclose(self, assemblage: Assemblage, known: B | None, progress: Progress) -> B:
        """Solve, and return the better ends of what is found and what is known."""

    def carry(self, assemblage: Assemblage, brackets: Sequence[B]) -> B:
        """Return what the brackets of other members prove of this one."""

    def verify(self, assemblage: Assemblage, bracket: B) -> None:
        """Verify both ends exactly. Raises VerificationError, and what certificates raise."""

    def proof(self, name: str, source: str, assemblage: Assemblage, bracket: B) -> Proof | None:
        """Return the proof of a bracket, the assemblage named "sigma"; None if nothing of it can be stated."""


@lru_cache(maxsize=2)
def _relaxation(scenario: Scenario, level: Level) -> Relaxation:
    """A level is built once for all members of a family."""
    return Relaxation.build(scenario, level)


@checked
@dataclass(frozen=True, eq=False)
class Robustness:
    """The robustness to noise (see `robustness`), white noise if none is given, to about 10^-digits.

    Upper ends without a parent say no more than that the level does not refute the mixture; proof files leave them out.
    """

    noise: Assemblage | None = None
    level: Level = ALMOST_QUANTUM
    digits: int = 4

    ceiling: ClassVar[Fraction | None] = Fraction(1)

    def label(self, brackets: Sequence[RobustnessBracket]) -> str:
        """Return what these brackets enclose; the level is named where upper ends are no more than the level's."""
        return f"robustness at level {self.level}" if any(b.is_of_level for b in brackets) else "robustness"

    @property
    def tolerance(self) -> Fraction:
        """The width of a bracket that is good enough."""
        return Fraction(1, 10**self.digits)

    def against(self, scenario: Scenario) -> Assemblage:
        """Return the noise."""
        return white_noise(scenario) if self.noise is None else self.noise

    def require(self, assemblages: Sequence[Assemblage]) -> None:
        """Raise what `robustness` raises for unsuitable data, noise, level and digits."""
        scenario = assemblages[0].scenario
        noise = self.against(scenario)
        check_robustness(assemblages[0], noise, self.level, self.digits)
        for sigma in assemblages if scenario.instrumental else assemblages[:1]:
            require_sense(_relaxation(scenario, self.level), sigma, noise)

    def enclose(self, assemblage: Assemblage, known: RobustnessBracket | None, progress: Progress) -> RobustnessBracket:
        """Solve, and return the better ends of what is found and what is known."""
        noise, relaxation = self.against(assemblage.scenario), _relaxation(assemblage.scenario, self.level)
        certificate, estimate = robustness.lower_certificate(relaxation, assemblage, noise, self.tolerance, progress)
        found = RobustnessBracket(self.level, None, None, None, None) if known is None else known
        if certificate is not None:
            below, lower = robustness.lower_end(certificate, assemblage, noise, self.tolerance, self.level)
            if lower is not None and (found.lower is None or found.lower < lower):
                found = RobustnessBracket(self.level, below, lower, found.above, found.upper)
        if found.upper is None or found.upper - (found.lower or 0) > self.tolerance:
            above, upper = robustness.upper_end(relaxation, assemblage, noise, estimate, self.tolerance, progress)
            if upper is not None and (found.upper is None or upper < found.upper):
                found = RobustnessBracket(self.level, found.below, found.lower, above, upper)
        return found

    def carry(self, assemblage: Assemblage, brackets: Sequence[RobustnessBracket]) -> RobustnessBracket:
        """Return what the brackets of other members prove of this one.

        Below: their functionals, evaluated; above: the first mixture with noise that is between their models.
        """
        noise = self.against(assemblage.scenario)
        below, lower = self._lower(assemblage, noise, [b.below for b in brackets if b.below is not None])
        above, upper = self._upper(assemblage, noise, [b.above for b in brackets if b.above is not None])
        return RobustnessBracket(self.level, below, lower, above, upper)

    def _lower(
        self, assemblage: Assemblage, noise: Assemblage, proved: Sequence[Postquantum]
    ) -> tuple[Postquantum | None, Fraction | None]:
        reaches = [(reached(found.certificate, assemblage, noise), found) for found in proved]
        best = max(((r, k) for k, (r, _) in enumerate(reaches) if r is not None), default=None)
        if best is None:
            return None, None
        certificate = reaches[best[1]][1].certificate
        certificate.verify()
        return robustness.lower_end(certificate, assemblage, noise, self.tolerance, self.level)

    def _upper(
        self, assemblage: Assemblage, noise: Assemblage, models: Sequence[Model]
    ) -> tuple[Model | None, Fraction | None]:
        if not models:
            return None, None
        one, other = models[0], models[-1]
        found = least_noise(assemblage, noise, one.assemblage, other.assemblage)
        if found is None:
            return None, None
        upper, weight = found
        model = mixed_model(assemblage.mix(noise, upper), one, other, weight)
        return (None, None) if model is None else (model, upper)

    def verify(self, assemblage: Assemblage, bracket: RobustnessBracket) -> None:
        """Verify both ends exactly. Raises VerificationError, and what certificates raise."""
        bracket.verify(assemblage, self.against(assemblage.scenario))

    def proof(self, name: str, source: str, assemblage: Assemblage, bracket: RobustnessBracket) -> Proof | None:
        """Return the proof of a bracket, the assemblage named "sigma"; None if nothing of it can be stated."""
        draft = Draft(name, source, assemblage.scenario, {"sigma": assemblage})
        robust_between(draft, self.against(assemblage.scenario), bracket)
        return draft.proof() if draft.statements else None


@checked
@dataclass(frozen=True, eq=False)
class Negativity:
    """The steering negativity (see `negativity`) to about 10^-digits."""

    level: Level = ALMOST_QUANTUM
    digits: int = 3
    blocks: int = 3
    starts: int = 2
    seed: int = 0

    ceiling: ClassVar[Fraction | None] = None

    def label(self, brackets: Sequence[NegativityBracket]) -> str:
        """Return what is enclosed."""
        return "negativity"

    @property
    def tolerance(self) -> Fraction:
        """The width of a bracket that is good enough."""
        return Fraction(1, 10**self.digits)

    def require(self, assemblages: Sequence[Assemblage]) -> None:
        """Raise what `negativity` raises for unsuitable data, level and numbers."""
        check_negativity(assemblages[0].scenario, self.level, self.digits, self.blocks, self.starts)

    def enclose(self, assemblage: Assemblage, known: NegativityBracket | None, progress: Progress) -> NegativityBracket:
        """Solve, and return the better ends of what is found and what is known."""
        found, unit = NegativityBracket(assemblage, None, None) if known is None else known, self.tolerance
        if len(assemblage.scenario.black_boxes) > 1:
            relaxation = _relaxation(assemblage.scenario, self.level)
            below = negativity_lower.lower_end(assemblage, self.level, unit, progress, relaxation)
            found = NegativityBracket(assemblage, _larger([found.below, below]), found.above)
        enough = found.lower.enclosure(256)[0] + unit
        if found.upper is None or Number.of(enough) < found.upper:
            above = negativity_search.upper_end(
                assemblage, unit, enough, blocks=self.blocks, starts=self.starts, seed=self.seed, progress=progress
            )
            found = NegativityBracket(assemblage, found.below, better(found.above, above))
        return found

    def carry(self, assemblage: Assemblage, brackets: Sequence[NegativityBracket]) -> NegativityBracket:
        """Return what the brackets of other members prove of this one.

        Below: their functionals, evaluated; above: a mixture of their operators, or the best operator for the POVMs of
        one of them.
        """
        carried = [NegativityAtLeast(assemblage, b.below.low, b.below.high) for b in brackets if b.below is not None]
        below = _larger([b for b in carried if b.value.sign() > 0])
        if below is not None:
            below.verify()
        enough = NegativityBracket(assemblage, below, None).lower + Number.of(self.tolerance)
        return NegativityBracket(assemblage, below, self._upper(assemblage, brackets, enough))

    def _upper(
        self, assemblage: Assemblage, brackets: Sequence[NegativityBracket], enough: Number
    ) -> NegativityAtMost | None:
        if len(assemblage.scenario.black_boxes) == 1:
            return steered_state(assemblage)
        models = [b.above for b in brackets if b.above is not None]
        best: NegativityAtMost | None = None
        if len(models) > 1:
            weight = between(assemblage, models[0].assemblage, models[1].assemblage)
            best = None if weight is None else mixed_operator(assemblage, models[0], models[1], weight)
        for model in models:
            if best is not None and not enough < best.value:
                break
            if not model.devices.channels:
                best = better(best, operator_for(assemblage, measured_blocks(model.devices), self.tolerance / 8))
        return best

    def verify(self, assemblage: Assemblage, bracket: NegativityBracket) -> None:
        """Verify both ends exactly. Raises VerificationError, and what certificates raise."""
        if not bracket.assemblage.agrees_with(assemblage):
            raise VerificationError("the bracket is about another assemblage")
        bracket.verify()

    def proof(self, name: str, source: str, assemblage: Assemblage, bracket: NegativityBracket) -> Proof | None:
        """Return the proof of a bracket, the assemblage named "sigma"; None if nothing of it can be stated."""
        draft = Draft(name, source, assemblage.scenario, {"sigma": assemblage})
        negativity_between(draft, "sigma", bracket)
        return draft.proof() if draft.statements else None


def _larger(bounds: Sequence[NegativityAtLeast | None]) -> NegativityAtLeast | None:
    best: NegativityAtLeast | None = None
    for bound in bounds:
        if bound is not None and (best is None or best.value < bound.value):
            best = bound
    return best
