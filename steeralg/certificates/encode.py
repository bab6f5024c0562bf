"""The parts of a proof file as JSON values: fields, numbers, matrices, words, factors. See proofs/FORMAT.md.

Above: proofs. Below: exact, algebra. Writing and reading side by side, so that the two cannot drift apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import lcm
from typing import Any

from steeralg.algebra.party import PartyAlgebra, PartyWord
from steeralg.algebra.word import Word, format_word, projector_algebra
from steeralg.certificates.certificate import Block
from steeralg.errors import FormatError
from steeralg.exact.field import Field
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number, as_bound
from steeralg.exact.psd import Factor
from steeralg.objects.scenario import Scenario


def rational_to_json(value: Fraction) -> str:
    """Write a rational as `p` or `p/q`."""
    return str(value)


def rational_from_json(text: str) -> Fraction:
    """Read a rational."""
    try:
        return Fraction(text)
    except (ValueError, TypeError, ZeroDivisionError):
        raise FormatError(f"{text!r} is not a rational number") from None


def bound_to_json(value: Fraction | Number) -> str:
    """Write a real number: a rational, or the coefficients of 1, theta, ..., joined by commas."""
    exact = as_bound(value)
    if isinstance(exact, Fraction):
        return rational_to_json(exact)
    return ",".join(rational_to_json(Fraction(c, exact.denominator)) for c in exact.re)


def bound_from_json(text: str, field: Field) -> Fraction | Number:
    """Read a bound."""
    parts = [rational_from_json(part) for part in text.split(",")]
    if len(parts) == 1:
        return parts[0]
    common = lcm(*(part.denominator for part in parts))
    return Number(field, tuple(int(part * common) for part in parts), field.embed(0), common)


def field_to_json(field: Field) -> dict[str, Any]:
    """Write a field and its embedding."""
    return {
        "minimal_polynomial": [str(c) for c in field.minimal_polynomial],
        "interval": [rational_to_json(end) for end in field.interval],
    }


def field_from_json(value: Mapping[str, Any]) -> Field:
    """Read a field."""
    low, high = map(rational_from_json, value["interval"])
    return Field(tuple(int(c) for c in value["minimal_polynomial"]), (low, high))


def matrix_to_json(matrix: Matrix) -> dict[str, Any]:
    """Write a Hermitian matrix: its lower triangle over one denominator. Raises HermitianError for any other."""
    matrix.require_hermitian("a matrix of a proof")
    n, d = matrix.rows, matrix.field.degree

    def rows(planes: Sequence[Sequence[int]], diagonal: int) -> list[str]:
        return [" ".join(_vector(planes, i * n + j) for j in range(i + diagonal)) for i in range(n)]

    result: dict[str, Any] = {"denominator": str(matrix.denominator), "re": rows(matrix.planes[:d], 1)}
    if not matrix.is_real:
        result["im"] = rows(matrix.planes[d:], 0)
    return result


def _vector(planes: Sequence[Sequence[int]], index: int) -> str:
    coefficients = [plane[index] for plane in planes]
    return ",".join(map(str, coefficients)) if any(coefficients[1:]) else str(coefficients[0])


def matrix_from_json(value: Mapping[str, Any], order: int, field: Field) -> Matrix:
    """Read a Hermitian matrix of a given order."""
    d = field.degree
    planes = [[0] * (order * order) for _ in range(2 * d)]
    for part, start, diagonal in (("re", 0, 1), ("im", d, 0)):
        for i, row in enumerate(value.get(part, [""] * order)):
            for j, entry in enumerate(row.split()):
                for k, c in enumerate(entry.split(",")):
                    planes[start + k][i * order + j] = int(c)
                    if i != j:
                        planes[start + k][j * order + i] = int(c) if diagonal else -int(c)
    return Matrix(field, order, order, tuple(map(tuple, planes)), int(value["denominator"]))


def word_from_json(value: Sequence[str], scenario: Scenario) -> Word:
    """Read a word."""
    parties = projector_algebra(scenario).parties
    return tuple(_party_word(party, part) for party, part in zip(parties, value, strict=True))


def _party_word(party: PartyAlgebra, text: str) -> PartyWord:
    names = {party.text((x, k)): (x, k) for x, size in enumerate(party.sizes()) for k in range(size)}
    return tuple(names[letter] for letter in text.split())


def block_to_json(block: Block, scenario: Scenario) -> dict[str, Any]:
    """Write a block of a sum of squares."""
    result: dict[str, Any] = {
        "words": [format_word(w, scenario) for w in block.words],
        "gram": matrix_to_json(block.gram),
    }
    return result | ({} if block.factor is None else {"factor": factor_to_json(block.factor)})


def factor_to_json(factor: Factor) -> dict[str, Any]:
    """Write the factor that witnesses positivity."""
    n = factor.order
    result: dict[str, Any] = {
        "exponent": factor.exponent,
        "re": [" ".join(map(str, factor.re[i * n : i * n + i + 1])) for i in range(n)],
    }
    if any(factor.im):
        result["im"] = [" ".join(map(str, factor.im[i * n : i * n + i])) for i in range(n)]
    return result


def factor_from_json(value: Mapping[str, Any], order: int) -> Factor:
    """Read a factor for a matrix of a given order."""
    parts = {}
    for part in ("re", "im"):
        rows = [[int(x) for x in row.split()] for row in value.get(part, [""] * order)]
        parts[part] = tuple(x for row in rows for x in (*row, *([0] * (order - len(row)))))
    return Factor(value["exponent"], order, parts["re"], parts["im"])


def block_from_json(value: Mapping[str, Any], scenario: Scenario, field: Field) -> Block:
    """Read a block of a sum of squares."""
    words = tuple(word_from_json(w, scenario) for w in value["words"])
    order = len(words) * scenario.dim
    factor = factor_from_json(value["factor"], order) if "factor" in value else None
    return Block(words, matrix_from_json(value["gram"], order, field), factor)
