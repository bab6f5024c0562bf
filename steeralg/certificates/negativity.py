"""The steering negativity, enclosed with both ends proved (SAPHS18 Sec. 7).

Above: claims, the command line. Below: lower and upper bounds. The negativity of an assemblage is the least tr N over
Hermitian operators W = P - N, P, N >= 0, and POVMs of the boxes that show it (eq. (34)). It is zero iff the assemblage
is quantum (limits of quantum ones included), convex (Thm 9), and one-way quantum operations do not raise it (Thm 10).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from steeralg.algebra.level import ALMOST_QUANTUM, Level, check_reach
from steeralg.arguments import checked, require_between
from steeralg.certificates.negativity_lower import NegativityAtLeast, lower_end
from steeralg.certificates.negativity_search import upper_end
from steeralg.certificates.negativity_upper import NegativityAtMost
from steeralg.errors import ScenarioError, VerificationError
from steeralg.exact.number import Number, outwards
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.devices import Devices, Operator
from steeralg.objects.scenario import Scenario
from steeralg.progress import Progress, silent
from steeralg.verdict import OneLine


@dataclass(frozen=True, eq=False, repr=False)
class NegativityBracket(OneLine):
    """What was proved: the negativity is at least that of `below` and at most that of `above`; either may be missing.

    A missing lower end stands for 0, which every negativity reaches.
    """

    assemblage: Assemblage
    below: NegativityAtLeast | None
    above: NegativityAtMost | None

    @property
    def lower(self) -> Number:
        """The exact lower end, 0 or more."""
        return Number.of(0) if self.below is None or self.below.value.sign() < 0 else self.below.value

    @property
    def upper(self) -> Number | None:
        """The exact upper end."""
        return None if self.above is None else self.above.value

    @property
    def is_closed(self) -> bool:
        """Whether both ends are equal: then the negativity is known."""
        return self.upper is not None and (self.upper - self.lower).is_zero

    def verify(self) -> None:
        """Verify both ends exactly. Raises what they raise, and VerificationError if they are about other data."""
        for end in (self.below, self.above):
            if end is not None:
                if not end.assemblage.agrees_with(self.assemblage):
                    raise VerificationError("an end of the bracket is about another assemblage")
                end.verify()

    def __str__(self) -> str:
        if self.is_closed:
            return f"negativity = {self.lower}, proved from both sides"
        # Rounded outwards, so that what is printed is proved, too.
        low = outwards(self.lower.enclosure(256)[0], -1)
        high = "inf" if self.upper is None else outwards(self.upper.enclosure(256)[1], 1)
        ends = ["postquantum"] * (self.lower.sign() > 0) + [f"an operator reaches {high}"] * (self.upper is not None)
        return f"negativity in [{low}, {high}]: {' and '.join(ends) or 'nothing'} proved"


@checked
def negativity(
    assemblage: Assemblage,
    level: Level = ALMOST_QUANTUM,
    *,
    digits: int = 3,
    start: tuple[Operator, Devices] | None = None,
    blocks: int = 2,
    starts: int = 2,
    seed: int = 0,
    progress: Progress = silent,
) -> NegativityBracket:
    """Enclose the negativity of an assemblage of one trusted party without input (of any dimension, 1 included).

    The lower end comes of a level, within about 10^-digits of what that level can prove; higher ones prove more. The
    upper end comes of an operator for POVMs that a search finds, from `starts` random starts each, every box measuring
    a direct sum of up to `blocks` blocks (of as many dimensions as it has outcomes): more are closer and larger.
    `start` is an operator with devices that show the assemblage, where one is known (the image of a state under a
    positive map, a witness). The search ends where the two ends are 10^-digits apart. The same arguments give the same
    bracket.

    Raises ScenarioError for other scenarios, LevelError if the level does not reach the data, InputError for arguments
    out of range, and what `NegativityAtMost.verify` raises if `start` does not show the assemblage.
    """
    check_negativity(assemblage.scenario, level, digits, blocks, starts)
    unit = Fraction(1, 10**digits)
    below = lower_end(assemblage, level, unit, progress) if len(assemblage.scenario.black_boxes) > 1 else None
    low = Fraction(0) if below is None else below.value.enclosure(256)[0]
    above = upper_end(
        assemblage, unit, low + unit, start=start, blocks=blocks, starts=starts, seed=seed, progress=progress
    )
    return NegativityBracket(assemblage, below, above)


def check_negativity(scenario: Scenario, level: Level, digits: int, blocks: int, starts: int) -> None:
    """Raise ScenarioError for scenarios without a negativity, LevelError if the level does not reach the data,
    InputError for numbers out of range.
    """
    scenario.require_simultaneous("the negativity")
    if len(scenario.views) != 1:
        raise ScenarioError(f"the negativity is defined for one trusted party without input, not for {scenario}")
    for name, number, most in (("digits", digits, 9), ("blocks", blocks, 8), ("starts", starts, 1000)):
        require_between(name, number, 1, most)
    check_reach(scenario, level)
