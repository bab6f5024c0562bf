"""Strategies for positive maps, with the sums of squares or the decompositions that prove them so.

Above: nothing. Below: linear maps, positivity. A positive map is drawn as P + Q^T_out + a map that is not decomposable,
where one is known for the dimensions (the Choi map, the extended reduction maps), turned by local unitaries: their
squares turn along.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from steeralg.algebra.form import Monomial
from steeralg.arguments import checked
from steeralg.certificates.proof import read_proof
from steeralg.errors import VerificationError
from steeralg.exact.blocks import composed
from steeralg.exact.convert import unify
from steeralg.exact.field import RATIONALS
from steeralg.exact.matrix import Matrix, total
from steeralg.exact.tensor import kron, partial_transpose
from steeralg.maps.library import extended_reduction
from steeralg.maps.linear import LinearMap
from steeralg.objects.devices import Operator
from steeralg.positivity.decomposable import Decomposition
from steeralg.positivity.squares import BlockPositivity, SquareBlock
from steeralg.strategies.matrix import (
    Scalars,
    drawn_by,
    drawn_isometry,
    drawn_positive,
    positive_matrices,
    require,
    scalars,
)
from steeralg.strategies.quantum import MAX_RANK


@checked
def completely_positive_maps(
    dim_in: int, dim_out: int, *, rank: int | None = None, field: Any = RATIONALS
) -> SearchStrategy[LinearMap]:
    """Completely positive maps, not zero, with Choi matrices of the given rank or any; see `channels`, too.

    They shrink to X -> <0|X|0> |0><0|.
    """
    require("dim_in", dim_in, 1)
    require("dim_out", dim_out, 1)
    chois = positive_matrices(dim_in * dim_out, rank, field)
    return chois.map(lambda choi: LinearMap(dim_in, dim_out, choi))


@checked
def decompositions(dim_in: int, dim_out: int, *, field: Any = RATIONALS) -> SearchStrategy[Decomposition]:
    """Choi matrices P + Q^T_out, P and Q positive of rank 4 at most, or one of them, as `operator` with `parts`."""
    require("dim_in", dim_in, 1)
    require("dim_out", dim_out, 1)
    return drawn_by(_drawn_decomposition, dim_in, dim_out, scalars(field))


def _drawn_decomposition(draw: DrawFn, dim_in: int, dim_out: int, over: Scalars) -> Decomposition:
    cuts = draw(st.sampled_from([((),), ((1,),), ((), (1,))]))
    dims, order = (dim_in, dim_out), dim_in * dim_out
    parts = {cut: drawn_positive(draw, order, over, 1, min(MAX_RANK, order)) for cut in cuts}
    return Decomposition(Operator(dims, total(partial_transpose(m, dims, cut) for cut, m in parts.items())), parts)


@checked
def decomposable_maps(
    dim_in: int, dim_out: int, *, trace_preserving: bool = False, field: Any = RATIONALS
) -> SearchStrategy[LinearMap]:
    """The maps of `decompositions`; `trace_preserving` ones are scaled, and what is missing goes to |0><0|."""
    return _maps(decompositions(dim_in, dim_out, field=field), trace_preserving)


@checked
def positive_map_proofs(dim_in: int, dim_out: int, *, field: Any = RATIONALS) -> SearchStrategy[BlockPositivity]:
    """Sums of squares that prove a Choi matrix, `operator`, block-positive.

    Decomposable ones; for dimensions 3 and 3, and even d > 2 twice, also their sums with a Choi or extended reduction
    map under local unitaries, not decomposable by themselves. `.verify()` verifies the squares anew.
    """
    require("dim_in", dim_in, 1)
    require("dim_out", dim_out, 1)
    return drawn_by(_drawn_proof, dim_in, dim_out, scalars(field))


@checked
def positive_maps(
    dim_in: int, dim_out: int, *, trace_preserving: bool = False, field: Any = RATIONALS
) -> SearchStrategy[LinearMap]:
    """The maps of `positive_map_proofs`; `trace_preserving` ones are scaled, and what is missing goes to |0><0|."""
    return _maps(positive_map_proofs(dim_in, dim_out, field=field), trace_preserving)


def _maps(proofs: SearchStrategy[Any], trace_preserving: bool) -> SearchStrategy[LinearMap]:
    finish: Callable[[LinearMap], LinearMap] = _completed if trace_preserving else lambda found: found

    def of(proof: Decomposition | BlockPositivity) -> LinearMap:
        dim_in, dim_out = proof.operator.dims
        return finish(LinearMap(dim_in, dim_out, proof.operator.matrix))

    return proofs.map(of)


def _completed(found: LinearMap) -> LinearMap:
    """Scale a positive map until it does not raise the trace, and send what is missing to |0><0|."""
    if found.is_trace_preserving:
        return found
    # dual(1) is positive: its trace, that of the Choi matrix, is not below its eigenvalues.
    scaled = found.scale(found.choi.trace().inverse())
    one = Matrix.identity(found.dim_out, found.choi.field)
    missing = Matrix.identity(found.dim_in, found.choi.field) - scaled.dual(one)
    return scaled + LinearMap(*found.dims, kron(missing.transpose, Matrix.unit(found.dim_out, 0, 0)))


# ---- sums of squares -------------------------------------------------------------------------------------------------
def _drawn_proof(draw: DrawFn, dim_in: int, dim_out: int, over: Scalars) -> BlockPositivity:
    dims, core = (dim_in, dim_out), _core(dim_in, dim_out)
    if core is None or not draw(st.booleans()):
        found = _drawn_decomposition(draw, dim_in, dim_out, over)
        return BlockPositivity(found.operator, (1, 1), tuple(_raised(found, (1, 1))))
    turned = _turned(core, [drawn_isometry(draw, d, d, over) for d in dims])
    if not draw(st.booleans()):
        return turned
    found = _drawn_decomposition(draw, dim_in, dim_out, over)
    matrix = total(unify([turned.operator.matrix, found.operator.matrix]))
    return BlockPositivity(Operator(dims, matrix), core.copies, (*turned.blocks, *_raised(found, core.copies)))


def _raised(found: Decomposition, copies: tuple[int, ...]) -> Iterator[SquareBlock]:
    """Yield the squares of a decomposition times |x|^2 for a factor with two copies: a block for every entry of x."""
    dims = found.operator.dims
    for cut, part in found.parts.items():
        plain: list[Monomial] = [(((i,), ()), ((), (j,)) if cut else ((j,), ())) for i, j in product(*map(range, dims))]
        twice = next((k for k, c in enumerate(copies) if c == 2), None)
        if twice is None:
            yield SquareBlock(tuple(plain), part)
            continue
        for entry in range(dims[twice]):
            yield SquareBlock(tuple(_times(word, twice, entry) for word in plain), part)


def _times(word: Monomial, factor: int, entry: int) -> Monomial:
    """Multiply a monomial by an entry of a factor's vector."""
    plain, starred = word[factor]
    return (*word[:factor], (tuple(sorted((*plain, entry))), starred), *word[factor + 1 :])


@cache
def _core(dim_in: int, dim_out: int) -> BlockPositivity | None:
    """Return a map of these dimensions that is not decomposable, if one is known here, as one block of squares."""
    if dim_in != dim_out or (dim_in != 3 and (dim_in % 2 or dim_in < 4)):
        return None
    return _choi() if dim_in == 3 else _extended_reduction(dim_in)


def _choi() -> BlockPositivity:
    """Return the Choi map's squares, as `sa.decide_positive` found them."""
    path = Path(__file__).parent / "squares" / "choi-map.json"
    found = next((step.witness for step in read_proof(path.read_bytes(), path.name).steps if step.witness), None)
    if not isinstance(found, BlockPositivity):
        raise VerificationError(f"{path.name} does not prove a map positive")
    words = _words(found)
    place = {word: k for k, word in enumerate(words)}
    entries = [
        (place[u], place[v], block.gram.rearrange(1, 1, [i * len(block.words) + j]))
        for block in found.blocks
        for i, u in enumerate(block.words)
        for j, v in enumerate(block.words)
    ]
    gram = composed(len(words), len(words), entries, RATIONALS)
    return BlockPositivity(found.operator, found.copies, (SquareBlock(tuple(words), gram),))


def _extended_reduction(dim: int) -> BlockPositivity:
    """Return the extended reduction map's squares for the real U of 2 x 2 blocks iY: with w = conj(x), u = U x,

    (d - 2) |x|^2 <y|map(w w*)|y> = ||x|^2 y - w (w* y) - u (u* y)|^2, since u is orthogonal to w and as long.
    """
    u = kron(Matrix.identity(dim // 2), Matrix.rational([[0, 1], [-1, 0]]))
    turned = [[int(u.entry(i, j).fraction()) for j in range(dim)] for i in range(dim)]
    # Row i holds the coefficients of x_a conj(x_b) y_c.
    rows = [
        [
            (a == b) * (i == c) - (i == b) * (c == a) - turned[i][a] * turned[c][b]
            for a, b, c in product(range(dim), repeat=3)
        ]
        for i in range(dim)
    ]
    table = Matrix.rational(rows)
    operator = Operator((dim, dim), extended_reduction(u).choi)
    bare = BlockPositivity(operator, (2, 1), ())
    gram = (table.adjoint @ table).scale(Fraction(1, dim - 2))
    return BlockPositivity(operator, (2, 1), (SquareBlock(tuple(_words(bare)), gram),))


def _words(found: BlockPositivity) -> list[Monomial]:
    """Return all monomials that are linear in the vectors, and in the conjugate of the one with two copies."""
    ranges = [range(d) for d, copies in zip(found.operator.dims, found.copies, strict=True) for _ in range(copies)]
    words: list[Monomial] = []
    for indices in product(*ranges):
        rest = iter(indices)
        words.append(tuple(((next(rest),), (next(rest),) if copies == 2 else ()) for copies in found.copies))
    return words


def _turned(found: BlockPositivity, unitaries: list[Matrix]) -> BlockPositivity:
    """Return the squares of the form at A x and B y: of the Choi matrix (A (x) B)* C (A (x) B)."""
    (block,) = found.blocks
    factors = [
        factor
        for u, copies in zip(unitaries, found.copies, strict=True)
        for factor in ((u, u.conjugate) if copies == 2 else (u,))
    ]
    whole, words = kron(*unitaries), kron(*factors)
    operator = Operator(found.operator.dims, whole.adjoint @ found.operator.matrix @ whole)
    return BlockPositivity(operator, found.copies, (SquareBlock(block.words, words.adjoint @ block.gram @ words),))
