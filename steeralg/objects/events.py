"""Events (a|x) of Bell scenarios: orthogonality, maximal sets, and which of them never give an unextendible basis.

Above: local-orthogonality inequalities, product bases of events. Below: scenarios. Two events are orthogonal if some
party has the same setting and different outcomes in them (Fritz et al., Nat. Commun. 4, 2263 (2013)); then no quantum
behaviour gives their probabilities a sum above 1. `outcomes[k][x]` counts the outcomes of setting x of party k, as in
`Scenario.of`; events are written ((a1, a2, ...), (x1, x2, ...)).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import prod
from typing import Any

import networkx

from steeralg.arguments import checked
from steeralg.errors import InputError, ScenarioError
from steeralg.exact.field import RATIONALS, Field
from steeralg.objects.covering import Closure, Flat, Split, share_out
from steeralg.objects.scenario import Label, Scenario, format_label
from steeralg.verdict import OneLine, Proved, Refuted

Letters = frozenset[tuple[int, int]]
"""Pairs (setting, outcome) of one party."""


@checked
@dataclass(frozen=True, repr=False)
class EventSet(OneLine):
    """Distinct events of a Bell scenario. Raises ScenarioError or InputError."""

    scenario: Scenario
    events: tuple[Label, ...]

    def __post_init__(self) -> None:
        self.scenario.require_simultaneous("events")
        if not self.events or len(self.scenario.views) != 1:
            raise InputError("an event set has events, and a scenario with one view")
        for event in self.events:
            if not self.scenario.has(event):
                raise ScenarioError(f"there is no event {format_label(event)} in the scenario: {self.scenario}")
        if len(set(self.events)) != len(self.events):
            raise InputError("an event occurs twice")

    @classmethod
    @checked
    def of(cls, outcomes: Sequence[Sequence[int]], events: Sequence[Label]) -> EventSet:
        """Return a set of events of the Bell scenario with these outcomes."""
        return cls(Scenario.of(outcomes, 1), tuple(events))

    @property
    def outcomes(self) -> tuple[tuple[int, ...], ...]:
        """The numbers of outcomes, by party and setting."""
        return tuple(box.outcomes for box in self.scenario.black_boxes)

    @property
    def field(self) -> Field:
        """The rationals: events have no numbers."""
        return RATIONALS


def letters(event: Label) -> tuple[tuple[int, int], ...]:
    """Return (setting, outcome) of every party."""
    return tuple(zip(event[1], event[0], strict=True))


def are_orthogonal(first: Label, second: Label) -> bool:
    """Whether some party has the same setting and different outcomes in two events."""
    return any(x == y and a != b for (x, a), (y, b) in zip(letters(first), letters(second), strict=True))


def require_orthogonal(events: Sequence[Label]) -> None:
    """Raise InputError, naming a pair, unless the events are mutually orthogonal."""
    for e, f in combinations(events, 2):
        if not are_orthogonal(e, f):
            raise InputError(f"events {format_label(e)} and {format_label(f)} are not orthogonal")


@checked
def all_events(outcomes: Sequence[Sequence[int]]) -> list[Label]:
    """Return all events of a scenario, settings first. Raises ScenarioError."""
    return list(Scenario.of(outcomes, 1).labels())


@checked
def require_events(outcomes: Sequence[Sequence[int]], events: Sequence[Label]) -> None:
    """Raise ScenarioError for what is no event of the scenario, InputError unless they are mutually orthogonal."""
    scenario = Scenario.of(outcomes, 1)
    for event in events:
        if len(event) != 2 or not scenario.has(event):
            raise ScenarioError(f"there is no event {format_label(event)} in the scenario: {scenario}")
    require_orthogonal(events)


def orthogonality_graph(events: Iterable[Label]) -> Any:
    """Return the graph on some events with an edge between orthogonal ones, a `networkx.Graph`."""
    graph = networkx.Graph()
    graph.add_nodes_from(events)
    graph.add_edges_from((e, f) for e, f in combinations(graph, 2) if are_orthogonal(e, f))
    return graph


def _candidates(outcomes: Sequence[Sequence[int]], events: Sequence[Label]) -> list[Label]:
    require_events(outcomes, events)
    return [e for e in all_events(outcomes) if all(are_orthogonal(e, f) for f in events)]


def maximal_event_sets(
    outcomes: Sequence[Sequence[int]], containing: Sequence[Label] = ()
) -> Iterator[tuple[Label, ...]]:
    """Yield every maximal set of mutually orthogonal events that contains the given ones, those first, one by one.

    The sets are the cliques of the orthogonality graph; there may be very many. Raises ScenarioError or InputError for
    bad events.
    """
    candidates = _candidates(outcomes, containing)
    if not candidates:
        yield tuple(containing)
    for clique in networkx.find_cliques(orthogonality_graph(candidates)):
        yield (*containing, *sorted(clique))


@checked
def enlarged(
    outcomes: Sequence[Sequence[int]], containing: Sequence[Label] = (), order: Sequence[Label] | None = None
) -> tuple[Label, ...]:
    """Return the given events and, in `order`, every event orthogonal to all before it; by default a maximal set.

    The set is maximal if `order` holds every event. Needs no graph, so that it is quick in large scenarios too; a
    shuffled order gives random maximal sets.
    """
    chosen, candidates = list(containing), _candidates(outcomes, containing)
    allowed = set(candidates)
    for event in candidates if order is None else order:
        if event in allowed and all(are_orthogonal(event, other) for other in chosen):
            chosen.append(event)
    return tuple(chosen)


def is_maximal(outcomes: Sequence[Sequence[int]], events: Sequence[Label]) -> bool:
    """Whether no further event is orthogonal to all. Raises InputError unless they are mutually orthogonal."""
    return not _candidates(outcomes, events)


@checked
def local_dimensions(outcomes: Sequence[Sequence[int]]) -> tuple[int, ...]:
    """Return the dimension of every party, of whose space each setting is an orthonormal basis.

    So all settings of a party need the same number of outcomes, though not those of different parties. Raises
    ScenarioError.
    """
    for k, box in enumerate(outcomes):
        if len(set(box)) != 1:
            raise ScenarioError(
                f"party {k} has settings of {tuple(box)} outcomes; bases of one space need the same number"
            )
    return tuple(box[0] for box in outcomes)


@checked
def always_extendible(
    outcomes: Sequence[Sequence[int]], events: Sequence[Label]
) -> Proved[tuple[Letters, ...]] | Refuted[Split]:
    """Decide whether the product basis of the events is extendible whatever orthonormal bases the settings are.

    Proved: fewer than d letters (setting, outcome) of every party, d its dimension, such that every event has one of
    them. Any d - 1 vectors of a d-dimensional space leave one orthogonal to them, so there is a product vector
    orthogonal to all events in every choice of bases. Refuted: there are no such letters. Then almost every choice
    gives an unextendible basis: r letters of one basis are an orthonormal family, and the spans of generic ones of
    different bases are in general position, so that d letters span; for each sharing out the exceptions are the zeros
    of a polynomial on the (connected) group of bases, and there are finitely many sharings out.

    Raises ScenarioError for what is no event and for settings of one party with different numbers of outcomes,
    InputError for events that are not orthogonal.
    """
    require_events(outcomes, events)
    dims = local_dimensions(outcomes)

    def closure(k: int, d: int) -> Closure:
        def close(flat: Flat, member: int) -> Flat | None:
            seen = {letters(events[m])[k] for m in (*flat, member)}
            return None if len(seen) >= d else frozenset(m for m, e in enumerate(events) if letters(e)[k] in seen)

        return close

    found = share_out(len(events), [closure(k, d) for k, d in enumerate(dims)])
    if isinstance(found, Split):
        return Refuted(found)
    return Proved(tuple(frozenset(letters(events[m])[k] for m in flat) for k, flat in enumerate(found)))


def unextendible_event_sets(outcomes: Sequence[Sequence[int]]) -> Iterator[tuple[Label, ...]]:
    """Yield the sets of orthogonal events, fewer than D, whose product basis is unextendible in almost all bases.

    D is the product of the dimensions. Up to relabelling all are found: such a set is maximal, since a further event
    would be a further product vector, and by relabelling settings and outcomes it contains the first event of all. So
    if nothing is yielded the scenario has no such set: `always_extendible` holds for every maximal set that is not a
    complete basis. The enumeration takes seconds for three parties with two settings of three outcomes.
    """
    dim = prod(local_dimensions(outcomes))
    for events in maximal_event_sets(outcomes, all_events(outcomes)[:1]):
        if len(events) < dim and isinstance(always_extendible(outcomes, events), Refuted):
            yield events
