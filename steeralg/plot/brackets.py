"""Proved brackets against a parameter: curves of robustness, negativity, or anything that is enclosed.

Above: reports, the command line. Below: curves. Both ends of every bracket are proved at the points that were
computed, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from textwrap import wrap
from typing import TYPE_CHECKING, NamedTuple

from steeralg.certificates.curves import CurvePoint, curve_label
from steeralg.certificates.quantities import B
from steeralg.errors import InputError
from steeralg.exact.number import Number, as_bound, as_number, brief
from steeralg.plot.style import FAINT, GREY, PALETTE, Exact, coordinate

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_SIZE, _TITLE_WIDTH = (6.4, 4.4), 80
_TIP_LEFT, _TIP_RIGHT, _TIP_UP, _TIP_DOWN = 4, 5, 6, 7
"""Matplotlib's triangles (CARETLEFT, ...) whose tip is at the point."""
_DOTTED = "end that holds without proof"
_ENDS = {1: "proved lower end", 2: "proved upper end"}


class Point(NamedTuple):
    """A proved bracket at one value of the parameter."""

    parameter: Exact
    lower: Exact | None
    upper: Exact | None


def curve_figure(points: Sequence[CurvePoint[B]], parameter: str = "parameter", title: str = "") -> Figure:
    """Draw a curve (see `curve`) against its parameter: `bracket_figure` of its points.

    Raises InputError without points.
    """
    quantity = curve_label(points)
    ends = [(point.parameter, point.lower, point.upper) for point in points]
    ceiling = points[0].quantity.ceiling
    return bracket_figure(ends, quantity, parameter=parameter, floor=0, ceiling=ceiling, title=title)


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
    are triangles, joined by a bar; nothing is drawn between the points. `floor` and
    `ceiling` are bounds that hold without proof (a robustness is between 0 and 1): a bar with a missing end is dotted
    up to there, without a triangle. Raises InputError without points, for a parameter that appears twice, and where a
    lower end is above the upper one; NumberError for numbers that are not exact.
    """
    from matplotlib.figure import Figure

    ordered = _sorted(points)
    figure = Figure(figsize=_SIZE, layout="constrained")
    axes = figure.add_subplot()
    _bars(axes, ordered, floor, ceiling)
    for end, marker in ((1, _TIP_UP), (2, _TIP_DOWN)):
        shown = [(coordinate(p[0]), coordinate(value)) for p in ordered if (value := p[end]) is not None]
        if shown:
            x, y = zip(*shown, strict=True)
            axes.plot(x, y, marker=marker, color=PALETTE[end - 1], linestyle="none", label=_ENDS[end], zorder=3)
    axes.set(xlabel=parameter, ylabel=label)
    axes.set_title("\n".join(wrap(title, _TITLE_WIDTH)), fontsize=10)
    _finish(axes, figure)
    return figure


def interval_figure(rows: Sequence[tuple[str, Exact | None, Exact | None]], label: str) -> Figure:
    """Draw named brackets below each other, on one axis: (name, lower end, upper end), None for what is not proved.

    Raises InputError without rows, and where a lower end is above the upper one.
    """
    from matplotlib.figure import Figure

    ordered = _sorted([(k, lower, upper) for k, (_, lower, upper) in enumerate(rows)])
    figure = Figure(figsize=(_SIZE[0], 1.0 + 0.42 * len(rows)), layout="constrained")
    axes = figure.add_subplot()
    for end, marker, colour in ((1, _TIP_RIGHT, PALETTE[0]), (2, _TIP_LEFT, PALETTE[1])):
        shown = [(coordinate(value), k) for k, point in enumerate(ordered) if (value := point[end]) is not None]
        if shown:
            x, y = zip(*shown, strict=True)
            axes.plot(x, y, marker=marker, color=colour, linestyle="none", label=_ENDS[end], zorder=3)
    for k, (_, lower, upper) in enumerate(ordered):
        if lower is not None and upper is not None:
            axes.hlines(k, coordinate(lower), coordinate(upper), color=GREY, zorder=2)
    axes.set_yticks(range(len(rows)), [name for name, _, _ in rows])
    axes.set(xlabel=label, ylim=(len(rows) - 0.5, -0.5))
    axes.grid(axis="y", color=FAINT, linewidth=0.6)
    _finish(axes, figure)
    return figure


def _finish(axes: Axes, figure: Figure) -> None:
    """Numbers in full on the axes, and the legend outside of them, so that it never hides a point."""
    from matplotlib.ticker import ScalarFormatter

    axes.spines[["top", "right"]].set_visible(False)
    axes.margins(0.04, 0.08)
    for axis in (axes.xaxis, axes.yaxis):
        formatter = axis.get_major_formatter()
        if isinstance(formatter, ScalarFormatter):
            formatter.set_useOffset(False)
            formatter.set_scientific(False)
    if axes.get_legend_handles_labels()[0]:
        figure.legend(loc="outside upper right", ncols=3, frameon=False, fontsize=9)


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


def _bars(axes: Axes, points: Sequence[Point], floor: Exact | None, ceiling: Exact | None) -> None:
    """Draw a bar for every bracket, dotted where an end is not proved but goes without saying."""
    dotted = None
    for t, lower, upper in points:
        low, high = floor if lower is None else lower, ceiling if upper is None else upper
        if low is None or high is None or (lower is None and upper is None):
            continue
        ends = coordinate(t), coordinate(low), coordinate(high)
        if lower is not None and upper is not None:
            axes.vlines(*ends, color=GREY, zorder=2)
        else:
            dotted = axes.vlines(*ends, color=GREY, linestyle="dotted", zorder=2)
    if dotted is not None:
        dotted.set_label(_DOTTED)
