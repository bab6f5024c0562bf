"""The rules on models, thresholds and negativity: every reason for which they refuse a step is met, and what the
library refuses the independent checker refuses, too; what cannot even be constructed is refused as a file.

Sequences of rounds are assemblages, mixtures and quantum, and nothing else is said of them.
"""

import ast
import inspect
import json
from dataclasses import replace
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.certificates import model_rules
from steeralg.certificates.compose import Draft
from steeralg.certificates.compose_models import realised
from steeralg.certificates.proof import read_proof
from steeralg.certificates.steps import Statement, Step
from steeralg.errors import VerificationError
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number, as_bound, as_number
from steeralg.maps.library import identity
from steeralg.objects.assemblage import Assemblage, white_noise
from steeralg.objects.devices import Devices, Operator, born
from steeralg.objects.directions import covers
from steeralg.objects.functional import Functional
from steeralg.objects.qutrit import qutrit_extension
from steeralg.objects.scenario import Scenario
from steeralg.objects.sequential import sequential_realisation
from steeralg.positivity.maps import choi_operator
from tests import model_proofs
from tests.judges import (
    CHECKER,
    accepted,
    accepted_as_file,
    changed,
    claim,
    holds,
    holds_as_file,
    rejected,
    replaced,
    restated,
)
from tests.map_proofs import positive
from tests.model_proofs import HALF, LESS, PAIR, PR, ROUNDS, STEERED, TINY, X, Z

PROOFS = {build.__name__: build() for build in model_proofs.BUILD}
INPUTS = STEERED.with_input([identity(2), identity(2)])


def number_of(proof, rule):
    """The number of the first step with this rule."""
    return next(k for k, step in enumerate(proof.steps) if step.statement.rule == rule)


def at(name, rule, /, **fields):
    """A proof with another statement in the step of a rule."""
    return restated(PROOFS[name], number_of(PROOFS[name], rule), **fields)


def carrying(name, rule, /, **evidence):
    """A proof with other evidence in the step of a rule."""
    return changed(PROOFS[name], number_of(PROOFS[name], rule), **evidence)


# ---- a proof for every reason ----------------------------------------------------------------------------------------
def another_model():
    model = PROOFS["threshold_irrational"].steps[1].model
    return carrying("pseudo", "pseudo-local", model=model)


def shares_of_one_view():
    bound = PROOFS["threshold"].steps[2].statement.bound
    return carrying("threshold", "local-bound", shares=((bound,),) * 16)


def citing(name, rule, place, other):
    """A proof that cites another step at one place."""
    proof = PROOFS[name]
    number = number_of(proof, rule)
    premises = proof.steps[number].premises
    return changed(proof, number, premises=(*premises[:place], other, *premises[place + 1 :]))


def lower_bound():
    """A local bound that is not tight at the mixture: there might be local models with less noise."""
    proof = PROOFS["threshold"]
    return restated(proof, 2, bound=proof.steps[2].statement.bound - 1)


def too_much_noise():
    """The mixture with more noise is local, too, but no threshold."""
    proof = PROOFS["threshold"]
    weight = Fraction(3, 4)
    data, noise = proof.objects["sigma"], proof.objects["noise"]
    model, white = proof.steps[1].model, proof.steps[3].model
    half = [replace(e, states=tuple(m.scale(HALF) for m in e.states)) for e in (*model.entries, *white.entries)]
    high = replaced(proof, "high", data.mix(noise, weight))
    steps = [*high.steps]
    for k in (0, 4):
        steps[k] = replace(steps[k], statement=replace(steps[k].statement, weight=weight))
    steps[1] = replace(steps[1], model=type(model)(tuple(half)))
    return replace(high, steps=tuple(steps), statements=(steps[4].statement,))


def indifferent():
    """A functional that says nothing does not say that the threshold is reached."""
    return restated(replaced(PROOFS["threshold"], "F", Functional(PR.scenario, {})), 2, bound=Fraction(0))


def other_data():
    other = qutrit_extension(white_noise(STEERED.scenario))
    return replaced(PROOFS["projective"], "sigma", other)


def of_inputs():
    """Two views: a state and devices with channels."""
    devices = Devices.of([[X, Z]], [identity(2), identity(2)])
    objects = {"sigma": INPUTS, "W": Operator((2, 2), PAIR.matrix), "M": devices}
    steps = [
        Step(Statement("born", assemblage="sigma", operator="W", devices="M")),
        Step(
            Statement("negativity-at-most", assemblage="sigma", bound=Fraction(0)),
            premises=(0,),
            witness=Matrix.zero(4, 4),
        ),
    ]
    return claim(INPUTS.scenario, objects, *steps)


def with_channels():
    """One view, and a channel all the same."""
    proof = PROOFS["negativity_irrational"]
    devices = proof.objects["M"]
    return replaced(proof, "M", Devices(devices.measurements, (identity(2),)))


def no_born():
    proof = PROOFS["negativity_irrational"]
    valid = Step(Statement("assemblage", assemblage="sigma"))
    return replace(proof, steps=(valid, proof.steps[1]), statements=(valid.statement, proof.steps[1].statement))


def negative(change):
    """A negative part changed."""
    return carrying("negativity", "negativity-at-most", witness=change(PROOFS["negativity"].steps[-1].witness))


def at_least_constant(functional):
    """A functional with one value on all quantum assemblages 'proves' any negativity."""
    draft = Draft("n", "s", PR.scenario, {"sigma": PR, "F": functional, "G": functional.scale(-1)})
    value = as_bound(functional.value(PR))
    valid = draft.valid("sigma")
    for name, bound in (("F", value), ("G", -value)):
        draft.step(Step(Statement("bound", functional=name, bound=bound), blocks=CONSTANT))
    statement = Statement("negativity-at-least", assemblage="sigma", bound=Fraction(7))
    draft.step(Step(statement, premises=(valid, 1, 2)), True)
    return draft.proof()


CONSTANT = tuple(
    replace(block, gram=block.gram - block.gram, factor=None) for block in PROOFS["negativity"].steps[1].blocks[:1]
)
"""A Gram matrix of zeros."""
ONES = {(a, (0, 0)): Matrix.identity(1) for a in product((0, 1), repeat=2)}

WRONG = {
    "no bound": (lambda: at("shared_parties", "local-bound", bound=None), "malformed statement"),
    "no negativity": (lambda: at("negativity", "negativity-at-most", bound=None), "malformed statement"),
    "shares of one view": (shares_of_one_view, "share of a single view"),
    "no model": (lambda: carrying("pseudo", "affine-local", model=None), "affine-local needs a model"),
    "another model": (another_model, "gives another assemblage"),
    "not affine": (lambda: at("pseudo", "pseudo-local", rule="affine-local"), "neither positive nor negative"),
    "affine is not local": (lambda: at("pseudo", "affine-local", rule="local"), "not positive"),
    "not the mixture": (lambda: citing("threshold", "local-threshold", 0, 1), "not the mixture"),
    "not the model of the mixture": (lambda: citing("threshold", "local-threshold", 1, 3), "and that it is local"),
    "not the weight": (lambda: at("threshold", "local-threshold", weight=Fraction(1, 3)), "not the mixture"),
    "no local bound": (lambda: citing("threshold", "local-threshold", 2, 0), "not a local bound"),
    "not the noise": (lambda: citing("threshold", "local-threshold", 3, 1), "that the noise is local"),
    "noise and data exchanged": (
        lambda: at("threshold", "local-threshold", noise="sigma", data="noise"),
        "not the mixture",
    ),
    "not tight": (lower_bound, "the mixture is above the bound"),
    "not the least": (too_much_noise, "the mixture is above the bound"),
    "indifferent": (indifferent, "the noise is not above the bound"),
    "no responses": (lambda: carrying("projective", "projective-local", witness=None), "model of the responses"),
    "hidden states, not responses": (
        lambda: carrying("projective", "projective-local", witness=(1, 2)),
        "needs a model",
    ),
    "responses of others": (
        lambda: replaced(PROOFS["projective"], "data", STEERED),
        "the responses to direction 0 at|the weights at",
    ),
    "not projective-local": (lambda: at("projective", "povm-local", data="sigma"), "not that the data are local"),
    "other data": (other_data, "not the qutrit extension"),
    "of a qubit": (lambda: at("projective", "povm-local", assemblage="data"), "not the qutrit extension"),
    "negativity of inputs": (of_inputs, "one trusted party without input"),
    "no Born rule": (no_born, "not that the Born rule"),
    "channels": (with_channels, "have no channels"),
    "no negative part": (lambda: negative(lambda n: None), "of the order of the operator"),
    "a negative part of another order": (lambda: negative(lambda n: Matrix.zero(1, 1)), "of the order of the operator"),
    "an indefinite part": (lambda: negative(lambda n: -n), "not positive semidefinite"),
    "a part that leaves some": (lambda: negative(lambda n: n.scale(1 - TINY)), "or what it leaves"),
    "a larger part": (lambda: negative(lambda n: n.scale(1 + TINY)), "larger trace"),
    "a part that is not Hermitian": (lambda: negative(lambda n: n + Matrix.unit(n.rows, 0, 1)), "Hermitian"),
    "of nothing valid": (lambda: citing("negativity", "negativity-at-least", 0, 1), "not that the assemblage is valid"),
    "no bound below": (lambda: citing("negativity", "negativity-at-least", 1, 0), "not bounds"),
    "no bound above": (lambda: citing("negativity", "negativity-at-least", 2, 0), "not bounds"),
    "one functional twice": (lambda: citing("negativity", "negativity-at-least", 2, 1), "not opposite"),
    "too large": (
        lambda: at(
            "negativity", "negativity-at-least", bound=PROOFS["negativity"].steps[3].statement.bound + Number.of(TINY)
        ),
        "prove less",
    ),
    "a functional of nothing": (lambda: at_least_constant(Functional(PR.scenario, {})), "no room"),
    "a functional of the trace": (lambda: at_least_constant(Functional(PR.scenario, ONES)), "no room"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_refused_for_its_reason(name):
    make, reason = WRONG[name]
    proof = make()
    with pytest.raises(VerificationError, match=reason):
        proof.verify()
    assert not accepted(proof)


def test_every_reason_of_the_rules_is_met():
    """By the constant part of its message."""
    messages = []
    for make, _ in WRONG.values():
        with pytest.raises(VerificationError) as caught:
            make().verify()
        messages.append(str(caught.value))
    raised = [n for n in ast.walk(ast.parse(inspect.getsource(model_rules))) if isinstance(n, ast.Raise)]
    for node in raised:
        constants = [n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
        assert any(max(constants, key=len) in message for message in messages), constants


def test_the_bounds_of_a_constant_functional_hold():
    """It is only the negativity that they do not prove."""
    proof = at_least_constant(Functional(PR.scenario, ONES))
    bounds = replace(proof, steps=proof.steps[:3], statements=(proof.steps[1].statement,))
    assert holds(bounds) and accepted(bounds)


def test_a_smaller_negativity_and_a_larger_one_are_proved_too():
    proof = PROOFS["negativity"]
    tiny = Number.of(TINY)
    for rule, change in (("negativity-at-least", -tiny), ("negativity-at-most", tiny)):
        number = number_of(proof, rule)
        bound = as_bound(as_number(proof.steps[number].statement.bound) + change)
        other = restated(proof, number, bound=bound)
        assert holds(other) and accepted(other)


# ---- other scenarios -------------------------------------------------------------------------------------------------
def test_a_negative_part_counts_for_any_operator_for_which_it_suffices():
    """A state is an operator without negative part, so that a bound of 0 is proved by zeros."""
    sigma = born(STEERED.scenario, Operator((2, 2), PAIR.matrix), Devices.of([[X, Z]]))
    draft = Draft("n", "s", sigma.scenario, {"sigma": sigma, "W": Operator((2, 2), PAIR.matrix)})
    draft.objects["M"] = Devices.of([[X, Z]])
    born_step = draft.born("sigma", "W", "M")
    for bound, good in ((Fraction(0), True), (Fraction(3), True), (-TINY, False)):
        statement = Statement("negativity-at-most", assemblage="sigma", bound=bound)
        step = Step(statement, premises=(born_step,), witness=Matrix.zero(4, 4))
        proof = claim(sigma.scenario, draft.objects, *draft.steps, step)
        assert holds(proof) == accepted(proof) == good


OTHERS = {
    "parent": Step(Statement("parent", assemblage="sigma", parent="sigma"), premises=(0,)),
    "local": Step(Statement("local", assemblage="sigma"), model=PROOFS["pseudo"].steps[1].model),
    "pseudo-local": Step(Statement("pseudo-local", assemblage="sigma"), model=PROOFS["pseudo"].steps[0].model),
    "affine-local": Step(Statement("affine-local", assemblage="sigma"), model=PROOFS["pseudo"].steps[1].model),
    "projective-local": Step(
        Statement("projective-local", assemblage="sigma"), witness=PROOFS["projective_irrational"].steps[0].witness
    ),
    "negativity-at-most": Step(
        Statement("negativity-at-most", assemblage="sigma", bound=Fraction(0)),
        premises=(2,),
        witness=Matrix.zero(4, 4),
    ),
    "image": Step(Statement("image", assemblage="sigma", data="sigma", maps="one")),
    "image of it": Step(Statement("image", assemblage="plain", data="sigma", maps="one")),
}


@pytest.mark.parametrize("rule", OTHERS)
def test_of_a_sequence_nothing_else_is_said(rule):
    """Not even where the same elements without the order of the rounds would do."""
    sigma, plain = white_noise(ROUNDS), white_noise(replace(ROUNDS, sequential=False))
    one = choi_operator(identity(2))
    objects = {"sigma": sigma, "plain": plain, "one": one, **PROOFS["sequential"].auxiliary}
    valid = [Step(Statement("assemblage", assemblage=name)) for name in ("sigma", "plain")]
    assert holds(claim(ROUNDS, objects, *valid)) and accepted(claim(ROUNDS, objects, *valid))
    rejected(claim(ROUNDS, objects, *valid, OTHERS[rule]))


def test_what_rounds_show_is_not_what_boxes_show():
    """A PR box in two rounds is quantum (SHSA20); its image under the identity is no image of separate boxes."""
    data = Assemblage(replace(PR.scenario, sequential=True), PR.elements)
    draft = Draft("n", "s", PR.scenario, {"sigma": PR, "data": data})
    quantum = realised(draft, "data", sequential_realisation(data))
    assert holds(draft.proof()) and accepted(draft.proof())
    draft.objects["one"] = choi_operator(identity(1))
    draft.statements.clear()
    premises = [quantum, draft.step(Step(Statement("image", assemblage="sigma", data="data", maps="one")))]
    premises.append(draft.step(Step(Statement("block-positive", operator="one"), witness=positive(identity(1)))))
    premises.append(draft.step(Step(Statement("trace-preserving", operator="one"))))
    draft.step(Step(Statement("quantum-correlations", assemblage="sigma"), premises=tuple(premises)), True)
    rejected(draft.proof())


def test_rounds_have_a_direction():
    """The second outcome may tell the first setting, the first outcome not the second one."""
    place = Scenario.of([(2, 2), (2, 2)], 1, sequential=True)
    one, none = Matrix.identity(1), Matrix.zero(1, 1)
    later = {(a, x): one if a == (0, x[0]) else none for a, x in place.labels()}
    proof = claim(place, {"sigma": Assemblage(place, later)}, Step(Statement("assemblage", assemblage="sigma")))
    assert holds(proof) and accepted(proof)
    data = json.loads(proof.to_bytes())
    elements = data["claim"]["objects"]["sigma"]["elements"]
    turned = {
        ",".join(reversed(k.split("|")[0].split(","))) + "|" + k.split("|")[1][::-1]: m for k, m in elements.items()
    }
    data["claim"]["objects"]["sigma"]["elements"] = turned
    bytes_ = json.dumps(data).encode()
    assert not holds_as_file(bytes_) and not accepted_as_file(bytes_)


# ---- files -----------------------------------------------------------------------------------------------------------
def file_of(name):
    value = json.loads(PROOFS[name].to_bytes())
    return value, value["proof"]["steps"]


def responses(change):
    """A file whose first responses are changed: a function of the step."""

    def make():
        value, steps = file_of("projective")
        change(next(step for step in steps if "responses" in step))
        return value

    return make


def weights(change):
    """The weights of the first entry changed."""

    def apply(step):
        step["responses"][0]["weights"] = change(step["responses"][0]["weights"])

    return responses(apply)


def devices(place, change):
    def make():
        value, _ = file_of("sequential_alone")
        found = value["claim"]["objects"]["M"]["measurements"]
        change(found[place])
        return value

    return make


def hidden(change):
    def make():
        value, steps = file_of("pseudo_views")
        change(next(step for step in steps if "model" in step)["model"][0])
        return value

    return make


def entries_of(setting):
    """Exchange the maps of two outcomes of a setting."""
    setting[0][0], setting[0][1] = setting[0][1], setting[0][0]


FILES = {
    "a direction too few": responses(lambda step: step["directions"].pop()),
    "a direction too many": responses(lambda step: step["directions"].append(["1", "0", "0"])),
    "directions too short": responses(lambda step: step["directions"].__setitem__(0, ["1", "0", "0"])),
    "directions that do not span": responses(lambda step: step["directions"].__setitem__(0, ["0", "0", "3/2"])),
    "a direction out of the plane": responses(lambda step: step["directions"].__setitem__(0, ["3/2", "1/2", "0"])),
    "a response too few": weights(lambda w: w[:-1]),
    "a response too many": weights(lambda w: [*w, "0"]),
    "a negative response": weights(lambda w: [w[0], "-1/3", *w[2:]]),
    "a response above the weight": weights(lambda w: [w[0], "2/3", *w[2:]]),
    "a negative weight": weights(lambda w: ["-1/3", *w[1:]]),
    "no such outcome": responses(lambda step: step["responses"][0].__setitem__("outcomes", [[0, 2]])),
    "an outcome too few": responses(lambda step: step["responses"][0].__setitem__("outcomes", [[0]])),
    "a box too many": responses(lambda step: step["responses"][0].__setitem__("outcomes", [[0, 0], [0, 0]])),
    "hidden states of different traces": hidden(lambda entry: entry["states"][0].__setitem__("denominator", "3")),
    "hidden states in another order": hidden(lambda entry: entry["outcomes"][0].reverse()),
    "instruments exchanged": devices(0, entries_of),
    "an instrument without an outcome": devices(0, lambda settings: settings[0].pop()),
    "a round without a setting": devices(2, lambda settings: settings.pop()),
    "a measurement without an outcome": devices(2, lambda settings: settings[0].pop()),
}


@pytest.mark.parametrize("name", FILES)
def test_what_is_no_evidence_is_refused_as_a_file(name):
    data = json.dumps(FILES[name]()).encode()
    assert not holds_as_file(data) and not accepted_as_file(data)


@pytest.mark.parametrize("name", PROOFS)
def test_files_that_nobody_has_checked_hold_for_the_library_alone(name):
    data = PROOFS[name].to_bytes()
    assert holds_as_file(data) and accepted_as_file(data)


@pytest.mark.parametrize("name", PROOFS)
def test_models_shares_directions_and_devices_read_back_equal(name):
    """Not only to the same bytes: to equal values."""
    proof = PROOFS[name]
    again = read_proof(proof.to_bytes())
    for before, after in zip(proof.steps, again.steps, strict=True):
        assert (after.statement, after.shares) == (before.statement, before.shares)
        if before.model is not None:
            assert entries(after) == entries(before)
        if isinstance(before.witness, Matrix):
            assert (after.witness - before.witness).is_zero
        elif before.witness is not None:
            assert after.witness.directions == before.witness.directions
            assert len(after.witness.entries) == len(before.witness.entries)
    for key, value in {**proof.objects, **proof.auxiliary}.items():
        found = {**again.objects, **again.auxiliary}[key]
        assert type(found) is type(value)
        if isinstance(value, Assemblage):
            assert value.agrees_with(found)


def entries(step):
    """The entries of a model, over the field of the file."""
    return [(e.outcomes, [[(m - m.adjoint).is_zero, str(m.sympy())] for m in e.states]) for e in step.model.entries]


ENTRY = st.fractions(-2, 2, max_denominator=4)


@given(st.lists(st.tuples(ENTRY, st.just(Fraction(0)) | ENTRY, ENTRY), min_size=2, max_size=6))
@settings(deadline=None, max_examples=150)
def test_the_judges_agree_on_hulls(directions):
    flat = not any(y for _, y, _ in directions)
    try:
        CHECKER.cover(directions, flat)
    except CHECKER.Rejected:
        assert not covers(directions)
    else:
        assert covers(directions)


def test_weights_of_mixtures_may_be_irrational():
    """Between 0 and 1, in the field of the data."""
    proof = PROOFS["sequential"]
    number = number_of(proof, "mixture")
    assert proof.steps[number].statement.weight == LESS
    written = json.loads(proof.to_bytes())["proof"]["steps"][number]["statement"]["weight"]
    assert written == "-1,1" and proof.field.degree == 2
    for wrong in (Number.of(2) - as_number(LESS), -as_number(LESS)):
        rejected(restated(proof, number, weight=as_bound(wrong)))
