"""Files that are made to cost the checker much: each family grows with a size, and so does the work it asks for."""

import random

from tests.proof_builders import RATIONALS, SQRT2, bound_only, encode

FORMAT = "steeralg-proof/1"


def triangle(order, entry="1", width=1):
    """A dense lower triangle of one entry."""
    return [" ".join([entry] * (i + width)) for i in range(order)]


def identity(order):
    return {"denominator": "1", "re": [" ".join(["0"] * i + ["1"]) for i in range(order)]}


def dense(order, digits, seed=0):
    """A positive semidefinite matrix with long entries: dominated by its diagonal."""
    dice = random.Random(seed)
    rows = [[dice.randrange(-(10**digits), 10**digits) for _ in range(i)] for i in range(order)]
    return {"denominator": "1", "re": [" ".join(map(str, [*row, 10 ** (digits + 5)])) for row in rows]}


def file(scenario, objects, statement, field=RATIONALS, times=1, **evidence):
    """A file with one statement, proved by some equal steps."""
    claim = {"name": "", "source": "", "field": field, "scenario": scenario, "objects": objects}
    step = {"statement": statement, **evidence}
    proof = {"objects": {}, "steps": [step] * times}
    return encode({"format": FORMAT, "claim": {**claim, "statements": [statement]}, "proof": proof})


def scenario(boxes, dims=(1,), **flags):
    trusted = [{"dim": d} for d in dims]
    return {"black_boxes": [{"outcomes": list(box)} for box in boxes], "trusted": trusted, **flags}


POINT = scenario([(1,)])


def operator(matrix, dims):
    return {"type": "operator", "dims": list(dims), "matrix": matrix}


def state(order, digits):
    """Elimination of one matrix."""
    objects = {"W": operator(dense(order, digits), [order] if order <= 256 else [order // 4, 4])}
    return file(POINT, objects, {"rule": "not-decomposable", "operator": "W"}, matrix=dense(order, digits))


def many_states(order, digits, copies):
    """Elimination of one matrix, again and again; the trace is that of a state."""
    m = dense(order, digits)
    m["denominator"] = str(order * 10 ** (digits + 5))
    return file(POINT, {"W": operator(m, [order])}, {"rule": "state", "operator": "W"}, times=copies)


def gram(order, digits=1, factor=None, exponent=0):
    """A Gram matrix of many words, with or without a factor."""
    m = dense(order, digits)
    block = {"words": [[f"{a}|{x}"] for x in range(64) for a in range(64)][:order], "gram": m}
    if factor:
        block["factor"] = {"exponent": exponent, **factor}
    return encode(bound_only({}, -1, [block], [(64,) * 64]))


def slots(order, digits):
    """A factor with one long entry, for which all slots have to be wide."""
    rows = triangle(order, "0")
    rows[-1] = rows[-1][:-1] + "9" * digits
    return gram(order, 1, {"re": rows})


def long_factor(order, digits):
    """A factor of long entries."""
    return gram(order, 1, {"re": triangle(order, "7" * digits)})


def large_factor(order):
    """A factor of many zeros."""
    return gram(order, 1, {"re": triangle(order, "0")})


def words(count):
    """Products of all pairs of words, none of them equal."""
    letters = [f"{a}|{x}" for x in range(24) for a in range(1)]
    names = [[f"{p} {q}" if p != q else p] for p in letters for q in letters]
    dice = random.Random(1)
    dice.shuffle(names)
    return encode(bound_only({}, -1, [{"words": names[:count], "gram": dense(count, 1)}], [(2,) * 24]))


def long_words(count):
    """Words of 64 letters, whose products expand the last outcomes."""
    names = [[" ".join(f"1|{(i >> (j % 10) & 1) * 2 + j % 2}" for j in range(64))] for i in range(count)]
    return encode(bound_only({}, -1, [{"words": names, "gram": identity(count)}], [(2,) * 4]))


def lifted(keys):
    """A functional of many keys of small parties of a large space."""
    elements = {f"{a}|{x};B{k}": identity(2) for x in range(64) for a in range(64) for k in range(1, 9)}
    elements = dict(list(elements.items())[:keys])
    file = bound_only(elements, -1, [{"words": [[""]], "gram": identity(256)}], [(64,) * 64])
    file["claim"]["scenario"]["trusted"] = [{"dim": 2}] * 8
    return encode(file)


def denominators(count, digits):
    """A functional with a long denominator at every key, all of them coprime."""
    odd = [10**digits + 2 * i + 1 for i in range(count)]
    elements = {f"{i % 64}|{i // 64}": {"denominator": str(n), "re": ["1"]} for i, n in enumerate(odd)}
    return encode(bound_only(elements, -1, [{"words": [[""]], "gram": identity(1)}], [(64,) * 64]))


def strategies(boxes, order, digits):
    """A local bound of many strategies, with a matrix for each."""
    keys = [f"{a}|{x}" for x in range(boxes) for a in range(2)]
    elements = {key: dense(order, digits, i) for i, key in enumerate(keys)}
    objects = {"F": {"type": "functional", "elements": elements}}
    statement = {"rule": "local-bound", "functional": "F", "bound": "0"}
    return file(scenario([(2,) * boxes], [order]), objects, statement)


def shares(count, digits):
    """Shares with long denominators that have nothing in common."""
    rows = [[f"1/{10**digits + 2 * (i * 64 + j) + 1}" for j in range(8)] for i in range(count)]
    statement = {"rule": "local-bound", "functional": "F", "bound": "0"}
    objects = {"F": {"type": "functional", "elements": {}}}
    return file(scenario([(count,)], [1] * 8), objects, statement, shares=rows)


def directions(count, digits):
    """Planes through many directions, far from the origin."""
    dice = random.Random(2)
    big = 10**digits
    vectors = [[str(dice.randrange(2 * big, 9 * big)) for _ in range(3)] for _ in range(count)]
    elements = {"0|0": {"denominator": "2", "re": ["1", "0 1"]}}
    objects = {"sigma": {"type": "assemblage", "elements": elements}}
    statement = {"rule": "projective-local", "assemblage": "sigma"}
    response = {"outcomes": [[0]], "weights": ["1", *["1/2"] * count]}
    evidence = {"directions": vectors, "responses": [response]}
    return file(scenario([(1,)], [2]), objects, statement, **evidence)


def responses(keys, count):
    """Sums of numbers with long denominators over the entries of a model."""
    long = [f"1/{10**3999 + 2 * i + 1}" for i in range(count)]
    axes = [["4", "0", "0"], ["0", "4", "0"], ["0", "0", "4"]]
    entries = [{"outcomes": [[0] * keys], "weights": [w, w, w, w]} for w in long]
    elements = {f"0|{x}": {"denominator": "2", "re": ["1", "0 1"]} for x in range(keys)}
    objects = {"sigma": {"type": "assemblage", "elements": elements}}
    statement = {"rule": "projective-local", "assemblage": "sigma"}
    return file(scenario([(1,) * keys], [2]), objects, statement, directions=axes, responses=entries)


def columns(members, dims, digits):
    """Product vectors that no choice of factors leaves room for, each of long numbers."""
    dice = random.Random(3)
    big = 10**digits
    vectors = [[{"re": " ".join(str(dice.randrange(big)) for _ in range(d))} for d in dims] for _ in range(members)]
    objects = {"V": {"type": "vectors", "dims": list(dims), "vectors": vectors}}
    return file(POINT, objects, {"rule": "unextendible", "vectors": "V"})


def projectors(members, dims, digits=1):
    """The formula of a witness in a large space."""
    size = 1
    for d in dims:
        size *= d
    vectors = [[{"re": " ".join(["9" * digits] * d)} for d in dims]] * members
    objects = {"V": {"type": "vectors", "dims": list(dims), "vectors": vectors}, "W": operator(identity(size), dims)}
    return file(POINT, objects, {"rule": "witness", "operator": "W", "vectors": "V", "bound": "0"})


def transposes(order, factors):
    """All partial transposes of a matrix on many factors."""
    dims = [2] * factors
    objects = {"W": operator(identity(order), dims)}
    return file(POINT, objects, {"rule": "not-decomposable", "operator": "W"}, matrix=identity(order))


def copies(dim, number):
    """A form times many factors."""
    objects = {"W": operator(identity(dim), [dim])}
    square = {"monomials": [["0"]], "gram": identity(1)}
    return file(POINT, objects, {"rule": "block-positive", "operator": "W"}, copies=[number], squares=[square])


def squares(count):
    """Products of all pairs of monomials."""
    objects = {"W": operator(identity(8), [8])}
    names = [[f"{i} {j} {k}"] for i in range(8) for j in range(i, 8) for k in range(j, 8)]
    square = {"monomials": names[:count], "gram": identity(count)}
    return file(POINT, objects, {"rule": "block-positive", "operator": "W"}, copies=[3], squares=[square])


def born(dims, keys):
    """Many effects of a large operator."""
    effects = [[[identity(dims[0])] for _ in range(keys)]]
    whole = dense(dims[0] * dims[1], 3)
    elements = {f"0|{x}": dense(dims[1], 3) for x in range(keys)}
    objects = {"sigma": {"type": "assemblage", "elements": elements}, "W": operator(whole, dims)}
    objects["D"] = {"type": "devices", "measurements": effects}
    statement = {"rule": "born", "assemblage": "sigma", "operator": "W", "devices": "D"}
    return file(scenario([(1,) * keys], [dims[1]]), objects, statement)


def repeated(keys, steps):
    """A valid assemblage of many elements, proved again and again."""
    pairs = [f"{x},{y}" for x in range(keys) for y in range(keys)]
    elements = {f"0,0|{pair}": {"denominator": "1", "re": ["1"]} for pair in pairs}
    objects = {"sigma": {"type": "assemblage", "elements": elements}}
    boxes = [(1,) * keys] * 2
    return file(scenario(boxes), objects, {"rule": "assemblage", "assemblage": "sigma"}, times=steps)


def sparse(keys, steps):
    """A functional with one element in a scenario of many keys, again and again."""
    objects = {"F": {"type": "functional", "elements": {}}}
    statement = {"rule": "local-bound", "functional": "F", "bound": "0"}
    return file(scenario([(1,) * 46] * 3 if keys > 4096 else [(1,) * keys]), objects, statement, times=steps)


def close(bits, count):
    """Numbers of Q(sqrt 2) that are nearly zero: their signs take many bits of theta."""
    p, q = 1, 1
    while q.bit_length() < bits // 2:
        p, q = p + 2 * q, p + q
    sign = 1 if p * p > 2 * q * q else -1
    entry = f"{sign * p},{-sign * q}"
    rows = [" ".join(["0,0"] * i + [entry]) for i in range(count)]
    objects = {"F": {"type": "functional", "elements": {"0|0": {"denominator": "1", "re": rows}}}}
    statement = {"rule": "local-bound", "functional": "F", "bound": "0"}
    return file(scenario([(1,)], [count]), objects, statement, field=SQRT2, times=64)


def wide_field(degree, digits):
    """A field of high degree with long coefficients."""
    polynomial = ["-" + "9" * digits, *["0"] * (degree - 1), "1"]
    field = {"minimal_polynomial": polynomial, "interval": ["1", "1" + "0" * digits]}
    return encode(bound_only({}, -1, [{"words": [[""]], "gram": identity(1)}], field=field))


def group(generators, words_count):
    """Orbits of many monomials."""
    names = [" ".join(f"{(i >> (j % 12) & 1) * 2 + j % 2}^1" for j in range(24)) for i in range(words_count)]
    block = {"words": [[name, ""] for name in names], "characters": [], "gram": dense(words_count, 1)}
    root = {"order": 2, "re": "-1", "im": "0"}
    one = {"boxes": [0], "settings": [[1, 0, 2, 3]], "outcomes": [[[0, 1]] * 4], "weyl": []}
    turned = {"boxes": [0], "settings": [[1, 2, 3, 0]], "outcomes": [[[0, 1]] * 4], "weyl": []}
    symmetric = {"root": root, "generators": [one, turned] * (generators // 2), "blocks": [block]}
    objects = {"F": {"type": "functional", "elements": {}}}
    return file(scenario([(2,) * 4]), objects, {"rule": "bound", "functional": "F", "bound": "-1"}, symmetric=symmetric)


def primes(steps):
    """Names of the powers of a large prime dimension, in every step."""
    root = {"order": 1, "re": "1", "im": "0"}
    block = {"words": [["", "0,0"]], "characters": [], "gram": identity(1)}
    symmetric = {"root": root, "generators": [], "blocks": [block]}
    objects = {"F": {"type": "functional", "elements": {}}}
    statement = {"rule": "bound", "functional": "F", "bound": "-1"}
    return file(scenario([(1,)], [251]), objects, statement, symmetric=symmetric, times=steps)


def events(count):
    """Many events and keys."""
    objects = {"E": {"type": "events", "events": [f"{a}|0" for a in range(64)]}}
    return file(scenario([(64,) * count]), objects, {"rule": "maximal-events", "events": "E"}, times=1024)


def remarks(steps, digits):
    """Sentences that repeat a long number."""
    bound = "-" + "9" * digits
    elements = {"0|0": {"denominator": "1", "re": [bound]}}
    objects = {"F": {"type": "functional", "elements": elements}}
    objects["sigma"] = {"type": "assemblage", "elements": {"0|0": {"denominator": "1", "re": ["1"]}}}
    statement = {"rule": "violation", "functional": "F", "assemblage": "sigma", "bound": "-1"}
    return file(POINT, objects, statement, times=steps)


# name: (maker, the arguments of a file that asks for all the work there is, those of one that asks for a hundredth)
FAMILIES = {
    "elimination": (state, (700, 1), (80, 1)),
    "elimination of long numbers": (state, (40, 3900), (8, 3900)),
    "elimination again and again": (many_states, (250, 1, 60), (40, 1, 60)),
    "elimination of a few long rows": (many_states, (5, 3900, 4096), (3, 3900, 400)),
    "a large Gram matrix": (gram, (2040,), (250,)),
    "wide slots": (slots, (1000, 3900), (60, 3900)),
    "a long factor": (long_factor, (60, 3900), (20, 3900)),
    "a large factor": (large_factor, (1400,), (200,)),
    "words": (words, (500,), (100,)),
    "long words": (long_words, (1000,), (60,)),
    "lifted": (lifted, (30000,), (20,)),
    "denominators": (denominators, (1900, 3900), (100, 3900)),
    "strategies": (strategies, (15, 8, 1), (9, 8, 1)),
    "strategies of order 200": (strategies, (12, 200, 1), (4, 60, 1)),
    "strategies of long numbers": (strategies, (16, 2, 3900), (10, 2, 3900)),
    "shares": (shares, (60, 3900), (20, 3900)),
    "directions": (directions, (64, 1), (40, 1)),
    "long directions": (directions, (64, 3900), (20, 3900)),
    "responses": (responses, (60, 400), (20, 60)),
    "columns of 16": (columns, (31, (16, 16), 1), (16, (8, 8), 1)),
    "columns of 40": (columns, (60, (40, 40), 3), (30, (20, 20), 3)),
    "long columns": (columns, (20, (10, 10), 3900), (8, (4, 4), 3900)),
    "projectors": (projectors, (60, (32, 32)), (30, (8, 8))),
    "long projectors": (projectors, (8, (4, 4), 3900), (4, (3, 3), 3900)),
    "transposes": (transposes, (1024, 10), (64, 6)),
    "copies": (copies, (64, 16), (16, 8)),
    "squares": (squares, (120,), (120,)),
    "the Born rule": (born, ((16, 16), 64), ((8, 8), 60)),
    "the Born rule of 256 dimensions": (born, ((256, 4), 64), ((64, 2), 64)),
    "many elements": (repeated, (64, 4096), (30, 60)),
    "many keys": (sparse, (100_000, 4096), (64, 4096)),
    "close to zero": (close, (3900, 250), (3900, 40)),
    "a wide field": (wide_field, (16, 3900), (16, 3900)),
    "orbits": (group, (64, 1500), (8, 60)),
    "primes": (primes, (4096,), (60,)),
    "events": (events, (64,), (20,)),
    "long sentences": (remarks, (4096, 3900), (400, 3900)),
}
