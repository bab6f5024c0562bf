"""The engine of every search: candidates by number, ranked by an estimate; the best ones are proved exactly.

Above: searches. Below: certificates, relaxations. What kind of assemblage is searched for is a `Campaign`; how it runs
is here: `run` computes or recalls scores, one by one and in any order, `prove` certifies. A candidate depends on its
number and the campaign's parameters only, so a campaign can be interrupted, continued, and shared: among processes
(`processes`), or machines (`distributed`).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from time import thread_time_ns
from typing import Any, Generic, Protocol, TypeVar

from steeralg.algebra.level import Level
from steeralg.arguments import checked
from steeralg.certificates.compose import Draft
from steeralg.certificates.membership import Postquantum, certify
from steeralg.certificates.proof import Proof
from steeralg.objects.assemblage import Assemblage
from steeralg.sdp.relaxation import Relaxation
from steeralg.sdp.solve import DEFAULT_CHAIN
from steeralg.verdict import Proved

T = TypeVar("T")

THRESHOLD = Fraction(1, 500)
"""Estimates up to here are within the tolerance of the solver."""

_CHAIN = DEFAULT_CHAIN[:4]


class Campaign(ABC, Generic[T]):
    """What is searched: candidates by number, an estimate for each, and the exact assemblage of the promising ones."""

    level: Level

    @property
    @abstractmethod
    def parameters(self) -> Mapping[str, Any]:
        """Everything that candidates and scores depend on, as a JSON value."""

    @abstractmethod
    def candidate(self, number: int) -> T:
        """Return candidate number 0, 1, ...: the same one for the same parameters."""

    @abstractmethod
    def score(self, candidate: T) -> Fraction:
        """Estimate how far outside the level a candidate is, 0 if it is not: the robustness to white noise, say."""

    @abstractmethod
    def assemblage(self, candidate: T) -> Assemblage:
        """Return the exact assemblage of a candidate, all of one scenario. Raises InputError if it is none."""

    def shown(self, candidate: T) -> str:
        """Return a candidate in words."""
        return str(candidate)

    def draft(self, name: str, source: str, proven: Proven[T]) -> Draft:
        """State that what was found, "sigma", is postquantum, and what else is known of assemblages of this kind."""
        sigma = proven.postquantum.assemblage
        draft = Draft(name, source, sigma.scenario, {"sigma": sigma})
        draft.postquantum("sigma", "F", proven.postquantum.certificate)
        return draft

    def proof(self, name: str, source: str, proven: Proven[T]) -> Proof:
        """Return the proof of `draft`."""
        return self.draft(name, source, proven).proof()


@dataclass(frozen=True)
class Result:
    """The score of a candidate."""

    number: int
    score: Fraction
    microseconds: int = field(default=0, compare=False)
    """The CPU time that the candidate and its score took."""


@dataclass(frozen=True)
class Status:
    """How far a campaign is: `done` of `count` candidates, and the best result so far."""

    done: int
    count: int
    best: Result | None


@dataclass(frozen=True, eq=False)
class Proven(Generic[T]):
    """A candidate with the verified proof that its assemblage is postquantum."""

    result: Result
    candidate: T
    postquantum: Postquantum


class Memory(Protocol):
    """Where results are kept: see `steeralg.search.store.Store`."""

    @property
    def results(self) -> Mapping[int, Result]:
        """The results that are known, by number."""

    def add(self, result: Result) -> None:
        """Keep a result."""


def silent(_: Status) -> None:
    """Report nothing."""


def ranked(results: Sequence[Result]) -> list[Result]:
    """Return results, the highest score first; equal scores in the order of their numbers."""
    return sorted(results, key=lambda result: (-result.score, result.number))


class Tally:
    """The results of some numbers as they come: those in the store are known, the others are kept in it."""

    def __init__(
        self, numbers: Sequence[int], store: Memory | None = None, progress: Callable[[Status], None] = silent
    ) -> None:
        self._numbers, self._store, self._progress = list(dict.fromkeys(numbers)), store, progress
        self._results: dict[int, Result] = {}
        self._best: Result | None = None
        known = {} if store is None else dict(store.results)
        for number in self._numbers:
            if number in known:
                self._count(known[number])

    @property
    def missing(self) -> list[int]:
        """The numbers without a result, in their order."""
        return [number for number in self._numbers if number not in self._results]

    def add(self, result: Result) -> None:
        """Keep a result and report; the second result of a number is dropped."""
        if result.number not in self._results:
            if self._store is not None:
                self._store.add(result)
            self._count(result)

    def _count(self, result: Result) -> None:
        self._results[result.number] = result
        # Whatever order they come in: of equal scores the one with the smaller number.
        self._best = result if self._best is None else ranked([self._best, result])[0]
        self._progress(Status(len(self._results), len(self._numbers), self._best))

    @property
    def ranked(self) -> list[Result]:
        """The results so far, the highest score first."""
        return ranked(list(self._results.values()))


@checked
def run(
    campaign: Campaign[T],
    numbers: Sequence[int],
    store: Memory | None = None,
    progress: Callable[[Status], None] = silent,
) -> list[Result]:
    """Return the ranked results of some candidates: those in the store are recalled, the others computed and kept."""
    tally = Tally(numbers, store, progress)
    for number in tally.missing:
        tally.add(computed(campaign, number))
    return tally.ranked


def computed(campaign: Campaign[Any], number: int) -> Result:
    """Return the result of a candidate."""
    start = thread_time_ns()
    score = campaign.score(campaign.candidate(number))
    return Result(number, score, (thread_time_ns() - start) // 1000)


@checked
def prove(
    campaign: Campaign[T],
    results: Sequence[Result],
    *,
    wanted: int = 1,
    attempts: int = 10,
    progress: Callable[[str], None] | None = None,
) -> list[Proven[T]]:
    """Certify the best of the results: at most `attempts` that look postquantum, until `wanted` of them are proved.

    What certification leaves undecided is passed over. Raises InputError if a candidate is no assemblage.
    """
    found: list[Proven[T]] = []
    relaxation: Relaxation | None = None
    for result in ranked([r for r in results if r.score > THRESHOLD])[:attempts]:
        if len(found) >= wanted:
            break
        if progress is not None:
            progress(f"candidate {result.number}: certifying")
        candidate = campaign.candidate(result.number)
        sigma = campaign.assemblage(candidate)
        if relaxation is None:
            relaxation = Relaxation.build(sigma.scenario, campaign.level)
        verdict = certify(sigma, campaign.level, chain=_CHAIN, relaxation=relaxation)
        if isinstance(verdict, Proved):
            found.append(Proven(result, candidate, verdict.witness))
    return found
