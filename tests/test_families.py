"""Parents and extensions: found or refuted, both exactly.

What an explicit realisation gives is never refuted, and mixed with white noise always has a parent, whose marginals
(or elements with y = a) are exactly the data. The monogamy example is refuted up to its known visibility, the
instrumental example up to Pearl's inequality, the examples of S26 as published. Independent elements make up families
again, in every kind of scenario.
"""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.certificates.families import NoExtension, exact_family, extend, family, find_parent
from steeralg.certificates.membership import Postquantum
from steeralg.certificates.restore import observed_data
from steeralg.constructions import s26, shsa20
from steeralg.errors import ScenarioError
from steeralg.exact.field import RATIONALS
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number
from steeralg.exact.tensor import partial_trace
from steeralg.objects.assemblage import Assemblage, white_noise
from steeralg.objects.functional import Functional
from steeralg.objects.scenario import Scenario
from steeralg.sdp.families import Families
from steeralg.verdict import Proved, Refuted
from tests.strategies import KINDS, kinds, models, pr_boxes, unitaries

OBSERVED = [name for name, kind in KINDS.items() if kind.parent != kind]
HALF, QUARTER = Fraction(1, 2), Fraction(1, 4)
PROJECTORS = [
    [Matrix.rational([[1, 0], [0, 0]]), Matrix.rational([[0, 0], [0, 1]])],
    [Matrix.rational([[HALF, HALF], [HALF, HALF]]), Matrix.rational([[HALF, -HALF], [-HALF, HALF]])],
]


def noisy(assemblage, weight):
    return assemblage.mix(white_noise(assemblage.scenario), Fraction(weight))


def shown(scenario, parent, label):
    """What is observed of a parent: the element with y = a, or the partial trace entry by entry."""
    a, x = label[:2]
    if scenario.instrumental:
        return parent.elements[a, x, a[0]]
    dims = [party.dim for party in scenario.trusted]
    return partial_trace(parent.elements[a, x], dims, [k for k in range(len(dims)) if k != label[2]])


def has_parent(assemblage):
    verdict = find_parent(assemblage)
    assert isinstance(verdict, Proved), verdict
    found, scenario = verdict.witness, assemblage.scenario
    assert found.assemblage is assemblage and found.parent.scenario == scenario.parent
    assert Assemblage(scenario.parent, dict(found.parent.elements)) == found.parent
    if scenario.parent != scenario:
        assert all(shown(scenario, found.parent, label) == m for label, m in assemblage.elements.items())
    assert found.proves_quantum == (len(scenario.black_boxes) == 1 and not scenario.has_input)
    return found


def refuted(assemblage):
    verdict = find_parent(assemblage)
    assert isinstance(verdict, Refuted), verdict
    found = verdict.witness
    found.certificate.verify()
    assert found.assemblage is assemblage
    value = found.certificate.functional.value(assemblage)
    assert value < Number.of(found.certificate.bound)
    if assemblage.scenario.instrumental:
        assert isinstance(found, NoExtension) and found.value == value
    else:
        assert isinstance(found, Postquantum) and found.exact_value == value
    return found


# ---- what has a parent -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", OBSERVED)
def test_explicit_realisations_with_white_noise_have_a_parent(name):
    @given(models(KINDS[name]))
    @settings(deadline=None, max_examples=8)
    def check(model):
        has_parent(noisy(model.assemblage, QUARTER))

    check()


@given(st.sampled_from(OBSERVED).flatmap(lambda name: models(KINDS[name])))
@settings(deadline=None, max_examples=15)
def test_explicit_realisations_are_never_refuted(model):
    assert not find_parent(model.assemblage).is_refuted


@given(kinds.filter(lambda kind: kind.parent == kind).flatmap(models))
@settings(deadline=None, max_examples=20)
def test_where_everything_is_observed_there_is_no_parent_to_look_for_but_for_one_black_box(model):
    """One black box without input: the data are their own parent, which proves that they are quantum (GHJW)."""
    scenario = model.assemblage.scenario
    if len(scenario.black_boxes) == 1 and not scenario.has_input:
        assert has_parent(model.assemblage).parent is model.assemblage
    else:
        with pytest.raises(ScenarioError):
            find_parent(model.assemblage)


@given(models(Scenario.of([(2, 2)], 2, 2)), st.sampled_from([0, HALF]))
@settings(deadline=None, max_examples=12)
def test_what_a_trusted_party_with_input_shows_is_extended(model, weight):
    """General by definition; with noise the extension is found, without it may lie on the boundary."""
    data = noisy(model.assemblage, weight).instrumental()
    verdict = extend(data)
    assert not verdict.is_refuted
    if weight:
        has_parent(data)


@pytest.mark.parametrize("weight", ["0", "1/10", "1/2"])
def test_postquantum_assemblages_with_input_are_general_too(weight):
    """No-signalling is all that an extension asks for: PR boxes, transposes, the example of SHSA20 Thm 8."""
    for sigma in (shsa20.pr(), shsa20.transposed()):
        has_parent(noisy(sigma, weight).instrumental())
    has_parent(noisy(shsa20.instrumental(), weight))


def test_probabilities_alone_are_always_general():
    """In dimension one the extension has the same probabilities for all y."""
    scenario = KINDS["instrumental, dimension one"]

    @given(models(scenario))
    @settings(deadline=None, max_examples=5)
    def check(model):
        data = model.assemblage
        found = has_parent(data).parent
        assert all(found.elements[a, x, y] == data.elements[a, x] for a, x, y in found.scenario.labels())

    check()


def test_example_7_and_prop_16_of_s26_are_quantum():
    """The Witworld assemblage of Example 7 is quantum, although its operator is no state."""
    for sigma in (s26.example_7(), noisy(s26.prop_16(), QUARTER)):
        assert has_parent(sigma).proves_quantum


# ---- what has none ---------------------------------------------------------------------------------------------------
def monogamy(dims=(2, 2)):
    """Every Bob is perfectly correlated with Alice in both Z and X."""
    scenario = Scenario.of([(2, 2)], dims)
    return Assemblage(scenario, {(a, x, k): PROJECTORS[x[0]][a[0]].scale(HALF) for a, x, k in scenario.labels()})


def test_maximal_correlations_are_monogamous():
    """Cloning: both Bobs may keep a visibility of 1/sqrt2 (phase-covariant cloning), so white noise decides at
    1 - 1/sqrt2 = 0.292893...
    """
    for weight in ("0", "0.1", "0.29", "0.2928"):
        refuted(noisy(monogamy(), weight))
    for weight in ("0.293", "0.3", "0.9", "1"):
        assert has_parent(noisy(monogamy(), weight)).proves_quantum


@given(unitaries(2), unitaries(2))
@settings(deadline=None, max_examples=6)
def test_local_unitaries_change_no_answer(u, v):
    turns = [u, v]

    def turned(sigma):
        return Assemblage(
            sigma.scenario,
            {label: turns[label[2]] @ m @ turns[label[2]].adjoint for label, m in sigma.elements.items()},
        )

    refuted(turned(noisy(monogamy(), "0.29")))
    has_parent(turned(noisy(monogamy(), "0.3")))


def test_two_of_three_correlated_parties_are_enough_and_one_alone_is_quantum():
    """Alice may be correlated with one Bob as much as she likes, the other one's state being his own."""
    refuted(monogamy((2, 2, 2)))
    scenario, flat = Scenario.of([(2, 2)], (2, 2)), Matrix.identity(2).scale(QUARTER)
    table = {(a, x, k): flat if k else PROJECTORS[x[0]][a[0]].scale(HALF) for a, x, k in scenario.labels()}
    has_parent(Assemblage(scenario, table))


@pytest.mark.parametrize("build", [s26.example_9, s26.example_10], ids=["example 9", "example 10"])
def test_the_examples_of_s26_with_one_black_box_are_refuted(build):
    found = refuted(build())

    @given(models(build().scenario))
    @settings(deadline=None, max_examples=10)
    def quantum_values_are_not_below(model):
        assert not found.certificate.functional.value(model.assemblage) < Number.of(found.certificate.bound)

    quantum_values_are_not_below()


def test_a_pr_box_beside_trusted_parties_has_a_parent_which_proves_nothing():
    """With two black boxes a parent is necessary only: the PR box times product states has one."""
    assert not has_parent(noisy(s26.example_5(), "1/10")).proves_quantum


def orthogonal(weight):
    """sigma[0|0] = |0><0|, sigma[0|1] = |1><1|, nothing else, with white noise."""
    scenario, zero = Scenario.of([(2, 2)], 2, 2, True), Matrix.zero(2, 2)
    table = {((a,), (x,)): zero if a else PROJECTORS[0][x] for a in (0, 1) for x in (0, 1)}
    return noisy(Assemblage(scenario, table), weight)


def test_outcomes_that_tell_the_setting_are_refuted_up_to_pearls_inequality():
    """Pearl (1995): p(0 0|0) + p(0 1|1) <= 1. The data have 2 (1 - w) + w/2, which is above 1 for w < 2/3."""
    pearl = Functional(Scenario.of([(2, 2)], 2, 2, True), {((0,), (x,)): -PROJECTORS[0][x] for x in (0, 1)})
    for weight, allowed in (("0", False), ("1/2", False), ("0.666", False), ("0.667", True), ("3/4", True)):
        data = orthogonal(weight)
        assert (pearl.value(data).fraction() >= -1) == allowed
        if allowed:
            has_parent(data)
        else:
            refuted(data)


def test_a_refutation_is_a_bound_on_all_general_data():
    certificate = refuted(orthogonal("1/4")).certificate

    @given(models(certificate.functional.scenario.parent))
    @settings(deadline=None, max_examples=15)
    def check(model):
        assert not certificate.functional.value(model.assemblage.instrumental()) < Number.of(certificate.bound)

    check()
    for sigma in (shsa20.pr(), white_noise(certificate.functional.scenario.parent)):
        assert not certificate.functional.value(sigma.instrumental()) < Number.of(certificate.bound)


@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if not kind.instrumental])
def test_only_instrumental_data_are_extended(name):
    with pytest.raises(ScenarioError):
        extend(white_noise(KINDS[name]))


# ---- families and their independent elements -------------------------------------------------------------------------
@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if not kind.instrumental])
def test_independent_elements_make_up_the_family_again(name):
    scenario = KINDS[name]
    families = Families(scenario, scenario)

    @given(models(scenario))
    @settings(deadline=None, max_examples=5)
    def check(model):
        values = observed_data(families.whole, model.assemblage)
        assert family(families, values) == dict(model.assemblage.elements)

    check()


@pytest.mark.parametrize("name", [name for name in OBSERVED if KINDS[name].views != (1,) * len(KINDS[name].views)])
def test_a_family_moved_away_is_brought_back_to_the_data_by_the_least_change(name):
    """Start from a parent of white noise: whatever the start, the result is a parent of the data or none."""
    scenario = KINDS[name]
    families = Families(scenario, scenario.parent)
    start = observed_data(families.whole, white_noise(scenario.parent))

    @given(models(scenario), st.integers(0, len(start) - 1))
    @settings(deadline=None, max_examples=5)
    def check(model, moved):
        data = noisy(model.assemblage, Fraction(15, 16))
        values = list(start)
        values[moved] = values[moved] + Number(RATIONALS, (1,), (0,), 1 << 60)
        found = exact_family(families, data, start)
        assert all(shown(scenario, found, label) == m for label, m in data.elements.items())
        other = exact_family(families, data, values)
        assert other is None or all(shown(scenario, other, label) == m for label, m in data.elements.items())

    check()


def test_a_family_that_is_not_positive_is_none():
    scenario = Scenario.of([(2, 2)], 2, 2, True)
    families = Families(scenario, replace(scenario, instrumental=False))
    start = observed_data(families.whole, white_noise(scenario.parent))
    assert exact_family(families, orthogonal(0), start) is None
    assert exact_family(families, orthogonal(1), start) == white_noise(scenario.parent)


def test_a_pr_box_is_not_taken_for_its_own_parent():
    with pytest.raises(ScenarioError):
        find_parent(pr_boxes(2, PROJECTORS[1][0]))
