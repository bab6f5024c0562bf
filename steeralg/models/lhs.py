"""Steering inequalities: bounds on all local hidden state models, and their violations (Bell inequalities for D = 1).

Above: decisions about local models, proofs. Below: functionals, deterministic strategies, sdp for suggested shares.
Every local hidden state model is a mixture of deterministic strategies lambda with a state each, so that
`<F, sigma> >= bound` on all of them if and only if it holds for each strategy: the sum over x of F[lambda(x)|x] is at
least the bound; with several views, in every view at least a share of the bound, as hidden states have equal traces.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from steeralg.arguments import checked
from steeralg.errors import ScenarioError, ShapeError, VerificationError
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number, as_bound, as_number, brief
from steeralg.exact.psd import decide_psd
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.deterministic import strategies, strategy_count, strategy_operators
from steeralg.objects.functional import Functional
from steeralg.sdp.local import least_eigenvalues
from steeralg.verdict import OneLine, Refuted

Shares = tuple[tuple[Fraction | Number, ...], ...]

_BITS = 48
_NUDGES = (Fraction(1, 1 << 40), Fraction(0), Fraction(-1, 1 << 36), Fraction(-1, 1 << 28))
"""What is added to approximate eigenvalues before they are rounded down: first so that short ones are met exactly."""


@checked
@dataclass(frozen=True, eq=False, repr=False)
class SteeringInequality(OneLine):
    """`<F, sigma> >= bound` on every assemblage with a local hidden state model.

    For every deterministic strategy lambda, in the order of `itertools.product` over boxes, then settings, of outcomes,
    and every view v: the sum over the x of that view of F[lambda(x)|x; v] is at least `shares[lambda][v]` times the
    unit operator, and the shares of lambda add up to the bound or more. With one view the bound itself is the share,
    and `shares` is empty. Instrumental data: x counts for the view v = lambda(x) only.

    Everything is verified exactly on construction. Raises VerificationError naming the strategy, ShapeError for shares
    of another number, ScenarioError for missing ones and for too many strategies, NumberError for what is no real
    number.
    """

    functional: Functional
    bound: Fraction | Number
    shares: Shares = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "bound", as_bound(self.bound))
        object.__setattr__(self, "shares", tuple(tuple(map(as_bound, share)) for share in self.shares))
        self.verify()

    def verify(self) -> None:
        """Verify the bound for every deterministic strategy, exactly. Raises VerificationError, naming the strategy."""
        scenario = self.functional.scenario
        number, views = strategy_count(scenario), len(scenario.views)
        if views > 1 and not self.shares:
            raise ScenarioError(f"a local bound for {views} views needs a share of it for each, in {scenario}")
        if self.shares and ({len(share) for share in self.shares} != {views} or len(self.shares) != number):
            raise ShapeError(f"shares of the bound are needed for {number} strategies and {views} views each")
        all_shares = self.shares or (((self.bound,),) * number)
        every = zip(strategies(scenario), strategy_operators(self.functional), all_shares, strict=True)
        for strategy, operators, shares in every:
            total = sum((as_number(share) for share in shares), Number.of(0))
            if self.shares and total < as_number(self.bound):
                raise VerificationError(f"the shares of the deterministic strategy {strategy} do not reach the bound")
            for view, (operator, share) in enumerate(zip(operators, shares, strict=True)):
                if not _is_above(operator, share):
                    where = f" in view {view}" if views > 1 else ""
                    raise VerificationError(f"the deterministic strategy {strategy} is below the bound{where}")


@checked
@dataclass(frozen=True, eq=False, repr=False)
class SteeringViolation(OneLine):
    """Proof that an assemblage has no local hidden state model: `value` = <F, sigma> is strictly below the bound.

    Raises VerificationError if it is not, or not the value; ScenarioError if the two do not fit.
    """

    assemblage: Assemblage
    inequality: SteeringInequality
    value: Number

    def __post_init__(self) -> None:
        found = self.inequality.functional.value(self.assemblage)
        if not (found - self.value).is_zero:
            raise VerificationError(f"the value of the functional is {brief(found)}, not {brief(self.value)}")
        if not found < as_number(self.inequality.bound):
            raise VerificationError(f"the value {brief(found)} is not below the bound")

    @classmethod
    @checked
    def of(cls, assemblage: Assemblage, inequality: SteeringInequality) -> SteeringViolation:
        """Return the violation, with its value. Raises VerificationError if there is none."""
        return cls(assemblage, inequality, inequality.functional.value(assemblage))

    def verify(self) -> None:
        """Verify the inequality and its violation again. Raises VerificationError."""
        self.inequality.verify()
        SteeringViolation(self.assemblage, self.inequality, self.value)


def inequality_of(functional: Functional, below: Number | None = None) -> SteeringInequality | None:
    """Return a steering inequality for a functional, with about the largest bound; None if it is not above `below`.

    For behaviours the bound is exact. Otherwise, where a number `below` is given, shares and bound are dyadic numbers
    as short as that allows.
    """
    scenario = functional.scenario
    columns = [_least(operators) for operators in zip(*strategy_operators(functional), strict=True)]
    exact = all(dim == 1 for dim in scenario.views)
    for bits in range(_BITS + 1) if below is not None and not exact else (_BITS,):
        for nudge in _NUDGES:
            shares: Shares = tuple(zip(*(_coarser(column, bits, nudge) for column in columns), strict=True))
            bound = _smallest([sum(map(as_number, share), Number.of(0)) for share in shares])
            if below is not None and not below < bound:
                break
            try:
                return SteeringInequality(functional, as_bound(bound), shares if len(scenario.views) > 1 else ())
            except VerificationError:
                # What looked like a number on the grid was a little less, or floats were wrong.
                continue
    return None


def violation_of(assemblage: Assemblage, functional: Functional) -> SteeringViolation | None:
    """Return the proof, by a functional, that an assemblage has no local hidden state model; None if it proves none."""
    value = functional.value(assemblage)
    inequality = inequality_of(functional, value)
    return None if inequality is None else SteeringViolation(assemblage, inequality, value)


def _is_above(operator: Matrix, share: Fraction | Number) -> bool:
    if operator.rows == 1:
        return not operator.entry(0, 0) < as_number(share)
    return not isinstance(decide_psd(operator - Matrix.identity(operator.rows).scale(share)), Refuted)


def _least(operators: Sequence[Matrix]) -> list[Fraction | Number]:
    """Return about the least eigenvalues of operators; those of operators on one dimension exactly, as Numbers."""
    if operators[0].rows == 1:
        return [m.entry(0, 0) for m in operators]
    return list(least_eigenvalues(operators, _BITS))


def _coarser(values: Sequence[Fraction | Number], bits: int, nudge: Fraction) -> list[Fraction | Number]:
    """Round suggested numbers, moved by a nudge, down to a grid; exact ones stay."""
    if bits == _BITS:
        # They are on this grid, rounded down.
        nudge = min(nudge, -nudge)
    return [x if isinstance(x, Number) else Fraction(floor((x + nudge) * 2**bits), 1 << bits) for x in values]


def _smallest(values: Sequence[Number]) -> Number:
    smallest = values[0]
    for value in values[1:]:
        smallest = value if value < smallest else smallest
    return smallest
