"""Witnesses of statements on operators as JSON values, writing and reading side by side. See proofs/FORMAT.md.

Above: the encoding of steps. Below: steps, the encoding of matrices. Reading trusts that the checker has accepted the
file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from steeralg.algebra.form import Monomial
from steeralg.certificates import encode
from steeralg.certificates.steps import Witness
from steeralg.errors import ShapeError
from steeralg.exact.field import Field
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number, as_number
from steeralg.models.projective import ProjectiveEntry, ProjectiveModel
from steeralg.objects.devices import Operator
from steeralg.positivity.decomposable import Cut, Decomposition, PPTOperator
from steeralg.positivity.squares import BlockPositivity, SquareBlock
from steeralg.positivity.values import NegativeProduct


def witness_fields(witness: Witness | None) -> Iterator[Field]:
    """Yield the number fields of the matrices of a witness."""
    if isinstance(witness, BlockPositivity):
        yield from (block.gram.field for block in witness.blocks)
    elif isinstance(witness, NegativeProduct):
        yield from (vector.field for vector in witness.vectors)
    elif isinstance(witness, Decomposition):
        yield from (part.field for part in witness.parts.values())
    elif isinstance(witness, PPTOperator):
        yield witness.matrix.field
    elif isinstance(witness, ProjectiveModel):
        yield from (number.field for entry in witness.entries for number in (entry.weight, *entry.responses))
    elif isinstance(witness, Matrix):
        yield witness.field


def witness_to_json(witness: Witness) -> dict[str, Any]:
    """Write a witness: the members of its step. Raises HermitianError or ShapeError."""
    if isinstance(witness, BlockPositivity):
        squares = [
            {"monomials": [_monomial_to_json(m) for m in block.words], "gram": encode.matrix_to_json(block.gram)}
            for block in witness.blocks
        ]
        return {"copies": list(witness.copies), "squares": squares}
    if isinstance(witness, NegativeProduct):
        return {"vectors": [column_to_json(vector) for vector in witness.vectors]}
    if isinstance(witness, Decomposition):
        parts = [{"transposed": list(cut), "matrix": encode.matrix_to_json(m)} for cut, m in witness.parts.items()]
        return {"parts": parts}
    if isinstance(witness, PPTOperator):
        return {"matrix": encode.matrix_to_json(witness.matrix)}
    if isinstance(witness, Matrix):
        return {"matrix": encode.matrix_to_json(witness)}
    if isinstance(witness, ProjectiveModel):
        return _responses_to_json(witness)
    return {"boxes": list(witness)}


def witness_from_json(value: Mapping[str, Any], operator: Operator | None, base: Field) -> Witness | None:
    """Read the witness of a step; `operator` is what it is about, if it is about one. None if it has none."""
    if "boxes" in value:
        return tuple(value["boxes"])
    if "responses" in value:
        return _responses_from_json(value, base)
    if operator is None:
        return encode.matrix_from_json(value["matrix"], len(value["matrix"]["re"]), base) if "matrix" in value else None
    if "squares" in value:
        blocks = []
        for block in value["squares"]:
            words = tuple(map(_monomial_from_json, block["monomials"]))
            blocks.append(SquareBlock(words, encode.matrix_from_json(block["gram"], len(words), base)))
        return BlockPositivity(operator, tuple(value["copies"]), tuple(blocks))
    order = operator.matrix.rows
    if "vectors" in value:
        return NegativeProduct.verified(operator, [column_from_json(v, base) for v in value["vectors"]])
    if "parts" in value:
        parts: dict[Cut, Matrix] = {}
        for part in value["parts"]:
            # A file may have several parts of one transposition; their sum proves as much.
            cut, matrix = tuple(sorted(set(part["transposed"]))), encode.matrix_from_json(part["matrix"], order, base)
            parts[cut] = parts[cut] + matrix if cut in parts else matrix
        return Decomposition(operator, parts)
    if "matrix" in value:
        return PPTOperator.verified(operator, encode.matrix_from_json(value["matrix"], order, base))
    return None


def column_to_json(vector: Matrix) -> dict[str, Any]:
    """Write a column up to scale: the numerators of its entries. Raises ShapeError."""
    d, n = vector.field.degree, vector.rows
    if vector.columns != 1:
        raise ShapeError(f"a vector is a column, not a {n} x {vector.columns} matrix")

    def row(planes: tuple[tuple[int, ...], ...]) -> str:
        entries = [[plane[i] for plane in planes] for i in range(n)]
        return " ".join(",".join(map(str, e)) if any(e[1:]) else str(e[0]) for e in entries)

    result = {"re": row(vector.planes[:d])}
    return result if vector.is_real else result | {"im": row(vector.planes[d:])}


def column_from_json(value: Mapping[str, Any], base: Field) -> Matrix:
    """Read a column."""

    def row(text: str) -> list[tuple[int, ...]]:
        entries = [tuple(map(int, entry.split(","))) for entry in text.split()]
        return [e + (0,) * (base.degree - len(e)) for e in entries]

    re = row(value["re"])
    im = row(value["im"]) if "im" in value else [(0,) * base.degree] * len(re)
    return Matrix.from_numbers([[Number(base, a, b)] for a, b in zip(re, im, strict=True)], base)


def _responses_to_json(model: ProjectiveModel) -> dict[str, Any]:
    entries = [
        {
            "outcomes": [list(answers) for answers in entry.outcomes],
            "weights": [encode.bound_to_json(x) for x in (entry.weight, *entry.responses)],
        }
        for entry in model.entries
    ]
    return {"directions": [list(map(encode.rational_to_json, v)) for v in model.directions], "responses": entries}


def _responses_from_json(value: Mapping[str, Any], base: Field) -> ProjectiveModel:
    entries = []
    for entry in value["responses"]:
        weight, *responses = (as_number(encode.bound_from_json(x, base)) for x in entry["weights"])
        entries.append(ProjectiveEntry(tuple(map(tuple, entry["outcomes"])), weight, tuple(responses)))
    directions = [tuple(map(encode.rational_from_json, v)) for v in value["directions"]]
    return ProjectiveModel(tuple((x, y, z) for x, y, z in directions), tuple(entries))


def _monomial_to_json(monomial: Monomial) -> list[str]:
    return [" ".join([*map(str, plain), *(f"{i}*" for i in starred)]) for plain, starred in monomial]


def _monomial_from_json(value: list[str]) -> Monomial:
    factors = []
    for text in value:
        entries = text.split()
        plain = tuple(int(e) for e in entries if not e.endswith("*"))
        factors.append((plain, tuple(int(e[:-1]) for e in entries if e.endswith("*"))))
    return tuple(factors)
