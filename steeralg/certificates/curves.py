"""Curves: a quantity along a one-parameter family of assemblages, both ends proved at every point.

Above: pictures, the command line. Below: quantities. Few points are solved: the others get what is proved of the two
nearest ones, verified for them, and are solved themselves only where that leaves the bracket too wide. Nothing is
claimed between the points.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any, Generic

from steeralg.arguments import checked, require_between
from steeralg.certificates.proof import Proof
from steeralg.certificates.quantities import B, Quantity
from steeralg.errors import InputError, ScenarioError
from steeralg.exact.number import Number, as_number, exact_rational
from steeralg.objects.assemblage import Assemblage
from steeralg.progress import Progress, silent

FORMAT = "steeralg-curve/1"
MAX_POINTS = 10_000


@dataclass(frozen=True, eq=False)
class CurvePoint(Generic[B]):
    """A proved bracket of a quantity for one member of a family; `is_solved` if it was not carried over from others."""

    parameter: Fraction
    assemblage: Assemblage
    quantity: Quantity[B]
    bracket: B
    is_solved: bool

    @property
    def lower(self) -> Fraction | Number:
        """The proved lower end, at least 0: less than that is no robustness or negativity."""
        return Fraction(0) if self.bracket.lower is None else self.bracket.lower

    @property
    def upper(self) -> Fraction | Number | None:
        """The proved upper end, None if there is none."""
        return self.bracket.upper

    def verify(self) -> None:
        """Verify both ends exactly. Raises VerificationError, and what certificates raise."""
        self.quantity.verify(self.assemblage, self.bracket)

    def proof(self, name: str, source: str) -> Proof | None:
        """Return the proof of both ends, the assemblage named "sigma"; None if no end can be stated in a proof file."""
        return self.quantity.proof(name, source, self.assemblage, self.bracket)

    @property
    def is_wide(self) -> bool:
        """Whether the bracket is wider than the quantity's tolerance."""
        width = None if self.upper is None else as_number(self.upper) - as_number(self.lower)
        return width is None or Number.of(self.quantity.tolerance) < width

    def json(self) -> dict[str, Any]:
        """Return the point with exact numbers as strings; an upper end that was not proved is missing."""
        ends = {"lower": self.lower} if self.upper is None else {"lower": self.lower, "upper": self.upper}
        shown = {key: str(as_number(value)) for key, value in ends.items()}
        return {"parameter": str(self.parameter), **shown, "solved": self.is_solved}


@checked
def curve(
    family: Callable[[Fraction], Assemblage],
    quantity: Quantity[B],
    parameters: Sequence[Fraction | int | str],
    *,
    progress: Progress = silent,
) -> list[CurvePoint[B]]:
    """Return a proved bracket of the quantity for every parameter, in increasing order.

    `family` gives the assemblage for a rational parameter; its members are of one scenario. The first and the last
    point are solved, every other one only if what is proved of its neighbours leaves it wider than the quantity's
    tolerance. Raises InputError without parameters, for one that appears twice and for more than 10,000, ScenarioError
    for members of different scenarios, and what the family and the quantity raise.
    """
    values = sorted(map(exact_rational, parameters))
    if not 1 <= len(values) <= MAX_POINTS:
        raise InputError(f"{len(values)} parameters: a curve has between 1 and {MAX_POINTS} points")
    for one, other in pairwise(values):
        if one == other:
            raise InputError(f"the parameter {one} appears twice")
    members = [family(t) for t in values]
    if not all(isinstance(sigma, Assemblage) for sigma in members):
        raise InputError("the family has to give an Assemblage for every parameter")
    for t, sigma in zip(values, members, strict=True):
        if sigma.scenario != members[0].scenario:
            raise ScenarioError(
                f"the family is for {members[0].scenario} at {values[0]}, but for {sigma.scenario} at {t}"
            )
    quantity.require(members)
    found: dict[int, CurvePoint[B]] = {}

    def settle(k: int, neighbours: Sequence[int]) -> None:
        t, sigma = values[k], members[k]
        progress(f"point {len(found) + 1} of {len(values)}: the parameter is {t}")
        point = None
        if neighbours:
            carried = quantity.carry(sigma, [found[n].bracket for n in neighbours])
            point = CurvePoint(t, sigma, quantity, carried, False)
        if point is None or point.is_wide:
            known = None if point is None else point.bracket
            point = CurvePoint(t, sigma, quantity, quantity.enclose(sigma, known, progress), True)
        found[k] = point

    for end in dict.fromkeys((0, len(values) - 1)):
        settle(end, ())
    intervals = [(0, len(values) - 1)]
    while intervals:
        first, last = intervals.pop()
        if last - first > 1:
            middle = (first + last) // 2
            settle(middle, (first, last))
            intervals += [(middle, last), (first, middle)]
    return [found[k] for k in range(len(values))]


def curve_to_json(points: Sequence[CurvePoint[B]], family: str, parameter: str) -> dict[str, Any]:
    """Return a curve as it is written in files: what was enclosed of which family, against what, and all points."""
    return {
        "format": FORMAT,
        "family": family,
        "parameter": parameter,
        "quantity": curve_label(points),
        "points": [point.json() for point in points],
    }


def curve_label(points: Sequence[CurvePoint[B]]) -> str:
    """Return what the points of a curve enclose, as axes are labelled. Raises InputError without points."""
    if not points:
        raise InputError("a curve without points encloses nothing")
    return points[0].quantity.label([point.bracket for point in points])


@checked
def evenly_spaced(first: Fraction | int | str, last: Fraction | int | str, count: int) -> list[Fraction]:
    """Return `count` parameters from `first` to `last`; one alone is the first.

    Raises InputError unless first < last and 1 <= count <= 10,000.
    """
    low, high = exact_rational(first), exact_rational(last)
    require_between("count", count, 1, MAX_POINTS)
    if not low < high:
        raise InputError(f"a curve goes from a smaller parameter to a larger one, not from {low} to {high}")
    return [low + (high - low) * k / max(count - 1, 1) for k in range(count)]
