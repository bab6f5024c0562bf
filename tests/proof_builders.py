"""Small valid proof files, built by hand from fractions; the tests of the checker forge them."""

import json
import math
from fractions import Fraction
from itertools import product
from pathlib import Path
from types import ModuleType

CHECKER = Path(__file__).parents[1] / "proofs" / "check.py"
RATIONALS = {"minimal_polynomial": ["0", "1"], "interval": ["-1", "1"]}
SQRT2 = {"minimal_polynomial": ["-2", "0", "1"], "interval": ["1", "2"]}
PR = {(a, b, x, y): Fraction(int((a + b) % 2 == x * y), 2) for a, b, x, y in product(range(2), repeat=4)}
CHSH = {(a, b, x, y): -((-1) ** (a + b + x * y)) for a, b, x, y in product(range(2), repeat=4)}
BOXES = [(2, 2), (2, 2)]
FEW = [["", ""], ["0|0", ""], ["0|1", ""], ["", "0|0"], ["", "0|1"]]
ALL = [["", ""], *(word for a in "01" for x in "01" for word in ([f"{a}|{x}", ""], ["", f"{a}|{x}"]))]
HALF = Fraction(1, 2)
LIMIT = Fraction(99, 35)  # CHSH <= 1/c + 2c with c = 5/7


def load_checker(source: str | None = None) -> ModuleType:
    """The checker as a fresh module, or a mutated text of it."""
    module = ModuleType("check")
    exec(compile(source or CHECKER.read_text(), str(CHECKER), "exec"), module.__dict__)
    return module


def encode(value) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def matrix(rows, degree=1):
    """The format's form of a Hermitian matrix of entries (re, im), each a number or a list of coefficients."""

    def vector(x):
        return [Fraction(c) for c in (x if isinstance(x, tuple) else (x, *[0] * (degree - 1)))]

    full = [[(vector(z[0]), vector(z[1])) for z in row] for row in rows]
    scale = math.lcm(*(c.denominator for row in full for z in row for part in z for c in part))

    def line(i, count, part):
        return " ".join(",".join(str(int(c * scale)) for c in full[i][j][part]) for j in range(count))

    n = len(rows)
    lines = {"re": [line(i, i + 1, 0) for i in range(n)], "im": [line(i, i, 1) for i in range(n)]}
    return {"denominator": str(scale), **lines}


def real(rows):
    return matrix([[(x, 0) for x in row] for row in rows])


def kron(left, right):
    """A real matrix tensor a complex one with entries (re, im)."""
    m, n = len(right), len(left) * len(right)
    scale = [[left[i // m][j // m] for j in range(n)] for i in range(n)]
    return [[tuple(scale[i][j] * c for c in right[i % m][j % m]) for j in range(n)] for i in range(n)]


def factor(rows, exponent):
    """A rounded Cholesky factor of 4^e (Z - 1/1000); floats are good enough to find one."""
    n = len(rows)
    low = [[0j] * n for _ in range(n)]
    for i in range(n):
        for j in range(i + 1):
            z = complex(*map(float, rows[i][j])) - 0.001 * (i == j)
            z -= sum(low[i][k] * low[j][k].conjugate() for k in range(j))
            low[i][j] = complex(math.sqrt(z.real)) if i == j else z / low[j][j].real
    lines = {"re": [" ".join(str(round(low[i][j].real * 2**exponent)) for j in range(i + 1)) for i in range(n)]}
    lines["im"] = [" ".join(str(round(low[i][j].imag * 2**exponent)) for j in range(i)) for i in range(n)]
    return {"exponent": exponent, **lines}


def elements(table, rows, degree=1):
    """{(a, b, x, y): number} times a matrix, with the keys of the format."""
    found = {}
    for key, p in table.items():
        found["{},{}|{},{}".format(*key)] = matrix([[(p * z[0], p * z[1]) for z in row] for row in rows], degree)
    return found


def proof(boxes, dim, sigma, functional, bound, blocks, field=RATIONALS):
    """The four steps that refute a quantum realisation."""
    steps = [
        {"statement": {"rule": "assemblage", "assemblage": "sigma"}},
        {"statement": {"rule": "bound", "functional": "F", "bound": str(bound)}, "blocks": blocks},
        {"statement": {"rule": "violation", "functional": "F", "assemblage": "sigma", "bound": str(bound)}},
        {"statement": {"rule": "postquantum", "assemblage": "sigma"}, "from": [0, 1, 2]},
    ]
    claim = {
        "name": "a test",
        "source": "",
        "field": field,
        "scenario": {"black_boxes": [{"outcomes": list(box)} for box in boxes], "trusted": [{"dim": dim}]},
        "objects": {"sigma": {"type": "assemblage", "elements": sigma}},
        "statements": [dict(steps[3]["statement"])],
    }
    objects = {"F": {"type": "functional", "elements": functional}}
    return {"format": "steeralg-proof/1", "claim": claim, "proof": {"objects": objects, "steps": steps}}


def chsh_gram(words, slack=0):
    """(1/2c) ((A0 - c(B0 + B1))^2 + (A1 - c(B0 - B1))^2) by words, plus a multiple of the unit matrix."""
    c = Fraction(5, 7)
    first = {",": 2 * c - 1, "0|0,": 2, ",0|0": -2 * c, ",0|1": -2 * c}
    second = {",": -1, "0|1,": 2, ",0|0": -2 * c, ",0|1": 2 * c}
    names = [",".join(word) for word in words]
    gram = [[sum(v.get(s, 0) * v.get(t, 0) for v in (first, second)) / (2 * c) for t in names] for s in names]
    return [[x + slack * (i == j) for j, x in enumerate(row)] for i, row in enumerate(gram)]


ONE = [[(1, 0)]]
G = [[(1, 0), (0, HALF)], [(0, -HALF), (1, 0)]]  # eigenvalues 1/2 and 3/2
RHO = [[(HALF, 0), (0, HALF)], [(0, -HALF), (HALF, 0)]]  # the projector of the second one
UNIT = [[(1, 0), (0, 0)], [(0, 0), (1, 0)]]


def pr_box():
    """The PR box at D = 1 with a singular Gram matrix, which needs elimination."""
    blocks = [{"words": FEW, "gram": real(chsh_gram(FEW))}]
    return proof(BOXES, 1, elements(PR, ONE), elements(CHSH, ONE), -LIMIT, blocks)


def pr_box_factor():
    """The looser bound -3 with a positive definite Gram matrix over all outcomes: the sum of their v* v is 5."""
    gram = kron(chsh_gram(ALL, (3 - LIMIT) / 5), ONE)
    blocks = [{"words": ALL, "gram": matrix(gram), "factor": factor(gram, 12)}]
    return proof(BOXES, 1, elements(PR, ONE), elements(CHSH, ONE), -3, blocks)


def pr_qubit(words=FEW, slack=Fraction(0), with_factor=False):
    """A PR box times a qubit state; F = CHSH (x) G >= -top 3/2, for G <= 3/2 and the second block top (3/2 - G)."""
    top = LIMIT + 5 * slack
    gram = kron(chsh_gram(words, slack), G)
    rest = [[(top * (Fraction(3, 2) * (i == j) - G[i][j][0]), -top * G[i][j][1]) for j in (0, 1)] for i in (0, 1)]
    blocks = [{"words": words, "gram": matrix(gram)}, {"words": [["", ""]], "gram": matrix(rest)}]
    if with_factor:
        blocks[0]["factor"] = factor(gram, 14)
    return proof(BOXES, 2, elements(PR, RHO), elements(CHSH, G), -top * Fraction(3, 2), blocks)


def pr_qubit_factor():
    return pr_qubit(ALL, Fraction(1, 50), True)


def sqrt2_box(dim=2, theta=1, field=SQRT2, weight=(-HALF, Fraction(1))):
    """A PR box of weight v = sqrt2 - 1/2 in noise, times a state; theta is sqrt2 or, with -1, minus it."""
    state = [
        [((HALF, 0), (0, 0)), ((0, 0), (0, Fraction(theta, 4)))],
        [((0, 0), (0, Fraction(-theta, 4))), ((HALF, 0), (0, 0))],
    ]
    state = state if dim == 2 else [[((1, 0), (0, 0))]]
    sigma = {}
    for key, p in PR.items():
        q = p - Fraction(1, 4)
        noisy = (Fraction(1, 4) + weight[0] * q, theta * weight[1] * q)  # v p + (1 - v)/4
        rows = [[(times(noisy, z[0]), times(noisy, z[1])) for z in row] for row in state]
        sigma["{},{}|{},{}".format(*key)] = matrix(rows, 2)
    unit = UNIT if dim == 2 else ONE
    blocks = [{"words": FEW, "gram": matrix(kron(chsh_gram(FEW), unit))}]
    return proof(BOXES, dim, sigma, elements(CHSH, unit), -LIMIT, blocks, field)


def times(p, q):
    return (p[0] * q[0] + 2 * p[1] * q[1], p[0] * q[1] + p[1] * q[0])


def sqrt2_line():
    """The PR box at D = 1 over Q(sqrt2)."""
    return sqrt2_box(1)


def bound_only(functional, bound, blocks, boxes=((2,),), dim=1, field=RATIONALS):
    """A claim that is one bound; the functional is by keys of the format."""
    found = proof(boxes, dim, {}, functional, bound, blocks, field)
    found["claim"]["objects"] = found["proof"]["objects"]
    found["proof"] = {"objects": {}, "steps": [found["proof"]["steps"][1]]}
    found["claim"]["statements"] = [dict(found["proof"]["steps"][0]["statement"])]
    return found


def toy():
    """E[0|0] >= 0."""
    return bound_only({"0|0": real([[1]])}, 0, [{"words": [["0|0"]], "gram": real([[1]])}])


def cubic(less=0):
    """Over theta^3 = theta^2 + 1, E = E[0|0]: (theta^2 + theta E)^2 >= 0, of rank one, and <F, tau> = 5.86228.."""
    gram = [[((1 - less, 1, 1), 0), ((1, 0, 1), 0)], [((1, 0, 1), 0), ((0, 0, 1), 0)]]
    functional = {"0|0": matrix([[((3 - less, 1, 4), 0)]]), "1|0": matrix([[((1 - less, 1, 1), 0)]])}
    field = {"minimal_polynomial": ["-1", "0", "-1", "1"], "interval": ["1", "2"]}
    found = bound_only(functional, 0, [{"words": [[""], ["0|0"]], "gram": matrix(gram)}], field=field)
    tau = {"0|0": matrix([[((-2, 0, 1), 0)]]), "1|0": matrix([[((3, 0, -1), 0)]])}
    found["claim"]["objects"]["tau"] = {"type": "assemblage", "elements": tau}
    statement = {"rule": "violation", "functional": "F", "assemblage": "tau", "bound": "58623/10000"}
    found["claim"]["statements"].append(statement)
    found["proof"]["steps"].append({"statement": dict(statement)})
    return found


VALID = {f.__name__: f for f in (cubic, toy, pr_box, pr_box_factor, pr_qubit, pr_qubit_factor, sqrt2_box, sqrt2_line)}
