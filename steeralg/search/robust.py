"""The assemblages of sparse states that look the most robust to white noise, for any construction.

Above: `scenario_search`, the public names. Below: the engine, states. The construction is a Python function, so there
is no file to resume from: searches that can write down what they do (`map_search`, `scenario_search`) have one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, partial
from typing import Any

from steeralg.algebra.level import ALMOST_QUANTUM, Level
from steeralg.arguments import checked
from steeralg.objects.assemblage import Assemblage
from steeralg.sdp.scorer import Scorer
from steeralg.search.campaign import THRESHOLD, Campaign, run
from steeralg.search.processes import run_processes
from steeralg.search.states import Amplitudes, states

Build = Callable[[Sequence[Any]], Assemblage]


@dataclass(frozen=True)
class Finding:
    """State `number` of a seed, its amplitudes, and the estimated robustness of its assemblage to white noise."""

    seed: int
    number: int
    amplitudes: Amplitudes
    estimate: Fraction


class Construction(Campaign[Amplitudes]):
    """The states of a seed, in the order they are drawn, and the assemblages made of them."""

    def __init__(self, build: Build, size: int, seed: int, support: int | tuple[int, int], level: Level) -> None:
        self._build, self.level = build, level
        self._parameters = {"size": size, "seed": seed, "support": support, "level": str(level)}
        self._stream: Iterator[Amplitudes] = states(size, seed, support)
        self._drawn: list[Amplitudes] = []

    @property
    def parameters(self) -> Mapping[str, Any]:
        """The size, the seed, the support, and the level; the construction is a function and cannot be written down."""
        return self._parameters

    def candidate(self, number: int) -> Amplitudes:
        """Return state number 0, 1, ... of the seed."""
        while len(self._drawn) <= number:
            self._drawn.append(next(self._stream))
        return self._drawn[number]

    def score(self, candidate: Amplitudes) -> Fraction:
        """Estimate the robustness to white noise."""
        return self._scorer.assemblage(self._build(candidate))

    @cached_property
    def _scorer(self) -> Scorer:
        # All candidates are of one scenario.
        return Scorer(self._build(self.candidate(0)).scenario, self.level)

    def assemblage(self, candidate: Amplitudes) -> Assemblage:
        """Return what the construction makes of a state."""
        return self._build(candidate)


@checked
def search(
    build: Build,
    size: int,
    *,
    seed: int,
    count: int,
    support: int | tuple[int, int] = 4,
    level: Level = ALMOST_QUANTUM,
    processes: int = 1,
) -> list[Finding]:
    """Try the first `count` states of a seed; return those that look postquantum, the most robust first.

    `build` makes the assemblage of a state, all of one scenario; for instance `sa.s26.positive_map_example` with size
    16 (one black box) or 32 (two). `support` is the number of amplitudes that do not vanish, or the least and the
    largest such number. With several processes `build` has to be a function of a module. Raises InputError for numbers
    that do not fit.
    """
    factory = partial(Construction, build, size, seed, support, level)
    campaign, numbers = factory(), range(count)
    results = run(campaign, numbers) if processes == 1 else run_processes(factory, numbers, processes=processes)
    return [
        Finding(seed, result.number, campaign.candidate(result.number), result.score)
        for result in results
        if result.score > THRESHOLD
    ]
