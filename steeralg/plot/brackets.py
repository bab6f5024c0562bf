"""Proved brackets against a parameter: curves of robustness, negativity, or anything that is enclosed.

Above: the command line. Below: robustness, negativity. Both ends of every bracket are proved at the points that were
computed, and nowhere else; the steps between them are there for the eye.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple, Protocol

from steeralg.algebra.level import ALMOST_QUANTUM, Level
from steeralg.certificates.membership import Progress, silent
from steeralg.errors import InputError, ScenarioError
from steeralg.exact.number import Number, as_bound, as_number, brief
from steeralg.objects.assemblage import Assemblage
from steeralg.plot.style import GREY, PALETTE, Exact, coordinate

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_SIZE = 6.4, 4.4
_TIP_UP, _TIP_DOWN = 6, 7
"""Matplotlib's triangles (CARETUP, CARETDOWN) whose tip is at the point."""


class Bracket(Protocol):
    """Anything that encloses a number; an end that was not proved is None."""

    @property
    def lower(self) -> Fraction | Number | None:
        """The proved lower end."""

    @property
    def upper(self) -> Fraction | Number | None:
        """The proved upper end."""


class Point(NamedTuple):
    """A proved bracket at one value of the parameter."""

    parameter: Exact
    lower: Exact | None
    upper: Exact | None


def curve(
    family: Callable[[Fraction], Assemblage],
    parameters: Sequence[Fraction],
    bracket: Callable[[Assemblage], Bracket],
    *,
    progress: Progress = silent,
) -> list[Point]:
    """Return the brackets of `family(t)` for every parameter t, in the given order."""
    points = []
    for number, t in enumerate(parameters, 1):
        progress(f"point {number} of {len(parameters)}: the parameter is {t}")
        found = bracket(family(t))
        points.append(Point(t, found.lower, found.upper))
    return points


def robustness_curve(
    assemblage: Assemblage,
    noise: Assemblage,
    weights: Sequence[Fraction],
    level: Level = ALMOST_QUANTUM,
    *,
    digits: int = 4,
    progress: Progress = silent,
) -> list[Point]:
    """Return brackets of the robustness of (1 - w) assemblage + w noise to the same noise, for every weight w.

    See `steeralg.certificates.robustness.robustness` for what the ends say and for the errors.
    """
    from steeralg.certificates.robustness import robustness

    def bracket(sigma: Assemblage) -> Bracket:
        return robustness(sigma, noise, level, digits=digits, progress=progress)

    return _mixtures(assemblage, noise, weights, bracket, progress)


def negativity_curve(
    assemblage: Assemblage,
    noise: Assemblage,
    weights: Sequence[Fraction],
    level: Level = ALMOST_QUANTUM,
    *,
    digits: int = 3,
    progress: Progress = silent,
) -> list[Point]:
    """Return brackets of the negativity (SAPHS18 Sec. 7) of (1 - w) assemblage + w noise, for every weight w.

    See `steeralg.certificates.negativity.negativity` for what the ends say and for the errors.
    """
    from steeralg.certificates.negativity import negativity

    def bracket(sigma: Assemblage) -> Bracket:
        return negativity(sigma, level, digits=digits, progress=progress)

    return _mixtures(assemblage, noise, weights, bracket, progress)


def _mixtures(
    assemblage: Assemblage,
    noise: Assemblage,
    weights: Sequence[Fraction],
    bracket: Callable[[Assemblage], Bracket],
    progress: Progress,
) -> list[Point]:
    if noise.scenario != assemblage.scenario:
        raise ScenarioError(f"the noise is for {noise.scenario}, the data for {assemblage.scenario}")
    return curve(lambda w: assemblage.mix(noise, w), weights, bracket, progress=progress)


def bracket_figure(
    points: Sequence[tuple[Exact, Exact | None, Exact | None]],
    label: str,
    *,
    parameter: str = "parameter",
    floor: Exact | None = None,
    ceiling: Exact | None = None,
    title: str = "",
) -> Figure:
    """Draw proved brackets against a parameter.

    `points` holds (parameter, lower end, upper end), exact real numbers, None for an end that was not proved. The ends
    are triangles, joined by a bar; light steps between the points guide the eye and claim nothing. `floor` and
    `ceiling` are bounds that hold without proof (a robustness is between 0 and 1): a bar with a missing end is dotted
    up to there, without a triangle. Raises InputError without points, for a parameter that appears twice, and where a
    lower end is above the upper one; NumberError for numbers that are not exact.
    """
    from matplotlib.figure import Figure

    ordered = _sorted(points)
    figure = Figure(figsize=_SIZE, layout="constrained")
    axes = figure.add_subplot()
    _steps(axes, ordered)
    _bars(axes, ordered, floor, ceiling)
    for end, marker, text in ((1, _TIP_UP, "proved lower end"), (2, _TIP_DOWN, "proved upper end")):
        shown = [(coordinate(p[0]), coordinate(value)) for p in ordered if (value := p[end]) is not None]
        if shown:
            x, y = zip(*shown, strict=True)
            axes.plot(x, y, marker=marker, color=PALETTE[end - 1], linestyle="none", label=text, zorder=3)
    axes.set(xlabel=parameter, ylabel=label, title=title)
    axes.spines[["top", "right"]].set_visible(False)
    axes.margins(0.04, 0.08)
    if axes.get_legend_handles_labels()[0]:
        axes.legend(frameon=False, fontsize=9)
    return figure


def _sorted(points: Sequence[tuple[Exact, Exact | None, Exact | None]]) -> list[Point]:
    """Return the points by increasing parameter, with their order checked exactly."""
    ordered = sorted((Point(*point) for point in points), key=lambda point: coordinate(point.parameter))
    if not ordered:
        raise InputError("there are no points to draw")
    for one, other in pairwise(ordered):
        if coordinate(one.parameter) == coordinate(other.parameter):
            raise InputError(f"the parameter {brief(_number(one.parameter))} appears twice")
    for t, lower, upper in ordered:
        if lower is not None and upper is not None and _number(upper) < _number(lower):
            ends = f"{brief(_number(lower))} is above the upper end {brief(_number(upper))}"
            raise InputError(f"at the parameter {brief(_number(t))} the lower end {ends}")
    return ordered


def _number(value: Exact) -> Number:
    return as_number(as_bound(value))


def _steps(axes: Axes, points: Sequence[Point]) -> None:
    """Draw light steps from bracket to bracket where both ends are known, changing half-way between two points."""
    run: list[Point] = []
    for point in [*points, None]:
        if point is not None and point.lower is not None and point.upper is not None:
            run.append(point)
        elif run:
            t, low, high = ([coordinate(x) for x in column if x is not None] for column in zip(*run, strict=True))
            axes.fill_between(t, low, high, step="mid", color=PALETTE[5], alpha=0.25, linewidth=0, zorder=1)
            run = []


def _bars(axes: Axes, points: Sequence[Point], floor: Exact | None, ceiling: Exact | None) -> None:
    """Draw a bar for every bracket, dotted where an end is not proved but goes without saying."""
    for t, lower, upper in points:
        low, high = floor if lower is None else lower, ceiling if upper is None else upper
        if low is None or high is None or (lower is None and upper is None):
            continue
        style = "solid" if lower is not None and upper is not None else "dotted"
        axes.vlines(coordinate(t), coordinate(low), coordinate(high), color=GREY, linestyle=style, zorder=2)
