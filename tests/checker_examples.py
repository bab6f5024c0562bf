"""Small valid proof files for every rule and every kind of scenario, built by hand from Gaussian rationals."""

from fractions import Fraction
from itertools import product
from typing import NamedTuple

from tests import proof_builders as build
from tests.proof_builders import FEW, LIMIT, RATIONALS, SQRT2, chsh_gram

HALF, I2 = Fraction(1, 2), range(2)


class Gauss(NamedTuple):
    """re + i im."""

    re: Fraction
    im: Fraction

    def __add__(self, other):
        return Gauss(self.re + other.re, self.im + other.im)

    def __mul__(self, other):
        return Gauss(self.re * other.re - self.im * other.im, self.re * other.im + self.im * other.re)

    def conjugate(self):
        return Gauss(self.re, -self.im)


def gauss(z):
    """A Gaussian rational from a number, or from a complex one with short dyadic parts."""
    return z if isinstance(z, Gauss) else Gauss(Fraction(z.real), Fraction(z.imag))


def array(rows, factor=1):
    return [[gauss(z) * gauss(factor) for z in row] for row in rows]


def unit(n):
    return array([[int(i == j) for j in range(n)] for i in range(n)])


def plus(*matrices):
    return [[sum(column, gauss(0)) for column in zip(*rows, strict=True)] for rows in zip(*matrices, strict=True)]


def times(*matrices):
    first, *others = matrices
    for other in others:
        columns = list(zip(*other, strict=True))
        first = [[sum((x * y for x, y in zip(r, c, strict=True)), gauss(0)) for c in columns] for r in first]
    return first


def tensor(*matrices):
    first, *others = matrices
    for other in others:
        first = [[x * y for x in row for y in line] for row in first for line in other]
    return first


def star(matrix):
    return [[z.conjugate() for z in column] for column in zip(*matrix, strict=True)]


def transpose(matrix):
    return [list(column) for column in zip(*matrix, strict=True)]


def keep(matrix, dims, k):
    """The partial trace over all factors but number k, entry by entry."""
    found = [[gauss(0)] * dims[k] for _ in range(dims[k])]
    indices = list(product(*map(range, dims)))
    for (p, left), (q, right) in product(enumerate(indices), repeat=2):
        if all(a == b for i, (a, b) in enumerate(zip(left, right, strict=True)) if i != k):
            found[left[k]][right[k]] = found[left[k]][right[k]] + matrix[p][q]
    return found


def diag(*numbers):
    return array([[x if i == j else 0 for j in range(len(numbers))] for i, x in enumerate(numbers)])


def rank_one(*vector):
    return times(transpose([list(map(gauss, vector))]), star(transpose([list(map(gauss, vector))])))


def encoded(table):
    return {key: build.matrix(m) for key, m in table.items()}


def scenario(boxes, *dims, settings=None, instrumental=False):
    found = {"black_boxes": [{"outcomes": list(box)} for box in boxes], "trusted": [{"dim": d} for d in dims]}
    if settings:
        found["trusted"][0]["settings"] = settings
    return found | ({"instrumental": True} if instrumental else {})


def family(kind, table, place=None):
    return {"type": kind, "elements": encoded(table)} | ({"scenario": place} if place else {})


def assemblage(table, place=None):
    return family("assemblage", table, place)


def functional(table, place=None):
    return family("functional", table, place)


def operator(matrix, *dims):
    return {"type": "operator", "dims": list(dims), "matrix": build.matrix(matrix)}


def devices(measurements, channels=()):
    found = {"type": "devices", "measurements": [[list(map(build.matrix, x)) for x in box] for box in measurements]}
    return found | ({"channels": [build.matrix(c) for c in channels]} if channels else {})


def step(rule, *names, bound=None, **evidence):
    keys = {
        "parent": ("assemblage", "parent"),
        "bound": ("functional",),
        "local-bound": ("functional",),
        "no-signalling-bound": ("functional",),
        "violation": ("functional", "assemblage"),
        "born": ("assemblage", "operator", "devices"),
        "state": ("operator",),
    }.get(rule, ("assemblage",))
    statement = {"rule": rule, **dict(zip(keys, names, strict=True))} | ({"bound": str(bound)} if bound else {})
    return {"statement": statement, **{key.rstrip("_"): value for key, value in evidence.items()}}


def file(place, objects, *steps, field=RATIONALS):
    claim = {"name": "an example", "source": "", "field": field, "scenario": place, "objects": objects}
    claim["statements"] = [dict(steps[-1]["statement"])]
    return {"format": "steeralg-proof/1", "claim": claim, "proof": {"objects": {}, "steps": list(steps)}}


def refutation(bound, **evidence):
    """Valid, bounded, violated, so postquantum."""
    return (
        step("assemblage", "sigma"),
        step("bound", "F", bound=bound, **evidence),
        step("violation", "F", "sigma", bound=bound),
        step("postquantum", "sigma", from_=[0, 1, 2]),
    )


# ---- postquantum -----------------------------------------------------------------------------------------------------
ONE, UP, DOWN = array([[1]]), diag(1, 0), diag(0, 1)
G2 = array([[1, 0.5j], [-0.5j, 1]])
G3 = array([[1, 0.25j, 0], [-0.25j, 1, 0.5], [0, 0.5, 1]])
RHO2, RHO3 = array([[0.5, 0.5j], [-0.5j, 0.5]]), diag(0, 1, 0)
PR, CHSH = build.PR, build.CHSH
NAMES = {place: "{},{}|{},{}".format(*place) for place in PR}


def bell():
    """The PR box, without a trusted party."""
    objects = {"sigma": assemblage({NAMES[p]: array(ONE, x) for p, x in PR.items()})}
    objects["F"] = functional({NAMES[p]: array(ONE, x) for p, x in CHSH.items()})
    blocks = [{"words": FEW, "gram": build.real(chsh_gram(FEW))}]
    return file(scenario([(2, 2)] * 2), objects, *refutation(-LIMIT, blocks=blocks))


def marginals():
    """A PR box times states of a qubit and of a qutrit; F asks for both."""
    states = {"B1": RHO2, "B2": RHO3}
    objects = {"sigma": assemblage({f"{NAMES[p]};{k}": array(m, x) for p, x in PR.items() for k, m in states.items()})}
    parts = {"B1": array(G2, HALF), "B2": array(G3, HALF)}
    objects["F"] = functional({f"{NAMES[p]};{k}": array(m, x) for p, x in CHSH.items() for k, m in parts.items()})
    both = plus(tensor(parts["B1"], unit(3)), tensor(unit(2), parts["B2"]))
    top = Fraction(25, 16)  # the largest eigenvalue of both is about 1.53
    blocks = [
        {"words": FEW, "gram": build.matrix(tensor(array(chsh_gram(FEW)), both))},
        {"words": [["", ""]], "gram": build.matrix(plus(array(unit(6), top * LIMIT), array(both, -LIMIT)))},
    ]
    return file(scenario([(2, 2)] * 2, 2, 3), objects, *refutation(-top * LIMIT, blocks=blocks))


BOB = [["", ""], ["0|0", ""], ["0|1", ""], ["", "0,0|0"], ["", "0,0|1"]]  # FEW with units for the second box
INPUT = scenario([(2, 2)], 2, settings=2)
BONET = scenario([(2, 2, 2)], 2, settings=2)
POST = scenario([(2, 2, 2)], 2, settings=2, instrumental=True)


def box_of_bob(table):
    """The outcomes of a second box as a diagonal matrix, by a|x;y."""
    return {f"{a}|{x};{y}": diag(*(table[a, b, x, y] for b in I2)) for a, x, y in product(I2, repeat=3)}


def with_input():
    """The PR box; Bob's outcome is in his basis, and the identity needs products of the units of both settings."""
    objects = {"sigma": assemblage(box_of_bob(PR)), "F": functional(box_of_bob(CHSH))}
    blocks = [{"words": BOB, "gram": build.real(chsh_gram(FEW))}]
    return file(INPUT, objects, *refutation(-LIMIT, blocks=blocks))


def bonet():
    """A PR box with a third setting of outcome 0, and Bonet's inequality with the bound of CHSH."""
    third = {f"0|2;{y}": diag(HALF, HALF) for y in I2} | {f"1|2;{y}": diag(0, 0) for y in I2}
    whole = box_of_bob(PR) | third
    seen = {f"{a}|{x}": whole[f"{a}|{x};{a}"] for a, x in product(I2, range(3))}
    events = {"0|0": UP, "1|0": DOWN, "0|1": UP, "1|1": UP, "0|2": DOWN}
    return whole, seen, {key: array(m, -1) for key, m in events.items()}


def instrumental():
    whole, seen, tested = bonet()
    objects = {"omega": assemblage(whole, BONET), "sigma": assemblage(seen), "F": functional(tested)}
    quarter = [[x / 4 for x in row] for row in chsh_gram(FEW)]
    blocks = [{"words": BOB, "gram": build.real(quarter)}, {"words": [["1|2", "1,1|0"]], "gram": build.real([[1]])}]
    bound = -2 - (LIMIT - 2) / 4
    valid, limit, below, post = refutation(bound, blocks=blocks)
    parent = step("assemblage", "omega"), step("parent", "sigma", "omega", from_=[0])
    return file(POST, objects, *parent, valid, limit, below, {**post, "from": [2, 3, 4]})


def root(limit="0,-2"):
    """The PR box against the bound -2 sqrt2 itself, by a Gram matrix over Q(sqrt2)."""
    c = (0, HALF)
    vectors = [[(-1, 1), (2, 0), (0, 0), (0, -1), (0, -1)], [(-1, 0), (0, 0), (2, 0), (0, -1), (0, 1)]]

    def entry(i, j):
        return tuple(map(sum, zip(*(build.times(c, build.times(v[i], v[j])) for v in vectors), strict=True)))

    gram = [[(entry(i, j), 0) for j in range(5)] for i in range(5)]
    objects = bell()["claim"]["objects"]
    blocks = [{"words": FEW, "gram": build.matrix(gram, 2)}]
    return file(scenario([(2, 2)] * 2), objects, *refutation(limit, blocks=blocks), field=SQRT2)


def squares_of_units():
    """2 - e^0_00 - e^1_00 >= 0, times 2, as (e0 - e1)^2 + (e0 + e1 - 2)^2: the products e0 e1 cancel."""
    objects = {"F": functional({f"0|0;{y}": array(UP, -2) for y in I2})}
    gram = [[4, -2, -2], [-2, 2, 0], [-2, 0, 2]]
    blocks = [{"words": [["", ""], ["", "0,0|0"], ["", "0,0|1"]], "gram": build.real(gram)}]
    return file(scenario([(1,)], 2, settings=2), objects, step("bound", "F", bound=-4, blocks=blocks))


def units_of_one_setting():
    """e_01 + e_10 + 1 = (e_00 + e_01)* (e_00 + e_01): for a positive G the order of i, j matters."""
    table = {f"0|0;{y}": G2 for y in I2}
    gram = array(G2)
    blocks = [{"words": [["", f"0,0|{y}"], ["", f"0,1|{y}"]], "gram": build.matrix(gram)} for y in I2]
    objects = {"F": functional(table)}
    return file(scenario([(1,)], 2, settings=2), objects, step("bound", "F", bound="0", blocks=blocks))


# ---- the Born rule ---------------------------------------------------------------------------------------------------
X, Y = array([[0.5, 0.5], [0.5, 0.5]]), array([[0.5, -0.5j], [0.5j, 0.5]])
XYZ = [[X, plus(unit(2), array(X, -1))], [Y, plus(unit(2), array(Y, -1))], [UP, DOWN]]
TILTED = [array(UP, HALF), array(Y, HALF), plus(array(DOWN, HALF), array(unit(2), HALF), array(Y, -HALF))]  # 3 effects
SINE = Gauss(Fraction(0), Fraction(4, 5))
TURN = array([[Fraction(3, 5), SINE], [SINE, Fraction(3, 5)]])  # unitary
EMBED = array([[0, 1], [1j, 0], [0, 0]])  # an isometry to a qutrit
DAMP = [array([[1, 0], [0, Fraction(3, 5)]]), array([[0, Fraction(4, 5)], [0, 0]])]


def pure(*vector):
    """The projector on a vector."""
    found = rank_one(*vector)
    return array(found, 1 / sum(found[i][i].re for i in range(len(found))))


def applied(kraus, state):
    """A map of matrices, given as such or by its Kraus operators."""
    if callable(kraus):
        return kraus(state)
    return plus(*(times(k, state, star(k)) for k in kraus))


def choi(kraus, n=2):
    """Input first."""
    units = {
        (i, j): array([[int((p, q) == (i, j)) for q in range(n)] for p in range(n)]) for i in range(n) for j in range(n)
    }
    return plus(*(tensor(e, applied(kraus, e)) for e in units.values()))


def born_table(measurements, whole, dims, kraus, views, suffix):
    """tr_A((M (x) 1) W) for all outcomes and settings, one view after the other."""
    table, n = {}, len(measurements)
    for xs in product(*(range(len(box)) for box in measurements)):
        for outcomes in product(*(range(len(box[x])) for box, x in zip(measurements, xs, strict=True))):
            effects = [box[x][a] for box, x, a in zip(measurements, xs, outcomes, strict=True)]
            measured = times(tensor(*effects, *(unit(d) for d in dims[n:])), whole)
            for i, (k, ending) in enumerate(zip(views, suffix, strict=True)):
                local = keep(measured, [*dims, 1], n + k)
                key = ",".join(map(str, outcomes)) + "|" + ",".join(map(str, xs)) + ending
                table[key] = applied(kraus[i], local) if kraus else local
    return table


STATE22 = pure(1, 1j, 0, 2 - 1j)
STATE222 = pure(1, 1j, 0, 2, 1 - 1j, 0, 1j, 1)


def born_file(place, table, measurements, whole, dims, kraus=(), quantum=True):
    objects = {"sigma": assemblage(table), "W": operator(whole, *dims)}
    objects["M"] = devices(measurements, [choi(k) for k in kraus])
    last = [step("state", "W"), step("quantum", "sigma", from_=[0, 1])] if quantum else [step("assemblage", "sigma")]
    return file(place, objects, step("born", "sigma", "W", "M"), *last)


def born():
    """Three settings on a qubit, one of three outcomes, and a trusted qubit; no channels."""
    measurements = [[XYZ[0], XYZ[1], TILTED]]
    table = born_table(measurements, STATE22, (2, 2), (), [0], [""])
    return born_file(scenario([(2, 2, 3)], 2), table, measurements, STATE22, (2, 2))


def born_bell():
    """All factors are measured."""
    table = born_table([XYZ, XYZ[:2]], STATE22, (2, 2), (), [0], [""])
    return born_file(scenario([(2, 2, 2), (2, 2)]), table, [XYZ, XYZ[:2]], STATE22, (2, 2))


def born_marginals():
    """Two trusted parties, each behind a channel of its own; the second one becomes a qutrit."""
    kraus = [DAMP, [EMBED]]
    table = born_table([XYZ], STATE222, (2, 2, 2), kraus, [0, 1], [";B1", ";B2"])
    return born_file(scenario([(2, 2, 2)], 2, 3), table, [XYZ], STATE222, (2, 2, 2), kraus)


def born_input():
    """Two black boxes; the trusted party applies one of two channels."""
    kraus, boxes = [[TURN], DAMP], [XYZ[:2], XYZ[1:]]
    table = born_table(boxes, STATE222, (2, 2, 2), kraus, [0, 0], [";0", ";1"])
    return born_file(scenario([(2, 2)] * 2, 2, settings=2), table, boxes, STATE222, (2, 2, 2), kraus)


def born_instrumental():
    kraus = [[TURN], DAMP]
    table = born_table([XYZ], STATE22, (2, 2), kraus, [0, 0], [";0", ";1"])
    seen = {key.split(";")[0]: m for key, m in table.items() if key[0] == key[-1]}
    return born_file(scenario([(2, 2, 2)], 2, settings=2, instrumental=True), seen, [XYZ], STATE22, (2, 2), kraus)


def witness():
    """The partial transpose of a maximally entangled state is no state, but gives an assemblage."""
    swap = array([[1, 0, 0, 0], [0, 0, 1, 0], [0, 1, 0, 0], [0, 0, 0, 1]], HALF)
    table = born_table([XYZ], swap, (2, 2), (), [0], [""])
    return born_file(scenario([(2, 2, 2)], 2), table, [XYZ], swap, (2, 2), quantum=False)


def joint():
    """One black box and two trusted parties: the joint assemblage proves the local states quantum."""
    whole = born_table([XYZ], STATE222, (2, 4), (), [0], [""])
    table = {f"{key};B{k + 1}": keep(m, (2, 2), k) for key, m in whole.items() for k in I2}
    objects = {"sigma": assemblage(table), "omega": assemblage(whole, scenario([(2, 2, 2)], 4))}
    steps = step("assemblage", "omega"), step("parent", "sigma", "omega", from_=[0])
    return file(scenario([(2, 2, 2)], 2, 2), objects, *steps, step("quantum", "sigma", from_=[1]))


# ---- local hidden states, and no-signalling --------------------------------------------------------------------------
def strategies(box_settings):
    return [list(choice) for choice in product(I2, repeat=box_settings)]


def local_model(states):
    """One hidden state a strategy of a box with two settings."""
    entries = zip(strategies(2), states, strict=True)
    return [{"outcomes": [outcomes], "states": list(map(build.matrix, found))} for outcomes, found in entries]


def local_table(states, suffix):
    found = {}
    for (a, x), (i, ending) in product(product(I2, repeat=2), enumerate(suffix)):
        parts = [s[i] for outcomes, s in zip(strategies(2), states, strict=True) if outcomes[x] == a]
        found[f"{a}|{x}{ending}"] = plus(*parts)
    return found


WEIGHTS = [Fraction(1, 10), Fraction(2, 10), Fraction(3, 10), Fraction(4, 10)]
HIDDEN = [pure(1, 1j), pure(1, 2), UP, unit(2)]


def local():
    states = [[array(m, w / (m[0][0] + m[1][1]).re)] for m, w in zip(HIDDEN, WEIGHTS, strict=True)]
    objects = {"sigma": assemblage(local_table(states, [""]))}
    return file(scenario([(2, 2)], 2), objects, step("local", "sigma", model=local_model(states)))


def local_of(dims, endings, place, seen=lambda key: key):
    """The same weights in all views, the states of view k in another order."""
    states = []
    for i, w in enumerate(WEIGHTS):
        levels = [diag(*(w * (j == (i + k) % d) for j in range(d))) for k, d in enumerate(dims)]
        states.append(levels)
    table = {seen(key): m for key, m in local_table(states, endings).items() if seen(key)}
    return file(place, {"sigma": assemblage(table)}, step("local", "sigma", model=local_model(states)))


def local_marginals():
    return local_of((2, 3), (";B1", ";B2"), scenario([(2, 2)], 2, 3))


def local_input():
    return local_of((2, 2, 2), (";0", ";1", ";2"), scenario([(2, 2)], 2, settings=3))


def local_instrumental():
    place = scenario([(2, 2)], 2, settings=2, instrumental=True)
    return local_of((2, 2), (";0", ";1"), place, lambda key: key.split(";")[0] if key[0] == key[-1] else "")


def nonlocal_():
    """CHSH (x) 1 >= -2 for all deterministic strategies."""
    objects = {"sigma": assemblage({NAMES[p]: array(RHO2, x) for p, x in PR.items()})}
    objects["F"] = functional({NAMES[p]: array(unit(2), x) for p, x in CHSH.items()})
    steps = step("assemblage", "sigma"), step("local-bound", "F", bound=-2), step("violation", "F", "sigma", bound=-2)
    return file(scenario([(2, 2)] * 2, 2), objects, *steps, step("nonlocal", "sigma", from_=[0, 1, 2]))


def no_signalling():
    """CHSH >= -4: CHSH + 4 has no negative element."""
    table = {NAMES[p]: array(unit(2), x) for p, x in CHSH.items()}
    dual = encoded({NAMES[p]: array(unit(2), x + 1) for p, x in CHSH.items()})
    step_ = step("no-signalling-bound", "F", bound=-4, dual=dual)
    return file(scenario([(2, 2)] * 2, 2), {"F": functional(table)}, step_)


def no_signalling_marginals():
    """Both local states of an outcome have the same trace, so 1 may move from one party to the other."""
    table = {"0|0;B1": plus(G2, array(unit(2), -1)), "0|0;B2": unit(3)}
    objects = {"F": functional(table)}
    last = step("no-signalling-bound", "F", bound="0", dual=encoded({"0|0;B1": G2}))
    return file(scenario([(2, 2)], 2, 3), objects, last)


def pearl(sigma):
    """p(0 0|0) + p(0 1|1) <= 1 for instrumental data, where p(a b|x): outcome b of Bob at the setting a."""
    objects = {"sigma": assemblage(sigma), "F": functional({"0|0": array(UP, -1), "0|1": array(DOWN, -1)})}
    steps = (
        step("no-signalling-bound", "F", bound=-1, dual=encoded({"1|0;0": UP, "1|1;0": DOWN})),
        step("violation", "F", "sigma", bound=-1),
        step("signalling", "sigma", from_=[0, 1]),
    )
    return file(scenario([(2, 2)], 2, settings=2, instrumental=True), objects, *steps)


def signalling():
    return pearl({"0|0": UP, "0|1": DOWN, "1|0": diag(0, 0), "1|1": diag(0, 0)})


def plain(one_setting):
    """The same file with a trusted party of one setting, or without a word on settings."""
    place = scenario([(2, 2)] * 2, 2, settings=1) if one_setting else scenario([(2, 2)] * 2, 2)
    file_ = build.pr_qubit()
    file_["claim"]["scenario"] = place
    return file_


def mixed(weight, table):
    """A box with two settings: the data are |0>, |1> by outcome, the noise is white."""
    data = {f"{a}|{x}": diag(HALF * (1 - a), HALF * a) for a, x in product(I2, repeat=2)}
    noise = {key: array(unit(2), Fraction(1, 4)) for key in data}
    objects = {"sigma": assemblage(table(data, noise)), "nu": assemblage(noise), "tau": assemblage(data)}
    statement = {"rule": "mixture", "assemblage": "sigma", "noise": "nu", "data": "tau", "weight": weight}
    return file(scenario([(2, 2)], 2), objects, {"statement": statement})


def mixture():
    return mixed(
        "1/4",
        lambda data, noise: {
            k: plus(array(m, Fraction(3, 4)), array(noise[k], Fraction(1, 4))) for k, m in data.items()
        },
    )


def beyond(weight="2"):
    """Right but for the weight, which is none."""
    r = Fraction(weight)
    return mixed(weight, lambda data, noise: {k: plus(array(m, 1 - r), array(noise[k], r)) for k, m in data.items()})


VALID = {
    f.__name__: f
    for f in (
        bell,
        mixture,
        marginals,
        with_input,
        instrumental,
        root,
        squares_of_units,
        units_of_one_setting,
        born,
        born_bell,
        born_marginals,
        born_input,
        born_instrumental,
        witness,
        joint,
        local,
        local_marginals,
        local_input,
        local_instrumental,
        nonlocal_,
        no_signalling,
        no_signalling_marginals,
        signalling,
    )
}
