"""Small valid proof files about hidden states, hidden variables, negativity and sequences, built by hand."""

import copy
from fractions import Fraction
from itertools import product

from tests import checker_examples as ex
from tests import proof_builders as build
from tests.proof_builders import CHSH, HALF, PR, SQRT2

I2 = range(2)
BITS = list(product(I2, repeat=2))
QUARTER, EIGHTH = Fraction(1, 4), Fraction(1, 8)
KEYS = {
    "mixture": ("assemblage", "noise", "data"),
    "local-threshold": ("noise", "data"),
    "povm-local": ("assemblage", "data"),
}


def step(rule, *names, bound=None, weight=None, **evidence):
    numbers = {key: str(x) for key, x in (("bound", bound), ("weight", weight)) if x is not None}
    if rule not in KEYS:
        found = ex.step(rule, *names, **evidence)
        found["statement"] |= numbers
        return found
    statement = {"rule": rule, **dict(zip(KEYS[rule], names, strict=True)), **numbers}
    return {"statement": statement, **{key.rstrip("_"): value for key, value in evidence.items()}}


def claiming(file, *numbers):
    """All of these steps are claimed."""
    file["claim"]["statements"] = [dict(file["proof"]["steps"][i]["statement"]) for i in numbers]
    return file


def pair(x):
    """p + q sqrt2 as (p, q)."""
    return x if isinstance(x, tuple) else (x, 0)


def bloch(t, x=0, y=0, z=0, degree=2):
    """(t + x X + y Y + z Z)/2 of numbers in Q(sqrt2), as a matrix of the format."""
    t, x, y, z = (tuple(Fraction(c) / 2 for c in pair(number)) for number in (t, x, y, z))
    up, down = (tuple(c + sign * d for c, d in zip(t, z, strict=True)) for sign in (1, -1))
    rows = [[(up, (0, 0)), (x, tuple(-c for c in y))], [(x, y), (down, (0, 0))]]
    return build.matrix([[tuple(part[:degree] for part in entry) for entry in row] for row in rows], degree)


def elements(table, place=None, kind="assemblage"):
    """An object of matrices of the format."""
    return {"type": kind, "elements": table} | ({"scenario": place} if place else {})


def sign(*bits):
    return (-1) ** sum(bits)


# ---- sequences of measurements ---------------------------------------------------------------------------------------
def sequence(rounds, effects, whole, dims):
    """The states after any Kraus operators of the rounds, then the effects, entry by entry."""
    table = {}

    def follow(state, size, outcomes, settings):
        if len(outcomes) == len(rounds):
            for x, setting in enumerate(effects):
                for a, m in enumerate(setting):
                    key = ",".join(map(str, (*outcomes, a))) + "|" + ",".join(map(str, (*settings, x)))
                    measured = ex.times(ex.tensor(m, ex.unit(dims[1])), state)
                    table[key] = ex.keep(measured, (size, dims[1]), 1)
            return
        for x, setting in enumerate(rounds[len(outcomes)]):
            for a, kraus in enumerate(setting):
                wide = [ex.tensor(k, ex.unit(dims[1])) for k in kraus]
                follow(ex.applied(wide, state), len(kraus[0]), (*outcomes, a), (*settings, x))

    follow(whole, dims[0], (), ())
    return table


def sequential(outcomes, *dims):
    return ex.scenario(outcomes, *dims) | {"sequential": True}


def instruments(rounds, effects, sizes):
    """Choi matrices of the maps of all rounds but the last."""
    maps = [[[ex.choi(kraus, n) for kraus in x] for x in settings] for settings, n in zip(rounds, sizes, strict=True)]
    return ex.devices([*maps, effects])


# Of a qubit: a projection, turned; a damping by its Kraus operators; both to a qutrit.
FIRST = [
    [[ex.times(ex.EMBED, ex.TURN, ex.UP)], [ex.times(ex.EMBED, ex.DOWN)]],
    [[ex.times(ex.EMBED, k)] for k in ex.DAMP],
    [[ex.times(ex.EMBED, ex.TURN, k) for k in ex.DAMP]],
]
TILT = ex.pure(1, 1j, 2)
THIRDS = [ex.pure(1, 0, 0), ex.pure(0, 1, 1j), ex.pure(0, 1j, 1)]
LAST = [[TILT, ex.plus(ex.unit(3), ex.array(TILT, -1))], THIRDS]
ROUNDS = sequential([(2, 2, 1), (2, 3)], 2)


def born_steps(objects, place, table):
    objects = {"sigma": ex.assemblage(table), **objects}
    steps = step("born", "sigma", "W", "M"), step("state", "W"), step("quantum", "sigma", from_=[0, 1])
    return claiming(ex.file(place, objects, *steps, step("assemblage", "sigma")), 0, 2, 3)


def two_rounds():
    objects = {"W": ex.operator(ex.STATE22, 2, 2), "M": instruments([FIRST], LAST, [2])}
    return born_steps(objects, ROUNDS, sequence([FIRST], LAST, ex.STATE22, (2, 2)))


def three_rounds():
    """Nobody is trusted; the second round goes from a qutrit back to a qubit."""
    back = [[[ex.star(ex.EMBED)], [ex.array([[0, 0, 1j], [0, 0, 0]])]]]
    objects = {"W": ex.operator(ex.pure(2, 1j), 2), "M": instruments([FIRST, back], ex.XYZ[:2], [2, 3])}
    place = sequential([(2, 2, 1), (2,), (2, 2)])
    return born_steps(objects, place, sequence([FIRST, back], ex.XYZ[:2], ex.pure(2, 1j), (2, 1)))


def sequential_mixture():
    data, noise = (sequence([FIRST], LAST, m, (2, 2)) for m in (ex.STATE22, ex.array(ex.unit(4), QUARTER)))
    table = {key: ex.plus(array, ex.array(noise[key], Fraction(1, 3))) for key, array in scaled(data, 2, 3).items()}
    objects = {"sigma": ex.assemblage(table), "nu": ex.assemblage(noise), "tau": ex.assemblage(data)}
    return ex.file(ROUNDS, objects, step("mixture", "sigma", "nu", "tau", weight="1/3"))


def scaled(table, p, q=1):
    return {key: ex.array(m, Fraction(p, q)) for key, m in table.items()}


def memory():
    """The second outcome tells the first setting: signalling to the future only."""
    table = {f"0,{b}|{x},{y}": ex.array([[int(b == x)]]) for b, x, y in product(I2, repeat=3)}
    return ex.file(sequential([(1, 1), (2, 2)]), {"sigma": ex.assemblage(table)}, step("assemblage", "sigma"))


# ---- local bounds with several views ---------------------------------------------------------------------------------
def refuted(file, bound, shares, valid=1):
    """A file that refutes a quantum realisation becomes one that refutes local hidden states."""
    steps = file["proof"]["steps"][:valid]
    steps += [step("local-bound", "F", bound=bound, shares=shares), step("violation", "F", "sigma", bound=bound)]
    last = len(steps) - 3
    steps += [step("nonlocal", "sigma", from_=[last, last + 1, last + 2])]
    file["proof"]["steps"] = steps
    return claiming(file, len(steps) - 1)


def chsh(strategy):
    """The value of CHSH for a deterministic strategy: -2 or 2."""
    (a0, a1), (b0, b1) = strategy[:2], strategy[2:]
    return sum(CHSH[a, b, x, y] for x, a in enumerate((a0, a1)) for y, b in enumerate((b0, b1)))


def nonlocal_marginals():
    """-G or G for both parties; the shares are not the same for all strategies."""
    low, high = ["-3/2", "-25/16"], ["1/2", "7/16"]
    shares = [low if chsh(strategy) < 0 else high for strategy in product(I2, repeat=4)]
    return refuted(ex.marginals(), "-49/16", shares)


def nonlocal_input():
    """Bob's best outcome for each of his settings: -2 for one of them, and 0 for the other."""
    shares = [["-2", "0"] if a == b else ["0", "-2"] for a, b in BITS]
    return refuted(ex.with_input(), "-2", shares)


def nonlocal_instrumental():
    """Bonet's inequality: only the settings with outcome y count for the view y."""
    shares = []
    for first, second, third in product(I2, repeat=3):
        seen = [[0, 0], [0, 0]]  # by y, by Bob's outcome
        for outcome, b in ((first, first), (second, 0), *[(third, 1)] * (third == 0)):
            seen[outcome][b] -= 1
        shares.append([str(min(row)) for row in seen])
    return refuted(ex.instrumental(), "-2", shares, valid=3)


TILTED = {f"{a}|{x}": bloch(0, **{"zx"[x]: 2 * -sign(a)}) for a, x in BITS}  # minus Z, or X, by outcome
SILVER = "0,-1"  # -sqrt2


def root_shares():
    """The first party is tested as in `threshold_root`, the second for the outcome 0 of the first setting."""
    table = {f"{key};B1": m for key, m in TILTED.items()} | {"0|0;B2": bloch(1, z=1)}
    shares = [*[[SILVER, "0"]] * 3, ["1/2,-7/5", "-1/50"]]  # the last ones are about -1.48 and -0.02
    last = step("local-bound", "F", bound="-3/2", shares=shares)
    return ex.file(ex.scenario([(2, 2)], 2, 2), {"F": elements(table, kind="functional")}, last, field=SQRT2)


# ---- pseudo-local and affine models ----------------------------------------------------------------------------------
def entries(outcomes, states):
    """One entry of a model for each strategy."""
    pairs = zip(outcomes, states, strict=True)
    return [{"outcomes": o, "states": list(map(build.matrix, found))} for o, found in pairs]


def modelled(place, outcomes, states, endings, rule):
    """What a model gives, and the model."""
    table, boxes = {}, [list(range(len(box["outcomes"]))) for box in place["black_boxes"]]
    for settings in product(*boxes):
        for strategy, found in zip(outcomes, states, strict=True):
            answers = [outcome[x] for outcome, x in zip(strategy, settings, strict=True)]
            key = ",".join(map(str, answers)) + "|" + ",".join(map(str, settings))
            for ending, m in zip(endings, found, strict=True):
                table[key + ending] = ex.plus(table[key + ending], m) if key + ending in table else m
    objects = {"sigma": ex.assemblage(table)}
    return ex.file(place, objects, step(rule, "sigma", model=entries(outcomes, states)))


FOUR = [[list(bits[:2]), list(bits[2:])] for bits in product(I2, repeat=4)]
WEIGHTS = [Fraction(1 - chsh((*a, *b)), 16) for a, b in FOUR]  # 3/16 or -1/16


def affine():
    """The PR box times states: 3/2 of what wins the CHSH game minus 1/2 of what loses it."""
    states = [[ex.array(ex.RHO2, w), ex.array(ex.RHO3, w)] for w in WEIGHTS]
    return modelled(ex.scenario([(2, 2)] * 2, 2, 3), FOUR, states, (";B1", ";B2"), "affine-local")


def affine_root():
    """Weights 1 + sqrt2 and -sqrt2 of one strategy and another, in a single view."""
    states = [bloch((1, 1), y=(1, 1)), bloch((0, -1), z=(0, 1))]
    model = [{"outcomes": [[a]], "states": [m]} for a, m in enumerate(states)]
    table = {f"{a}|0": m for a, m in enumerate(states)}
    last = step("affine-local", "sigma", model=model)
    return ex.file(ex.scenario([(2,)], 2), {"sigma": elements(table)}, last, field=SQRT2)


SHIFT = ex.array([[1, 2j], [-2j, -1]])  # of trace 0, and not positive


def pseudo():
    """A matrix that cancels in all sums goes to two of the states, and minus it to the others."""
    states = []
    for (a, b), w in zip(BITS, ex.WEIGHTS, strict=True):
        states.append([ex.plus(ex.diag(w, 0), ex.array(SHIFT, sign(a, b) * (k + 1))) for k in range(3)])
    place = ex.scenario([(2, 2)], 2, settings=3)
    return modelled(place, [[list(bits)] for bits in BITS], states, (";0", ";1", ";2"), "pseudo-local")


def pseudo_instrumental():
    place = ex.scenario([(2, 2)], 2, settings=2, instrumental=True)
    states = [[ex.array(SHIFT, 3), ex.diag(1, -1)], [ex.diag(-1, 2), ex.diag(2, -1)]]
    outcomes = [[[0, 1]], [[1, 1]]]
    file = modelled(place, outcomes, states, (";0", ";1"), "pseudo-local")
    table = file["claim"]["objects"]["sigma"]["elements"]
    seen = {key[:3]: m for key, m in table.items() if key[0] == key[-1]}
    file["claim"]["objects"]["sigma"]["elements"] = seen | {"0|1": build.matrix(ex.diag(0, 0))}
    return file


# ---- local for all measurements --------------------------------------------------------------------------------------
SQUARE = [(1, 0, 1), (1, 0, -1)]  # with their negatives the corners of a square, and of a cube
CUBE = [(1, 1, 1), (1, 1, -1), (1, -1, 1), (1, -1, -1)]
PLANE, SPACE = "zx", "zyx"  # the directions that the settings of the black box steer to


def response(weight, direction, axes, bits, visibility):
    """weight/2 (1 + visibility times the part of the direction along the axes, with the signs of the outcomes)."""
    along = sum(direction["xyz".index(axis)] * sign(a) for axis, a in zip(axes, bits, strict=True))
    p, q = pair(visibility)
    return pair_text(weight * (1 + p * along) / 2, weight * q * along / 2)


def pair_text(p, q=0):
    return f"{p},{q}" if q else str(p)


def vectors(directions):
    return [[str(c) for c in v] for v in directions]


def isotropic(axes, visibility, directions, degree=1):
    """(1 +- v Z)/4, and so on for the other settings: as many as a maximally entangled state gives, with noise."""
    table = {}
    for (x, axis), a in product(enumerate(axes), I2):
        r = tuple(c * HALF * sign(a) for c in pair(visibility))
        table[f"{a}|{x}"] = bloch(HALF, **{axis: r}, degree=degree)
    weight, responses = Fraction(1, 2 ** len(axes)), []
    for bits in product(I2, repeat=len(axes)):
        numbers = [response(weight, v, axes, bits, visibility) for v in directions]
        responses.append({"outcomes": [list(bits)], "weights": [str(weight), *numbers]})
    last = step("projective-local", "sigma", directions=vectors(directions), responses=responses)
    place = ex.scenario([(2,) * len(axes)], 2)
    return ex.file(place, {"sigma": elements(table)}, last, field=SQRT2 if degree > 1 else build.RATIONALS)


def projective():
    return isotropic(PLANE, HALF, SQUARE)


def projective_space():
    """Three settings; the corners of a cube."""
    return isotropic(SPACE, Fraction(1, 3), CUBE)


def projective_root():
    """Visibility sqrt2/4."""
    return isotropic(PLANE, (0, QUARTER), SQUARE, 2)


def projective_boxes():
    """A second black box tells which of two opposite assemblages it is; its outcome 2 never occurs."""
    file = projective()
    (last,), table, responses = file["proof"]["steps"], {}, []
    halves = [[isotropic(PLANE, v, SQUARE), b] for b, v in enumerate((HALF, -HALF))]
    for half, b in halves:
        for key, m in half["claim"]["objects"]["sigma"]["elements"].items():
            a, x = key.split("|")
            table[f"{a},{b}|{x},0"] = m | {"denominator": str(2 * int(m["denominator"]))}
        for entry in half["proof"]["steps"][0]["responses"]:
            weights = [str(Fraction(w) / 2) for w in entry["weights"]]
            responses.append({"outcomes": [*entry["outcomes"], [b]], "weights": weights})
    table |= {f"{a},2|{x},0": build.matrix(ex.diag(0, 0)) for a, x in BITS}
    last["responses"] = responses
    file["claim"]["objects"]["sigma"]["elements"] = table
    file["claim"]["scenario"] = ex.scenario([(2, 2), (3,)], 2)
    return file


def povm(example=projective):
    """The flag |2> of weight 2/3."""
    file = example()
    data, zero = file["claim"]["objects"]["sigma"]["elements"], "0,0" if example is projective_root else "0"
    place, table = copy.deepcopy(file["claim"]["scenario"]), {}
    for key, m in data.items():
        (up,), (_, down) = (row.split(" ") for row in m["re"])
        corner = ",".join(str(2 * (int(p) + int(q))) for p, q in zip(up.split(","), down.split(","), strict=True))
        re, im = [*m["re"], f"{zero} {zero} {corner}"], [*m["im"], f"{zero} {zero}"]
        table[key] = {"denominator": str(3 * int(m["denominator"])), "re": re, "im": im}
    file["claim"]["objects"] = {"sigma": elements(table), "tau": elements(data, place)}
    file["claim"]["scenario"]["trusted"] = [{"dim": 3}]
    first = file["proof"]["steps"][0]
    first["statement"] = {"rule": "projective-local", "assemblage": "tau"}
    file["proof"]["steps"] = [first, step("povm-local", "sigma", "tau", from_=[0])]
    return claiming(file, 1)


def povm_root():
    return povm(projective_root)


def povm_space():
    return povm(projective_space)


# ---- thresholds ------------------------------------------------------------------------------------------------------
def threshold(place, functional, tables, models, weight, bound, field=build.RATIONALS, **shares):
    """The mixture, the noise and the data; models of the first two."""
    objects = {name: elements(table) for name, table in zip(("sigma", "nu", "tau"), tables, strict=True)}
    steps = [
        step("mixture", "sigma", "nu", "tau", weight=weight),
        step("local", "sigma", model=models[0]),
        step("local-bound", "F", bound=bound, **shares),
        step("local", "nu", model=models[1]),
        step("local-threshold", "nu", "tau", weight=weight, from_=[0, 1, 2, 3]),
    ]
    return ex.file(place, objects | {"F": functional}, *steps, field=field)


def turned(visibility):
    """(1 +- v Z)/4 and (1 +- v X)/4."""
    parts = {(a, x): tuple(c * HALF * sign(a) for c in pair(visibility)) for a, x in BITS}
    return {f"{a}|{x}": bloch(HALF, **{PLANE[x]: part}) for (a, x), part in parts.items()}


def turned_model(visibility):
    """Hidden states with parts of both: positive up to 1/sqrt2."""
    parts = [[tuple(c * QUARTER * sign(a) for c in pair(visibility)) for a in bits] for bits in BITS]
    states = [bloch(QUARTER, z=z, x=x) for z, x in parts]
    return [{"outcomes": [list(bits)], "states": [m]} for bits, m in zip(BITS, states, strict=True)]


def threshold_root(visibility=(0, HALF), weight="1,-1/2"):
    """A maximally entangled state of two qubits in white noise, settings Z and X: steerable below 1 - 1/sqrt2."""
    tables, models = [turned(v) for v in (visibility, 0, 1)], [turned_model(v) for v in (visibility, 0)]
    functional = elements(TILTED, kind="functional")
    return threshold(ex.scenario([(2, 2)], 2), functional, tables, models, weight, SILVER, SQRT2)


def threshold_input():
    """The PR box in noise, Bob's outcomes in his basis: CHSH is -2 for equal weights."""
    flat = dict.fromkeys(PR, QUARTER)
    mixed = {place: (PR[place] + QUARTER) / 2 for place in PR}
    tables = [ex.encoded(ex.box_of_bob(t)) for t in (mixed, flat, PR)]
    weights = {s: Fraction(int(chsh(s) < 0), 8) for s in product(I2, repeat=4)}
    models = []
    for some in (weights, dict.fromkeys(weights, Fraction(1, 16))):
        states = {bits: [ex.diag(0, 0), ex.diag(0, 0)] for bits in BITS}
        for (a, c, *outcomes), w in some.items():
            bob = [ex.diag(*(w * (b == outcome) for b in I2)) for outcome in outcomes]
            states[a, c] = [ex.plus(s, m) for s, m in zip(states[a, c], bob, strict=True)]
        models.append(entries([[list(bits)] for bits in BITS], states.values()))
    shares = [["-2", "0"] if a == b else ["0", "-2"] for a, b in BITS]
    return threshold(ex.INPUT, ex.functional(ex.box_of_bob(CHSH)), tables, models, "1/2", "-2", shares=shares)


# ---- negativity ------------------------------------------------------------------------------------------------------
FLIPPED = [[word.replace("0|", "1|"), other] for word, other in build.FEW]  # the other outcomes of the first box


def two_qubits(plus, minus):
    """The projectors on |00> + |11> and on |01> - |10>, with these weights."""
    nothing, (p, m) = (0, 0), (tuple(Fraction(c) / 2 for c in pair(weight)) for weight in (plus, minus))
    rows = [[nothing] * 4 for _ in range(4)]
    for i, j in BITS:
        rows[3 * i][3 * j], rows[1 + i][1 + j] = p, tuple(sign(i, j) * c for c in m)
    return build.matrix([[(entry, nothing) for entry in row] for row in rows], 2)


def negativity():
    """The PR box needs (sqrt2 - 1)/2 exactly: W = (1 + n) Phi+ - n Psi-, and CHSH is between -2 sqrt2 and 2 sqrt2."""
    file = ex.root()
    valid, low, *_ = file["proof"]["steps"]
    high = step("bound", "G", bound="0,-2", blocks=[low["blocks"][0] | {"words": FLIPPED}])
    table = {key: build.matrix(ex.array(ex.ONE, -c)) for key, c in zip(ex.NAMES.values(), CHSH.values(), strict=True)}
    file["claim"]["objects"]["G"] = elements(table, kind="functional")
    n, more, less = (-HALF, HALF), (HALF, HALF), (HALF, -HALF)  # n, 1 + n and -n
    whole = {"type": "operator", "dims": [2, 2], "matrix": two_qubits(more, less)}
    first = [[bloch(1, z=1), bloch(1, z=-1)], [bloch(1, x=1), bloch(1, x=-1)]]
    tilted = [[bloch(1, z=(0, s * HALF), x=(0, s * u * HALF)) for s in (1, -1)] for u in (1, -1)]
    file["claim"]["objects"] |= {"W": whole, "M": {"type": "devices", "measurements": [first, tilted]}}
    file["proof"]["steps"] = [
        valid,
        low,
        high,
        step("negativity-at-least", "sigma", bound="-1/2,1/2", from_=[0, 1, 2]),
        step("born", "sigma", "W", "M"),
        step("negativity-at-most", "sigma", bound="-1/2,1/2", from_=[4], matrix=two_qubits(0, n)),
    ]
    return claiming(file, 3, 5)


def negativity_of_a_witness():
    """Half the exchange of two qubits, by its antisymmetric part; the bound need not be tight."""
    file = ex.witness()
    odd = ex.array([[0, 0, 0, 0], [0, 1, -1, 0], [0, -1, 1, 0], [0, 0, 0, 0]], QUARTER)
    steps = [file["proof"]["steps"][0], step("negativity-at-most", "sigma", bound="3/5", from_=[0])]
    steps[1]["matrix"] = build.matrix(odd)
    file["proof"]["steps"] = steps
    return claiming(file, 1)


VALID = {
    f.__name__: f
    for f in (
        two_rounds,
        three_rounds,
        sequential_mixture,
        memory,
        nonlocal_marginals,
        nonlocal_input,
        nonlocal_instrumental,
        root_shares,
        affine,
        affine_root,
        pseudo,
        pseudo_instrumental,
        projective,
        projective_space,
        projective_root,
        projective_boxes,
        povm,
        povm_root,
        povm_space,
        threshold_root,
        threshold_input,
        negativity,
        negativity_of_a_witness,
    )
}
