"""Decides proof files about postquantum steering with exact integer arithmetic.

    python3 check.py [--claim CLAIM.json] FILE...

The format and its rules are in FORMAT.md. A file is proved, rejected (it can be read, but some step does not hold) or
unreadable. Exit code: 2 if a file is unreadable, else 1 if a file is rejected, else 0.

What has to be trusted: Python's integers, fractions and JSON reader; this file; and three facts. A Hermitian matrix is
positive semidefinite if it is diagonally dominant, or if exact elimination meets no negative pivot. A sum of Y* Y is
non-negative in every state. The E[a|x] of one setting are orthogonal projectors with sum 1; different boxes commute.
"""

import argparse
import json
import re
import sys
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import combinations_with_replacement, pairwise, product
from math import gcd, lcm, prod
from operator import mul
from typing import Any, TypeAlias

Number: TypeAlias = list[int]  # an element of Z[theta]: its coefficients of 1, theta, theta^2, ...
Rows: TypeAlias = list[list[Number]]
Strand: TypeAlias = tuple[tuple[int, int], ...]  # letters (a, x) of one black box: outcome a of setting x
Word: TypeAlias = tuple[Strand, ...]  # one strand for each black box
Elements: TypeAlias = "dict[str, Matrix]"  # by "a1,a2|x1,x2"; the zero elements of a functional are left out
Factor: TypeAlias = tuple[int, Rows, Rows]  # e, and re and im of L
Block: TypeAlias = "tuple[list[Word], Matrix, Factor | None]"
Statement: TypeAlias = dict[str, str]  # as in the file, where every text is canonical: equal statements are equal dicts

MAX_BYTES, MAX_DEPTH, MAX_DEGREE, MAX_EXPONENT = 64 << 20, 16, 16, 4000
MAX_BOXES, MAX_SETTINGS, MAX_OUTCOMES, MAX_DIM, MAX_ELEMENTS = 8, 64, 64, 256, 100_000
MAX_LIST, MAX_ORDER, MAX_LETTERS = 4096, 4096, 64  # entries of a list; order of a Gram matrix; letters of a strand
MAX_WORK, STORED = 500_000_000, 500  # matrix entries handled to expand an identity; what a stored word counts for
MAX_PRECISION = 4096  # halvings of the interval of theta that the sign of a number may take
INTEGER, NAME = re.compile("-?[1-9][0-9]{0,3999}|0"), re.compile("[A-Za-z][A-Za-z0-9_]*")


class Unreadable(Exception):
    """The file breaks the grammar or a limit."""


class Rejected(Exception):
    """The file can be read but does not prove its claim."""


def require(condition: object, reason: str) -> None:
    """Reject the file unless the condition holds."""
    if not condition:
        raise Rejected(reason)


def brief(value: object) -> str:
    """Anything found in a file, fit to print."""
    return ascii(value)[:60]


# ---- reading ---------------------------------------------------------------------------------------------------------
class Node:
    """A JSON value and its place in the file. Each method reads one part of the grammar and refuses all else."""

    def __init__(self, value: Any, place: str) -> None:
        self.value, self.place = value, place

    def need(self, condition: object, reason: str) -> None:
        """Refuse to read on unless the condition holds."""
        if not condition:
            raise Unreadable(f"{self.place}: {reason}")

    def of(self, kind: type) -> Any:
        """A value of exactly this type; isinstance would take true for an int."""
        self.need(type(self.value) is kind, f"not a JSON {kind.__name__}")
        return self.value

    def record(self, required: Collection[str], optional: Collection[str] = ()) -> dict[str, "Node"]:
        """An object with all of the required keys and any of the optional ones."""
        for key in self.of(dict):
            self.need(key in required or key in optional, f"unknown key {brief(key)}")
        for key in required:
            self.need(key in self.value, f"no key {key}")
        return {key: Node(value, f"{self.place}.{brief(key)[1:-1]}") for key, value in self.value.items()}

    def array(self, least: int, most: int) -> list["Node"]:
        """A list of limited length."""
        self.need(least <= len(self.of(list)) <= most, f"not {least} to {most} entries")
        return [Node(value, f"{self.place}[{i}]") for i, value in enumerate(self.value)]

    def pieces(self) -> list[str]:
        """A string, cut at its single spaces."""
        return self.of(str).split(" ") if self.value != "" else []

    def small(self, least: int, most: int) -> int:
        """A JSON integer in a range."""
        self.need(least <= self.of(int) <= most, f"not in the range {least} to {most}")
        return int(self.value)

    def integer(self, digits: str) -> int:
        """A canonical decimal integer."""
        self.need(INTEGER.fullmatch(digits), "not an integer of at most 4000 digits")
        return int(digits)

    def rational(self) -> Fraction:
        """A rational number in lowest terms."""
        p, slash, q = self.of(str).partition("/")
        top, bottom = self.integer(p), self.integer(q) if slash else 1
        self.need(not slash or (bottom > 1 and gcd(top, bottom) == 1), "not in lowest terms")
        return Fraction(top, bottom)

    def triangle(self, order: int, width: int, degree: int) -> Rows:
        """Row i has i + width entries, each an integer or all coefficients, joined by commas."""
        rows = []
        for i, node in enumerate(self.array(order, order)):
            entries = node.pieces()
            node.need(len(entries) == i + width, f"not {i + width} entries")
            row = [[node.integer(c) for c in entry.split(",")] for entry in entries]
            node.need(all(len(x) in (1, degree) for x in row), f"not {degree} coefficients")
            rows.append([x + [0] * (degree - len(x)) for x in row])
        return rows

    def triangles(self, other: str, n: int, degree: int) -> tuple["Node", Rows, Rows]:
        """One other member, then re with and im without its diagonal; a missing im is zero."""
        parts = self.record((other, "re"), ("im",))
        im = parts.get("im", Node([" ".join("0" * i) for i in range(n)], "zero"))
        return parts[other], parts["re"].triangle(n, 1, degree), im.triangle(n, 0, degree)


def load(data: bytes, place: str) -> Node:
    """JSON. Floats, true, false and null pass here and are refused later: no place of the grammar admits them."""
    node = Node(None, place)
    node.need(len(data) <= MAX_BYTES, f"longer than {MAX_BYTES} bytes")
    # Outside of strings only brackets matter for the depth; every round removes the innermost pairs.
    outside = b"".join(data.replace(rb"\\", b"").replace(rb"\"", b"").split(b'"')[::2])
    brackets = bytes(re.sub(rb"[^][}{]+", b"", outside)).translate(bytes.maketrans(b"{}", b"[]"))
    for _ in range(MAX_DEPTH):
        brackets = brackets.replace(b"[]", b"")
    node.need(not brackets, f"nested more than {MAX_DEPTH} deep, or brackets that do not match")

    def distinct(pairs: list[tuple[str, object]]) -> dict[str, object]:
        found: dict[str, object] = {}
        for key, value in pairs:
            node.need(key not in found, f"duplicate key {brief(key)}")
            found[key] = value
        return found

    def natural(digits: str) -> int:
        return -1 if digits[0] == "-" else int(digits[:9])  # a negative or long one is out of every range

    try:
        value = json.loads(data.decode("utf-8"), object_pairs_hook=distinct, parse_int=natural)
    except ValueError as error:
        raise Unreadable(f"{place}: not UTF-8 JSON: {brief(str(error))}") from None
    return Node(value, place)


# ---- numbers ---------------------------------------------------------------------------------------------------------
def horner(coefficients: Sequence[int | Fraction], lo: Fraction, hi: Fraction) -> tuple[Fraction, Fraction]:
    """An interval that holds all values of a polynomial on [lo, hi]; its one value if lo = hi."""
    low = high = Fraction(0)
    for c in reversed(coefficients):
        corners = [s * t for s in (low, high) for t in (lo, hi)]
        low, high = min(corners) + c, max(corners) + c
    return low, high


class Field:
    """Q(theta): a monic integer polynomial and an interval that holds exactly one of its roots, a simple one."""

    def __init__(self, node: Node) -> None:
        parts = node.record(("minimal_polynomial", "interval"))
        self.polynomial = [c.integer(c.of(str)) for c in parts["minimal_polynomial"].array(2, MAX_DEGREE + 1)]
        self.degree = len(self.polynomial) - 1
        lo, hi = self.interval = [end.rational() for end in parts["interval"].array(2, 2)]
        node.need(self.polynomial[-1] == 1, "the minimal polynomial is not monic")
        node.need(lo < hi, "the interval is empty")
        node.need(self.at(lo) * self.at(hi) < 0, "the minimal polynomial does not change its sign over the interval")
        low, high = horner([k * c for k, c in enumerate(self.polynomial)][1:], lo, hi)
        node.need(low > 0 or high < 0, "the derivative may vanish in the interval: halve it")
        self.rising, self.lo, self.hi = low > 0, lo, hi
        while (self.hi - self.lo) * 2**128 > 1:
            self.halve()

    def at(self, t: Fraction) -> int:
        """The value of the polynomial at t, times a power of the denominator of t."""
        return sum(c * t.numerator**k * t.denominator ** (self.degree - k) for k, c in enumerate(self.polynomial))

    def halve(self) -> None:
        """Shrink the interval [lo, hi] around theta."""
        t = (self.lo + self.hi) / 2
        self.lo, self.hi = (self.lo, t) if (self.at(t) > 0) == self.rising else (t, self.hi)

    def sign(self, x: Number) -> int:
        """1, 0 or -1. Only the zero vector is zero; any other that no precision tells from zero proves nothing."""
        if not any(x[1:]):
            return (x[0] > 0) - (x[0] < 0)
        for _ in range(MAX_PRECISION):
            low, high = horner(x, self.lo, self.hi)
            if low > 0 or high < 0:
                return 1 if low > 0 else -1
            self.halve()
        raise Rejected("sign undecided: a number is too close to zero")

    def times(self, x: Number, y: Number) -> Number:
        """Multiply, and replace theta^d by -(c_0 + c_1 theta + ...)."""
        if self.degree == 1:
            return [x[0] * y[0]]
        d, total = self.degree, [0] * (2 * self.degree - 1)
        for (i, a), (j, b) in product(enumerate(x), enumerate(y)):
            total[i + j] += a * b
        for k, j in product(range(2 * d - 2, d - 1, -1), range(d)):
            total[k - d + j] -= total[k] * self.polynomial[j]
        return total[:d]

    def reciprocal(self, x: Number) -> tuple[Number, int]:
        """(y, n) with x y = n > 0, for x > 0 (Faddeev-LeVerrier for the matrix that multiplies by x)."""
        units = [[int(i == j) for j in range(self.degree)] for i in range(self.degree)]
        y = units[0]
        for k in range(1, self.degree):
            y = self.times(x, y)
            y[0] -= sum(self.times(y, unit)[i] for i, unit in enumerate(units)) // k
        n = self.times(x, y)[0]  # the norm up to its sign; the other coefficients are zero
        require(n, "a pivot has no inverse: the minimal polynomial is reducible")
        return (y, n) if n > 0 else ([-c for c in y], -n)


# ---- matrices --------------------------------------------------------------------------------------------------------
class Matrix:
    """The Hermitian matrix (re + i im)/denominator, both triangles written out."""

    def __init__(self, node: Node, n: int, degree: int) -> None:
        part, re, im = node.triangles("denominator", n, degree)
        self.denominator = part.integer(part.of(str))
        part.need(self.denominator > 0, "not positive")
        self.re = [re[i] + [re[j][i] for j in range(i + 1, n)] for i in range(n)]
        self.im = [im[i] + [[0] * degree] + [[-c for c in im[j][i]] for j in range(i + 1, n)] for i in range(n)]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Matrix) and self.flat(other.denominator) == other.flat(self.denominator)

    def flat(self, factor: int, rows: slice = slice(None), columns: slice = slice(None)) -> list[int]:
        """The numerators of a part times a factor: first all real, then all imaginary parts, row by row."""
        return [factor * c for half in (self.re, self.im) for row in half[rows] for x in row[columns] for c in x]


def eliminate(matrix: Matrix, field: Field, place: str) -> None:
    """Exact elimination from the last row upwards; positive multiples of what is left do not matter."""
    re, im = ([row[: i + 1] for i, row in enumerate(half)] for half in (matrix.re, matrix.im))
    while re:
        x, y = re.pop(), im.pop()  # row n is x + iy, then the pivot
        n, pivot, _ = len(re), x.pop(), y.pop()
        require(field.sign(pivot) >= 0, f"{place}: not positive semidefinite: negative pivot in row {n}")
        if not any(pivot):
            require(not any(map(any, x + y)), f"{place}: not positive semidefinite: zero pivot in the non-zero row {n}")
            continue
        p, d = field.reciprocal(pivot)
        u, v = [field.times(p, c) for c in x], [field.times(p, c) for c in y]
        for j, i in combinations_with_replacement(range(n), 2):  # d times the Schur complement
            real = zip(re[i][j], field.times(u[i], x[j]), field.times(v[i], y[j]), strict=True)
            imaginary = zip(im[i][j], field.times(u[i], y[j]), field.times(v[i], x[j]), strict=True)
            re[i][j], im[i][j] = [d * z - s - t for z, s, t in real], [d * z - s + t for z, s, t in imaginary]
        common = gcd(*(c for row in re + im for x in row for c in x)) or 1
        re, im = ([[[c // common for c in x] for x in row] for row in half] for half in (re, im))


def dominated(matrix: Matrix, factor: Factor, field: Field, place: str) -> None:
    """R = 4^e Z - L L* is diagonally dominant; everything times the denominator of Z."""
    n, (exponent, *halves) = len(matrix.re), factor
    lr, li = ([[c for (c,) in row] for row in half] for half in halves)
    # Column k of L is one big integer, a slot of w bits for each entry: row i of L L* is then a sum of products small
    # times big. No slot overflows; half of its range is added to make it non-negative before it is cut out.
    w = (2 * n * max(abs(c) for row in lr + li for c in row) ** 2).bit_length() + 1
    half = 1 << (w - 1)
    offset = sum(half << w * j for j in range(n))
    a = [sum(lr[j][k] << w * j for j in range(k, n)) for k in range(n)]
    b = [sum(li[j][k] << w * j for j in range(k + 1, n)) for k in range(n)]
    rest = [[0] * field.degree for _ in range(n)]  # R_ii minus the moduli in its row
    for i, (p, q) in enumerate(zip(lr, li, strict=True)):
        real = offset + sum(map(mul, p, a)) + sum(map(mul, q, b))
        imaginary = offset + sum(map(mul, q, a)) - sum(map(mul, p, b))
        for j in range(i + 1):
            r, s = ([c << 2 * exponent for c in part[i][j]] for part in (matrix.re, matrix.im))
            r[0] -= matrix.denominator * ((real >> w * j) % (2 * half) - half)
            s[0] -= matrix.denominator * ((imaginary >> w * j) % (2 * half) - half)
            if i > j:
                r = [-field.sign(r) * c - field.sign(s) * e for c, e in zip(r, s, strict=True)]
            for k in {i, j}:
                rest[k] = [c + e for c, e in zip(rest[k], r, strict=True)]
    for i in range(n):
        require(field.sign(rest[i]) >= 0, f"{place}: 4^e Z - L L* is not diagonally dominant in row {i}")


# ---- what a file is made of ------------------------------------------------------------------------------------------
class Claim:
    """The claim of a file; the objects of its proof are added later."""

    def __init__(self, node: Node) -> None:
        parts = node.record(("name", "source", "field", "scenario", "objects", "statements"))
        self.name, _, self.field = parts["name"].of(str), parts["source"].of(str), Field(parts["field"])
        self.read_scenario(parts["scenario"])
        self.objects: dict[str, tuple[str, Elements]] = {}  # name -> type and elements
        self.read_objects(parts["objects"])
        self.statements = [read_statement(statement) for statement in parts["statements"].array(1, MAX_LIST)]

    def read_scenario(self, node: Node) -> None:
        """The outcomes of the settings of the black boxes, and the names of all letters and all (a|x)."""
        parts = node.record(("black_boxes", "trusted"))
        boxes = [box.record(("outcomes",))["outcomes"] for box in parts["black_boxes"].array(1, MAX_BOXES)]
        self.boxes = [[d.small(1, MAX_OUTCOMES) for d in box.array(1, MAX_SETTINGS)] for box in boxes]
        node.need(prod(map(sum, self.boxes)) <= MAX_ELEMENTS, f"more than {MAX_ELEMENTS} elements")
        self.dim = parts["trusted"].array(1, 1)[0].record(("dim",))["dim"].small(1, MAX_DIM)
        self.letters = [{f"{a}|{x}": (a, x) for x, d in enumerate(box) for a in range(d)} for box in self.boxes]
        self.keys = {}  # the letter of each box, by "a1,a2|x1,x2"
        for letters in product(*(box.values() for box in self.letters)):
            self.keys["|".join(",".join(map(str, numbers)) for numbers in zip(*letters, strict=True))] = letters

    def read_objects(self, node: Node) -> None:
        """Add assemblages and functionals to those there are."""
        for name, entry in node.record((), node.value).items():
            entry.need(NAME.fullmatch(name), "not a name")
            entry.need(name not in self.objects, "a name of the claim")
            parts = entry.record(("type", "elements"))
            kind = parts["type"].of(str)
            entry.need(kind in ("assemblage", "functional"), "unknown type")
            elements = parts["elements"].record(self.keys if kind == "assemblage" else (), self.keys)
            found = {key: Matrix(m, self.dim, self.field.degree) for key, m in elements.items()}
            self.objects[name] = kind, {key: m for key, m in found.items() if kind == "assemblage" or any(m.flat(1))}

    def read_word(self, node: Node) -> Word:
        """One string of letters for each black box."""
        strands = []
        for names, part in zip(self.letters, node.array(len(self.boxes), len(self.boxes)), strict=True):
            letters = part.pieces()
            part.need(len(letters) <= MAX_LETTERS, f"more than {MAX_LETTERS} letters")
            part.need(names.keys() >= set(letters), "a letter that the scenario lacks")
            strands.append(tuple(names[letter] for letter in letters))
            part.need(all(a[1] != b[1] for a, b in pairwise(strands[-1])), "neighbouring letters of one setting")
        return tuple(strands)

    def read_blocks(self, node: Node) -> list[Block]:
        """The blocks of a sum of squares."""
        blocks = []
        for block in node.array(1, MAX_LIST):
            parts, factor = block.record(("words", "gram"), ("factor",)), None
            words = [self.read_word(word) for word in parts["words"].array(1, MAX_ORDER)]
            order = len(words) * self.dim
            block.need(order <= MAX_ORDER, f"order {order}")
            block.need(len(set(words)) == len(words), "a word occurs twice")
            if "factor" in parts:
                exponent, re, im = parts["factor"].triangles("exponent", order, 1)
                factor = exponent.small(0, MAX_EXPONENT), re, im
            blocks.append((words, Matrix(parts["gram"], order, self.field.degree), factor))
        return blocks

    def read_premises(self, node: Node) -> list[int]:
        """The numbers of three steps."""
        return [number.small(0, MAX_LIST) for number in node.array(3, 3)]

    def read_step(self, node: Node) -> tuple[Statement, dict[str, Any]]:
        """A statement, and what else its rule lets the step carry."""
        statement = read_statement(node.record(("statement",), node.value)["statement"])
        carries = RULES[statement["rule"]][1]
        parts = node.record(("statement", *carries))
        return statement, {key: read(self, parts[key]) for key, read in carries.items()}

    def find(self, kind: str, statement: Statement) -> Elements:
        """The object that a statement names."""
        found, elements = self.objects.get(statement[kind], ("", {}))
        require(found == kind, f"there is no {kind} {brief(statement[kind])}")
        return elements

    def compare(self, other: "Claim") -> None:
        """Equal by value; name and source do not count."""
        f, g = self.field, other.field
        # The polynomial is strictly monotonic on each interval: if they overlap they hold the same root.
        lo, hi = max(f.interval[0], g.interval[0]), min(f.interval[1], g.interval[1])
        same = f.polynomial == g.polynomial and lo < hi
        require(same, "--claim: the field or its embedding differs")
        for part in ("boxes", "dim", "objects", "statements"):
            require(getattr(self, part) == getattr(other, part), f"--claim: the {part} differ")


def read_statement(node: Node) -> Statement:
    """A rule and what it speaks of."""
    rule = node.record(("rule",), node.value)["rule"].of(str)
    node.need(rule in RULES, "unknown rule")
    parts = node.record(("rule", *RULES[rule][0]))
    if "bound" in parts:
        parts["bound"].rational()
    return {key: part.of(str) for key, part in parts.items()}


# ---- the algebra of the black boxes ----------------------------------------------------------------------------------
def check_identity(claim: Claim, functional: Elements, bound: Fraction, blocks: list[Block]) -> None:
    """F - bound 1 minus the sum of v* w (x) Z_vw over all blocks, v and w is zero, coefficient by coefficient."""
    dim, work = claim.dim, 0
    rest: dict[Word, list[int]] = {}  # the difference, by reduced words in which no last outcome occurs

    def spend(amount: int) -> None:
        nonlocal work
        work += amount
        if work > MAX_WORK:
            raise Unreadable("the identity has too many terms")

    @cache
    def expand(box: int, letters: Strand) -> dict[Strand, int]:
        """The product of letters; the last outcome of a setting is 1 minus the others."""
        if not letters:
            return {(): 1}
        a, x = letters[-1]
        last = claim.boxes[box][x] - 1
        found: dict[Strand, int] = {}
        for strand, c in expand(box, letters[:-1]).items():
            if strand and strand[-1][1] == x:  # projectors of one setting: equal or orthogonal
                terms = [(strand, c)] * (strand[-1][0] == a)
            elif a < last:
                terms = [((*strand, (a, x)), c)]
            else:
                terms = [(strand, c), *(((*strand, (b, x)), -c) for b in range(last))]
            spend(STORED * len(terms))
            for longer, t in terms:
                found[longer] = found.get(longer, 0) + t
        return {strand: c for strand, c in found.items() if c}

    def add(word: Word, part: list[int]) -> None:
        factors = [expand(box, letters).items() for box, letters in enumerate(word)]  # boxes commute
        spend(prod(map(len, factors)) * len(part))
        for terms in product(*factors):
            monomial, c = tuple(strand for strand, _ in terms), prod(t for _, t in terms)
            if monomial not in rest:
                spend(STORED)
                rest[monomial] = [0] * len(part)
            rest[monomial] = [r + c * x for r, x in zip(rest[monomial], part, strict=True)]

    scale = lcm(bound.denominator, *(m.denominator for m in (*functional.values(), *(gram for _, gram, _ in blocks))))
    one = [0] * (2 * dim * dim * claim.field.degree)
    one[: len(one) // 2 : (dim + 1) * claim.field.degree] = [-int(bound * scale)] * dim
    add(((),) * len(claim.boxes), one)
    for key, m in functional.items():
        add(tuple((letter,) for letter in claim.keys[key]), m.flat(scale // m.denominator))
    for words, gram, _ in blocks:
        places = [(w, slice(dim * i, dim * i + dim)) for i, w in enumerate(words)]
        for (v, rows), (w, columns) in product(places, places):
            word = tuple(left[::-1] + right for left, right in zip(v, w, strict=True))
            add(word, gram.flat(-scale // gram.denominator, rows, columns))
    for monomial, part in rest.items():
        name = ", ".join(" ".join(f"{a}|{x}" for a, x in strand) or "1" for strand in monomial)
        require(not any(part), f"the sum of squares differs from functional - bound at the word {name}")


# ---- rules -----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Proved:
    """A statement, the sentence that says it, and what was computed for it."""

    statement: Statement
    sentence: str
    value: tuple[Fraction, ...] = ()  # <F, sigma>, by powers of theta
    bound: Fraction | None = None
    words: tuple[int, ...] = ()  # in each block
    orders: tuple[int, ...] = ()  # of the Gram matrices


def prove_assemblage(claim: Claim, statement: Statement, evidence: Any, earlier: list[Proved]) -> Proved:
    """The definition (SAPHS18 Def. 4). Summing out one black box at a time gives every subset."""
    elements, d = claim.find("assemblage", statement), claim.field.degree
    scale = lcm(*(m.denominator for m in elements.values()))
    parts = {key: m.flat(scale // m.denominator) for key, m in elements.items()}
    for box in range(len(claim.boxes)):
        sums: dict[Any, list[int]] = {}  # by the letters of the other boxes and by the setting of this one
        for key, part in parts.items():
            others = list(claim.keys[key])
            place = (others.pop(box)[1], *others)
            sums[place] = [r + s for r, s in zip(sums[place], part, strict=True)] if place in sums else part
        for (x, *others), part in sums.items():
            require(part == sums[0, *others], f"signalling: box {box}, settings 0 and {x}, others {others}")
    first = (part for key, part in parts.items() if not any(x for _, x in claim.keys[key]))
    total = [sum(column) for column in zip(*first, strict=True)]
    trace = [sum(total[k : len(total) // 2 : (claim.dim + 1) * d]) for k in range(d)]
    require(trace == [scale, *[0] * (d - 1)], "the total trace is not 1")
    for key, m in elements.items():
        eliminate(m, claim.field, f"element {key}")
    validity = "a valid assemblage: no-signalling, of trace 1, with positive semidefinite elements"
    return Proved(statement, f"{statement['assemblage']} is {validity}")


def prove_bound(claim: Claim, statement: Statement, evidence: Any, earlier: list[Proved]) -> Proved:
    """The right side of the identity is a sum of terms Y* Y, so non-negative in every quantum realisation."""
    bound, blocks = Fraction(statement["bound"]), evidence["blocks"]
    check_identity(claim, claim.find("functional", statement), bound, blocks)
    for i, (_, gram, factor) in enumerate(blocks):
        if factor:
            dominated(gram, factor, claim.field, f"block {i}")
        else:
            eliminate(gram, claim.field, f"block {i}")
    words, orders = zip(*((len(words), len(gram.re)) for words, gram, _ in blocks), strict=True)
    sentence = f"<{statement['functional']}, s> >= {show(claim.field, [bound])} for every assemblage s with a quantum"
    sentence += f" realisation (by a sum of squares with {list(words)} words in its blocks, of order {list(orders)})"
    return Proved(statement, sentence, (), bound, words, orders)


def prove_violation(claim: Claim, statement: Statement, evidence: Any, earlier: list[Proved]) -> Proved:
    """Exact arithmetic: for Hermitian matrices tr(A B) is the sum of A_ij conj(B_ij)."""
    bound, assemblage = Fraction(statement["bound"]), claim.find("assemblage", statement)
    pairs = [(m, assemblage[key]) for key, m in claim.find("functional", statement).items()]
    scale = lcm(bound.denominator, *(m.denominator * s.denominator for m, s in pairs))
    value = [0] * claim.field.degree  # times the scale
    for m, s in pairs:
        factor = scale // (m.denominator * s.denominator)
        for f, g in zip(m.re + m.im, s.re + s.im, strict=True):
            for x, y in zip(f, g, strict=True):
                value = [v + factor * c for v, c in zip(value, claim.field.times(x, y), strict=True)]
    exact = tuple(Fraction(c, scale) for c in value)
    value[0] -= int(bound * scale)
    sentence = f"<{statement['functional']}, {statement['assemblage']}> = {show(claim.field, exact)} < "
    sentence += show(claim.field, [bound])
    require(claim.field.sign(value) < 0, f"it is not true that {sentence}")
    return Proved(statement, sentence, exact, bound)


def prove_postquantum(claim: Claim, statement: Statement, evidence: Any, earlier: list[Proved]) -> Proved:
    """A valid assemblage below a bound on all assemblages with a quantum realisation has none."""
    require(max(evidence["from"]) < len(earlier), "not all premises are earlier steps")
    valid, limit, below = (earlier[i] for i in evidence["from"])
    require(valid.statement == statement | {"rule": "assemblage"}, "premise 0 is not that the assemblage is valid")
    require(limit.statement["rule"] == "bound", "premise 1 is not a bound")
    wanted = limit.statement | {"rule": "violation", "assemblage": statement["assemblage"]}
    require(below.statement == wanted, "premise 2 is not that the assemblage violates premise 1")
    sentence = f"{statement['assemblage']} is a valid assemblage without any quantum realisation: "
    sentence += f"{below.sentence}, while {limit.sentence}"
    return Proved(statement, sentence, below.value, limit.bound, limit.words, limit.orders)


# The closed list: the keys of a statement, what else a step carries and how it is read, and the function that decides.
Rule: TypeAlias = tuple[tuple[str, ...], dict[str, Callable[[Claim, Node], Any]], Callable[..., Proved]]
RULES: dict[str, Rule] = {
    "assemblage": (("assemblage",), {}, prove_assemblage),
    "bound": (("functional", "bound"), {"blocks": Claim.read_blocks}, prove_bound),
    "violation": (("functional", "assemblage", "bound"), {}, prove_violation),
    "postquantum": (("assemblage",), {"from": Claim.read_premises}, prove_postquantum),
}


# ---- files -----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Report:
    """What a file proves: the claim in plain lines, and its statements in their order."""

    name: str
    lines: tuple[str, ...]
    proved: tuple[Proved, ...]


def check_bytes(data: bytes, claim: bytes | None = None) -> Report:
    """Decide a proof file, and that it proves this claim (a claim, or a proof file of it)."""
    try:
        return check(data, claim)
    except (RecursionError, MemoryError):
        raise Unreadable("too large for this machine") from None


def check(data: bytes, expected: bytes | None) -> Report:
    """Read everything, then decide the steps in their order, then look for the statements of the claim among them."""
    parts = load(data, "file").record(("format", "claim", "proof"))
    parts["format"].need(parts["format"].value == "steeralg-proof/1", "unknown format")
    claim, proof = Claim(parts["claim"]), parts["proof"].record(("objects", "steps"))
    if expected is not None:
        node = load(expected, "--claim")
        claim.compare(Claim(node.record((), node.value).get("claim", node)))
    own = set(claim.objects)
    claim.read_objects(proof["objects"])
    steps = [claim.read_step(step) for step in proof["steps"].array(1, MAX_LIST)]
    proved: list[Proved] = []
    for i, (statement, evidence) in enumerate(steps):
        try:
            proved.append(RULES[statement["rule"]][2](claim, statement, evidence, proved))
        except (Rejected, Unreadable) as refusal:
            raise type(refusal)(f"step {i} ({statement['rule']}): {refusal}") from None
    found: list[Proved] = []
    for i, statement in enumerate(claim.statements):
        about = {statement[kind] for kind in ("assemblage", "functional") if kind in statement}
        require(about <= own, f"statement {i} of the claim is about an object that the claim lacks")
        found += [p for p in proved if p.statement == statement][:1]
        require(len(found) > i, f"statement {i} of the claim is not proved by any step")
    scenario = f"black boxes with outcomes {claim.boxes} by setting, a trusted party of dimension {claim.dim}"
    theta = f"theta, i), {show(claim.field, [Fraction(0), Fraction(1)])}, a root of {claim.field.polynomial}"
    lines = f"scenario: {scenario}", f"field: Q({theta if claim.field.degree > 1 else 'i)'}"
    return Report(claim.name, (*lines, *(p.sentence for p in found)), tuple(found))


# ---- printing --------------------------------------------------------------------------------------------------------
LIMITS = """not established: which correlations measurements of the trusted party can give; that a bound is optimal;
    that the matrices are those of any paper (compare the data, or state your own claim with --claim).
    Trusted: Python's integers, fractions and JSON reader; check.py; the theorems named in FORMAT.md with the rules."""


def show(field: Field, vector: Sequence[Fraction]) -> str:
    """An element of the field, exactly and in decimals; str of an int has a limit, of a Decimal it has none."""
    numbers = ["/".join(str(Decimal(n)) for n in v.as_integer_ratio()).removesuffix("/1") for v in vector]
    low, _ = horner(vector, field.lo, field.hi)
    terms = [v + f" theta^{k}".removesuffix("^1") * (k > 0) for k, v in enumerate(numbers) if v != "0"]
    exact = " + ".join(terms).replace("+ -", "- ") or "0"
    return f"{exact} ~ {Decimal(low.numerator) / Decimal(low.denominator):.12g}"


def read_file(path: str) -> bytes:
    """As much of a file as is needed to see that it is too long."""
    with open(path, "rb") as file:
        return file.read(MAX_BYTES + 1)


def main(arguments: list[str] | None = None) -> int:
    """Decide files and print what they prove; the exit code is that of the worst one."""
    parser = argparse.ArgumentParser(description="Decide proof files exactly; the format is in FORMAT.md.")
    parser.add_argument("--claim", metavar="CLAIM.json", help="the claim to be proved, or a proof file of it")
    parser.add_argument("files", metavar="FILE", nargs="+")
    options, code = parser.parse_args(arguments), 0
    for path in options.files:
        name = ascii(path)[1:-1]
        try:
            report = check_bytes(*(read_file(p) for p in (path, options.claim) if p is not None))
            print(f"proved {name}: {ascii(report.name)[1:-1]}", *report.lines, sep="\n    ")
            print(LIMITS)
        except (Rejected, Unreadable, OSError) as refusal:
            verdict = "rejected" if isinstance(refusal, Rejected) else "unreadable"
            print(f"{verdict} {name}: {refusal}", file=sys.stderr)
            code = max(code, 1 if verdict == "rejected" else 2)
    return code


if __name__ == "__main__":
    sys.exit(main())
