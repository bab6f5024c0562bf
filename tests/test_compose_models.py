"""Proofs about models, thresholds and negativity, composed: what is stated is what was found, no more and no less, and
the independent checker accepts it. Thresholds known exactly (two orthogonal measurements of a maximally entangled pair:
1 - 1/sqrt2; the PR box: 1/2) and enclosed ones; the negativity of the PR box, (sqrt2 - 1)/2 (SAPHS18 Sec. 7).
"""

from dataclasses import replace
from fractions import Fraction

import pytest

from steeralg.certificates import compose_models
from steeralg.certificates.compose import Draft
from steeralg.certificates.compose_models import (
    local_threshold_proof,
    negativity_between,
    povm_local,
    projective_local,
    pseudo_local,
    realised,
)
from steeralg.certificates.negativity import NegativityBracket, negativity
from steeralg.errors import InputError, UndecidedError, VerificationError
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number, as_number
from steeralg.maps.library import identity
from steeralg.models.projective_locality import decide_projective_local
from steeralg.models.threshold import ThresholdBracket, local_threshold
from steeralg.objects.assemblage import Assemblage, white_noise
from steeralg.objects.devices import Devices
from steeralg.objects.ghjw import ghjw
from steeralg.objects.pseudo import pseudo_model
from steeralg.objects.qutrit import qutrit_extension
from steeralg.objects.realisation import Realisation
from steeralg.objects.sequential import sequential_realisation
from steeralg.verdict import Undecided
from tests.judges import accepted, holds, rejected, replaced
from tests.model_proofs import GHZ, HALF, PR, ROUNDS, STEERED, TINY, X, Z
from tests.test_families import monogamy

WHITE = white_noise(STEERED.scenario)
CLOSED = local_threshold(STEERED, WHITE)
OPEN = local_threshold(STEERED, WHITE, digits=2, exact=False)
PR_NEGATIVITY = negativity(PR, 1, digits=3)


def proved(draft_or_proof, *rules):
    """Both judges accept, and these are the rules of the statements; the proof."""
    proof = draft_or_proof.proof() if isinstance(draft_or_proof, Draft) else draft_or_proof
    proof.verify()
    assert accepted(proof)
    assert [statement.rule for statement in proof.statements] == list(rules)
    return proof


def draft_of(sigma):
    return Draft("n", "s", sigma.scenario, {"sigma": sigma})


# ---- models ----------------------------------------------------------------------------------------------------------
def test_a_pseudo_model_is_called_affine_where_it_is():
    model = pseudo_model(STEERED)
    for found, rule in ((model, "pseudo-local"), (model.affine(), "affine-local"), (pseudo_model(WHITE), None)):
        draft = draft_of(WHITE if rule is None else STEERED)
        number = pseudo_local(draft, "sigma", found)
        assert number == 0
        proved(draft, rule or ("affine-local" if found.is_affine else "pseudo-local"))


def test_what_is_not_claimed_is_only_proved():
    for compose in (pseudo_local, projective_local):
        model = pseudo_model(STEERED) if compose is pseudo_local else decide_projective_local(WHITE).witness
        draft = draft_of(STEERED if compose is pseudo_local else WHITE)
        compose(draft, "sigma", model, claimed=False)
        assert draft.statements == [] and len(draft.steps) == 1


def test_realisations_of_boxes_and_of_rounds():
    rounds = white_noise(ROUNDS)
    two = Realisation(GHZ, ((X, Z), (Z, X)))
    for sigma, by in (
        (STEERED, ghjw(STEERED)),
        (rounds, sequential_realisation(rounds)),
        (Assemblage.from_state(GHZ, [[X, Z], [Z, X]]), two),
    ):
        draft = draft_of(sigma)
        realised(draft, "sigma", by)
        proof = proved(draft, "quantum")
        assert set(proof.auxiliary) == {"sigma_rho", "sigma_devices"}


def test_a_realisation_with_channels():
    sigma = STEERED.with_input([identity(2), identity(2)])
    model = ghjw(STEERED)
    draft = draft_of(sigma)
    realised(draft, "sigma", Realisation(model.state, model.measurements, (identity(2), identity(2))))
    proved(draft, "quantum")


def test_a_realisation_of_other_data_is_rejected():
    draft = draft_of(STEERED)
    realised(draft, "sigma", ghjw(STEERED.mix(WHITE, HALF)))
    rejected(draft.proof())


def test_projective_and_povm_locality():
    """Of a noisy pair; for more visible data the responses fit no longer."""
    data = STEERED.mix(WHITE, Fraction(2, 5))
    model = decide_projective_local(data).witness
    draft = Draft("n", "s", data.scenario, {"data": data, "sigma": qutrit_extension(data)})
    projective_local(draft, "data", model)
    assert povm_local(draft, "sigma", "data", model) == 1
    proof = proved(draft, "projective-local", "povm-local")
    rejected(replaced(proof, "data", STEERED))


# ---- thresholds ------------------------------------------------------------------------------------------------------
def test_a_threshold_that_is_known_is_stated_exactly():
    proof = proved(local_threshold_proof("n", "s", CLOSED), "local-threshold")
    root = as_number(proof.statements[0].weight)
    # w = 1 - 1/sqrt2 is the root of 2 (1 - w)^2 = 1 below 1.
    rest = Number.of(1) - root
    assert (rest * rest - Number.of(HALF)).is_zero and rest.sign() > 0
    assert set(proof.objects) == {"sigma", "noise"} and set(proof.auxiliary) == {"high", "F"}


@pytest.mark.parametrize("data", [PR, monogamy()], ids=["rational", "several views"])
def test_thresholds_of_behaviours_and_of_several_parties(data):
    bracket = local_threshold(data, white_noise(data.scenario))
    assert bracket.is_closed
    proof = proved(local_threshold_proof("n", "s", bracket), "local-threshold")
    assert (proof.statements[0].weight == HALF) == (data is PR)


def test_a_threshold_with_other_noise():
    """The PR box and its negation: half of each is white noise."""
    other = Assemblage(PR.scenario, {(a, x): PR.elements[(1 - a[0], a[1]), x] for a, x in PR.scenario.labels()})
    with pytest.raises(InputError, match="local"):
        local_threshold(PR, other)
    noise = PR.mix(other, HALF)
    proof = proved(local_threshold_proof("n", "s", local_threshold(PR, noise)), "local-threshold")
    assert proof.statements[0].weight == HALF


ENDS = ("mixture", "local", "mixture", "assemblage", "nonlocal")


def test_an_open_bracket_states_both_ends():
    """Whatever lies between them is left open: a local mixture, and one with less noise that is not."""
    assert not OPEN.is_closed
    proof = proved(local_threshold_proof("n", "s", OPEN), *ENDS)
    high, _, low, *_ = proof.statements
    assert (low.weight, high.weight) == (OPEN.lower, OPEN.upper)
    assert as_number(low.weight) < as_number(CLOSED.lower) < as_number(high.weight)


def test_an_end_that_is_only_just_met_is_moved():
    """A closed bracket's inequality with a wider bracket: at the lower end the mixture meets it with equality."""
    wide = ThresholdBracket(STEERED, WHITE, CLOSED.lower, CLOSED.below, OPEN.upper, OPEN.above)
    proof = proved(local_threshold_proof("n", "s", wide), *ENDS)
    weight = proof.statements[2].weight
    assert isinstance(weight, Fraction) and as_number(weight) < as_number(CLOSED.lower)
    assert as_number(CLOSED.lower) < Number.of(weight + TINY)


def test_local_data_need_no_noise():
    bracket = local_threshold(WHITE, STEERED.mix(WHITE, Fraction(2, 3)))
    proof = proved(local_threshold_proof("n", "s", bracket), "local")
    assert set(proof.objects) == {"sigma"} and bracket.upper == 0


def test_without_a_lower_end_only_the_local_mixture_is_stated():
    bracket = ThresholdBracket(STEERED, WHITE, Fraction(0), None, OPEN.upper, OPEN.above)
    proof = proved(local_threshold_proof("n", "s", bracket), "mixture", "local")
    assert proof.statements[0].weight == OPEN.upper


def test_noise_whose_model_is_not_found_leaves_the_threshold_open(monkeypatch):
    monkeypatch.setattr(compose_models, "decide_local", lambda noise: Undecided("tired"))
    with pytest.raises(UndecidedError, match="noise"):
        local_threshold_proof("n", "s", CLOSED)


# ---- negativity ------------------------------------------------------------------------------------------------------
def bracketed(bracket):
    draft = draft_of(bracket.assemblage)
    negativity_between(draft, "sigma", bracket)
    return draft


def test_the_negativity_of_the_pr_box():
    """(sqrt2 - 1)/2 = 0.20710678.."""
    proof = proved(bracketed(PR_NEGATIVITY), "negativity-at-least", "negativity-at-most")
    low, high = (as_number(statement.bound) for statement in proof.statements)
    exact = Fraction(20710678, 10**8)
    assert low < Number.of(exact + TINY * 10) and Number.of(exact) < high
    assert (high - low) < Number.of(Fraction(2, 1000))
    assert set(proof.auxiliary) == {"sigma_G", "sigma_minus_G", "sigma_W", "sigma_W_devices"}


def test_only_what_was_found_is_stated():
    lower, upper = (replace(PR_NEGATIVITY, **{end: None}) for end in ("above", "below"))
    proved(bracketed(lower), "negativity-at-least")
    proved(bracketed(upper), "negativity-at-most")
    assert bracketed(NegativityBracket(PR, None, None)).steps == []


def test_quantum_data_have_no_negativity():
    """The lower end, 0, goes without saying."""
    bracket = negativity(STEERED)
    assert bracket.is_closed
    proof = proved(bracketed(bracket), "negativity-at-most")
    assert proof.statements[0].bound == 0


def test_channels_have_to_be_applied_first():
    above = PR_NEGATIVITY.above
    devices = Devices(above.devices.measurements, (identity(1),))
    bracket = NegativityBracket(PR, None, replace(above, devices=devices))
    with pytest.raises(InputError, match="channels"):
        bracketed(bracket)


def test_an_end_about_other_data_is_rejected():
    sigma = PR.mix(white_noise(PR.scenario), Fraction(1, 10))
    draft = draft_of(sigma)
    negativity_between(draft, "sigma", PR_NEGATIVITY)
    assert not holds(draft.proof()) and not accepted(draft.proof())
    with pytest.raises(VerificationError):
        replace(PR_NEGATIVITY, assemblage=sigma).verify()


def test_a_part_that_is_too_small_is_rejected():
    above = PR_NEGATIVITY.above
    small = replace(above, negative=Matrix.zero(above.negative.rows, above.negative.rows))
    rejected(bracketed(NegativityBracket(PR, None, small)).proof())
