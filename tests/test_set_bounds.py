"""Bounds on the no-signalling set and on the local set: what verifies holds, and what is tampered with does not.

Any family of positive operators is a certificate of the functional that it defines; no-signalling rewritings of a
functional change nothing. Local bounds are decided: the least value over all deterministic strategies verifies and
nothing above it does.
"""

from dataclasses import replace
from fractions import Fraction

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.certificates.set_bounds import NoSignallingCertificate
from steeralg.constructions import s26
from steeralg.errors import FormatError, ScenarioError, VerificationError
from steeralg.exact.convert import numbers_from_sympy
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number
from steeralg.models.lhs import SteeringInequality
from steeralg.objects.assemblage import white_noise
from steeralg.objects.functional import Functional
from steeralg.objects.local_model import HiddenState, LocalModel
from steeralg.objects.scenario import Scenario
from tests.strategies import KINDS, deterministic_elements, functionals, hermitian, matrices, models, pr_boxes, states

every_kind = pytest.mark.parametrize("name", KINDS)
BELL = Scenario.of([(2, 2), (2, 2)])
CHSH = Functional(BELL, {(a, x): Matrix.rational([[-((-1) ** (sum(a) + x[0] * x[1]))]]) for a, x in BELL.labels()})
TINY = Fraction(1, 10**12)


def complete(scenario):
    return replace(scenario, instrumental=False)


@st.composite
def certificates(draw, scenario):
    """A positive dual and a bound; what falls on y != a cancels where only y = a is observed."""
    home, bound = complete(scenario), Fraction(draw(st.integers(-3, 3)), 2)
    dual, elements = {}, {}
    for label in home.labels():
        order = home.order(label)
        k = draw(matrices(order, 1))
        seen = label[:2] if scenario.instrumental else label
        if scenario.instrumental and label[0][0] != label[2]:
            continue
        dual[label] = elements[seen] = k @ k.adjoint
    label = next(iter(scenario.labels()))
    for a in scenario.outcomes(label[1]):
        place = scenario.label(a, label[1])
        elements[place] = elements[place] + Matrix.identity(scenario.order(place)).scale(bound)
    return NoSignallingCertificate(Functional(scenario, elements), bound, dual)


@every_kind
def test_positive_families_are_certificates_and_their_bounds_hold(name):
    scenario = KINDS[name]

    @given(certificates(scenario), models(scenario))
    @settings(deadline=None, max_examples=5)
    def check(certificate, model):
        certificate.verify()
        for sigma in (model.assemblage, white_noise(scenario)):
            assert not certificate.functional.value(sigma) < Number.of(certificate.bound)

    check()


@every_kind
def test_a_certificate_with_another_bound_or_a_changed_operator_is_refused(name):
    scenario = KINDS[name]

    @given(certificates(scenario), st.data())
    @settings(deadline=None, max_examples=5)
    def check(certificate, data):
        label = data.draw(st.sampled_from(sorted(certificate.dual)))
        order = certificate.dual[label].rows
        moved = {label: certificate.dual[label] + Matrix.unit(order, 0, 0).scale(TINY)}
        missing = {k: m for k, m in certificate.dual.items() if k != label or m.is_zero}
        changes = [{"bound": certificate.bound + TINY}, {"bound": certificate.bound - TINY}]
        changes.append({"dual": {**certificate.dual, **moved}})
        if len(missing) < len(certificate.dual):
            changes.append({"dual": missing})
        for change in changes:
            with pytest.raises(VerificationError, match="differs"):
                replace(certificate, **change).verify()

    check()


@every_kind
def test_a_dual_that_is_not_positive_is_refused(name):
    scenario = KINDS[name]
    label = next(iter(complete(scenario).labels()))
    negative = -Matrix.unit(complete(scenario).order(label), 0, 0)
    functional = Functional(scenario, {label[:2] if scenario.instrumental else label: negative})
    with pytest.raises(VerificationError, match="not positive"):
        NoSignallingCertificate(functional, Fraction(0), {label: negative}).verify()


@given(hermitian(2).filter(lambda m: not m.is_zero), st.sampled_from([0, 1]))
@settings(deadline=None, max_examples=15)
def test_the_functional_may_be_rewritten_by_no_signalling(operator, outcome):
    """sum_b F sigma[a b|x y] is the same for all y: moving F from one y to another changes nothing."""
    scenario = Scenario.of([(2, 2), (2, 2)], 2)
    first = {((outcome, b), (1, 0)): operator for b in (0, 1)}
    second = {((outcome, b), (1, 1)): -operator for b in (0, 1)}
    zero = Functional(scenario, first | second)
    NoSignallingCertificate(zero, Fraction(0), {}).verify()
    with pytest.raises(VerificationError):
        NoSignallingCertificate(Functional(scenario, first), -TINY, {}).verify()


def test_chsh_is_at_least_minus_four_and_the_pr_box_reaches_it():
    dual = {label: m + Matrix.identity(1) for label, m in CHSH.elements.items()}
    NoSignallingCertificate(CHSH, Fraction(-4), dual).verify()
    box = pr_boxes(2, Matrix.identity(1))
    assert CHSH.value(box).fraction() == -4


def test_a_bound_may_be_irrational():
    (root,) = numbers_from_sympy([sympy.sqrt(2)])
    scenario = Scenario.of([(2,)], 1)
    functional = Functional(scenario, {((0,), (0,)): Matrix.rational([[2]]), ((1,), (0,)): Matrix.rational([[2]])})
    rest = Matrix.rational([[2]]) - Matrix.identity(1).scale(root)
    dual = {((a,), (0,)): rest for a in (0, 1)}
    NoSignallingCertificate(functional, root, dual).verify()
    with pytest.raises(VerificationError):
        NoSignallingCertificate(functional, root + Number.of(TINY), dual).verify()


def test_labels_of_the_dual_belong_to_the_complete_scenario():
    scenario = KINDS["instrumental"]
    functional = Functional(scenario, {})
    with pytest.raises(FormatError):
        NoSignallingCertificate(functional, Fraction(0), {((0,), (0,)): Matrix.zero(2, 2)}).verify()
    NoSignallingCertificate(functional, Fraction(0), {((0,), (0,), 1): Matrix.zero(2, 2)}).verify()


# ---- local bounds ----------------------------------------------------------------------------------------------------
def strategies_sum(functional, chosen):
    """What a deterministic strategy makes of a functional: an operator of the trusted party."""
    dim = functional.scenario.dim
    found = Matrix.zero(dim, dim)
    for (a, x, *_), matrix in functional.elements.items():
        if all(box[s] == o for box, s, o in zip(chosen, x, a, strict=True)):
            found = found + matrix
    return found


@given(functionals(KINDS["bell"]))
@settings(deadline=None, max_examples=30)
def test_the_least_value_of_all_strategies_is_the_local_bound(functional):
    chosen = deterministic_elements(functional.scenario)
    least = min(strategies_sum(functional, strategy).entry(0, 0).fraction() for strategy in chosen)
    SteeringInequality(functional, least)
    with pytest.raises(VerificationError):
        SteeringInequality(functional, least + TINY)


@given(functionals(KINDS["two boxes"]), st.fractions(-60, 0, max_denominator=4))
@settings(deadline=None, max_examples=25)
def test_a_local_bound_of_a_qubit_is_decided_by_determinants(functional, bound):
    """A Hermitian matrix of order 2 is positive if and only if its trace and its determinant are not negative."""
    holds = True
    for chosen in deterministic_elements(functional.scenario):
        m = strategies_sum(functional, chosen) - Matrix.identity(2).scale(bound)
        determinant = m.entry(0, 0) * m.entry(1, 1) - m.entry(0, 1) * m.entry(1, 0)
        holds = holds and m.trace().sign() >= 0 and determinant.sign() >= 0
    if holds:
        SteeringInequality(functional, bound)
    else:
        with pytest.raises(VerificationError):
            SteeringInequality(functional, bound)


@pytest.mark.parametrize(
    ("functional", "bound"),
    [(CHSH, -2), (s26.prop_16_chsh(), -2), (s26.guess_your_neighbours_input(), -1)],
    ids=["CHSH", "CHSH of two in three", "guess your neighbour's input"],
)
def test_local_bounds_of_the_literature(functional, bound):
    """Clauser, Horne, Shimony, Holt (1969); Almeida et al., Phys. Rev. Lett. 104, 230404 (2010)."""
    SteeringInequality(functional, Fraction(bound))
    with pytest.raises(VerificationError, match="strategy"):
        SteeringInequality(functional, bound + TINY)


@given(st.sampled_from(list(deterministic_elements(BELL))), st.sampled_from(list(deterministic_elements(BELL))))
def test_local_models_obey_local_bounds(first, second):
    hidden = (Matrix.rational([[Fraction(1, 2)]]),)
    sigma = LocalModel((HiddenState(first, hidden), HiddenState(second, hidden))).assemblage(BELL)
    assert -2 <= CHSH.value(sigma).fraction() <= 2


@given(states((2,)))
@settings(max_examples=10)
def test_a_pr_box_violates_a_local_bound_whatever_its_state(state):
    scenario = Scenario.of([(2, 2)] * 2, 2)
    lifted = Functional(
        scenario, {label: Matrix.identity(2).scale(m.trace().fraction()) for label, m in CHSH.elements.items()}
    )
    SteeringInequality(lifted, Fraction(-2))
    assert lifted.value(pr_boxes(2, state.matrix)).fraction() == -4


@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if len(kind.views) > 1])
def test_scenarios_with_several_views_are_refused(name):
    with pytest.raises(ScenarioError):
        SteeringInequality(Functional(KINDS[name], {}), Fraction(-1))


def test_too_many_strategies_are_refused():
    few, many = Scenario.of([(2,) * 16]), Scenario.of([(2,) * 16, (2,)])
    with pytest.raises(ScenarioError):
        SteeringInequality(Functional(many, {}), Fraction(-1))
    with pytest.raises(VerificationError):
        SteeringInequality(Functional(few, {}), Fraction(1))
