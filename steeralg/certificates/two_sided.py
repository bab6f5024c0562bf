"""The quantum minimum of a functional, enclosed: a sum of squares below, an explicit quantum strategy above.

Above: the command line, claims. Below: bounds, exact minima, strategies. Unlike a level's bracket this one is about the
quantum set itself: both ends are proved for it, and where they meet the minimum is known exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

from steeralg.algebra.level import ALMOST_QUANTUM, Level
from steeralg.arguments import checked
from steeralg.certificates.bounds import enclosed, level_bracket
from steeralg.certificates.certificate import BoundCertificate
from steeralg.certificates.compose import Draft
from steeralg.certificates.exact_bound import exact_minimum
from steeralg.certificates.proof import Proof
from steeralg.certificates.strategy import Strategy, exact_strategy
from steeralg.certificates.symmetric import SymmetricBound
from steeralg.certificates.symmetric_bounds import symmetric_bound, symmetric_minimum
from steeralg.errors import InputError
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number, as_number, outwards
from steeralg.objects.functional import Functional
from steeralg.objects.measurement import POVM
from steeralg.objects.realisation import Realisation
from steeralg.objects.state import State
from steeralg.objects.symmetry import Symmetry
from steeralg.progress import Progress, silent
from steeralg.sdp.recognise import approximate_root
from steeralg.sdp.recognise import strategy as recognised
from steeralg.sdp.seesaw import FloatStrategy, see_saw
from steeralg.sdp.time_limit import half_the_time, seconds_left
from steeralg.verdict import OneLine, Proved

EXACT_SECONDS = 600
"""The search for an exact end takes no longer than about this."""


@dataclass(frozen=True, eq=False, repr=False)
class QuantumBracket(OneLine):
    """`certificate` proves the lower end for every quantum assemblage (or is missing); `strategy` reaches the upper."""

    functional: Functional
    certificate: BoundCertificate | SymmetricBound | None
    strategy: Strategy
    is_exact: bool = False
    """Whether the lower end is the rational or quadratic number that its level's minimum was recognised as."""

    @property
    def lower(self) -> Fraction | Number | None:
        """The proved bound, a Number only if it is irrational."""
        return None if self.certificate is None else self.certificate.bound

    @property
    def upper(self) -> Number:
        """The exact value of the strategy."""
        return self.strategy.value

    @property
    def is_closed(self) -> bool:
        """Whether the two ends are equal."""
        return self.lower is not None and (self.upper - as_number(self.lower)).is_zero

    def __str__(self) -> str:
        if self.is_closed:
            return f"the quantum minimum is {self.upper} = {self.upper.decimal(10)}, proved from both sides"
        return enclosed("the quantum minimum", self.lower, self.upper)


@checked
def quantum_bracket(
    functional: Functional,
    level: Level = ALMOST_QUANTUM,
    *,
    digits: int = 6,
    exact: bool = False,
    symmetries: Sequence[Symmetry | str] | None = None,
    dims: Sequence[int] | None = None,
    starts: int = 10,
    seed: int = 0,
    progress: Progress = silent,
) -> QuantumBracket:
    """Enclose the minimum of a functional over quantum assemblages: from below at a level, from above by a see-saw.

    With `exact` the lower end is what the level's minimum is recognised as, rational or quadratic, and a strategy that
    reaches it is looked for in the same field: if there is one, the minimum is known exactly. With `symmetries` of the
    functional the lower end is that of `symmetric_bound`. `dims`, `starts` and `seed` are those of `best_strategy`. The
    gap may be real: a level that is too low, or dimensions that are too small. The search for the exact end is given up
    after ten minutes, or half of a `time_limit`; the lower end then is a decimal.

    Raises what `best_strategy` raises, and LevelError, or InputError for symmetries or digits that do not fit.
    """
    certificate, is_exact = _lower_end(functional, level, digits, exact, symmetries, progress)
    progress("looking for strategies")
    suggestion = see_saw(functional, dims=dims, starts=starts, seed=seed)
    strategy = exact_strategy(functional, suggestion)
    if exact and certificate is not None:
        # Without entanglement first: where that suffices the strategy is the simplest to read.
        classical = see_saw(functional, dims=(1,) * len(functional.scenario.black_boxes), starts=starts, seed=seed)
        for candidate in (classical, suggestion):
            closed = closed_strategy(functional, candidate, as_number(certificate.bound))
            if closed is not None:
                return QuantumBracket(functional, certificate, closed, is_exact)
    return QuantumBracket(functional, certificate, strategy, is_exact)


def _lower_end(
    functional: Functional,
    level: Level,
    digits: int,
    exact: bool,
    symmetries: Sequence[Symmetry | str] | None,
    progress: Progress,
) -> tuple[BoundCertificate | SymmetricBound | None, bool]:
    """Return the lower end, and whether it is the exact one."""
    decimal = partial(_decimal_end, functional, level, digits, symmetries, progress)
    # Within a time limit the decimal comes first: it is quick.
    known = None if exact and seconds_left() is None else decimal()
    if not exact:
        return known, False
    with half_the_time(EXACT_SECONDS):
        found = _exact_end(functional, level, symmetries, progress)
    return (found, True) if found is not None else (known or decimal(), False)


def _decimal_end(
    functional: Functional,
    level: Level,
    digits: int,
    symmetries: Sequence[Symmetry | str] | None,
    progress: Progress,
) -> BoundCertificate | SymmetricBound | None:
    if symmetries is None:
        return level_bracket(functional, level, digits=digits, progress=progress).certificate
    verdict = symmetric_bound(functional, symmetries, level=level, digits=digits, progress=progress)
    return verdict.witness if isinstance(verdict, Proved) else None


def _exact_end(
    functional: Functional, level: Level, symmetries: Sequence[Symmetry | str] | None, progress: Progress
) -> BoundCertificate | SymmetricBound | None:
    if symmetries is not None:
        found = symmetric_minimum(functional, symmetries, level, progress=progress)
        return found.witness if isinstance(found, Proved) else None
    verdict = exact_minimum(functional, level, progress=progress)
    return verdict.witness if isinstance(verdict, Proved) else None


def closed_strategy(functional: Functional, suggestion: FloatStrategy, target: Number) -> Strategy | None:
    """Recognise a strategy in the field of a value that it should reach exactly; None if it does not."""
    root = approximate_root(target.field)
    found = recognised(suggestion, target.field, root)
    if found is None:
        return None
    try:
        matrix = Matrix.from_numbers(found.state, target.field)
        measurements = tuple(
            tuple(POVM(tuple(Matrix.from_numbers(e, target.field) for e in povm)) for povm in box)
            for box in found.measurements
        )
        strategy = Strategy.of(functional, Realisation(State(suggestion.dims, matrix), measurements))
    except InputError:
        return None
    return strategy if (strategy.value - target).is_zero else None


@checked
def bracket_proof(name: str, source: str, bracket: QuantumBracket) -> Proof:
    """Return the proof of both ends: the bound on the functional "F", and a quantum assemblage "best" that is below the
    next decimal above the upper end.
    """
    functional, realisation = bracket.functional, bracket.strategy.realisation
    best = realisation.assemblage(functional.scenario)
    draft = Draft(name, source, functional.scenario, {"F": functional, "best": best})
    draft.auxiliary |= {"rho": realisation.operator, "devices": realisation.devices}
    if bracket.certificate is not None:
        draft.bound("F", bracket.certificate, claimed=True)
    draft.quantum_by_model("best", "rho", "devices")
    above = Fraction(outwards(bracket.upper.enclosure(256)[1], 1)) + Fraction(1, 10**10)
    draft.violation("best", "F", above, claimed=True)
    return draft.proof()
