"""Postquantum steering without postquantum nonlocality, by search: SBCSV15 App. D.

Above: the command line. Below: the engine, the climb, models. A candidate is a random functional; the climb leads from
it to a real qubit assemblage that is local for the directions of a polygon and, if all goes well, outside the level.
The example is that assemblage rounded to the fewest decimals that serve, proved postquantum by a certificate and
local for all projective measurements by an exact model.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from random import Random
from typing import Any

from steeralg.algebra.level import ALMOST_QUANTUM, Level, check_reach
from steeralg.arguments import checked
from steeralg.certificates.compose import Draft
from steeralg.certificates.compose_models import projective_local
from steeralg.certificates.proof import Proof
from steeralg.errors import InputError, PositivityError, ScenarioError
from steeralg.exact.matrix import Matrix, total
from steeralg.models.projective import ProjectiveModel
from steeralg.models.projective_locality import decide_projective_local
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.deterministic import strategy_count
from steeralg.objects.directions import Direction, circumscribed, polygon
from steeralg.objects.functional import Functional
from steeralg.objects.scenario import Label, Scenario
from steeralg.sdp.ascent import Ascent
from steeralg.search.campaign import Campaign, Proven, Result, prove, ranked
from steeralg.verdict import Proved

DEFAULT_BOXES = ((2, 2), (2, 2))
LARGEST_ENTRY = 9
FINER, MOST_DIRECTIONS, MOST_STRATEGIES = 12, 16, 1000


@dataclass(frozen=True, eq=False)
class LocalExample:
    """A proved postquantum assemblage with its proved local model for all projective measurements."""

    proven: Proven[Functional]
    model: ProjectiveModel

    def proof(self, name: str, source: str) -> Proof:
        """Return the proof of `draft`."""
        return self.draft(name, source).proof()

    def draft(self, name: str, source: str) -> Draft:
        """State both: "sigma" is postquantum, and local for all projective measurements."""
        found = self.proven.postquantum
        draft = Draft(name, source, found.assemblage.scenario, {"sigma": found.assemblage})
        draft.postquantum("sigma", "F", found.certificate)
        projective_local(draft, "sigma", self.model)
        return draft


@checked
@dataclass(frozen=True)
class FunctionalSearch(Campaign[Functional]):
    """The functionals of a seed, and where the climb leads from them. Raises InputError.

    `boxes[k][x]` is the number of outcomes of setting x of box k; `directions` those of the polygon in the x-z plane;
    `steps` bounds the climb's; with `symmetric` everything is invariant under permutations of equal boxes.
    """

    seed: int
    boxes: tuple[tuple[int, ...], ...] = DEFAULT_BOXES
    directions: int = 4
    steps: int = 12
    symmetric: bool = False
    level: Level = ALMOST_QUANTUM

    def __post_init__(self) -> None:
        if not 3 <= self.directions <= MOST_DIRECTIONS:
            raise InputError(f"directions = {self.directions}: between 3 and {MOST_DIRECTIONS}")
        if self.steps < 2:
            raise InputError(f"steps = {self.steps}: at least 2")
        if len(self.boxes) < 2:
            raise InputError("with one black box every assemblage is quantum (GHJW); search with two or more")
        if strategy_count(self.scenario) > MOST_STRATEGIES:
            count = strategy_count(self.scenario)
            raise ScenarioError(f"the boxes have {count} deterministic strategies; at most {MOST_STRATEGIES} here")
        check_reach(self.scenario, self.level)

    @cached_property
    def scenario(self) -> Scenario:
        """The scenario of all candidates: the boxes and a qubit."""
        return Scenario.of(self.boxes, 2)

    @property
    def parameters(self) -> Mapping[str, Any]:
        """The seed, the boxes, the directions, the steps, the symmetry, and the level."""
        return {
            "functional": "correlations",
            "seed": self.seed,
            "boxes": [list(box) for box in self.boxes],
            "directions": self.directions,
            "steps": self.steps,
            "symmetric": self.symmetric,
            "level": str(self.level),
        }

    def candidate(self, number: int) -> Functional:
        """Return functional number 0, 1, ... of the seed: real, with no weight on fewer than all boxes.

        Random integer operators, from which the averages over the outcomes of every box are taken away: weight on
        single boxes makes classical assemblages the best ones.
        """
        generator = Random(f"{self.seed} {number}")
        drawn: dict[Label, Matrix] = {}
        for label in self.scenario.labels():
            a, b, c = (generator.randint(-LARGEST_ENTRY, LARGEST_ENTRY) for _ in range(3))
            drawn[label] = Matrix.rational([[a, b], [b, c]])
        for k, box in enumerate(self.boxes):
            drawn = {label: drawn[label] - _average(drawn, label, k, box) for label in drawn}
        return Functional(self.scenario, drawn)

    def score(self, candidate: Functional) -> Fraction:
        """Estimate the robustness to white noise of the assemblage that the climb ends in."""
        return self._climbed(candidate)[0]

    def assemblage(self, candidate: Functional) -> Assemblage:
        """Return the assemblage that the climb ends in, with the fewest decimals that serve.

        Raises InputError if the climb ends in the level.
        """
        table = self._climbed(candidate)[1]
        if table is not None:
            for elements in self._ascent.decimals(table, circumscribed(polygon(FINER))):
                try:
                    return Assemblage.from_marginals(self.scenario, elements)
                except PositivityError:
                    continue
        raise InputError("the climb from this functional ends in the level")

    def _climbed(self, candidate: Functional) -> tuple[Fraction, Any]:
        return self._ascent.climb(self._ascent.tables.functional(candidate), self.steps, self.symmetric)

    @property
    def covering(self) -> tuple[Direction, ...]:
        """The directions, lengthened so that they cover the disc."""
        return circumscribed(polygon(self.directions))

    @cached_property
    def _ascent(self) -> Ascent:
        return Ascent(self.scenario, self.covering, self.level)


def _average(drawn: Mapping[Label, Matrix], label: Label, k: int, box: Sequence[int]) -> Matrix:
    """Return the average of an operator over the outcomes of box k."""
    a, x = label[:2]
    count = box[x[k]]
    return total(drawn[(*a[:k], b, *a[k + 1 :]), x] for b in range(count)).scale(Fraction(1, count))


@checked
def local_examples(
    campaign: FunctionalSearch,
    results: Sequence[Result],
    *,
    wanted: int = 1,
    attempts: int = 10,
    progress: Callable[[str], None] | None = None,
) -> list[LocalExample]:
    """Prove the best of the results, both ways: at most `attempts` of them, until `wanted` are proved.

    What cannot be decided is passed over.
    """
    found: list[LocalExample] = []
    for result in ranked(results)[:attempts]:
        if len(found) >= wanted:
            break
        for proven in prove(campaign, [result], progress=progress):
            # The polygons that are tried unasked, then the one of the climb.
            for directions in (None, campaign.covering):
                verdict = decide_projective_local(proven.postquantum.assemblage, directions)
                if isinstance(verdict, Proved):
                    found.append(LocalExample(proven, verdict.witness))
                    break
    return found
