"""Verdicts on linear maps: completely positive, completely copositive, decomposable, positive; witnesses either way.

Above: claims, the command line. Below: verdicts on operators, maps. A map is positive iff its Choi matrix is
block-positive, completely positive iff it is positive semidefinite, completely copositive iff its partial transpose is.
"""

from __future__ import annotations

from collections.abc import Sequence

from steeralg.arguments import checked
from steeralg.exact.matrix import Matrix
from steeralg.exact.psd import Elimination, NegativeVector, decide_psd
from steeralg.maps.linear import LinearMap
from steeralg.objects.devices import Operator
from steeralg.positivity.block_positive import decide_block_positive
from steeralg.positivity.decomposable import Decomposition, PPTOperator, decide_decomposable
from steeralg.positivity.squares import BlockPositivity
from steeralg.positivity.values import NegativeProduct
from steeralg.progress import Progress, silent
from steeralg.verdict import Proved, Refuted, Undecided


@checked
def choi_operator(linear_map: LinearMap) -> Operator:
    """Return the Choi matrix as an operator on input and output."""
    return Operator((linear_map.dim_in, linear_map.dim_out), linear_map.choi)


@checked
def decide_completely_positive(linear_map: LinearMap) -> Proved[Elimination] | Refuted[NegativeVector]:
    """Decide whether a map is completely positive: the witness is that of its Choi matrix (Choi's theorem)."""
    return decide_psd(linear_map.choi)


@checked
def decide_completely_copositive(linear_map: LinearMap) -> Proved[Elimination] | Refuted[NegativeVector]:
    """Decide whether the map followed by the transposition is completely positive."""
    return decide_psd(linear_map.transposed.choi)


@checked
def decide_map_decomposable(
    linear_map: LinearMap,
    *,
    zeros: Sequence[Sequence[Matrix]] = (),
    seed: int = 0,
    progress: Progress = silent,
) -> Proved[Decomposition] | Refuted[PPTOperator] | Undecided:
    """Decide whether a map is a sum of a completely positive and a completely copositive one.

    Proved with `C = parts[()] + parts[(1,)]^T_out`, both positive semidefinite, a missing one zero; refuted by a PPT
    operator w with tr(C w) < 0. `zeros` are pairs of columns x, y with <y|map(conj(x) x^T)|y> = 0. Raises ShapeError or
    InputError for zeros or a seed that do not fit.
    """
    return decide_decomposable(choi_operator(linear_map), zeros=zeros, seed=seed, progress=progress)


@checked
def decide_positive(
    linear_map: LinearMap,
    *,
    most_copies: int = 3,
    zeros: Sequence[Sequence[Matrix]] = (),
    seed: int = 0,
    progress: Progress = silent,
) -> Proved[BlockPositivity] | Refuted[NegativeProduct] | Undecided:
    """Decide whether a map sends positive matrices to positive ones.

    Refuted by columns x, y with <y|map(conj(x) x^T)|y> < 0; `most_copies` and the errors raised are as in
    `decide_block_positive`.
    """
    return decide_block_positive(
        choi_operator(linear_map), most_copies=most_copies, zeros=zeros, seed=seed, progress=progress
    )
