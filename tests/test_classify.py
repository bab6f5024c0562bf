"""Classification: what is said of an assemblage is proved, the strongest there is, and its proof file is accepted by
the independent checker, whatever the scenario. Noise is local; noisy Pauli measurements on a GHZ state are steerable
and quantum; PR boxes and two Bobs that both are perfectly correlated are postquantum; rounds are quantum. The time
limit is kept between stages and between the solver's attempts, and what was left out is remarked.
"""

import time
from dataclasses import replace
from fractions import Fraction

import pytest
import sympy

from steeralg.certificates import classify as module
from steeralg.certificates import compose
from steeralg.certificates.classify import Classification, Kind, classify
from steeralg.certificates.compose_classify import classification_proof
from steeralg.certificates.families import Parent
from steeralg.certificates.membership import certify
from steeralg.certificates.negativity import NegativityBracket
from steeralg.certificates.negativity_upper import NegativityAtMost, negative_part
from steeralg.certificates.robustness import robustness
from steeralg.constructions import shsa20
from steeralg.errors import InputError, LevelError, ScenarioError
from steeralg.exact.convert import as_matrices
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number, as_bound, as_number
from steeralg.maps.library import identity
from steeralg.objects.assemblage import Assemblage, white_noise
from steeralg.objects.devices import Devices, Operator, born
from steeralg.objects.measurement import POVM
from steeralg.objects.pseudo import hermitian_realisation
from steeralg.objects.realisation import Realisation
from steeralg.objects.scenario import Scenario
from steeralg.objects.sequential import SequentialDevices, sequential_born
from steeralg.objects.state import State
from steeralg.verdict import Undecided
from tests.judges import accepted
from tests.model_proofs import GHZ, HALF, LESS, PR, ROUNDS, STEERED, X, Y, Z, luders
from tests.strategies import KINDS, pr_boxes
from tests.test_families import monogamy, orthogonal


def noisy(sigma, weight):
    return sigma.mix(white_noise(sigma.scenario), Fraction(weight))


def classified(sigma, kind, *rules, **options):
    """The classification of this kind, and its proof with just these statements; both judges accept it."""
    found = classify(sigma, **options)
    assert found.kind is kind, str(found)
    proof = classification_proof("n", "s", found)
    assert (proof is None) == (not rules)
    if proof is not None:
        proof.verify()
        assert accepted(proof)
        assert [statement.rule for statement in proof.statements] == list(rules)
    return found, proof


BOX = PR.mix(white_noise(PR.scenario), as_bound(as_number(LESS) * Number.of(HALF)))
"""A PR box with an irrational weight of noise, about 0.207."""


def ghz(settings):
    return Assemblage.from_state(GHZ, settings)


# ---- what is said ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", KINDS)
def test_noise_is_local_in_every_scenario(name):
    found, _ = classified(white_noise(KINDS[name]), Kind.LOCAL, "assemblage", "local")
    assert found.is_quantum and found.is_settled and found.remarks == ()
    assert found.robustness is found.negativity is None  # both are 0
    assert str(found) == "it has a local hidden state model"


@pytest.mark.parametrize(("weight", "kind"), [("1/2", Kind.LOCAL), ("3/10", Kind.LOCAL), ("1/10", Kind.QUANTUM)])
def test_a_noisy_pair_is_quantum_and_steerable_or_local(weight, kind):
    """Two orthogonal measurements: local from 1 - 1/sqrt2 = 0.2929 of noise on."""
    rules = ("quantum", "nonlocal") if kind is Kind.QUANTUM else ("local",)
    found, _ = classified(noisy(STEERED, weight), kind, "assemblage", *rules)
    assert isinstance(found.quantum, Realisation) == (kind is Kind.QUANTUM)
    assert ("a steering inequality is violated" in str(found)) == (kind is Kind.QUANTUM)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("sigma", "trusted"),
    [
        (noisy(ghz([[X, Z], [Z, X]]), "1/20"), 2),
        (noisy(ghz([[X, Y], [X, Y]]), "1/20"), 2),
        (noisy(PR, "7/20"), 1),
    ],
    ids=["GHZ", "GHZ, complex", "CHSH"],
)
def test_two_black_boxes_with_a_realisation(sigma, trusted):
    """CHSH = 2.6 and conditional states of a GHZ state: no local model, but a state that the search finds."""
    found, _ = classified(sigma, Kind.QUANTUM, "assemblage", "quantum", "nonlocal")
    assert isinstance(found.quantum, Realisation) and sigma.scenario.dim == trusted
    assert found.robustness is found.negativity is None
    assert found.quantum.assemblage(sigma.scenario).agrees_with(sigma)
    assert "it is quantum: a realisation was found" in str(found)


def test_a_pr_box_is_postquantum_with_both_distances():
    """White noise of 1 - 1/sqrt2, negativity (sqrt2 - 1)/2."""
    rules = ("postquantum", "mixture", "assemblage", "postquantum", "negativity-at-least", "negativity-at-most")
    found, _ = classified(PR, Kind.POSTQUANTUM, "assemblage", *rules, digits=2)
    assert found.is_settled and not found.is_quantum and found.remarks == ()
    for low, high, exact in (
        (found.robustness.lower, found.robustness.upper, 1 - 1 / sympy.sqrt(2)),
        (found.negativity.lower.fraction(), found.negativity.upper.fraction(), (sympy.sqrt(2) - 1) / 2),
    ):
        assert sympy.Rational(str(low)) < exact < sympy.Rational(str(high))
        assert high - low < Fraction(2, 100)
    first, white, negative = str(found).splitlines()
    assert first == "it is postquantum" and white.startswith("weight of white noise: r in [0.29")
    assert negative.startswith("steering negativity: negativity in [0.20")


def test_brackets_may_be_left_out():
    found, _ = classified(PR, Kind.POSTQUANTUM, "assemblage", "postquantum", brackets=False)
    assert found.robustness is found.negativity is None and str(found) == "it is postquantum"


def test_two_bobs_are_postquantum():
    """Several trusted parties: whether a parent exists is exact both ways; a negativity there is not."""
    mixed = ("mixture", "assemblage", "postquantum", "mixture", "quantum")
    found, _ = classified(monogamy(), Kind.POSTQUANTUM, "assemblage", "postquantum", *mixed, digits=2)
    assert found.negativity is None and isinstance(found.robustness.above, Parent)
    near, _ = classified(noisy(monogamy(), "295/1000"), Kind.LOCAL, "assemblage", "local")
    assert near.is_quantum


def test_several_parties_that_share_a_parent():
    """One Bob with all of the pair, the other one with noise: steerable, and quantum by a parent."""
    scenario, noise = Scenario.of([(2, 2)], [2, 2]), white_noise(STEERED.scenario)
    table = {(a, x, k): (STEERED, noise)[k].elements[a, x] for a, x, k in scenario.labels()}
    one = Assemblage(scenario, table)
    found, _ = classified(one, Kind.QUANTUM, "assemblage", "quantum", "nonlocal")
    assert isinstance(found.quantum, Parent)


def test_a_trusted_party_with_input():
    """SHSA20's PR box with an input of the trusted party; pairs with noise are steerable and not refuted."""
    classified(shsa20.pr(), Kind.POSTQUANTUM, "assemblage", "postquantum", brackets=False)
    both = noisy(STEERED.with_input([identity(2), identity(2)]), "1/10")
    found, _ = classified(both, Kind.NOT_REFUTED, "assemblage", "nonlocal", brackets=False)
    assert not found.is_quantum and not found.is_settled and found.in_level is not None
    assert str(found).startswith("the level does not refute it (level almost quantum)\nit has no local hidden state")


def test_instrumental_data():
    """The outcome is the input: postquantum, local, and what nobody can show."""
    found, _ = classified(shsa20.instrumental(), Kind.POSTQUANTUM, "assemblage", "postquantum", brackets=False)
    assert found.parent is not None
    found, proof = classified(orthogonal(HALF), Kind.NOT_GENERAL, "signalling")
    assert found.is_settled and not found.is_quantum and found.robustness is None
    assert proof.name == "n" and "no no-signalling assemblage" in str(found)


def test_rounds_are_quantum():
    """No stage about independent boxes says anything, not even a remark."""
    devices = SequentialDevices(((luders(X), luders(Y)),), (Z, Y))
    for sigma in (white_noise(ROUNDS), sequential_born(ROUNDS, State.pure([1, 0, 0, 1], (2, 2)), devices)):
        found, _ = classified(sigma, Kind.QUANTUM, "assemblage", "quantum")
        assert found.remarks == () and found.steering is None and found.robustness is None


def test_rounds_that_are_too_many_to_realise_are_undecided(monkeypatch):
    def fail(sigma):
        raise ScenarioError("too large")

    monkeypatch.setattr(module, "sequential_realisation", fail)
    found, proof = classified(white_noise(ROUNDS), Kind.UNDECIDED)
    assert found.remarks == ("a realisation: too large",) and proof is None


# ---- time ------------------------------------------------------------------------------------------------------------
def slowly(message):
    time.sleep(0.6)


def test_the_time_limit_stops_between_attempts_and_stages():
    """Two reports take more than a second: the third one stops its stage, and the rest is not begun."""
    start = time.monotonic()
    found = classify(noisy(PR, "7/20"), seconds=1, progress=slowly)
    assert time.monotonic() - start < 6
    assert any("stopped, the time was up" in remark or "no time left" in remark for remark in found.remarks)
    assert any(remark == "robustness: no time left" for remark in found.remarks)
    assert found.robustness is None and all(remark in str(found) for remark in found.remarks)


def test_what_was_found_in_time_is_kept_without_remarks_about_what_is_settled(monkeypatch):
    """A stage that takes all the time settles the question: nothing is missing."""

    def late(found, progress):
        time.sleep(1.1)
        return replace(found, quantum=Parent(PR, PR))

    monkeypatch.setattr(module, "_general", late)
    found = classify(PR, seconds=1)
    assert found.kind is Kind.QUANTUM and found.remarks == ()


def test_a_settled_question_without_time_for_brackets(monkeypatch):
    proof = certify(PR, 1).witness

    def late(found, progress):
        time.sleep(1.1)
        return replace(found, postquantum=proof)

    monkeypatch.setattr(module, "_general", late)
    found, _ = classified(PR, Kind.POSTQUANTUM, "assemblage", "postquantum", seconds=1)
    assert found.remarks == ("robustness: no time left", "negativity: no time left")


def test_instrumental_data_without_time_for_more_than_a_parent():
    found, proof = classified(
        shsa20.instrumental(), Kind.UNDECIDED, seconds=1, progress=lambda message: time.sleep(1.1)
    )
    assert found.parent is not None and proof is None and len(found.remarks) == 5


@pytest.mark.parametrize("options", [{"seconds": 0}, {"seconds": -3}, {"digits": 0}, {"digits": 10}])
def test_times_and_digits_out_of_range_are_refused(options):
    with pytest.raises(InputError, match=next(iter(options))):
        classify(PR, **options)


@pytest.mark.parametrize("level", ["x", "1+AC", 0, 99, "1+"])
def test_levels_that_say_nothing_are_refused_at_once(level):
    """Even of data that are local, where no level would be asked."""
    with pytest.raises(LevelError):
        classify(white_noise(PR.scenario), level)


# ---- what is left open -----------------------------------------------------------------------------------------------
def test_stages_that_fail_are_remarked(monkeypatch):
    def undecided(sigma, progress):
        return Undecided("tired")

    monkeypatch.setattr(module, "decide_local", undecided)
    found = classify(noisy(STEERED, "1/2"), brackets=False)
    assert found.kind is Kind.QUANTUM and found.remarks == ("local hidden states: tired",)
    assert str(found).splitlines()[-1] == "local hidden states: tired"


def test_general_data_that_stay_undecided(monkeypatch):
    """A local model has a parent, too; without any nothing is stated."""
    for name in ("find_parent", "extend"):
        monkeypatch.setattr(module if name == "find_parent" else compose, name, lambda *_, **__: Undecided("tired"))
    sigma = white_noise(Scenario.of([(2, 2)], 2, 2, True))
    found, _ = classified(sigma, Kind.LOCAL, "assemblage", "local")
    assert found.remarks == ("whether the instrumental data are general was not decided",)
    assert classification_proof("n", "s", replace(found, local=None)) is None


def test_nothing_found_has_no_proof():
    assert classification_proof("n", "s", Classification(PR, 1)) is None
    assert str(Classification(PR, 1)) == "whether it is quantum is undecided"


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({}, Kind.UNDECIDED),
        ({"in_level": 1}, Kind.NOT_REFUTED),
        ({"in_level": 1, "postquantum": 1}, Kind.POSTQUANTUM),
        ({"in_level": 1, "steering": 1, "quantum": 1}, Kind.QUANTUM),
        ({"quantum": 1, "local": 1}, Kind.LOCAL),
        ({"steering": 1, "parent": 1, "robustness": 1}, Kind.UNDECIDED),
        ({"not_general": 1}, Kind.NOT_GENERAL),
    ],
)
def test_the_strongest_statement_counts(fields, kind):
    assert Classification(PR, 1, **fields).kind is kind


# ---- fields ----------------------------------------------------------------------------------------------------------
def test_data_over_a_field():
    """An irrational weight of noise."""
    sigma = STEERED.mix(white_noise(STEERED.scenario), LESS)
    assert not sigma.field.is_rational
    classified(sigma, Kind.LOCAL, "assemblage", "local")
    _, proof = classified(BOX, Kind.POSTQUANTUM, "assemblage", "postquantum", brackets=False)
    assert proof.field == BOX.field and not BOX.field.is_rational


def test_a_realisation_over_a_larger_field():
    """A square root that the data do not have: the assemblage is written over the field of the realisation."""
    third = Fraction(1, 3)
    weights = Matrix.rational([[third, 0], [0, 1 - third]])
    up = [Matrix.rational([[third, 0], [0, 0]]), Matrix.rational([[0, 0], [0, 1 - third]])]
    tilted = [(weights + m).scale(HALF) for m in ENTANGLED]
    sigma = Assemblage(Scenario.of([(2, 2)], 2), {((a,), (x,)): (up, tilted)[x][a] for x in (0, 1) for a in (0, 1)})
    found = classify(sigma)
    proof = classification_proof("n", "s", found)
    proof.verify()
    assert accepted(proof) and found.kind is Kind.QUANTUM
    assert found.quantum.assemblage(sigma.scenario).agrees_with(sigma)


ENTANGLED = [Matrix.rational([[0, s * Fraction(2, 5)], [s * Fraction(2, 5), 0]]) for s in (1, -1)]


def test_what_needs_another_field_is_left_out():
    """An operator turned by a root of 3, for data over Q(sqrt2): everything else is stated."""
    for sigma, rules, degree in (
        (BOX, ["assemblage", "postquantum"], 2),
        (PR, ["assemblage", "postquantum", "negativity-at-most"], 2),
    ):
        bracket = NegativityBracket(sigma, None, turned(sigma))
        found = Classification(sigma, 1, postquantum=certify(sigma, 1).witness, negativity=bracket)
        proof = classification_proof("n", "s", found)
        proof.verify()
        assert accepted(proof)
        assert [s.rule for s in proof.statements] == rules and proof.field.degree == degree


def turned(sigma):
    """An operator behind the data, the first two states of the first box turned by 30 degrees."""
    operator, devices = hermitian_realisation(sigma)
    root = sympy.sqrt(3)
    rest, order = sympy.eye(operator.dims[0] - 2), operator.matrix.rows
    u = sympy.diag(sympy.Matrix([[root / 2, sympy.Rational(1, 2)], [-sympy.Rational(1, 2), root / 2]]), rest)
    wide = sympy.kronecker_product(u, sympy.eye(order // u.rows))
    first = [POVM.of([u * e.sympy() * u.T for e in povm.effects]) for povm in devices.measurements[0]]
    (matrix,) = as_matrices([(wide * operator.matrix.sympy() * wide.T).applyfunc(sympy.expand)])
    operator, devices = Operator(operator.dims, matrix), Devices.of([first, *devices.measurements[1:]])
    over_its_field = born(sigma.scenario, operator, devices)
    return NegativityAtMost.verified(over_its_field, operator, devices, negative_part(operator))


def test_the_ends_of_a_robustness_are_stated():
    """In the field of the data, after the postquantum statement."""
    found = classify(BOX, brackets=False)
    bracket = robustness(BOX, white_noise(BOX.scenario), 1, digits=2)
    proof = classification_proof("n", "s", replace(found, robustness=bracket))
    proof.verify()
    assert accepted(proof)
    assert [s.rule for s in proof.statements] == ["assemblage", "postquantum", "mixture", "assemblage", "postquantum"]


def test_qutrit_pr_boxes():
    """More outcomes, a trusted qubit in a product, another level."""
    sigma = pr_boxes(3, Matrix.identity(2).scale(HALF))
    found, _ = classified(sigma, Kind.POSTQUANTUM, "assemblage", "postquantum", level="1+AB", brackets=False)
    assert found.level == found.postquantum.level == "1+AB"
