"""The search: the same states for the same arguments, sparse and of modulus 1; findings in order of robustness; quantum
assemblages are never found; the recorded state of S26's Example 10 is found again.
"""

from fractions import Fraction
from itertools import islice

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from steeralg.constructions import s26
from steeralg.errors import InputError
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.state import State
from steeralg.search import search, states

UNITS = {1, -1, sympy.I, -sympy.I}


def first(count, *arguments):
    return list(islice(states(*arguments), count))


@given(st.integers(1, 20), st.integers(0, 10**6), st.data())
def test_states_are_sparse_and_of_modulus_one(size, seed, data):
    support = data.draw(st.integers(1, size))
    for amplitudes in first(5, size, seed, support):
        assert len(amplitudes) == size
        chosen = [z for z in amplitudes if z != 0]
        assert len(chosen) == support and set(chosen) <= UNITS


def test_the_same_arguments_give_the_same_states_and_others_do_not():
    assert first(20, 16, 2026) == first(20, 16, 2026, 4)
    assert first(20, 16, 2026)[:7] == first(7, 16, 2026)
    assert first(20, 16, 2026) != first(20, 16, 2027)


def test_all_places_and_amplitudes_occur():
    drawn = first(300, 4, 0, 1)
    assert {next((k, z) for k, z in enumerate(a) if z != 0) for a in drawn} == {(k, z) for k in range(4) for z in UNITS}


@pytest.mark.parametrize("support", [0, 5, -1])
def test_a_support_that_does_not_fit_is_refused(support):
    with pytest.raises(InputError):
        next(states(4, 0, support))


@pytest.fixture(scope="module")
def findings():
    return search(s26.positive_map_example, 16, seed=2026, count=54)


def test_the_state_of_example_10_is_found_again(findings):
    """Its robustness to white noise is proved to be in [0.0591, 0.0592] in proofs/s26-example-10.json."""
    found = findings[0]
    assert (found.seed, found.number, found.amplitudes) == (2026, 53, s26.EXAMPLE_10)
    assert abs(found.estimate - Fraction("0.05915")) < Fraction(1, 1000)


def test_findings_are_states_of_the_seed_in_order_of_robustness(findings):
    drawn = first(54, 16, 2026)
    assert all(found.amplitudes == drawn[found.number] for found in findings)
    estimates = [found.estimate for found in findings]
    assert estimates == sorted(estimates, reverse=True) and min(estimates) > Fraction(1, 1000)


def test_a_shorter_search_finds_the_beginning(findings):
    again = search(s26.positive_map_example, 16, seed=2026, count=20, level=1)
    assert [f.number for f in again] == [f.number for f in findings if f.number < 20]


def test_quantum_assemblages_are_not_found():
    """The same without the map is quantum by construction."""

    def build(amplitudes):
        return Assemblage.from_state(State.pure(amplitudes, (2, 2, 4)), s26.MEASUREMENTS[:1]).marginals((2, 4))

    assert search(build, 16, seed=3, count=15) == []


def test_an_empty_search_finds_nothing():
    assert search(s26.positive_map_example, 16, seed=2026, count=0) == []
