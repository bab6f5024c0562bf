"""Forged proof files that can be read but prove nothing, claims that differ, and files that only look forged."""

from fractions import Fraction

from tests import checker_examples as ex
from tests import forged_maps, forged_models, forged_symmetric
from tests import proof_builders as build
from tests.forgeries import (
    BLOCK,
    BYTES,
    DROP,
    FIELDS,
    GRAMMAR,
    LIMITS,
    LONG,
    SIGMA,
    STEP,
    T_BLOCK,
    T_STEP,
    Case,
    F,
    R,
    U,
    change,
    claimed_in_proof,
    field,
    square,
    square_sum,
    trivial,
    with_bound,
)
from tests.proof_builders import matrix, real

W_CLAIM = "claim statements 0"
FACTORED, FROM = build.pr_box_factor, "proof steps 3 from"


def flip(text):
    return text if text == "0" else text[1:] if text.startswith("-") else "-" + text


def bump(row):
    """The last entry of a row, plus 1."""
    *head, last = row.split(" ")
    return " ".join([*head, str(int(last) + 1)])


def swap(one, two):
    return lambda table: {{one: two, two: one}.get(key, key): value for key, value in table.items()}


def without(key):
    return lambda table: {k: v for k, v in table.items() if k != key}


REJECTED = [
    # the assemblage
    Case(
        "signalling",
        build.pr_box,
        {f"{SIGMA} 0,0|0,0": real([["0"]]), f"{SIGMA} 0,1|0,0": real([[Fraction(1, 2)]])},
        R,
        "signalling",
    ),
    Case(
        "signalling to the first",
        build.pr_box,
        {f"{SIGMA} 0,0|1,1": real([[Fraction(1, 2)]]), f"{SIGMA} 1,0|1,1": real([[0]])},
        R,
        "signalling",
    ),
    Case("swapped labels of sigma", build.pr_box, {SIGMA: swap("0,0|0,0", "0,1|0,0")}, R, "signalling"),
    Case("signalling in an imaginary part", build.pr_qubit, {f"{SIGMA} 0,0|0,0 im 1": flip}, R, "signalling"),
    Case(
        "trace", build.pr_box, {SIGMA: build.elements({k: 2 * p for k, p in build.PR.items()}, build.ONE)}, R, "trace"
    ),
    Case(
        "trace of theta",
        build.sqrt2_line,
        {SIGMA: lambda e: dict.fromkeys(e, matrix([[((Fraction(1, 4), Fraction(1, 8)), 0)]], 2))},
        R,
        "trace",
    ),
    Case(
        "negative element",
        build.pr_box,
        {SIGMA: build.elements({k: p * 2 - Fraction(1, 4) for k, p in build.PR.items()}, build.ONE)},
        R,
        "negative pivot",
    ),
    Case(
        "indefinite element",
        build.pr_qubit,
        {SIGMA: build.elements(build.PR, [[(Fraction(1, 2), 0), (0, 1)], [(0, -1), (Fraction(1, 2), 0)]])},
        R,
        "negative pivot",
    ),
    Case(
        "zero on the diagonal",
        build.pr_qubit,
        {SIGMA: build.elements(build.PR, [[(1, 0), (0, 1)], [(0, -1), (0, 0)]])},
        R,
        "zero pivot",
    ),
    # the bound
    Case("indefinite Gram matrix", lambda: square(-1, 0, [["0|0"]], [[-1]]), {}, R, "negative pivot"),
    Case("zero pivot", lambda: square(2, 0, [[""], ["0|0"]], [[0, 1], [1, 0]]), {}, R, "zero pivot"),
    Case(
        "imaginary zero pivot",
        lambda: square(0, 0, [[""], ["0|0"]], [[0, 0], [0, 0]]),
        {f"{T_BLOCK} gram im": ["", "1"]},
        R,
        "zero pivot",
    ),
    Case("wrong sign", build.pr_box, {f"{F} 0,0|0,0 re 0": flip}, R, "differs"),
    Case("dropped element", build.pr_box, {F: without("0,0|0,0")}, R, "differs"),
    Case("extra element", build.toy, {"claim objects F elements 1|0": real([[Fraction(1, 10**9)]])}, R, "differs"),
    Case("swapped labels of F", build.pr_box, {F: swap("0,0|0,0", "0,1|0,0")}, R, "differs"),
    Case("other settings of F", build.pr_box, {F: swap("0,0|1,0", "0,0|1,1")}, R, "differs"),
    Case("conjugated functional", build.pr_qubit, {f"{F} 0,0|0,0 im 1": flip}, R, "differs"),
    Case("conjugated block", build.pr_qubit, {"proof steps 1 blocks 1 gram im 1": flip}, R, "differs"),
    Case("Gram entry", build.pr_box, {f"{BLOCK} gram re 4": bump}, R, "differs"),
    Case("words in another order", build.pr_box, {f"{BLOCK} words": lambda w: [*w[:3], w[4], w[3]]}, R, "differs"),
    Case("no Gram matrix for the rest", build.pr_qubit, {f"{STEP} blocks": lambda b: b[:1]}, R, "differs"),
    Case(
        "higher bound",
        lambda: with_bound(build.pr_box(), "-28284/10000".replace("28284/10000", "7071/2500")),
        {},
        R,
        "differs",
    ),
    Case("last outcomes are not free", lambda: square(1, 0, [["0|1"]], [[1]]), {}, R, "differs"),
    # the factor
    Case("wrong exponent", FACTORED, {f"{BLOCK} factor exponent": 11}, R, "dominant"),
    Case("larger exponent", FACTORED, {f"{BLOCK} factor exponent": 13}, R, "dominant"),
    Case("wrong factor entry", FACTORED, {f"{BLOCK} factor re 8": lambda row: "99" + row}, R, "dominant"),
    Case(
        "no factor rows", lambda: square(1, 0, [["0|0"]], [[1]], factor={"exponent": 0, "re": ["2"]}), {}, R, "dominant"
    ),
    Case(
        "rest of modulus 1",
        lambda: square(-1, 0, [["0|0"]], [[-1]], factor={"exponent": 0, "re": ["0"]}),
        {},
        R,
        "dominant",
    ),
    Case(
        "only the rest of one row",
        lambda: square(7, -1, [[""], ["0|0"]], [[1, 2], [2, 3]], factor={"exponent": 0, "re": ["0", "0 0"]}),
        {},
        R,
        "dominant",
    ),
    Case(
        "imaginary rest",
        lambda: square(0, 0, [[""], ["0|0"]], [[0, 0], [0, 0]], factor={"exponent": 0, "re": ["0", "0 0"]}),
        {f"{T_BLOCK} gram im": ["", "1"]},
        R,
        "dominant",
    ),
    Case(
        "conjugated factor",
        build.pr_qubit_factor,
        {f"{BLOCK} factor im": lambda rows: [" ".join(map(flip, r.split(" "))) if r else r for r in rows]},
        R,
        "dominant",
    ),
    Case("no imaginary part of the factor", build.pr_qubit_factor, {f"{BLOCK} factor im": DROP}, R, "dominant"),
    # the violation
    Case("value equal to the bound", lambda: with_bound(build.pr_box(), "-4", 4 - build.LIMIT), {}, R, "not true"),
    Case("lower bound", lambda: with_bound(build.pr_box(), "-5", 5 - build.LIMIT), {}, R, "not true"),
    Case(
        "no violation",
        build.pr_box,
        {SIGMA: build.elements({k: Fraction(1, 4) for k in build.PR}, build.ONE)},
        R,
        "not true",
    ),
    # the steps and the claim
    Case("other bounds", build.pr_box, {"proof steps 2 statement bound": "-3"}, R, "premise 2"),
    Case(
        "easier bound",
        lambda: with_bound(build.pr_box(), "-3", 3 - build.LIMIT),
        {"proof steps 2 statement bound": "-2"},
        R,
        "premise 2",
    ),
    Case("bound by a violation", build.pr_box, {FROM: [0, 2, 2]}, R, "premise 1"),
    Case("bound by nothing", build.pr_box, {FROM: [0, 0, 2]}, R, "premise 1"),
    Case("validity by a bound", build.pr_box, {FROM: [1, 1, 2]}, R, "premise 0"),
    Case(
        "validity of another",
        build.pr_box,
        {"claim objects tau": build.pr_box()["claim"]["objects"]["sigma"], "proof steps 0 statement assemblage": "tau"},
        R,
        "premise 0",
    ),
    Case(
        "violation by another",
        build.pr_box,
        {"claim objects tau": build.pr_box()["claim"]["objects"]["sigma"], "proof steps 2 statement assemblage": "tau"},
        R,
        "premise 2",
    ),
    Case(
        "violation of another functional",
        build.pr_box,
        {"proof objects G": build.pr_box()["proof"]["objects"]["F"], "proof steps 2 statement functional": "G"},
        R,
        "premise 2",
    ),
    Case(
        "a later premise",
        build.pr_box,
        {"proof steps": lambda s: [s[3], s[0], s[1], s[2]], "proof steps 0 from": [1, 2, 3]},
        R,
        "earlier",
    ),
    Case("itself", build.pr_box, {FROM: [0, 1, 3]}, R, "earlier"),
    Case("premises in another order", build.pr_box, {FROM: [0, 2, 1]}, R, "premise 1"),
    Case("two premises", build.pr_box, {FROM: [0, 1]}, U, "entries"),
    Case("premise as text", build.pr_box, {FROM: [0, 1, "2"]}, U, "JSON int"),
    Case("a functional as assemblage", build.pr_box, {"proof steps 0 statement assemblage": "F"}, R, "no assemblage"),
    Case(
        "an assemblage as functional",
        build.pr_box,
        {"claim objects G": build.pr_box()["claim"]["objects"]["sigma"], "proof steps 1 statement functional": "G"},
        R,
        "no functional",
    ),
    Case(
        "nothing as functional",
        lambda: trivial(),
        {f"{T_STEP} statement functional": "H", W_CLAIM + " functional": "H"},
        R,
        "no functional",
    ),
    Case("nothing as assemblage", build.pr_box, {"proof steps 2 statement assemblage": "tau"}, R, "no assemblage"),
    Case("statement without a step", build.pr_box, {"proof steps": lambda s: s[:3]}, R, "not proved"),
    Case("stronger claim", trivial, {W_CLAIM + " bound": "0"}, R, "not proved"),
    Case(
        "second claim",
        build.pr_box,
        {"claim statements": lambda s: [*s, {"rule": "postquantum", "assemblage": "tau"}]},
        R,
        "lacks",
    ),
    Case("claim about an object of the proof", claimed_in_proof, {}, R, "lacks"),
    Case(
        "claim replaced in the proof",
        build.pr_box,
        {
            "proof objects sigma": build.pr_box()["claim"]["objects"]["sigma"],
            SIGMA: build.elements({k: Fraction(1, 4) for k in build.PR}, build.ONE),
        },
        U,
        "name of the claim",
    ),
    Case("missing element of sigma", build.pr_box, {SIGMA: without("0,0|0,0")}, U, "no key"),
]

# ---- scenarios, and the rules beyond one trusted party ---------------------------------------------------------------
PLACE, TRUSTED = "claim scenario", "claim scenario trusted"
STEPS, LAST = "proof steps", "claim statements 0"
SWAP4 = ex.array([[1, 0, 0, 0], [0, 0, 1, 0], [0, 1, 0, 0], [0, 0, 0, 1]], ex.HALF)


def claims(*steps, **more):
    """Other steps; the last one is claimed."""
    return {STEPS: list(steps), LAST: steps[-1]["statement"], **more}


def born_with(measurements=None, whole=ex.STATE222, dims=(2, 2, 2), kraus=(ex.DAMP, [ex.TURN]), place=None):
    """All that the Born rule gives for devices that need not be right."""
    boxes = measurements or [ex.XYZ[:2], ex.XYZ[1:]]
    table = ex.born_table(boxes, whole, dims, kraus, [0, 0], [";0", ";1"])
    place = place or ex.scenario([[len(x) for x in box] for box in boxes], 2, settings=2)
    return ex.born_file(place, table, boxes, whole, dims, kraus)


def scaled(factor):
    return lambda state: ex.array(state, factor)


def other_weights(weights):
    """A model whose second view has weights of its own."""
    views = (ex.WEIGHTS, weights)
    states = [[ex.diag(w[i], 0) for w in views] for i in range(4)]
    table, place = ex.local_table(states, (";0", ";1")), ex.scenario([(2, 2)], 2, settings=2)
    objects = {"sigma": ex.assemblage(table)}
    return ex.file(place, objects, ex.step("local", "sigma", model=ex.local_model(states)))


def model_of(*states):
    objects = {"sigma": ex.assemblage(ex.local_table([[m] for m in states], [""]))}
    model = ex.local_model([[m] for m in states])
    return ex.file(ex.scenario([(2, 2)], 2), objects, ex.step("local", "sigma", model=model))


def own_parent(example):
    """The assemblage is its own parent."""
    file = example()
    steps = ex.step("assemblage", "sigma"), ex.step("parent", "sigma", "sigma", from_=[0])
    return change(file, claims(*steps, ex.step("quantum", "sigma", from_=[1])))


def local_square(*order):
    """G (x) 1 at the first of two trusted qubits, or in another order."""
    objects = {"F": ex.functional({"0|0;B1": ex.G2})}
    blocks = [{"words": [[""]], "gram": matrix(ex.tensor(*order))}]
    return ex.file(ex.scenario([(1,)], 2, 2), objects, ex.step("bound", "F", bound="0", blocks=blocks))


def one_block(words, gram, functional=(), place=None):
    objects = {"F": ex.functional(dict(functional))}
    blocks = [{"words": words, "gram": real(gram)}]
    place = place or ex.scenario([(1,)], 2, settings=2)
    return ex.file(place, objects, ex.step("bound", "F", bound="0", blocks=blocks))


def halves(*places):
    """The elements at these places of the key become those of the noise, of total trace 1 and no-signalling."""
    noise = {"B1": matrix(ex.array(ex.RHO2, Fraction(1, 4))), "B2": matrix(ex.array(ex.RHO3, Fraction(1, 4)))}
    return lambda table: {k: noise[k[-2:]] if k[-2:] in places else m for k, m in table.items()}


def root_with_slack(bound):
    """F + 3 as F + 2 sqrt2 and 3 - 2 sqrt2."""
    file = ex.root(bound)
    file["proof"]["steps"][1]["blocks"].append({"words": [["", ""]], "gram": matrix([[((3, -2), 0)]], 2)})
    return file


def trusted_settings(outcomes, *trusted, **more):
    """0 >= -1 in any scenario at all."""
    file = trivial([outcomes] if isinstance(outcomes, tuple) else outcomes)
    order = 1
    for party in trusted:
        order *= 1 if "settings" in party else party["dim"]
    gram = {"denominator": "1", "re": [" ".join("0" * i + "1") for i in range(order)]}
    parties = len(file["claim"]["scenario"]["black_boxes"]) + any("settings" in party for party in trusted)
    changes = {TRUSTED: list(trusted), f"{T_BLOCK} gram": gram, f"{T_BLOCK} words": [[""] * parties]}
    changes |= {f"{PLACE} {key}": value for key, value in more.items()}
    return change(file, changes)


def qubit(settings):
    return {"dim": 2, "settings": settings}


def one_factor_too_many():
    """A second trusted factor would be traced out, whoever has it."""
    kraus = [[ex.unit(2)]]
    table = ex.born_table([ex.XYZ], ex.STATE222, (2, 2, 2), kraus, [0], [""])
    return ex.born_file(ex.scenario([(2, 2, 2)], 2), table, [ex.XYZ], ex.STATE222, (2, 2, 2), kraus)


def transposed_effects():
    """Right but for the effects, which are transposed."""
    transposed = [[[ex.transpose(m) for m in x] for x in ex.XYZ]]
    table = ex.born_table(transposed, ex.STATE22, (2, 2), (), [0], [""])
    return ex.born_file(ex.scenario([(2, 2, 2)], 2), table, [ex.XYZ], ex.STATE22, (2, 2))


def transposed_states():
    """Right but for the states before the channels, which are transposed."""
    file = born_with(kraus=[lambda state, k=k: ex.applied(k, ex.transpose(state)) for k in (ex.DAMP, [ex.TURN])])
    return change(file, {"claim objects M": born_with()["claim"]["objects"]["M"]})


def view_of_the_setting():
    """The setting of Bob is that of Alice, not her outcome."""
    whole, seen, _ = ex.bonet()
    table = {key: whole[f"{key};{int(key[2]) % 2}"] for key in seen}
    return change(ex.instrumental(), {SIGMA: ex.encoded(table), **claims(*PARENT)})


def negative_dual():
    """-1 >= 0, by a dual of -1."""
    objects = {"F": ex.functional({"0|0": ex.diag(-1, 0)})}
    dual = ex.encoded({"0|0": ex.diag(-1, 0)})
    return ex.file(ex.scenario([(2,)], 2), objects, ex.step("no-signalling-bound", "F", bound="0", dual=dual))


def local_for_signalling():
    file = ex.nonlocal_()
    steps = [*file["proof"]["steps"][1:3], ex.step("signalling", "sigma", from_=[0, 1])]
    return change(file, claims(*steps))


OMEGA, JOINT = "claim objects omega", ex.joint
FROM_LAST = {n: f"{STEPS} {n} from" for n in range(6)}
VALID = ex.step("assemblage", "sigma")
PARENT = ex.step("assemblage", "omega"), ex.step("parent", "sigma", "omega", from_=[0])
NO_DUAL = f"{T_STEP} dual"
SCENARIOS = [
    # the scenario
    Case(
        "dimensions",
        lambda: trusted_settings((2,), {"dim": 2}, {"dim": 3}),
        {},
        U,
        "more than 5 dimensions",
        patch={"MAX_DIM": 5},
    ),
    Case("an input among two", lambda: trusted_settings((2,), qubit(2), {"dim": 1}), {}, U, "not the only one"),
    Case("setting 65 of Bob", lambda: trusted_settings((2,), qubit(65)), {}, U, "range"),
    Case("no setting of Bob", lambda: trusted_settings((2,), qubit(0)), {}, U, "range"),
    Case("many units", lambda: trusted_settings((2,), {"dim": 256, "settings": 2}), {}, U, "more than 100000"),
    Case("many views", lambda: trusted_settings([(50,), (50,)], qubit(41)), {}, U, "more than 100000"),
    Case("not instrumental", lambda: trusted_settings((2,), qubit(2), instrumental=False), {}, U, "not true"),
    Case("instrumental 1", lambda: trusted_settings((2,), qubit(2), instrumental=1), {}, U, "JSON bool"),
    Case("instrumental boxes", lambda: trusted_settings([(2,)] * 2, qubit(2), instrumental=True), {}, U, "one black"),
    Case("instrumental outcomes", lambda: trusted_settings((3,), qubit(2), instrumental=True), {}, U, "too few"),
    Case("instrumental without input", lambda: trusted_settings((1,), {"dim": 2}, instrumental=True), {}, U, "too few"),
    Case("true elsewhere", ex.instrumental, {f"{PLACE} trusted 0 settings": True}, U, "JSON int"),
    Case("scenarios", JOINT, {}, U, "more than 1 scenarios", patch={"MAX_SCENARIOS": 1}),
    Case("another scenario", JOINT, {f"{OMEGA} scenario trusted 0 dim": 3}, U, "not 3 to 3 entries"),
    Case("scenario of an operator", ex.born, {"claim objects W scenario": {}}, U, "unknown key"),
    Case("unobserved key", ex.instrumental, {"claim objects F elements 0|0;1": real([[0]])}, U, "unknown key"),
    Case("key without a view", ex.with_input, {"claim objects F elements 0|0": real([[0]])}, U, "unknown key"),
    Case("key of no party", ex.marginals, {"claim objects F elements 0,0|0,0;B3": real([[0]])}, U, "unknown key"),
    Case("a missing view", ex.with_input, {SIGMA: without("0|0;1")}, U, "no key"),
    Case("order of the other party", ex.marginals, {SIGMA: swap("0,0|0,0;B1", "0,0|0,0;B2")}, U, "entries"),
    # bounds in the field
    Case("two coefficients of a rational", ex.bell, {f"{STEP} statement bound": "-3,0"}, U, "coefficients"),
    Case("three coefficients of two", ex.root, {f"{STEP} statement bound": "0,-2,1"}, U, "coefficients"),
    Case("theta not needed", lambda: root_with_slack("-3,0"), {}, U, "rational number with"),
    Case("theta not in lowest terms", ex.root, {f"{STEP} statement bound": "0,-4/2"}, U, "lowest"),
    Case("a space in a bound", ex.root, {f"{STEP} statement bound": "0, -2"}, U, "not an integer"),
    Case("bound of theta too high", lambda: ex.root("0,-1"), {}, R, "differs"),
    Case("bound of theta not violated", lambda: ex.root("-6,1"), {STEPS: lambda s: [s[0], s[2]]}, R, "not true"),
    # words of a trusted party with input
    Case("letter of a black box", ex.with_input, {f"{BLOCK} words 3": ["", "0|0"]}, U, "letter"),
    Case("units of no setting", ex.with_input, {f"{BLOCK} words 3": ["", "0,0|2"]}, U, "letter"),
    Case("units outside", ex.with_input, {f"{BLOCK} words 3": ["", "0,2|0"]}, U, "letter"),
    Case("units of one setting", ex.with_input, {f"{BLOCK} words 3": ["", "0,1|0 1,0|0"]}, U, "neighbouring"),
    Case("no string for Bob", ex.with_input, {f"{BLOCK} words 3": ["0|0"]}, U, "entries"),
    Case("wrong setting of Bob", ex.with_input, {f"{BLOCK} words": lambda w: [*w[:3], w[4], w[3]]}, R, "differs"),
    Case("wrong unit of Bob", ex.with_input, {f"{BLOCK} words 3": ["", "1,1|0"]}, R, "differs"),
    Case("one square of two", ex.squares_of_units, {f"{T_BLOCK} words 2": ["", "0,0|0 0,1|1"]}, R, "differs"),
    Case("missing adjoint", lambda: one_block([["", "0,1|0"]], [[1]]), {}, R, "differs"),
    Case(
        "a product that is not zero",
        lambda: one_block([["", "0,0|0"], ["", "1,0|0"]], [[1, -1], [-1, 1]]),
        {},
        R,
        "differs",
    ),
    Case("settings taken for one", lambda: one_block([["", "0,0|0 0,0|1"]], [[1]], {"0|0;1": ex.UP}), {}, R, "differs"),
    Case(
        "transposed functional",
        ex.units_of_one_setting,
        {"claim objects F elements": lambda e: ex.encoded(dict.fromkeys(e, ex.transpose(ex.G2)))},
        R,
        "differs",
    ),
    Case(
        "setting of the functional",
        ex.units_of_one_setting,
        {"claim objects F elements": without("0|0;1")},
        R,
        "differs",
    ),
    Case("unobserved square", ex.instrumental, {f"{STEPS} 3 blocks 1 words": [["1|2", "1,1|1"]]}, R, "differs"),
    Case("outcome of another setting", ex.instrumental, {"claim objects F elements": swap("0|0", "1|0")}, R, "differs"),
    # several trusted parties
    Case("square of the other party", lambda: local_square(ex.unit(2), ex.G2), {}, R, "differs"),
    Case("a party in both places", lambda: local_square(ex.G2, ex.G2), {}, R, "differs"),
    Case("unequal traces", ex.marginals, {SIGMA: halves("B2"), **claims(VALID)}, R, "another view"),
    Case("signalling in a view", ex.marginals, {SIGMA: swap("0,0|0,0;B2", "0,1|0,0;B2")}, R, "another view"),
    Case(
        "unequal traces by input",
        ex.with_input,
        {f"{SIGMA} {a}|{x};1": matrix(ex.diag(a, 0)) for a in (0, 1) for x in (0, 1)},
        R,
        "another view",
    ),
    Case("noise", ex.marginals, {SIGMA: halves("B1", "B2")}, R, "not true"),
    # the parent
    Case(
        "wrong partial trace",
        JOINT,
        {SIGMA: lambda e: {k[:-1] + "21"[int(k[-1]) - 1]: m for k, m in e.items()}},
        R,
        "observed",
    ),
    Case(
        "scenario of the parent",
        JOINT,
        claims(ex.step("assemblage", "sigma"), ex.step("parent", "sigma", "sigma", from_=[0])),
        R,
        "scenario of a parent",
    ),
    Case(
        "parent not valid", JOINT, {FROM_LAST[1]: [0], f"{STEPS} 0 statement assemblage": "sigma"}, R, "parent is valid"
    ),
    Case("parent proved later", JOINT, {STEPS: lambda s: [s[1], s[0], s[2]]}, R, "earlier"),
    Case("element of the parent", ex.instrumental, {f"{SIGMA} 0|2": matrix(ex.UP)}, R, "observed"),
    Case("view by the setting", view_of_the_setting, {}, R, "observed"),
    Case("no parent", ex.instrumental, claims(ex.step("assemblage", "sigma")), R, "no earlier step proves a parent"),
    Case(
        "parent of another",
        ex.instrumental,
        {"claim objects tau": ex.instrumental()["claim"]["objects"]["sigma"], f"{STEPS} 1 statement assemblage": "tau"},
        R,
        "no earlier step proves a parent",
    ),
    Case(
        "parent not positive",
        ex.instrumental,
        {OMEGA + " elements": lambda e: e | ex.encoded({"0|2;1": ex.diag(2, -1), "1|2;1": ex.diag(-1.5, 1.5)})},
        R,
        "not positive",
    ),
    Case("no parent object", JOINT, {f"{STEPS} 1 statement parent": "tau"}, R, "no assemblage"),
    # the Born rule
    Case("another state", ex.born, {"claim objects W matrix": matrix(ex.pure(1, 0, 0, 1))}, R, "Born rule gives"),
    Case(
        "conjugated state", ex.born, {"claim objects W matrix": matrix(ex.transpose(ex.STATE22))}, R, "Born rule gives"
    ),
    Case(
        "other order of factors",
        ex.born_bell,
        {"claim objects W matrix": matrix(ex.times(ex.array(SWAP4, 2), ex.STATE22, ex.array(SWAP4, 2)))},
        R,
        "Born rule gives",
    ),
    Case(
        "conjugated channel",
        ex.born_input,
        {"claim objects M channels 0": matrix(ex.transpose(ex.choi([ex.TURN])))},
        R,
        "Born rule gives",
    ),
    Case("channels exchanged", ex.born_input, {"claim objects M channels": lambda c: c[::-1]}, R, "Born rule gives"),
    Case(
        "channels of the other party",
        ex.born_marginals,
        {"claim objects M channels": lambda c: c[::-1]},
        R,
        "another order",
    ),
    Case("order of a channel", ex.born_input, {"claim objects M channels 0": matrix(ex.unit(2))}, R, "another order"),
    Case(
        "channel of all outcomes",
        ex.born_instrumental,
        {"claim objects M channels": lambda c: c[:1] * 2},
        R,
        "Born rule gives",
    ),
    Case("no channels", ex.born_marginals, {"claim objects M channels": DROP}, R, "Born rule gives"),
    Case(
        "three channels", ex.born_input, {"claim objects M channels": lambda c: [*c, c[0]]}, R, "one channel for each"
    ),
    Case("not trace preserving", lambda: born_with(kraus=(scaled(2), [ex.TURN])), {}, R, "trace preserving"),
    Case(
        "trace preserving on average",
        lambda: born_with(kraus=([ex.diag(1, Fraction(3, 5))], [ex.TURN])),
        {},
        R,
        "trace preserving",
    ),
    Case("transposition", lambda: born_with(kraus=(ex.transpose, [ex.TURN])), {}, R, "channel 0: not positive"),
    Case(
        "effects do not sum to 1",
        lambda: born_with([[[ex.X, ex.X], ex.XYZ[0]], ex.XYZ[:2]]),
        {},
        R,
        "sum of the effects",
    ),
    Case(
        "no effects to sum", lambda: born_with([[[ex.array(ex.unit(2), 2)]], ex.XYZ[:2]]), {}, R, "sum of the effects"
    ),
    Case(
        "negative effect",
        lambda: born_with([[[ex.diag(2, 0), ex.diag(-1, 1)]], ex.XYZ[:2]]),
        {},
        R,
        "effect 1: not positive",
    ),
    Case(
        "effects of another order",
        ex.born,
        {"claim objects M measurements 0 0 0": matrix(ex.unit(3))},
        R,
        "another order",
    ),
    Case("a factor too many", one_factor_too_many, {}, R, "number of factors"),
    Case("a factor too few", ex.born_bell, {"claim objects W": ex.operator(ex.STATE22, 4)}, R, "number of factors"),
    Case(
        "a setting too many",
        ex.born,
        {"claim objects M measurements 0": lambda box: [*box, box[0]]},
        R,
        "other outcomes",
    ),
    Case("a setting too few", ex.born, {"claim objects M measurements 0": lambda box: box[:2]}, R, "other outcomes"),
    Case("a box too many", ex.born, {"claim objects M measurements": lambda boxes: boxes * 2}, R, "other outcomes"),
    Case("order of an operator", ex.born, {"claim objects W dims": [256, 17]}, U, "order 4352"),
    Case("big operator", ex.born, {}, U, "order 4", patch={"MAX_ORDER": 3}),
    Case("dimension of an operator", ex.born, {"claim objects W dims": [2, 0]}, U, "range"),
    Case("operator of another order", ex.born, {"claim objects W dims": [2, 3]}, U, "not 6 to 6 entries"),
    Case("work of measurements", ex.born, {}, U, "terms", patch={"MAX_WORK": 200}),
    Case("an operator as devices", ex.born, {f"{STEPS} 0 statement devices": "W"}, R, "no devices"),
    Case("devices as operator", ex.born, {f"{STEPS} 1 statement operator": "M"}, R, "no operator"),
    Case("witness as a state", ex.witness, claims(ex.step("state", "W")), R, "zero pivot"),
    Case(
        "state of trace 2",
        ex.born,
        {"claim objects W matrix": matrix(ex.array(ex.STATE22, 2)), **claims(ex.step("state", "W"))},
        R,
        "trace is not 1",
    ),
    # mixture
    Case("another mixture", ex.mixture, {f"{STEPS} 0 statement weight": "1/3", f"{LAST} weight": "1/3"}, R, "mixture"),
    Case("element of a mixture", ex.mixture, {f"{SIGMA} 0|0": matrix(ex.UP)}, R, "mixture"),
    Case(
        "noise and data swapped",
        ex.mixture,
        {f"{STEPS} 0 statement noise": "tau", f"{STEPS} 0 statement data": "nu"},
        R,
        "mix",
    ),
    Case("weight above 1", ex.beyond, {}, R, "between 0 and 1"),
    Case("weight below 0", lambda: ex.beyond("-1"), {}, R, "between 0 and 1"),
    Case("weight no number", ex.mixture, {f"{STEPS} 0 statement weight": "a quarter"}, U, "integer"),
    Case(
        "noise of another scenario",
        ex.mixture,
        {"claim objects nu scenario": ex.scenario([(2, 2)], 2, settings=2, instrumental=True)},
        R,
        "different scenarios",
    ),
    Case("no noise", ex.mixture, {f"{STEPS} 0 statement noise": "mu"}, R, "no assemblage"),
    Case("conjugated effects", transposed_effects, {}, R, "Born rule gives"),
    Case("conjugated input", transposed_states, {}, R, "Born rule gives"),
    # quantum
    Case(
        "an operator that is no state",
        ex.witness,
        claims(ex.step("born", "sigma", "W", "M"), ex.step("quantum", "sigma", from_=[0])),
        R,
        "has a parent",
    ),
    Case(
        "state of another",
        ex.born,
        {"claim objects V": ex.operator(ex.UP, 2), f"{STEPS} 1 statement operator": "V"},
        R,
        "operator of premise 0",
    ),
    Case(
        "quantum by validity",
        ex.witness,
        claims(ex.step("assemblage", "sigma"), ex.step("quantum", "sigma", from_=[0])),
        R,
        "has a parent",
    ),
    Case(
        "quantum by validity and a state",
        ex.born,
        claims(ex.step("assemblage", "sigma"), ex.step("state", "W"), ex.step("quantum", "sigma", from_=[0, 1])),
        R,
        "Born rule gives",
    ),
    Case(
        "Born rule of another",
        ex.born,
        {"claim objects tau": ex.born()["claim"]["objects"]["sigma"], f"{STEPS} 0 statement assemblage": "tau"},
        R,
        "not about",
    ),
    Case("two boxes and a parent", lambda: own_parent(ex.bell), {}, R, "one black box"),
    Case("an input and a parent", lambda: own_parent(ex.with_input), {}, R, "with input"),
    Case(
        "instrumental and a parent",
        ex.instrumental,
        claims(*PARENT, ex.step("quantum", "sigma", from_=[1])),
        R,
        "with input",
    ),
    Case("no premises", JOINT, {FROM_LAST[2]: []}, U, "entries"),
    Case("three premises", JOINT, {FROM_LAST[2]: [1, 1, 1]}, U, "entries"),
    # local hidden states
    Case("unequal weights", lambda: other_weights(ex.WEIGHTS[::-1]), {}, R, "traces of the states differ"),
    Case(
        "negative hidden state",
        lambda: model_of(ex.diag(Fraction(3, 2), -1), *[ex.diag(0, Fraction(1, 6))] * 3),
        {},
        R,
        "state 0: not positive",
    ),
    Case("weights of 2", lambda: model_of(*[ex.diag(ex.HALF, 0)] * 4), {}, R, "weights"),
    Case("another strategy", ex.local, {f"{T_STEP} model 1 outcomes": [[1, 0]]}, R, "model gives"),
    Case("another outcome", ex.local, {f"{T_STEP} model 1 outcomes": [[0, 2]]}, U, "range"),
    Case("a setting too few in a strategy", ex.local, {f"{T_STEP} model 1 outcomes": [[0]]}, U, "entries"),
    Case("a box too many in a strategy", ex.local, {f"{T_STEP} model 1 outcomes": [[0, 1]] * 2}, U, "entries"),
    Case("a view too few", ex.local_marginals, {f"{T_STEP} model 1 states": lambda s: s[:1]}, U, "entries"),
    Case("views exchanged", ex.local_input, {f"{T_STEP} model 1 states": lambda s: s[1:] + s[:1]}, R, "model gives"),
    Case("no model", ex.local, {f"{T_STEP} model": []}, U, "entries"),
    Case("work of a model", ex.local, {}, U, "terms", patch={"MAX_WORK": 20}),
    Case(
        "violated strategy",
        ex.nonlocal_,
        {f"{STEPS} {i} statement bound": "-3/2" for i in (1, 2)},
        R,
        "strategy ((0, 0), (0, 0))",
    ),
    Case("strategies", ex.nonlocal_, {}, U, "strategies", patch={"MAX_STRATEGIES": 15}),
    Case("work of strategies", ex.nonlocal_, {}, U, "terms", patch={"MAX_WORK": 20}),
    Case(
        "local bound of two views",
        ex.marginals,
        claims(ex.step("local-bound", "F", bound=-10)),
        U,
        "no key shares",
    ),
    Case("nonlocal by another bound", ex.nonlocal_, {f"{STEPS} 1 statement bound": "-5/2"}, R, "premise 2"),
    Case(
        "a local bound for all quantum ones",
        ex.nonlocal_,
        {f"{STEPS} 3 statement rule": "postquantum", f"{LAST} rule": "postquantum"},
        R,
        "not a bound",
    ),
    Case(
        "a quantum bound for local ones",
        ex.bell,
        {f"{STEPS} 3 statement rule": "nonlocal", f"{LAST} rule": "nonlocal"},
        R,
        "not a local-bound",
    ),
    # no-signalling
    Case("negative dual", negative_dual, {}, R, "of the dual: not positive"),
    Case(
        "dual of another setting",
        ex.signalling,
        {NO_DUAL: lambda d: {"1|0;1": d["1|0;0"], "1|1;0": d["1|1;0"]}},
        R,
        "differs",
    ),
    Case(
        "dual of another party",
        ex.no_signalling_marginals,
        {"claim objects F elements": without("0|0;B2")},
        R,
        "differs",
    ),
    Case("higher no-signalling bound", ex.no_signalling, {f"{T_STEP} statement bound": "-3"}, R, "differs"),
    Case("dual by the instrumental keys", ex.signalling, {NO_DUAL: lambda d: {"1|0": d["1|0;0"]}}, U, "unknown key"),
    Case("a local bound for no-signalling", local_for_signalling, {}, R, "not a no-signalling-bound"),
    Case(
        "no violation of no-signalling",
        ex.signalling,
        {SIGMA: ex.encoded({"0|0": ex.UP, "0|1": ex.UP, "1|0": ex.diag(0, 0), "1|1": ex.diag(0, 0)})},
        R,
        "not true",
    ),
    Case(
        "functional of another scenario",
        ex.signalling,
        {"claim objects F scenario": ex.scenario([(2, 2)], 2), **claims(ex.step("violation", "F", "sigma", bound=-1))},
        R,
        "different scenarios",
    ),
    # the claim
    Case(
        "claim about a parent of the proof",
        JOINT,
        {
            "proof objects omega": JOINT()["claim"]["objects"]["omega"],
            OMEGA: DROP,
            STEPS: lambda s: s[:2],
            LAST: PARENT[1]["statement"],
        },
        R,
        "lacks",
    ),
]


ONES = {"0|0": real([[1]]), "1|0": real([[1]])}
COMPARED = [
    Case("other field", build.pr_box, {}, R, "another field", {"claim field": field("-1 1", "0", "2")}),
    Case("other embedding", build.sqrt2_line, {}, R, "another root", {"claim field interval": ["-2", "-1"]}),
    Case("other boxes", trivial, {}, R, "scenario", {"claim scenario black_boxes 0 outcomes": [2, 2]}),
    Case("other dimension", lambda: trivial(), {}, R, "scenario", {"claim scenario trusted 0 dim": 2}),
    Case(
        "other sigma", build.pr_box, {}, R, "element 0,0|0,0 of sigma", {SIGMA + " 0,0|0,0": real([[Fraction(1, 3)]])}
    ),
    Case(
        "other type",
        trivial,
        {"claim objects F elements": ONES, W_CLAIM + " bound": "0", f"{T_STEP} statement bound": "0"},
        R,
        "F is of type functional in the file, not assemblage",
        {"claim objects F": {"type": "assemblage", "elements": ONES}, W_CLAIM + " bound": "0"},
    ),
    Case(
        "other scenario than that of all objects",
        trivial,
        {"claim objects F scenario": ex.scenario([(2,)], 1)},
        R,
        "another scenario",
        {"claim objects F scenario": ex.scenario([(2,)], 1), "claim scenario": ex.scenario([(2, 2)], 1)},
    ),
    Case("other name", trivial, {}, R, "F is an object of the file only", {"claim objects": lambda o: {"G": o["F"]}}),
    Case("one more object", trivial, {}, R, "G is an", {"claim objects G": {"type": "functional", "elements": {}}}),
    Case("no element", build.toy, {}, R, "element 0|0 of F", {"claim objects F elements": {}}),
    Case(
        "other statement", trivial, {}, R, "'bound': '-1'} in the file, {'bound': '-1/2'}", {W_CLAIM + " bound": "-1/2"}
    ),
    Case("one more statement", trivial, {}, R, "statement 1 has {'rule': None}", {"claim statements": lambda s: s * 2}),
    Case(
        "one statement less",
        trivial,
        {"claim statements": lambda s: s * 2},
        R,
        "{'rule': 'bound'} in the file, {'rule': None}",
        {"claim statements": lambda s: s[:1]},
    ),
    Case("unreadable claim", trivial, {}, U, "--claim", {"claim name": 5}),
]

NESTED = '[[{"\\\\\\" }' * 30
ACCEPTED = [
    Case("brackets and quotes in a text", build.toy, {"claim name": NESTED, "claim source": "\\"}),
    Case("lone surrogate in a text", build.toy, {"claim name": "\ud800\n"}),
    Case("no imaginary part", build.pr_box, {f"{BLOCK} gram im": DROP}),
    Case("another denominator", build.toy, {f"{T_BLOCK} gram": {"denominator": "3", "re": ["3"]}}),
    Case("boxes exchanged", build.pr_qubit, {f"{BLOCK} words": lambda w: [v[::-1] for v in w]}),
    Case("rows of zeros", lambda: trivial([(2, 2)], 2, words=[["1|0 0|1 1|0"], ["1|1"]])),
    Case("all products", lambda: square_sum([(3, 2)], [[f"{a}|0 {b}|1"] for a in range(3) for b in range(2)])),
    Case("some products", lambda: square_sum([(2, 2)], [["0|1 0|0"], ["1|1 0|0"], ["1|0"]])),
    Case("one outcome", lambda: trivial([(1, 2)], words=[["0|0 1|1"]])),
    Case("a word longer than needed", lambda: trivial([(2, 2)], words=[[LONG[4:]]])),
    Case("the other root", lambda: build.sqrt2_box(2, -1, field("-2 0 1", "-2", "-1"))),
    Case("another last bit", build.pr_box_factor, {f"{BLOCK} factor re 8": bump}),
    Case("no trusted party is one of dimension 1", build.pr_box, claim={"claim scenario trusted": []}),
    Case("one setting", build.pr_qubit, claim={"claim scenario trusted 0 settings": 1}),
    Case(
        "the own scenario of an object", build.toy, claim={"claim objects F scenario": trivial()["claim"]["scenario"]}
    ),
    Case("an object too many", build.toy, {"proof objects G": {"type": "functional", "elements": {}}}),
    Case("a step too many", build.pr_box, {"proof steps": lambda s: [*s, s[1]]}),
    Case(
        "a bound and a refutation",
        build.pr_box,
        {
            "claim objects F": build.pr_box()["proof"]["objects"]["F"],
            "proof objects": {},
            "claim statements": lambda s: [*s, build.pr_box()["proof"]["steps"][1]["statement"]],
        },
    ),
    Case("equal claims", build.pr_box, claim={"claim name": "mine", "claim source": "me"}),
    Case(
        "equal values",
        build.toy,
        claim={"claim objects F elements": {"0|0": {"denominator": "7", "re": ["7"]}, "1|0": real([[0]])}},
    ),
    Case("the same root", build.sqrt2_line, claim={"claim field interval": ["7/5", "3/2"]}),
    *forged_maps.ACCEPTED,
    *forged_models.ACCEPTED,
    *forged_symmetric.ACCEPTED,
]

CASES = [
    *BYTES,
    *(Case(name, build.toy, changes, "Unreadable", reason) for name, changes, reason in GRAMMAR),
    *LIMITS,
    *FIELDS,
    *REJECTED,
    *SCENARIOS,
    *COMPARED,
    *forged_maps.CASES,
    *forged_models.CASES,
    *forged_symmetric.CASES,
]
