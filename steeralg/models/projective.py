"""Local models of a qubit assemblage for all projective measurements, and Bell inequalities against local ones.

Above: locality decided (`projective_locality`), proofs. Below: directions, objects. A model answers finitely many
directions v_k whose hull (of all +-v_k) contains the Bloch ball. Any unit vector n is then sum c_k v_k with
sum |c_k| <= 1, and the answer to n is a mixture of the answers to the +-v_k and of a fair coin: one local model for all
projective measurements, hence for all with two outcomes (SBCSV15 App. B, where v_k = u_k/mu with the unit vectors u_k
of an octagon and mu = cos(pi/8)).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cmp_to_key

from steeralg.arguments import checked
from steeralg.errors import InputError, PositivityError, ScenarioError, ShapeError, VerificationError
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number, brief, exact_rational, outwards
from steeralg.objects.assemblage import Assemblage, white_noise
from steeralg.objects.deterministic import Strategy, strategies
from steeralg.objects.directions import (
    Direction,
    as_directions,
    bloch,
    covers,
    expressed,
    is_planar,
    response,
    squared_length,
)
from steeralg.objects.functional import Functional
from steeralg.objects.local_model import HiddenState, LocalModel
from steeralg.objects.scenario import BlackBox, Label, Scenario, TrustedParty
from steeralg.verdict import OneLine

_HALF, _ZERO = Number.of(Fraction(1, 2)), Number.of(0)


@dataclass(frozen=True, repr=False)
class ProjectiveEntry(OneLine):
    """One hidden value: the boxes' answers, its weight w, and for every direction v_k the weight 0 <= q_k <= w with
    which the trusted party answers +.
    """

    outcomes: Strategy
    weight: Number
    responses: tuple[Number, ...]


@checked
@dataclass(frozen=True, repr=False)
class ProjectiveModel(OneLine):
    """Directions that cover the Bloch ball (all with y = 0: the disc, for real assemblages), and entries.

    Raises VerificationError if the directions do not cover, ShapeError for a wrong number of responses and
    PositivityError for one that is not between 0 and the weight, naming the entry.
    """

    directions: tuple[Direction, ...]
    entries: tuple[ProjectiveEntry, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "directions", as_directions(self.directions))
        if not covers(self.directions):
            raise VerificationError(
                "the hull of the directions and their opposites does not contain the unit ball; divide unit vectors "
                "by their inradius (directions.circumscribed)"
            )
        for k, entry in enumerate(self.entries):
            if len(entry.responses) != len(self.directions):
                raise ShapeError(f"entry {k} has {len(entry.responses)} responses to {len(self.directions)} directions")
            for j, q in enumerate(entry.responses):
                if q.sign() < 0 or (entry.weight - q).sign() < 0:
                    raise PositivityError(f"the response of entry {k} to direction {j} is not between 0 and its weight")
            if entry.weight.sign() < 0:
                raise PositivityError(f"the weight of entry {k} is negative")

    @checked
    def verify(self, assemblage: Assemblage, visibility: Fraction | int | str = Fraction(1)) -> None:
        """Verify that the model gives `visibility` times the assemblage plus 1 - visibility times white noise.

        For every (a|x) the weights of the entries that answer a to x sum to t = tr sigma[a|x], and the responses to
        v_k to (t + v_k . r)/2, r the Bloch vector. Then the assemblage shows local behaviours for all projective
        measurements. A visibility above 1 says that some noise may be taken away, if what is left is an assemblage.
        Raises ScenarioError, naming the entry that does not fit, and VerificationError, naming the element.
        """
        scenario = assemblage.scenario
        require_qubit(scenario)
        if is_planar(self.directions) and not assemblage.is_real:
            raise VerificationError("directions in the x-z plane are enough for real assemblages only")
        for k, entry in enumerate(self.entries):
            if not _fits(scenario, entry.outcomes):
                raise ScenarioError(f"entry {k} of the model does not fit {scenario}")
        wanted = response_table(assemblage, self.directions, exact_rational(visibility))
        for (a, x, *_), values in wanted.items():
            here = [e for e in self.entries if all(s[i] == o for s, o, i in zip(e.outcomes, a, x, strict=True))]
            columns = [[e.weight for e in here], *([e.responses[k] for e in here] for k in range(len(self.directions)))]
            for k, (column, value) in enumerate(zip(columns, values, strict=True)):
                if not (sum(column, _ZERO) - value).is_zero:
                    name = "the weights" if k == 0 else f"the responses to direction {k - 1}"
                    raise VerificationError(f"{name} at {scenario.key((a, x))} do not sum to {brief(value)}")

    def responses(self, direction: Sequence[Fraction | int | str]) -> list[Number]:
        """Return, for a rational vector n of length at most 1, the weight with which each entry answers + to n.

        With directions in the plane only the x and z parts of n count. Raises InputError for a longer vector,
        ShapeError or NumberError for what is no vector.
        """
        ((x, y, z),) = as_directions([direction])
        if squared_length((x, y, z)) > 1:
            raise InputError(f"({x}, {y}, {z}) is longer than 1: no measurement has this direction")
        found = expressed(self.directions, (x, Fraction(0), z) if is_planar(self.directions) else (x, y, z))
        if found is None:
            raise VerificationError("the directions do not span")
        coin = Number.of((1 - sum(map(abs, found), Fraction(0))) / 2)
        return [
            sum(
                (
                    (q if c > 0 else entry.weight - q) * Number.of(abs(c))
                    for c, q in zip(found, entry.responses, strict=True)
                ),
                entry.weight * coin,
            )
            for entry in self.entries
        ]

    def local_model(self, directions: Sequence[Sequence[Fraction | int | str]]) -> LocalModel:
        """Return the local model of the Bell behaviour that measuring these directions gives, outcome 0 for +n.

        Each entry is split by a threshold between its responses, so that every party answers deterministically.
        """
        table = [self.responses(n) for n in as_directions(directions)]
        entries = []
        for k, entry in enumerate(self.entries):
            chances = [column[k] for column in table]
            steps: list[Number] = [_ZERO]
            for q in [*_ascending(chances), entry.weight]:
                if (q - steps[-1]).sign() > 0:
                    share = q - steps[-1]
                    answers = tuple(int((chance - q).sign() < 0) for chance in chances)
                    steps.append(q)
                    state = Matrix.from_numbers([[share]], share.field)
                    entries.append(HiddenState((*entry.outcomes, answers), (state,)))
        return LocalModel(tuple(entries))


@checked
@dataclass(frozen=True, repr=False)
class DirectionInequality(OneLine):
    """A Bell inequality for the boxes and a trusted party that answers to directions v_k: `functional` >= `bound`.

    The functional is for the boxes and one box more, which has two outcomes for every direction, + first. Everything
    local obeys: verified on construction, for every strategy of the boxes with the best answers to it (raises
    VerificationError; ScenarioError if the functional does not fit).
    """

    directions: tuple[Direction, ...]
    functional: Functional
    bound: Fraction

    def __post_init__(self) -> None:
        object.__setattr__(self, "directions", as_directions(self.directions))
        scenario = self.functional.scenario
        if scenario.views != (1,) or scenario.black_boxes[-1].outcomes != (2,) * len(self.directions):
            raise ScenarioError(f"the functional is not for {len(self.directions)} directions of two answers each")
        boxes = Scenario(scenario.black_boxes[:-1], ())
        table = _grouped(self.functional)
        for strategy in strategies(boxes):
            given = [table[label] for label in given_labels(boxes, strategy) if label in table]
            least = _ZERO
            for k in range(len(self.directions)):
                first, second = (sum((row[k][s] for row in given), _ZERO) for s in (0, 1))
                least = least + (second if second < first else first)
            if (least - Number.of(self.bound)).sign() < 0:
                raise VerificationError(f"the strategy {strategy} goes below the bound, to {brief(least)}")

    def value(self, assemblage: Assemblage) -> Number:
        """Return the value on the responses of an assemblage, p(a,+|x,k) = (t + v_k . r)/2 and p(a,-|x,k)."""
        boxes = self.functional.scenario.black_boxes[:-1]
        require_qubit(assemblage.scenario)
        if assemblage.scenario.black_boxes != boxes:
            raise ScenarioError(f"the inequality is for other black boxes than those of {assemblage.scenario}")
        value = _ZERO
        for (a, x, *_), matrix in self.functional.elements.items():
            element = assemblage.elements[a[:-1], x[:-1]]
            plus = response(element, self.directions[x[-1]])
            chance = element.trace() - plus if a[-1] else plus
            value = value + matrix.entry(0, 0) * chance
        return value


@checked
@dataclass(frozen=True, repr=False)
class DirectionViolation(OneLine):
    """The responses of an assemblage to some directions are not local: their value is below the bound.

    Raises VerificationError if it is not. Directions of length at most 1 are measurements: then the assemblage shows
    Bell nonlocality. Longer ones are not, and nothing is refuted but the model that answers them.
    """

    assemblage: Assemblage
    inequality: DirectionInequality

    def __post_init__(self) -> None:
        if (self.value - Number.of(self.inequality.bound)).sign() >= 0:
            raise VerificationError(f"the value {brief(self.value)} does not violate the bound {self.inequality.bound}")

    @property
    def value(self) -> Number:
        """The value of the functional on the responses."""
        return self.inequality.value(self.assemblage)

    @property
    def is_physical(self) -> bool:
        """Whether all directions are measurements."""
        return all(squared_length(v) <= 1 for v in self.inequality.directions)


@checked
@dataclass(frozen=True, repr=False)
class VisibilityBracket(OneLine):
    """The largest v for which v times the responses of an assemblage to some directions, plus 1 - v times uniform
    ones, is local: `below` is a model at v = `lower`; `above` is an inequality that is violated for v > `upper`.

    Either end may be missing. Verified on construction; raises VerificationError.
    """

    assemblage: Assemblage
    directions: tuple[Direction, ...]
    lower: Fraction | None
    below: ProjectiveModel | None
    upper: Fraction | None
    above: DirectionInequality | None

    def __post_init__(self) -> None:
        if (self.lower is None) != (self.below is None) or (self.upper is None) != (self.above is None):
            raise VerificationError("each end of the bracket needs its proof")
        if self.lower is not None and self.below is not None:
            if self.below.directions != self.directions:
                raise VerificationError("the model is for other directions")
            self.below.verify(self.assemblage, self.lower)
        if self.upper is not None and self.above is not None:
            if self.above.directions != self.directions:
                raise VerificationError("the inequality is for other directions")
            least = critical_visibility(self.above, self.assemblage)
            if least is None or (Number.of(self.upper) - least).sign() < 0:
                raise VerificationError(f"the inequality is not violated for every visibility above {self.upper}")

    def __str__(self) -> str:
        low = "0" if self.lower is None else outwards(self.lower, -1, 6)
        high = "" if self.upper is None else outwards(self.upper, 1, 6)
        return f"visibility in [{low}, {high}]" if high else f"visibility at least {low}"


def critical_visibility(inequality: DirectionInequality, assemblage: Assemblage) -> Number | None:
    """Return the v at which an inequality is met with equality, (<F, uniform> - bound)/(<F, uniform> - <F, sigma>);
    None if noise does not help.
    """
    uniform, value = inequality.value(white_noise(assemblage.scenario)), inequality.value(assemblage)
    fall = uniform - value
    return (uniform - Number.of(inequality.bound)) / fall if fall.sign() > 0 else None


def require_qubit(scenario: Scenario) -> None:
    """Raise ScenarioError unless there is one trusted qubit without input."""
    scenario.require_simultaneous("Bloch vectors")
    if scenario.views != (2,):
        raise ScenarioError(f"Bloch vectors need one trusted qubit without input, not {scenario}")


def given_labels(scenario: Scenario, strategy: Strategy) -> Iterator[Label]:
    """Yield the labels (a, x) with a the strategy's answers to x."""
    for x in scenario.settings():
        yield tuple(answers[s] for answers, s in zip(strategy, x, strict=True)), x


def response_table(
    assemblage: Assemblage, directions: Sequence[Direction], visibility: Fraction = Fraction(1)
) -> dict[Label, list[Number]]:
    """Return for every label the trace and the response to every direction, mixed with those of white noise."""
    noise = white_noise(assemblage.scenario)
    result = {}
    for label, matrix in assemblage.elements.items():
        mixed = matrix.scale(visibility) + noise.elements[label].scale(1 - visibility)
        trace, vector = bloch(mixed)
        result[label] = [trace]
        for v in directions:
            terms = (r * Number.of(c) for r, c in zip(vector, v, strict=True) if c)
            result[label].append(sum(terms, trace) * _HALF)
    return result


def bell_scenario(scenario: Scenario, directions: int) -> Scenario:
    """Return the Bell scenario of the boxes and the trusted party as a box with a setting for every direction."""
    return Scenario((*scenario.black_boxes, BlackBox((2,) * directions)), (TrustedParty(1),))


def _fits(scenario: Scenario, outcomes: Strategy) -> bool:
    boxes = scenario.black_boxes
    return len(outcomes) == len(boxes) and all(
        len(answers) == len(box.outcomes) and all(0 <= a < d for a, d in zip(answers, box.outcomes, strict=True))
        for answers, box in zip(outcomes, boxes, strict=True)
    )


def _grouped(functional: Functional) -> dict[Label, list[list[Number]]]:
    """Return the coefficients by the boxes' label: for every direction those of + and -."""
    count = len(functional.scenario.black_boxes[-1].outcomes)
    table: dict[Label, list[list[Number]]] = {}
    for (a, x, *_), matrix in functional.elements.items():
        row = table.setdefault((a[:-1], x[:-1]), [[_ZERO, _ZERO] for _ in range(count)])
        row[x[-1]][a[-1]] = matrix.entry(0, 0)
    return table


def _ascending(numbers: Sequence[Number]) -> list[Number]:
    def compare(p: Number, q: Number) -> int:
        return (p - q).sign()

    return sorted(numbers, key=cmp_to_key(compare))
