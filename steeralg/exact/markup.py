"""Exact numbers and matrices for the reader: LaTeX, and MathML, which browsers draw without any script.

Above: tables of objects, reports, the displays of notebooks. Below: conversion, matrices, numbers. What is exact is
written exactly; decimals are correctly rounded, and only written where they are asked for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from html import escape
from typing import Any

import sympy

from steeralg.exact.convert import matrix_to_sympy, number_to_sympy
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number
from steeralg.verdict import OneLine

_TIMES = "<mo>\u2062</mo>"
"""Invisible times."""


def exact_text(number: Number) -> str:
    """Return a number exactly, as sympy writes it."""
    return str(number_to_sympy(number))


def matrix_rows(matrix: Matrix) -> str:
    """Return a matrix exactly on one line: entries separated by commas, rows by semicolons."""
    columns = range(matrix.columns)
    return "; ".join(", ".join(exact_text(matrix.entry(i, j)) for j in columns) for i in range(matrix.rows))


def is_short(matrix: Matrix, length: int) -> bool:
    """Whether every entry, written exactly, has at most so many characters."""
    return all(len(exact_text(matrix.entry(i, j))) <= length for i in range(matrix.rows) for j in range(matrix.columns))


# ---- LaTeX -----------------------------------------------------------------------------------------------------------
def number_latex(number: Number) -> str:
    """Return a number exactly in LaTeX, without dollars."""
    return str(sympy.latex(number_to_sympy(number)))


def matrix_latex(matrix: Matrix) -> str:
    """Return a matrix exactly in LaTeX, without dollars."""
    return str(sympy.latex(matrix_to_sympy(matrix), mat_delim="("))


# ---- MathML ----------------------------------------------------------------------------------------------------------
def math(content: str, *, block: bool = False) -> str:
    """Return MathML as an element of a page."""
    style = ' display="block"' if block else ""
    return f"<math{style}>{content}</math>"


def number_mathml(number: Number) -> str:
    """Return a number exactly in MathML."""
    return _mathml(number_to_sympy(number))


def decimal_mathml(number: Number, digits: int) -> str:
    """Return a complex number in MathML, both parts correctly rounded to so many decimals; a part that is 0 is left
    out.
    """
    imaginary = number.imaginary
    if imaginary.is_zero:
        return "<mn>0</mn>" if number.is_zero else _signed(number.decimal(digits))
    size = imaginary.decimal(digits)
    if not any(number.re):
        return f"<mrow>{_signed(size)}{_TIMES}<mi>i</mi></mrow>"
    sign = "−" if size.startswith("-") else "+"
    real = _signed(number.decimal(digits))
    return f"<mrow>{real}<mo>{sign}</mo><mn>{size.removeprefix('-')}</mn>{_TIMES}<mi>i</mi></mrow>"


def matrix_mathml(matrix: Matrix, digits: int | None = None) -> str:
    """Return a matrix in MathML, exactly, or rounded to so many decimals; a 1 x 1 matrix as a number."""
    entries = [[matrix.entry(i, j) for j in range(matrix.columns)] for i in range(matrix.rows)]
    cells = [[number_mathml(x) if digits is None else decimal_mathml(x, digits) for x in row] for row in entries]
    if len(cells) == 1 and len(cells[0]) == 1:
        return cells[0][0]
    rows = "".join(f"<mtr>{''.join(f'<mtd>{cell}</mtd>' for cell in row)}</mtr>" for row in cells)
    return f"<mrow><mo>(</mo><mtable>{rows}</mtable><mo>)</mo></mrow>"


def _signed(digits: str) -> str:
    if digits.startswith("-"):
        return f"<mrow><mo>−</mo><mn>{digits[1:]}</mn></mrow>"
    return f"<mn>{digits}</mn>"


def _mathml(expression: Any) -> str:
    """Write a sympy number; what is neither rational nor made of roots stays as sympy writes it."""
    if expression.is_Add:
        first, *rest = expression.as_ordered_terms()
        return f"<mrow>{_mathml(first)}{''.join(map(_summand, rest))}</mrow>"
    if expression.could_extract_minus_sign():
        return f"<mrow><mo>−</mo>{_mathml(-expression)}</mrow>"
    if expression.is_Integer:
        return f"<mn>{expression}</mn>"
    above, below = sympy.fraction(expression)
    if below != 1:
        return f"<mfrac>{_mathml(above)}{_mathml(below)}</mfrac>"
    if expression.is_Mul:
        return f"<mrow>{_TIMES.join(_factor(factor) for factor in expression.as_ordered_factors())}</mrow>"
    if expression == sympy.I:
        return "<mi>i</mi>"
    if expression.is_Pow and expression.exp == sympy.Rational(1, 2):
        return f"<msqrt>{_mathml(expression.base)}</msqrt>"
    return f"<mtext>{escape(str(expression))}</mtext>"


def _summand(term: Any) -> str:
    return f"<mo>−</mo>{_mathml(-term)}" if term.could_extract_minus_sign() else f"<mo>+</mo>{_mathml(term)}"


def _factor(factor: Any) -> str:
    return f"<mrow><mo>(</mo>{_mathml(factor)}<mo>)</mo></mrow>" if factor.is_Add else _mathml(factor)


# ---- HTML ------------------------------------------------------------------------------------------------------------
SHORT, DIGITS = 48, 6
_MOST = 4096
"""How many entries a notebook shows of one value."""


class OfMatrices(OneLine):
    """A value made of matrices: notebooks show its repr and every matrix."""

    def matrices(self) -> Iterator[tuple[str, Matrix]]:
        """Yield every matrix with its label, empty for the only one."""
        raise NotImplementedError

    def _repr_html_(self) -> str:
        pairs = list(self.matrices())
        return head(self) + (matrix_list(pairs) if is_handy([matrix for _, matrix in pairs]) else "")


def head(value: object) -> str:
    """Return the repr of a value as a paragraph."""
    return f"<p>{escape(repr(value))}</p>"


def is_handy(matrices: Collection[Matrix]) -> bool:
    """Whether a notebook shows these matrices entry by entry."""
    return sum(matrix.rows * matrix.columns for matrix in matrices) <= _MOST


def decimals(matrices: Iterable[Matrix]) -> int | None:
    """Return how many decimals to show, None for exact entries: rounded together if one entry is long."""
    return None if all(is_short(matrix, SHORT) for matrix in matrices) else DIGITS


def matrix_list(pairs: Sequence[tuple[str, Matrix]], symbol: str = "") -> str:
    """Return labelled matrices as a list that runs on as far as there is room; `symbol` is MathML for the whole.

    A matrix with a long entry is rounded, and written with an approximate sign.
    """
    items = []
    for label, matrix in pairs:
        digits = decimals([matrix])
        index = f"<mtext>{escape(label)}</mtext>"
        name = f"<msub>{symbol}{index}</msub>" if symbol and label else symbol or (index if label else "")
        sign = "<mo>≈</mo>" if digits is not None else "<mo>=</mo>" if name else ""
        content = f"<mrow>{name}{sign}{matrix_mathml(matrix, digits)}</mrow>"
        items.append(f"<li>{math(content)}</li>")
    style = "display:flex;flex-wrap:wrap;gap:1em 2em;list-style:none;padding:0;overflow-x:auto"
    return f'<ul class="matrices" style="{style}">{"".join(items)}</ul>'
