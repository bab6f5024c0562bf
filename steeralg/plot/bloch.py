"""Bloch discs: the figure of SBCSV15 Fig. 1 for any qubit assemblage.

Above: reports, the command line. Below: assemblages. One disc for every joint setting shows the conditional states
of all outcomes; discs above show the marginal states of every box, and the reduced state.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import hypot, prod
from typing import TYPE_CHECKING

from steeralg.errors import InputError, ScenarioError
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.scenario import Partial, Scenario
from steeralg.plot.style import FAINT, GREY, MARKERS, PALETTE, coordinate

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MAX_DISCS, MAX_ARROWS = 144, 64
_AXES = "xyz"
_PER_ROW = 6
# Inches: the square of a disc, its share of a row, its title, a line of the legend, title and note of the figure.
_DISC, _CELL, _TITLE, _LINE, _HEAD, _FOOT, _LEAST_WIDTH = 2.4, 2.8, 0.4, 0.16, 0.5, 0.55, 5.6
_NOTE = (
    "Arrow: the direction of the Bloch vector, the length p = tr $\\sigma$ (circle).\n"
    "Dot: p times the Bloch vector; on the circle if the state is pure."
)


@dataclass(frozen=True)
class _Element:
    """An unnormalised qubit state to draw: p = tr sigma and p times its Bloch vector."""

    label: str
    colour: str
    marker: str
    probability: Number
    vector: tuple[Number, Number, Number]


@dataclass(frozen=True)
class _Disc:
    """What one disc shows."""

    title: str
    elements: tuple[_Element, ...]


def bloch_vector(matrix: Matrix) -> tuple[Number, Number, Number]:
    """Return (tr X sigma, tr Y sigma, tr Z sigma) of a 2 x 2 matrix exactly: its trace times its Bloch vector."""
    field = matrix.field
    i = Number(field, field.embed(0), field.embed(1))
    (a, b), (c, d) = ([matrix.entry(row, column) for column in (0, 1)] for row in (0, 1))
    return b + c, i * (b - c), a - d


def bloch_figure(assemblage: Assemblage, plane: str | None = None) -> Figure:
    """Draw a qubit assemblage: the unnormalised states as arrows in discs, one disc for each joint setting.

    An arrow has the direction of the Bloch vector and ends at distance p(a|x) = tr sigma[a|x] from the origin, on a
    circle of that radius (SBCSV15 Fig. 1); a dot on it is p(a|x) times the Bloch vector, so that it is at the tip for
    a pure state. The discs of all settings have one scale. The upper discs, in a scale of their own, show the marginal
    states sigma[a_k|x_k] of every box, where there are several, and the reduced state (black).

    `plane` names the horizontal and the vertical axis, such as "xz", or several planes separated by commas, drawn side
    by side: then vectors are projected on them, which the title says. The default is "xz", and "xz,yz" if some element
    is not real. Raises ScenarioError unless there is one trusted qubit without input, InputError for other planes, for
    more than 144 discs and for more than 64 outcomes in a disc.
    """
    from matplotlib.figure import Figure

    scenario = assemblage.scenario
    if scenario.views != (2,):
        raise ScenarioError(f"Bloch discs need one trusted qubit without input, not {scenario}")
    planes = _planes(plane if plane is not None else "xz" if assemblage.is_real else "xz,yz")
    count = prod(len(box.outcomes) for box in scenario.black_boxes)
    if count * len(planes) > MAX_DISCS:
        raise InputError(f"{count} joint settings in {len(planes)} planes: at most {MAX_DISCS} discs can be drawn")
    most = prod(max(box.outcomes) for box in scenario.black_boxes)
    if most > MAX_ARROWS:
        raise InputError(f"{most} outcomes of one joint setting: at most {MAX_ARROWS} can be drawn in a disc")
    upper, joint = _upper_discs(assemblage), _joint_discs(assemblage)
    per_row = _per_row(scenario, _PER_ROW // len(planes))
    rows = [(found[k : k + per_row], _scale(found)) for found in (upper, joint) for k in range(0, len(found), per_row)]
    heights = [_TITLE + _DISC + _LINE * (1 + max(map(_legend_lines, row))) for row, _ in rows]
    width = max(max(len(row) for row, _ in rows) * len(planes) * _CELL, _LEAST_WIDTH)
    height = _HEAD + sum(heights) + _FOOT
    figure = Figure(figsize=(width, height))
    top = height - _HEAD
    for (row, scale), below in zip(rows, heights, strict=True):
        shown = [(disc, plane) for disc in row for plane in planes]
        left = (width - len(shown) * _CELL + _CELL - _DISC) / 2
        for k, (disc, plane) in enumerate(shown):
            corner = (left + k * _CELL) / width, (top - _TITLE - _DISC) / height
            _draw(figure.add_axes((*corner, _DISC / width, _DISC / height)), disc, plane, scale)
        top -= below
    figure.suptitle(_title(joint + upper, planes), y=1 - 0.15 / height, va="top")
    figure.text(0.5, 0.12 / height, _NOTE, ha="center", va="bottom", fontsize=8, color=GREY)
    return figure


def _planes(text: str) -> list[str]:
    planes = [part.strip().lower() for part in text.split(",")]
    for part in planes:
        if len(part) != 2 or part[0] == part[1] or not set(part) <= set(_AXES):
            raise InputError(f"plane {part[:40]!r}: give two of the axes x, y, z, such as xz, or several: xz,yz")
    return list(dict.fromkeys(planes))


def _joint_discs(assemblage: Assemblage) -> list[_Disc]:
    scenario = assemblage.scenario
    discs = []
    for x in scenario.settings():
        labels = [scenario.label(a, x) for a in scenario.outcomes(x)]
        elements = [
            _element(scenario.key(label), k, k // len(PALETTE), assemblage.elements[label])
            for k, label in enumerate(labels)
        ]
        discs.append(_Disc(f"x = {', '.join(map(str, x))}", tuple(elements)))
    return discs


def _upper_discs(assemblage: Assemblage) -> list[_Disc]:
    """Return the marginals of every box with the reduced state; for one box, which has no others, that state alone."""
    matrix = assemblage.reduced_state
    reduced = _Element("reduced state", "black", "o", matrix.trace(), bloch_vector(matrix))
    boxes = assemblage.scenario.black_boxes
    if len(boxes) == 1:
        return [_Disc("reduced state", (reduced,))]
    discs = []
    for k in range(len(boxes)):
        found = [
            _element(f"{a}|{x}", number, x, assemblage.marginal(label))
            for number, (a, x, label) in enumerate(_single(assemblage.scenario, k))
        ]
        if found:
            discs.append(_Disc(f"marginals of box {k}", (*found, reduced)))
    return discs


def _single(scenario: Scenario, k: int) -> Iterator[tuple[int, int, Partial]]:
    """Yield the outcomes and settings of one box that have a state whatever the other boxes' settings are."""
    count = len(scenario.black_boxes)
    for x, outcomes in enumerate(scenario.black_boxes[k].outcomes):
        for a in range(outcomes):
            label: Partial = (
                tuple(a if j == k else None for j in range(count)),
                tuple(x if j == k else None for j in range(count)),
            )
            if scenario.has_partial(label):
                yield a, x, label


def _element(label: str, colour: int, marker: int, matrix: Matrix) -> _Element:
    return _Element(
        label, PALETTE[colour % len(PALETTE)], MARKERS[marker % len(MARKERS)], matrix.trace(), bloch_vector(matrix)
    )


def _per_row(scenario: Scenario, most: int) -> int:
    """Return how many settings stand side by side: all, those of the last boxes, or as many as there is room for."""
    sizes = [len(box.outcomes) for box in reversed(scenario.black_boxes)]
    fitting = [size for size in accumulate(sizes, lambda a, b: a * b) if size <= most]
    return fitting[-1] if fitting and fitting[-1] > 1 else most


def _legend_lines(disc: _Disc) -> int:
    return -(-len(disc.elements) // 2)


def _scale(discs: Sequence[_Disc]) -> float:
    return max(coordinate(e.probability) for disc in discs for e in disc.elements)


def _title(discs: Sequence[_Disc], planes: Sequence[str]) -> str:
    """Say whether the vectors lie in the planes, which is known exactly, or are projected."""
    names = " and ".join(f"{plane[0]}-{plane[1]}" for plane in planes)
    for plane in planes:
        other = next(k for k, axis in enumerate(_AXES) if axis not in plane)
        if not all(element.vector[other].is_zero for disc in discs for element in disc.elements):
            return f"Bloch vectors projected on the {names} plane{'s' * (len(planes) > 1)}"
    return f"Bloch vectors, all in the {names} plane"


def _draw(axes: Axes, disc: _Disc, plane: str, scale: float) -> None:
    """Draw one disc, up to the radius `scale`."""
    horizontal, vertical = (_AXES.index(axis) for axis in plane)
    edge = 1.1 * scale
    axes.plot([-edge, edge], [0, 0], [0, 0], [-edge, edge], color=FAINT, linewidth=0.8, zorder=0)
    axes.text(edge, 0, plane[0], ha="left", va="center", color=GREY, fontsize=8)
    axes.text(0, edge, plane[1], ha="center", va="bottom", color=GREY, fontsize=8)
    for k, element in enumerate(disc.elements):
        # What coincides stays visible: dashes of equal circles take turns, later arrows are thinner.
        _circle(axes, element, disc)
        _arrow(axes, element, (horizontal, vertical), 2.6 - 1.6 * k / len(disc.elements), scale)
    axes.set(xlim=(-edge, edge), ylim=(-edge, edge), aspect="equal")
    axes.set_axis_off()
    axes.set_title(disc.title, fontsize=10, pad=12)
    legend = axes.legend(
        loc="upper center",
        bbox_to_anchor=(0.5, 0),
        ncols=min(2, len(disc.elements)),
        frameon=False,
        fontsize=7.5,
        handletextpad=0,
        columnspacing=0.6,
        borderaxespad=0.2,
    )
    for handle in legend.get_lines():
        handle.set_markersize(5)


def _arrow(axes: Axes, element: _Element, plane: tuple[int, int], width: float, scale: float) -> None:
    """Draw the arrow to the circle, the dot on it, and the line of the legend."""
    p, vector = coordinate(element.probability), [coordinate(x) for x in element.vector]
    point, length = [vector[k] for k in plane], hypot(*vector)
    text = f"{element.label}  p = {p:.3g}"
    if any(not x.is_zero for x in element.vector):
        x, y = (p * coordinate / length for coordinate in point)
        size = min(11.0, 30 * p / scale)
        arrow = {"arrowstyle": "-|>", "color": element.colour, "linewidth": width, "mutation_scale": size}
        axes.annotate("", xy=(x, y), xytext=(0, 0), arrowprops=arrow | {"shrinkA": 0, "shrinkB": 0}, zorder=2)
    elif not element.probability.is_zero:
        text += ", r = 0"
    axes.plot(
        *([x] for x in point),
        linestyle="none",
        marker=element.marker,
        markersize=2.5 + width,
        markerfacecolor="white",
        markeredgecolor=element.colour,
        markeredgewidth=1.4,
        label=text,
        zorder=3,
    )


def _circle(axes: Axes, element: _Element, disc: _Disc) -> None:
    """Draw the circle of radius p, dashed where others have the same."""
    from matplotlib.patches import Circle

    equal = [other for other in disc.elements if other.probability == element.probability]
    dash, place = 3.0, next(k for k, other in enumerate(equal) if other is element)
    style = (place * dash, (dash, (len(equal) - 1) * dash)) if len(equal) > 1 else "solid"
    radius = coordinate(element.probability)
    axes.add_patch(Circle((0, 0), radius, fill=False, edgecolor=element.colour, linewidth=1, linestyle=style))
