"""steeralg's proofs that operators are block-positive, or are not: `python ours_positivity.py PROBLEM` prints a line of
JSON. Called by `positivity.py`, which also takes the problems from here.

`decide_seconds`: from the exact operator to a verdict whose witness the library has verified in exact arithmetic.
`check_seconds`: from there to a proof file, accepted by the independent checker. CPU seconds, after the imports and the
decision of a small problem; see `fresh.py`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from fractions import Fraction

import fresh

import steeralg as sa
from steeralg.certificates.compose_maps import operator_proof
from steeralg.checker import load_checker
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import brief
from steeralg.exact.tensor import kron
from steeralg.positivity.maps import choi_operator


def breuer_hall(dim: int) -> sa.Operator:
    """The Choi matrix of X -> (tr(X) 1 - X - U X^T U*)/(d - 2), U = 1 (x) [[0, 1], [-1, 0]]."""
    turn = Matrix.rational([[0, 1], [-1, 0]])
    return choi_operator(sa.maps.extended_reduction(kron(Matrix.identity(dim // 2), turn)))


def basis_witness(basis: sa.ProductBasis, eps: Fraction) -> sa.Operator:
    """The operator (Pi - eps)/(n - D eps) of n product vectors in dimension D (SAPHS18 eq. (25))."""
    shifted = basis.projector - Matrix.identity(basis.dim).scale(eps)
    return sa.Operator(basis.dims, shifted.scale(1 / (len(basis) - basis.dim * eps)))


def transposition(shift: Fraction = Fraction(0)) -> sa.Operator:
    """SWAP minus a shift on two qutrits: the least value on product vectors is minus the shift."""
    return sa.Operator((3, 3), sa.maps.transpose(3).choi - Matrix.identity(9).scale(shift))


PROBLEMS: dict[str, Callable[[], sa.Operator]] = {
    "transpose": transposition,
    "Choi map": lambda: choi_operator(sa.maps.choi()),
    "Breuer-Hall, d = 4": lambda: breuer_hall(4),
    "TILES, eps = 1/50": lambda: basis_witness(sa.product_bases.tiles(), Fraction(1, 50)),
    "SHIFTS, eps = 2/25": lambda: basis_witness(sa.product_bases.shifts(), Fraction(2, 25)),
    "SWAP - 10^-6": lambda: transposition(Fraction(1, 10**6)),
    "Breuer-Hall, d = 6": lambda: breuer_hall(6),
}


def main() -> None:
    sa.decide_block_positive(choi_operator(sa.maps.transpose(2)))
    operator = PROBLEMS[sys.argv[1]]()
    verdict, decide = fresh.measured(lambda: sa.decide_block_positive(operator))
    if isinstance(verdict, sa.Undecided):
        print(json.dumps({"verdict": "undecided", "status": verdict.reason, "decide_seconds": decide}))
        return

    def check() -> int:
        data = operator_proof("own", "own", operator, [verdict.witness]).to_bytes()
        load_checker().check_bytes(data)
        return len(data)

    size, checked = fresh.measured(check)
    proved = isinstance(verdict, sa.Proved)
    how = f"copies {verdict.witness.copies}" if proved else f"value {brief(verdict.witness.value)}"
    print(
        json.dumps(
            {
                "verdict": "positive" if proved else "not positive",
                "status": f"proved: {how}; {size} bytes",
                "decide_seconds": decide,
                "check_seconds": checked,
            }
        )
    )


if __name__ == "__main__":
    main()
