"""Forged proofs about hidden states, hidden variables, negativity and sequences, and errors that let some pass."""

from fractions import Fraction

from tests import checker_examples as ex
from tests import model_examples as models
from tests.forgeries import DROP, T_STEP, Case, R, U, change
from tests.model_examples import HALF, QUARTER, bloch, elements, sequential, step
from tests.proof_builders import matrix, real

STEPS, STATED, SIGMA = "proof steps", "claim statements", "claim objects sigma elements"
PLACE, MAPS = "claim scenario", "claim objects M measurements"


def claims(*steps, **more):
    """Other steps; the last one is claimed."""
    return {STEPS: list(steps), STATED: [steps[-1]["statement"]], **more}


def weighing(key, value, i):
    """Another bound or weight of step i, which is claimed."""
    return {f"{STEPS} {i} statement {key}": value, f"{STATED} 0 {key}": value}


def restated(rule):
    return {f"{T_STEP} statement rule": rule, f"{STATED} 0 rule": rule}


def numbers(table):
    """Matrices of order 1 by their keys."""
    return {key: real([[x]]) for key, x in table.items()}


# ---- sequences -------------------------------------------------------------------------------------------------------
def measured(rounds, effects, whole, dims, given=None, outcomes=None):
    """What a sequence gives, and the devices, or others."""
    sizes = [len(settings[0][0][0][0]) for settings in rounds]
    table = models.sequence(rounds, effects, whole, dims)
    objects = {"sigma": ex.assemblage(table), "W": ex.operator(whole, *dims)}
    objects["M"] = given or models.instruments(rounds, effects, sizes)
    counts = [tuple(map(len, settings)) for settings in (*rounds, effects)]
    return ex.file(sequential(outcomes or counts, *dims[1:]), objects, step("born", "sigma", "W", "M"))


def conjugated_rounds():
    """Right but for the conjugation of what the last rounds make of the first."""
    rounds = [[[[ex.star(ex.transpose(k)) for k in kraus] for kraus in x] for x in models.FIRST]]
    effects = [[ex.transpose(m) for m in x] for x in models.LAST]
    given = models.instruments([models.FIRST], models.LAST, [2])
    return measured(rounds, effects, ex.STATE22, (2, 2), given)


KEPT = [[[ex.times(ex.TURN, ex.UP)], [ex.DOWN]], [[k] for k in ex.DAMP]]  # of a qubit to a qubit


def exchanged_rounds():
    """Right but for input and output of the first maps."""
    rounds = [[[[ex.transpose(k) for k in kraus] for kraus in x] for x in KEPT]]
    return measured(rounds, ex.XYZ, ex.STATE22, (2, 2), models.instruments([KEPT], ex.XYZ, [2]))


def prepared(first, second, size=1):
    """The first round prepares a state of a qubit from nothing, by its outcome."""
    values = {(a, b): ex.times(m, n) for a, m in enumerate(first) for b, n in enumerate(second)}
    table = {f"{a},{b}|0,0": [[m[0][0] + m[1][1]]] for (a, b), m in values.items()}
    objects = {"sigma": ex.assemblage(table), "W": ex.operator(ex.array(ex.unit(size), Fraction(1, size)), size)}
    objects["M"] = ex.devices([[list(first)], [list(second)]])
    place = sequential([(len(first),), (len(second),)])
    return ex.file(place, objects, step("born", "sigma", "W", "M"))


def with_channel():
    file = measured([KEPT], ex.XYZ, ex.STATE22, (2, 2))
    return change(file, {"claim objects M channels": [matrix(ex.choi([ex.unit(2)]))]})


def one_round_too_few():
    """Two trusted factors."""
    file = models.two_rounds()
    return change(file, {"claim objects W": ex.operator(ex.tensor(ex.STATE22, ex.UP), 2, 2, 2)})


def deterministic():
    """Local for boxes, but the boxes are rounds."""
    table = numbers({"0,0|0,0": HALF, "0,1|0,0": HALF})
    model = [{"outcomes": [[0], [a]], "states": [real([[HALF]])]} for a in (0, 1)]
    return ex.file(sequential([(1,), (2,)]), {"sigma": elements(table)}, step("local", "sigma", model=model))


def to_the_past():
    """The first outcome tells the second setting."""
    table = numbers({f"{a},0|{x},{y}": int(a == y) for a in (0, 1) for x in (0, 1) for y in (0, 1)})
    return ex.file(sequential([(2, 2), (1, 1)]), {"sigma": elements(table)}, step("assemblage", "sigma"))


def two_rounds_back():
    """Neither of the last two rounds alone tells its setting, both together do: the first outcome is y z."""
    bits = [(x, y, z) for x in (0, 1) for y in (0, 1) for z in (0, 1)]
    table = {f"{a},0,0|0,{y},{z}": int(a == y * z) for a, y, z in bits}
    place = sequential([(2,), (1, 1), (1, 1)])
    return ex.file(place, {"sigma": elements(numbers(table))}, step("assemblage", "sigma"))


def to_the_trusted():
    table = {f"0,0|0,{y}": ex.diag(y, 1 - y) for y in (0, 1)}
    return ex.file(sequential([(1,), (1, 1)], 2), {"sigma": ex.assemblage(table)}, step("assemblage", "sigma"))


TWICE, INPUT, PARTIES = [(1,), (1,)], ["0,0|0,0;0", "0,0|0,0;1"], ["0,0|0,0;B1", "0,0|0,0;B2"]


def rounds_of(outcomes, keys, *trusted):
    """One certain outcome."""
    place = sequential(outcomes) | {"trusted": list(trusted)}
    return ex.file(place, {"sigma": elements(numbers(dict.fromkeys(keys, 1)))}, step("assemblage", "sigma"))


def of_a_sequence(rule, *names, **evidence):
    """A rule that is not about sequences, of a sequence."""
    file = deterministic()
    objects = {"W": ex.operator(ex.unit(1), 1), "nu": file["claim"]["objects"]["sigma"]}
    file["claim"]["objects"] |= objects
    return change(file, claims(step("assemblage", "sigma"), {**step(rule, *names, **evidence)}))


ENTRY = [{"outcomes": [[0], [0]], "states": [real([[1]])]}]
PARENT = {"statement": {"rule": "parent", "assemblage": "sigma", "parent": "nu"}, "from": [0]}
IMAGE = {"statement": {"rule": "image", "assemblage": "sigma", "data": "nu", "maps": "W"}}
ANSWERS = [{"outcomes": [[0], [0]], "weights": ["1", "1"]}]
SEQUENCES = [
    Case("not sequential", models.memory, {f"{PLACE} sequential": False}, U, "not true"),
    Case("sequential 1", models.memory, {f"{PLACE} sequential": 1}, U, "JSON bool"),
    Case("one round", lambda: rounds_of([(1,)], ["0|0"], {"dim": 1}), {}, U, "one round"),
    Case("rounds with an input", lambda: rounds_of(TWICE, INPUT, {"dim": 1, "settings": 2}), {}, U, "or with input"),
    Case("rounds and two parties", lambda: rounds_of(TWICE, PARTIES, *[{"dim": 1}] * 2), {}, U, "several trusted"),
    Case("rounds and instrumental", models.memory, {f"{PLACE} instrumental": True}, U, "one black"),
    Case(
        "a functional of rounds",
        models.memory,
        {"claim objects F": {"type": "functional", "elements": {}}},
        U,
        "a functional of a sequential",
    ),
    Case(
        "events of rounds",
        models.memory,
        {"claim objects S": {"type": "events", "events": ["0,0|0,0"]}},
        U,
        "events of",
    ),
    Case("another claim", models.memory, {}, R, "scenario", {f"{PLACE} sequential": DROP}),
    Case("signalling to the past", to_the_past, {}, R, "signalling: box 1"),
    Case("signalling of two rounds", two_rounds_back, {}, R, "signalling: box 1"),
    Case("signalling to the trusted party", to_the_trusted, {}, R, "signalling"),
    Case("rounds are no boxes", models.memory, {f"{PLACE} sequential": DROP}, R, "signalling"),
    # rules about boxes
    Case("local rounds", deterministic, {}, R, "sequential scenario"),
    Case(
        "a parent of rounds", lambda: of_a_sequence("local", "sigma"), {f"{STEPS} 1": PARENT}, R, "sequential scenario"
    ),
    Case(
        "an image of rounds", lambda: of_a_sequence("local", "sigma"), {f"{STEPS} 1": IMAGE}, R, "sequential scenario"
    ),
    *(
        Case(f"{rule} of rounds", lambda rule=rule: of_a_sequence(rule, "sigma", model=ENTRY), {}, R, "sequential scen")
        for rule in ("local", "pseudo-local", "affine-local")
    ),
    Case(
        "projective-local rounds",
        lambda: of_a_sequence("projective-local", "sigma", directions=[["1", "0", "0"]], responses=ANSWERS),
        {},
        R,
        "sequential scenario",
    ),
    Case(
        "negativity of rounds",
        lambda: of_a_sequence("negativity-at-most", "sigma", bound=0, from_=[0], matrix=real([[0]])),
        {},
        R,
        "sequential scenario",
    ),
    # the Born rule
    Case("element of rounds", models.two_rounds, {f"{SIGMA} 0,0|0,0": matrix(ex.UP)}, R, "Born rule gives"),
    Case("maps exchanged", models.two_rounds, {f"{MAPS} 0 0": lambda m: m[::-1]}, R, "Born rule gives"),
    Case("conjugated rounds", conjugated_rounds, {}, R, "Born rule gives"),
    Case("input and output of a round", exchanged_rounds, {}, R, "Born rule gives"),
    Case(
        "conjugated map",
        models.two_rounds,
        {f"{MAPS} 0 1 0 im": lambda rows: [" ".join(str(-int(x)) for x in row.split()) for row in rows]},
        R,
        "Born rule gives",
    ),
    Case(
        "a map of another order", models.two_rounds, {f"{MAPS} 0 2 0": matrix(ex.unit(4))}, R, "maps of another order"
    ),
    Case("an effect for a map", lambda: prepared(ex.XYZ[0], ex.XYZ[0], 4), {}, R, "setting 0: maps of another order"),
    Case(
        "half a dimension", lambda: prepared(models.THIRDS, models.THIRDS, 2), {}, R, "setting 0: maps of another order"
    ),
    Case(
        "a map for an effect", models.two_rounds, {f"{MAPS} 1 0 1": matrix(ex.unit(6))}, R, "effects of another order"
    ),
    Case("a map lost", lambda: prepared([ex.UP, ex.array(ex.DOWN, HALF)], ex.XYZ[0]), {}, R, "maps is not trace"),
    Case(
        "traces of maps on average",
        lambda: measured([[[[ex.diag(1, Fraction(3, 5))], [ex.diag(1, 0)]]]], ex.XYZ, ex.STATE22, (2, 2)),
        {},
        R,
        "maps is not trace preserving",
    ),
    Case("a negative map", lambda: prepared([ex.diag(1, -HALF), ex.diag(0, HALF)], ex.XYZ[0]), {}, R, "map 0: not pos"),
    Case("effects after a round", lambda: prepared([ex.UP, ex.diag(0, 0)], [ex.X, ex.X]), {}, R, "effects is not 1"),
    Case("a channel after rounds", with_channel, {}, R, "channels in a sequential scenario"),
    Case("three factors of rounds", one_round_too_few, {}, R, "number of factors"),
    Case(
        "an operator that is no state of rounds",
        models.two_rounds,
        {"proof steps 1 statement operator": "V"},
        R,
        "no op",
    ),
    Case("rounds and no state", models.two_rounds, {"proof steps 2 from": [0]}, R, "has a parent"),
    Case("other noise of rounds", models.sequential_mixture, {f"{T_STEP} statement noise": "tau"}, R, "mixture"),
]

# ---- local bounds ----------------------------------------------------------------------------------------------------
SHARES = f"{STEPS} 1 shares"
SHARED = [
    Case("no shares", models.nonlocal_input, {SHARES: DROP}, U, "no key shares"),
    Case("shares of one view", ex.nonlocal_, {f"{STEPS} 1 shares": [["-2"]] * 16}, U, "unknown key"),
    Case("no shares at all", models.nonlocal_input, {SHARES: []}, U, "entries"),
    Case("a share for each party", models.nonlocal_input, {f"{SHARES} 2": ["-2"]}, U, "entries"),
    Case("three shares", models.nonlocal_input, {f"{SHARES} 2": ["0", "-2", "0"]}, U, "entries"),
    Case("shares of theta", models.nonlocal_input, {f"{SHARES} 2": ["0", "-2,0"]}, U, "coefficients"),
    Case("shares as numbers", models.nonlocal_input, {f"{SHARES} 2": [0, -2]}, U, "JSON str"),
    Case("too many shares", models.nonlocal_input, {}, U, "entries", patch={"MAX_STRATEGIES": 3}),
    Case("a strategy without shares", models.nonlocal_input, {SHARES: lambda s: s[:3]}, R, "not shares for all 4"),
    Case("shares for nobody", models.nonlocal_input, {SHARES: lambda s: [*s, s[0]]}, R, "not shares for all 4"),
    Case("strategies in another order", models.nonlocal_input, {SHARES: lambda s: [*s[1:], s[0]]}, R, "not positive"),
    Case("views exchanged in shares", models.nonlocal_instrumental, {f"{STEPS} 3 shares 0": ["0", "-2"]}, R, "not pos"),
    Case("a share too high", models.nonlocal_marginals, {f"{SHARES} 0": ["-23/16", "-13/8"]}, R, "view (0, 0): not"),
    Case("the other share too high", models.nonlocal_marginals, {f"{SHARES} 0": ["-13/8", "-23/16"]}, R, "view (1, 0)"),
    Case("shares too low", models.nonlocal_marginals, {f"{SHARES} 9": ["-3/2", "-13/8"]}, R, "sum of the shares"),
    Case(
        "a higher bound", models.nonlocal_input, {f"{STEPS} {i} statement bound": "-3/2" for i in (1, 2)}, R, "shares"
    ),
    Case("shares of an irrational sum", models.root_shares, {f"{T_STEP} shares 3": ["-3/2", "-1/100"]}, R, "sum of"),
    Case("an irrational share too high", models.root_shares, {f"{T_STEP} shares 3 0": "3/2,-2"}, R, "not positive"),
    Case(
        "the view of a setting",
        models.nonlocal_instrumental,
        {f"{STEPS} 3 shares 7": ["-1", "-1"], f"{STEPS} 3 shares 0": ["-1", "-1"]},
        R,
        "not positive",
    ),
    Case("instrumental shares", models.nonlocal_instrumental, {f"{STEPS} 3 shares 3": ["-2", "0"]}, R, "not positive"),
]

# ---- pseudo-local and affine models ----------------------------------------------------------------------------------
STATES = f"{T_STEP} model 0 states"


def other_traces():
    """Weights by view."""
    states = [[ex.diag(1, 0), ex.diag(1, 1)], [ex.diag(0, 0), ex.diag(-1, 0)]]
    place = ex.scenario([(2,)], 2, 2)
    return models.modelled(place, [[[0]], [[1]]], states, (";B1", ";B2"), "pseudo-local")


def affine_of(*states, rule="affine-local"):
    """One box with one setting, and a state for each outcome."""
    place, outcomes = ex.scenario([(len(states),)], 2), [[[a]] for a in range(len(states))]
    return models.modelled(place, outcomes, [[m] for m in states], ("",), rule)


def mixed_signs():
    """Of the same trace, but only one of the two is negative."""
    states = [[ex.diag(-1, 0), ex.diag(1, -2)], [ex.diag(2, 0), ex.diag(1, 1)]]
    place = ex.scenario([(2,)], 2, 2)
    return models.modelled(place, [[[0]], [[1]]], states, (";B1", ";B2"), "affine-local")


PSEUDO = [
    Case("pseudo-local for local", models.pseudo, restated("local"), R, "entry 0, state 0: not positive"),
    Case("pseudo-local for affine", models.pseudo, restated("affine-local"), R, "entry 0, state 0: not positive"),
    Case("affine for local", models.affine, restated("local"), R, "not positive"),
    Case("signs by view", mixed_signs, {}, R, "entry 0, state 1: not positive"),
    Case("trace 0 but not zero", lambda: affine_of(models.SHIFT, ex.UP), {}, R, "entry 0, state 0: not positive"),
    Case("neither positive nor negative", lambda: affine_of(ex.diag(1, -2), ex.diag(1, 1)), {}, R, "entry 0, state 0"),
    Case("traces of pseudo-states", other_traces, {}, R, "traces of the states differ"),
    Case("weights of pseudo-states", lambda: affine_of(ex.UP, ex.UP, rule="pseudo-local"), {}, R, "add up to 1"),
    Case("affine weights of 1/2", lambda: affine_of(ex.UP, ex.diag(0, -HALF)), {}, R, "add up to 1"),
    Case("another pseudo-state", models.pseudo, {f"{SIGMA} 0|1;2": matrix(ex.UP)}, R, "what the model gives"),
    Case("another affine model", models.affine, {f"{SIGMA} 0,0|0,0;B1": matrix(ex.UP)}, R, "what the model gives"),
    Case("the other root of an affine model", models.affine_root, {f"{T_STEP} model 0 outcomes": [[1]]}, R, "gives"),
    Case(
        "affine in the other root", models.affine_root, {"claim field interval": ["-2", "-1"], **restated("local")}, R
    ),
    Case("a pseudo-model without states", models.pseudo, {f"{T_STEP} model 0": {"outcomes": [[0, 0]]}}, U, "no key"),
    Case("weights for states", models.pseudo, {f"{T_STEP} model 0 weights": ["1"]}, U, "unknown key"),
]

# ---- local for all measurements --------------------------------------------------------------------------------------
DIRECTIONS, RESPONSES = f"{T_STEP} directions", f"{T_STEP} responses"


def shrunk(directions, i, factor):
    return [tuple(c * factor for c in v) if k == i else v for k, v in enumerate(directions)]


def steep(upper):
    """The data of a maximally entangled state at one direction: too much for some strategy, or too little."""
    file = models.isotropic(models.PLANE, 1, models.SQUARE)
    above = {(0, 0): "1/2"}  # else 0
    below = {(1, 1): "-1/4"}  # else 1/4
    for entry in file["proof"]["steps"][0]["responses"]:
        x, z = entry["outcomes"][0][1], entry["outcomes"][0][0]
        for place, bits in ((1, (z, x)), (2, (1 - z, x))):
            entry["weights"][place] = above.get(bits, "0") if upper else below.get(bits, "1/4")
    return file


def twice():
    """All traces and weights are doubled."""
    file = models.projective()
    for entry in file["proof"]["steps"][0]["responses"]:
        entry["weights"] = [str(2 * Fraction(w)) for w in entry["weights"]]
    for m in file["claim"]["objects"]["sigma"]["elements"].values():
        m["denominator"] = str(Fraction(m["denominator"]) / 2)
    return file


def doubled(example, endings, trusted):
    """Every element once for each view."""
    file = example()
    table = file["claim"]["objects"]["sigma"]["elements"]
    views = {key + ending: m for key, m in table.items() for ending in endings}
    return change(file, {SIGMA: views, f"{PLACE} trusted": trusted})


def conjugated_space():
    """The responses of the conjugated assemblage."""
    file = models.projective_space()
    table = {key: bloch(HALF, y=Fraction(-models.sign(int(key[0])), 6), degree=1) for key in ("0|1", "1|1")}
    return change(file, {f"{SIGMA} {key}": m for key, m in table.items()})


HULL = "does not contain the unit ball"
PROJECTIVE = [
    Case(
        "a square in the disc",
        lambda: models.isotropic("zx", HALF, shrunk(models.SQUARE, 0, Fraction(99, 100))),
        {},
        R,
        HULL,
    ),
    Case(
        "an octahedron", lambda: models.isotropic("zyx", Fraction(1, 3), [(1, 0, 0), (0, 1, 0), (0, 0, 1)]), {}, R, HULL
    ),
    Case(
        "a small cube",
        lambda: models.isotropic("zyx", Fraction(1, 3), shrunk(models.CUBE, 3, Fraction(9, 10))),
        {},
        R,
        HULL,
    ),
    Case(
        "a thin box",
        lambda: models.isotropic("zyx", QUARTER, [(2, 2, HALF), (2, -2, HALF), (2, 2, -HALF), (2, -2, -HALF)]),
        {},
        R,
        HULL,
    ),
    Case(
        "a disc for a ball", lambda: models.isotropic("zx", QUARTER, [(2, 0, 0), (0, 0, 2), (0, HALF, 0)]), {}, R, HULL
    ),
    Case("a line", lambda: models.isotropic("zx", HALF, [(2, 0, 0), (-3, 0, 0)]), {}, R, "do not span"),
    Case("one direction", lambda: models.isotropic("zx", HALF, [(1, 0, 1)]), {}, R, "do not span"),
    Case("no direction", lambda: models.isotropic("zx", HALF, [(0, 0, 0)] * 3), {}, R, "do not span"),
    Case("a plane", lambda: models.isotropic("zx", QUARTER, [(2, 2, 0), (2, -2, 0), (2, 1, 0)]), {}, R, "do not span"),
    Case(
        "a plane with two directions",
        lambda: models.isotropic("zx", HALF, [(1, 1, 1), (1, 1, -1)]),
        {},
        R,
        "do not span",
    ),
    Case(
        "elements out of the plane", lambda: models.isotropic("zyx", Fraction(1, 3), models.SQUARE), {}, R, "not real"
    ),
    Case("sixty-five directions", models.projective, {DIRECTIONS: [["1", "0", "1"]] * 65}, U, "entries"),
    Case("no directions", models.projective, {DIRECTIONS: []}, U, "entries"),
    Case("a direction in the plane", models.projective, {f"{DIRECTIONS} 0": ["1", "1"]}, U, "entries"),
    Case("an irrational direction", models.projective_root, {f"{DIRECTIONS} 0 0": "0,1"}, U, "not an integer"),
    Case("a direction of integers", models.projective, {f"{DIRECTIONS} 0 0": 1}, U, "JSON str"),
    Case("a long direction", models.projective, {f"{DIRECTIONS} 0": ["2", "0", "2"]}, R, "what the responses give"),
    Case("work of directions", models.projective_space, {}, U, "terms", patch={"MAX_WORK": 100}),
    Case("no responses", models.projective, {RESPONSES: []}, U, "entries"),
    Case("no weights", models.projective, {f"{RESPONSES} 0 weights": []}, U, "entries"),
    Case("states for weights", models.projective, {f"{RESPONSES} 0 states": []}, U, "unknown key"),
    Case("a weight as an integer", models.projective, {f"{RESPONSES} 0 weights 0": 1}, U, "JSON str"),
    Case("a response outside of the strategies", models.projective, {f"{RESPONSES} 0 outcomes": [[2, 0]]}, U, "range"),
    Case("a response too few", models.projective, {f"{RESPONSES} 3 weights": lambda w: w[:-1]}, R, "not a weight"),
    Case("a response too many", models.projective, {f"{RESPONSES} 3 weights": lambda w: [*w, "0"]}, R, "not a weight"),
    Case("a response above the weight", lambda: steep(True), {}, R, "entry 0: a response is not between"),
    Case("a negative response", lambda: steep(False), {}, R, "a response is not between"),
    Case(
        "a response above the weight by theta",
        models.projective_root,
        {f"{RESPONSES} 0 weights 0": "9/50"},
        R,
        "between",
    ),
    Case("weights of two", twice, {}, R, "add up to 1"),
    Case("other responses", models.projective, {f"{RESPONSES} 1 weights 1": "1/7"}, R, "what the responses give"),
    Case("other weights", models.projective, {f"{RESPONSES} {i} weights 0": w for i, w in ((0, "1/2"), (3, "0"))}, R),
    Case("responses of another strategy", models.projective, {f"{RESPONSES} 1 outcomes": [[1, 0]]}, R, "give"),
    Case(
        "directions in another order", models.projective, {DIRECTIONS: lambda d: d[::-1]}, R, "what the responses give"
    ),
    Case("a conjugated assemblage", conjugated_space, {}, R, "what the responses give"),
    Case("an element of another trace", models.projective, {f"{SIGMA} 0|0": matrix(ex.diag(HALF, 0.125))}, R, "give"),
    Case(
        "X for Z",
        models.projective,
        {f"{SIGMA}": lambda e: {k[:2] + "10"[int(k[2])]: m for k, m in e.items()}},
        R,
        "give",
    ),
    Case("an element that never occurs", models.projective_boxes, {f"{SIGMA} 0,2|0,0": matrix(ex.UP)}, R, "give"),
    Case(
        "two qubits for one",
        lambda: doubled(models.projective, (";B1", ";B2"), [{"dim": 2}] * 2),
        {},
        R,
        "not one view",
    ),
    Case(
        "a qubit with an input",
        lambda: doubled(models.projective, (";0", ";1"), [{"dim": 2, "settings": 2}]),
        {},
        R,
        "not one",
    ),
    Case("a qutrit for a qubit", models.povm, claims({**models.projective()["proof"]["steps"][0]}), R, "not one view"),
    # POVMs
    Case(
        "local for some measurements only",
        models.povm,
        {f"{STEPS} 1 statement assemblage": "tau", f"{STATED} 0 assemblage": "tau"},
        R,
        "trusted qutrit",
    ),
    Case("another flag", models.povm, {f"{SIGMA} 0|0 re 2": "0 0 9"}, R, "not made from"),
    Case("flagged coherence", models.povm, {f"{SIGMA} 0|0 re 2": lambda row: "1" + row[1:]}, R, "not made from"),
    Case("flagged imaginary coherence", models.povm, {f"{SIGMA} 0|0 im 2": "0 1"}, R, "not made from"),
    Case("other data", models.povm, {f"{SIGMA} 0|0 re 0": "9"}, R, "not made from"),
    Case("less noise", models.povm, {f"{SIGMA} 0|0 denominator": "2"}, R, "not made from"),
    Case(
        "conjugated data",
        models.povm_space,
        {f"{SIGMA} 0|1 im 1": lambda row: "1" if row[0] == "-" else "-1"},
        R,
        "not",
    ),
    Case("data that are only valid", models.povm, {f"{STEPS} 0": step("assemblage", "tau")}, R, "premise 0"),
    Case(
        "local data of another",
        models.povm,
        {"claim objects rho": models.povm()["claim"]["objects"]["tau"], f"{STEPS} 0 statement assemblage": "rho"},
        R,
        "premise 0",
    ),
    Case("the data themselves", models.povm, {f"{STEPS} 1 from": [1]}, R, "earlier"),
    Case(
        "qubits with more settings",
        models.povm,
        {SIGMA: lambda e: {k: m for k, m in e.items() if k[-1] == "0"}, f"{PLACE} black_boxes 0 outcomes": [2]},
        R,
        "trusted qutrit",
    ),
    Case(
        "a qutrit with an input",
        lambda: doubled(models.povm, (";0", ";1"), [{"dim": 3, "settings": 2}]),
        {},
        R,
        "trusted qutrit",
    ),
]

# ---- thresholds and negativity ---------------------------------------------------------------------------------------
FROM = f"{STEPS} 4 from"
BELOW = {"rule": "violation", "functional": "F", "assemblage": "tau", "bound": models.SILVER}


def bound_by_a_violation():
    file = models.threshold_root()
    *others, last = file["proof"]["steps"]
    return change(file, {STEPS: [*others, {"statement": BELOW}, {**last, "from": [0, 1, 4, 3]}]})


def functional_elsewhere():
    """With a third setting of one outcome."""
    file = models.threshold_root()
    return change(file, {"claim objects F scenario": ex.scenario([(2, 2, 1)], 2)})


def noise_at_the_bound():
    """The noise is the local assemblage that touches the bound: nothing is known below."""
    file = models.threshold_root()
    objects, (_, local, *_) = file["claim"]["objects"], file["proof"]["steps"]
    changed = change(file, {"claim objects nu": objects["sigma"], f"{STEPS} 3 model": local["model"]})
    return change(changed, {f"{STEPS} 0 statement weight": "1", **weighing("weight", "1", 4)})


THRESHOLDS = [
    Case("another threshold", models.threshold_root, weighing("weight", "1/4", 4), R, "premise 0"),
    Case(
        "threshold of the other root", models.threshold_root, {"claim field interval": ["-2", "-1"]}, R, "between 0 and"
    ),
    Case("mixture of the other root", models.threshold_root, {f"{STEPS} 0 statement weight": "1/2,-1/4"}, R, "mixture"),
    Case(
        "weight of three coefficients", models.threshold_root, {f"{STEPS} 0 statement weight": "1,-1/2,1"}, U, "coeff"
    ),
    Case("weight with theta 0", models.threshold_input, weighing("weight", "1/2,0", 4), U, "coefficients"),
    Case(
        "noise and data of a threshold",
        models.threshold_root,
        {
            f"{STATED} 0 noise": "tau",
            f"{STATED} 0 data": "nu",
            f"{STEPS} 4 statement noise": "tau",
            f"{STEPS} 4 statement data": "nu",
        },
        R,
        "premise 0",
    ),
    Case("a threshold by locality", models.threshold_root, {FROM: [1, 1, 2, 3]}, R, "premise 0"),
    Case("only the noise is local", models.threshold_root, {FROM: [0, 3, 2, 3]}, R, "premise 1"),
    Case("only the mixture is local", models.threshold_root, {FROM: [0, 1, 2, 1]}, R, "premise 3"),
    Case("a violation for a bound", bound_by_a_violation, {}, R, "premise 2 is not a local-bound"),
    Case("a functional of more settings", functional_elsewhere, {}, R, "different scenarios"),
    Case("a mixture inside", lambda: models.threshold_root(HALF, "1/2"), {}, R, "the mixture is above the bound"),
    Case(
        "a mixture just inside",
        lambda: models.threshold_root(Fraction(7, 10), "3/10"),
        {},
        R,
        "the mixture is above the bound",
    ),
    Case("noise at the bound", noise_at_the_bound, {}, R, "the noise is not above the bound"),
    Case("three premises of a threshold", models.threshold_root, {FROM: [0, 1, 2]}, U, "entries"),
    Case("a later premise of a threshold", models.threshold_root, {FROM: [0, 1, 2, 4]}, R, "earlier"),
]

N, AT_MOST, AT_LEAST = f"{STEPS} 5 matrix", f"{STEPS} 5 statement bound", f"{STEPS} 3 from"


def at_most(file, n, bound="0"):
    """Of what the Born rule gives in the first step."""
    found = file()
    steps = found["proof"]["steps"][:1]
    return change(found, claims(*steps, step("negativity-at-most", "sigma", bound=bound, from_=[0], matrix=matrix(n))))


def mixed_state():
    """A quarter of the unit matrix."""
    whole = ex.array(ex.unit(4), QUARTER)
    table = ex.born_table([ex.XYZ], whole, (2, 2), (), [0], [""])
    return ex.born_file(ex.scenario([(2, 2, 2)], 2), table, [ex.XYZ], whole, (2, 2))


def two_trusted():
    table = ex.born_table([ex.XYZ], ex.STATE222, (2, 2, 2), (), [0, 1], [";B1", ";B2"])
    return ex.born_file(ex.scenario([(2, 2, 2)], 2, 2), table, [ex.XYZ], ex.STATE222, (2, 2, 2))


def one_channel():
    table = ex.born_table([ex.XYZ], ex.STATE22, (2, 2), [ex.DAMP], [0], [""])
    return ex.born_file(ex.scenario([(2, 2, 2)], 2), table, [ex.XYZ], ex.STATE22, (2, 2), [ex.DAMP])


def at_least(file, bound, *others):
    """By the bounds of two functionals."""
    steps = *file["proof"]["steps"][:2], *others, step("negativity-at-least", "sigma", bound=bound, from_=[0, 1, 2])
    return change(file, claims(*steps))


def minus(table):
    return {key: m | {half: [flipped(row) for row in m[half]] for half in ("re", "im")} for key, m in table.items()}


def flipped(row):
    return " ".join(str(-int(x)) for x in row.split(" ")) if row else row


def both_marginals(bound="1/20"):
    """Two trusted parties."""
    file = ex.marginals()
    objects, low = file["claim"]["objects"], file["proof"]["steps"][1]
    first, second = low["blocks"]
    objects["G"] = elements(minus(objects["F"]["elements"]), kind="functional")
    limit = low["statement"]["bound"]
    return at_least(file, bound, step("bound", "G", bound=limit, blocks=[first | {"words": models.FLIPPED}, second]))


def local_bounds():
    """CHSH between -2 and 2."""
    file = ex.nonlocal_()
    objects = file["claim"]["objects"]
    objects["G"] = elements(minus(objects["F"]["elements"]), kind="functional")
    return at_least(file, "1/2", step("local-bound", "G", bound="-2"))


def another_box():
    """The functionals have one more setting of the first box."""
    place = ex.scenario([(2, 2, 1), (2, 2)])
    return change(models.negativity(), {f"claim objects {name} scenario": place for name in "FG"})


def constant(bound):
    """The sum of all elements of one setting is 1 for every assemblage."""
    file = ex.bell()
    ones = {f"{a},{b}|0,0": 1 for a in (0, 1) for b in (0, 1)}
    objects, zero = file["claim"]["objects"], [{"words": [["", ""]], "gram": real([[0]])}]
    objects["F"] = elements(numbers(ones), kind="functional")
    objects["G"] = elements(numbers(dict.fromkeys(ones, -1)), kind="functional")
    file["proof"]["steps"][1] = step("bound", "F", bound=1, blocks=zero)
    return at_least(file, bound, step("bound", "G", bound=-1, blocks=zero))


NEGATIVITY = [
    Case("no negative part", models.negativity, {N: matrix(ex.array(ex.unit(4), 0))}, R, "sum of the operator and the"),
    Case("less than the negative part", models.negativity, {f"{N}": lambda m: m | {"denominator": "5"}}, R, "sum of"),
    Case(
        "more than the negative part",
        models.negativity_of_a_witness,
        {f"{STEPS} 1 matrix denominator": "2"},
        R,
        "trace of the",
    ),
    Case(
        "a lower negativity",
        models.negativity_of_a_witness,
        weighing("bound", "2/5", 1),
        R,
        "trace of the matrix is above",
    ),
    Case("negativity of the other root", models.negativity, {AT_MOST: "-1/2,-1/2"}, R, "trace of the matrix is above"),
    Case(
        "a negative part of negative trace",
        lambda: at_most(mixed_state, ex.array(ex.unit(4), Fraction(-1, 5)), "-1/5"),
        {},
        R,
        "the matrix: not",
    ),
    Case("a matrix of another order", models.negativity, {N: matrix(ex.unit(3))}, R, "another order"),
    Case("a bigger matrix", models.negativity, {N: matrix(ex.unit(5))}, R, "another order"),
    Case(
        "negativity by a state",
        models.negativity_of_a_witness,
        {f"{STEPS} 0": ex.step("assemblage", "sigma")},
        R,
        "premise 0",
    ),
    Case(
        "negativity of another",
        models.negativity,
        {
            "claim objects rho": models.negativity()["claim"]["objects"]["sigma"],
            f"{STEPS} 4 statement assemblage": "rho",
        },
        R,
        "premise 0",
    ),
    Case(
        "negativity by an operator", models.negativity, {f"{STEPS} 4": ex.step("assemblage", "sigma")}, R, "premise 0"
    ),
    Case("negativity after a channel", lambda: at_most(one_channel, ex.array(ex.unit(4), 0)), {}, R, "have channels"),
    Case(
        "negativity of two parties", lambda: at_most(two_trusted, ex.array(ex.unit(8), 0)), {}, R, "more than one view"
    ),
    # at least
    Case("a higher negativity", models.negativity, weighing("bound", "5/24", 3), R, "above lo"),
    Case("the other root of a negativity", models.negativity, weighing("bound", "1/2,-1/10", 3), R, "above lo"),
    Case("negativity of nothing valid", models.negativity, {AT_LEAST: [1, 1, 2]}, R, "premise 0"),
    Case(
        "validity of another assemblage",
        models.negativity,
        {
            "claim objects rho": models.negativity()["claim"]["objects"]["sigma"],
            f"{STEPS} 0 statement assemblage": "rho",
        },
        R,
        "premise 0",
    ),
    Case("one bound twice", models.negativity, {AT_LEAST: [0, 1, 1]}, R, "not minus that"),
    Case(
        "a smaller opposite",
        models.negativity,
        {"claim objects G elements": lambda e: {k: m for k, m in e.items() if k != "0,0|0,0"}},
        R,
        "differs",
    ),
    Case("local bounds of the negativity", local_bounds, {}, R, "not bounds"),
    Case("negativity of marginals", both_marginals, {}, R, "more than one view"),
    Case("functionals of more settings", another_box, {}, R, "different scenarios"),
    Case("a constant functional", lambda: constant("1000000"), {}, R, "one value for all"),
    Case("nothing from a constant", lambda: constant("0"), {}, R, "one value for all"),
]

CASES = [*SEQUENCES, *SHARED, *PSEUDO, *PROJECTIVE, *THRESHOLDS, *NEGATIVITY]
ACCEPTED = [Case(name, example) for name, example in models.VALID.items()]

# What is right, what is wrong, and the case that a checker with the wrong text accepts.
ERRORS = [
    ("[len(m.re) // n, n]), field).conjugate()", "[len(m.re) // n, n]), field)", "conjugated rounds"),
    ("exchanged(m, [len(m.re) // n, n])", "m", "input and output of a round"),
    ("> height * s for x", "> height for x", "a square in the disc"),
    ("> height * s for x", ">= height * s for x", "an octahedron"),
    ("field.sign(q) >= 0 and ", "", "a negative response"),
    (" and field.compare(weights[0], q) >= 0", "", "a response above the weight"),
    ("+ 2 * v[1] * e", "- 2 * v[1] * e", "a conjugated assemblage"),
    ("field.sign(gap) > 0", "field.sign(gap) >= 0", "a constant functional"),
    ("limit.bound) > 0", "limit.bound) >= 0", "noise at the bound"),
]
