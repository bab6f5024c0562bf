"""Small valid proof files about operators, maps, product vectors and events, built by hand from Gaussian rationals."""

from fractions import Fraction
from itertools import product

from tests import checker_examples as ex
from tests import proof_builders as build
from tests.proof_builders import RATIONALS, SQRT2

HALF, I2, I3 = Fraction(1, 2), range(2), range(3)
PLAIN = ex.scenario([(1,)])  # of files that are not about any scenario
KEYS = {
    "image": ("assemblage", "data", "maps"),
    "quantum-correlations": ("assemblage",),
    "product-basis": ("vectors",),
    "unextendible": ("vectors",),
    "witness": ("operator", "vectors", "bound"),
    "maximal-events": ("events",),
    "extendible-events": ("events",),
}


def step(rule, *names, **evidence):
    statement = {"rule": rule, **dict(zip(KEYS.get(rule, ("operator",)), names, strict=True))}
    return {"statement": statement, **{key.rstrip("_"): value for key, value in evidence.items()}}


def about(thing, last, field=RATIONALS, **more):
    """A file with one step, about W (and other objects)."""
    return ex.file(PLAIN, {"W": thing, **more}, last, field=field)


def square(*terms):
    """|sum of c times monomial|^2 as a block; conj(u) v has the coefficient conj(c_u) c_v."""
    gram = [[c.conjugate() * d for d, _ in terms] for c, _ in terms]
    return {"monomials": [monomial for _, monomial in terms], "gram": build.matrix(gram)}


def squares(matrix, dims, copies, *blocks):
    """That an operator is block-positive."""
    return about(ex.operator(matrix, *dims), step("block-positive", "W", copies=list(copies), squares=list(blocks)))


# ---- positive maps: sum_K K X K*, or with X transposed ---------------------------------------------------------------
MAPS = {
    "I": ([ex.unit(2)], False),
    "T": ([ex.unit(2)], True),
    "D": (ex.DAMP, False),
    "E": ([ex.times(ex.EMBED, ex.TURN)], True),  # to a qutrit
}


def acting(name, state):
    kraus, transposed = MAPS[name]
    return ex.applied(kraus, ex.transpose(state) if transposed else state)


def choi(name):
    return ex.choi(lambda state: acting(name, state))


def positivity(name, operator="W"):
    """<y|Lambda(conj(x) x^T)|y> = sum_K |sum_ai conj(y_a) K_ai z_i|^2 with z = conj(x), or x after a transposition."""
    kraus, transposed = MAPS[name]
    blocks = []
    for k in kraus:
        entries = [(k[a][i], a, i) for a in range(len(k)) for i in I2 if any(k[a][i])]
        blocks.append(square(*((c, [f"{i}" + "*" * (not transposed), f"{a}*"]) for c, a, i in entries)))
    return step("block-positive", operator, copies=[1, 1], squares=blocks)


def positive_map(name):
    return about(ex.operator(choi(name), 2, len(choi(name)) // 2), positivity(name))


def swap():
    """The Choi matrix of the transposition: |conj(x_0) y_0 + conj(x_1) y_1|^2, here of complex conjugates."""
    return positive_map("T")


def embedding():
    return positive_map("E")


def damping():
    """Two blocks."""
    return positive_map("D")


ONE = ex.gauss(1)


def swap_again():
    """Two copies of the first vector and three of the second: times (|x_0|^2 + |x_1|^2)(|y_0|^2 + |y_1|^2)^2."""
    blocks = []
    for k, m, n in product(I2, repeat=3):
        plain = [" ".join(map(str, sorted((m, n, i)))) for i in I2]
        blocks.append(square(*((ONE, [f"{k} {i}*", plain[i]]) for i in I2)))
    return squares(choi("T"), (2, 2), (2, 3), *blocks)


def choi_matrix(mu=1):
    """Choi's map (Lin. Alg. Appl. 10 (1975) 285): the diagonal of 2 X plus its cyclic shift, minus X."""
    found = [[-int(i % 4 == j % 4 == 0 and i != j) for j in range(9)] for i in range(9)]
    for i in I3:
        found[4 * i][4 * i], found[3 * i + (i + 1) % 3][3 * i + (i + 1) % 3] = 1, mu
    return ex.array(found)


def choi_map():
    """Not decomposable, and with one copy of each vector no sum of squares at all."""
    blocks = []
    for a in I3:
        b, c = (a + 1) % 3, (a + 2) % 3
        words = [[f"{a} {a}*", f"{a}"], [f"{c} {a}*", f"{c}"], [f"{b} {a}*", f"{b}"], [f"{c} {c}*", f"{a}"]]
        gram = [[2, -2, -1, 1], [-2, 2, 1, -1], [-1, 1, 2, -2], [1, -1, -2, 2]]
        blocks.append({"monomials": words, "gram": build.real([[Fraction(x, 2) for x in row] for row in gram])})
        words, gram = [[f"{a} {b}*", f"{c}"], [f"{a} {c}*", f"{b}"]], [[HALF, -HALF], [-HALF, HALF]]
        blocks.append({"monomials": words, "gram": build.real(gram)})
    return squares(choi_matrix(), (3, 3), (2, 1), *blocks)


def by_factor():
    """|x_0 y_0|^2 + |x_1 y_1|^2 with a factor instead of an elimination."""
    block = {"monomials": [["0", "0"], ["1", "1"]], "gram": build.real([[1, 0], [0, 1]])}
    block["factor"] = {"exponent": 1, "re": ["2", "0 2"]}
    return squares(ex.diag(1, 0, 0, 1), (2, 2), (1, 1), block)


def one_factor():
    """|x_0|^2 of one vector is positivity; the degree may be larger than needed."""
    block = {"monomials": [["0 0"], ["0 1"]], "gram": build.real([[1, 0], [0, 1]])}
    return squares(ex.diag(1, 0), (2,), (2,), block)


def three_factors():
    """|x_0 y_1 conj(z_0) + i x_1 y_0 conj(z_1)|^2."""
    whole = [[0] * 8 for _ in range(8)]
    whole[3][3] = whole[4][4] = 1  # (0, 1, 1) and (1, 0, 0)
    whole[3][4], whole[4][3] = 1j, -1j
    block = square((ONE, ["0", "1", "1"]), (ex.gauss(1j), ["1", "0", "0"]))
    return squares(ex.array(whole), (2, 2, 2), (1, 1, 1), block)


def root_squares():
    """|conj(x_0) y_0 + i sqrt2 conj(x_1) y_1|^2."""
    zero, one, root = (0, 0), (1, 0), (0, 1)
    gram = [[(one, zero), (zero, root)], [(zero, (0, -1)), ((2, 0), zero)]]
    rows = [[(zero, zero)] * 4 for _ in range(4)]
    rows[0][0], rows[3][3] = (one, zero), ((2, 0), zero)
    rows[2][1], rows[1][2] = (zero, root), (zero, (0, -1))  # x_0 conj(x_1) conj(y_0) y_1
    whole = {"type": "operator", "dims": [2, 2], "matrix": build.matrix(rows, 2)}
    block = {"monomials": [["0*", "0"], ["1*", "1"]], "gram": build.matrix(gram, 2)}
    return about(whole, step("block-positive", "W", copies=[1, 1], squares=[block]), SQRT2)


def negative_product():
    """-|v><v| + 1 at conj(v) orthogonal and at v; v = (1, i) (x) (1 - i, 2)."""
    v = ex.tensor([list(map(ex.gauss, (1, 1j)))], [list(map(ex.gauss, (1 - 1j, 2)))])[0]
    whole = ex.plus(ex.array(ex.rank_one(*v), -1), ex.unit(4))
    vectors = [{"re": "1 0", "im": "0 1"}, {"re": "1 2", "im": "-1 0"}]
    return about(ex.operator(whole, 2, 2), step("not-block-positive", "W", vectors=vectors))


def negative_root():
    """1 - sqrt2 at (0, 1) (x) (1): the form (sqrt2 x_0 x_0* + (1 - sqrt2) x_1 x_1*) y y*."""
    rows = [[((0, 1), (0, 0)), ((0, 0), (0, 0))], [((0, 0), (0, 0)), ((1, -1), (0, 0))]]
    whole = {"type": "operator", "dims": [2, 1], "matrix": build.matrix(rows, 2)}
    vectors = [{"re": "0,0 0,-3"}, {"re": "1"}]
    return about(whole, step("not-block-positive", "W", vectors=vectors), SQRT2)


# ---- decomposable operators ------------------------------------------------------------------------------------------
def turned(matrix, dims, factors):
    """The partial transpose, entry by entry."""
    indices = list(product(*map(range, dims)))

    def source(left, right):
        pairs = [(c, r) if k in factors else (r, c) for k, (r, c) in enumerate(zip(left, right, strict=True))]
        return matrix[indices.index(tuple(r for r, _ in pairs))][indices.index(tuple(c for _, c in pairs))]

    return [[source(left, right) for right in indices] for left in indices]


def parts(dims, *pairs):
    whole = ex.plus(*(turned(m, dims, factors) for factors, m in pairs))
    carried = [{"transposed": factors, "matrix": build.matrix(m)} for factors, m in pairs]
    return about(ex.operator(whole, *dims), step("decomposable", "W", parts=carried))


BELL = ex.rank_one(1, 0, 0, 1)


def decomposable():
    """1 and the transposition."""
    return parts((2, 2), ([], ex.unit(4)), ([1], BELL))


def decomposable_six():
    return parts((2, 3), ([0], ex.rank_one(1, 1j, 0, 2, 1, 1 - 1j)), ([1], ex.rank_one(0, 2, 1j, 1, -1j, 3)))


def decomposable_three():
    left, right = ex.rank_one(1, 1j, 0, 2, 1, 0, 1 - 1j, 0), ex.rank_one(0, 2, 1j, 1, -1j, 3, 1, 1)
    return parts((2, 2, 2), ([0, 2], left), ([1], right))


def ppt(matrix, w, *dims):
    return about(ex.operator(matrix, *dims), step("not-decomposable", "W", matrix=build.matrix(w)))


def horodecki(a=2, b=2, c=2):
    """a |ii><ii| and c |ii><jj| on the diagonal vectors, b on the shifted, 4/b on the others (b = 1 is alpha = 4)."""
    found = [[a * (i == j) + c * (i != j) if i % 4 == j % 4 == 0 else 0 for j in range(9)] for i in range(9)]
    for i in I3:
        found[3 * i + (i + 1) % 3][3 * i + (i + 1) % 3] = b
        found[3 * i + (i + 2) % 3][3 * i + (i + 2) % 3] = Fraction(4, b)
    return ex.array(found)


def not_decomposable():
    """Choi's map and a state with positive partial transpose (Horodecki, Horodecki, Horodecki 1999): 6 - 12 + 3."""
    return ppt(choi_matrix(), horodecki(b=1), 3, 3)


def ghz(*weights):
    """|000><111| and its adjoint, the diagonal 1 there and else these: w_1 for |001>, |110>, w_2, w_3 for |011>."""
    found = ex.diag(1, *weights, *weights[::-1], 1)
    found[0][7] = found[7][0] = ONE
    return found


def not_decomposable_three():
    """Positive with all partial transposes, and complex after a local phase; -1 is not decomposable."""
    phase = ex.tensor(ex.unit(2), ex.array([[1, 0], [0, 1j]]), ex.unit(2))
    return ppt(ex.array(ex.unit(8), -1), ex.times(phase, ghz(1, 1, 2), ex.star(phase)), 2, 2, 2)


# ---- images ----------------------------------------------------------------------------------------------------------
def origin(place, table, boxes, whole, dims, kraus=()):
    """The data tau, which the Born rule gives."""
    objects = {"tau": ex.assemblage(table, place), "R": ex.operator(whole, *dims)}
    objects["M"] = ex.devices(boxes, [ex.choi(k) for k in kraus])
    return objects, [ex.step("born", "tau", "R", "M"), ex.step("state", "R"), ex.step("quantum", "tau", from_=[0, 1])]


def correlations(place, sigma, maps, start):
    """Quantum data, their image sigma, and what is needed of every different map."""
    objects, steps = start
    names = sorted(set(maps))
    objects = {"sigma": ex.assemblage(sigma), **objects}
    objects |= {name: ex.operator(choi(name), 2, len(choi(name)) // 2) for name in names}
    first, steps = len(steps) - 1, [*steps, step("image", "sigma", "tau", " ".join(maps))]
    for name in names:
        steps += [positivity(name, name), step("trace-preserving", name)]
    return ex.file(place, objects, *steps, step("quantum-correlations", "sigma", from_=[*range(first, len(steps))]))


BOXES, WHOLE = [ex.XYZ], ex.STATE22
ONCE = ex.born_table(BOXES, WHOLE, (2, 2), (), [0], [""])
TWICE = ex.born_table(BOXES, WHOLE, (2, 2), [[ex.TURN], ex.DAMP], [0, 0], [";0", ";1"])
POSTED = ex.scenario([(2, 2, 2)], 2, settings=2, instrumental=True)
INPUT = ex.scenario([(2, 2, 2)], 2, settings=2)


def once():
    return origin(ex.scenario([(2, 2, 2)], 2), ONCE, BOXES, WHOLE, (2, 2))


def twice():
    return origin(INPUT, TWICE, BOXES, WHOLE, (2, 2), [[ex.TURN], ex.DAMP])


def transposed():
    sigma = {key: acting("T", m) for key, m in ONCE.items()}
    return correlations(ex.scenario([(2, 2, 2)], 2), sigma, "T", once())


def to_a_qutrit():
    """Two black boxes."""
    boxes = [ex.XYZ[:2], ex.XYZ[1:]]
    table = ex.born_table(boxes, ex.STATE222, (2, 2, 2), (), [0], [""])
    start = origin(ex.scenario([(2, 2)] * 2, 2), table, boxes, ex.STATE222, (2, 2, 2))
    return correlations(ex.scenario([(2, 2)] * 2, 3), {key: acting("E", m) for key, m in table.items()}, "E", start)


def input_added():
    """Bob has an input only after the data; both maps are applied to the same states."""
    sigma = {f"{key};{y}": acting("TD"[y], m) for key, m in ONCE.items() for y in I2}
    return correlations(INPUT, sigma, "TD", once())


def input_kept():
    sigma = {key: acting("DT"[int(key[-1])], m) for key, m in TWICE.items()}
    return correlations(INPUT, sigma, "DT", twice())


def one_map_twice():
    return correlations(INPUT, {key: acting("T", m) for key, m in TWICE.items()}, "TT", twice())


def posted():
    """Instrumental data from data without input."""
    return correlations(POSTED, {key: acting("TI"[int(key[0])], m) for key, m in ONCE.items()}, "TI", once())


def posted_input():
    """Instrumental data from data with input."""
    seen = {key[:3]: acting("DT"[int(key[0])], m) for key, m in TWICE.items() if key[0] == key[-1]}
    return correlations(POSTED, seen, "DT", twice())


def local_images():
    """Two trusted qubits, one of which becomes a qutrit; the data are quantum because they have a parent."""
    file = ex.joint()
    objects = file["claim"]["objects"]
    whole = ex.born_table([ex.XYZ], ex.STATE222, (2, 4), (), [0], [""])
    tau = {f"{key};B{k + 1}": ex.keep(m, (2, 2), k) for key, m in whole.items() for k in I2}
    start = {"tau": objects["sigma"] | {"scenario": ex.scenario([(2, 2, 2)], 2, 2)}, "omega": objects["omega"]}
    steps = [ex.step("assemblage", "omega"), ex.step("parent", "tau", "omega", from_=[0])]
    sigma = {key: acting("TE"[int(key[-1]) - 1], m) for key, m in tau.items()}
    both = start, [*steps, ex.step("quantum", "tau", from_=[1])]
    return correlations(ex.scenario([(2, 2, 2)], 2, 3), sigma, "TE", both)


# ---- product vectors -------------------------------------------------------------------------------------------------
def column(*entries):
    """Integers, or texts of the format."""
    re = [str(x) if isinstance(x, str) else str(int(complex(x).real)) for x in entries]
    im = ["0" if isinstance(x, str) else str(int(complex(x).imag)) for x in entries]
    return {"re": " ".join(re)} | ({"im": " ".join(im)} if set(im) != {"0"} else {})


def vectors(dims, *members):
    return {"type": "vectors", "dims": list(dims), "vectors": [list(map(dict, member)) for member in members]}


E0, E1, PLUS, MINUS = (1, 0), (0, 1), (1, 1), (1, -1)
SHIFTS = [(E0, E1, PLUS), (E1, PLUS, E0), (PLUS, E0, E1), (MINUS, MINUS, MINUS)]


def shifts(members=SHIFTS):
    return vectors((2, 2, 2), *([column(*v) for v in member] for member in members))


def basis(file, *rules):
    """Statements about the vectors V."""
    steps = [step(rule, "V") for rule in rules]
    return ex.file(PLAIN, {"V": file}, *steps)


def shifts_basis():
    """Bennett et al., Phys. Rev. Lett. 82 (1999) 5385."""
    return basis(shifts(), "product-basis", "unextendible")


def tilted_shifts():
    """With complex vectors of any norms; (2, 2i) and (1, i) are parallel."""
    a, b = (1, 2j), (2j, 1)
    long = (3j, 0)
    return basis(shifts([(long, E1, a), (E1, a, E0), (a, E0, E1), (b, (-6, 3j), b)]), "product-basis", "unextendible")


def repeated():
    """Not orthogonal, but unextendible: three vectors of a qubit two of which are parallel, and a factor of one."""
    members = [[column(1, 1j), column(1)], [column(2, 2j), column(-1)], [column(1, 0), column(5)]]
    return basis(vectors((2, 1), *members), "unextendible")


def tiles():
    """Five vectors of two qutrits (Bennett et al. 1999): every three columns at one factor span."""
    pairs = [((1, 0, 0), (1, -1, 0)), ((0, 0, 1), (0, 1, -1)), ((1, -1, 0), (0, 0, 1)), ((0, 1, -1), (1, 0, 0))]
    members = [[column(*x), column(*y)] for x, y in [*pairs, ((1, 1, 1), (1, 1, 1))]]
    return basis(vectors((3, 3), *members), "product-basis", "unextendible")


def two_vectors():
    """A product basis that is extendible."""
    return basis(vectors((2, 2), [column(1, 0), column(1, 1j)], [column(1, 2), column(1, -1j)]), "product-basis")


def projector(members=SHIFTS):
    return ex.plus(*(ex.tensor(*(ex.pure(*v) for v in member)) for member in members))


def witness(e=Fraction(1, 20)):
    """(Pi - e 1)/(4 - 8 e), negative on 1 - Pi, all of whose partial transposes are positive."""
    pi = projector()
    whole = ex.array(ex.plus(pi, ex.array(ex.unit(8), -e)), 1 / (4 - 8 * e))
    rest = ex.plus(ex.unit(8), ex.array(pi, -1))
    objects = {"V": shifts(), "W": ex.operator(whole, 2, 2, 2)}
    steps = [step("witness", "W", "V", str(e)), step("not-decomposable", "W", matrix=build.matrix(rest))]
    file = ex.file(PLAIN, objects, *steps)
    file["claim"]["statements"].insert(0, steps[0]["statement"])
    return file


def root_times(x, y):
    """The product of complex numbers with parts in Q(sqrt2)."""
    (a, b), (c, d) = x, y
    ac, bd, ad, bc = (build.times(p, q) for p, q in ((a, c), (b, d), (a, d), (b, c)))
    return (ac[0] - bd[0], ac[1] - bd[1]), (ad[0] + bc[0], ad[1] + bc[1])


def root_witness():
    """SHIFTS with |+> along (1, i(1 + sqrt2)), and e = (sqrt2 - 1)/10; 1/(4 - 8 e) = (30 + 5 sqrt2)/136."""
    quarter, zero = Fraction(1, 4), ((0, 0), (0, 0))
    low, high, off = (Fraction(1, 2), -quarter), (Fraction(1, 2), quarter), (0, quarter)
    a = [[(low, (0, 0)), ((0, 0), (0, -quarter))], [((0, 0), off), (high, (0, 0))]]
    b = [[(high, (0, 0)), ((0, 0), off)], [((0, 0), (0, -quarter)), (low, (0, 0))]]
    one = ((1, 0), (0, 0))
    up, down = [[one, zero], [zero, zero]], [[zero, zero], [zero, one]]
    rows = [[((Fraction(1, 10), Fraction(-1, 10)) if i == j else (0, 0), (0, 0)) for j in range(8)] for i in range(8)]
    inverse = (Fraction(30, 136), Fraction(5, 136)), (0, 0)
    for x, y, z in ((up, down, a), (down, a, up), (a, up, down), (b, b, b)):
        for i, j in product(range(8), repeat=2):
            (p, q, r), (s, t, u) = ((n // 4, n // 2 % 2, n % 2) for n in (i, j))
            entry = root_times(x[p][s], root_times(y[q][t], z[r][u]))
            rows[i][j] = tuple((v[0] + w[0], v[1] + w[1]) for v, w in zip(rows[i][j], entry, strict=True))
    rows = [[root_times(entry, inverse) for entry in row] for row in rows]
    plus, minus = {"re": "1 0", "im": "0 1,1"}, {"re": "0 1", "im": "1,1 0"}
    zero_, one_ = {"re": "1 0"}, {"re": "0 1"}
    members = (zero_, one_, plus), (one_, plus, zero_), (plus, zero_, one_), (minus, minus, minus)
    whole = {"type": "operator", "dims": [2, 2, 2], "matrix": build.matrix(rows, 2)}
    steps = [step("unextendible", "V"), step("product-basis", "V"), step("witness", "W", "V", "-1/10,1/10")]
    return ex.file(PLAIN, {"V": vectors((2, 2, 2), *members), "W": whole}, *steps, field=SQRT2)


# ---- events ----------------------------------------------------------------------------------------------------------
THREE = ex.scenario([(3, 3)] * 3)
LETTERS = [  # setting and outcome of each party
    "00 12 11, 00 12 12, 01 12 11, 01 12 12, 02 00 00, 02 00 01",
    "02 02 00, 02 02 01, 10 01 10, 11 10 02, 11 11 02, 12 01 10",
]
TWELVE = [event.split(" ") for line in LETTERS for event in line.split(", ")]
TWELVE = [",".join(a for _, a in event) + "|" + ",".join(x for x, _ in event) for event in TWELVE]
CHOSEN = [
    0,
    0,
    1,
    1,
    0,
    0,
    0,
    0,
    2,
    2,
    2,
    2,
]  # orthogonal to 00, 02 of the first, 12 of the second, 02, 10 of the third


def events(found=TWELVE, boxes=CHOSEN, place=THREE):
    """A maximal set of orthogonal events, whatever bases are chosen an extendible set of vectors."""
    objects = {"S": {"type": "events", "events": list(found)}}
    steps = [step("maximal-events", "S"), step("extendible-events", "S", boxes=boxes)]
    file = ex.file(place, objects, *steps)
    file["claim"]["statements"] = [one["statement"] for one in steps]
    return file


def all_events():
    """Of two boxes with one setting each, in the scenario of the object; a trusted party is of no account."""
    place = ex.scenario([(2,), (1,)], 3)
    file = ex.file(PLAIN, {"S": {"type": "events", "events": ["0,0|0,0", "1,0|0,0"]}}, step("maximal-events", "S"))
    file["claim"]["objects"]["S"]["scenario"] = place
    return file


VALID = {
    f.__name__: f
    for f in (
        swap,
        embedding,
        damping,
        swap_again,
        choi_map,
        by_factor,
        one_factor,
        three_factors,
        root_squares,
        negative_product,
        negative_root,
        decomposable,
        decomposable_six,
        decomposable_three,
        not_decomposable,
        not_decomposable_three,
        transposed,
        to_a_qutrit,
        input_added,
        input_kept,
        one_map_twice,
        posted,
        posted_input,
        local_images,
        shifts_basis,
        tilted_shifts,
        repeated,
        tiles,
        two_vectors,
        witness,
        root_witness,
        events,
        all_events,
    )
}
