"""Does a qubit assemblage show local behaviours for all projective measurements? A model, or a Bell inequality.

Above: proofs, classification. Below: sdp for the suggestions, the models. Given directions that cover the Bloch ball
the question is a linear program, because the responses to different directions are independent once the boxes'
answers are fixed. Its solutions in floats are made exact: a point in the interior is rounded to short decimals and the
equations are restored; where there is no interior an extreme point is solved for what is not tight there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, gcd

from steeralg.arguments import checked, require_between
from steeralg.errors import InputError, PositivityError, ScenarioError
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number, outwards
from steeralg.exact.solve import solve_sparse
from steeralg.models.projective import (
    DirectionInequality,
    DirectionViolation,
    ProjectiveEntry,
    ProjectiveModel,
    VisibilityBracket,
    bell_scenario,
    critical_visibility,
    given_labels,
    require_qubit,
    response_table,
)
from steeralg.objects.assemblage import Assemblage, white_noise
from steeralg.objects.deterministic import Strategy, strategies
from steeralg.objects.directions import Direction, as_directions, circumscribed, covers, is_planar, polygon, polyhedron
from steeralg.objects.functional import Functional
from steeralg.objects.scenario import Label
from steeralg.progress import Progress, silent
from steeralg.sdp.responses import LARGEST_VISIBILITY, Point, ResponseProgram, Tight
from steeralg.verdict import Proved, Refuted, Undecided

MAX_UNKNOWNS = 20_000
_POLYGONS, _POLYHEDRA = (4, 6, 8, 12, 16), (6, 13, 16, 31)
_GRIDS = tuple(10**digits for digits in range(2, 13))
_ZERO = Number.of(0)


@dataclass(frozen=True, eq=False)
class _Data:
    """The responses of an assemblage to some directions, and the strategies of the boxes with what they give."""

    directions: tuple[Direction, ...]
    answers: list[Strategy]
    given: list[list[int]]
    labels: list[Label]
    table: list[list[Number]]

    @classmethod
    def of(cls, assemblage: Assemblage, directions: tuple[Direction, ...], visibility: Fraction = Fraction(1)) -> _Data:
        scenario = assemblage.scenario
        answers = list(strategies(scenario))
        if len(answers) * (1 + len(directions)) > MAX_UNKNOWNS:
            raise ScenarioError(f"{len(answers)} strategies and {len(directions)} directions are too many")
        labels = list(assemblage.elements)
        number = {label: k for k, label in enumerate(labels)}
        given = [[number[label] for label in given_labels(scenario, strategy)] for strategy in answers]
        table = response_table(assemblage, directions, visibility)
        return cls(directions, answers, given, labels, [table[label] for label in labels])

    @property
    def program(self) -> ResponseProgram:
        return ResponseProgram.build(self.given, len(self.labels), len(self.directions))

    def fixed(self) -> Tight:
        """Return what the data alone force: a strategy that gives an element of zero has weight 0, and a certain
        answer is given by all that give the element.
        """
        zero = [[x.is_zero for x in row] for row in self.table]
        sure = [[(row[0] - x).is_zero for x in row[1:]] for row in self.table]
        result = []
        for given in self.given:
            never = [any(zero[j][k] for j in given) for k in range(1 + len(self.directions))]
            always = [any(sure[j][k] for j in given) for k in range(len(self.directions))]
            answers = list(zip(never[1:], always, strict=True))
            if never[0] or (True, True) in answers:
                result.append((-1,) * len(never))
            else:
                result.append((0, *(-1 if no else int(yes) for no, yes in answers)))
        return tuple(result)

    def model(self) -> tuple[ProjectiveModel | None, str]:
        """Return an exact model, or None and how far floats got."""
        fixed = self.fixed()
        inside = self.program.interior(self.table, fixed)
        if inside is not None and inside.slack > 0:
            for grid in _GRIDS:
                if 4 * grid * inside.slack > 1:
                    model = self._exact(inside, grid)
                    if model is not None:
                        return model, ""
        corner = self.program.vertex(self.table, fixed)
        model = None if corner is None else self._exact(corner, _GRIDS[-1])
        if model is not None:
            return model, ""
        if inside is None or inside.slack >= 0:
            return None, "no exact ones came out of the solver"
        return None, f"responses would have to be negative, by about {outwards(-inside.slack, 1, 9)}"

    def _exact(self, point: Point, grid: int) -> ProjectiveModel | None:
        """Round what is not tight at a point to multiples of 1/grid and restore the equations, exactly."""
        width = 1 + len(self.directions)
        rounded = [[_rounded(x, grid) for x in row] for row in point.columns]

        def unknown(strategy: int, k: int) -> tuple[int, int] | None:
            tight = point.fixed[strategy][k]
            return None if tight < 0 or point.fixed[strategy][0] < 0 else (strategy, 0 if tight else k)

        # Corrections go to the first unknowns that can carry them: those with most room on both sides.
        free = [(s, k) for s in range(len(rounded)) for k in range(width) if unknown(s, k) == (s, k)]
        room = {(s, k): min(rounded[s][k], rounded[s][0] - rounded[s][k] if k else rounded[s][0]) for s, k in free}
        column = {place: c for c, place in enumerate(sorted(free, key=lambda place: -room[place]))}
        rows: list[dict[int, Number]] = [{} for _ in range(len(self.labels) * width)]
        right = [row[k] for row in self.table for k in range(width)]
        for s, given in enumerate(self.given):
            for k in range(width):
                place = unknown(s, k)
                if place is None:
                    continue
                for j in given:
                    rows[j * width + k][column[place]] = Number.of(1)
                    right[j * width + k] = right[j * width + k] - Number.of(rounded[place[0]][place[1]])
        changes = solve_sparse(rows, right, len(column))
        if changes is None:
            return None
        entries = []
        for s, answers in enumerate(self.answers):
            values = []
            for k in range(width):
                place = unknown(s, k)
                values.append(
                    _ZERO if place is None else changes[column[place]] + Number.of(rounded[place[0]][place[1]])
                )
            if not all(x.is_zero for x in values):
                entries.append(ProjectiveEntry(answers, values[0], tuple(values[1:])))
        try:
            return ProjectiveModel(self.directions, tuple(entries))
        except PositivityError:
            return None


@checked
def decide_projective_local(
    assemblage: Assemblage,
    directions: Sequence[Sequence[Fraction | int | str]] | None = None,
    *,
    progress: Progress = silent,
) -> Proved[ProjectiveModel] | Refuted[DirectionViolation] | Undecided:
    """Decide whether an assemblage of one trusted qubit shows local behaviours for all projective measurements.

    Proved: a model for directions that cover the Bloch ball (SBCSV15 App. B). Without `directions` growing polygons
    are tried (planar ones are enough for real assemblages) or polyhedra. With `directions`, vectors whose hull with
    their opposites contains the ball (see `circumscribed`), only these are.

    Refuted: a Bell inequality violated by projective measurements. Undecided: the responses to the directions are not
    local; as such directions are longer than measurements, this does not refute locality. `bracket` holds the
    VisibilityBracket: how much white noise makes them local, both ends proved, and the inequality.

    Raises ScenarioError for other scenarios, InputError for directions that do not cover or lie in the x-z plane
    though the assemblage is complex.
    """
    require_qubit(assemblage.scenario)
    chosen: tuple[Direction, ...] = ()
    reason = ""
    for chosen in _candidates(assemblage, directions):
        model, reason = _Data.of(assemblage, chosen).model()
        if model is not None:
            model.verify(assemblage)
            return Proved(model)
        progress(f"{len(chosen)} directions: {reason}")
    if directions is None:
        violation = _violation(assemblage, polygon(16) if assemblage.is_real else polyhedron(31))
        if violation is not None:
            return Refuted(violation)
    bracket = projective_visibility(assemblage, chosen)
    return Undecided(
        f"no local responses to {len(chosen)} directions were found: {reason}; {bracket}. That does not refute "
        "locality, as the directions are longer than measurements",
        bracket,
    )


@checked
def projective_visibility(
    assemblage: Assemblage,
    directions: Sequence[Sequence[Fraction | int | str]],
    *,
    digits: int = 4,
) -> VisibilityBracket:
    """Enclose the largest v for which v times the responses to some directions plus 1 - v times uniform ones is local.

    Both ends are proved and about 10^-digits apart. At v <= 1 the model is one of the mixture of the assemblage with
    white noise; v > 1 says how much noise could be taken away. Visibilities above 2 are not looked at. Raises what
    `decide_projective_local` raises, and InputError for digits out of range (1 to 9).
    """
    require_between("digits", digits, 1, 9)
    require_qubit(assemblage.scenario)
    chosen = _checked(assemblage, directions)
    data = _Data.of(assemblage, chosen)
    found = data.program.visibility(data.table, _Data.of(white_noise(assemblage.scenario), chosen).table)
    if found is None:
        return VisibilityBracket(assemblage, chosen, None, None, None, None)
    unit = Fraction(1, 10**digits)
    above, upper = None, None
    if found.value < LARGEST_VISIBILITY:
        above, upper = _best_inequality(assemblage, data, found.functional, unit)
    below, lower = None, None
    for step in (1, 2, 8, 64):
        lower = floor(found.value / unit - Fraction(step, 2)) * unit
        below, _ = _Data.of(assemblage, chosen, lower).model() if lower > 0 else (None, "")
        if below is not None:
            break
    return VisibilityBracket(assemblage, chosen, lower if below else None, below, upper, above)


def _candidates(
    assemblage: Assemblage, directions: Sequence[Sequence[Fraction | int | str]] | None
) -> Iterator[tuple[Direction, ...]]:
    if directions is not None:
        yield _checked(assemblage, directions)
    elif assemblage.is_real:
        yield from (circumscribed(polygon(count)) for count in _POLYGONS)
    else:
        yield from (circumscribed(polyhedron(count)) for count in _POLYHEDRA)


def _checked(assemblage: Assemblage, directions: Sequence[Sequence[Fraction | int | str]]) -> tuple[Direction, ...]:
    chosen = as_directions(directions)
    if is_planar(chosen) and not assemblage.is_real:
        raise InputError("directions in the x-z plane are enough for real assemblages only; give some with y != 0")
    if not covers(chosen):
        raise InputError(
            "the hull of the directions and their opposites does not contain the unit ball; divide unit vectors by "
            "their inradius (circumscribed)"
        )
    return chosen


def _violation(assemblage: Assemblage, directions: tuple[Direction, ...]) -> DirectionViolation | None:
    """Return a Bell inequality that measurements of these directions violate, if there is one."""
    data = _Data.of(assemblage, directions)
    found = data.program.visibility(data.table, _Data.of(white_noise(assemblage.scenario), directions).table)
    if found is None or found.value >= 1:
        return None
    inequality, upper = _best_inequality(assemblage, data, found.functional, 1 - found.value)
    return None if inequality is None or upper is None or upper >= 1 else DirectionViolation(assemblage, inequality)


def _best_inequality(
    assemblage: Assemblage, data: _Data, suggestion: Sequence[Sequence[Fraction]], unit: Fraction
) -> tuple[DirectionInequality | None, Fraction | None]:
    """Round a functional to the coarsest grid on which it proves nearly what finer ones do."""
    best: tuple[DirectionInequality | None, Fraction | None] = None, None
    largest = max((abs(c) for row in suggestion for c in row), default=Fraction(0))
    if not largest:
        return best
    for grid in (2**k for k in range(2, 24, 3)):
        integers = [[round(c / largest * grid) for c in row] for row in suggestion]
        common = gcd(*(c for row in integers for c in row))
        inequality = _inequality(assemblage, data, [[Fraction(c, common) for c in row] for row in integers])
        visibility = critical_visibility(inequality, assemblage)
        if visibility is None:
            continue
        upper = ceil(visibility.enclosure(128)[1] * 10**12) / Fraction(10**12)
        if best[1] is None or upper < best[1] - unit / 4:
            best = inequality, upper
    return best


def _inequality(assemblage: Assemblage, data: _Data, coefficients: Sequence[Sequence[Fraction]]) -> DirectionInequality:
    """Return the inequality with these coefficients: of the boxes' probabilities, and of + for every direction."""
    elements: dict[Label, Matrix] = {}
    for (a, x, *_), row in zip(data.labels, coefficients, strict=True):
        for k, c in enumerate(row[1:]):
            plus = c + row[0] if k == 0 else c
            elements[(*a, 0), (*x, k)] = Matrix.rational([[plus]])
        elements[(*a, 1), (*x, 0)] = Matrix.rational([[row[0]]])
    functional = Functional(bell_scenario(assemblage.scenario, len(data.directions)), elements)
    least = min(
        sum((coefficients[j][0] for j in given), Fraction(0))
        + sum(
            min(sum((coefficients[j][1 + k] for j in given), Fraction(0)), Fraction(0))
            for k in range(len(data.directions))
        )
        for given in data.given
    )
    return DirectionInequality(data.directions, functional, least)


def _rounded(value: Fraction, grid: int) -> Fraction:
    return Fraction(round(value * grid), grid)
