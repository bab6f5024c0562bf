"""Small valid proof files of bounds in the group basis, up to symmetries, built by hand.

Letters of a box with outcomes 0, 1 are written A, B; those of the trusted parties X, Z; K is complex conjugation.
"""

from itertools import product

from tests import checker_examples as ex
from tests import proof_builders as build
from tests.model_examples import elements
from tests.proof_builders import HALF, RATIONALS, SQRT2

SQRT3 = {"minimal_polynomial": ["-3", "0", "1"], "interval": ["1", "2"]}
I2 = range(2)
KEEP, FLIP = [0, 1], [1, 0]  # outcomes
QUBIT = [[0, 1, 0], [0, 0, 1]]  # X and Z go to themselves


def root(order):
    """exp(2 pi i/order), over the rationals, Q(sqrt2) for 8, Q(sqrt3) for 3, 6 and 12."""
    known = {1: ("1", "0"), 2: ("-1", "0"), 4: ("0", "1"), 8: ("0,1/2", "0,1/2")}
    known |= {3: ("-1/2", "0,1/2"), 6: ("1/2", "0,1/2"), 12: ("0,1/2", "1/2")}
    re, im = known[order]
    return {"order": order, "re": re, "im": im}


def generator(boxes, settings, outcomes, weyl=(), antiunitary=False):
    found = {"boxes": list(boxes), "settings": settings, "outcomes": outcomes, "weyl": list(weyl)}
    return found | ({"antiunitary": True} if antiunitary else {})


def block(words, gram, *characters, **more):
    """Characters are a product of generators and a power."""
    pairs = [{"product": list(numbers), "power": t} for numbers, t in characters]
    return {"words": words, "characters": pairs, "gram": gram, **more}


def bound_file(place, table, bound, order, generators, blocks, field=RATIONALS):
    """A claim that is one bound; the functional is by keys of the format."""
    evidence = {"root": root(order), "generators": list(generators), "blocks": list(blocks)}
    step = ex.step("bound", "F", bound=bound, symmetric=evidence)
    return ex.file(place, {"F": elements(table, kind="functional")}, step, field=field)


def real(rows, degree=1):
    """Entries may have coefficients of theta."""
    return build.matrix([[(x, 0) for x in row] for row in rows], degree)


def squared(scale=1, degree=1):
    """The Gram matrix of |v - w|^2 times a number."""
    return real([[scale, -scale], [-scale, scale]], degree)


def signed(matrices):
    """-(-1)^a M_x: a functional of a box with two outcomes that correlates its letter x with -M_x."""
    return {f"{a}|{x}": build.matrix(ex.array(m, -((-1) ** a))) for a in I2 for x, m in enumerate(matrices)}


X, Y, Z = [[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]

# ---- two boxes -------------------------------------------------------------------------------------------------------
CHSH = {ex.NAMES[key]: real([[c]]) for key, c in ex.CHSH.items()}
TURN = generator([0, 1], [[1, 0], [0, 1]], [[KEEP, KEEP], [KEEP, FLIP]])  # A0 and A1 are exchanged, B1 is flipped
SWAP = generator([1, 0], [KEEP, KEEP], [[KEEP, KEEP]] * 2)
SPIN = generator([0, 1], [KEEP, KEEP], [[FLIP, FLIP]] * 2)  # all outcomes are flipped
REAL = generator([0, 1], [KEEP, KEEP], [[KEEP, KEEP]] * 2, antiunitary=True)
PAIR = ex.scenario([(2, 2)] * 2)
A0, A1, B0, B1 = ["0^1", "", ""], ["1^1", "", ""], ["", "0^1", ""], ["", "1^1", ""]
ONE = ["", "", ""]


def chsh():
    """The bound of Tsirelson: (sqrt2 A0 - B0 - B1)^2/sqrt2 and its image."""
    rows = [[(0, 1), -1, -1], [-1, (0, HALF), (0, HALF)], [-1, (0, HALF), (0, HALF)]]
    gram = real([[x if isinstance(x, tuple) else (x, 0) for x in row] for row in rows], 2)
    return bound_file(PAIR, CHSH, "0,-2", 2, [TURN, SWAP], [block([A0, B0, B1], gram)], SQRT2)


def chsh_character():
    """B1 changes its sign where A0 goes to A1, so half of A0 less its image is (A0 - A1)/2."""
    gram = real([[(0, HALF), (-1, 0)], [(-1, 0), (0, 1)]], 2)
    generators = [TURN, SWAP, REAL, TURN | {"antiunitary": True}]
    return bound_file(PAIR, CHSH, "0,-2", 8, generators, [block([B1, A0], gram, ([2, 3], 4))], SQRT2)


def no_symmetry():
    """A sum of four squares, one for each pair of settings."""
    pairs = [(["0^1", "", ""], ["", "0^1", ""], 1), (["0^1", "", ""], ["", "1^1", ""], 1), (A1, B0, 1), (A1, B1, -1)]
    blocks = [block([v, w], real([[HALF, -s * HALF], [-s * HALF, HALF]])) for v, w, s in pairs]
    return bound_file(PAIR, CHSH, "-4", 2, [], blocks)


def vanishing():
    """(A0 - B0)^2 and (A0 + 1)^2: the value of one letter alone is zero."""
    blocks = [block([A0, B0], squared(2)), block([A0, ONE], real([[1, 1], [1, 1]]))]
    return bound_file(PAIR, CHSH, "-6", 2, [TURN, SWAP, SPIN], blocks)


# ---- a trusted qubit -------------------------------------------------------------------------------------------------
HADAMARD = generator([0], [FLIP], [[KEEP, KEEP]], [[0, 0, 1], [0, 1, 0]])
CONJUGATION = generator([0], [KEEP], [[KEEP, KEEP]], QUBIT, antiunitary=True)


def steering():
    """-(A0 X + A1 Z) is -2 at least, by (A0 - X)^2; a factor proves it positive."""
    line = block([["0^1", "0,0"], ["", "1,0"]], squared(), factor={"exponent": 0, "re": ["1", "-1 0"]})
    return bound_file(ex.scenario([(2, 2)], 2), signed([X, Z]), "-2", 4, [HADAMARD, CONJUGATION], [line])


CYCLE = generator([0], [[1, 2, 0]], [[KEEP] * 3], [[1, 1, 1], [0, 1, 0]])  # X to Y = i X Z to Z to X
MIRROR = generator([0], [[0, 1, 2]], [[KEEP, FLIP, KEEP]], QUBIT, antiunitary=True)  # K, which changes the sign of Y


def paulis():
    """-(A0 X + A1 Y + A2 Z), by |Q - 3|^2/6 with Q the sum over the cycle of A1 Y."""
    gram = build.matrix(ex.array([[1, 1j], [-1j, 1]], HALF))
    cycle = block([["1^1", "1,1"], ["", "0,0"]], gram, ([0], 0))
    return bound_file(ex.scenario([(2, 2, 2)], 2), signed([X, Y, Z]), "-3", 4, [CYCLE, MIRROR], [cycle])


# ---- several factors -------------------------------------------------------------------------------------------------
EXCHANGE = generator([0], [[0]], [[KEEP]], [[0, 0, 0, 1, 0], [0, 0, 0, 0, 1], [0, 1, 0, 0, 0], [0, 0, 1, 0, 0]])
CNOT = generator([0], [FLIP], [[KEEP, KEEP]], [[0, 1, 0, 1, 0], [0, 0, 1, 0, 0], [0, 0, 0, 1, 0], [0, 0, 1, 0, 1]])


def two_qubits():
    """-A (X1 + X2) for two trusted parties, which are exchanged."""
    table = {f"{key};B{k}": m for key, m in signed([X]).items() for k in (1, 2)}
    words = [["0^1", "0,0 0,0"], ["", "1,0 0,0"]]
    return bound_file(ex.scenario([(2,)], 2, 2), table, "-2", 4, [EXCHANGE], [block(words, squared())])


def ququart():
    """-(A0 X1 + A1 X1 X2) for one trusted party of two factors: X1 goes to X1 X2."""
    table = signed([ex.tensor(ex.array(X), m) for m in (ex.unit(2), ex.array(X))])
    words = [["0^1", "0,0 0,0"], ["", "1,0 0,0"]]
    return bound_file(ex.scenario([(2, 2)], 4), table, "-2", 2, [CNOT], [block(words, squared())])


# ---- three outcomes --------------------------------------------------------------------------------------------------
OMEGA = [((1, 0), (0, 0)), ((-HALF, 0), (0, HALF)), ((-HALF, 0), (0, -HALF))]  # powers: re and im by powers of sqrt3
NOTHING = ((0, 0), (0, 0))


def negative(*entries):
    """Minus the sum of some numbers."""
    return tuple(tuple(-sum(column) for column in zip(*parts, strict=True)) for parts in zip(*entries, strict=True))


def clock_and_shift():
    """-(A0 X* + A1 Z*) less its adjoint, with A_x = sum_a omega^a E[a|x]."""
    table = {}
    for a, x in product(range(3), I2):
        rows = [[NOTHING] * 3 for _ in range(3)]
        for i in range(3):
            turn = OMEGA[(a - i * x) % 3], OMEGA[(i * x - a) % 3]
            if x:
                rows[i][i] = negative(*turn)
            else:
                rows[i][(i + 1) % 3], rows[(i + 1) % 3][i] = map(negative, turn)
        table[f"{a}|{x}"] = build.matrix(rows, 2)
    return table


FOURIER = generator([0], [FLIP], [[[0, 1, 2], [0, 2, 1]]], [[0, 0, 1], [0, 2, 0]])  # X to Z to X*, A0 to A1 to A0*
FIRST, LAST = ["0^1", "0,0"], ["", "1,0"]
QUTRIT = ex.scenario([(3, 3)], 3)


def qutrit():
    return bound_file(QUTRIT, clock_and_shift(), "-4", 3, [FOURIER], [block([FIRST, LAST], squared(2, 2))], SQRT3)


def conjugation(shift, order):
    """K times a power of Z: X to omega^shift X and A0 to omega^shift A0, Z to Z* and A1 to A1*."""
    outcomes = [[(2 * a + 2 * shift) % 3 for a in range(3)], [0, 1, 2]]
    return generator([0], [KEEP], [outcomes], [[shift * order // 3, 1, 0], [0, 0, 2]], antiunitary=True)


def qutrit_character():
    """Two antiunitary ones make a linear one that multiplies A0 and X by omega."""
    gram = squared(HALF * 4 / 3, 2)
    generators = [FOURIER, conjugation(0, 6), conjugation(1, 6)]
    line = block([FIRST, LAST], gram, ([1, 2], 2))
    return bound_file(QUTRIT, clock_and_shift(), "-4", 6, generators, [line], SQRT3)


# ---- five outcomes ---------------------------------------------------------------------------------------------------
QUINTIC = {"minimal_polynomial": ["5", "0", "-5", "0", "1"], "interval": ["7/4", "2"]}  # theta = 2 sin(2 pi/5)


def multiples(c, s=0):
    return [(c * a + s) % 5 for a in range(5)]


def five_outcomes():
    """-sum_a E[a|0] E'[a|0] + E[2a|1] E'[a|1]: the multiple 2 of an outcome exchanges the settings."""
    table = {f"{a},{a}|0,0": real([[-1]]) for a in range(5)} | {f"{2 * a % 5},{a}|1,1": real([[-1]]) for a in range(5)}
    shift = generator([0, 1], [KEEP, KEEP], [[multiples(1, 1), multiples(1, 2)], [multiples(1, 1)] * 2])
    double = generator([0, 1], [FLIP, FLIP], [[multiples(2), multiples(3)], [multiples(1)] * 2])
    pairs = zip((1, 2), (([0], 4), ([1, 0, 1], 3)), strict=True)
    gram = squared(HALF * 4 / 25)
    blocks = [block([[f"0^{k}", "", ""], ["", f"0^{k}", ""]], gram, character) for k, character in pairs]
    file = bound_file(ex.scenario([(5, 5)] * 2), table, "-2", 1, [shift, double], blocks, QUINTIC)
    file["proof"]["steps"][0]["symmetric"]["root"] = {"order": 5, "re": "-3/2,0,1/2,0", "im": "0,1/2,0,0"}
    return file


# ---- odds and ends ---------------------------------------------------------------------------------------------------
def one_outcome():
    """1 - E[0|1] for a box with a setting that has one outcome: (1 - A1)^2/4, one box more."""
    table = {"0,0|0,0": real([[1]]), "0,0|1,0": real([[-1]])}
    words = [["1^1", "", ""], ["", "", ""]]
    return bound_file(ex.scenario([(1, 2), (1,)]), table, "0", 2, [], [block(words, squared(HALF / 2))])


def turned():
    """2 Re(zeta A) for four outcomes, zeta of order 8: |Re| + |Im| of the coefficient is 2 sqrt2, turned it is 2."""
    table = {f"{a}|0": real([[(0, s)]], 2) for a, s in enumerate((1, -1, -1, 1))}
    return bound_file(ex.scenario([(4,)]), table, "-2", 8, [], [block([["", ""]], real([[0]], 2))], SQRT2)


# ---- many words, and groups that do not commute: the bounds are what the blocks happen to prove ----------------------
def rank_one(*vector):
    """The Gram matrix of |sum of c times word|^2: conj(v) w."""
    return build.matrix([[(z.re, z.im) for z in row] for row in ex.rank_one(*(complex(c).conjugate() for c in vector))])


def qutrit_words():
    words = [["0^1", "0,0"], ["", "1,2"], ["1^2 0^1", "1,0"], ["1^1", "2,1"]]
    first = block(words, rank_one(1, 2 - 1j, 1j, 1 + 1j), ([2, 1], 2))
    second = block([["1^1 0^2", "0,1"], ["0^1", "1,0"]], rank_one(1, 1 + 1j), ([0, 2, 1], 0), ([0, 0], 0))
    generators = [FOURIER, conjugation(0, 6), conjugation(1, 6)]
    return bound_file(QUTRIT, clock_and_shift(), "-13,-6", 6, generators, [first, second], SQRT3)


def qutrit_mirror():
    """No monomial is related to its adjoint but by an antiunitary symmetry."""
    words = [["0^1 1^1", "0,1"], ["", "1,2"], ["1^2 0^1", "1,0"], ["0^1", "1,0"], *(["", f"{k},{k}"] for k in range(3))]
    first = block(words, rank_one(1, 2 - 1j, 1j, 1 + 1j, 1, 1j, 2), ([0, 0], 0))
    second = block([FIRST, LAST], rank_one(1, -1))
    return bound_file(QUTRIT, clock_and_shift(), "-64,-15", 6, [conjugation(1, 6)], [first, second], SQRT3)


def two_parties():
    """-A0 X1 for a qubit and -A1 Z2* less its adjoint for a qutrit."""
    table = {f"{key};B1": m for key, m in signed([X]).items()}
    for a in range(3):
        clock = ex.diag(*(1 - 3 * (a == j) for j in range(3)))
        table[f"{a}|1;B2"] = build.matrix(clock)
    shift = generator(
        [0], [KEEP], [[KEEP, [1, 2, 0]]], [[0, 1, 0, 0, 0], [3, 0, 1, 0, 0], [0, 0, 0, 1, 0], [4, 0, 0, 0, 1]]
    )
    words = [["0^1", "1,0 0,1"], ["1^1", "0,1 0,0"], ["", "0,0 1,2"], ["", "0,0 0,0"]]
    blocks = [block(words, rank_one(1, 1 + 1j, 2, -1))]
    return bound_file(ex.scenario([(2, 3)], 2, 3), table, "-11", 6, [shift], blocks, SQRT3)


VALID = {
    f.__name__: f
    for f in (
        chsh,
        chsh_character,
        no_symmetry,
        vanishing,
        steering,
        paulis,
        two_qubits,
        ququart,
        qutrit,
        qutrit_character,
        one_outcome,
        turned,
        qutrit_words,
        qutrit_mirror,
        two_parties,
        five_outcomes,
    )
}
