"""The structure of a moment matrix: which entries are the same monomial, and which of them the data show.

Above: reports, the command line. Below: words, levels, observed elements, all exact. The entry of the words v and w is
v* w, reduced in projectors and matrix units; with a trusted system of dimension D without input it is a D x D block.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from colorsys import hls_to_rgb
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from steeralg.algebra.level import ALMOST_QUANTUM, Level, level_words
from steeralg.algebra.observed import observed_element
from steeralg.algebra.word import Word, format_word, is_observable, products, projector_algebra
from steeralg.errors import LevelError
from steeralg.exact.echelon import nullspace
from steeralg.exact.field import RATIONALS
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number
from steeralg.objects.scenario import Scenario
from steeralg.plot.style import DARK, FAINT, LIGHT

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MAX_WORDS = 250
_MAX_TICKS = 64
_MAX_NUMBERS = 20
Observed = Literal["wholly", "partly", "not"]
WHOLLY: Observed = "wholly"
PARTLY: Observed = "partly"
NOT: Observed = "not"
Class = frozenset[tuple[Word, int]]
"""An entry v* w as its reduced words with their coefficients; empty for zero."""
Colour = tuple[float, float, float]
_BLANK: Colour = (1.0, 1.0, 1.0)
_CLEAR = (*_BLANK, 0.0)
_UNIT: Colour = (0.5, 0.5, 0.5)


@dataclass(frozen=True, eq=False)
class MomentPattern:
    """The moment matrix of a scenario's level, entry by entry, before any data.

    `entries[v][w]` is the number of the class of v* w, where an entry and its adjoint are one class, or None for zero;
    classes are numbered as they appear, row by row, so that class 0 is the unit. `observed[c]` says whether the data
    fix class c wholly, not at all, or partly: several trusted parties show only local moments.
    """

    scenario: Scenario
    words: tuple[Word, ...]
    entries: tuple[tuple[int | None, ...], ...]
    classes: tuple[Class, ...]

    @classmethod
    def build(cls, scenario: Scenario, level: Level = ALMOST_QUANTUM) -> MomentPattern:
        """Multiply out a level's words.

        Raises LevelError for a malformed level and for more than 250 words, ScenarioError for a sequential scenario.
        """
        words = tuple(level_words(projector_algebra(scenario), level))
        if len(words) > MAX_WORDS:
            raise LevelError(
                f"level {level} has {len(words)} words; at most {MAX_WORDS} can be drawn: choose a lower one"
            )
        return cls.of_words(scenario, words)

    @classmethod
    def of_words(cls, scenario: Scenario, words: tuple[Word, ...]) -> MomentPattern:
        """Multiply out any words. Raises ScenarioError for a sequential scenario."""
        algebra = projector_algebra(scenario)
        table: list[list[dict[Word, int]]] = [[{} for _ in words] for _ in words]
        for word, places in products(algebra, words).items():
            for v, w, coefficient in places:
                table[v][w][word] = coefficient
        numbers: dict[Class, int] = {}
        entries: list[tuple[int | None, ...]] = []
        classes: list[Class] = []
        for row in table:
            line: list[int | None] = []
            for terms in row:
                entry = frozenset(terms.items())
                if entry and entry not in numbers:
                    adjoint = frozenset((algebra.adjoint(word), c) for word, c in entry)
                    numbers[entry] = numbers[adjoint] = len(classes)
                    classes.append(entry)
                line.append(numbers[entry] if entry else None)
            entries.append(tuple(line))
        return cls(scenario, words, tuple(entries), tuple(classes))

    @cached_property
    def observed(self) -> tuple[Observed, ...]:
        """What the data fix of each class."""
        scenario = self.scenario
        if scenario.instrumental:
            is_fixed = _instrumental_data(scenario)
            return tuple(WHOLLY if is_fixed(entry) else NOT for entry in self.classes)
        # Otherwise every observable word is observed, of several trusted parties with operators of one party each.
        fixed = PARTLY if sum(party.dim > 1 for party in scenario.trusted) > 1 else WHOLLY
        return tuple(fixed if all(is_observable(word) for word, _ in entry) else NOT for entry in self.classes)


def _instrumental_data(scenario: Scenario) -> Callable[[Class], bool]:
    """Return the question whether an entry is a combination of the elements with y = a."""
    d = scenario.views[0]
    rows = [
        observed_element(scenario, label, Matrix.unit(d, i, j))
        for label in scenario.labels()
        for i in range(d)
        for j in range(d)
    ]
    place = {word: k for k, word in enumerate(dict.fromkeys(word for row in rows for word in row))}
    zero = Number.of(0)
    table = [[row[word].entry(0, 0) if word in row else zero for word in place] for row in rows]
    against = nullspace(Matrix.from_numbers(table, RATIONALS))

    def is_fixed(entry: Class) -> bool:
        if any(word not in place for word, _ in entry):
            return False
        terms = dict(entry)
        vector = Matrix.rational([[terms.get(word, 0) for word in place]])
        return (vector @ against).is_zero

    return is_fixed


def moment_figure(scenario: Scenario, level: Level = ALMOST_QUANTUM) -> Figure:
    """Draw the structure of a level's moment matrix: one colour for each class of equal entries, blank for zero.

    Entries that are adjoint to each other have one colour. Filled dots mark the entries that the data fix, rings those
    that they fix in part; these have strong colours, all others pale ones. Words are written on the axes, and the
    numbers of the classes in the entries, as long as there is room. For the errors see `MomentPattern.build`.
    """
    return pattern_figure(MomentPattern.build(scenario, level), f"Moment matrix, level {level}")


def pattern_figure(pattern: MomentPattern, title: str) -> Figure:
    """Draw a pattern as `moment_figure` does."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import NullLocator

    scenario = pattern.scenario
    colours = class_colours(pattern)
    count = len(pattern.words)
    side = min(max(0.3 * count, 3.6), 10)
    figure = Figure(figsize=(side + 1.6, side + 1.4), layout="constrained")
    axes = figure.add_subplot()
    axes.imshow([[_CLEAR if c is None else (*colours[c], 1.0) for c in row] for row in pattern.entries])
    if count <= _MAX_TICKS:
        names = [_name(word, scenario) for word in pattern.words]
        size = min(9, 72 * side / count * 0.6)
        axes.set_xticks(range(count), names, rotation=90, fontsize=size)
        axes.set_yticks(range(count), names, fontsize=size)
        axes.xaxis.tick_top()
        axes.tick_params(length=0)
    else:
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_locator(NullLocator())
    _mark(axes, pattern, colours, side / count)
    axes.spines[:].set_color(FAINT)
    block = "" if scenario.dim == 1 else f"; entries are {scenario.dim} x {scenario.dim} blocks"
    figure.suptitle(title, fontsize=11)
    axes.set_xlabel(f"{count} words, {len(pattern.classes)} different entries up to adjoints{block}", fontsize=8)
    return figure


def class_colours(pattern: MomentPattern) -> tuple[Colour, ...]:
    """Return a different colour for every class, none of them white: strong ones for what the data fix."""
    used = {_rounded(_BLANK), _rounded(_UNIT)}
    colours = [_UNIT]
    step = 0
    for observed in pattern.observed[1:]:
        low, high, saturation = (0.78, 0.92, 0.7) if observed == NOT else (0.36, 0.68, 0.8)
        colour = _UNIT
        while _rounded(colour) in used:
            # Multiples of the two constants mod 1 fill a square evenly: neighbours differ in hue, then in lightness.
            hue, lightness = ((start + step * ratio) % 1 for start, ratio in ((0.57, 0.6180339887), (0, 0.3247179572)))
            colour = hls_to_rgb(hue, low + (high - low) * lightness, saturation)
            step += 1
        used.add(_rounded(colour))
        colours.append(colour)
    return tuple(colours)


def _rounded(colour: Colour) -> tuple[int, ...]:
    return tuple(round(255 * x) for x in colour)


def _mark(axes: Axes, pattern: MomentPattern, colours: Sequence[Colour], cell: float) -> None:
    """Mark what is observed, and number the classes where a cell, of so many inches, has room for it."""
    numbered = len(pattern.words) <= _MAX_NUMBERS
    shift, points = (0.32, 8.6 * cell) if numbered else (0.0, 17 * cell)
    for kind, face, text in ((WHOLLY, DARK, "observed"), (PARTLY, "none", "observed in part")):
        places = [(w + shift, v + shift) for v, w, c in _cells(pattern) if pattern.observed[c] == kind]
        if places:
            x, y = zip(*places, strict=True)
            axes.scatter(x, y, s=points**2, facecolors=face, edgecolors=DARK, linewidths=0.1 * points, label=text)
    if numbered:
        for v, w, c in _cells(pattern):
            red, green, blue = colours[c]
            ink = LIGHT if 0.3 * red + 0.59 * green + 0.11 * blue < 0.45 else DARK
            axes.text(w, v, str(c), ha="center", va="center", fontsize=min(8, 29 * cell), color=ink)
    if axes.get_legend_handles_labels()[0]:
        style = {"frameon": False, "fontsize": 8, "handletextpad": 0}
        legend = axes.legend(loc="upper left", bbox_to_anchor=(1, 1), markerscale=5 / points, **style)
        for handle, name in zip(legend.legend_handles, legend.get_texts(), strict=True):
            if handle is not None:
                handle.set(edgecolor="black", facecolor="black" if name.get_text() == "observed" else "none")


def _cells(pattern: MomentPattern) -> Iterator[tuple[int, int, int]]:
    """Yield the row, the column and the class of every entry that is not zero."""
    for v, row in enumerate(pattern.entries):
        for w, c in enumerate(row):
            if c is not None:
                yield v, w, c


def _name(word: Word, scenario: Scenario) -> str:
    """Write a word with one letter for each party, A the first, as levels do."""
    parts = enumerate(format_word(word, scenario))
    letters = "".join(f"{chr(ord('A') + k)}_{{{letter}}}" for k, part in parts for letter in part.split())
    return f"${letters}$" if letters else "1"
