"""Between sympy and the exact layer: expressions and matrices in, the same numbers out.

Above: everything users touch (public objects are sympy's). Below: fields, numbers, matrices. In the exact layer only
this module and `adjoin` import sympy. Accepted: whatever sympy can write with rationals, I, and real algebraic numbers
(roots, CRootOf, cos(pi/8), ...); floats are refused, symbols too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import combinations
from math import isqrt, lcm, prod
from typing import Any

import sympy
from sympy.polys.polyerrors import BasePolynomialError

from steeralg.errors import NumberError, ShapeError
from steeralg.exact.field import RATIONALS, Field
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number, exact_rational

_X = sympy.Symbol("x")


def field_of_root(polynomial: Any, root: Any) -> Field:
    """Return Q(theta) for the real root `root` (a sympy number) of an integer polynomial, given lowest degree first
    or as sympy.

    The polynomial has to be irreducible and monic, so that theta is an algebraic integer: for a leading coefficient c
    use c*theta. Raises NumberError otherwise.
    """
    poly = _polynomial(polynomial)
    if not poly.is_irreducible or poly.LC() != 1 or not all(c.is_Integer for c in poly.all_coeffs()):
        raise NumberError(
            f"{poly.as_expr()} is not a monic irreducible integer polynomial; scale the root by the leading coefficient"
        )
    coefficients = tuple(int(c) for c in reversed(poly.all_coeffs()))
    value = _sympified(root)
    if not getattr(value, "is_real", False):
        raise NumberError(f"{str(root)[:60]} is not a real root of {poly.as_expr()}")
    bits = 8
    while bits <= 4096:
        # The approximation only suggests an interval; Field proves that it isolates a root, the sign test which one.
        approximate = sympy.N(value, bits // 3 + 20)
        centre = Fraction(int(sympy.floor(approximate * 2**bits)), 1 << bits)
        try:
            field = Field(coefficients, (centre - Fraction(1, 1 << bits), centre + Fraction(2, 1 << bits)))
        except NumberError:
            bits *= 2
            continue
        if poly.count_roots(*(sympy.Rational(x.numerator, x.denominator) for x in field.interval)) == 1:
            return field
        bits *= 2
    raise NumberError(f"no isolating interval found for {root}: is it a real root of {poly.as_expr()}?")


def _polynomial(given: Any) -> Any:
    """Return a polynomial in x from its coefficients, lowest degree first, or from sympy's. Raises NumberError."""
    try:
        terms = given if isinstance(given, sympy.Basic) else [_integer(c) for c in reversed(given)]
        poly = sympy.Poly(terms, _X)
    except (TypeError, ValueError, AttributeError, sympy.SympifyError, BasePolynomialError):
        raise NumberError(f"{str(given)[:60]!r} are no coefficients of a polynomial; write integers") from None
    if poly.is_zero or not all(c.is_Integer for c in poly.all_coeffs()):
        raise NumberError(f"{poly.as_expr()} is no polynomial with integer coefficients")
    return poly


def _integer(value: Any) -> Any:
    """Return an integer; anything else raises TypeError, above all what would have to be rounded."""
    if isinstance(value, bool) or not isinstance(value, int | sympy.Integer):
        raise TypeError
    return value


def field_of_polynomial(
    coefficients: Sequence[int], interval: tuple[Fraction | int | str, Fraction | int | str]
) -> Field:
    """Return Q(theta) for the only root of an irreducible integer polynomial (lowest degree first, any leading
    coefficient) in an interval.

    With a leading coefficient c > 1 the generator becomes c*theta, which is an algebraic integer. Raises NumberError
    if the polynomial is reducible or the interval does not hold exactly one root.
    """
    poly = _polynomial(coefficients)
    low, high = (sympy.Rational(x.numerator, x.denominator) for x in map(exact_rational, interval))
    roots = [r for r in poly.real_roots() if low <= r <= high] if poly.is_irreducible else []
    if len(roots) != 1:
        raise NumberError(f"{poly.as_expr()} must be irreducible with exactly one root in [{low}, {high}]")
    root = roots[0]
    lead, degree = int(poly.LC()), poly.degree()
    scaled = [int(c) * lead ** (degree - 1 - k) for k, c in enumerate(reversed(poly.all_coeffs()[1:]))]
    return field_of_root([*scaled, 1], root * lead)


def _generators(expression: Any) -> set[Any]:
    """The irrational leaves of an expression in +, *, integer powers, rationals and I."""
    if expression.is_Rational or expression == sympy.I:
        return set()
    if expression.has(sympy.Float):
        raise NumberError(f"{expression} is a float; write the exact number (a fraction, a decimal string, sqrt(2))")
    if expression.is_Add or expression.is_Mul or (expression.is_Pow and expression.exp.is_Integer):
        return set().union(*(_generators(arg) for arg in expression.args))
    if expression.free_symbols or not expression.is_number:
        raise NumberError(f"{expression} is not a number")
    return {expression}


def _real_form(expression: Any) -> Any:
    """Write complex leaves (roots of unity, say) by their real and imaginary parts."""
    if all(g.is_real for g in _generators(expression)):
        return expression
    expanded = sympy.expand_complex(expression)
    if not all(g.is_real for g in _generators(expanded)):
        raise NumberError(f"cannot separate the real and imaginary parts of {expression}")
    return expanded


_MAX_GENERATORS = 4


def _is_root_of_integer(generator: Any) -> bool:
    return bool(generator.is_Pow and generator.exp == sympy.Rational(1, 2) and generator.base.is_Integer)


def _independent_roots(radicands: Sequence[int]) -> list[int]:
    """Choose radicands whose square roots generate all the others: a basis modulo squares."""
    chosen: list[int] = []
    pivots: dict[int, frozenset[int]] = {}
    for radicand in sorted(radicands):
        odd = frozenset(p for p, e in sympy.factorint(radicand).items() if e % 2)
        while odd and max(odd) in pivots:
            odd ^= pivots[max(odd)]
        if odd:
            pivots[max(odd)] = odd
            chosen.append(radicand)
    return chosen


@lru_cache(maxsize=256)
def _span(generators: tuple[Any, ...]) -> tuple[Field, tuple[tuple[Any, Number], ...]]:
    """The field generated by real algebraic numbers, with each of them as an element."""
    if not generators:
        return RATIONALS, ()
    roots = {int(g.base) for g in generators if _is_root_of_integer(g)}
    basis = _independent_roots(sorted(roots))
    kept = tuple(g for g in generators if not _is_root_of_integer(g) or int(g.base) in basis)
    if len(kept) > _MAX_GENERATORS:
        names = ", ".join(map(str, kept[:6]))
        raise NumberError(f"{len(kept)} independent irrationalities ({names}, ...); at most {_MAX_GENERATORS}")
    field, images = _primitive(kept)
    table = dict(images)
    for radicand in sorted(roots - set(basis)):
        table[sympy.sqrt(radicand)] = _dependent_root(radicand, basis, table, field)
    return field, tuple(table.items())


def _dependent_root(radicand: int, basis: Sequence[int], images: Mapping[Any, Number], field: Field) -> Number:
    """Write sqrt(radicand) as a rational multiple of a product of the basis' square roots."""
    for count in range(1, len(basis) + 1):
        for subset in combinations(basis, count):
            square = radicand * prod(subset)
            if isqrt(square) ** 2 == square:
                result = Number.of(Fraction(isqrt(square), prod(subset)), field)
                for base in subset:
                    result = result * images[sympy.sqrt(base)]
                return result
    raise NumberError(f"sqrt({radicand}) is not in the field of the square roots of {basis}")


def _primitive(generators: tuple[Any, ...]) -> tuple[Field, tuple[tuple[Any, Number], ...]]:
    """A primitive element by sympy, scaled to an algebraic integer, and the generators in its powers."""
    try:
        # A symbol of its own: sympy would confuse one that occurs inside a CRootOf among the generators.
        symbol = sympy.Dummy("theta")
        polynomial, combination, representations = sympy.primitive_element(generators, symbol, ex=True)
    except (NotImplementedError, ValueError, BasePolynomialError) as error:
        names = ", ".join(map(str, generators))[:100]
        raise NumberError(f"not recognised as algebraic numbers: {names} ({str(error)[:100]})") from None
    theta = sum((c * g for c, g in zip(combination, generators, strict=True)), sympy.Integer(0))
    integral = sympy.Poly(polynomial, symbol).clear_denoms()[1]
    lead, degree = int(integral.LC()), integral.degree()
    scaled = [int(c) * lead ** (k - 1) if k else 1 for k, c in enumerate(integral.all_coeffs())]
    if degree == 1:
        value = Fraction(-scaled[1], lead)
        exact = [
            _fraction(sympy.sympify(r[-1])) + (_fraction(sympy.sympify(r[0])) * value if len(r) > 1 else 0)
            for r in representations
        ]
        return RATIONALS, tuple((g, Number.of(x)) for g, x in zip(generators, exact, strict=True))
    field = field_of_root(list(reversed(scaled)), theta * lead)
    images = []
    for generator, representation in zip(generators, representations, strict=True):
        coefficients = [_fraction(sympy.sympify(c)) / lead**k for k, c in enumerate(reversed(representation))]
        coefficients += [Fraction(0)] * (degree - len(coefficients))
        common = lcm(*(c.denominator for c in coefficients))
        images.append((generator, Number(field, tuple(int(c * common) for c in coefficients), field.embed(0), common)))
    return field, tuple(images)


def _fraction(value: Any) -> Fraction:
    return Fraction(int(value.p), int(value.q))


def _evaluate(expression: Any, field: Field, images: Mapping[Any, Number]) -> Number:
    """Evaluate an expression in the field, given the images of its generators."""
    if expression in images:
        return images[expression]
    if expression.is_Rational:
        return Number.of(_fraction(expression), field)
    if expression == sympy.I:
        return Number(field, field.embed(0), field.embed(1))
    values = [_evaluate(arg, field, images) for arg in expression.args if not expression.is_Pow]
    if expression.is_Add or expression.is_Mul:
        result = values[0]
        for value in values[1:]:
            result = result + value if expression.is_Add else result * value
        return result
    base, exponent = _evaluate(expression.base, field, images), int(expression.exp)
    if exponent < 0:
        if base.is_zero:
            raise NumberError(f"division by zero in {expression}")
        base, exponent = base.inverse(), -exponent
    result = Number.of(1, field)
    for _ in range(exponent):
        result = result * base
    return result


def _sympified(value: Any) -> Any:
    try:
        expression = sympy.sympify(value, strict=True)
    except (sympy.SympifyError, TypeError, ValueError):
        raise NumberError(f"{str(value)[:60]!r} is not a sympy number; strings are read by files, not here") from None
    if not isinstance(expression, sympy.Expr):
        raise NumberError(f"{str(value)[:60]!r} is not a number")
    return expression


def numbers_from_sympy(expressions: Iterable[Any]) -> list[Number]:
    """Convert sympy numbers to numbers of one common field, the one they generate. Raises NumberError."""
    exact = [_real_form(_sympified(e)) for e in expressions]
    generators = set().union(*(_generators(e) for e in exact)) if exact else set()
    field, images = _span(tuple(sorted(generators, key=sympy.default_sort_key)))
    table = dict(images)
    return [_evaluate(e, field, table) for e in exact]


def matrices_from_sympy(matrices: Sequence[Any]) -> list[Matrix]:
    """Convert sympy matrices (or nested sequences of sympy numbers) to matrices over one common field."""
    tables = []
    for matrix in matrices:
        rows = matrix.tolist() if hasattr(matrix, "tolist") else matrix
        if not isinstance(rows, list | tuple) or not all(isinstance(row, list | tuple) for row in rows):
            raise ShapeError(f"{str(matrix)[:60]!r} is not a matrix: rows of numbers are needed")
        if not rows or not rows[0] or any(len(row) != len(rows[0]) for row in rows):
            raise ShapeError("a matrix needs rows of equal, non-zero length")
        tables.append(rows)
    numbers = iter(numbers_from_sympy(x for rows in tables for row in rows for x in row))
    converted = [[[next(numbers) for _ in row] for row in rows] for rows in tables]
    field = converted[0][0][0].field if converted else RATIONALS
    return [Matrix.from_numbers(rows, field) for rows in converted]


def as_matrices(matrices: Sequence[Any]) -> list[Matrix]:
    """Bring matrices of any kind (exact, sympy, nested sequences) to exact matrices over one common field."""
    foreign = iter(matrices_from_sympy([m for m in matrices if not isinstance(m, Matrix)]))
    return unify([m if isinstance(m, Matrix) else next(foreign) for m in matrices])


def unify(matrices: Sequence[Matrix]) -> list[Matrix]:
    """Write matrices of several fields over one field that contains them all."""
    fields = {m.field for m in matrices if not m.field.is_rational}
    if len(fields) <= 1:
        field = next(iter(fields), RATIONALS)
        return [m.over(field) for m in matrices]
    return matrices_from_sympy([matrix_to_sympy(m) for m in matrices])


@lru_cache(maxsize=64)
def generator_to_sympy(field: Field) -> Any:
    """Return theta as a sympy number: by radicals where they are short, as a CRootOf otherwise."""
    if field.is_rational:
        return sympy.Integer(0)
    poly = sympy.Poly(list(reversed(field.minimal_polynomial)), _X)
    low, high = (sympy.Rational(x.numerator, x.denominator) for x in field.interval)
    if field.degree in (2, 4):
        # Quadratic and biquadratic generators have short radicals; sqrtdenest finds sqrt(2) + sqrt(3).
        for root in sympy.roots(poly):
            candidate = sympy.sqrtdenest(root)
            if candidate.is_real and not candidate.has(sympy.I) and low <= candidate <= high:
                return candidate
    return next(r for r in poly.real_roots() if low <= r <= high)


@lru_cache(maxsize=64)
def _powers_to_sympy(field: Field) -> tuple[Any, ...]:
    theta = generator_to_sympy(field)
    return tuple(sympy.expand(theta**k) for k in range(field.degree))


def number_to_sympy(number: Number) -> Any:
    """Return an exact number as a sympy expression."""
    powers = _powers_to_sympy(number.field)
    real = sum(
        (sympy.Rational(c, number.denominator) * p for c, p in zip(number.re, powers, strict=True)), sympy.Integer(0)
    )
    imaginary = sum(
        (sympy.Rational(c, number.denominator) * p for c, p in zip(number.im, powers, strict=True)), sympy.Integer(0)
    )
    return sympy.expand(real + sympy.I * imaginary)


def matrix_to_sympy(matrix: Matrix) -> Any:
    """Return an exact matrix as an immutable sympy matrix."""
    entries = [[number_to_sympy(matrix.entry(i, j)) for j in range(matrix.columns)] for i in range(matrix.rows)]
    return sympy.ImmutableMatrix(entries)
