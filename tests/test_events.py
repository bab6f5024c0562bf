"""Events: orthogonality and maximal sets against brute force, the counting argument against product bases in generic
bases, and by exhaustion which small scenarios have sets that give unextendible product bases at all.
"""

from itertools import combinations, islice, product
from math import prod

import networkx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.errors import InputError, ScenarioError
from steeralg.objects.covering import Split
from steeralg.objects.events import (
    all_events,
    always_extendible,
    are_orthogonal,
    enlarged,
    is_maximal,
    letters,
    local_dimensions,
    maximal_event_sets,
    orthogonality_graph,
    unextendible_event_sets,
)
from steeralg.objects.local_bases import LocalBases, product_basis_of
from steeralg.objects.product_basis import decide_unextendible, orthogonal_complement
from steeralg.verdict import Proved, Refuted
from tests.strategies import unitaries

SMALL = [[(2, 2), (2,)], [(3,), (2,)], [(2, 1), (2,)], [(3, 2)], [(2,), (2,), (2,)]]
QUBITS, QUTRITS = [(2, 2)] * 3, [(3, 3)] * 3
MIXED = [(3, 3), (2, 2), (2, 2), (2, 2)]

GENERIC = {
    2: [((1, 0), (0, 1)), ((1, 1), (1, -1)), ((1, 2), (2, -1))],
    3: [
        ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
        ((1, 2, 2), (2, 1, -2), (2, -2, 1)),
        ((12, 3, -4), (-4, 12, -3), (3, 4, 12)),
    ],
}
"""Rational bases without orthogonal rays of different settings, and any d rays independent."""


def generic(outcomes) -> LocalBases:
    return LocalBases.of(
        [GENERIC[d][: len(party)] for d, party in zip(local_dimensions(outcomes), outcomes, strict=True)]
    )


def test_the_generic_bases_are_generic():
    for d, matrices in GENERIC.items():
        rays = [ray for basis in LocalBases.of([matrices]).rays[0] for ray in basis]
        for chosen in combinations(rays, d):
            assert not orthogonal_complement(chosen, d)
        for (k, v), (m, w) in combinations(enumerate(rays), 2):
            assert (v.adjoint @ w).is_zero == (k // d == m // d)


@st.composite
def maximal_sets(draw, scenarios=(QUBITS, QUTRITS, MIXED, [(2, 2, 2)] * 3)):
    """A scenario and a random maximal set of orthogonal events."""
    outcomes = draw(st.sampled_from(scenarios))
    random = draw(st.randoms(use_true_random=False))
    order = all_events(outcomes)
    random.shuffle(order)
    return outcomes, enlarged(outcomes, order=order)


def relabelled(event, parties, settings_of, outcomes_of):
    """Permute parties, then each one's settings, then the outcomes of each new setting."""
    pairs = [letters(event)[k] for k in parties]
    moved = [(settings_of[k][x], outcomes_of[k][settings_of[k][x]][a]) for k, (x, a) in enumerate(pairs)]
    return tuple(a for _, a in moved), tuple(x for x, _ in moved)


@pytest.mark.parametrize("outcomes", SMALL, ids=str)
def test_events_and_orthogonality_by_definition(outcomes):
    events = all_events(outcomes)
    assert len(set(events)) == len(events) == prod(map(sum, outcomes))
    graph = orthogonality_graph(events)
    assert list(graph.nodes) == events
    for e, f in product(events, repeat=2):
        expected = any(e[1][k] == f[1][k] and e[0][k] != f[0][k] for k in range(len(outcomes)))
        assert are_orthogonal(e, f) == are_orthogonal(f, e) == graph.has_edge(e, f) == expected


@pytest.mark.parametrize("outcomes", SMALL, ids=str)
def test_maximal_sets_are_all_of_them(outcomes):
    events = all_events(outcomes)
    orthogonal = [
        frozenset(chosen)
        for size in range(len(events) + 1)
        for chosen in combinations(events, size)
        if all(are_orthogonal(e, f) for e, f in combinations(chosen, 2))
    ]
    maximal = {s for s in orthogonal if not any(s < t for t in orthogonal)}
    for containing in ((), events[-1:]):
        found = list(maximal_event_sets(outcomes, containing))
        assert {frozenset(s) for s in found} == {s for s in maximal if s.issuperset(containing)}
        assert len(found) == len(set(map(frozenset, found)))
        assert all(list(s[: len(containing)]) == list(containing) for s in found)
    assert all(is_maximal(outcomes, sorted(s)) == (s in maximal) for s in orthogonal)


@settings(max_examples=20, deadline=None)
@given(maximal_sets(), st.data())
def test_enlarged_sets_are_maximal_and_keep_what_they_contain(drawn, data):
    outcomes, events = drawn
    assert is_maximal(outcomes, events) and not is_maximal(outcomes, events[:-1])
    kept = events[: data.draw(st.integers(0, len(events)))]
    again = enlarged(outcomes, kept)
    assert again[: len(kept)] == kept and is_maximal(outcomes, again)
    assert list(maximal_event_sets(outcomes, events)) == [events]
    assert networkx.is_isomorphic(orthogonality_graph(events), networkx.complete_graph(len(events)))


@settings(max_examples=20, deadline=None)
@given(maximal_sets([QUBITS, MIXED]), st.data())
def test_orthogonal_events_are_orthogonal_vectors_in_any_bases_and_no_others_in_generic_ones(drawn, data):
    outcomes, events = drawn
    some = data.draw(st.lists(st.sampled_from(all_events(outcomes)), min_size=2, max_size=4, unique=True))
    assert product_basis_of(some, generic(outcomes)).is_orthogonal == all(
        are_orthogonal(e, f) for e, f in combinations(some, 2)
    )
    turned = LocalBases.of([[data.draw(unitaries(party[0])) for _ in party] for party in outcomes])
    assert product_basis_of(events, turned).is_orthogonal


@settings(max_examples=40, deadline=None)
@given(maximal_sets(), st.data())
def test_the_counting_argument_decides_generic_bases(drawn, data):
    outcomes, events = drawn
    verdict, dims = always_extendible(outcomes, events), local_dimensions(outcomes)
    assert decide_unextendible(product_basis_of(events, generic(outcomes))).is_refuted == verdict.is_proved
    if isinstance(verdict, Proved):
        assert all(len(chosen) < d for chosen, d in zip(verdict.witness, dims, strict=True))
        assert all(any(letter in s for letter, s in zip(letters(e), verdict.witness, strict=True)) for e in events)
        special = LocalBases.of([[data.draw(unitaries(party[0])) for _ in party] for party in outcomes])
        assert decide_unextendible(product_basis_of(events, special)).is_refuted
    else:

        def spans(k, members):
            return len({letters(events[m])[k] for m in members}) >= dims[k]

        assert verdict.witness.verify(len(events), len(outcomes), spans)
        forged = Split(verdict.witness.member, (None,) * len(dims))
        assert not forged.verify(len(events), len(outcomes), spans)


@settings(max_examples=25, deadline=None)
@given(maximal_sets([QUBITS, QUTRITS]), st.data())
def test_relabelling_changes_nothing(drawn, data):
    outcomes, events = drawn
    d, settings_count = outcomes[0][0], len(outcomes[0])
    parties = data.draw(st.permutations(range(3)))
    settings_of = [data.draw(st.permutations(range(settings_count))) for _ in range(3)]
    outcomes_of = [[data.draw(st.permutations(range(d))) for _ in range(settings_count)] for _ in range(3)]
    moved = [relabelled(e, parties, settings_of, outcomes_of) for e in events]
    assert is_maximal(outcomes, moved)
    assert always_extendible(outcomes, moved).is_proved == always_extendible(outcomes, events).is_proved


def test_two_settings_of_two_outcomes_give_the_four_events_of_shifts_and_no_other_set():
    """All maximal sets of three qubits by enumeration: what is neither complete nor found again up to relabelling?"""
    found = [frozenset(events) for events in unextendible_event_sets(QUBITS)]
    assert found and {len(events) for events in found} == {4}
    every = {frozenset(s) for s in maximal_event_sets(QUBITS)}
    incomplete = [s for s in every if len(s) < 8]
    assert all(is_maximal(QUBITS, sorted(s)) and always_extendible(QUBITS, sorted(s)).is_refuted for s in incomplete)
    first = all_events(QUBITS)[0]
    assert {s for s in incomplete if first in s} == set(found)
    flips = [((0, 1), (1, 0))] * 3
    orbit = {
        frozenset(relabelled(e, parties, s, o) for e in found[0])
        for parties in ((0, 1, 2), (1, 0, 2))
        for s in product(*flips)
        for o in product(*(product(((0, 1), (1, 0)), repeat=2) for _ in range(3)))
    }
    assert orbit == set(incomplete)


def test_for_two_outcomes_maximal_and_generically_unextendible_are_the_same():
    outcomes = [(2, 2, 2), (2, 2), (2, 2)]
    for events in islice(maximal_event_sets(outcomes), 200):
        assert len(events) == 8 or always_extendible(outcomes, events).is_refuted
        assert always_extendible(outcomes, events[1:]).is_proved


@pytest.mark.parametrize(
    "outcomes",
    [
        [(2, 2), (2, 2)],
        [(3, 3), (3, 3)],
        [(3, 3), (2, 2), (2, 2)],
        [(3, 3), (3, 3), (2, 2)],
        [(3, 3, 3), (2, 2, 2), (2, 2, 2)],
        pytest.param(QUTRITS, marks=pytest.mark.slow),
    ],
    ids=str,
)
def test_scenarios_without_any_unextendible_set(outcomes):
    """SAPHS18 Sec. 6 gives nothing there, three parties with two settings of three outcomes included."""
    assert list(unextendible_event_sets(outcomes)) == []


def test_four_outcomes_for_one_of_three_parties_are_enough():
    outcomes = [(4, 4), (2, 2), (2, 2)]
    for events in unextendible_event_sets(outcomes):
        assert len(events) == 8 and is_maximal(outcomes, events)
        assert always_extendible(outcomes, events).is_refuted and always_extendible(outcomes, events[1:]).is_proved


def test_a_set_that_is_not_maximal_is_extendible_and_so_is_a_single_event():
    for outcomes in (QUBITS, QUTRITS, MIXED):
        event = all_events(outcomes)[:1]
        verdict = always_extendible(outcomes, event)
        assert isinstance(verdict, Proved) and frozenset([(0, 0)]) in verdict.witness


def test_bad_events_are_named():
    twice = [((0, 0, 0), (0, 0, 0))] * 2
    for function in (always_extendible, is_maximal, lambda o, e: list(maximal_event_sets(o, e)), enlarged):
        with pytest.raises(InputError, match=r"events 0,0,0\|0,0,0 and 0,0,0\|0,0,0 are not orthogonal"):
            function(QUBITS, twice)
        for wrong in [((0, 0), (0, 0)), ((2, 0, 0), (0, 0, 0)), ((0, 0, 0), (0, 0, 0), 0)]:
            with pytest.raises(ScenarioError, match="there is no event"):
                function(QUBITS, [wrong])
    with pytest.raises(ScenarioError, match=r"party 1 has settings of \(3, 2\) outcomes"):
        always_extendible([(2, 2), (3, 2)], [])
    with pytest.raises(ScenarioError):
        all_events([()])
    assert isinstance(always_extendible([(1, 1), (1,)], [((0, 0), (0, 0))]), Refuted)
