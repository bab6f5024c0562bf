"""Observed elements: their expectation in an explicit realisation is the number that the data give.

Letters become exact matrices (projectors of rational unitaries, matrix units U*(e_ij (x) 1)U), the state is exact, and
tr(rho X) of an observed element X has to be tr(F sigma[a|x]), with sigma steered, sent through the channels and
restricted step by step, in every kind of scenario. Beside it: linearity, adjoints, sums over outcomes, views and
settings that agree, special cases of one another, and the projectors of black boxes.
"""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.algebra.level import level_words
from steeralg.algebra.observed import embedded, expansion, observed_element, observed_words
from steeralg.algebra.word import Algebra, is_observable, projector_algebra
from steeralg.exact.matrix import Matrix
from steeralg.exact.tensor import kron
from steeralg.objects.functional import Functional
from steeralg.objects.scenario import Scenario
from tests import strategies as own
from tests.operators import (
    combination,
    exact_combination,
    linear_product,
    projector_letters,
    random_measurements,
    word_operator,
)
from tests.strategies import KINDS, functionals, hermitian, kinds, matrices

fast = settings(deadline=None, max_examples=40)
every_kind = pytest.mark.parametrize("scenario", KINDS.values(), ids=list(KINDS))


def expectation(model, terms):
    """tr(rho X) of X = sum w (x) Z_w under the model's letters."""
    if not terms:
        return 0
    return (model.state.matrix @ exact_combination(terms, model.effects)).trace().fraction()


@st.composite
def labelled(draw, count=1):
    """A projective model of any kind, with a label of its scenario and Hermitian operators of that label's view."""
    scenario = draw(kinds)
    model = draw(own.models(scenario, projective=True))
    label = draw(st.sampled_from(list(scenario.labels())))
    return model, label, [draw(hermitian(scenario.order(label))) for _ in range(count)]


@given(labelled())
@fast
def test_the_expectation_of_an_observed_element_is_the_trace_with_the_data(drawn):
    model, label, (operator,) = drawn
    found = expectation(model, observed_element(model.scenario, label, operator))
    assert found == operator.inner(model.assemblage.elements[label]).fraction()


@given(kinds.flatmap(lambda s: st.tuples(own.models(s, projective=True), functionals(s))))
@fast
def test_the_expectation_of_an_expanded_functional_is_its_value(drawn):
    model, functional = drawn
    assert expectation(model, expansion(functional)) == functional.value(model.assemblage).fraction()


@st.composite
def partially_labelled(draw):
    scenario = draw(kinds.filter(lambda s: not s.instrumental))
    model = draw(own.models(scenario, projective=True))
    a, x, *view = draw(st.sampled_from(list(scenario.labels())))
    kept = [draw(st.booleans()) for _ in a]
    partial = (*(tuple(v if k else None for v, k in zip(part, kept, strict=True)) for part in (a, x)), *view)
    return model, partial, draw(hermitian(scenario.order(partial)))


@given(partially_labelled())
@fast
def test_boxes_summed_over_are_marginals(drawn):
    model, partial, operator = drawn
    found = expectation(model, observed_element(model.scenario, partial, operator))
    assert found == operator.inner(model.assemblage.marginal(partial)).fraction()


def summed(tables):
    result = {}
    for table in tables:
        for word, m in table.items():
            result[word] = result[word] + m if word in result else m
    return {word: m for word, m in result.items() if not m.is_zero}


@given(kinds.flatmap(lambda s: st.tuples(st.just(s), st.sampled_from(list(s.labels())))), st.data())
@fast
def test_observed_elements_are_linear_and_their_adjoints_those_of_the_operator(drawn, data):
    scenario, label = drawn
    order, i = scenario.order(label), own.gaussian(0, 1)
    x, y = (data.draw(matrices(order, order)) for _ in range(2))
    combined = observed_element(scenario, label, x.scale(3) + y.scale(i))
    parts = [observed_element(scenario, label, m) for m in (x, y)]
    assert summed([combined]) == summed(
        [{w: m.scale(c) for w, m in part.items()} for part, c in zip(parts, (3, i), strict=True)]
    )
    adjoint = projector_algebra(scenario).adjoint
    starred = summed(
        {word: c} for v, m in parts[0].items() for word, c in stars(scenario, adjoint(v), m.adjoint).items()
    )
    assert starred == summed([observed_element(scenario, label, x.adjoint)])


def stars(scenario, word, matrix):
    """The word may hold last matrix units: multiply it out."""
    terms = projector_algebra(scenario).product(projector_algebra(scenario).one, word)
    return {w: matrix.scale(c) for w, c in terms.items()}


@every_kind
def test_observed_elements_are_made_of_observable_words_and_reach_all_of_them_unless_restricted(scenario):
    found = set()
    for label in scenario.labels():
        order = scenario.order(label)
        for i, j in product(range(order), repeat=2):
            terms = observed_element(scenario, label, Matrix.unit(order, i, j))
            assert all(is_observable(word) and not m.is_zero for word, m in terms.items())
            found |= set(terms)
    few = set(level_words(projector_algebra(scenario), "almost quantum"))
    assert found <= few and (scenario.instrumental or found == few)


@every_kind
def test_the_identity_does_not_depend_on_settings_or_views(scenario):
    """sum_a E[a|x] (x) 1 is 1 for every x and view; E[a|x] (x) 1 is the same for all views."""
    one = {projector_algebra(scenario).one: Matrix.identity(scenario.dim)}
    for x in scenario.settings():
        for v in range(len(scenario.views) if scenario.has_views else 1):
            labels = [scenario.label(a, x, v) for a in scenario.outcomes(x)]
            assert summed(ones(scenario, label) for label in labels) == one
    for label in scenario.labels():
        assert ones(scenario, label) == ones(scenario, scenario.label(*label[:2]))


def ones(scenario, label):
    return observed_element(scenario, label, Matrix.identity(scenario.order(label)))


@every_kind
def test_for_every_setting_and_view_outcomes_sum_to_the_operator_alone(scenario):
    if scenario.instrumental:
        return
    none = (None,) * len(scenario.black_boxes)
    for x, v in product(scenario.settings(), range(len(scenario.views))):
        order = scenario.views[v]
        unit = Matrix.unit(order, 0, order - 1)
        alone = observed_element(scenario, scenario.label(none, none, v), unit)
        assert alone == summed(observed_element(scenario, scenario.label(a, x, v), unit) for a in scenario.outcomes(x))


@pytest.mark.parametrize("dims", [(2, 1), (1, 2), (1, 2, 1)], ids=str)
def test_trusted_parties_of_dimension_one_add_nothing_but_their_traces(dims):
    several, one = Scenario.of([(2, 3)], list(dims)), Scenario.of([(2, 3)], 2)
    where = dims.index(2)
    for a, x in one.labels():
        for i, j in product(range(2), repeat=2):
            unit = Matrix.unit(2, i, j)
            assert observed_element(several, (a, x, where), unit) == observed_element(one, (a, x), unit)
        trace = observed_element(several, (a, x, 1 - where), Matrix.identity(1))
        assert trace == observed_element(one, (a, x), Matrix.identity(2))


def test_instrumental_elements_are_those_of_the_parent_with_the_outcome_as_input():
    for scenario in KINDS.values():
        if scenario.instrumental:
            for a, x in scenario.labels():
                order = scenario.order((a, x))
                unit = Matrix.unit(order, 0, order - 1)
                assert observed_element(scenario, (a, x), unit) == observed_element(scenario.parent, (a, x, a[0]), unit)


@given(kinds, st.data())
@fast
def test_a_partys_operator_stands_in_its_own_factor(scenario, data):
    view = data.draw(st.integers(0, len(scenario.views) - 1))
    operator = data.draw(hermitian(scenario.views[view]))
    if scenario.has_input:
        return
    ones = [Matrix.identity(d) for d in scenario.views]
    assert embedded(scenario, view, operator) == kron(*ones[:view], operator, *ones[view + 1 :])


# ---- the black boxes' part ---------------------------------------------------------------------------------------
PLAIN = [Scenario.of([(3, 2)], 1), Scenario.of([(3, 2), (1, 2)], 2), Scenario.of([(2, 2), (3,), (2, 2)], 1)]
every_plain = pytest.mark.parametrize("scenario", PLAIN, ids=str)


def box_projector(scenario, label):
    return Algebra.combine(observed_words(scenario, label))


@every_plain
def test_observed_words_are_the_measured_projectors(scenario):
    tables = [
        projector_letters(random_measurements(5 + k, box.outcomes, 3)) for k, box in enumerate(scenario.black_boxes)
    ]
    for a, x in scenario.labels():
        measured = word_operator(tuple((letter,) for letter in zip(x, a, strict=True)), tables)
        found = combination(box_projector(scenario, (a, x)), lambda word: word_operator(word, tables))
        assert abs(found - measured).max() < 1e-9


@every_plain
def test_observed_words_of_one_joint_setting_are_orthogonal_projectors_summing_to_one(scenario):
    algebra = projector_algebra(scenario)
    for x in scenario.settings():
        effects = {a: box_projector(scenario, (a, x)) for a in scenario.outcomes(x)}
        for a, b in product(effects, repeat=2):
            both = linear_product(algebra.product, effects[a], effects[b])
            assert both == (dict(effects[a]) if a == b else {})
        words = set().union(*effects.values())
        total = {word: sum(effect.get(word, 0) for effect in effects.values()) for word in words}
        assert {word: c for word, c in total.items() if c} == {algebra.one: 1}


def test_the_expansion_of_no_functional_is_nothing():
    assert expansion(Functional(KINDS["input"], {})) == {}


@pytest.mark.parametrize("name", ["input", "input, qutrit", "input, two boxes"])
def test_settings_with_the_same_channel_give_the_data_of_one_setting(name):
    """With the same U for every y the elements do not depend on y, and are those of the plain scenario."""
    scenario = KINDS[name]

    @given(own.models(scenario, projective=True))
    @settings(deadline=None, max_examples=5)
    def check(model):
        same = own.Model(scenario, model.state, model.measurements, [model.unitaries[0]] * len(scenario.views))
        plain = own.Assemblage.from_state(model.state, model.measurements, model.channel(model.unitaries[0]))
        for label, element in same.assemblage.elements.items():
            assert element == plain.elements[label[:2]]
            unit = Matrix.unit(element.rows, 0, element.rows - 1)
            hermitian_part = unit + unit.adjoint
            terms = observed_element(scenario, label, hermitian_part)
            assert expectation(same, terms) == hermitian_part.inner(plain.elements[label[:2]]).fraction()

    check()
