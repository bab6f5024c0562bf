"""Bell-local behaviours, decided exactly: on facets, beyond them by a millionth, and over number fields.

With two settings and two outcomes for each of two boxes a no-signalling behaviour is local if and only if it obeys the
eight CHSH inequalities (Fine 1982), which are computed here by hand; its vertices are 16 deterministic behaviours and 8
PR boxes. Models have no more entries than a vertex of a linear program; inequalities are facets with coprime integers.
"""

from fractions import Fraction
from itertools import product
from math import gcd

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.constructions import s26
from steeralg.errors import ScenarioError
from steeralg.exact.convert import numbers_from_sympy
from steeralg.exact.echelon import rank
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number, as_number
from steeralg.models.bell import decide_behaviour
from steeralg.models.local import decide_local
from steeralg.models.threshold import local_threshold
from steeralg.objects.assemblage import Assemblage, white_noise
from steeralg.objects.behaviour import behaviour
from steeralg.objects.local_model import HiddenState, LocalModel
from steeralg.objects.scenario import Scenario
from tests.local_oracles import assert_model, assert_violation
from tests.strategies import deterministic_elements

BELL = Scenario.of([(2, 2), (2, 2)], 1)
MILLIONTH = Fraction(1, 10**6)


def vertex(condition):
    """The behaviour with uniform outcomes under the condition."""
    table = {}
    for x in BELL.settings():
        allowed = [a for a in BELL.outcomes(x) if condition(a, x)]
        table |= {(a, x): Fraction(int(a in allowed), len(allowed)) for a in BELL.outcomes(x)}
    return behaviour([(2, 2), (2, 2)], table)


DETERMINISTIC = [
    vertex(lambda a, x, s=s: all(s[k][x[k]] == a[k] for k in (0, 1))) for s in deterministic_elements(BELL)
]
PR = [
    vertex(lambda a, x, c=c: (a[0] + a[1] + x[0] * x[1] + c[0] * x[0] + c[1] * x[1] + c[2]) % 2 == 0)
    for c in product((0, 1), repeat=3)
]


def chsh(sigma):
    """The eight values of +-E00 +- E01 +- E10 +- E11 with an odd number of minus signs."""
    correlators = [
        sum(
            ((-1) ** sum(a) * sigma.elements[a, x].entry(0, 0).fraction() for a in BELL.outcomes(x)),
            Fraction(0),
        )
        for x in BELL.settings()
    ]
    signs = [s for s in product((1, -1), repeat=4) if s.count(-1) % 2]
    return [sum(s * e for s, e in zip(sign, correlators, strict=True)) for sign in signs]


def decided(sigma):
    """Decide a behaviour and check the witness."""
    verdict = decide_behaviour(sigma)
    if verdict.is_proved:
        assert_model(verdict.witness, sigma)
    else:
        assert_violation(verdict.witness, sigma)
    return verdict.is_proved


@pytest.mark.parametrize("number", range(8))
def test_edges_from_pr_boxes_to_deterministic_behaviours(number):
    """On every edge from a PR box, CHSH value 4, to a deterministic behaviour of value 2 or -2."""
    box = PR[number]
    best = max(range(8), key=lambda k: chsh(box)[k])
    for point in DETERMINISTIC:
        reached = chsh(point)[best]
        assert reached in (2, -2)
        if reached == 2:
            assert not decided(box.mix(point, 1 - MILLIONTH))
        else:
            assert decided(box.mix(point, Fraction(1, 3)))
            assert not decided(box.mix(point, Fraction(1, 3) - MILLIONTH))


@given(st.lists(st.integers(0, 3), min_size=24, max_size=24).filter(any))
@settings(deadline=None, max_examples=25)
def test_mixtures_of_all_vertices_are_local_if_and_only_if_they_obey_chsh(weights):
    points = [{k: m.entry(0, 0).fraction() for k, m in s.elements.items()} for s in (*DETERMINISTIC, *PR)]
    table = {k: sum(w * p[k] for w, p in zip(weights, points, strict=True)) / sum(weights) for k in BELL.labels()}
    sigma = behaviour([(2, 2), (2, 2)], table)
    assert decided(sigma) == (max(chsh(sigma)) <= 2)


def tight(inequality):
    """The deterministic behaviours that meet the bound with equality."""
    bound = as_number(inequality.bound)
    return [d for d in DETERMINISTIC if (inequality.functional.value(d) - bound).is_zero]


@pytest.mark.parametrize("box", PR)
def test_inequalities_are_facets_with_coprime_integers(box):
    inequality = decide_behaviour(box).witness.inequality
    entries = [m.entry(0, 0).fraction() for m in inequality.functional.elements.values()]
    assert all(x.denominator == 1 for x in entries) and gcd(*(int(x) for x in entries)) == 1
    points = [[m.entry(0, 0).fraction() for m in d.elements.values()] for d in tight(inequality)]
    # The no-signalling behaviours have dimension 8, a facet 7: 8 affinely independent points.
    assert rank(Matrix.rational(points)) == 8


def test_irrational_behaviours_are_decided_on_the_facet():
    """The quantum maximum 2 sqrt2 of CHSH (Tsirelson 1980) with white noise: local from a visibility of 1/sqrt2 on."""
    (root,) = numbers_from_sympy([sympy.sqrt(2)])
    noise = white_noise(BELL)
    half = Number.of(Fraction(1, 2))
    quantum = PR[0].mix(noise, Number.of(1) - root * half)
    assert not decided(quantum)
    assert decided(quantum.mix(noise, Number.of(1) - root * half))
    assert not decided(quantum.mix(noise, Number.of(1 - MILLIONTH) - root * half))


def mermin():
    """Spin measurements along x and y on a GHZ state of three qubits (Mermin 1990)."""
    scenario = Scenario.of([(2, 2)] * 3, 1)
    table = {}
    for a, x in scenario.labels():
        sign = {0: 1, 2: -1}.get(sum(x), 0)
        table[a, x] = Fraction(1 + sign * (-1) ** sum(a), 8)
    return behaviour([(2, 2)] * 3, table)


def test_three_boxes():
    """The Mermin inequality is violated down to a visibility of 1/2."""
    sigma = mermin()
    assert not decided(sigma)
    bracket = local_threshold(sigma, white_noise(sigma.scenario))
    assert bracket.is_closed and bracket.upper == Fraction(1, 2)
    noise = white_noise(sigma.scenario)
    assert decided(sigma.mix(noise, Fraction(1, 2))) and not decided(sigma.mix(noise, Fraction(1, 2) - MILLIONTH))


def test_guess_your_neighbours_input():
    """No quantum advantage (Almeida et al. 2010), but these no-signalling behaviours have one."""
    assert not decided(s26.example_7_correlations())


SCENARIOS = {
    "one box": Scenario.of([(2, 3, 2)], 1),
    "three outcomes": Scenario.of([(3, 2), (2, 3)], 1),
    "one setting": Scenario.of([(2,), (3, 2)], 1),
    "trivial settings": Scenario.of([(1, 2), (2, 1, 2)], 1),
    "three boxes": Scenario.of([(2, 2), (2,), (2, 2)], 1),
    "two views": Scenario.of([(2, 2), (2, 2)], 1, 2),
    "two trusted parties": Scenario.of([(2, 2), (2, 2)], [1, 1]),
    "instrumental": Scenario.of([(2, 3)], 1, 3, True),
}


@pytest.mark.parametrize("name", SCENARIOS)
def test_mixtures_of_deterministic_behaviours_are_local(name):
    scenario = SCENARIOS[name]
    chosen = list(deterministic_elements(scenario))

    @given(st.lists(st.tuples(st.sampled_from(chosen), st.integers(1, 4)), min_size=1, max_size=6))
    @settings(deadline=None, max_examples=8)
    def check(parts):
        size = sum(w for _, w in parts)
        hidden = [(Matrix.rational([[Fraction(w, size)]]),) * len(scenario.views) for _, w in parts]
        entries = tuple(HiddenState(s, h) for (s, _), h in zip(parts, hidden, strict=True))
        sigma = LocalModel(entries).assemblage(scenario)
        verdict = decide_local(sigma)
        assert_model(verdict.witness, sigma)
        # A vertex of the linear program: not more entries than independent probabilities.
        independent = 1
        for box in scenario.black_boxes:
            independent *= 1 + sum(d - 1 for d in box.outcomes)
        assert len(verdict.witness.entries) <= independent

    check()


@pytest.mark.parametrize("name", ["two views", "two trusted parties"])
def test_a_pr_box_seen_twice_is_refuted(name):
    scenario = SCENARIOS[name]
    sigma = Assemblage(scenario, {label: PR[0].elements[label[:2]] for label in scenario.labels()})
    assert_violation(decide_local(sigma).witness, sigma)


def test_too_many_strategies_are_refused():
    with pytest.raises(ScenarioError, match="strategies"):
        decide_behaviour(white_noise(Scenario.of([(2,) * 9, (2,) * 9], 1)))
