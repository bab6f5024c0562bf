"""Exact results do not depend on python-flint.

Integer products by flint and by plain Python are both the sum over the inner index. A process in which flint cannot
be imported, so that sympy too has other ground types, writes the same bytes for products, positivity decisions,
conversions and the Breuer-Hall assemblage.
"""

import json
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
import sympy

from steeralg.constructions.saphs18 import breuer_hall, breuer_hall_map
from steeralg.exact import integer
from steeralg.exact.convert import numbers_from_sympy
from steeralg.exact.field import RATIONALS
from steeralg.exact.matrix import Matrix
from steeralg.exact.psd import Factor, decide_psd
from tests.strategies import CUBIC, SQRT2

ORDER = 20
"""Products of this order are large enough for flint."""


def by_definition(a, b, rows, inner, columns):
    return [
        sum(a[i * inner + k] * b[k * columns + j] for k in range(inner)) for i in range(rows) for j in range(columns)
    ]


@pytest.fixture(params=["flint", "python"])
def ground(request, monkeypatch):
    """Both ways of multiplying, whatever the size."""
    if request.param == "python":
        monkeypatch.setattr(integer, "flint", None)
    assert (integer.flint is None) == (request.param == "python")


def integers(seed, count):
    """Integers of up to 30 digits, zeros among them."""
    random = Random(seed)
    return [random.randint(-(10 ** random.randint(0, 30)), 10 ** random.randint(0, 30)) for _ in range(count)]


@pytest.mark.parametrize("rows, inner, columns", [(1, 1, 1), (2, 3, 4), (16, 16, 16), (4, 300, 5), (70, 1, 70)])
def test_products_are_sums_over_the_inner_index(ground, rows, inner, columns):
    for seed in range(5):
        a, b = integers(seed, rows * inner), integers(-seed - 1, inner * columns)
        assert integer.multiply(a, b, rows, inner, columns) == by_definition(a, b, rows, inner, columns)


@pytest.mark.parametrize("rows, columns", [(1, 1), (3, 5), (8, 8), (9, 20), (20, 9)])
def test_echelon_forms_are_reduced_and_have_the_same_rows(ground, rows, columns):
    for seed in range(4):
        free = integers(seed, rows * columns)
        table = [free[i * columns : (i + 1) * columns] for i in range(rows)]
        # A dependent row, and a column of zeros where there is room.
        table = [[*row[:-1], row[-1] if columns == 1 else 0] for row in table]
        table.append([x + y for x, y in zip(table[0], table[-1], strict=True)])
        reduced, pivots = integer.echelon(table, columns)
        for k, pivot in enumerate(pivots):
            assert [row[pivot] for row in reduced] == [int(j == k) for j in range(len(reduced))]
            assert not any(reduced[k][:pivot])
        for row in table:
            combined = [sum(row[p] * r[j] for p, r in zip(pivots, reduced, strict=True)) for j in range(columns)]
            assert combined == row


@pytest.mark.parametrize("order", [1, 2, 5, 15, 16, 20])
def test_hermitian_squares_are_l_times_its_adjoint(ground, order):
    for seed in range(5):
        planes = tuple(tuple(integers(seed + k, order * order)) for k in (0, 50))
        left = Matrix(RATIONALS, order, order, planes)
        assert tuple(map(tuple, integer.hermitian_square(*planes, order))) == (left @ left.adjoint).planes


def sample(field, seed, denominator=1):
    """A dense matrix of integers of about 60 digits, the powers of an element modulo a prime."""
    prime, state, planes = 2**201 - 55, seed + 3, []
    for _ in range(2 * field.degree):
        plane = []
        for _ in range(ORDER**2):
            state = state * (seed + 2**150 + 1) % prime
            plane.append(state - prime // 2)
        planes.append(tuple(plane))
    return Matrix(field, ORDER, ORDER, tuple(planes), denominator)


def written(matrix):
    field = matrix.field
    return [list(field.minimal_polynomial), list(map(str, field.interval)), matrix.planes, matrix.denominator]


def fingerprint():
    """Everything below in one canonical string."""
    parts = []
    for field in (RATIONALS, SQRT2, CUBIC[0]):
        a, b = sample(field, 1, 6), sample(field, 2, 35)
        parts += [written(a @ b), written(b @ a.adjoint), written(Matrix.from_numbers([[a.inner(b)]], field))]
    for field in (RATIONALS, SQRT2):
        low = Matrix(field, 3, 3, tuple(p[:9] for p in sample(field, 3).planes))
        gram = low @ low.adjoint
        for m in (gram, gram - Matrix.unit(3, 2, 2).scale(2**600), gram - Matrix.unit(3, 0, 0)):
            verdict = decide_psd(m)
            witness = verdict.witness
            numbers = [witness.value] if verdict.is_refuted else witness.pivots
            parts.append([verdict.is_proved, *(written(Matrix.from_numbers([[x]], field)) for x in numbers)])
    big_one = sample(RATIONALS, 4)
    factor, square = Factor(0, ORDER, *big_one.planes), big_one @ big_one.adjoint
    parts.append([factor.verify(square), factor.verify(square - Matrix.unit(ORDER, 5, 5))])
    roots = [sympy.sqrt(2), sympy.sqrt(3 + sympy.sqrt(5)), sympy.cos(sympy.pi / 7) + sympy.I, sympy.root(2, 3)]
    for number in (numbers_from_sympy([r])[0] for r in roots):
        parts.append([*written(Matrix.from_numbers([[number]], number.field)), number.decimal(40), str(number)])
    assemblage = breuer_hall()
    parts += [[str(label), written(element)] for label, element in sorted(assemblage.elements.items())]
    parts.append(written(breuer_hall_map().choi))
    return json.dumps(parts)


WITHOUT_FLINT = """
import sys
sys.modules["flint"] = None
from steeralg.exact import integer
from sympy.external.gmpy import GROUND_TYPES
from tests.test_ground import fingerprint
print(integer.flint is None, GROUND_TYPES != "flint")
print(fingerprint())
"""


def test_a_process_without_flint_writes_the_same_bytes():
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_FLINT],
        cwd=Path(__file__).resolve().parents[1],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    without, theirs = done.stdout.splitlines()
    assert without == "True True" and integer.flint is not None
    assert theirs == fingerprint()


def test_plain_python_gives_the_same_fingerprint(monkeypatch):
    expected = fingerprint()
    monkeypatch.setattr(integer, "flint", None)
    assert fingerprint() == expected
