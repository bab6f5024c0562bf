"""Forged proofs about operators, maps, product vectors and events, and the errors that would let some of them pass."""

from fractions import Fraction

from tests import checker_examples as ex
from tests import map_examples as maps
from tests import proof_builders as build
from tests.forgeries import DROP, T_STEP, Case, R, U, change, field
from tests.map_examples import PLAIN, about, choi, column, ppt, step, vectors
from tests.proof_builders import matrix, real

W, V, S, T = (f"claim objects {name}" for name in ("W", "V", "S", "T"))
STEPS, STATED = "proof steps", "claim statements"
SQUARE, COPIES, ELEMENTS = f"{T_STEP} squares 0", f"{T_STEP} copies", "claim objects sigma elements"
BELL, UNIT, MINUS = maps.BELL, ex.unit(4), ex.array(ex.unit(4), -1)


def only(file, i, **more):
    """One step of a file, which is claimed."""
    found = file()
    found["proof"]["steps"] = found["proof"]["steps"][i : i + 1]
    return change(found, {f"{STATED}": [found["proof"]["steps"][0]["statement"]], **more})


def restated(i, key, value):
    return {f"{STEPS} {i} statement {key}": value}


def both(key, value):
    return {f"{T_STEP} statement {key}": value, f"{STATED} 0 {key}": value}


def one_block(whole, dims, words, gram, **block):
    found = {"monomials": words, "gram": matrix(gram), **block}
    return maps.squares(whole, dims, [1] * len(dims), found)


def no_square():
    """2 Re(x_0 conj(y_0) conj(x_1) y_1) by a Gram matrix of zero trace."""
    crossed = ex.array([[0] * 4, [0, 0, 1, 0], [0, 1, 0, 0], [0] * 4])
    return one_block(crossed, (2, 2), [["0*", "0"], ["1*", "1"]], ex.array([[0, 1], [1, 0]]))


# Input and output exchanged: the shift goes the other way.
CHOI_BACK = [[maps.choi_matrix()[i % 3 * 3 + i // 3][j % 3 * 3 + j // 3] for j in range(9)] for i in range(9)]


def one_square(whole, words, dims=(2, 2)):
    """The square of one monomial, taken for an operator that is something else."""
    return one_block(whole, dims, words, ex.array([[1]]))


def no_modulus():
    """|x_0 y_0|^2 is not (conj(x_0) conj(y_0))^2: nothing is equal without a conjugation."""
    words = [["0", "0"], ["0*", "0*"]]
    return one_block(ex.diag(2, 0, 0, 0), (2, 2), words, ex.array([[0, 1], [1, 0]]))


def many_copies():
    """16^15 terms."""
    return change(maps.one_factor(), {COPIES: [16], f"{W} dims": [16], f"{W} matrix": matrix(ex.unit(16))})


def no_multiples():
    """(|x_0|^2 + |x_1|^2)^2 has the term |x_0 x_1|^2 twice."""
    words = [["0 0 0"], ["0 0 1"], ["0 1 1"]]
    block = {"monomials": words, "gram": matrix(ex.unit(3))}
    return maps.squares(ex.diag(1, 0), (2,), (3,), block)


def conjugated_squares():
    """|conj(x_0) y_0 - i sqrt2 conj(x_1) y_1|^2 for the example with +i."""
    file = maps.root_squares()
    return change(file, {f"{W} matrix im": lambda rows: [row.replace("0,1", "0,-1") for row in rows]})


def transposed_operator():
    """The form of the transposed operator is the form at the conjugated vectors."""
    words = [["0*", "0"], ["1*", "1"]]
    gram = ex.array([[1, -1j], [1j, 1]])
    whole = ex.array([[1, 0, 0, 0], [0, 0, -1j, 0], [0, 1j, 0, 0], [0, 0, 0, 1]])
    return one_block(whole, (2, 2), words, gram)


def unknown(word, dims=(2, 2)):
    """A monomial that comes with zeros only."""
    good = ["0"] * len(dims)
    return one_block(ex.diag(1, *[0] * (2 ** len(dims) - 1)), dims, [good, word], ex.array([[1, 0], [0, 0]]))


def part_of(order):
    """A part with more rows than the operator; those that are left over are not seen."""
    return change(maps.decomposable(), {f"{T_STEP} parts 0 matrix": matrix(ex.unit(order))})


def wrong_side():
    """Transposed on the first factor as the second, for factors of different dimensions."""
    return change(maps.decomposable_six(), {f"{T_STEP} parts 0 transposed": [1], f"{T_STEP} parts 1 transposed": [0]})


def three_channels():
    """tr_out C = 1 for the factors (2, 1, 2)."""
    return about(ex.operator(choi("I"), 2, 1, 2), step("trace-preserving", "W"))


def preserving(whole, *dims):
    return about(ex.operator(whole, *dims), step("trace-preserving", "W"))


def no_trace():
    """X (x) 1: its trace over the output is 2 X."""
    return ex.tensor(ex.array([[0, 1], [1, 0]]), ex.unit(2))


# ---- images ----------------------------------------------------------------------------------------------------------
def image(place, sigma, before, tau, names, **operators):
    objects = {"sigma": ex.assemblage(sigma), "tau": ex.assemblage(tau, before), **operators}
    return ex.file(place, objects, step("image", "sigma", "tau", names))


SINGLE = ex.scenario([(2, 2, 2)], 2)
KEPT = {name: ex.operator(choi(name), 2, 2) for name in "ITD"}


def instrumental_data():
    seen = {key[:3]: m for key, m in maps.TWICE.items() if key[0] == key[-1]}
    return image(maps.POSTED, seen, maps.POSTED, seen, "I I", **KEPT)


def more_inputs():
    tau = maps.TWICE | {key[:-1] + "2": m for key, m in maps.TWICE.items()}
    return image(maps.INPUT, maps.TWICE, ex.scenario([(2, 2, 2)], 2, settings=3), tau, "I I", **KEPT)


def more_settings():
    sigma = {key: m for key, m in maps.ONCE.items() if key[-1] != "2"}
    return image(ex.scenario([(2, 2)], 2), sigma, SINGLE, maps.ONCE, "I", **KEPT)


def more_parties():
    tau = {f"{key};B{k}": m for key, m in maps.ONCE.items() for k in (1, 2, 3)}
    sigma = {key: m for key, m in tau.items() if key[-1] != "3"}
    three = ex.scenario([(2, 2, 2)], 2, 2, 2)
    return image(ex.scenario([(2, 2, 2)], 2, 2), sigma, three, tau, "I I", **KEPT)


def unfit(*dims):
    return image(SINGLE, maps.ONCE, SINGLE, maps.ONCE, "I", I=ex.operator(choi("I"), *dims))


def transposed_data():
    """Right but for the data, which are transposed."""
    sigma = {key: maps.acting("D", ex.transpose(m)) for key, m in maps.ONCE.items()}
    return image(SINGLE, sigma, SINGLE, maps.ONCE, "D", **KEPT)


def first_view_only():
    """Both maps are applied to the data at y = 0."""
    sigma = {key: maps.acting("DT"[int(key[-1])], maps.TWICE[f"{key[:-1]}0"]) for key in maps.TWICE}
    return image(maps.INPUT, sigma, maps.INPUT, maps.TWICE, "D T", **KEPT)


def map_by_setting():
    """Instrumental, but the map is that of the setting of Alice."""
    sigma = {key: maps.acting("TI"[min(int(key[2]), 1)], m) for key, m in maps.ONCE.items()}
    return image(maps.POSTED, sigma, SINGLE, maps.ONCE, "T I", **KEPT)


def copied(name, copy):
    """A second object of the same value."""
    return {f"claim objects {copy}": maps.transposed()["claim"]["objects"][name]}


# ---- product vectors and events --------------------------------------------------------------------------------------
def basis(dims, *members, rule="product-basis", **more):
    file = maps.basis(vectors(dims, *([column(*v) for v in member] for member in members)), rule)
    return change(file, more)


def reducible_zero():
    """(0, theta - 1) with theta = 1 is zero."""
    file = basis((2, 2), ((1, 0), (1, 0)), (("0,0", "-1,1"), (1, 0)))
    return change(file, {"claim field": field("-1 0 1", "1/2", "2")})


def only_unextendible(members):
    return maps.basis(maps.shifts(members), "unextendible")


def zero_square():
    return {"monomials": [["0 0", ""], ["", "1*"]], "gram": real([[0, 0], [0, 0]])}


def zero_member():
    members = [((1, 0), (1, 0)), ((1, 0), (0, 0))]
    return formula(members, ex.diag(1, 0, 0, 0), 0, (2, 2))


def formula(members, whole, e, dims=(2, 2, 2)):
    objects = {"V": vectors((2,) * len(members[0]), *([column(*v) for v in m] for m in members))}
    objects["W"] = ex.operator(whole, *dims)
    return ex.file(PLAIN, objects, step("witness", "W", "V", str(e)))


def complement():
    """(Pi - 1)/(4 - 8)."""
    pi = ex.array(maps.projector(), -1)
    return formula(maps.SHIFTS, ex.array(ex.plus(ex.unit(8), pi), Fraction(1, 4)), 1)


def anything():
    """0 = (1 - 1): all members of a basis, n = D and e = 1."""
    members = [(x, y) for x in (maps.E0, maps.E1) for y in (maps.E0, maps.E1)]
    return formula(members, ex.diag(1, 2, 3, -4), 1, (2, 2))


def chosen(found, boxes, place):
    file = maps.events(found, boxes, place)
    return change(file, {STEPS: lambda s: s[1:], STATED: lambda s: s[1:]})


def maximal(found, place=maps.THREE):
    file = maps.events(found, [0] * len(found), place)
    return change(file, {STEPS: lambda s: s[:1], STATED: lambda s: s[:1]})


def dropped(i):
    """The set of twelve without one."""
    return maximal(maps.TWELVE[:i] + maps.TWELVE[i + 1 :])


TWO = ex.scenario([(2, 2)])
NO_ORDER = [["1 0", "0"], ["0* 0", "0"], ["1* 0", "0"], ["0 1* 0*", "0"]]
NO_ENTRY = ["x", "00", "0**", "*", "-1", "0  1", " 0", "0 ", "+0", "\u0660", "10000", "0,1", "0\n", " ".join("0" * 65)]
GRAMMAR = [
    # vectors, events and operators
    Case("vectors without dims", maps.shifts_basis, {f"{V} dims": DROP}, U, "no key"),
    Case("scenario of vectors", maps.shifts_basis, {f"{V} scenario": PLAIN}, U, "unknown key"),
    Case("no vectors", maps.shifts_basis, {f"{V} vectors": []}, U, "entries"),
    Case("no factors", maps.shifts_basis, {f"{V} dims": []}, U, "entries"),
    Case("dimension 0 of vectors", maps.shifts_basis, {f"{V} dims 0": 0}, U, "range"),
    Case("dimension 257 of vectors", maps.shifts_basis, {f"{V} dims 0": 257}, U, "range"),
    Case("seventeen factors", maps.shifts_basis, {f"{V} dims": [1] * 17}, U, "entries"),
    Case("order of vectors", lambda: basis((65, 64), ((1,) * 65, (1,) * 64)), {}, U, "order 4160"),
    Case("vectors of another order", maps.two_vectors, {}, U, "order 4", patch={"MAX_ORDER": 3}),
    Case("a column too few", maps.shifts_basis, {f"{V} vectors 1": lambda m: m[:2]}, U, "entries"),
    Case("a column too many", maps.shifts_basis, {f"{V} vectors 1": lambda m: [*m, m[0]]}, U, "entries"),
    Case("column of three", maps.shifts_basis, {f"{V} vectors 1 0": {"re": "0 1 0"}}, U, "other dimensions"),
    Case("one column of three", lambda: basis((2, 2), ((1, 0), (1, 0, 0))), {}, U, "other dimensions"),
    Case("columns exchanged", lambda: basis((2, 3), ((1, 0, 0), (1, 0))), {}, U, "other dimensions"),
    Case("column of nothing", maps.shifts_basis, {f"{V} vectors 1 0": {"re": ""}}, U),
    Case("imaginary parts of one", maps.tilted_shifts, {f"{V} vectors 0 0 im": "1"}, U, "not 2 entries"),
    Case("a column as text", maps.shifts_basis, {f"{V} vectors 1 0": "0 1"}, U, "JSON dict"),
    Case("a column with a denominator", maps.shifts_basis, {f"{V} vectors 1 0 denominator": "1"}, U, "unknown key"),
    Case("a column without re", maps.shifts_basis, {f"{V} vectors 1 0": {"im": "0 1"}}, U, "no key"),
    Case("fraction in a column", maps.shifts_basis, {f"{V} vectors 1 0 re": "0 1/2"}, U, "not an integer"),
    Case("theta in a column", maps.shifts_basis, {f"{V} vectors 1 0 re": "0 1,0"}, U, "coefficients"),
    Case("one event twice", lambda: chosen(["0|0"] * 2, [0] * 2, TWO), {}, U, "twice"),
    Case("an event of nobody", maps.events, {f"{S} events 0": "0,2,3|0,1,1"}, U, "lacks"),
    Case("an event of two parties", maps.events, {f"{S} events 0": "0,2|0,1"}, U, "lacks"),
    Case("no events", maps.events, {f"{S} events": []}, U, "entries"),
    Case("events as text", maps.events, {f"{S} events": "0,2,1|0,1,1"}, U, "JSON list"),
    Case("an event as a list", maps.events, {f"{S} events 0": ["0"]}, U, "JSON str"),
    Case("events with elements", maps.events, {f"{S} elements": {}}, U, "unknown key"),
    Case(
        "events of two views",
        lambda: maximal(["0|0;B1", "1|0;B1"], ex.scenario([(2,)], 2, 2)),
        {},
        U,
        "more than one view",
    ),
    Case("events with an input", lambda: maximal(["0|0;0", "1|0;0"], maps.INPUT), {}, U, "more than one view"),
    Case(
        "scenarios of events",
        maps.all_events,
        {},
        U,
        "more than 1 scenarios",
        patch={"MAX_SCENARIOS": 1},
    ),
    # what steps carry
    *(Case(f"entry {v!r}", maps.swap, {f"{SQUARE} monomials 0 0": v}, U, "entries of a vector") for v in NO_ENTRY),
    *(Case(f"order {v[0]!r}", lambda v=v: unknown(v), {}, U, "in order") for v in NO_ORDER),
    Case("a monomial twice", lambda: unknown(["0", "0"]), {}, U, "twice"),
    Case("a monomial as text", maps.swap, {f"{SQUARE} monomials 0": "0 0"}, U, "JSON list"),
    Case("a monomial of nothing", maps.swap, {f"{SQUARE} monomials 0": []}, U, "entries"),
    Case("a monomial of seventeen", maps.swap, {f"{SQUARE} monomials 0": [""] * 17}, U, "entries"),
    Case("no monomials", maps.swap, {f"{SQUARE} monomials": []}, U, "entries"),
    Case("monomials", no_multiples, {}, U, "entries", patch={"MAX_ORDER": 2}),
    Case("no squares", maps.swap, {f"{T_STEP} squares": []}, U, "entries"),
    Case("squares without copies", maps.swap, {COPIES: DROP}, U, "no key"),
    Case("words for monomials", maps.swap, {f"{SQUARE} words": [["", ""]]}, U, "unknown key"),
    Case("Gram matrix of another order", maps.swap, {f"{SQUARE} gram": real([[1]])}, U, "entries"),
    Case("factor of another order", maps.by_factor, {f"{SQUARE} factor re": ["2"]}, U, "entries"),
    Case("exponent of a square", maps.by_factor, {f"{SQUARE} factor exponent": 4001}, U, "range"),
    Case("seventeen copies", maps.swap, {COPIES: [1, 17]}, U, "range"),
    Case("copies as text", maps.swap, {COPIES: ["1", "1"]}, U, "JSON int"),
    Case("seventeen vectors", maps.negative_product, {f"{T_STEP} vectors": [{"re": "1"}] * 17}, U, "entries"),
    Case("parts without a choice", maps.decomposable, {f"{T_STEP} parts 0 transposed": DROP}, U, "no key"),
    Case("no parts", maps.decomposable, {f"{T_STEP} parts": []}, U, "entries"),
    Case("factor 17", maps.decomposable, {f"{T_STEP} parts 1 transposed": [17]}, U, "range"),
    Case("evidence of another sign", maps.negative_product, {f"{T_STEP} copies": [1, 1]}, U, "unknown key"),
    Case("maps as a list", maps.transposed, {f"{STEPS} 3 statement maps": ["T"]}, U, "JSON str"),
    Case("bound of a witness in no field", lambda: only(maps.witness, 0), both("bound", "1/20,0"), U, "coefficients"),
]

BLOCK_POSITIVE = [
    Case("an assemblage as operator", maps.swap, both("operator", "sigma"), R, "no operator"),
    Case("vectors as operator", maps.witness, restated(1, "operator", "V"), R, "no operator"),
    Case("copies of one", maps.swap, {COPIES: [1]}, R, "for each factor"),
    Case("copies of three", maps.swap, {COPIES: [1, 1, 1]}, R, "for each factor"),
    Case("no copies", maps.swap, {COPIES: [0, 1]}, R, "no copies of a factor"),
    Case("other copies", maps.swap_again, {COPIES: [2, 2]}, R, "differs"),
    Case("copies exchanged", maps.swap_again, {COPIES: [3, 2]}, R, "differs"),
    Case("one copy", maps.choi_map, {COPIES: [1, 1]}, R, "differs"),
    Case("other vector of Choi", maps.choi_map, {COPIES: [1, 2]}, R, "differs"),
    Case("a square too few", maps.choi_map, {f"{T_STEP} squares": lambda s: s[1:]}, R, "differs"),
    Case("less than Choi", maps.choi_map, {f"{W} matrix": matrix(maps.choi_matrix(Fraction(99, 100)))}, R, "differs"),
    Case("Choi transposed", maps.choi_map, {f"{W} matrix": matrix(CHOI_BACK)}, R, "differs"),
    Case("squares of the identity map", maps.swap, {f"{W} matrix": matrix(choi("I"))}, R, "differs"),
    Case("an operator with another sign", maps.swap, {f"{W} matrix": matrix(ex.array(choi("T"), -1))}, R, "differs"),
    Case("twice the operator", maps.swap, {f"{W} matrix": matrix(ex.array(choi("T"), 2))}, R, "differs"),
    Case("entry of a Gram matrix", maps.swap, {f"{SQUARE} gram re 0": "2"}, R, "differs"),
    Case("denominator of a Gram matrix", maps.swap, {f"{SQUARE} gram denominator": "2"}, R, "differs"),
    Case("monomials exchanged", maps.damping, {f"{SQUARE} monomials": lambda m: m[::-1]}, R, "differs"),
    Case("conjugated monomials", conjugated_squares, {}, R, "differs"),
    Case("a transposed operator", transposed_operator, {}, R, "differs"),
    Case("an imaginary rest", maps.root_squares, {f"{SQUARE} gram im 1": "0,2"}, R, "differs"),
    Case("monomials without a modulus", no_modulus, {}, R, "differs"),
    Case("a term that is there twice", no_multiples, {}, R, "differs"),
    Case("a constant", lambda: one_square(ex.diag(1, 0, 0, 0), [["", "0"]]), {}, R, "differs"),
    Case("a square of other entries", lambda: one_square(ex.diag(1, 0, 0, 0), [["0", "1"]]), {}, R, "differs"),
    Case("the conjugate conjugated", lambda: one_square(ex.diag(0, 1), [["0"]], (2,)), {}, R, "differs"),
    Case("an entry outside", lambda: unknown(["0", "2"]), {}, R, "other factors"),
    Case("a conjugated entry outside", lambda: unknown(["2*", "0"]), {}, R, "other factors"),
    Case("a monomial of three", lambda: unknown(["0", "0", "0"]), {}, R, "other factors"),
    Case("a monomial of one", lambda: unknown(["0"]), {}, R, "other factors"),
    Case("a negative square", lambda: one_block(ex.diag(-1, 0), (2,), [["0"]], ex.array([[-1]])), {}, R, "block 0"),
    Case("zero on the diagonal of a square", no_square, {}, R, "block 0: not positive"),
    Case(
        "squares on the wrong face",
        lambda: one_block(ex.diag(1, -1), (2,), [["0"], ["1"]], ex.diag(1, -1)),
        {},
        R,
        "block 0: not positive",
    ),
    Case(
        "conjugate field of a square",
        lambda: about(
            {"type": "operator", "dims": [1], "matrix": matrix([[((0, 1), 0)]], 2)},
            step("block-positive", "W", copies=[1], squares=[{"monomials": [["0"]], "gram": matrix([[((0, 1), 0)]])}]),
            build.SQRT2,
        ),
        {"claim field interval": ["-2", "-1"]},
        R,
        "block 0: not positive",
    ),
    Case("factor of a square", maps.by_factor, {f"{SQUARE} factor re": ["3", "0 2"]}, R, "block 0: 4^e Z"),
    Case(
        "factor of a negative square",
        lambda: one_block(ex.diag(-1, 0), (2,), [["0"]], ex.array([[-1]]), factor={"exponent": 0, "re": ["0"]}),
        {},
        R,
        "block 0: 4^e Z",
    ),
    Case("work of many copies", many_copies, {}, U, "terms"),
    Case("work of an operator", maps.swap, {}, U, "terms", patch={"MAX_WORK": 10}),
    Case("work of a Gram matrix", maps.choi_map, {}, U, "terms", patch={"MAX_WORK": 20_000}),
    # negative values
    Case("conjugated vector", maps.negative_product, {f"{T_STEP} vectors 0 im": "0 -1"}, R, "not negative"),
    Case("a zero vector", maps.negative_product, {f"{T_STEP} vectors 0": {"re": "0 0"}}, R, "not negative"),
    Case("negative nowhere", maps.negative_product, {f"{W} matrix": matrix(UNIT)}, R, "not negative"),
    Case("negative for the other root", maps.negative_root, {"claim field interval": ["-2", "-1"]}, R, "not negative"),
    Case("one vector", maps.negative_product, {f"{T_STEP} vectors": lambda v: v[:1]}, R, "other dimensions"),
    Case(
        "vectors of factors exchanged",
        maps.negative_root,
        {f"{T_STEP} vectors": lambda v: v[::-1]},
        R,
        "other dimensions",
    ),
    Case("work of a vector", maps.negative_product, {}, U, "terms", patch={"MAX_WORK": 20}),
    Case("work of a value", maps.negative_product, {}, U, "terms", patch={"MAX_WORK": 80}),
]
PARTS = f"{T_STEP} parts"
DECOMPOSABLE = [
    Case("a wrong partial transpose", maps.decomposable, {f"{PARTS} 1 transposed": []}, R, "not the sum"),
    Case("a full transpose", maps.decomposable, {f"{PARTS} 1 transposed": [0, 1]}, R, "not the sum"),
    Case("the transpose of the other factor", wrong_side, {}, R, "not the sum"),
    Case("other factors of three", maps.decomposable_three, {f"{PARTS} 0 transposed": [1, 2]}, R, "not the sum"),
    Case("a part too few", maps.decomposable, {PARTS: lambda p: p[1:]}, R, "not the sum"),
    Case("a part twice", maps.decomposable, {PARTS: lambda p: [*p, p[0]]}, R, "not the sum"),
    Case("entry of a part", maps.decomposable, {f"{PARTS} 0 matrix re 0": "2"}, R, "not the sum"),
    Case("a bigger part", lambda: part_of(5), {}, R, "another order"),
    Case("a smaller part", lambda: part_of(3), {}, R, "another order"),
    Case("a factor outside", maps.decomposable, {f"{PARTS} 0 transposed": [2]}, R, "there is not"),
    Case("a negative part", lambda: maps.parts((2, 2), ([0], MINUS), ([], UNIT)), {}, R, "part 0: not positive"),
    Case("a swap as a part", lambda: maps.parts((2, 2), ([], choi("T"))), {}, R, "part 0: not positive"),
    # positive with all partial transposes
    Case("a negative state", lambda: ppt(UNIT, MINUS, 2, 2), {}, R, "partial transpose on []"),
    Case("only the matrix not positive", lambda: ppt(MINUS, choi("T"), 2, 2), {}, R, "transpose on []"),
    Case("only the partial transpose not positive", lambda: ppt(MINUS, BELL, 2, 2), {}, R, "transpose on [1]"),
    Case(
        "positive but for a partial transpose",
        maps.not_decomposable,
        {f"{T_STEP} matrix": matrix(maps.horodecki(a=3, b=1, c=3))},
        R,
        "transpose on [1]",
    ),
    *(
        Case(
            f"not positive for one of three: {i}",
            lambda i=i: ppt(ex.array(ex.unit(8), -1), maps.ghz(*(int(k != i) for k in range(3))), 2, 2, 2),
            {},
            R,
            f"transpose on {factors}",
        )
        for i, factors in enumerate(([2], [1], [1, 2]))
    ),
    Case("trace zero", lambda: ppt(maps.choi_matrix(2), maps.horodecki(b=1), 3, 3), {}, R, "not negative"),
    Case("trace of Choi's other map", lambda: ppt(maps.choi_matrix(), maps.horodecki(b=4), 3, 3), {}, R, "not neg"),
    Case("a bigger state", maps.not_decomposable, {f"{T_STEP} matrix": matrix(ex.unit(10))}, R, "another order"),
    Case("a smaller state", maps.not_decomposable, {f"{T_STEP} matrix": matrix(ex.unit(4))}, R, "another order"),
    # the trace
    Case("twice a channel", lambda: preserving(ex.array(choi("I"), 2), 2, 2), {}, R, "trace over the output"),
    Case("trace on average", lambda: preserving(ex.diag(0.5, 0, 0, 1.5), 2, 2), {}, R, "trace over the output"),
    Case("unital", lambda: preserving(ex.tensor(ex.diag(2, 0), ex.diag(0.5, 0.5)), 2, 2), {}, R, "trace over"),
    Case("no unit matrix", lambda: preserving(ex.plus(choi("I"), no_trace()), 2, 2), {}, R, "trace over"),
    Case("input and output exchanged", lambda: preserving(choi("E"), 3, 2), {}, R, "trace over the output"),
    Case("three factors of a map", three_channels, {}, R, "two factors"),
    Case("one factor of a map", lambda: preserving(UNIT, 4), {}, R, "two factors"),
]


FROM, IMAGE = f"{STEPS} 6 from", 3
IMAGES = [
    Case("another image", maps.transposed, {f"{ELEMENTS} 0|1": matrix(ex.UP)}, R, "not the image"),
    Case("the identity", maps.transposed, {f"{T} matrix": matrix(choi("I"))}, R, "not the image"),
    Case("transposed data", transposed_data, {}, R, "not the image"),
    Case("maps exchanged", maps.input_kept, restated(IMAGE, "maps", "T D"), R, "not the image"),
    Case("the map of another view", maps.input_kept, restated(IMAGE, "maps", "D D"), R, "not the image"),
    Case("maps of other parties", maps.local_images, restated(3, "maps", "E T"), R, "other dimensions"),
    Case("the data of the first view", first_view_only, {}, R, "not the image"),
    Case("the map of a setting", map_by_setting, {}, R, "not the image"),
    Case("image of itself", maps.transposed, restated(IMAGE, "data", "sigma"), R, "not the image"),
    Case("a map too many", maps.transposed, restated(IMAGE, "maps", "T T"), R, "one map for each view"),
    Case("a map too few", maps.input_kept, restated(IMAGE, "maps", "D"), R, "one map for each view"),
    Case("two spaces between maps", maps.input_kept, restated(IMAGE, "maps", "D  T"), R, "one map for each view"),
    Case("no map", maps.transposed, restated(IMAGE, "maps", ""), R, "no operator"),
    Case("devices as a map", maps.transposed, restated(IMAGE, "maps", "M"), R, "no operator"),
    Case("no data", maps.transposed, restated(IMAGE, "data", "rho"), R, "no assemblage"),
    Case("instrumental data", instrumental_data, {}, R, "the data are instrumental"),
    Case("data with more inputs", more_inputs, {}, R, "other parties"),
    Case("data with more settings", more_settings, {}, R, "other parties"),
    Case("data of more parties", more_parties, {}, R, "other parties"),
    Case("a map of four dimensions", lambda: unfit(4, 1), {}, R, "other dimensions"),
    Case("a map from a number", lambda: unfit(1, 4), {}, R, "other dimensions"),
    Case("a map of three factors", lambda: unfit(2, 2, 1), {}, R, "other dimensions"),
    Case("work of an image", more_settings, {f"{STEPS} 0 statement data": "sigma"}, U, "terms", patch={"MAX_WORK": 60}),
    # correlations
    Case("premises swapped", maps.transposed, {FROM: [3, 2, 4, 5]}, R, "premise 1 is not"),
    Case("premises of the map swapped in", maps.transposed, {FROM: [4, 5, 2, 3]}, R, "premise 1 is not"),
    Case("three premises of correlations", maps.transposed, {FROM: [2, 3, 4]}, U, "entries"),
    Case("the trace twice", maps.transposed, {FROM: [2, 3, 5, 5]}, R, "no premise says that T is block-positive"),
    Case("positivity twice", maps.transposed, {FROM: [2, 3, 4, 4]}, R, "no premise says that T is trace-preserving"),
    Case("a premise twice", maps.transposed, {FROM: [2, 3, 4, 5, 5]}, R, "not needed"),
    Case("a premise that is not needed", maps.transposed, {FROM: [2, 3, 4, 5, 1]}, R, "not needed"),
    Case("a map forgotten", maps.input_kept, {f"{STEPS} 8 from": [2, 3, 4, 5]}, R, "no premise says that T"),
    Case("a later premise of correlations", maps.transposed, {FROM: [2, 3, 4, 6]}, R, "earlier"),
    Case(
        "positivity of another map",
        maps.transposed,
        {**copied("T", "U"), f"{STEPS} 4 statement operator": "U"},
        R,
        "no premise says that T is block-positive",
    ),
    Case(
        "the trace of another map",
        maps.transposed,
        {**copied("T", "U"), f"{STEPS} 5 statement operator": "U"},
        R,
        "no premise says that T is trace-preserving",
    ),
    Case(
        "decomposable for block-positive",
        maps.transposed,
        {f"{STEPS} 4": step("decomposable", "T", parts=[{"transposed": [1], "matrix": matrix(BELL)}])},
        R,
        "no premise says that T is block-positive",
    ),
    Case(
        "image of another",
        maps.transposed,
        {**copied("sigma", "rho"), f"{STEPS} 3 statement assemblage": "rho"},
        R,
        "premise 1 is not",
    ),
    Case("positivity for the image", maps.transposed, {FROM: [2, 4, 4, 5]}, R, "premise 1 is not"),
    Case(
        "other data are quantum",
        maps.transposed,
        {**copied("tau", "rho"), **{f"{STEPS} {i} statement assemblage": "rho" for i in (0, 2)}},
        R,
        "premise 0 is not",
    ),
    Case("valid data", maps.transposed, {f"{STEPS} 2": ex.step("assemblage", "tau")}, R, "premise 0 is not"),
    Case("the Born rule for quantum data", maps.transposed, {FROM: [0, 3, 4, 5]}, R, "premise 0 is not"),
]

GOOD = ((1, 0), (1, 0))
VECTORS = [
    Case("events as vectors", maps.events, {f"{STEPS} 0": step("product-basis", "S")}, R, "no vectors"),
    Case("no orthogonal pair", lambda: basis((2, 2), GOOD, ((1, 1), (1, 2))), {}, R, "members 0 and 1 are not"),
    Case(
        "orthogonal without conjugation",
        lambda: basis((2, 2), ((2, 1j), (1, 0)), ((1j, -2), (1, 0))),
        {},
        R,
        "orthogonal",
    ),
    Case("the last pair", lambda: basis((2, 2), GOOD, ((0, 1), (1, 0)), ((1, 1), (1, 1))), {}, R, "0 and 2"),
    Case("as many as dimensions", lambda: basis((2, 1), ((1, 0), (1,)), ((0, 1), (1,))), {}, R, "as many vectors"),
    Case("more than dimensions", lambda: basis((1,), ((1,),), ((1,),)), {}, R, "as many vectors"),
    Case("a zero column", lambda: basis((2, 2), GOOD, ((0, 0), (1, 0))), {}, R, "member 1 has a zero vector"),
    Case("only a zero column", lambda: basis((2, 2), ((1, 0), (0, 0))), {}, R, "member 0 has a zero vector"),
    Case("a zero column of theta", reducible_zero, {}, R),
    Case("a changed vector", maps.root_witness, {f"{V} vectors 3 0 re": "1 0"}, R, "orthogonal"),
    Case("the other root of a basis", maps.root_witness, {f"{V} vectors 3 2 re": "0 1,1"}, R, "orthogonal"),
    # unextendible
    *(
        Case(
            f"without member {i}", lambda i=i: only_unextendible(maps.SHIFTS[:i] + maps.SHIFTS[i + 1 :]), {}, R, "some"
        )
        for i in range(4)
    ),
    *(
        Case(f"without tile {i}", maps.tiles, {f"{V} vectors": lambda v, i=i: v[:i] + v[i + 1 :]}, R, "some product")
        for i in range(5)
    ),
    Case("a member in another place", lambda: only_unextendible([*maps.SHIFTS[:3], maps.SHIFTS[0]]), {}, R, "some"),
    Case("parallel vectors", maps.tilted_shifts, {f"{V} vectors 3 0": {"re": "1 0", "im": "0 2"}}, R, "not orth"),
    Case("parallel in a complex way", maps.repeated, {f"{V} vectors 2 0": {"re": "0 -3", "im": "3 0"}}, R, "some"),
    Case("work of choices", maps.shifts_basis, {}, U, "terms", patch={"MAX_WORK": 2_000}),
    Case("too many members", maps.tiles, {}, U, "more than 4 members", patch={"MAX_MEMBERS": 4}),
    Case("deep choices", lambda: basis((1,), *[((0,),)] * 1000, rule="unextendible"), {}, U, "more than 256 members"),
    # the witness
    Case("another bound of a witness", lambda: only(maps.witness, 0), both("bound", "1/19"), R, "is not (sum"),
    Case("the other sign of a bound", lambda: only(maps.witness, 0), both("bound", "-1/20"), R, "is not (sum"),
    Case("bound of the other root", maps.root_witness, {f"{STEPS} 2 statement bound": "-1/10,-1/10"}, R, "is not (sum"),
    Case("entry of a witness", lambda: only(maps.witness, 0), {f"{W} matrix re 0": "1"}, R, "is not (sum"),
    Case("scale of a witness", lambda: only(maps.witness, 0), {f"{W} matrix denominator": "1"}, R, "is not (sum"),
    Case("members of a witness", lambda: only(maps.witness, 0), {f"{V} vectors": lambda v: v[:3]}, R, "is not (sum"),
    Case("conjugated members", maps.root_witness, {f"{V} vectors 0 2 im": "0 -1,-1"}, R, ""),
    Case("factors of a witness", lambda: only(maps.witness, 0), {f"{W} dims": [2, 4]}, R, "different dimensions"),
    Case("all members", anything, {}, R, "not positive"),
    Case("the complement", complement, {}, R, "not positive"),
    Case("a member of a witness is zero", zero_member, {}, R),
    Case("work of projectors", lambda: only(maps.witness, 0), {}, U, "terms", patch={"MAX_WORK": 500}),
]

BOXES = f"{STEPS} 1 boxes"
EVENTS = [
    Case("vectors as events", maps.shifts_basis, {f"{STEPS} 0": step("maximal-events", "V")}, R, "no events"),
    *(Case(f"without event {i}", lambda i=i: dropped(i), {}, R, "is orthogonal to all") for i in range(12)),
    Case("one of two events", maps.all_events, {f"{S} events": ["1,0|0,0"]}, R, "0,0|0,0 is orthogonal to all"),
    Case("events of other settings", lambda: maximal(["0|0", "1|1"], TWO), {}, R, "0|0 and 1|1 are not orthogonal"),
    Case("an event too many", lambda: maximal([*maps.TWELVE, "0,0,0|0,0,0"]), {}, R, "not orthogonal"),
    Case("the same outcome", lambda: maximal(["0,0|0,0", "0,0|0,1"], ex.scenario([(2,), (2, 2)])), {}, R, "not orth"),
    Case("work of events", maps.events, {}, U, "terms", patch={"MAX_WORK": 1_000}),
    # extendible
    Case("a wrong box", maps.events, {f"{BOXES} 2": 0}, R, "box 0: 3 different letters"),
    Case("a box too few", maps.events, {BOXES: maps.CHOSEN[:-1]}, R, "not one box for each event"),
    Case("a box too many", maps.events, {BOXES: [*maps.CHOSEN, 0]}, R, "not one box for each event"),
    Case("a box that is not there", maps.events, {f"{BOXES} 2": 3}, R, "a box that there is not"),
    Case("box 17", maps.events, {f"{BOXES} 2": 17}, U, "range"),
    Case("no boxes", maps.events, {BOXES: []}, U, "entries"),
    Case("as many letters as dimensions", lambda: chosen(["0|0", "1|0"], [0, 0], TWO), {}, R, "2 different letters"),
    Case("letters of two settings", lambda: chosen(["0|0", "0|1"], [0, 0], TWO), {}, R, "2 different letters"),
    Case("one dimension", lambda: chosen(["0|0"], [0], ex.scenario([(1,)])), {}, R, "may span 1 dim"),
    Case("unequal settings", lambda: chosen(["0|1"], [0], ex.scenario([(3, 2)])), {}, R, "different numbers of out"),
    Case("unequal settings elsewhere", lambda: chosen(["0,0|0,0"], [0], ex.scenario([(2,), (1, 2)])), {}, R, "box 1"),
]

COMPARED = [
    Case("other vectors", maps.shifts_basis, {}, R, "V differs", {f"{V} vectors 0 0 re": "0 1"}),
    Case("other dims", maps.two_vectors, {}, U, "other dimensions", {f"{V} dims": [4, 1]}),
    Case("other factors", lambda: only(maps.witness, 0), {}, R, "W has another", {f"{W} dims": [4, 2]}),
    Case("other events", maps.events, {}, R, "S differs", {f"{S} events": lambda e: e[1:]}),
    Case(
        "other scenario of events", maps.events, {}, R, "S has another", {f"{S} scenario": ex.scenario([(3, 3)] * 3, 2)}
    ),
    Case(
        "other maps",
        lambda: only(maps.input_kept, 3),
        {},
        R,
        "{'maps': 'D T'} in the file",
        {f"{STATED} 0 maps": "T D"},
    ),
    Case(
        "maps of the proof",
        lambda: only(maps.transposed, 3),
        {"proof objects": {"U": maps.transposed()["claim"]["objects"]["T"]}, **both("maps", "U")},
        R,
        "lacks",
    ),
]

CASES = [*GRAMMAR, *BLOCK_POSITIVE, *DECOMPOSABLE, *IMAGES, *VECTORS, *EVENTS, *COMPARED]
ACCEPTED = [
    *(Case(name, example) for name, example in maps.VALID.items()),
    Case("a zero square", maps.swap, {f"{T_STEP} squares": lambda s: [*s, zero_square()]}),
    Case("no entries at all", lambda: unknown(["", "0"])),
    Case("an entry many times", lambda: unknown(["0 0 0 1 1", "0 0* 0* 1*"])),
    Case("no imaginary part of a column", maps.tilted_shifts, claim={f"{V} vectors 1 0 im": "0 0"}),
    Case("a factor named twice", maps.decomposable, {f"{PARTS} 1 transposed": [1, 1]}),
    Case("the other factor transposed", maps.decomposable, {f"{PARTS} 1 transposed": [0]}),
    Case("premises in another order", maps.input_kept, {f"{STEPS} 8 from": [2, 3, 7, 6, 5, 4]}),
    Case("the other root of a witness", maps.root_witness, {"claim field interval": ["-2", "-1"]}),
    Case("other boxes", maps.events, {f"{BOXES} 8": 1}),
    Case("members in another order", maps.tiles, {f"{V} vectors": lambda v: v[::-1]}),
    Case("a zero vector is no obstacle", maps.repeated, {f"{V} vectors": lambda v: [[{"re": "0 0"}, v[0][1]], *v]}),
]

# What is right, what is wrong, and the case that a checker with the wrong text accepts.
ERRORS = [
    ("((*m, c), (*m, r))", "((*m, r), (*m, c))", "a transposed operator"),
    ("operator.denominator * prod(n for _, n in terms)", "operator.denominator", "a term that is there twice"),
    ("contract(source.conjugate(), choi", "contract(source, choi", "transposed data"),
    ("(k, min(y, before.inputs - 1))", "(k, 0)", "the data of the first view"),
    ("enumerate(dims) if d > 1]", "enumerate(dims) if d > 1][:2]", "not positive for one of three: 2"),
    (
        "c, d = multiply((a, minus(b)), y, field)",
        "c, d = multiply((a, b), y, field)",
        "orthogonal without conjugation",
    ),
    ("require(marginal(choi, dims, 0) ==", "require(marginal(choi, dims, 1) ==", "unital"),
    ("return any(x == y and a != b for", "return any(a != b for", "events of other settings"),
    ("len(letters) < box[0]", "len(letters) <= box[0]", "as many letters as dimensions"),
]
