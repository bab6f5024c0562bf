"""Decides proof files about postquantum steering with exact integer arithmetic.

    python3 check.py [--claim CLAIM.json] FILE...

The format and its rules are in FORMAT.md. A file is proved, rejected (it can be read, but some step does not hold) or
unreadable. Exit code: 2 if a file is unreadable, else 1 if a file is rejected, else 0.

What has to be trusted: Python's integers, fractions and JSON reader; this file; and the theorems named with the rules.
A Hermitian matrix is positive semidefinite if it is diagonally dominant, or if exact elimination meets no negative
pivot. A sum of Y* Y is non-negative in every state, a sum of squared moduli everywhere. The E[a|x] of one setting are
orthogonal projectors with sum 1, the e^y_ij of one setting of a trusted party are matrix units; different parties
commute.

The sections, of which those with a star are all that a `postquantum` file without `symmetric` rests on:

    * reading             `Node` takes a JSON value apart and refuses what the grammar does not allow; `load`
    * numbers             `Field`: real algebraic numbers as vectors of rationals, and their signs
    * matrices            `Matrix`; `eliminate` and `dominated` decide positive semidefiniteness; vectors, maps
    * scenarios           `Scenario`: the keys of assemblages, the letters of words
    * what a file is ...  `Claim` reads objects, statements and steps; `compare` is --claim
    * the algebra ...     `difference`: both sides of an identity of a sum of squares, word by word
      bounds in the group basis, up to symmetries
    * rules               a function for each; here `prove_assemblage`, `prove_bound`, `prove_violation`, `refute`
      more rules          quantum and local models, maps, product bases
    * the closed list     `RULES`
    * files               `check` decides a file: its steps in their order, then its statements
      printing

`need` and `require` are the ways to refuse, besides the limits: every loop draws on the work of the file (`spend`),
so a file of any making is decided or refused in about a minute and 1 GB. A refusal proves nothing, so what the limits
are is no matter of trust.
"""

import argparse
import json
import os
import re
import sys
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache, cached_property, partial, reduce
from itertools import chain, combinations, combinations_with_replacement, pairwise, product, zip_longest
from math import comb, factorial, gcd, lcm, prod
from operator import call, mul, sub
from typing import Any, TypeAlias, TypeVar

Coefficient = TypeVar("Coefficient", int, Fraction)
Number: TypeAlias = list[int]  # an element of Z[theta]: its coefficients of 1, theta, theta^2, ...
Rows: TypeAlias = list[list[Number]]
Letter: TypeAlias = tuple[int, int, int]  # (i, j, y): the matrix unit e^y_ij; (a, a, x): outcome a of setting x
Strand: TypeAlias = tuple[Letter, ...]  # letters of one party
Word: TypeAlias = tuple[Strand, ...]  # one strand for each black box, and one for a trusted party with input
Polynomial: TypeAlias = dict[Word, list[int]]  # by reduced words in which no last diagonal unit of a setting occurs
View: TypeAlias = tuple[int, int]  # a trusted party and its setting
Strategy: TypeAlias = list[list[int]]  # an outcome for each setting of each black box
Elements: TypeAlias = "dict[str, Matrix]"  # by the keys of a scenario; the zero elements of a functional are left out
Thing: TypeAlias = tuple[str, Any, Any]  # the type of an object, what shape it has, and its matrices
Factor: TypeAlias = tuple[int, Rows, Rows]  # e, and re and im of L
Block: TypeAlias = "tuple[list[Word], Matrix, Factor | None]"
Complex: TypeAlias = tuple[Number, Number]  # re and im
Column: TypeAlias = list[Complex]  # a vector of one tensor factor
Monomial: TypeAlias = tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]  # by factor: entries, conjugated entries
Square: TypeAlias = "tuple[list[Monomial], Matrix, Factor | None]"
Pairs: TypeAlias = tuple[tuple[int, int], ...]  # a strand in the group basis: (setting, power), or (p, q) by factor
Term: TypeAlias = tuple[int, Pairs]  # (t, strand): zeta^t times a strand
Generator: TypeAlias = tuple[list[int], list[list[int]], list[list[list[int]]], list[Term], bool]  # as in the file
Group: TypeAlias = "list[tuple[Symmetry, int]]"  # pairs (h, s)
Sums: TypeAlias = dict[tuple[int, int], list[int]]  # by a monomial or an orbit, and t: what is to be times zeta^t
Statement: TypeAlias = dict[str, str]  # as in the file, where every text is canonical: equal statements are equal dicts

MAX_BYTES, MAX_DEPTH, MAX_DEGREE, MAX_EXPONENT = 8 << 20, 16, 16, 4000
MAX_BOXES, MAX_SETTINGS, MAX_OUTCOMES, MAX_DIM, MAX_ELEMENTS = 8, 64, 64, 256, 100_000
MAX_PARTIES, MAX_SCENARIOS, MAX_STRATEGIES = 8, 16, 100_000  # trusted parties; different scenarios; of the black boxes
MAX_LIST, MAX_ORDER, MAX_LETTERS = 4096, 4096, 64  # entries of a list; order of a Gram matrix; letters of a strand
MAX_FACTORS = 16  # tensor factors of an operator, and copies of each
MAX_MEMBERS, MAX_DIRECTIONS = 256, 64  # of an unextendible product basis; of measurements of a trusted qubit
MAX_ROOT, MAX_GENERATORS, MAX_GROUP = 64, 64, 4096  # the order of zeta; symmetries; elements of H
BITS, MASK = 24, (1 << 24) - 1  # for the number of a strand: MAX_WORK / STORED is less; and for sums of powers of zeta
MAX_WORK, STORED, SORTED = 500_000_000, 200, 50  # of one file, see spend; what it counts to store a word, to handle one
MAX_SCALE = 1 << 16  # bits of a common denominator
MAX_PRECISION, MAX_SHOWN = 4096, 512  # bits of theta that the sign of a number may take, and its decimals
MAX_TEXT, LONG = 4096, 4300  # characters of a remark; digits that Python has to convert whatever its environment says
INTEGER, NAME = re.compile("-?[1-9][0-9]{0,3999}|0"), re.compile("[A-Za-z][A-Za-z0-9_]{0,63}")
ROW = re.compile(f"(?:{INTEGER.pattern})(?:[ ,](?:{INTEGER.pattern}))*")  # of a matrix: integers
ENTRY = re.compile("([1-9][0-9]{0,3}|0)([*]?)")  # of a vector: its index, and * if it is conjugated


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


class Work(threading.local):
    """What may still be done for the file that this thread decides."""

    left = MAX_WORK


WORK = Work()


def spend(amount: int, bits: int = 0) -> None:
    """Draw on the work of a file: operations on numbers of so many bits, 0.1 microseconds or 2 bytes if they are short.

    Products, quotients and greatest common divisors of long numbers take a time that grows with the square.
    """
    WORK.left -= amount * (256 + bits) ** 2 >> 16 if bits else amount
    if WORK.left < 0:
        raise Unreadable("too many terms, or too long ones")


def longest(numbers: Iterable[int]) -> int:
    """The bits of the longest of some numbers."""
    return max(map(int.bit_length, numbers), default=0)


def common(denominators: Iterable[int]) -> int:
    """The least common multiple, refused if it is too long."""
    scale = 1
    for n in denominators:
        spend(1, longest((scale, n)))
        scale = lcm(scale, n)
        if scale.bit_length() > MAX_SCALE:
            raise Unreadable(f"a common denominator of more than {MAX_SCALE} bits")
    return scale


# ---- reading ---------------------------------------------------------------------------------------------------------
class Node:
    """A JSON value and its place in the file. Each method reads one part of the grammar and refuses all else."""

    __slots__ = ("place", "value")

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

    def member(self, key: str) -> "Node":
        """The value of one key of an object."""
        self.need(key in self.of(dict), f"no key {key}")
        return Node(self.value[key], f"{self.place}.{key}")

    def array(self, least: int, most: int) -> list["Node"]:
        """A list of limited length."""
        self.need(least <= len(self.of(list)) <= most, f"not {least} to {most} entries")
        return [Node(value, f"{self.place}[{i}]") for i, value in enumerate(self.value)]

    def pieces(self, least: int, most: int, what: str) -> list[str]:
        """A string, cut at its single spaces into a limited number of parts."""
        count = self.of(str).count(" ") + (self.value != "")
        self.need(least <= count <= most, f"not {least} to {most} {what}" if least < most else f"not {most} {what}")
        return self.value.split(" ") if count else []

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

    def vector(self, degree: int) -> list[Fraction]:
        """An element of the field: a rational, or all coefficients, joined by commas, if it is not rational."""
        self.need(self.of(str).count(",") in (0, degree - 1), f"not {degree} coefficients")
        spend(2 * SORTED * degree)
        found = [Node(part, self.place).rational() for part in self.value.split(",")]
        self.need(len(found) == 1 or any(found[1:]), "a rational number with coefficients of theta")
        return found + [Fraction(0)] * (degree - len(found))

    def vectors(self, least: int, most: int, degree: int) -> list[list[Fraction]]:
        """A list of elements of the field."""
        return [entry.vector(degree) for entry in self.array(least, most)]

    def row(self, length: int, degree: int) -> list[Number]:
        """So many entries, each an integer or all coefficients, joined by commas."""
        entries = self.pieces(length, length, "entries")
        short = self.value.count(",") <= length * MAX_DEGREE
        self.need(not entries or (short and ROW.fullmatch(self.value)), "not an integer of at most 4000 digits")
        zeros = [0] * (degree - 1)
        row = [list(map(int, entry.split(","))) if "," in entry else [int(entry), *zeros] for entry in entries]
        self.need({*map(len, row)} <= {degree}, f"not {degree} coefficients")
        return row

    def triangle(self, order: int, width: int, degree: int) -> Rows:
        """Row i has i + width entries."""
        spend(order**2 * (SORTED + 20 * degree))
        return [node.row(i + width, degree) for i, node in enumerate(self.array(order, order))]

    def column(self, degree: int) -> Column:
        """A vector of integers, up to scale: re, and im if it is not real."""
        parts = self.record(("re",), ("im",))
        n = len(parts["re"].pieces(1, MAX_DIM, "entries"))
        spend(2 * n * (SORTED + 20 * degree))
        re, im = (parts[key].row(n, degree) if key in parts else [[0] * degree] * n for key in ("re", "im"))
        return list(zip(re, im, strict=True))

    def monomial(self) -> Monomial:
        """For each factor a string of entries: ascending, those that are conjugated last."""
        factors = []
        for part in self.array(1, MAX_FACTORS):
            found = [ENTRY.fullmatch(entry) for entry in part.pieces(0, MAX_LETTERS, "entries of a vector")]
            part.need(all(found), "not entries of a vector")
            entries = [(match[2], int(match[1])) for match in found if match]
            part.need(entries == sorted(entries), "entries that are not in order")
            plain, starred = (tuple(i for kind, i in entries if kind == star) for star in ("", "*"))
            factors.append((plain, starred))
        return tuple(factors)

    def triangles(self, other: str, n: int, degree: int) -> tuple["Node", Rows, Rows]:
        """One other member, then re with and im without its diagonal; a missing im is zero."""
        parts = self.record((other, "re"), ("im",))
        re = parts["re"].triangle(n, 1, degree)
        im = parts["im"].triangle(n, 0, degree) if "im" in parts else [[[0] * degree] * i for i in range(n)]
        return parts[other], re, im


def load(data: bytes, place: str) -> Node:
    """JSON. Floats, true, false and null pass here and are refused later, but for the flags of a scenario."""
    node = Node(None, place)
    node.need(len(data) <= MAX_BYTES, f"longer than {MAX_BYTES} bytes")
    # Outside of strings only brackets matter for the depth; every round removes the innermost pairs.
    outside = re.sub(rb'"[^"]*"?', b"", data.replace(rb"\\", b"").replace(rb"\"", b""))
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
def horner(coefficients: Sequence[int], lo: int, hi: int, unit: int) -> tuple[int, int, int]:
    """(low, high, n), n > 0: [low/n, high/n] holds all values of a polynomial on [lo/unit, hi/unit]; one if lo = hi."""
    spend(8 * len(coefficients) ** 2, longest((lo, hi, unit, *coefficients)))
    low, high, n = 0, 0, 1
    for c in reversed(coefficients):
        corners, n = (low * lo, low * hi, high * lo, high * hi), n * unit
        low, high = min(corners) + c * n, max(corners) + c * n
    return low, high, n


def numerators(vector: Sequence[int | Fraction]) -> tuple[list[int], int]:
    """A number times its denominator, and this."""
    scale = common({c.denominator for c in vector} - {1})
    return [int(c * scale) for c in vector], scale


def added(vectors: Iterable[Sequence[Fraction]]) -> list[Fraction]:
    """The sum of one or more numbers."""
    columns = list(zip(*vectors, strict=True))
    scale = common({c.denominator for column in columns for c in column})
    spend(SORTED * len(columns) * len(columns[0]), scale.bit_length())
    return [Fraction(sum(c.numerator * (scale // c.denominator) for c in column), scale) for column in columns]


def minus(vector: Sequence[Coefficient]) -> list[Coefficient]:
    """The number with the other sign."""
    return [-c for c in vector]


class Field:
    """Q(theta): a monic integer polynomial and an interval that holds exactly one of its roots, a simple one."""

    def __init__(self, node: Node) -> None:
        parts = node.record(("minimal_polynomial", "interval"))
        self.polynomial = [c.integer(c.of(str)) for c in parts["minimal_polynomial"].array(2, MAX_DEGREE + 1)]
        self.degree = len(self.polynomial) - 1
        lo, hi = self.interval = [end.rational() for end in parts["interval"].array(2, 2)]
        node.need(self.polynomial[-1] == 1, "the minimal polynomial is not monic")
        node.need(lo < hi, "the interval is empty")
        self.unit = lcm(lo.denominator, hi.denominator)
        self.lo, self.hi = int(lo * self.unit), int(hi * self.unit)
        self.bits = self.degree * longest(self.polynomial)  # what a product of numbers may be longer by
        below, above = (horner(self.polynomial, end, end, self.unit)[0] for end in (self.lo, self.hi))
        node.need(below * above < 0, "the minimal polynomial does not change its sign over the interval")
        low, high, _ = horner([k * c for k, c in enumerate(self.polynomial)][1:], self.lo, self.hi, self.unit)
        node.need(low > 0 or high < 0, "the derivative may vanish in the interval: halve it")
        self.rising, self.one = low > 0, [Fraction(k == 0) for k in range(self.degree)]
        self.refine(64)

    def narrow(self, bits: int) -> bool:
        """Whether the interval [lo/unit, hi/unit] around theta is at most 2^-bits wide."""
        return (self.hi - self.lo) << bits <= self.unit

    def refine(self, bits: int) -> None:
        """Halve the interval until it is as narrow as that."""
        while not self.narrow(bits):
            t, self.lo, self.hi, self.unit = self.lo + self.hi, 2 * self.lo, 2 * self.hi, 2 * self.unit
            low, _, _ = horner(self.polynomial, t, t, self.unit)
            self.lo, self.hi = (self.lo, t) if (low > 0) == self.rising else (t, self.hi)

    def sign(self, x: Sequence[int | Fraction]) -> int:
        """1, 0 or -1. Only the zero vector is zero; any other that no precision tells from zero proves nothing."""
        if not any(x[1:]):
            return (x[0] > 0) - (x[0] < 0)
        (numbers, _), bits = numerators(x), 64
        while bits <= MAX_PRECISION:
            self.refine(bits)
            low, high, _ = horner(numbers, self.lo, self.hi, self.unit)
            if low > 0 or high < 0:
                return 1 if low > 0 else -1
            bits *= 2
        raise Rejected("sign undecided: a number is too close to zero")

    def compare(self, x: Sequence[int | Fraction], y: Sequence[int | Fraction]) -> int:
        """The sign of x - y."""
        return self.sign([s - t for s, t in zip(x, y, strict=True)])

    def times(self, x: Number, y: Number) -> Number:
        """Multiply, and replace theta^d by -(c_0 + c_1 theta + ...)."""
        if self.degree == 1:
            return [x[0] * y[0]]
        d, total = self.degree, [0] * (2 * self.degree - 1)
        for i, a in enumerate(x):
            for j, b in enumerate(y) if a else ():
                total[i + j] += a * b
        for k in range(2 * d - 2, d - 1, -1):
            for j, c in enumerate(self.polynomial[:d]) if total[k] else ():
                total[k - d + j] -= total[k] * c
        return total[:d]

    def reciprocal(self, x: Number) -> tuple[Number, int]:
        """(y, n) with x y = n > 0, for x > 0 (Faddeev-LeVerrier for the matrix that multiplies by x)."""
        spend(self.degree**4, self.degree * longest(x) + self.bits)
        units = [[int(i == j) for j in range(self.degree)] for i in range(self.degree)]
        y = units[0]
        for k in range(1, self.degree):
            y = self.times(x, y)
            y[0] -= sum(self.times(y, unit)[i] for i, unit in enumerate(units)) // k
        n = self.times(x, y)[0]  # the norm up to its sign; the other coefficients are zero
        require(n, "a pivot has no inverse: the minimal polynomial is reducible")
        return (y, n) if n > 0 else (minus(y), -n)


# ---- matrices --------------------------------------------------------------------------------------------------------
@dataclass(eq=False)
class Matrix:
    """The Hermitian matrix (re + i im)/denominator, both triangles written out."""

    denominator: int
    re: Rows
    im: Rows

    @classmethod
    def read(cls, node: Node, degree: int, order: int = 0) -> "Matrix":
        """A matrix of this order, or of any if it is 0."""
        n = order or len(node.member("re").array(1, MAX_ORDER))
        part, re, im = node.triangles("denominator", n, degree)
        denominator = part.integer(part.of(str))
        part.need(denominator > 0, "not positive")
        upper = [im[i] + [[0] * degree] + [minus(im[j][i]) for j in range(i + 1, n)] for i in range(n)]
        return cls(denominator, [re[i] + [re[j][i] for j in range(i + 1, n)] for i in range(n)], upper)

    @cached_property
    def bits(self) -> int:
        """Of its longest number."""
        return longest(chain((self.denominator,), chain.from_iterable(chain(*self.re, *self.im))))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Matrix) and self.flat(other.denominator) == other.flat(self.denominator)

    def flat(self, factor: int, rows: slice = slice(None), columns: slice = slice(None)) -> list[int]:
        """The numerators of a part times a factor: first all real, then all imaginary parts, row by row."""
        found = [factor * c for half in (self.re, self.im) for row in half[rows] for x in row[columns] for c in x]
        spend(4 * len(found), self.bits + factor.bit_length())
        return found

    def trace(self) -> list[Fraction]:
        """The trace, by powers of theta."""
        diagonal = (row[i] for i, row in enumerate(self.re))
        return [Fraction(sum(column), self.denominator) for column in zip(*diagonal, strict=True)]

    def conjugate(self) -> "Matrix":
        """The complex conjugate, which is also the transpose."""
        return Matrix(self.denominator, self.re, [[minus(x) for x in row] for row in self.im])


def scalar(vector: Sequence[Fraction], n: int) -> Matrix:
    """A number times the unit matrix of order n."""
    (entry, scale), zero = numerators(vector), [0] * len(vector)
    spend(4 * n * n)
    return Matrix(scale, [[entry if i == j else zero for j in range(n)] for i in range(n)], [[zero] * n] * n)


def scaled(m: Matrix, vector: Sequence[Fraction], field: Field) -> Matrix:
    """A matrix times a number."""
    number, scale = numerators(vector)
    spend(2 * SORTED * (len(m.re) * field.degree) ** 2, m.bits + longest(number) + field.bits)
    halves = ([[field.times(number, x) for x in row] for row in half] for half in (m.re, m.im))
    return Matrix(scale * m.denominator, *halves)


def negated(m: Matrix) -> Matrix:
    """Minus a matrix."""
    return Matrix(m.denominator, *([[minus(x) for x in row] for row in half] for half in (m.re, m.im)))


def total(matrices: Sequence[Matrix]) -> Matrix:
    """The sum of some matrices."""
    n, scale = len(matrices[0].re), common(m.denominator for m in matrices)
    sums = [sum(column) for column in zip(*(m.flat(scale // m.denominator) for m in matrices), strict=True)]
    size = len(sums) // (2 * n * n)
    entries = [sums[i : i + size] for i in range(0, len(sums), size)]
    rows = [entries[i : i + n] for i in range(0, len(entries), n)]
    return Matrix(scale, rows[:n], rows[n:])


def factor_rows(dims: Sequence[int], k: int) -> list[list[int]]:
    """The rows of a matrix on a tensor product that belong to factor k, for each basis vector of the other factors."""
    left, d, right = prod(dims[:k]), dims[k], prod(dims[k + 1 :])
    return [[(s * d + i) * right + t for i in range(d)] for s, t in product(range(left), range(right))]


def marginal(m: Matrix, dims: Sequence[int], k: int) -> Matrix:
    """The partial trace over all factors but one."""
    parts = (([[half[i][j] for j in rows] for i in rows] for half in (m.re, m.im)) for rows in factor_rows(dims, k))
    return total([Matrix(m.denominator, re, im) for re, im in parts])


def exchanged(m: Matrix, dims: Sequence[int]) -> Matrix:
    """The same operator with its two factors in the other order."""
    order = [row for rows in factor_rows(dims, 0) for row in rows]
    return Matrix(m.denominator, *([[half[i][j] for j in order] for i in order] for half in (m.re, m.im)))


def lift(m: Matrix, dims: Sequence[int], k: int) -> Matrix:
    """1 (x) .. m .. (x) 1 with m at factor k."""
    zero, places = [0] * len(m.re[0][0]), {}
    spend(4 * prod(dims) ** 2)
    for others, rows in enumerate(factor_rows(dims, k)):
        places.update({row: (others, i) for i, row in enumerate(rows)})
    ordered = [places[row] for row in range(len(places))]
    re, im = ([[half[i][j] if g == h else zero for h, j in ordered] for g, i in ordered] for half in (m.re, m.im))
    return Matrix(m.denominator, re, im)


def contract(m: Matrix, whole: Matrix, field: Field) -> Matrix:
    """tr_1((m (x) 1) whole), the partial trace over the first factor."""
    k, n = len(m.re), len(whole.re) // len(m.re)
    spend(20 * (n * field.degree) ** 2 * (k * k + 4), m.bits + whole.bits + field.bits)

    cells = [(i, j, m.re[i][j], m.im[i][j]) for i, j in product(range(k), repeat=2)]
    cells = [(i, j, a, b) for i, j, a, b in cells if any(a) or any(b)]

    def entry(p: int, q: int) -> list[Number]:
        found = [[0] * field.degree, [0] * field.degree]
        for i, j, a, b in cells:
            c, d = whole.re[j * n + p][i * n + q], whole.im[j * n + p][i * n + q]
            for part, x, y, sign in ((0, a, c, 1), (0, b, d, -1), (1, a, d, 1), (1, b, c, 1)):
                if any(x) and any(y):
                    found[part] = [s + sign * t for s, t in zip(found[part], field.times(x, y), strict=True)]
        return found

    rows = [[entry(p, q) for q in range(n)] for p in range(n)]
    re, im = ([[x[part] for x in row] for row in rows] for part in (0, 1))
    return Matrix(m.denominator * whole.denominator, re, im)


def partial_transpose(m: Matrix, dims: Sequence[int], factors: Collection[int]) -> Matrix:
    """Exchange row and column index of some tensor factors."""
    spend(SORTED * len(m.re) ** 2)
    labels = list(product(*map(range, dims)))
    place = {label: i for i, label in enumerate(labels)}

    def source(row: tuple[int, ...], column: tuple[int, ...]) -> tuple[int, int]:
        pairs = [(c, r) if k in factors else (r, c) for k, (r, c) in enumerate(zip(row, column, strict=True))]
        return place[tuple(r for r, _ in pairs)], place[tuple(c for _, c in pairs)]

    sources = [[source(row, column) for column in labels] for row in labels]
    return Matrix(m.denominator, *([[half[i][j] for i, j in row] for row in sources] for half in (m.re, m.im)))


def traced(m: Matrix, other: Matrix, field: Field) -> Number:
    """The trace of the product, times both denominators: for Hermitian matrices the sum of A_ij conj(B_ij)."""
    value = [0] * field.degree
    spend(10 * (len(m.re) * field.degree) ** 2, m.bits + other.bits + field.bits)
    for f, g in zip(m.re + m.im, other.re + other.im, strict=True):
        for x, y in zip(f, g, strict=True):
            if any(x) and any(y):
                value = [v + c for v, c in zip(value, field.times(x, y), strict=True)]
    return value


def multiply(x: Complex, y: Complex, field: Field) -> Complex:
    """The product of two complex numbers."""
    (a, b), (c, d) = x, y
    parts = (field.times(p, q) for p, q in ((a, c), (b, d), (a, d), (b, c)))
    ac, bd, ad, bc = parts
    return [s - t for s, t in zip(ac, bd, strict=True)], [s + t for s, t in zip(ad, bc, strict=True)]


def overlap(u: Column, v: Column, field: Field) -> Complex:
    """<u|v>."""
    spend(SORTED * len(u) * field.degree**2, longest(chain.from_iterable(chain(*u, *v))) + field.bits)
    re, im = [0] * field.degree, [0] * field.degree
    for (a, b), y in zip(u, v, strict=True):
        c, d = multiply((a, minus(b)), y, field)
        re, im = [s + t for s, t in zip(re, c, strict=True)], [s + t for s, t in zip(im, d, strict=True)]
    return re, im


def ray(columns: Sequence[Column], field: Field) -> Matrix:
    """v v*, v the tensor product of some columns."""
    v: Column = [([1] + [0] * (field.degree - 1), [0] * field.degree)]
    for column in columns:
        bits = longest(chain.from_iterable(chain(*v, *column)))
        spend(SORTED * field.degree**2 * len(v) * len(column), bits + field.bits)
        v = [multiply(x, y, field) for x in v for y in column]
    spend(2 * SORTED * (field.degree * len(v)) ** 2, longest(chain.from_iterable(chain(*v))) + field.bits)
    entries = [[multiply(x, (c, minus(d)), field) for c, d in v] for x in v]
    return Matrix(1, *([[entry[part] for entry in row] for row in entries] for part in (0, 1)))


def eliminate(matrix: Matrix, field: Field, place: str) -> int:
    """Exact elimination from the last row upwards; positive multiples of what is left do not matter. The rank."""
    rank, bits = 0, matrix.bits
    re, im = ([row[: i + 1] for i, row in enumerate(half)] for half in (matrix.re, matrix.im))
    while re:
        x, y = re.pop(), im.pop()  # row n is x + iy, then the pivot
        n, pivot, _ = len(re), x.pop(), y.pop()
        require(field.sign(pivot) >= 0, f"{place}: not positive semidefinite: negative pivot in row {n}")
        others = [k for k in range(n) if any(x[k]) or any(y[k])]
        rank += any(pivot)
        if not others or not any(pivot):
            require(not others, f"{place}: not positive semidefinite: zero pivot in the non-zero row {n}")
            continue
        size = 6 * n * n * field.degree + 25 * (len(others) * field.degree) ** 2
        spend(size, field.degree * bits + field.bits)
        p, d = field.reciprocal(pivot)
        u, v = [field.times(p, c) for c in x], [field.times(p, c) for c in y]
        if d > 1:
            re, im = ([[[d * c for c in z] for z in row] for row in half] for half in (re, im))
        for j, i in combinations_with_replacement(others, 2):  # d times the Schur complement
            real = zip(re[i][j], field.times(u[i], x[j]), field.times(v[i], y[j]), strict=True)
            imaginary = zip(im[i][j], field.times(u[i], y[j]), field.times(v[i], x[j]), strict=True)
            re[i][j], im[i][j] = [z - s - t for z, s, t in real], [z - s + t for z, s, t in imaginary]
        numbers = [*chain.from_iterable(chain(*re, *im))]
        divisor = gcd(*numbers)
        bits = longest(numbers) - divisor.bit_length() + 1
        if divisor > 1:
            re, im = ([[[c // divisor for c in z] for z in row] for row in half] for half in (re, im))
    return rank


def dominated(matrix: Matrix, factor: Factor, field: Field, place: str) -> None:
    """R = 4^e Z - L L* is diagonally dominant; everything times the denominator of Z."""
    n, (exponent, *halves) = len(matrix.re), factor
    lr, li = ([[*(c for (c,) in row), *[0] * (i + 1 - len(row))] for i, row in enumerate(half)] for half in halves)
    # Column k of L, up to row i, is one big integer, a slot of some bytes for each entry: row i of L L* is then a sum
    # of products small times big. No slot overflows; half of its range is added to make it non-negative before it is
    # cut out. These integers have n^2 slots, and there are n^2 such products.
    long = longest(chain(*lr, *li))
    size = (2 * long + (2 * n).bit_length()) // 8 + 1
    spend(n * n * size + (n**3 * size * (long + 32) >> 13))
    spend(20 * n * n * field.degree, max(matrix.bits + 2 * exponent, matrix.denominator.bit_length() + 8 * size))
    half, a, b, offset = 1 << (8 * size - 1), list[int](), list[int](), 0
    rest = [[0] * n for _ in range(field.degree)]  # R_ii minus the moduli in its row, by powers of theta
    for i, (p, q) in enumerate(zip(lr, li, strict=True)):
        offset += half << 8 * size * i
        a, b = ([x + (c << 8 * size * i) for x, c in zip([*old, 0], new, strict=True)] for old, new in ((a, p), (b, q)))
        real, imaginary = sum(map(mul, p, a)) + sum(map(mul, q, b)), sum(map(mul, q, a)) - sum(map(mul, p, b))
        for row, packed in (matrix.re[i], real), (matrix.im[i], imaginary):
            if not packed and not any(map(any, row[: i + 1])):
                continue  # R is zero here, as the imaginary parts of real matrices are
            slots = (packed + offset).to_bytes(size * (i + 1), "little")
            cut = [int.from_bytes(slots[k : k + size], "little") - half for k in range(0, len(slots), size)]
            first, *others = ([c << 2 * exponent for c in column] for column in zip(*row[: i + 1], strict=True))
            columns = [[c - matrix.denominator * x for c, x in zip(first, cut, strict=True)], *others]
            signs = [field.sign(number) for number in zip(*columns, strict=True)]
            for margin, column in zip(rest, columns, strict=True):
                margin[i] += column.pop()
                moduli = list(map(mul, signs, column))
                margin[i] -= sum(moduli)
                margin[:i] = map(sub, margin, moduli)
    for i, number in enumerate(zip(*rest, strict=True)):
        require(field.sign(number) >= 0, f"{place}: 4^e Z - L L* is not diagonally dominant in row {i}")


# ---- scenarios -------------------------------------------------------------------------------------------------------
@dataclass
class Scenario:
    """The outcomes of the settings of the black boxes; the dimensions, and the settings, of the trusted parties.

    Instrumental: the setting of the trusted party is the outcome of the black box. Sequential: the boxes are rounds.
    """

    boxes: list[list[int]]
    dims: list[int]
    inputs: int = 1
    instrumental: bool = False
    sequential: bool = False

    def __post_init__(self) -> None:
        self.views: list[View] = list(product(range(len(self.dims)), range(self.inputs)))
        self.order = 1 if self.inputs > 1 else prod(self.dims)  # of the coefficients of words
        self.units = [*self.boxes, *[self.dims * self.inputs] * (self.inputs > 1)]  # how many diagonal ones, by setting

    @cached_property
    def letters(self) -> list[dict[str, Letter]]:
        """The letters of each party that has any, by their names."""
        tables = [{f"{a}|{x}": (a, a, x) for x, d in enumerate(box) for a in range(d)} for box in self.boxes]
        if self.inputs > 1:
            spend(4 * SORTED * self.dims[0] ** 2 * self.inputs)
            units = product(range(self.dims[0]), range(self.dims[0]), range(self.inputs))
            tables.append({f"{i},{j}|{y}": (i, j, y) for i, j, y in units})
        return tables

    @cached_property
    def keys(self) -> dict[str, tuple[Strand, View]]:
        """What is observed: the letter of each black box, and the view."""
        found = {}
        spend(STORED * prod(map(sum, self.boxes)) * len(self.views))
        for letters in product(*(table.values() for table in self.letters[: len(self.boxes)])):
            outcomes, _, settings = (",".join(map(str, numbers)) for numbers in zip(*letters, strict=True))
            for k, y in [(0, letters[0][0])] if self.instrumental else self.views:
                suffix = f";{y}" if self.inputs > 1 else f";B{k + 1}"
                single = self.instrumental or len(self.views) == 1
                found[f"{outcomes}|{settings}" + suffix * (not single)] = letters, (k, y)
        return found

    @classmethod
    def read(cls, node: Node) -> "Scenario":
        """No trusted party is the same as one of dimension 1."""
        parts = node.record(("black_boxes", "trusted"), ("instrumental", "sequential"))
        boxes = [box.record(("outcomes",))["outcomes"] for box in parts["black_boxes"].array(1, MAX_BOXES)]
        outcomes = [[d.small(1, MAX_OUTCOMES) for d in box.array(1, MAX_SETTINGS)] for box in boxes]
        parties = [party.record(("dim",), ("settings",)) for party in parts["trusted"].array(0, MAX_PARTIES)]
        dims = [party["dim"].small(1, MAX_DIM) for party in parties] or [1]
        node.need(prod(dims) <= MAX_DIM, f"trusted parties of more than {MAX_DIM} dimensions")
        inputs = max((party["settings"].small(1, MAX_SETTINGS) for party in parties if "settings" in party), default=1)
        node.need(inputs == 1 or len(dims) == 1, "a trusted party with input is not the only one")
        size = max(prod(map(sum, outcomes)) * len(dims) * inputs, dims[0] ** 2 * inputs if inputs > 1 else 0)
        node.need(size <= MAX_ELEMENTS, f"more than {MAX_ELEMENTS} elements")
        flags = [parts[flag].of(bool) for flag in ("instrumental", "sequential") if flag in parts]
        node.need(all(flags), "a flag that is not true")
        if "sequential" in parts:
            node.need(len(boxes) > 1, "sequential with one round")
            node.need(len(dims) * inputs == 1, "sequential with several trusted parties, or with input")
        if "instrumental" in parts:
            node.need(len(boxes) == 1, "instrumental with more than one black box")
            node.need(inputs >= max(2, *outcomes[0]), "instrumental with too few settings of the trusted party")
        return cls(outcomes, dims, inputs, "instrumental" in parts, "sequential" in parts)

    @cached_property
    def complete(self) -> "Scenario":
        """The same with all settings of the trusted party observed."""
        return Scenario(self.boxes, self.dims, self.inputs)

    def parent(self) -> "Scenario":
        """The same with all settings observed, and all trusted parties at once."""
        return Scenario(self.boxes, [prod(self.dims)], self.inputs)

    def observed(self, elements: Elements, scale: int) -> Iterator[tuple[Word, list[int]]]:
        """A functional as a sum of words, with the numerators of their coefficients, times a scale."""
        for key, m in elements.items():
            letters, (k, y) = self.keys[key]
            word, factor = tuple((letter,) for letter in letters), scale // m.denominator
            if self.inputs == 1:
                yield word, lift(m, self.dims, k).flat(factor)
            else:
                spend(SORTED * len(m.re) ** 2)
                for i, j in product(range(len(m.re)), repeat=2):
                    yield (*word, ((i, j, y),)), m.flat(factor, slice(i, i + 1), slice(j, j + 1))

    def sentence(self) -> str:
        """What it is, fit to print."""
        one = f"a trusted party of dimension {self.dims[0]}" + f" with {self.inputs} settings" * (self.inputs > 1)
        several = f"trusted parties of dimensions {self.dims}, of which the local states are observed"
        parties = one + ", the setting is the outcome (instrumental)" * self.instrumental
        boxes = "successive rounds of a black box" if self.sequential else "black boxes"
        return f"{boxes} with outcomes {self.boxes} by setting, {several if len(self.dims) > 1 else parties}"


# ---- what a file is made of ------------------------------------------------------------------------------------------
class Claim:
    """The claim of a file; the objects of its proof are added later."""

    def __init__(self, node: Node) -> None:
        parts = node.record(("name", "source", "field", "scenario", "objects", "statements"))
        for part in (parts["name"], parts["source"]):
            part.need(len(part.of(str)) <= MAX_TEXT, f"more than {MAX_TEXT} characters")
        self.name, self.field = parts["name"].value, Field(parts["field"])
        self.scenario = Scenario.read(parts["scenario"])
        self.scenarios = [self.scenario]  # all different ones
        self.objects: dict[str, Thing] = {}
        self.read_objects(parts["objects"])
        self.statements = [self.read_statement(statement) for statement in parts["statements"].array(1, MAX_LIST)]

    def read_objects(self, node: Node) -> None:
        """Add objects to those there are."""
        readers = {"operator": self.read_operator, "devices": self.read_devices}
        readers |= {"vectors": self.read_vectors, "events": self.read_events}
        readers |= {"assemblage": self.read_family, "functional": self.read_family}
        node.need(len(node.of(dict)) <= MAX_LIST, f"more than {MAX_LIST} objects")
        for name, entry in node.record((), node.value).items():
            entry.need(NAME.fullmatch(name), "not a name")
            entry.need(name not in self.objects, "a name of the claim")
            kind = entry.member("type").of(str)
            entry.need(kind in readers, "unknown type")
            self.objects[name] = kind, *readers[kind](entry)

    def read_family(self, node: Node) -> tuple[Any, Any]:
        """The scenario and the elements of an assemblage, or of a functional, with the zero ones left out."""
        parts = node.record(("type", "elements"), ("scenario",))
        complete, scenario = parts["type"].value == "assemblage", self.read_scenario(node, parts)
        node.need(complete or not scenario.sequential, "a functional of a sequential scenario")
        elements = self.read_elements(parts["elements"], scenario, complete)
        return scenario, {key: m for key, m in elements.items() if complete or any(m.flat(1))}

    def read_scenario(self, node: Node, parts: dict[str, Node]) -> Scenario:
        """The scenario of an object; that of the claim if none is given."""
        if "scenario" not in parts:
            return self.scenario
        scenario = Scenario.read(parts["scenario"])
        self.scenarios += [scenario] * (scenario not in self.scenarios)
        node.need(len(self.scenarios) <= MAX_SCENARIOS, f"more than {MAX_SCENARIOS} scenarios")
        return self.scenarios[self.scenarios.index(scenario)]

    def read_vectors(self, node: Node) -> tuple[Any, Any]:
        """The dimensions of the factors, and product vectors: a column for each factor."""
        parts = node.record(("type", "dims", "vectors"))
        dims = [d.small(1, MAX_DIM) for d in parts["dims"].array(1, MAX_FACTORS)]
        node.need(prod(dims) <= MAX_ORDER, f"order {prod(dims)}")
        found = []
        for member in parts["vectors"].array(1, MAX_LIST):
            found.append([column.column(self.field.degree) for column in member.array(len(dims), len(dims))])
            member.need([len(column) for column in found[-1]] == dims, "columns of other dimensions")
        return dims, found

    def read_events(self, node: Node) -> tuple[Any, Any]:
        """A scenario with one view, and some of its keys."""
        parts = node.record(("type", "events"), ("scenario",))
        scenario = self.read_scenario(node, parts)
        node.need(len(scenario.views) == 1, "events of more than one view")
        node.need(not scenario.sequential, "events of a sequential scenario")
        found = [event.of(str) for event in parts["events"].array(1, MAX_LIST)]
        node.need(scenario.keys.keys() >= set(found), "an event that the scenario lacks")
        node.need(len(set(found)) == len(found), "an event occurs twice")
        return scenario, found

    def read_elements(self, node: Node, scenario: Scenario, complete: bool) -> Elements:
        """Matrices by the keys of a scenario."""
        found = node.record(scenario.keys if complete else (), scenario.keys).items()
        return {key: Matrix.read(m, self.field.degree, scenario.dims[scenario.keys[key][1][0]]) for key, m in found}

    def read_operator(self, node: Node) -> tuple[Any, Any]:
        """The dimensions of the factors, and the matrix."""
        parts = node.record(("type", "dims", "matrix"))
        dims = [d.small(1, MAX_DIM) for d in parts["dims"].array(1, MAX_BOXES + MAX_PARTIES)]
        node.need(prod(dims) <= MAX_ORDER, f"order {prod(dims)}")
        return dims, Matrix.read(parts["matrix"], self.field.degree, prod(dims))

    def read_devices(self, node: Node) -> tuple[Any, Any]:
        """The effects of all measurements and the Choi matrices of all channels, of any order."""
        parts, degree = node.record(("type", "measurements"), ("channels",)), self.field.degree
        boxes = [box.array(1, MAX_SETTINGS) for box in parts["measurements"].array(1, MAX_BOXES)]
        effects = [[[Matrix.read(m, degree) for m in x.array(1, MAX_OUTCOMES)] for x in box] for box in boxes]
        channels = parts["channels"].array(1, MAX_SETTINGS) if "channels" in parts else []
        return effects, [Matrix.read(m, degree) for m in channels]

    def read_word(self, node: Node, scenario: Scenario) -> Word:
        """One string of letters for each party that has any."""
        strands: list[Strand] = []
        for names, part in zip(scenario.letters, node.array(*[len(scenario.letters)] * 2), strict=True):
            letters = part.pieces(0, MAX_LETTERS, "letters")
            part.need(names.keys() >= set(letters), "a letter that the scenario lacks")
            strands.append(tuple(names[letter] for letter in letters))
            part.need(all(a[2] != b[2] for a, b in pairwise(strands[-1])), "neighbouring letters of one setting")
        return tuple(strands)

    def read_blocks(self, node: Node, scenario: Scenario) -> list[Block]:
        """The blocks of a sum of squares."""
        blocks = []
        for block in node.array(1, MAX_LIST):
            parts, factor = block.record(("words", "gram"), ("factor",)), None
            words = [self.read_word(word, scenario) for word in parts["words"].array(1, MAX_ORDER)]
            order = len(words) * scenario.order
            block.need(order <= MAX_ORDER, f"order {order}")
            block.need(len(set(words)) == len(words), "a word occurs twice")
            if "factor" in parts:
                exponent, re, im = parts["factor"].triangles("exponent", order, 1)
                factor = exponent.small(0, MAX_EXPONENT), re, im
            blocks.append((words, Matrix.read(parts["gram"], self.field.degree, order), factor))
        return blocks

    def read_dual(self, node: Node, scenario: Scenario) -> Elements:
        """Matrices for all settings of a trusted party, observed or not."""
        return self.read_elements(node, scenario.complete, False)

    def read_strategies(self, node: Node, scenario: Scenario, key: str) -> Iterator[tuple[Strategy, Node]]:
        """Outcomes for all settings of all boxes, and what belongs to them."""
        boxes = scenario.boxes
        for entry in node.array(1, MAX_LIST):
            parts = entry.record(("outcomes", key))
            lists = zip(boxes, parts["outcomes"].array(len(boxes), len(boxes)), strict=True)
            pairs = [zip(box, outcomes.array(len(box), len(box)), strict=True) for box, outcomes in lists]
            yield [[a.small(0, d - 1) for d, a in box] for box in pairs], parts[key]

    def read_model(self, node: Node, scenario: Scenario) -> list[tuple[Strategy, list[Matrix]]]:
        """Strategies, each with a state for each view."""
        model = []
        for strategy, part in self.read_strategies(node, scenario, "states"):
            states = zip(scenario.views, part.array(*[len(scenario.views)] * 2), strict=True)
            model.append((strategy, [Matrix.read(m, self.field.degree, scenario.dims[k]) for (k, _), m in states]))
        return model

    def read_responses(self, node: Node, scenario: Scenario) -> list[tuple[Strategy, list[list[Fraction]]]]:
        """Strategies, each with a weight and a response to each direction."""
        found = self.read_strategies(node, scenario, "weights")
        return [(strategy, part.vectors(1, MAX_DIRECTIONS + 1, self.field.degree)) for strategy, part in found]

    def read_directions(self, node: Node, scenario: Scenario) -> list[list[Fraction]]:
        """Vectors of three rational numbers."""
        return [[c.rational() for c in v.array(3, 3)] for v in node.array(1, MAX_DIRECTIONS)]

    def read_shares(self, node: Node, scenario: Scenario) -> list[list[list[Fraction]]]:
        """A number for each view, for each of some strategies."""
        views = len(scenario.views)
        return [row.vectors(views, views, self.field.degree) for row in node.array(1, MAX_STRATEGIES)]

    def read_squares(self, node: Node, scenario: Scenario) -> list[Square]:
        """The blocks of a sum of squared moduli."""
        squares = []
        for block in node.array(1, MAX_LIST):
            parts, factor = block.record(("monomials", "gram"), ("factor",)), None
            words = [word.monomial() for word in parts["monomials"].array(1, MAX_ORDER)]
            block.need(len(set(words)) == len(words), "a monomial occurs twice")
            if "factor" in parts:
                exponent, re, im = parts["factor"].triangles("exponent", len(words), 1)
                factor = exponent.small(0, MAX_EXPONENT), re, im
            squares.append((words, Matrix.read(parts["gram"], self.field.degree, len(words)), factor))
        return squares

    def read_parts(self, node: Node, scenario: Scenario) -> list[tuple[list[int], Matrix]]:
        """Matrices, each with the factors on which it is to be transposed."""
        found = []
        for part in node.array(1, MAX_LIST):
            parts = part.record(("transposed", "matrix"))
            factors = [k.small(0, MAX_FACTORS) for k in parts["transposed"].array(0, MAX_FACTORS)]
            found.append((factors, Matrix.read(parts["matrix"], self.field.degree)))
        return found

    def read_matrix(self, node: Node, scenario: Scenario) -> Matrix:
        """One matrix."""
        return Matrix.read(node, self.field.degree)

    def read_columns(self, node: Node, scenario: Scenario) -> list[Column]:
        """A column for each factor."""
        return [column.column(self.field.degree) for column in node.array(1, MAX_FACTORS)]

    def read_numbers(self, node: Node, scenario: Scenario) -> list[int]:
        """Small integers."""
        return [n.small(0, MAX_FACTORS) for n in node.array(1, MAX_LIST)]

    def read_statement(self, node: Node) -> Statement:
        """A rule and what it speaks of."""
        rule = node.member("rule").of(str)
        node.need(rule in RULES, "unknown rule")
        parts = node.record(("rule", *RULES[rule][0]))
        for key in parts.keys() & {"bound", "weight"}:
            parts[key].vector(self.field.degree)
        return {key: part.of(str) for key, part in parts.items()}

    def read_step(self, node: Node) -> tuple[Statement, dict[str, Any]]:
        """A statement, and what else its rule lets the step carry, in the scenario of its first object."""
        statement = self.read_statement(node.member("statement"))
        names, carries, _ = RULES[statement["rule"]]
        shape = self.objects.get(statement[names[0]], ("", None, None))[1]
        scenario = shape if isinstance(shape, Scenario) else self.scenario
        if len(scenario.views) == 1:
            carries = {key: read for key, read in carries.items() if key != "shares"}
        if statement["rule"] == "bound":
            other = "blocks" if "symmetric" in node.value else "symmetric"
            carries = {key: read for key, read in carries.items() if key != other}
        parts = node.record(("statement", *carries))
        return statement, {key: read(self, parts[key], scenario) for key, read in carries.items()}

    def find(self, kind: str, name: str, sequential: bool = False) -> tuple[Any, Any]:
        """The shape and the matrices of an object that a statement names; few rules are for sequential scenarios."""
        found, shape, matrices = self.objects.get(name, ("", None, None))
        require(found == kind, f"there is no {kind} {brief(name)}")
        if isinstance(shape, Scenario):
            others = sequential or not shape.sequential
            require(others, f"{name} is of a sequential scenario, which this rule is not about")
            spend(SORTED * len(shape.keys))
        return shape, matrices

    def compare(self, other: "Claim") -> None:
        """Equal by value; name and source do not count."""
        f, g = self.field, other.field
        # The polynomial is strictly monotonic on each interval: if they overlap they hold the same root.
        lo, hi = max(f.interval[0], g.interval[0]), min(f.interval[1], g.interval[1])
        same = f.polynomial == g.polynomial and lo < hi
        require(same, "--claim: another field, or another root of its polynomial")
        require(self.scenario == other.scenario, "--claim: another scenario")
        for name in [*self.objects, *other.objects]:
            require(name in other.objects, f"--claim: {name} is an object of the file only")
            require(name in self.objects, f"--claim: {name} is an object of the claim only")
            (kind, shape, parts), (wanted, model, others) = self.objects[name], other.objects[name]
            require(kind == wanted, f"--claim: {name} is of type {kind} in the file, not {wanted}")
            require(shape == model, f"--claim: {name} has another scenario, other dimensions or other measurements")
            keys = [*parts, *others] if isinstance(parts, dict) else []
            unequal = [f"element {key} of " for key in keys if parts.get(key) != others.get(key)]
            require(parts == others, f"--claim: {''.join(unequal[:1])}{name} differs")
        nothing: Statement = {}
        for i, (one, two) in enumerate(zip_longest(self.statements, other.statements, fillvalue=nothing)):
            places = [key for key in ("rule", *one, *two) if one.get(key) != two.get(key)]
            there, here = (brief({key: statement.get(key) for key in places[:1]}) for statement in (one, two))
            require(not places, f"--claim: statement {i} has {there} in the file, {here} in the claim")


def premises(number: int, most: int = 0) -> Callable[[Claim, Node, Scenario], list[int]]:
    """A reader of the numbers of so many steps."""
    return lambda claim, node, scenario: [n.small(0, MAX_LIST) for n in node.array(number, most or number)]


# ---- the algebra of the black boxes and of a trusted party with input ------------------------------------------------
def difference(
    scenario: Scenario, functional: Elements, bound: Sequence[Fraction], blocks: Sequence[Block], dual: Elements
) -> Polynomial:
    """F - bound 1 - dual minus the sum of v* w (x) Z_vw over all blocks, v and w, times a number."""
    n, numbers = scenario.order, dict[Strand, int]()  # of reduced strands
    rest: dict[tuple[int, ...], list[int]] = {}

    @cache
    def expand(party: int, letters: Strand) -> dict[Strand, int]:
        """The product of letters; the last diagonal unit of a setting is 1 minus the others."""
        if not letters:
            return {(): 1}
        i, j, x = letters[-1]
        last = scenario.units[party][x] - 1
        found: dict[Strand, int] = {}
        for strand, c in expand(party, letters[:-1]).items():
            row = i
            if strand and strand[-1][2] == x:  # e_kl e_ij = delta_li e_kj
                *shorter, (row, column, _) = strand
                strand = tuple(shorter)
                if column != i:
                    continue
            terms = [((*strand, (row, j, x)), c)]
            if row == j == last:
                terms = [(strand, c), *(((*strand, (b, b, x)), -c) for b in range(last))]
            spend(STORED * len(terms))
            for longer, t in terms:
                found[longer] = found.get(longer, 0) + t
        return {strand: c for strand, c in found.items() if c}

    @cache
    def numbered(party: int, letters: Strand) -> list[tuple[int, int]]:
        """The same by the numbers of the reduced strands, which are quicker to look up."""
        return [(numbers.setdefault(strand, len(numbers)), c) for strand, c in expand(party, letters).items()]

    def add(factors: Collection[list[tuple[int, int]]], part: list[int], factor: int, bits: int) -> None:
        spend(prod(map(len, factors)) * (SORTED // 2 + len(part)), bits)
        for terms in product(*factors):  # parties commute
            monomial, coefficients = zip(*terms, strict=True)
            if monomial not in rest:
                spend(STORED + SORTED * len(part), bits)
                rest[monomial] = [0] * len(part)
            c = factor * prod(coefficients)
            rest[monomial] = [r + c * x for r, x in zip(rest[monomial], part, strict=True)]

    def add_word(word: Word, part: list[int]) -> None:
        add([numbered(party, letters) for party, letters in enumerate(word)], part, 1, longest(part))

    grams = [gram for _, gram, _ in blocks]
    one = scalar(bound, n)
    scale = common(m.denominator for m in (one, *functional.values(), *dual.values(), *grams))
    add_word(((),) * len(scenario.units), one.flat(-scale // one.denominator))
    for word, part in scenario.observed(functional, scale):
        add_word(word, part)
    for word, part in scenario.complete.observed(dual, -scale):
        add_word(word, part)
    for words, gram, _ in blocks:
        places = [slice(n * i, n * i + n) for i in range(len(words))]
        parties = [(party, {*strands}, strands) for party, strands in enumerate(zip(*words, strict=True))]
        bits = gram.bits + scale.bit_length()
        for v, rows in zip(words, places, strict=True):
            products = []  # v* w for all w, by parties
            for party, distinct, strands in parties:
                spend(SORTED * len(distinct) + len(strands))
                star = tuple((j, i, x) for i, j, x in reversed(v[party]))
                found = {strand: numbered(party, star + strand) for strand in distinct}
                products.append([found[strand] for strand in strands])
            for columns, factors in zip(places, zip(*products, strict=True), strict=True):
                add(factors, gram.flat(1, rows, columns), -scale // gram.denominator, bits)
    reduced = list(numbers)
    return {tuple(reduced[k] for k in monomial): part for monomial, part in rest.items()}


def vanish(polynomial: Polynomial) -> None:
    """All coefficients are zero."""
    for word in (word for word, part in polynomial.items() if any(part)):
        strands = (" ".join(f"{i}|{x}" if i == j else f"{i},{j}|{x}" for i, j, x in strand) for strand in word)
        place = ", ".join(strand or "1" for strand in strands)
        raise Rejected(f"the right side differs from functional - bound at the word {place}")


# ---- bounds in the group basis, up to symmetries ---------------------------------------------------------------------
def prime_factors(n: int) -> list[int]:
    """Ascending, with their multiplicities."""
    p = next((p for p in range(2, n + 1) if n % p == 0), 1)
    return [p, *prime_factors(n // p)] if p > 1 else []


def conjugated(part: list[int]) -> list[int]:
    """Of numbers, all real parts and then all imaginary ones."""
    half = len(part) // 2
    return part[:half] + minus(part[half:])


@dataclass(frozen=True)
class Symmetry:
    """A_i goes to zeta^u A_j^v, (u, j, v) = letters[i]; weyl: what X, Z of the first factor go to, of the second, .."""

    letters: tuple[tuple[int, int, int], ...]
    weyl: tuple[Term, ...]
    anti: bool


class GroupBasis:
    """Monomials: for each black box a strand of letters (i, k), A_i^k, then one with the exponents of each factor.

    The settings with more than one outcome of all boxes are numbered by i. What is zeta^t times a monomial is one
    integer, its code: t in the lowest bits, then the number of each strand. The code of 1 is 0, codes of different
    parties are added. A code without its lowest bits is a monomial.
    """

    def __init__(self, scenario: Scenario, n: int) -> None:
        self.n, self.scenario, self.boxes = n, scenario, len(scenario.boxes)
        self.settings = [(k, x) for k, box in enumerate(scenario.boxes) for x, d in enumerate(box) if d > 1]
        self.outcomes = [scenario.boxes[k][x] for k, x in self.settings]
        self.primes = [p for d in scenario.dims for p in prime_factors(d)]
        units: list[Pairs] = [()] * self.boxes + [((0, 0),) * len(self.primes)]
        self.strands = [[unit] for unit in units]
        self.numbers = [dict.fromkeys(strands, 0) for strands in self.strands]
        parties = range(self.boxes + 1)
        self.quotients = cache(lambda place: cache(partial(self.quotient, *place)))  # v* w: by party and v, then by w
        self.images = cache(lambda g: [cache(partial(self.image, g, k)) for k in parties])
        self.adjoints = [cache(partial(self.adjoint, k)) for k in parties]

    def code(self, party: int, term: Term) -> int:
        """Of zeta^t times a strand."""
        t, strand = term
        spend(STORED + SORTED * len(strand))
        number = self.numbers[party].setdefault(strand, len(self.strands[party]))
        self.strands[party] += [strand] * (number == len(self.strands[party]))
        return (number << BITS * (party + 1)) + t % self.n

    def cut(self, monomial: int) -> list[int]:
        """The numbers of its strands."""
        return [monomial >> BITS * k & MASK for k in range(self.boxes + 1)]

    def times(self, party: int, left: Pairs, right: Pairs) -> Term:
        """The product of two strands: A_i^j A_i^k = A_i^(j + k), Z^b X^c = zeta_p^(bc) X^c Z^b."""
        if party == self.boxes:
            places = list(zip(left, right, self.primes, strict=True))
            t = sum(self.n // p * b * c for (_, b), (c, _), p in places)
            return t, tuple(((a + c) % p, (b + e) % p) for (a, b), (c, e), p in places)
        v, w = list(left), list(reversed(right))
        while v and w and v[-1][0] == w[-1][0]:
            (i, j), (_, k) = v.pop(), w.pop()
            v += [(i, (j + k) % self.outcomes[i])] * ((j + k) % self.outcomes[i] > 0)
        return 0, (*v, *reversed(w))

    def star(self, party: int, strand: Pairs) -> Term:
        """The adjoint of a strand."""
        if party == self.boxes:
            return self.power((0, strand), -1)
        return 0, tuple((i, -k % self.outcomes[i]) for i, k in reversed(strand))

    def adjoint(self, party: int, number: int) -> int:
        """The code of v*."""
        return self.code(party, self.star(party, self.strands[party][number]))

    def quotient(self, party: int, left: int, right: int) -> int:
        """The code of v* w."""
        s, star = self.star(party, self.strands[party][left])
        t, strand = self.times(party, star, self.strands[party][right])
        return self.code(party, (s + t, strand))

    def power(self, term: Term, k: int) -> Term:
        """Of zeta^t times a monomial of the trusted parties: (X^a Z^b)^k = zeta_p^(ab k(k-1)/2) X^(ka) Z^(kb)."""
        t, places = k * term[0], list(zip(term[1], self.primes, strict=True))
        t += sum(self.n // p * a * b * (k * (k - 1) // 2) for (a, b), p in places)
        return t, tuple((k * a % p, k * b % p) for (a, b), p in places)

    def image(self, g: Symmetry, party: int, number: int) -> int:
        """The code of what a symmetry takes a strand to."""
        strand = self.strands[party][number]
        if party == self.boxes:
            return self.code(party, self.substituted(g, strand))
        t = sum(g.letters[i][0] * k for i, k in strand)
        moved = tuple((g.letters[i][1], g.letters[i][2] * k % self.outcomes[i]) for i, k in strand)
        return self.code(self.settings[moved[0][0]][0] if moved else party, (t, moved))

    def substituted(self, g: Symmetry, strand: Pairs) -> Term:
        """The image of a monomial of the trusted parties."""
        t, found = 0, self.strands[self.boxes][0]
        for term, k in zip(g.weyl, (k for pair in strand for k in pair), strict=True):
            s, right = self.power(term, k)
            more, found = self.times(self.boxes, found, right)
            t += s + more
        return t, found

    def unit(self) -> Symmetry:
        """The identity."""
        letters, size = tuple((0, i, 1) for i in range(len(self.settings))), len(self.primes)
        one = [tuple((int(k == 2 * f), int(k == 2 * f + 1)) for f in range(size)) for k in range(2 * size)]
        return Symmetry(letters, tuple((0, strand) for strand in one), False)

    def after(self, g: Symmetry, h: Symmetry) -> Symmetry:
        """First h, then g."""
        spend(STORED * (1 + len(h.letters) + len(h.weyl)))
        n, sign, letters = self.n, -1 if g.anti else 1, []
        for (u, i, v), d in zip(h.letters, self.outcomes, strict=True):
            w, j, r = g.letters[i]
            letters.append(((sign * u + w * v) % n, j, r * v % d))
        images = [(t, self.substituted(g, strand)) for t, strand in h.weyl]
        return Symmetry(tuple(letters), tuple(((sign * t + s) % n, w) for t, (s, w) in images), g.anti != h.anti)

    def symmetry(self, node: Generator) -> Symmetry:
        """A generator: maps of boxes, settings and outcomes that fit together, and images with the same relations."""
        (boxes, settings, outcomes, weyl, anti), letters, sign = node, [], -1 if node[-1] else 1
        require(sorted(boxes) == list(range(self.boxes)), "the boxes are not permuted")
        for k, there, xs, maps in zip(range(self.boxes), boxes, settings, outcomes, strict=True):
            box, target = self.scenario.boxes[k], self.scenario.boxes[there]
            require(sorted(xs) == list(range(len(target))), f"box {k}: its settings do not go to those of box {there}")
            for x, y, d, images in zip(range(len(box)), xs, box, maps, strict=True):
                s, c = images[0], (images[0] - images[-1]) % d  # the last outcome is -1 mod d
                fits = target[y] == d and gcd(c, d) == 1 and images == [(c * a + s) % d for a in range(d)]
                require(fits, f"box {k}, setting {x}: the outcomes do not go to those of {y} by a -> c a + s")
                if d > 1:
                    v = sign * pow(c, -1, d)
                    letters.append((-v * s * (self.n // d) % self.n, self.settings.index((there, y)), v % d))
        for i, (one, term) in enumerate(zip(self.unit().weyl, weyl, strict=True)):
            t, strand = self.power(term, self.primes[i // 2])
            require(t % self.n == 0 and not any(map(any, strand)), f"weyl {i}: the p-th power is not 1")
            for j, (other, image) in enumerate(zip(self.unit().weyl[:i], weyl[:i], strict=True)):
                t = self.commutator(term, image) - sign * self.commutator(one, other)
                require(t % self.n == 0, f"weyl {j} and {i} do not commute as X and Z do")
        return Symmetry(tuple(letters), tuple(weyl), anti)

    def commutator(self, v: Term, w: Term) -> int:
        """The t with v w = zeta^t w v, for monomials of the trusted parties."""
        return self.times(self.boxes, v[1], w[1])[0] - self.times(self.boxes, w[1], v[1])[0]

    def group(self, elements: Collection[tuple[Symmetry, int]]) -> Group:
        """All products."""
        queue = [(self.unit(), 0)]
        found = set(queue)
        for h, s in queue:
            for g, t in elements:
                pair = self.after(g, h), (s + t) % self.n
                queue += [pair] * (pair not in found)
                found.add(pair)
                if len(found) > MAX_GROUP:
                    raise Unreadable(f"a group of more than {MAX_GROUP} elements")
        return queue

    def size(self, letters: Strand, *_: View) -> int:
        """The denominator of E[a1|x1] E[a2|x2] .. M in the basis."""
        return prod(self.primes) * prod(self.scenario.boxes[k][x] for k, (*_, x) in enumerate(letters))

    def observed(self, elements: Elements, scale: int) -> Sums:
        """A functional: M = (1/N) sum_W tr(W* M) W, E[a|x] = (1/d) sum_k zeta_d^(-ak) A_x^k; times the scale."""
        found: Sums = {}
        labels, weights = list(product(*map(range, self.primes))), [self.n // p for p in self.primes]
        codes = cache(lambda a: [self.code(self.boxes, (0, tuple(zip(a, b, strict=True)))) for b in labels])
        turns = cache(lambda j: [-sum(map(prod, zip(weights, b, j, strict=True))) % self.n for b in labels])
        for key, m in elements.items():
            (letters, (view, _)), terms = self.scenario.keys[key], [0]
            spend(SORTED * len(labels) ** 2)
            for k, (a, _, x) in enumerate(letters):
                d = self.scenario.boxes[k][x]
                places = [((self.settings.index((k, x)), j),) if j else () for j in range(d)]
                powers = [self.code(k, (-a * j * (self.n // d), place)) for j, place in enumerate(places)]
                terms = [s + t for s in terms for t in powers]
            whole, factor = lift(m, self.scenario.dims, view), scale // (m.denominator * self.size(letters))
            for (i, row), (j, column) in product(enumerate(labels), repeat=2):  # X^a Z^b has zeta_p^(b j) at (j + a, j)
                part = [factor * c for c in whole.re[i][j] + whole.im[i][j]]
                if any(part):
                    spend(SORTED * len(labels) * len(terms))
                    shift = tuple((r - c) % p for r, c, p in zip(row, column, self.primes, strict=True))
                    for code, t in zip(codes(shift), turns(column), strict=True):
                        for term in terms:
                            self.add(found, term + code + t, part)
        return found

    def moved(self, g: Symmetry, sums: Sums) -> Sums:
        """The image of a sum of monomials."""
        found: Sums = {}
        for (m, t), part in sums.items():
            code = sum(map(call, self.images(g), self.cut(m))) + (-t % self.n if g.anti else t)
            self.add(found, code, conjugated(part) if g.anti else part)
        return found

    def add(self, sums: Sums, code: int, part: list[int]) -> None:
        """Add a part times zeta^t times a monomial."""
        place = code >> BITS, (code & MASK) % self.n
        if place not in sums:
            spend(STORED)
            sums[place] = part
        else:
            sums[place] = [c + e for c, e in zip(sums[place], part, strict=True)]


class Orbits:
    """What every state L that no symmetry changes is on monomials, and a sum of monomials as one over orbits."""

    def __init__(self, basis: GroupBasis, generators: Collection[Symmetry]) -> None:
        self.basis, self.n, self.count = basis, basis.n, 0
        self.moves = [(basis.adjoints, True), *((basis.images(g), g.anti) for g in generators)]
        self.known: dict[int, tuple[int, int, bool]] = {}  # m: (r, e, conj) if L(m) = zeta^e L(r), or zeta^e conj L(r)
        self.own: dict[int, int] = {}  # r: e if L(r) = zeta^e conj L(r)
        self.zero: set[int] = set()  # L(r) = 0
        self.sums: Sums = {}

    def flood(self, start: int) -> tuple[int, int, bool]:
        """A new orbit: all images of a monomial, and what they say about its first member r."""
        r, queue, known, moves, n = self.count, [start], self.known, self.moves, self.n
        self.count, known[start] = r + 1, (r, 0, False)
        for m in queue:
            spend(max(STORED, 15 * len(moves)))
            (_, e, conj), numbers = known[m], self.basis.cut(m)
            for tables, anti in moves:
                code = sum(map(call, tables, numbers))  # L(zeta^u image) is L(m), or its conjugate
                image, u = code >> BITS, code & MASK
                there = (r, (-e - u if anti else e - u) % n, conj ^ anti)
                before = known.setdefault(image, there)
                if before is there:
                    queue.append(image)
                elif before != there:
                    self.relate(before, there)
        return known[start]

    def find(self, m: int) -> tuple[int, int, bool]:
        """(r, e, conj), see above."""
        return self.known.get(m) or self.flood(m)

    def relate(self, one: tuple[int, int, bool], two: tuple[int, int, bool]) -> None:
        """Two values of one monomial are equal."""
        (r, e, conj), (_, f, other) = one, two
        own = (e - f if conj else f - e) % self.n
        if conj == other or self.own.setdefault(r, own) != own:
            self.zero.add(r)

    def add(self, code: int, part: list[int]) -> None:
        """Add a part times zeta^t times a monomial: only the real part of its value counts."""
        m, t = code >> BITS, code & MASK
        r, e, conj = self.find(m)
        power = (-t - e if conj else t + e) % self.n
        self.basis.add(self.sums, (r << BITS) + power, conjugated(part) if conj else part)

    def subtract(self, words: Sequence[tuple[Pairs, ...]], group: Group, gram: Matrix, scale: int) -> None:
        """Subtract S, up to what has the same value: 2 Z_ij M_ij counts for Z_ij M_ij + Z_ji M_ji."""
        basis = self.basis
        codes = [sum(basis.code(k, (0, strand)) for k, strand in enumerate(word)) >> BITS for word in words]
        lefts = [[basis.quotients(place) for place in enumerate(basis.cut(m))] for m in codes]
        moves = [(basis.images(h), s) for h, s in group]
        for j, m in enumerate(codes):
            spend(STORED * len(group))
            numbers, found = basis.cut(m), dict[tuple[int, int], int]()
            for tables, s in moves:
                code = sum(map(call, tables, numbers))
                place = code >> BITS, ((code & MASK) - s) % self.n
                found[place] = found.get(place, 0) + 1
            spend(SORTED * len(found) * (j + 1))
            images = [(basis.cut(image), t, times) for (image, t), times in found.items()]
            for i, left in enumerate(lefts[: j + 1]):
                part = [-scale * (1 + (i < j)) * c for c in gram.re[i][j] + gram.im[i][j]]
                for numbers, t, times in images if any(part) else ():
                    self.add(sum(map(call, left, numbers)) + t, [times * c for c in part])

    def folded(self) -> Sums:
        """Twice the coefficients of the orbits whose L(r) need not be 0: c_r + zeta^(-e) conj c_r, or 2 c_r."""
        found: Sums = {}
        for (r, t), part in self.sums.items():
            mirror = (-t - self.own[r]) % self.n if r in self.own else t
            for power, half in ((t, part), (mirror, conjugated(part) if r in self.own else part)):
                if r not in self.zero:
                    self.basis.add(found, (r << BITS) + power, half)
        return found


def roots_of_unity(n: int, root: Sequence[Sequence[Fraction]], field: Field) -> tuple[list[Complex], int]:
    """The numerators of zeta^0 .. zeta^(n - 1) and their common denominator; zeta is primitive of order n."""
    q, zero = common(c.denominator for vector in root for c in vector), [0] * field.degree
    x, y = ([int(c * q) for c in vector] for vector in root)
    found = [([int(c) for c in field.one], zero, 1)]
    while len(found) <= n:
        re, im, d = found[-1]
        if max(c.bit_length() for c in (q, *x, *y, d, *re, *im)) > MAX_PRECISION:
            raise Unreadable(f"powers of zeta with numbers of more than {MAX_PRECISION} bits")
        re, im = multiply((re, im), (x, y), field)
        spend(SORTED * field.degree**2, 2 * MAX_PRECISION + field.bits)
        divisor = gcd(d * q, *re, *im)
        found.append(([c // divisor for c in re], [c // divisor for c in im], d * q // divisor))
    require(found.pop() == found[0], "zeta^n is not 1")
    for r in prime_factors(n):  # unequal vectors would not be enough if the polynomial were reducible
        re, _, d = found[n // r]
        require(field.sign([re[0] - d, *re[1:]]) < 0, f"zeta^(n/{r}) is not below 1 in its real part")
    scale = common(d for *_, d in found)
    return [([scale // d * c for c in re], [scale // d * c for c in im]) for re, im, d in found], scale


def evaluate(sums: Sums, powers: list[Complex], field: Field) -> dict[int, Complex]:
    """The sums over t of parts times zeta^t, times the denominator of the powers; without zeros."""
    found: dict[int, list[int]] = {}
    for (place, t), part in sums.items():
        spend(SORTED * field.degree**2, longest(chain(part, *powers[t])) + field.bits)
        re, im = multiply((part[: field.degree], part[field.degree :]), powers[t], field)
        found[place] = [c + e for c, e in zip(found.get(place, [0] * len(part)), re + im, strict=True)]
    return {place: (v[: field.degree], v[field.degree :]) for place, v in found.items() if any(v)}


def modulus(number: Number, field: Field) -> Number:
    """Of a real number."""
    return minus(number) if field.sign(number) < 0 else number


def least_size(number: Complex, powers: list[Complex], field: Field) -> Number:
    """The least |Re| + |Im| of a number times some powers of zeta, times the denominator of the powers."""
    turned = (multiply(number, power, field) for power in powers)
    sizes = [[c + e for c, e in zip(modulus(re, field), modulus(im, field), strict=True)] for re, im in turned]
    return reduce(lambda x, y: x if field.compare(x, y) <= 0 else y, sizes)


def matched(node: Node, others: Collection[Any]) -> Iterator[tuple[Node, Any]]:
    """A list with an entry for each of some others, with these."""
    return zip(node.array(len(others), len(others)), others, strict=True)


def read_generator(node: Node, basis: GroupBasis) -> Generator:
    """Where boxes, settings and outcomes go, the images of X and Z of each factor, and whether it is antiunitary."""
    parts, boxes = node.record(("boxes", "settings", "outcomes", "weyl"), ("antiunitary",)), basis.scenario.boxes
    node.need("antiunitary" not in parts or parts["antiunitary"].of(bool), "a flag that is not true")
    there = [k.small(0, MAX_BOXES) for k, _ in matched(parts["boxes"], boxes)]
    pairs = matched(parts["settings"], boxes)
    settings = [[x.small(0, MAX_SETTINGS) for x, _ in matched(entry, box)] for entry, box in pairs]
    rows = [matched(entry, box) for entry, box in matched(parts["outcomes"], boxes)]
    outcomes = [[[a.small(0, d - 1) for a, _ in matched(entry, range(d))] for entry, d in row] for row in rows]
    both, weyl = [p for p in basis.primes for _ in "XZ"], []
    for entry, _ in matched(parts["weyl"], both):
        t, *exponents = (c.small(0, d - 1) for c, d in matched(entry, [basis.n, *both]))
        weyl.append((t, tuple(zip(exponents[::2], exponents[1::2], strict=True))))
    return there, settings, outcomes, weyl, "antiunitary" in parts


def read_monomial(node: Node, names: Sequence[dict[str, tuple[int, int]]], factors: int) -> tuple[Pairs, ...]:
    """A string of letters for each box, then one with the exponents for each factor; names by box, then by factor."""
    boxes, strands = len(names) - factors, []
    for k, part in enumerate(node.array(boxes + 1, boxes + 1)):
        pieces = part.pieces(*((0, MAX_LETTERS) if k < boxes else (factors, factors)), "letters")
        tables = [names[k]] * len(pieces) if k < boxes else names[boxes:]
        known = all(piece in table for piece, table in zip(pieces, tables, strict=True))
        part.need(known, "a letter that the scenario lacks")
        strands.append(tuple(table[piece] for piece, table in zip(pieces, tables, strict=True)))
        different = k == boxes or all(i != j for (i, _), (j, _) in pairwise(strands[-1]))
        part.need(different, "neighbouring letters of one setting")
    return tuple(strands)


def read_symmetric(claim: Claim, node: Node, scenario: Scenario) -> Any:
    """The basis, zeta, the generators, and the blocks: monomials, characters, Gram matrix and factor."""
    parts = node.record(("root", "generators", "blocks"))
    node.need(scenario.inputs == 1, "of a scenario with input")
    root, degree = parts["root"].record(("order", "re", "im")), claim.field.degree
    basis = GroupBasis(scenario, root["order"].small(1, MAX_ROOT))
    zeta = [root[key].vector(degree) for key in ("re", "im")]
    generators = [read_generator(g, basis) for g in parts["generators"].array(0, MAX_GENERATORS)]
    names: list[dict[str, tuple[int, int]]] = [{} for _ in scenario.boxes]
    for i, ((k, x), d) in enumerate(zip(basis.settings, basis.outcomes, strict=True)):
        names[k] |= {f"{x}^{j}": (i, j) for j in range(1, d)}
    spend(SORTED * sum(p * p for p in basis.primes))
    names += [{f"{a},{b}": (a, b) for a, b in product(range(p), repeat=2)} for p in basis.primes]
    blocks = []
    for block in parts["blocks"].array(1, MAX_LIST):
        entry, factor = block.record(("words", "characters", "gram"), ("factor",)), None
        words = [read_monomial(word, names, len(basis.primes)) for word in entry["words"].array(1, MAX_ORDER)]
        block.need(len(set(words)) == len(words), "a monomial occurs twice")
        pairs = [pair.record(("product", "power")) for pair in entry["characters"].array(0, MAX_LIST)]
        lists = [[g.small(0, len(generators) - 1) for g in pair["product"].array(1, MAX_LIST)] for pair in pairs]
        powers = [pair["power"].small(0, basis.n - 1) for pair in pairs]
        if "factor" in entry:
            exponent, re, im = entry["factor"].triangles("exponent", len(words), 1)
            factor = exponent.small(0, MAX_EXPONENT), re, im
        gram = Matrix.read(entry["gram"], degree, len(words))
        blocks.append((words, list(zip(lists, powers, strict=True)), gram, factor))
    return basis, zeta, generators, blocks


# ---- rules -----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Proved:
    """A statement, the sentence that says it, and what was computed for it."""

    statement: Statement
    sentence: str
    value: tuple[Fraction, ...] = ()  # <F, sigma>, by powers of theta
    bound: tuple[Fraction, ...] = ()  # by powers of theta
    words: tuple[int, ...] = ()  # in each block
    orders: tuple[int, ...] = ()  # of the Gram matrices


def number_of(claim: Claim, statement: Statement, key: str = "bound") -> list[Fraction]:
    """The bound of a statement, or its weight, by powers of theta."""
    return Node(statement[key], key).vector(claim.field.degree)


def cited(evidence: Any, earlier: list[Proved]) -> list[Proved]:
    """The premises of a step."""
    require(max(evidence["from"]) < len(earlier), "not all premises are earlier steps")
    return [earlier[i] for i in evidence["from"]]


def at_least(claim: Claim, statement: Statement, which: str) -> str:
    """The sentence of a bound."""
    return f"<{statement['functional']}, s> >= {show(claim.field, number_of(claim, statement))} for every {which}"


def prove_assemblage(claim: Claim, statement: Statement, evidence: Any, earlier: list[Proved]) -> Proved:
    """The definition (SAPHS18 Def. 4). Summing out one black box at a time gives every subset."""
    name, d = statement["assemblage"], claim.field.degree
    scenario, elements = claim.find("assemblage", name, sequential=True)
    validity = "no-signalling" + " from any round to earlier ones and to the trusted party" * scenario.sequential
    validity += ", of trace 1, with positive semidefinite elements"
    sums: dict[Any, list[int]] = {}  # by a box, the settings of the summed ones, the view, and the other letters
    traces: dict[Any, list[Fraction]] = {}  # by the letters of all boxes
    totals: dict[Any, list[Fraction]] = {}  # by the settings of all boxes, and the view
    scale = common(m.denominator for m in elements.values())
    for key, m in elements.items():
        (letters, view), part, trace = scenario.keys[key], m.flat(scale // m.denominator), m.trace()
        spend(STORED + SORTED * len(letters))
        require(trace == traces.setdefault(letters, trace), f"the trace of {key} differs from that in another view")
        place = (*(x for *_, x in letters), () if scenario.instrumental else view)
        totals[place] = [s + t for s, t in zip(totals.get(place, [0] * d), trace, strict=True)]
        for box in range(0 if scenario.instrumental else len(letters)):
            last = len(letters) if scenario.sequential else box + 1  # of a round and all later ones, or of one box
            place = (box, tuple(x for *_, x in letters[box:last]), view, *letters[:box], *letters[last:])
            sums[place] = [r + s for r, s in zip(sums[place], part, strict=True)] if place in sums else part
    for (box, xs, *others), part in sums.items():
        zero = (0,) * len(xs)
        require(part == sums[(box, zero, *others)], f"signalling: box {box}, settings {zero} and {xs}, others {others}")
    require(all(t == claim.field.one for t in totals.values()), "the total trace is not 1")
    for key, m in elements.items():
        eliminate(m, claim.field, f"element {key}")
    if scenario.instrumental:
        parents = [p for p in earlier if p.statement["rule"] == "parent" and p.statement["assemblage"] == name]
        require(parents, "no earlier step proves a parent, so it may not be a general instrumental assemblage")
        validity = f"the part y = a of the valid assemblage {parents[0].statement['parent']}"
    return Proved(statement, f"{name} is a valid assemblage: {validity}")


def prove_bound(claim: Claim, statement: Statement, evidence: Any, earlier: list[Proved]) -> Proved:
    """An identity: the right side is a sum of terms Y* Y, or (no-signalling) a functional with positive elements."""
    (scenario, elements), bound = claim.find("functional", statement["functional"]), number_of(claim, statement)
    if "symmetric" in evidence:
        return prove_symmetric(claim, statement, evidence["symmetric"])
    blocks, dual = evidence.get("blocks", []), evidence.get("dual", {})
    vanish(difference(scenario, elements, bound, blocks, dual))
    for i, (_, gram, factor) in enumerate(blocks):
        positive(gram, factor, claim.field, f"block {i}")
    for key, m in dual.items():
        eliminate(m, claim.field, f"element {key} of the dual")
    words, orders = tuple(len(words) for words, _, _ in blocks), tuple(len(gram.re) for _, gram, _ in blocks)
    kind = "general instrumental" if scenario.instrumental else "no-signalling"
    sentence = at_least(claim, statement, f"{kind} assemblage s")
    if statement["rule"] == "bound":
        sentence = at_least(claim, statement, "assemblage s with a quantum realisation")
        sentence += f" (by a sum of squares with {list(words)} words in its blocks, of order {list(orders)})"
    return Proved(statement, sentence, (), tuple(bound), words, orders)


def value_of(functional: Elements, assemblage: Elements, field: Field) -> list[Fraction]:
    """<F, sigma>, by powers of theta."""
    pairs = [(m, assemblage[key]) for key, m in functional.items()]
    scale = common(m.denominator * s.denominator for m, s in pairs)
    value = [0] * field.degree  # times the scale
    for m, s in pairs:
        factor = scale // (m.denominator * s.denominator)
        spend(field.degree, scale.bit_length())
        value = [v + factor * c for v, c in zip(value, traced(m, s, field), strict=True)]
    return [Fraction(c, scale) for c in value]


def prove_violation(claim: Claim, statement: Statement, evidence: Any, earlier: list[Proved]) -> Proved:
    """Exact arithmetic."""
    bound, field = number_of(claim, statement), claim.field
    (scenario, functional), (other, assemblage) = (claim.find(k, statement[k]) for k in ("functional", "assemblage"))
    require(scenario == other, "the functional and the assemblage have different scenarios")
    value = value_of(functional, assemblage, field)
    sentence = f"<{statement['functional']}, {statement['assemblage']}> = {show(field, value)} < {show(field, bound)}"
    require(field.compare(value, bound) < 0, f"it is not true that {sentence}")
    return Proved(statement, sentence, tuple(value), tuple(bound))


def refute(rule: str, sentence: str) -> Callable[..., Proved]:
    """What is below a bound on a set is not in the set. The last premises are the bound and the violation."""

    def prove(claim: Claim, statement: Statement, evidence: Any, earlier: list[Proved]) -> Proved:
        *valid, limit, below = cited(evidence, earlier)
        holds = all(p.statement == statement | {"rule": "assemblage"} for p in valid)
        require(holds, "premise 0 is not that the assemblage is valid")
        require(limit.statement["rule"] == rule, f"premise {len(valid)} is not a {rule}")
        wanted = limit.statement | {"rule": "violation", "assemblage": statement["assemblage"]}
        refuted = f"premise {len(valid) + 1} is not that the assemblage violates premise {len(valid)}"
        require(below.statement == wanted, refuted)
        found = f"{statement['assemblage']} {sentence}: {below.sentence}, while {limit.sentence}"
        return Proved(statement, found, below.value, limit.bound, limit.words, limit.orders)

    return prove


# ---- more rules ------------------------------------------------------------------------------------------------------
def prove_parent(claim: Claim, statement: Statement, evidence: Any, earlier: list[Proved]) -> Proved:
    """What is observed of a valid assemblage is general instrumental (SHSA20 Def. 6), or has a joint one (S26)."""
    part, whole = statement["assemblage"], statement["parent"]
    (scenario, elements), (above, joint) = claim.find("assemblage", part), claim.find("assemblage", whole)
    require(above == scenario.parent(), f"{whole} does not have the scenario of a parent")
    (valid,) = cited(evidence, earlier)
    wanted = {"rule": "assemblage", "assemblage": whole}
    require(valid.statement == wanted, "premise 0 is not that the parent is valid")
    found = {place: joint[key] for key, place in above.keys.items()}
    for key, m in elements.items():
        letters, (k, y) = scenario.keys[key]
        same = m == marginal(found[letters, (0, y)], scenario.dims, k)
        require(same, f"element {key} is not what is observed of the parent")
    return Proved(statement, f"{part} is what is observed of the valid assemblage {whole}")


def prove_symmetric(claim: Claim, statement: Statement, evidence: Any) -> Proved:
    """In a state that no symmetry changes F less non-negative terms is a number and monomials, of modulus 1 at most."""
    (scenario, elements), bound = claim.find("functional", statement["functional"]), number_of(claim, statement)
    basis, root, nodes, blocks = evidence
    field, d = claim.field, claim.field.degree
    for p in (*basis.outcomes, *basis.primes):
        require(basis.n % p == 0, f"the order of zeta is not divisible by {p}")
    powers, q = roots_of_unity(basis.n, root, field)
    generators = [basis.symmetry(node) for node in nodes]
    scales = (m.denominator * basis.size(*scenario.keys[key]) for key, m in elements.items())
    scale = common([*scales, *(gram.denominator for _, _, gram, _ in blocks)])
    observed = basis.observed(elements, scale)
    value = evaluate(observed, powers, field)
    for i, g in enumerate(generators):
        moved = evaluate(basis.moved(g, observed), powers, field)
        require(moved == value, f"generator {i} changes the functional")
    orbits = Orbits(basis, generators)
    for (m, t), part in observed.items():
        orbits.add((m << BITS) + t, part)
    for i, (words, characters, gram, _) in enumerate(blocks):
        chosen = [([generators[g] for g in numbers], t) for numbers, t in characters]
        pairs = {(reduce(lambda h, g: basis.after(g, h), factors, basis.unit()), t) for factors, t in chosen}
        require(not any(h.anti for h, _ in pairs), f"block {i}: an odd number of antiunitary generators")
        orbits.subtract(words, basis.group(pairs), gram, scale // gram.denominator)
    rest = evaluate(orbits.folded(), powers, field)
    one = [q * c for c in rest.pop(orbits.find(0)[0], ([0] * d, []))[0]]
    turns = powers[: basis.n // gcd(basis.n, 4)]  # -1 and i among the others change no |Re| + |Im|
    for number in rest.values():
        spend(100 * d**2 * len(turns), longest(chain(*number, *turns[0])) + field.bits)
        one = [c - x for c, x in zip(one, least_size(number, turns, field), strict=True)]
    below = [Fraction(c, 2 * q**2 * scale) for c in one]
    require(field.compare(bound, below) <= 0, f"the blocks prove no more than {show(field, below)}")
    for i, (_, _, gram, factor) in enumerate(blocks):
        positive(gram, factor, field, f"block {i}")
    sizes = tuple(len(words) for words, *_ in blocks)
    sentence = at_least(claim, statement, "assemblage s with a quantum realisation")
    sentence += f" (by a sum of squares in the group basis, up to {len(nodes)} symmetries and their products, with "
    return Proved(statement, sentence + f"{list(sizes)} monomials in its blocks)", (), tuple(bound), sizes, sizes)


def prove_local_bound(claim: Claim, statement: Statement, evidence: Any, earlier: list[Proved]) -> Proved:
    """Every local hidden state model is a mixture of deterministic strategies, each with a state for each view."""
    scenario, elements = claim.find("functional", statement["functional"])
    boxes, bound, field = scenario.boxes, number_of(claim, statement), claim.field
    number = prod(d for box in boxes for d in box)
    if number > MAX_STRATEGIES:
        raise Unreadable(f"more than {MAX_STRATEGIES} strategies")
    shares = evidence.get("shares", [[bound]] * number)
    require(len(shares) == number, f"not shares for all {number} strategies")
    found = {place: elements[key] for key, place in scenario.keys.items() if key in elements}
    strategies = product(*(product(*map(range, box)) for box in boxes))
    for strategy, parts in zip(strategies, shares, strict=True):
        enough = field.compare(added(parts), bound) >= 0
        require(enough, f"strategy {brief(strategy)}: the sum of the shares is below the bound")
        answers = [[(a, a, x) for x, a in enumerate(outcomes)] for outcomes in strategy]
        for view, share in zip(scenario.views, parts, strict=True):
            places, n = product(product(*answers), [view]), scenario.dims[view[0]]
            terms = [found[place] for place in places if place in found]
            spend(SORTED * prod(map(len, boxes)))
            eliminate(total([scalar(minus(share), n), *terms]), field, f"strategy {brief(strategy)}, view {view}")
    sentence = at_least(claim, statement, "assemblage s with a local hidden state model")
    return Proved(statement, sentence, (), tuple(bound))


def prove_mixture(claim: Claim, statement: Statement, evidence: Any, earlier: list[Proved]) -> Proved:
    """The definition: weight times the noise and the rest of the data."""
    names = [statement[key] for key in ("assemblage", "noise", "data")]
    weight, field = number_of(claim, statement, "weight"), claim.field
    found = (claim.find("assemblage", name, sequential=True) for name in names)
    (scenario, mixed), (first, noise), (second, data) = found
    require(scenario == first == second, "a mixture of different scenarios")
    between = field.sign(weight) >= 0 and field.compare(weight, field.one) <= 0
    require(between, "the weight is not between 0 and 1")
    rest = [s - t for s, t in zip(field.one, weight, strict=True)]
    for key, m in mixed.items():
        parts = [scaled(noise[key], weight, field), scaled(data[key], rest, field)]
        require(m == total(parts), f"element {key} is not that of the mixture")
    sentence = f"{names[0]} is the mixture r {names[1]} + (1 - r) {names[2]} with r = {show(field, weight)}"
    return Proved(statement, sentence)


def prove_born(claim: Claim, statement: Statement, evidence: Any, earlier: list[Proved]) -> Proved:
    """The Born rule: measure the first factors of the operator, trace out all others but one, apply the channel."""
    scenario, elements = claim.find("assemblage", statement["assemblage"], sequential=True)
    dims, operator = claim.find("operator", statement["operator"])
    measurements, channels = claim.find("devices", statement["devices"])
    field, unit = claim.field, claim.field.one
    boxes = 1 if scenario.sequential else len(scenario.boxes)
    received, trusted = dims[:boxes], dims[boxes:] or [1]
    fits = len(received) == boxes and len(trusted) == len(scenario.dims)
    require(fits, "the operator has another number of factors than the scenario has parties")
    outcomes = [[len(effects) for effects in box] for box in measurements]
    require(outcomes == scenario.boxes, "the measurements have other outcomes or settings than the scenario")
    for box, settings in enumerate(measurements):
        n, left, name, whole = received[box], 1, "effect", "1"
        if scenario.sequential and box < len(measurements) - 1:
            left, name, whole = len(settings[0][0].re) // n, "map", "trace preserving"
        received.append(left)  # by the next round
        for x, effects in enumerate(settings):
            place = f"box {box}, setting {x}"
            require(all(len(m.re) == n * left for m in effects), f"{place}: {name}s of another order")
            for a, m in enumerate(effects):
                eliminate(m, field, f"{place}, {name} {a}")
            preserving = marginal(total(effects), [n, left], 0) == scalar(unit, n)
            require(preserving, f"{place}: the sum of the {name}s is not {whole}")
    if channels:
        require(not scenario.sequential, "channels in a sequential scenario")
        require(len(channels) == len(scenario.views), "there is not one channel for each view")
        for i, ((k, _), m) in enumerate(zip(scenario.views, channels, strict=True)):
            pair = [trusted[k], scenario.dims[k]]
            require(len(m.re) == prod(pair), f"channel {i}: a Choi matrix of another order")
            eliminate(m, field, f"channel {i}")
            require(marginal(m, pair, 0) == scalar(unit, pair[0]), f"channel {i} is not trace preserving")

    @cache
    def rounds(letters: Strand) -> Matrix:
        """The effect of the last rounds: the dual of a map takes that of all after it to tr_2[(1 (x) M) C]^T."""
        (a, _, x), *others = letters
        m: Matrix = measurements[-len(letters)][x][a]
        if not others:
            return m
        later: Matrix = rounds(tuple(others))
        n = len(later.re)
        return contract(later, exchanged(m, [len(m.re) // n, n]), field).conjugate()

    @cache
    def measured(letters: Strand) -> Matrix:
        if scenario.sequential:
            return contract(rounds(letters), operator, field)
        *others, (a, _, x) = letters
        rest: Matrix = measured(tuple(others)) if others else operator
        return contract(measurements[len(others)][x][a], rest, field)

    for key, m in elements.items():
        letters, view = scenario.keys[key]
        state = marginal(measured(letters), trusted, view[0])
        if channels:
            state = contract(state.conjugate(), channels[scenario.views.index(view)], field)
        require(m == state, f"element {key} is not what the Born rule gives")
    sentence = f"{statement['assemblage']} is what the Born rule gives for the operator {statement['operator']} of "
    sentence += f"dimensions {dims} and the measurements{' and channels' * bool(channels)} {statement['devices']}"
    sentence += ", in all rounds but the last instruments" * scenario.sequential
    return Proved(statement, sentence)


def prove_state(claim: Claim, statement: Statement, evidence: Any, earlier: list[Proved]) -> Proved:
    """The definition."""
    dims, operator = claim.find("operator", statement["operator"])
    require(operator.trace() == claim.field.one, "the trace is not 1")
    eliminate(operator, claim.field, "the operator")
    return Proved(statement, f"{statement['operator']} is a quantum state of dimensions {dims}")


def prove_quantum(claim: Claim, statement: Statement, evidence: Any, earlier: list[Proved]) -> Proved:
    """The Born rule with a state; or for one black box without input any parent (GHJW theorem, S26 Thm 6)."""
    name, (first, *more) = statement["assemblage"], cited(evidence, earlier)
    scenario, _ = claim.find("assemblage", name, sequential=True)
    require(first.statement.get("assemblage") == name, "premise 0 is not about the assemblage")
    if more:
        require(first.statement["rule"] == "born", "premise 0 is not that the Born rule gives the assemblage")
        wanted = {"rule": "state", "operator": first.statement["operator"]}
        require(more[0].statement == wanted, "premise 1 is not that the operator of premise 0 is a state")
    else:
        require(first.statement["rule"] == "parent", "premise 0 is not that the assemblage has a parent")
        require(len(scenario.boxes) == 1, "a parent proves a realisation for one black box only")
        require(scenario.inputs == 1, "a parent proves no realisation for a trusted party with input")
    reasons = "; ".join(p.sentence for p in (first, *more)) + ", so by the GHJW theorem" * (not more)
    return Proved(statement, f"{name} has a quantum realisation: {reasons}")


def answering(model: Sequence[tuple[Strategy, Any]], letters: Strand) -> list[Any]:
    """What belongs to the strategies with these outcomes at these settings."""
    spend(5 * len(model) * len(letters))
    wanted = [(box, x, a) for box, (a, _, x) in enumerate(letters)]
    return [part for strategy, part in model if all(strategy[box][x] == a for box, x, a in wanted)]


def prove_local(claim: Claim, statement: Statement, evidence: Any, earlier: list[Proved]) -> Proved:
    """The definitions: hidden states for each strategy in a list, positive, or (affine) negative, or (pseudo) any."""
    scenario, elements = claim.find("assemblage", statement["assemblage"])
    rule, model, field, weights = statement["rule"], evidence["model"], claim.field, []
    for i, (_, states) in enumerate(model):
        weights.append(states[0].trace())
        require(all(m.trace() == weights[-1] for m in states), f"entry {i}: the traces of the states differ")
        negative = rule == "affine-local" and field.sign(weights[-1]) < 0
        for j, m in enumerate(states) if rule != "pseudo-local" else ():
            eliminate(negated(m) if negative else m, field, f"entry {i}, state {j}")
    require(added(weights) == field.one, "the weights do not add up to 1")
    for key, m in elements.items():
        letters, view = scenario.keys[key]
        index, zero = scenario.views.index(view), scalar([0 * c for c in field.one], len(m.re))
        parts = [states[index] for states in answering(model, letters)]
        require(m == total([zero, *parts]), f"element {key} is not what the model gives")
    sentence = {
        "local": "has a local hidden state model with",
        "pseudo-local": "has a pseudo-local-hidden-state model, in which states need not be positive, with",
        "affine-local": "is an affine combination of what local hidden states give, with",
    }[rule]
    return Proved(statement, f"{statement['assemblage']} {sentence} {len(model)} hidden states")


def prove_local_threshold(claim: Claim, statement: Statement, evidence: Any, earlier: list[Proved]) -> Proved:
    """The value is affine in the weight, so it is below the bound for all smaller ones; local models can be mixed."""
    mixture, local, limit, noise = cited(evidence, earlier)
    name, field = mixture.statement.get("assemblage", ""), claim.field
    mixes = mixture.statement == statement | {"rule": "mixture", "assemblage": name}
    require(mixes, "premise 0 is not that an assemblage is this mixture")
    require(local.statement == {"rule": "local", "assemblage": name}, "premise 1 is not that the mixture is local")
    require(limit.statement["rule"] == "local-bound", "premise 2 is not a local-bound")
    wanted = {"rule": "local", "assemblage": statement["noise"]}
    require(noise.statement == wanted, "premise 3 is not that the noise is local")
    scenario, functional = claim.find("functional", limit.statement["functional"])
    (same, mixed), (_, other) = (claim.find("assemblage", of) for of in (name, statement["noise"]))
    require(scenario == same, "the functional and the assemblages have different scenarios")
    touches = field.compare(value_of(functional, mixed, field), limit.bound) <= 0
    require(touches, "the mixture is above the bound")
    require(field.compare(value_of(functional, other, field), limit.bound) > 0, "the noise is not above the bound")
    sentence = f"r {statement['noise']} + (1 - r) {statement['data']} has no local hidden state model for r < t, and "
    sentence += f"has one for t <= r <= 1, where t = {show(field, number_of(claim, statement, 'weight'))}: "
    return Proved(statement, sentence + "; ".join(p.sentence for p in (local, limit, noise)))


def cover(directions: Sequence[Sequence[Fraction]], flat: bool) -> None:
    """The unit ball (if flat: the disc in the plane y = 0) is in the convex hull of some vectors and their negatives.

    Each facet of the hull is in a plane through linearly independent ones that has none of them beyond it.
    """
    d, spanned = 2 if flat else 3, False
    points = [numerators(v) for v in directions]  # a vector u/s
    size = max(longest((*u, s)) for u, s in points)
    spend((SORTED + 4 * len(points)) * 2 ** (d - 1) * comb(len(points), d), (d + 1) * size)
    for (first, *others), signs in product(combinations(points, d), product((1, -1), repeat=d - 1)):
        turned = [([sign * c for c in v], s) for sign, (v, s) in zip(signs, others, strict=True)]
        (u, a), (v, b), (w, c) = [first, *turned, ([0, 1, 0], 0)][:3]  # y stands for a point at infinity
        sides = cross(v, w), cross(w, u), cross(u, v)
        normal = [a * p + b * q + c * r for p, q, r in zip(*sides, strict=True)]
        height = abs(sum(map(mul, sides[0], u)))  # of the plane, times the normal; 0 if they are linearly dependent
        spanned |= height > 0
        if 0 < height**2 < sum(n * n for n in normal):
            inside = any(abs(sum(map(mul, normal, x))) > height * s for x, s in points)
            require(inside, "the convex hull of the directions and their negatives does not contain the unit ball")
    require(spanned, "the directions do not span the space")


def cross(u: Sequence[int], v: Sequence[int]) -> tuple[int, int, int]:
    """The vector product."""
    (a, b, c), (p, q, r) = u, v
    return b * r - c * q, c * p - a * r, a * q - b * p


def prove_projective_local(claim: Claim, statement: Statement, evidence: Any, earlier: list[Proved]) -> Proved:
    """SBCSV15 App. B: every direction is a combination of those in a list, with weights of total modulus at most 1."""
    scenario, elements = claim.find("assemblage", statement["assemblage"])
    directions, model, field = evidence["directions"], evidence["responses"], claim.field
    require(scenario.dims == [2] and scenario.inputs == 1, "not one view of dimension 2")
    flat = not any(y for _, y, _ in directions)
    real = not any(any(m.im[1][0]) for m in elements.values())
    require(real or not flat, "no direction has a part y, but the elements are not real")
    cover(directions, flat)
    for i, (_, weights) in enumerate(model):
        require(len(weights) == len(directions) + 1, f"entry {i}: not a weight, and a response to each direction")
        between = all(field.sign(q) >= 0 and field.compare(weights[0], q) >= 0 for q in weights)
        require(between, f"entry {i}: a response is not between 0 and the weight")
    require(added(weights[0] for _, weights in model) == field.one, "the weights do not add up to 1")
    size = longest(n for v in directions for c in v for n in c.as_integer_ratio())
    for key, m in elements.items():
        spend(4 * SORTED * field.degree * len(directions), m.bits + size)
        parts = [[[Fraction(0)] * field.degree] * (len(directions) + 1), *answering(model, scenario.keys[key][0])]
        (up, _), (x, down), y = m.re[0], m.re[1], m.im[1][0]
        wanted = [[2 * (s + t) for s, t in zip(up, down, strict=True)]]  # times twice the denominator
        for v in directions:
            bloch = zip(up, down, x, y, strict=True)
            wanted.append([s + t + 2 * v[0] * c + 2 * v[1] * e + v[2] * (s - t) for s, t, c, e in bloch])
        for numbers, w in zip(zip(*parts, strict=True), wanted, strict=True):
            found = [2 * m.denominator * c for c in added(numbers)]
            require(found == w, f"element {key} is not what the responses give")
    sentence = f"{statement['assemblage']} gives only correlations with a local hidden variable model, whatever "
    sentence += "projective or other two-outcome measurements the trusted qubit makes (by responses to "
    return Proved(statement, sentence + f"{len(directions)} directions)")


def prove_povm_local(claim: Claim, statement: Statement, evidence: Any, earlier: list[Proved]) -> Proved:
    """SBCSV15 App. C: choose an element of rank one, ask whether it is found; if not, answer as for the state |2>."""
    (given,) = cited(evidence, earlier)
    wanted = {"rule": "projective-local", "assemblage": statement["data"]}
    require(given.statement == wanted, "premise 0 is not that the data are projective-local")
    (scenario, elements), (before, data) = (claim.find("assemblage", statement[key]) for key in ("assemblage", "data"))
    require(scenario == Scenario(before.boxes, [3]), "not the scenario of the data with a trusted qutrit")
    zero = [0] * claim.field.degree
    for key, m in elements.items():
        part = data[key]
        corner = [2 * (s + t) for s, t in zip(part.re[0][0], part.re[1][1], strict=True)]
        re = [[*row, last] for row, last in zip([*part.re, [zero] * 2], (zero, zero, corner), strict=True)]
        im = [[*row, zero] for row in [*part.im, [zero] * 2]]
        require(m == Matrix(3 * part.denominator, re, im), f"element {key} is not made from that of the data")
    sentence = f"{statement['assemblage']} gives only correlations with a local hidden variable model, whatever the "
    return Proved(statement, sentence + f"trusted qutrit measures (POVMs): {given.sentence}")


def prove_negativity_at_most(claim: Claim, statement: Statement, evidence: Any, earlier: list[Proved]) -> Proved:
    """W = (W + N) - N, a difference of positive operators."""
    (given,), m, bound = cited(evidence, earlier), evidence["matrix"], number_of(claim, statement)
    name, field = statement["assemblage"], claim.field
    scenario, _ = claim.find("assemblage", name)
    require(len(scenario.views) == 1, "the negativity of more than one view")
    measured = {"rule": "born", "assemblage": name}.items() <= given.statement.items()
    require(measured, "premise 0 is not that the Born rule gives the assemblage")
    (_, operator), (_, channels) = (claim.find(kind, given.statement[kind]) for kind in ("operator", "devices"))
    require(not channels, "the devices of premise 0 have channels")
    require(len(m.re) == len(operator.re), "the matrix has another order than the operator")
    eliminate(m, field, "the matrix")
    eliminate(total([operator, m]), field, "the sum of the operator and the matrix")
    require(field.compare(m.trace(), bound) <= 0, "the trace of the matrix is above the bound")
    sentence = f"the steering negativity of {name} is at most {show(field, bound)}: {given.sentence}, and the operator "
    return Proved(statement, sentence + "is a positive semidefinite one minus another one of at most this trace")


def prove_negativity_at_least(claim: Claim, statement: Statement, evidence: Any, earlier: list[Proved]) -> Proved:
    """sigma is 1 + n times a quantum assemblage minus n times another one, with values between lo and hi."""
    (valid, low, high), bound, field = cited(evidence, earlier), number_of(claim, statement), claim.field
    name, wanted = statement["assemblage"], {"rule": "assemblage", "assemblage": statement["assemblage"]}
    require(valid.statement == wanted, "premise 0 is not that the assemblage is valid")
    require(low.statement["rule"] == high.statement["rule"] == "bound", "premises 1 and 2 are not bounds")
    names = [p.statement["functional"] for p in (low, high)]
    scenario, elements = claim.find("assemblage", name)
    (first, functional), (second, opposite) = (claim.find("functional", of) for of in names)
    require(len(scenario.views) == 1, "the negativity of more than one view")
    require(scenario == first == second, "the functionals and the assemblage have different scenarios")
    same = opposite == {key: negated(m) for key, m in functional.items()}
    require(same, "the functional of premise 2 is not minus that of premise 1")
    value = value_of(functional, elements, field)
    gap, below = ([s - t for s, t in zip(x, low.bound, strict=True)] for x in (minus(high.bound), value))
    require(field.sign(gap) > 0, "the functional has one value for all quantum assemblages")
    needed = scaled(scalar(gap, 1), bound, field).trace()
    require(field.compare(needed, minus(below)) <= 0, "bound (hi - lo) is above lo - <F, sigma>")
    sentence = f"the steering negativity of {name} is at least {show(field, bound)}: <{names[0]}, {name}> = "
    sentence += f"{show(field, value)}, while {low.sentence}, and {high.sentence}, where {names[1]} = -{names[0]}"
    return Proved(statement, sentence, tuple(value), tuple(bound))


def positive(gram: Matrix, factor: Factor | None, field: Field, place: str) -> None:
    """By the factor if there is one, else by elimination."""
    if factor:
        dominated(gram, factor, field, place)
    else:
        eliminate(gram, field, place)


def prove_block_positive(claim: Claim, statement: Statement, evidence: Any, earlier: list[Proved]) -> Proved:
    """The form times positive factors is a sum of squared moduli: an identity between polynomials."""
    (dims, operator), copies = claim.find("operator", statement["operator"]), evidence["copies"]
    squares, field, rest = evidence["squares"], claim.field, dict[Monomial, list[int]]()
    require(len(copies) == len(dims), "not one number of copies for each factor")
    require(all(copies), "no copies of a factor")
    scale = common([operator.denominator, *(gram.denominator for _, gram, _ in squares)])
    long = scale.bit_length()

    Letters: TypeAlias = Iterable[tuple[Sequence[int], Sequence[int]]]

    def add(word: Letters, entry: tuple[Number, Number], times: int, bits: int) -> None:
        monomial = tuple((tuple(sorted(plain)), tuple(sorted(starred))) for plain, starred in word)
        letters = sum(len(part) for factor in monomial for part in factor)
        spend(10 * letters + (SORTED if monomial in rest else STORED), bits)
        part = rest.setdefault(monomial, [0] * 2 * field.degree)
        rest[monomial] = [r + times * c for r, c in zip(part, entry[0] + entry[1], strict=True)]

    spend(5 * prod(dims) ** 2)
    # (sum_i |x_ji|^2)^(k_j - 1) is a sum over ascending sequences of indices, with multinomial coefficients.
    spend(STORED * prod(comb(d + k - 2, k - 1) for d, k in zip(dims, copies, strict=True)))
    terms_of = (combinations_with_replacement(range(d), k - 1) for d, k in zip(dims, copies, strict=True))
    factors = [[(m, factorial(len(m)) // prod(factorial(m.count(i)) for i in {*m})) for m in some] for some in terms_of]
    labels = list(product(*map(range, dims)))
    for (i, row), (j, column) in product(enumerate(labels), repeat=2):
        entry = operator.re[i][j], operator.im[i][j]
        for terms in product(*factors) if any(map(any, entry)) else ():
            moduli = (indices for indices, _ in terms)
            word = [((*m, c), (*m, r)) for m, r, c in zip(moduli, row, column, strict=True)]
            add(word, entry, scale // operator.denominator * prod(n for _, n in terms), operator.bits + long)
    for words, gram, _ in squares:
        for word in words:
            known = len(word) == len(dims) and all(
                i < d for parts, d in zip(word, dims, strict=True) for part in parts for i in part
            )
            require(known, "a monomial of other factors")
        for (i, u), (j, v) in product(enumerate(words), repeat=2):  # conj(u) v
            pairs = zip(u, v, strict=True)
            word = [(plain + left, starred + right) for (right, left), (plain, starred) in pairs]
            add(word, (gram.re[i][j], gram.im[i][j]), -scale // gram.denominator, gram.bits + long)
    for monomial, difference_of in rest.items():
        require(not any(difference_of), f"the sum of squares differs from the form at {brief(monomial)}")
    for i, (_, gram, factor) in enumerate(squares):
        positive(gram, factor, field, f"block {i}")
    orders = tuple(len(words) for words, _, _ in squares)
    sentence = f"{statement['operator']} of dimensions {dims} is block-positive: non-negative on all product vectors"
    sentence += f" (by {sum(orders)} monomials in {len(orders)} blocks, copies {copies})"
    sentence += "; a map that has it as its Choi matrix is positive" * (len(dims) == 2)
    return Proved(statement, sentence, (), (), orders, orders)


def prove_not_block_positive(claim: Claim, statement: Statement, evidence: Any, earlier: list[Proved]) -> Proved:
    """A product vector with a negative value."""
    dims, operator = claim.find("operator", statement["operator"])
    columns = evidence["vectors"]
    require([len(column) for column in columns] == dims, "the vectors have other dimensions than the factors")
    value = traced(operator, ray(columns, claim.field), claim.field)
    require(claim.field.sign(value) < 0, "the value at the product vector is not negative")
    sentence = f"{statement['operator']} of dimensions {dims} is negative on some product vector"
    return Proved(statement, sentence)


def prove_decomposable(claim: Claim, statement: Statement, evidence: Any, earlier: list[Proved]) -> Proved:
    """The definition: a sum of partial transposes of positive operators."""
    (dims, operator), parts = claim.find("operator", statement["operator"]), evidence["parts"]
    for i, (factors, m) in enumerate(parts):
        require(len(m.re) == prod(dims), f"part {i} has another order than the operator")
        require(all(k < len(dims) for k in factors), f"part {i} is transposed on a factor that there is not")
        eliminate(m, claim.field, f"part {i}")
    transposed = [partial_transpose(m, dims, factors) for factors, m in parts]
    require(operator == total(transposed), "the operator is not the sum of the partial transposes of the parts")
    sentence = f"{statement['operator']} of dimensions {dims} is decomposable, a sum of partial transposes of positive "
    return Proved(statement, sentence + "operators")


def prove_not_decomposable(claim: Claim, statement: Statement, evidence: Any, earlier: list[Proved]) -> Proved:
    """tr(P^T w) = tr(P w^T): a sum of partial transposes has a non-negative trace with an operator like this."""
    (dims, operator), m = claim.find("operator", statement["operator"]), evidence["matrix"]
    require(len(m.re) == prod(dims), "the matrix has another order than the operator")
    proper = [k for k, d in enumerate(dims) if d > 1]
    for choice in product((False, True), repeat=max(len(proper) - 1, 0)):  # complements give transposed matrices
        factors = [k for k, chosen in zip(proper[1:], choice, strict=True) if chosen]
        eliminate(partial_transpose(m, dims, factors), claim.field, f"the partial transpose on {factors}")
    require(claim.field.sign(traced(operator, m, claim.field)) < 0, "the trace with the matrix is not negative")
    sentence = f"{statement['operator']} of dimensions {dims} is not decomposable: a matrix all of whose partial "
    return Proved(statement, sentence + "transposes are positive semidefinite has a negative trace with it")


def prove_trace_preserving(claim: Claim, statement: Statement, evidence: Any, earlier: list[Proved]) -> Proved:
    """tr_out C = 1."""
    dims, choi = claim.find("operator", statement["operator"])
    require(len(dims) == 2, "a Choi matrix has two factors")
    require(marginal(choi, dims, 0) == scalar(claim.field.one, dims[0]), "the trace over the output is not 1")
    return Proved(statement, f"the map with the Choi matrix {statement['operator']} preserves the trace")


def prove_image(claim: Claim, statement: Statement, evidence: Any, earlier: list[Proved]) -> Proved:
    """The definition: each view is the image, under its map, of the same view of the data, or of the only one."""
    (scenario, elements), (before, data) = (claim.find("assemblage", statement[key]) for key in ("assemblage", "data"))
    names, field = statement["maps"].split(" "), claim.field
    require(len(names) == len(scenario.views), "there is not one map for each view")
    maps = [claim.find("operator", name) for name in names]
    require(not before.instrumental, "the data are instrumental")
    same = (scenario.boxes, len(scenario.dims)) == (before.boxes, len(before.dims))
    require(same and before.inputs in (1, scenario.inputs), "the data have other parties")
    found = {place: data[key] for key, place in before.keys.items()}
    for view, (dims, _) in zip(scenario.views, maps, strict=True):
        fits = dims == [before.dims[view[0]], scenario.dims[view[0]]]
        require(fits, f"the map of view {view} has other dimensions")
    for key, m in elements.items():
        letters, (k, y) = scenario.keys[key]
        source, (_, choi) = found[letters, (k, min(y, before.inputs - 1))], maps[scenario.views.index((k, y))]
        same = m == contract(source.conjugate(), choi, field)
        require(same, f"element {key} is not the image of that of {statement['data']}")
    sentence = f"{statement['assemblage']} is the image of {statement['data']} under the maps {', '.join(names)}"
    return Proved(statement, sentence)


def prove_correlations(claim: Claim, statement: Statement, evidence: Any, earlier: list[Proved]) -> Proved:
    """The duals of positive trace-preserving maps send POVMs to POVMs."""
    origin, image, *others = cited(evidence, earlier)
    wanted = {"rule": "image", "assemblage": statement["assemblage"]}
    require(wanted.items() <= image.statement.items(), "premise 1 is not that the assemblage is an image")
    wanted = {"rule": "quantum", "assemblage": image.statement["data"]}
    require(origin.statement == wanted, "premise 0 is not that the data of premise 1 are quantum")
    names = sorted(set(image.statement["maps"].split(" ")))
    needed = [{"rule": rule, "operator": name} for name in names for rule in ("block-positive", "trace-preserving")]
    stated = [p.statement for p in others]
    for one in needed:
        require(one in stated, f"no premise says that {one['operator']} is {one['rule']}")
    require(len(stated) == len(needed), "premises that are not needed")
    reasons = "; ".join(p.sentence for p in (origin, image, *others))
    sentence = f"{statement['assemblage']}, with some joint operators if there are several trusted parties, gives only "
    sentence += "quantum correlations, whatever each trusted party measures on its own system: "
    return Proved(statement, sentence + reasons)


def prove_product_basis(claim: Claim, statement: Statement, evidence: Any, earlier: list[Proved]) -> Proved:
    """The definition, for fewer vectors than dimensions."""
    dims, members = claim.find("vectors", statement["vectors"])
    require(len(members) < prod(dims), "as many vectors as dimensions, or more")
    for i, member in enumerate(members):
        norms = [overlap(x, x, claim.field)[0] for x in member]
        require(all(claim.field.sign(norm) > 0 for norm in norms), f"member {i} has a zero vector")
    for (i, u), (j, v) in combinations(enumerate(members), 2):
        orthogonal = any(not any(map(any, overlap(x, y, claim.field))) for x, y in zip(u, v, strict=True))
        require(orthogonal, f"members {i} and {j} are not orthogonal")
    return Proved(
        statement, f"{statement['vectors']} are {len(members)} orthogonal product vectors of dimensions {dims}"
    )


def prove_unextendible(claim: Claim, statement: Statement, evidence: Any, earlier: list[Proved]) -> Proved:
    """A product vector is orthogonal to every member at some factor: no way of choosing these factors leaves room.

    Factor by factor, the members chosen for it must not span the space. A member that lies in what is spanned already
    at some factor may be chosen for that one: it takes no room there.
    """
    dims, members = claim.find("vectors", statement["vectors"])
    field = claim.field
    if len(members) > MAX_MEMBERS:
        raise Unreadable(f"more than {MAX_MEMBERS} members")

    @cache
    def spanned(factor: int, chosen: frozenset[int]) -> int:
        spend(STORED)
        rays = [ray([members[i][factor]], field) for i in chosen]
        return eliminate(total(rays), field, "a sum of rays") if rays else 0

    def room(i: int, chosen: list[frozenset[int]]) -> bool:
        """Whether the members from i on can be chosen for factors that are not spanned."""
        spend(STORED + SORTED * len(members))
        if i == len(members):
            return True
        more = [old | {i} for old in chosen]
        ranks = [(spanned(k, old), spanned(k, new)) for k, (old, new) in enumerate(zip(chosen, more, strict=True))]
        free = [k for k, (old, new) in enumerate(ranks) if old == new]
        options = free[:1] or [k for k, (_, new) in enumerate(ranks) if new < dims[k]]
        return any(room(i + 1, [*chosen[:k], more[k], *chosen[k + 1 :]]) for k in options)

    require(not room(0, [frozenset()] * len(dims)), "some product vector is orthogonal to all members")
    return Proved(statement, f"no product vector is orthogonal to all {len(members)} members of {statement['vectors']}")


def prove_witness(claim: Claim, statement: Statement, evidence: Any, earlier: list[Proved]) -> Proved:
    """The formula: (n - D e) W = sum of the projectors on the n members - e 1, n - D e > 0."""
    (dims, operator), (others, members) = (claim.find(kind, statement[kind]) for kind in ("operator", "vectors"))
    field, e, size = claim.field, number_of(claim, statement), prod(dims)
    require(dims == others, "the operator and the vectors have different dimensions")
    right = scalar(minus(e), size)
    for member in members:
        m = ray(member, field)
        norm = [int(c) for c in m.trace()]
        inverse, n = field.reciprocal(norm)
        right = total([right, scaled(m, [Fraction(c, n) for c in inverse], field)])
    factor = [len(members) * one - size * c for one, c in zip(field.one, e, strict=True)]
    require(field.sign(factor) > 0, "n - D e is not positive")
    require(scaled(operator, factor, field) == right, "the operator is not (sum of projectors - e 1)/(n - D e)")
    sentence = (
        f"{statement['operator']} is (Pi - e 1)/({len(members)} - {size} e), Pi the sum of the projectors on the "
    )
    return Proved(statement, sentence + f"members of {statement['vectors']} and e = {show(field, e)}")


def prove_maximal(claim: Claim, statement: Statement, evidence: Any, earlier: list[Proved]) -> Proved:
    """Events are orthogonal if some box has different outcomes of one setting (local orthogonality)."""
    scenario, events = claim.find("events", statement["events"])

    def orthogonal(event: str, other: str) -> bool:
        spend(SORTED * len(scenario.boxes))
        pairs = zip(scenario.keys[event][0], scenario.keys[other][0], strict=True)
        return any(x == y and a != b for (a, _, x), (b, _, y) in pairs)

    known = set(events)
    for event, other in combinations(events, 2):
        require(orthogonal(event, other), f"{event} and {other} are not orthogonal")
    for key in scenario.keys:
        more = key not in known and all(orthogonal(key, event) for event in events)
        require(not more, f"{key} is orthogonal to all events")
    sentence = f"{statement['events']} are {len(events)} orthogonal events, and no further one is orthogonal to all"
    return Proved(statement, sentence)


def prove_extendible(claim: Claim, statement: Statement, evidence: Any, earlier: list[Proved]) -> Proved:
    """Fewer vectors than dimensions never span: some vector is orthogonal to them."""
    (scenario, events), chosen = claim.find("events", statement["events"]), evidence["boxes"]
    require(len(chosen) == len(events), "not one box for each event")
    require(all(k < len(scenario.boxes) for k in chosen), "a box that there is not")
    for k, box in enumerate(scenario.boxes):
        require(len(set(box)) == 1, f"the settings of box {k} have different numbers of outcomes")
        letters = {scenario.keys[event][0][k] for event, box_of in zip(events, chosen, strict=True) if box_of == k}
        require(len(letters) < box[0], f"box {k}: {len(letters)} different letters may span {box[0]} dimensions")
    sentence = (
        "for every choice of an orthonormal basis for each setting, with one vector for each outcome, some product "
    )
    sentence += f"vector is orthogonal to those of all {len(events)} events of {statement['events']}"
    return Proved(statement, sentence)


# ---- the closed list -------------------------------------------------------------------------------------------------
# The keys of a statement, what else a step carries and how it is read, and the function that decides.
Rule: TypeAlias = tuple[tuple[str, ...], dict[str, Callable[[Claim, Node, Scenario], Any]], Callable[..., Proved]]
POSTQUANTUM = refute("bound", "is a valid assemblage without any quantum realisation")
NONLOCAL = refute("local-bound", "is a valid assemblage without any local hidden state model")
SIGNALLING = refute(
    "no-signalling-bound", "is not what any no-signalling (if instrumental: any general) assemblage shows"
)
RULES: dict[str, Rule] = {
    "assemblage": (("assemblage",), {}, prove_assemblage),
    "parent": (("assemblage", "parent"), {"from": premises(1)}, prove_parent),
    "bound": (("functional", "bound"), {"blocks": Claim.read_blocks, "symmetric": read_symmetric}, prove_bound),
    "no-signalling-bound": (("functional", "bound"), {"dual": Claim.read_dual}, prove_bound),
    "local-bound": (("functional", "bound"), {"shares": Claim.read_shares}, prove_local_bound),
    "violation": (("functional", "assemblage", "bound"), {}, prove_violation),
    "postquantum": (("assemblage",), {"from": premises(3)}, POSTQUANTUM),
    "nonlocal": (("assemblage",), {"from": premises(3)}, NONLOCAL),
    "signalling": (("assemblage",), {"from": premises(2)}, SIGNALLING),
    "born": (("assemblage", "operator", "devices"), {}, prove_born),
    "state": (("operator",), {}, prove_state),
    "mixture": (("assemblage", "noise", "data", "weight"), {}, prove_mixture),
    "quantum": (("assemblage",), {"from": premises(1, 2)}, prove_quantum),
    "local": (("assemblage",), {"model": Claim.read_model}, prove_local),
    "pseudo-local": (("assemblage",), {"model": Claim.read_model}, prove_local),
    "affine-local": (("assemblage",), {"model": Claim.read_model}, prove_local),
    "projective-local": (
        ("assemblage",),
        {"directions": Claim.read_directions, "responses": Claim.read_responses},
        prove_projective_local,
    ),
    "povm-local": (("assemblage", "data"), {"from": premises(1)}, prove_povm_local),
    "local-threshold": (("noise", "data", "weight"), {"from": premises(4)}, prove_local_threshold),
    "negativity-at-most": (
        ("assemblage", "bound"),
        {"from": premises(1), "matrix": Claim.read_matrix},
        prove_negativity_at_most,
    ),
    "negativity-at-least": (("assemblage", "bound"), {"from": premises(3)}, prove_negativity_at_least),
    "block-positive": (
        ("operator",),
        {"copies": Claim.read_numbers, "squares": Claim.read_squares},
        prove_block_positive,
    ),
    "not-block-positive": (("operator",), {"vectors": Claim.read_columns}, prove_not_block_positive),
    "decomposable": (("operator",), {"parts": Claim.read_parts}, prove_decomposable),
    "not-decomposable": (("operator",), {"matrix": Claim.read_matrix}, prove_not_decomposable),
    "trace-preserving": (("operator",), {}, prove_trace_preserving),
    "image": (("assemblage", "data", "maps"), {}, prove_image),
    "quantum-correlations": (("assemblage",), {"from": premises(4, MAX_LIST)}, prove_correlations),
    "product-basis": (("vectors",), {}, prove_product_basis),
    "unextendible": (("vectors",), {}, prove_unextendible),
    "witness": (("operator", "vectors", "bound"), {}, prove_witness),
    "maximal-events": (("events",), {}, prove_maximal),
    "extendible-events": (("events",), {"boxes": Claim.read_numbers}, prove_extendible),
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
    if 0 < sys.get_int_max_str_digits() < LONG:
        sys.set_int_max_str_digits(LONG)
    try:
        return check(data, claim)
    except (RecursionError, MemoryError):
        raise Unreadable("too large for this machine") from None


def check(data: bytes, expected: bytes | None) -> Report:
    """Read everything, then decide the steps in their order, then look for the statements of the claim among them."""
    WORK.left = MAX_WORK
    parts = load(data, "file").record(("format", "claim", "proof"))
    parts["format"].need(parts["format"].value == "steeralg-proof/1", "unknown format")
    claim, proof = Claim(parts["claim"]), parts["proof"].record(("objects", "steps"))
    if expected is not None:
        node = load(expected, "--claim")
        claim.compare(Claim(node.member("claim") if "claim" in node.of(dict) else node))
    own = set(claim.objects)
    claim.read_objects(proof["objects"])
    steps = [claim.read_step(step) for step in proof["steps"].array(1, MAX_LIST)]
    proved: list[Proved] = []
    for i, (statement, evidence) in enumerate(steps):
        try:
            proved.append(RULES[statement["rule"]][2](claim, statement, evidence, proved))
        except (Rejected, Unreadable) as refusal:
            raise type(refusal)(f"step {i} ({statement['rule']}): {refusal}") from None
        spend(STORED + len(proved[-1].sentence))
    found: list[Proved] = []
    for i, statement in enumerate(claim.statements):
        texts = (text for key, text in statement.items() if key not in ("rule", "bound", "weight"))
        about = {name for text in texts for name in text.split(" ")}
        require(about <= own, f"statement {i} of the claim is about an object that the claim lacks")
        found += [p for p in proved if p.statement == statement][:1]
        require(len(found) > i, f"statement {i} of the claim is not proved by any step")
    scenarios = {"scenario": claim.scenario}
    for name, (_, shape, _) in claim.objects.items():
        if name in own and isinstance(shape, Scenario) and shape != claim.scenario:
            scenarios[f"scenario of {name}"] = shape
    lines = [f"{title}: {scenario.sentence()}" for title, scenario in scenarios.items()]
    theta = "i)"
    if claim.field.degree > 1:
        theta = f"theta, i), {show(claim.field, [Fraction(0), Fraction(1)])}, a root of {claim.field.polynomial}"
    lines.append(f"field: Q({theta}")
    return Report(claim.name, (*lines, *(p.sentence for p in found)), tuple(found))


# ---- printing --------------------------------------------------------------------------------------------------------
CORRELATIONS = ("quantum-correlations", "projective-local", "povm-local")  # the rules that say which there are
LIMITS = """not established: {}that a bound is optimal;
    that the matrices are those of any paper (compare the data, or state your own claim with --claim).
    Trusted: Python's integers, fractions and JSON reader; check.py; the theorems named in FORMAT.md with the rules."""


def show(field: Field, vector: Sequence[Fraction]) -> str:
    """An element of the field, exactly and in decimals; str of an int has a limit, of a Decimal it has none."""
    numbers = ["/".join(str(Decimal(n)) for n in v.as_integer_ratio()).removesuffix("/1") for v in vector]
    terms = [v + f" theta^{k}".removesuffix("^1") * (k > 0) for k, v in enumerate(numbers) if v != "0"]
    exact = " + ".join(terms).replace("+ -", "- ") or "0"
    (top, scale), bits = numerators(vector), 64
    while bits <= MAX_SHOWN:
        field.refine(bits)
        *ends, n = horner(top, field.lo, field.hi, field.unit)
        low, high = (f"{Decimal(t) / Decimal(n * scale):.12g}" for t in ends)
        if low == high:
            return f"{exact} ~ {low}"
        bits *= 2
    return exact


def read_file(path: str) -> bytes:
    """As much of a file as is needed to see that it is too long; opening a pipe might never end."""
    if os.path.exists(path) and not os.path.isfile(path):
        raise OSError("not a regular file")
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
            known = any(p.statement["rule"] in CORRELATIONS for p in report.proved)
            print(LIMITS.format("" if known else "which correlations measurements of the trusted party can give; "))
        except (Rejected, Unreadable, OSError) as refusal:
            verdict = "rejected" if isinstance(refusal, Rejected) else "unreadable"
            print(f"{verdict} {name}: {refusal}", file=sys.stderr)
            code = max(code, 1 if verdict == "rejected" else 2)
    return code


if __name__ == "__main__":
    sys.exit(main())
