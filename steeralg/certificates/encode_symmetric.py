"""Sums of squares up to symmetries as JSON values, writing and reading side by side. See proofs/FORMAT.md.

Above: the encoding of steps. Below: symmetric certificates, the encoding of matrices and factors.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from steeralg.algebra.automorphism import Generator
from steeralg.algebra.group_basis import GroupBasis, Monomial
from steeralg.certificates import encode
from steeralg.certificates.symmetric import InvariantBlock, SymmetricSquares
from steeralg.exact.field import Field
from steeralg.exact.number import IMAGINARY_UNIT, as_number
from steeralg.objects.scenario import Scenario


def symmetric_to_json(squares: SymmetricSquares) -> dict[str, Any]:
    """Write squares up to symmetries."""
    zeta = squares.basis.zeta
    re, im = (encode.bound_to_json(part) for part in (zeta.real, zeta.imaginary))
    return {
        "root": {"order": squares.basis.order, "re": re, "im": im},
        "generators": [_generator_to_json(g) for g in squares.generators],
        "blocks": [_block_to_json(block) for block in squares.blocks],
    }


def symmetric_from_json(value: Mapping[str, Any], scenario: Scenario, base: Field) -> SymmetricSquares:
    """Read squares up to symmetries."""
    root = value["root"]
    re, im = (as_number(encode.bound_from_json(root[part], base)) for part in ("re", "im"))
    zeta = re + im * IMAGINARY_UNIT
    return SymmetricSquares(
        GroupBasis(scenario, root["order"], zeta),
        tuple(_generator_from_json(g) for g in value["generators"]),
        tuple(_block_from_json(block, base) for block in value["blocks"]),
    )


def _generator_to_json(generator: Generator) -> dict[str, Any]:
    result: dict[str, Any] = {
        "boxes": list(generator.boxes),
        "settings": [list(box) for box in generator.settings],
        "outcomes": [[list(setting) for setting in box] for box in generator.outcomes],
        "weyl": [[turn, *exponents] for turn, exponents in generator.weyl],
    }
    return result | ({"antiunitary": True} if generator.antiunitary else {})


def _generator_from_json(value: Mapping[str, Any]) -> Generator:
    return Generator(
        tuple(value["boxes"]),
        tuple(map(tuple, value["settings"])),
        tuple(tuple(map(tuple, box)) for box in value["outcomes"]),
        tuple((image[0], tuple(image[1:])) for image in value["weyl"]),
        "antiunitary" in value,
    )


def _block_to_json(block: InvariantBlock) -> dict[str, Any]:
    result: dict[str, Any] = {
        "words": [_monomial_to_json(word) for word in block.words],
        "characters": [{"product": list(product), "power": power} for product, power in block.characters],
        "gram": encode.matrix_to_json(block.gram),
    }
    return result | ({} if block.factor is None else {"factor": encode.factor_to_json(block.factor)})


def _block_from_json(value: Mapping[str, Any], base: Field) -> InvariantBlock:
    words = tuple(_monomial_from_json(word) for word in value["words"])
    order = len(words)
    return InvariantBlock(
        words,
        tuple((tuple(entry["product"]), entry["power"]) for entry in value["characters"]),
        encode.matrix_from_json(value["gram"], order, base),
        encode.factor_from_json(value["factor"], order) if "factor" in value else None,
    )


def _monomial_to_json(monomial: Monomial) -> list[str]:
    words, weyl = monomial
    pairs = zip(weyl[::2], weyl[1::2], strict=True)
    return [*(" ".join(f"{x}^{k}" for x, k in word) for word in words), " ".join(f"{p},{q}" for p, q in pairs)]


def _monomial_from_json(value: Sequence[str]) -> Monomial:
    *words, weyl = value
    letters = (tuple((int(x), int(k)) for x, _, k in (t.partition("^") for t in word.split())) for word in words)
    return tuple(letters), tuple(int(e) for pair in weyl.split() for e in pair.split(","))
