"""Every rule: its proofs read back to the same bytes and hold for the library and for the independent checker; whatever
is tampered with is rejected by both.

The proofs below and those of `tests/map_proofs.py` and `tests/model_proofs.py` use all rules and all kinds of evidence.
Every name in every step is replaced by every other one, every premise by every other number, every bound and weight is
moved, every piece of evidence is dropped, changed or exchanged: the two judges always agree, and the changes that make
a statement false or unsupported are rejected.
"""

import json
from dataclasses import replace
from fractions import Fraction
from itertools import permutations, product

import pytest
import sympy
from hypothesis import given, settings

from steeralg.certificates.compose import (
    Draft,
    bound_proof,
    no_signalling_proof,
    not_general_proof,
    postquantum_proof,
    quantum_proof,
    robustness_proof,
)
from steeralg.certificates.encode_steps import (
    decode_object,
    decode_statement,
    decode_step,
    encode_object,
    encode_step,
)
from steeralg.certificates.exact_bound import exact_minimum
from steeralg.certificates.families import Parent, extend, find_parent
from steeralg.certificates.membership import certify
from steeralg.certificates.proof import read_proof
from steeralg.certificates.robustness import RobustnessBracket, robustness
from steeralg.certificates.rules import RULES
from steeralg.certificates.set_bounds import NoSignallingCertificate
from steeralg.certificates.steps import Statement, Step
from steeralg.claims.shsa20 import printed_realisation
from steeralg.constructions import s26, shsa20
from steeralg.errors import InputError
from steeralg.exact.convert import numbers_from_sympy
from steeralg.exact.matrix import Matrix, total
from steeralg.exact.number import Number, as_bound, as_number
from steeralg.exact.tensor import partial_transpose
from steeralg.maps.channels import channel
from steeralg.maps.library import identity, transpose
from steeralg.models.lhs import SteeringInequality
from steeralg.objects.assemblage import Assemblage, white_noise
from steeralg.objects.devices import Devices, Operator, born
from steeralg.objects.events import EventSet
from steeralg.objects.functional import Functional
from steeralg.objects.local_model import LocalModel
from steeralg.objects.measurement import POVM
from steeralg.objects.product_basis import ProductBasis
from steeralg.objects.realisation import Realisation
from steeralg.objects.scenario import Scenario
from steeralg.objects.sequential import SequentialDevices
from steeralg.objects.state import State
from steeralg.positivity.maps import choi_operator
from steeralg.positivity.values import NegativeProduct
from tests import map_proofs, model_proofs
from tests.judges import CHECKER, accepted, changed, claim, holds, rejected, replaced, restated
from tests.strategies import kinds, models, pr_boxes
from tests.test_bounds import chsh
from tests.test_devices import parts
from tests.test_families import monogamy, orthogonal

HALF, TINY = Fraction(1, 2), Fraction(1, 10**9)
X, Z = POVM.observable([[0, 1], [1, 0]]), POVM.observable([[1, 0], [0, -1]])
BELL = State.pure([1, 0, 0, 1], (2, 2))
BITS = Scenario.of([(2, 2)] * 2)
SWAP = choi_operator(transpose(2))
PR = pr_boxes(2, Matrix.identity(1))


# ---- a proof for every rule ------------------------------------------------------------------------------------------
def postquantum():
    return postquantum_proof("postquantum", "a test", PR, certify(PR, 1).witness)


def postquantum_irrational():
    """The printed functional with the exact bound of level 1, over Q(sqrt2)."""
    certificate = exact_minimum(chsh().scale(-1), 1).witness
    return postquantum_proof("irrational", "a test", PR, None, {"chsh": certificate})


def bound():
    return bound_proof("bound", "a test", exact_minimum(chsh(), 1).witness)


def instrumental():
    sigma = shsa20.instrumental()
    return postquantum_proof("instrumental", "a test", sigma, certify(sigma).witness)


def quantum_parent():
    sigma = monogamy().mix(white_noise(monogamy().scenario), HALF)
    return quantum_proof("parent", "a test", sigma, find_parent(sigma).witness)


def quantum_model():
    """The printed instrumental example with its realisation: a state, devices with channels, its own parent."""
    return quantum_proof("model", "a test", shsa20.instrumental_printed(), printed_realisation())


def qutrits():
    """A qubit is sent into a qutrit, and another one measured: channels between different dimensions."""
    embed = channel([[[1, 0], [0, 1], [0, 0]]])
    realisation = Realisation(BELL, ((X, Z),), (embed,))
    scenario = Scenario.of([(2, 2)], 3)
    return quantum_proof("qutrits", "a test", realisation.assemblage(scenario), realisation)


def mixtures():
    sigma = monogamy()
    noise = white_noise(sigma.scenario)
    return robustness_proof("mixtures", "a test", sigma, noise, robustness(sigma, noise, digits=2))


def witness():
    """What the partial transpose of a state gives by the Born rule is an assemblage; the operator is no state."""
    turned = Operator((2, 2), partial_transpose(BELL.matrix, (2, 2), [1]))
    devices, scenario = Devices.of([[X, Z]]), Scenario.of([(2, 2)], 2)
    draft = Draft("witness", "a test", scenario, {"sigma": born(scenario, turned, devices), "W": turned})
    draft.objects["M"] = devices
    draft.valid("sigma", claimed=True)
    draft.born("sigma", "W", "M", claimed=True)
    return draft.proof()


def local():
    """A model of one box and two trusted parties, its hidden states in one field."""
    states = [[Matrix.unit(2, k, k).scale(HALF), Matrix.identity(2).scale(Fraction(1, 4))] for k in (0, 1)]
    model = LocalModel.of([([(k, 1 - k)], states[k]) for k in (0, 1)])
    scenario = Scenario.of([(2, 2)], [2, 2])
    draft = Draft("local", "a test", scenario, {"sigma": model.assemblage(scenario)})
    draft.local("sigma", model)
    return draft.proof()


def local_instrumental():
    """Hidden states for all y, of which only y = a is observed; the parent is that of the same model."""
    states = [[Matrix.unit(2, k, k).scale(HALF), Matrix.unit(2, 1 - k, 1 - k).scale(HALF)] for k in (0, 1)]
    model = LocalModel.of([([(k, 0)], states[k]) for k in (0, 1)])
    scenario = Scenario.of([(2, 2)], 2, 2, True)
    draft = Draft("local_instrumental", "a test", scenario, {"sigma": model.assemblage(scenario)})
    draft.valid("sigma", claimed=True, parent=model.assemblage(scenario.parent))
    draft.local("sigma", model)
    return draft.proof()


def nonlocal_box():
    draft = Draft("nonlocal", "a test", BITS, {"sigma": PR, "F": chsh().scale(-1)})
    draft.nonlocal_by("sigma", "F", SteeringInequality(chsh().scale(-1), Fraction(-2)))
    return draft.proof()


def no_signalling():
    functional = chsh()
    dual = {label: m + Matrix.identity(1) for label, m in functional.elements.items()}
    return no_signalling_proof("no_signalling", "a test", NoSignallingCertificate(functional, Fraction(-4), dual))


def no_signalling_irrational():
    (root,) = numbers_from_sympy([sympy.sqrt(2)])
    scenario, two = Scenario.of([(2,)], 1), Matrix.rational([[2]])
    functional = Functional(scenario, {((a,), (0,)): two for a in (0, 1)})
    dual = {label: two - Matrix.identity(1).scale(root) for label in scenario.labels()}
    return no_signalling_proof("no_signalling_root", "a test", NoSignallingCertificate(functional, root, dual))


def signalling():
    return not_general_proof("signalling", "a test", extend(orthogonal("1/2")).witness)


BUILD = [
    postquantum,
    postquantum_irrational,
    bound,
    instrumental,
    quantum_parent,
    quantum_model,
    qutrits,
    mixtures,
    witness,
    local,
    local_instrumental,
    nonlocal_box,
    no_signalling,
    no_signalling_irrational,
    signalling,
    *map_proofs.BUILD,
    *model_proofs.BUILD,
]
PROOFS = {build.__name__: build() for build in BUILD}
STEPS = [(name, number) for name, proof in PROOFS.items() for number in range(len(proof.steps))]
CHANGED = {**map_proofs.CHANGED, **model_proofs.CHANGED}
WITNESSES = {type(step.witness): step.witness for proof in PROOFS.values() for step in proof.steps if step.witness}
every_proof = pytest.mark.parametrize("name", PROOFS)
every_step = pytest.mark.parametrize(
    ("name", "number"), STEPS, ids=[f"{name}-{k}-{PROOFS[name].steps[k].statement.rule}" for name, k in STEPS]
)


@every_proof
def test_both_judges_accept_and_the_bytes_read_back(name):
    proof = PROOFS[name]
    assert holds(proof) and accepted(proof)
    again = read_proof(proof.to_bytes())
    again.verify()
    assert again.to_bytes() == proof.to_bytes()
    assert [s.statement.json() for s in again.steps] == [s.statement.json() for s in proof.steps]
    assert [s.premises for s in again.steps] == [s.premises for s in proof.steps]
    assert set(again.objects) == set(proof.objects) and set(again.auxiliary) == set(proof.auxiliary)


def test_all_rules_are_used_and_the_checker_has_the_same():
    used = {step.statement.rule for proof in PROOFS.values() for step in proof.steps}
    assert used == set(RULES) == set(CHECKER.RULES)


@every_proof
def test_no_step_can_be_left_out(name):
    proof = PROOFS[name]
    for number in range(len(proof.steps)):
        rejected(replace(proof, steps=proof.steps[:number] + proof.steps[number + 1 :]))


@every_proof
def test_no_object_can_be_left_out(name):
    proof = PROOFS[name]
    for part in ("objects", "auxiliary"):
        for missing in getattr(proof, part):
            kept = {key: value for key, value in getattr(proof, part).items() if key != missing}
            rejected(replace(proof, **{part: kept}))


@every_step
def test_the_judges_agree_on_every_name(name, number):
    """Every name in the statement becomes every other one; unknown ones are rejected."""
    proof = PROOFS[name]
    names = proof.steps[number].statement.names
    for part, other in product(names, [*proof.objects, *proof.auxiliary]):
        if other != names[part]:
            tampered = restated(proof, number, **{part: other})
            assert holds(tampered) == accepted(tampered), (part, other)
    for part in names:
        for unknown in ("nobody", None):
            rejected(restated(proof, number, **{part: unknown}))
        rejected(restated(proof, number, **{part: f"{names[part]} "}))


@every_step
def test_the_judges_agree_on_every_map(name, number):
    """One map for each view, in their order."""
    proof = PROOFS[name]
    maps = (proof.steps[number].statement.maps or "").split()
    for k, other in product(range(len(maps)), [*proof.objects, *proof.auxiliary]):
        tampered = restated(proof, number, maps=" ".join(with_item(maps, k, other)))
        assert holds(tampered) == accepted(tampered), (k, other)
    if maps:
        for others in ([*maps, maps[0]], maps[1:], [*maps, ""], ["", *maps], ["  ".join(maps)] if maps[1:] else []):
            rejected(restated(proof, number, maps=" ".join(others)))


@every_step
def test_the_judges_agree_on_every_rule(name, number):
    """With what the other rule may carry, or no rule at all."""
    proof = PROOFS[name]
    step = proof.steps[number]
    for rule, (names, carried, _) in CHECKER.RULES.items():
        # A rule about other things cannot be written down at all.
        if rule == step.statement.rule or set(names) != set(step.statement.json()) - {"rule"}:
            continue
        empty = {"blocks": (), "premises": (), "dual": {}, "model": None, "shares": (), "witness": None}
        written = {"premises": {"from"}, "witness": {"squares", "vectors", "parts", "matrix", "boxes", "responses"}}
        fields = {key: value for key, value in empty.items() if not written.get(key, {key}) & set(carried)}
        tampered = changed(proof, number, statement=replace(step.statement, rule=rule), **fields)
        assert holds(tampered) == accepted(tampered), rule
    for unknown in ("obvious", ""):
        rejected(restated(proof, number, rule=unknown))


@every_step
def test_premises_are_the_ones_that_are_needed(name, number):
    """Every premise becomes every other earlier step, and the step itself: no number and no order but the right one."""
    proof = PROOFS[name]
    premises = proof.steps[number].premises
    for place, other in product(range(len(premises)), range(number + 1)):
        if other != premises[place]:
            tampered = changed(proof, number, premises=(*premises[:place], other, *premises[place + 1 :]))
            assert holds(tampered) == accepted(tampered), (place, other)
            if other == number:
                rejected(tampered)
    if premises:
        rejected(changed(proof, number, premises=()))
        rejected(changed(proof, number, premises=(*premises, premises[-1])))
        rejected(changed(proof, number, premises=tuple(p - len(proof.steps) for p in premises)))
    if len(premises) > 1:
        rejected(changed(proof, number, premises=premises[::-1]))
        rejected(changed(proof, number, premises=premises[:-1]))


@every_step
def test_bounds_and_weights_cannot_be_moved(name, number):
    """A single step's: the others still have the old one. Slightly above or below is not what the evidence says."""
    proof = PROOFS[name]
    statement = proof.steps[number].statement
    if statement.bound is not None:
        exact = isinstance(statement.bound, Fraction)
        for change in (TINY, -TINY):
            moved = statement.bound + (change if exact else Number.of(change))
            tampered = restated(proof, number, bound=moved)
            assert holds(tampered) == accepted(tampered)
            cited = any(number in step.premises for step in proof.steps)
            if statement.rule in ("bound", "no-signalling-bound") or cited:
                rejected(tampered)
        rejected(restated(proof, number, bound=None))
    if statement.weight is not None:
        exact = as_number(statement.weight)
        others = [as_bound(exact + Number.of(TINY)), as_bound(Number.of(1) - exact), Fraction(-1), Fraction(2), None]
        for weight in others:
            if weight != statement.weight:
                rejected(restated(proof, number, weight=weight))


def with_item(items, k, item):
    return (*items[:k], item, *items[k + 1 :])


def with_entry(mapping, key, value):
    return {**mapping, key: value}


@every_step
def test_evidence_cannot_be_dropped_or_changed(name, number):
    proof = PROOFS[name]
    step = proof.steps[number]
    if step.blocks:
        rejected(changed(proof, number, blocks=()))
        rejected(changed(proof, number, blocks=step.blocks * 2))
        for k, block in enumerate(step.blocks):
            moved = block.gram + Matrix.unit(block.gram.rows, 0, 0).scale(TINY)
            for other in (
                replace(block, gram=moved),
                replace(block, gram=-block.gram),
                replace(block, words=block.words[1:]),
            ):
                rejected(changed(proof, number, blocks=(*step.blocks[:k], other, *step.blocks[k + 1 :])))
    for label, matrix in step.dual.items():
        moved = matrix + Matrix.unit(matrix.rows, 0, 0).scale(TINY)
        rejected(changed(proof, number, dual=with_entry(step.dual, label, moved)))
        if not matrix.is_zero:
            rejected(changed(proof, number, dual={k: m for k, m in step.dual.items() if k != label}))
            rejected(changed(proof, number, dual=with_entry(step.dual, label, -matrix)))
    if step.model is not None:
        entries = step.model.entries
        rejected(changed(proof, number, model=None))
        for k, entry in enumerate(entries):
            flipped = replace(entry, outcomes=tuple(tuple(1 - a for a in box) for box in entry.outcomes))
            for new in ((), (entry, entry), (flipped,)):
                rejected(changed(proof, number, model=type(step.model)((*entries[:k], *new, *entries[k + 1 :]))))


@every_step
def test_shares_cannot_be_dropped_or_changed(name, number):
    """One for each strategy and view, in their order; together they reach the bound, and each operator its share."""
    proof = PROOFS[name]
    shares = proof.steps[number].shares
    if not shares:
        return
    rejected(changed(proof, number, shares=()))
    rejected(changed(proof, number, shares=shares[1:]))
    rejected(changed(proof, number, shares=(*shares, shares[0])))
    for k, of_views in enumerate(shares):
        first, *rest = (as_number(share) for share in of_views)
        tiny, much = Number.of(TINY), Number.of(100)
        others = [[first + tiny, *rest], [first - tiny, *rest], [first + tiny, rest[0] - tiny, *rest[1:]]]
        for other in others:
            tampered = changed(proof, number, shares=with_item(shares, k, tuple(map(as_bound, other))))
            assert holds(tampered) == accepted(tampered)
        for wrong in ([first - much, *rest], [first + much, rest[0] - much, *rest[1:]], [first], [first, *rest, tiny]):
            rejected(changed(proof, number, shares=with_item(shares, k, tuple(map(as_bound, wrong)))))


@every_step
def test_witnesses_cannot_be_dropped_changed_or_exchanged(name, number):
    """What proves the same is accepted; where that depends on the operator, the judges agree. See `map_proofs`."""
    proof = PROOFS[name]
    found = proof.steps[number].witness
    for kind, other in WITNESSES.items():
        if not isinstance(found, kind):
            rejected(changed(proof, number, witness=other))
    if found is None:
        return
    rejected(changed(proof, number, witness=None))
    for other, proves in CHANGED[type(found)](found):
        tampered = changed(proof, number, witness=other)
        verdict = holds(tampered)
        assert accepted(tampered) == verdict and proves in (verdict, None), other


@every_proof
def test_objects_cannot_be_exchanged(name):
    """Devices, operators and functionals are noticed; where another assemblage will do, both judges say so."""
    proof = PROOFS[name]
    for key, value in {**proof.objects, **proof.auxiliary}.items():
        if isinstance(value, Assemblage):
            noise = white_noise(value.scenario)
            other = value.mix(noise, HALF) if value != noise else value.mix(deterministic(value.scenario), HALF)
        elif isinstance(value, Functional):
            other = value.scale(-1)
        elif isinstance(value, Operator):
            other = Operator(value.dims, -value.matrix)
            double = replaced(proof, key, Operator(value.dims, value.matrix.scale(2)))
            assert holds(double) == accepted(double), key
        elif isinstance(value, ProductBasis | EventSet):
            continue
        elif isinstance(value, SequentialDevices):
            other = replace(value, measurements=tuple(POVM(povm.effects[::-1]) for povm in value.measurements))
        else:
            (first, *others), *boxes = value.measurements
            other = Devices(((POVM(first.effects[::-1]), *others), *boxes), value.channels)
        tampered = replaced(proof, key, other)
        assert holds(tampered) == accepted(tampered), key
        if not isinstance(value, Assemblage):
            rejected(tampered)


@every_proof
def test_product_vectors_and_events_cannot_be_exchanged(name):
    proof = PROOFS[name]
    for key, value in {**proof.objects, **proof.auxiliary}.items():
        if isinstance(value, ProductBasis | EventSet):
            others = map_proofs.changed_basis if isinstance(value, ProductBasis) else map_proofs.changed_events
            for other, proves in others(value):
                tampered = replaced(proof, key, other)
                verdict = holds(tampered)
                assert accepted(tampered) == verdict and proves in (verdict, None), other


def deterministic(scenario):
    """All boxes answer 0, the trusted systems are in their first state."""
    return Assemblage(
        scenario,
        {label: Matrix.unit(scenario.order(label), 0, 0).scale(int(not any(label[0]))) for label in scenario.labels()},
    )


def test_unproved_statements_are_rejected():
    proof = PROOFS["postquantum"]
    for statement in (
        Statement("quantum", assemblage="sigma"),
        Statement("local", assemblage="sigma"),
        Statement("postquantum", assemblage="nobody"),
    ):
        rejected(replace(proof, statements=(*proof.statements, statement)))


def test_a_claim_is_about_its_own_objects():
    """What the claim says about an auxiliary object, nobody who reads the claim alone can understand."""
    proof = PROOFS["postquantum"]
    bound_of_ours = next(step.statement for step in proof.steps if step.statement.rule == "bound")
    rejected(replace(proof, statements=(*proof.statements, bound_of_ours)))


# ---- single rules ----------------------------------------------------------------------------------------------------
def test_a_quantum_assemblage_is_not_postquantum_by_any_functional():
    """The premises may hold for another assemblage only."""
    proof = PROOFS["postquantum"]
    quantum = PR.mix(white_noise(BITS), HALF)
    rejected(replaced(proof, "sigma", quantum))


@pytest.mark.parametrize("scenario", [BITS, Scenario.of([(2, 2)] * 2, [2, 2]), Scenario.of([(2, 2)], 2, 2)], ids=str)
def test_a_parent_proves_a_realisation_for_one_box_without_input_only(scenario):
    sigma, parent = white_noise(scenario), white_noise(scenario.parent)
    steps = [
        Step(Statement("assemblage", assemblage="omega")),
        Step(Statement("parent", assemblage="sigma", parent="omega"), premises=(0,)),
        Step(Statement("quantum", assemblage="sigma"), premises=(1,)),
    ]
    objects = {"sigma": sigma, "omega": parent}
    rejected(claim(scenario, objects, *steps))
    assert holds(claim(scenario, objects, *steps[:2])) and accepted(claim(scenario, objects, *steps[:2]))


def test_instrumental_data_are_valid_only_with_a_parent_before():
    scenario = Scenario.of([(2, 2)], 2, 2, True)
    objects = {"sigma": white_noise(scenario), "omega": white_noise(scenario.parent)}
    valid = Step(Statement("assemblage", assemblage="sigma"))
    first = Step(Statement("assemblage", assemblage="omega"))
    parent = Step(Statement("parent", assemblage="sigma", parent="omega"), premises=(0,))
    good = claim(scenario, objects, first, parent, valid)
    assert holds(good) and accepted(good)
    rejected(claim(scenario, objects, valid))
    rejected(claim(scenario, objects, first, valid))
    rejected(claim(scenario, objects, first, valid, parent))


def test_an_operator_that_is_no_state_proves_nothing_quantum():
    proof = PROOFS["witness"]
    draft = Draft("n", "s", proof.scenario, dict(proof.objects))
    draft.quantum_by_model("sigma", "W", "M")
    rejected(draft.proof())
    for scaled in (2, -1):
        matrix = BELL.matrix.scale(scaled)
        state = Step(Statement("state", operator="W"))
        rejected(claim(proof.scenario, {"W": Operator((2, 2), matrix)}, state))


def test_a_violation_is_strict():
    sigma, value = PR, Fraction(-4)
    for bound_, strict in ((value, False), (value + TINY, True), (value - TINY, False)):
        step = Step(Statement("violation", assemblage="sigma", functional="F", bound=bound_))
        proof = claim(BITS, {"sigma": sigma, "F": chsh().scale(-1)}, step)
        assert holds(proof) == accepted(proof) == strict


@pytest.mark.parametrize("bound_", [Fraction(-2), Fraction(-2) + TINY, Fraction(-2) - TINY])
def test_a_local_bound_is_decided(bound_):
    proof = claim(BITS, {"F": chsh()}, Step(Statement("local-bound", functional="F", bound=bound_)))
    assert holds(proof) == accepted(proof) == (bound_ <= -2)


def test_evidence_counts_for_any_operator_for_which_it_holds():
    """A file does not say which operator a vector was found for."""
    proof = PROOFS["one_view_image"]
    step = proof.steps[1]
    for operator, good in ((Operator((2, 2), proof.objects["flip"].matrix.scale(7)), True), (SWAP, False)):
        found = claim(BITS, {"flip": operator}, step)
        assert holds(found) == accepted(found) == good


def test_an_entangled_vector_is_no_product_vector():
    """The exchange of two factors is block-positive, and negative on the singlet."""
    singlet = Matrix.rational([[0], [1], [-1], [0]])
    negative = Step(
        Statement("not-block-positive", operator="W"), witness=NegativeProduct(SWAP, (singlet,), Number.of(-2))
    )
    rejected(claim(BITS, {"W": SWAP}, negative))
    positive = Step(Statement("block-positive", operator="W"), witness=map_proofs.POSITIVITY["turned"])
    assert holds(claim(BITS, {"W": SWAP}, positive)) and accepted(claim(BITS, {"W": SWAP}, positive))


def diagonal(*weights):
    """The Choi matrix of the map that sends |k><k| to itself times a weight, and all else to 0."""
    units = (Matrix.unit(4, 3 * k, 3 * k).scale(weight) for k, weight in enumerate(weights))
    return Operator((2, 2), total(units))


@pytest.mark.parametrize(("third", "good"), [((2, 2), True), ((2, 1), False), ((1, 2), False), ((3, 2), False)])
def test_an_image_is_what_is_observed_of_it(third, good):
    """If instrumental only for y = a, whatever the maps do elsewhere; but every map has to fit."""
    data = Assemblage(Scenario.of([(2,)], 2), {((k,), (0,)): Matrix.unit(2, k, k).scale(HALF) for k in (0, 1)})
    seen = Assemblage(Scenario.of([(2,)], 2, 3, True), data.elements)
    maps = {"first": diagonal(1, -1), "second": diagonal(-1, 1)}
    maps["third"] = Operator(third, Matrix.identity(third[0] * third[1]))
    image = Step(Statement("image", assemblage="sigma", data="data", maps="first second third"))
    proof = claim(seen.scenario, {"sigma": seen, "data": data, **maps}, image)
    assert holds(proof) == accepted(proof) == good
    for name in ("first", "second"):
        rejected(replaced(proof, name, diagonal(2, 2)))
    rejected(replaced(proof, "data", seen))


def test_positivity_and_the_trace_may_be_stated_in_any_order():
    proof = PROOFS["input_images"]
    number = len(proof.steps) - 1
    quantum, image, *others = proof.steps[number].premises
    for order in permutations(others):
        for last, good in ((order, True), (order[1:], False), ((*order, 0), False), ((*order, order[0]), False)):
            tampered = changed(proof, number, premises=(quantum, image, *last))
            assert holds(tampered) == accepted(tampered) == good


@pytest.mark.parametrize(
    "bound_", [Fraction(1), Fraction(2), Fraction(1) - TINY, Fraction(-1), -map_proofs.ROOT, map_proofs.ROOT]
)
def test_the_divisor_of_a_witness_is_positive(bound_):
    """(4 - 4 e) 1/4 = 1 - e, for e < 1 only."""
    proof = restated(PROOFS["complete_basis"], 0, bound=bound_)
    assert holds(proof) == accepted(proof) == (as_number(bound_) < Number.of(1))


@given(kinds.flatmap(models))
@settings(deadline=None, max_examples=12)
def test_realisations_of_every_kind_have_proofs(model):
    """States, POVMs and channels, in every kind of scenario; instrumental data with their own parent."""
    operator, devices = parts(model)
    realisation = Realisation(State(operator.dims, operator.matrix), devices.measurements, devices.channels)
    proof = quantum_proof("n", "s", model.assemblage, realisation)
    assert holds(proof) and accepted(proof)
    again = read_proof(proof.to_bytes())
    again.verify()
    assert again.to_bytes() == proof.to_bytes() and again.objects == proof.objects
    rejected(replaced(proof, "rho", Operator(operator.dims, operator.matrix.scale(-1))))


# ---- drafts ----------------------------------------------------------------------------------------------------------
def test_a_step_is_appended_once():
    draft = Draft("n", "s", BITS, {"sigma": PR})
    numbers = [draft.valid("sigma"), draft.valid("sigma", claimed=True), draft.valid("sigma", claimed=True)]
    assert numbers == [0, 0, 0] and len(draft.steps) == len(draft.statements) == 1


def test_a_draft_looks_for_the_parent_of_instrumental_data():
    sigma = white_noise(Scenario.of([(2, 2)], 2, 2, True))
    draft = Draft("n", "s", sigma.scenario, {"sigma": sigma})
    draft.valid("sigma", claimed=True)
    assert holds(draft.proof()) and accepted(draft.proof())
    data = orthogonal(0)
    with pytest.raises(ValueError, match="no-signalling"):
        Draft("n", "s", data.scenario, {"sigma": data}).valid("sigma")


def test_a_bracket_without_ends_has_no_proof():
    with pytest.raises(ValueError, match="without any end"):
        robustness_proof("n", "s", PR, white_noise(BITS), RobustnessBracket(1, None, None, None, None))


def test_the_upper_end_of_a_level_is_not_stated():
    """An exact moment matrix says nothing about the quantum set."""
    noise = white_noise(BITS)
    proof = robustness_proof("n", "s", PR, noise, robustness(PR, noise, 1, digits=2))
    assert holds(proof) and accepted(proof)
    below = ["mixture", "assemblage", "postquantum"]
    assert [s.rule for s in proof.statements] == below and "high" not in proof.objects
    assert [s.rule for s in PROOFS["mixtures"].statements] == [*below, "mixture", "quantum"]


def test_a_parent_of_two_boxes_is_no_proof_of_a_realisation():
    sigma = white_noise(Scenario.of([(2, 2)] * 2, [2, 2]))
    parent = Parent(sigma, white_noise(sigma.scenario.parent))
    with pytest.raises(InputError, match="one black box"):
        quantum_proof("n", "s", sigma, parent)
    draft = Draft("n", "s", sigma.scenario, {"sigma": sigma})
    draft.quantum_by_parent("sigma", parent.parent)
    rejected(draft.proof())


def test_a_realisation_of_another_assemblage_proves_nothing_about_this_one():
    state = State.maximally_mixed((2, 2))
    povm = POVM.observable([[1, 0], [0, -1]])
    realisation = Realisation(state, ((povm, povm),))
    sigma = realisation.assemblage(Scenario.of([(2, 2)], 2))
    quantum_proof("n", "s", sigma, realisation).verify()
    other = Realisation(State.pure([1, 0, 0, 1], (2, 2)), ((povm, povm),))
    with pytest.raises(InputError, match="another assemblage"):
        quantum_proof("n", "s", sigma, other)


# ---- writing and reading ---------------------------------------------------------------------------------------------
@every_proof
def test_statements_steps_and_objects_read_back(name):
    proof = PROOFS[name]
    everything = {**proof.auxiliary, **proof.objects}
    for key, value in everything.items():
        written = encode_object(value, proof.scenario)
        again = decode_object(written, proof.scenario, proof.field, isinstance(value, SequentialDevices))
        assert encode_object(again, proof.scenario) == written, key
        assert type(again) is type(value)
    for step in proof.steps:
        assert decode_statement(step.statement.json(), proof.field) == step.statement
        names = step.statement.names
        about = everything.get(names.get("functional", names.get("assemblage", "")))
        home = getattr(about, "scenario", proof.scenario)
        written = encode_step(step, home)
        again = decode_step(written, proof.scenario, everything, proof.field)
        assert encode_step(again, home) == written
        assert (again.statement, again.premises, set(again.dual)) == (step.statement, step.premises, set(step.dual))
        assert type(again.model) is type(step.model) and len(again.blocks) == len(step.blocks)
        assert again.shares == step.shares
        assert type(again.witness) is type(step.witness)


def test_several_parts_of_one_transposition_are_added():
    """A file may give a transposition twice, its factors in any order."""
    proof = PROOFS["decomposable"]
    value = json.loads(proof.to_bytes())
    (step,) = (step for step in value["proof"]["steps"] if "parts" in step)
    (last,) = (part for part in step["parts"] if part["transposed"] == [0, 2])
    last["matrix"]["denominator"] = "2"
    step["parts"].append(last | {"transposed": [2, 0, 2]})
    again = read_proof(json.dumps(value).encode())
    again.verify()
    assert again.to_bytes() == proof.to_bytes()


def test_channels_between_different_dimensions_read_back():
    embed, trace = channel([[[1, 0], [0, 1], [0, 0]]]), channel([[[1, 0]], [[0, 1]]])
    for maps in ([embed], [trace], [identity(2), identity(2)], []):
        devices = Devices.of([[X, Z]], maps)
        again = decode_object(encode_object(devices, BITS), BITS, devices.field)
        assert again == devices
        assert [(c.dim_in, c.dim_out) for c in again.channels] == [(c.dim_in, c.dim_out) for c in maps]
    elsewhere = decode_object(encode_object(s26.prop_16(), BITS), BITS, devices.field)
    assert elsewhere == s26.prop_16() and elsewhere.scenario != BITS
