"""Exact linear systems over K(i), K a real embedded number field.

Above: certificates. Below: numbers, integer echelon forms. An unknown of K(i) is as many rational ones as K(i) has
dimensions over Q; multiplication by a number is a rational matrix, and the rational system is solved.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from math import lcm

from steeralg.exact import integer
from steeralg.exact.field import RATIONALS, Field
from steeralg.exact.number import Number, lift


def solve(rows: Sequence[Sequence[Number]], right: Sequence[Number], columns: int) -> list[Number] | None:
    """Return a solution of rows . x = right with zeros where there is a choice; None if there is no solution.

    All numbers are rational or of one field. Columns are used from the first to the last: an unknown is zero if its
    column depends on those before it.
    """
    every = [x for row in rows for x in row] + list(right)
    field = next((x.field for x in every if not x.field.is_rational), RATIONALS)
    size = field.degree * (1 if all(x.is_real for x in every) else 2)
    units = [_unit(field, k) for k in range(size)]
    width = columns * size
    table = []
    for row, value in zip(rows, right, strict=True):
        images = [_images(x, field, units) for x in row]
        wanted = _coordinates(value, field, size)
        for part in range(size):
            line = [image[part] for block in images for image in block] + [wanted[part]]
            scale = lcm(*(x.denominator for x in line))
            table.append([int(x * scale) for x in line])
    reduced, pivots = integer.echelon(table, width + 1)
    if width in pivots:
        return None
    found = [Fraction(0)] * width
    for line, pivot in zip(reduced, pivots, strict=True):
        found[pivot] = line[width]
    return [_number(found[k * size : (k + 1) * size], field) for k in range(columns)]


def solve_sparse(rows: Sequence[Mapping[int, Number]], right: Sequence[Number], columns: int) -> list[Number] | None:
    """The same for rows that hold their non-zero entries by column: parts that share no unknown are solved apart."""
    parent = list(range(columns))

    def find(k: int) -> int:
        while parent[k] != k:
            parent[k] = parent[parent[k]]
            k = parent[k]
        return k

    for row in rows:
        for one, other in pairwise(row):
            parent[find(other)] = find(one)
    parts: dict[int | None, list[int]] = {}
    for number, row in enumerate(rows):
        parts.setdefault(find(next(iter(row))) if row else None, []).append(number)
    unknowns: dict[int, list[int]] = {}
    for column in range(columns):
        unknowns.setdefault(find(column), []).append(column)
    found = [Number.of(0)] * columns
    for root, numbers in parts.items():
        if root is None:
            if any(not right[k].is_zero for k in numbers):
                return None
            continue
        here = unknowns[root]
        table = [[rows[k].get(column, Number.of(0)) for column in here] for k in numbers]
        values = solve(table, [right[k] for k in numbers], len(here))
        if values is None:
            return None
        for column, value in zip(here, values, strict=True):
            found[column] = value
    return found


def _unit(field: Field, k: int) -> Number:
    """Return theta^k, or i theta^(k - d) from k = d on."""
    d = field.degree
    place = tuple(int(j == k % d) for j in range(d))
    return Number(field, place, field.embed(0)) if k < d else Number(field, field.embed(0), place)


def _images(x: Number, field: Field, units: Sequence[Number]) -> list[list[Fraction]]:
    """Return the columns of the rational matrix that multiplies by a number."""
    size = len(units)
    if x.is_rational:
        value = x.fraction()
        return [[value if j == k else Fraction(0) for j in range(size)] for k in range(size)]
    return [_coordinates(x * unit, field, size) for unit in units]


def _coordinates(x: Number, field: Field, size: int) -> list[Fraction]:
    whole = x if x.field == field else lift(x, field)
    return [Fraction(c, whole.denominator) for c in (*whole.re, *whole.im)[:size]]


def _number(coordinates: Sequence[Fraction], field: Field) -> Number:
    common, d = lcm(*(c.denominator for c in coordinates)), field.degree
    whole = [int(c * common) for c in coordinates] + [0] * (2 * d - len(coordinates))
    return Number(field, tuple(whole[:d]), tuple(whole[d:]), common)
