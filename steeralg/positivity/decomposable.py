"""Is an operator decomposable, a sum of partial transposes of positive operators? Decided with a witness either way.

Above: verdicts on maps, proofs. Below: the search for sums of squares, operators. For two factors this is the
decomposability of the map with this Choi matrix: `C = P + Q^T_out`. What refutes it is an operator w with all partial
transposes positive (PPT) and `tr(W w) < 0`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from steeralg.algebra.form import cuts
from steeralg.arguments import checked
from steeralg.errors import VerificationError
from steeralg.exact.convert import unify
from steeralg.exact.matrix import Matrix, total
from steeralg.exact.number import Number
from steeralg.exact.psd import decide_psd
from steeralg.exact.tensor import kron, partial_transpose
from steeralg.objects.devices import Operator
from steeralg.positivity.block_positive import search_squares
from steeralg.positivity.squares import BlockPositivity
from steeralg.progress import Progress, silent
from steeralg.sdp.gram import ppt_operator
from steeralg.verdict import OneLine, Proved, Refuted, Undecided

Cut = tuple[int, ...]
"""The numbers of the factors that are transposed, ascending."""


@dataclass(frozen=True, eq=False, repr=False)
class Decomposition(OneLine):
    """Witness of decomposability: the operator is the sum of `parts[S]`, positive semidefinite, transposed on S."""

    operator: Operator
    parts: Mapping[Cut, Matrix]

    @classmethod
    @checked
    def verified(cls, operator: Operator, parts: Mapping[Cut, Matrix]) -> Decomposition:
        """Return the witness after exact verification. Raises VerificationError."""
        found = cls(operator, dict(parts))
        found.verify()
        return found

    def verify(self) -> None:
        """Verify the sum and the positivity of every part, exactly. Raises VerificationError."""
        dims, matrix = self.operator.dims, self.operator.matrix
        for cut, part in self.parts.items():
            if (part.rows, part.columns) != (matrix.rows, matrix.columns) or not part.is_hermitian:
                raise VerificationError(f"part {cut} is not a Hermitian matrix of order {matrix.rows}")
            if isinstance(decide_psd(part), Refuted):
                raise VerificationError(f"part {cut} is not positive semidefinite")
        exact = unify([matrix, *self.parts.values()])
        summed = [partial_transpose(m, dims, cut) for cut, m in zip(self.parts, exact[1:], strict=True)]
        if total([Matrix.zero(matrix.rows, matrix.rows), *summed]) != exact[0]:
            raise VerificationError("the partially transposed parts do not sum to the operator")


@dataclass(frozen=True, eq=False, repr=False)
class PPTOperator(OneLine):
    """Witness against decomposability: `matrix` and all its partial transposes are positive semidefinite, and
    `value` = tr(W matrix) is negative.
    """

    operator: Operator
    matrix: Matrix
    value: Number

    @classmethod
    @checked
    def verified(cls, operator: Operator, matrix: Matrix) -> PPTOperator:
        """Return the witness after exact verification. Raises VerificationError."""
        if (matrix.rows, matrix.columns) != (operator.matrix.rows,) * 2 or not matrix.is_hermitian:
            raise VerificationError(f"the witness is not a Hermitian matrix of order {operator.matrix.rows}")
        for cut in transpositions(len(operator.dims)):
            if isinstance(decide_psd(partial_transpose(matrix, operator.dims, cut)), Refuted):
                raise VerificationError(f"the partial transpose on the factors {cut} is not positive semidefinite")
        exact = unify([operator.matrix, matrix])
        value = exact[0].inner(exact[1])
        if value.sign() >= 0:
            raise VerificationError(f"the value {value} is not negative")
        return cls(operator, matrix, value)

    def verify(self) -> None:
        """Verify everything again. Raises VerificationError."""
        PPTOperator.verified(self.operator, self.matrix)


def transpositions(factors: int) -> list[Cut]:
    """Return the sets of factors, one of each pair of complements: their transposes have the same sign."""
    return [tuple(k for k, c in enumerate(cut) if c) for cut in cuts((1,) * factors)]


@checked
def decide_decomposable(
    operator: Operator,
    *,
    zeros: Sequence[Sequence[Matrix]] = (),
    seed: int = 0,
    progress: Progress = silent,
) -> Proved[Decomposition] | Refuted[PPTOperator] | Undecided:
    """Decide whether an operator is a sum of partial transposes of positive operators.

    For a map pass `Operator((d_in, d_out), choi)`, or use `decide_map_decomposable`. `zeros` are as in
    `decide_block_positive`. Raises ShapeError or InputError for zeros or a seed that do not fit.
    """
    copies = (1,) * len(operator.dims)
    found = search_squares(operator, copies, zeros=zeros, seed=seed, progress=progress)
    if found.certificate is not None:
        return Proved(_decomposition(found.certificate))
    if found.last is not None and found.last[1].optimum < 0:
        for bits in (4, 8, 12, 16, 24, 32, 40):
            matrix = ppt_operator(*found.last, bits)
            # The share of the unit operator that makes up for the rounding, as far as the value stays negative.
            for weight in (Fraction(0), Fraction(1, 2 ** (bits - 1)), Fraction(len(copies) * matrix.rows, 2**bits)):
                try:
                    shifted = matrix + Matrix.identity(matrix.rows).scale(weight)
                    return Refuted(PPTOperator.verified(operator, shifted))
                except VerificationError:
                    continue
    if found.negative is not None:
        column = kron(*unify(found.negative.vectors))
        return Refuted(PPTOperator.verified(operator, column @ column.adjoint))
    return Undecided(f"neither a decomposition nor a PPT operator was found: {found.figure}")


def _decomposition(certificate: BlockPositivity) -> Decomposition:
    """Put the Gram matrices into the parts: those of squares of one set of conjugated factors belong together."""
    operator = certificate.operator
    order, field = operator.matrix.rows, operator.matrix.field
    place = {label: k for k, label in enumerate(product(*map(range, operator.dims)))}
    tables: dict[Cut, list[list[Number]]] = {}
    for block in certificate.blocks:
        cut = tuple(k for k, (plain, _) in enumerate(block.words[0]) if not plain)
        table = tables.setdefault(cut, [[Number.of(0, field)] * order for _ in range(order)])
        rows = [place[tuple((plain or starred)[0] for plain, starred in word)] for word in block.words]
        for i, r in enumerate(rows):
            for j, c in enumerate(rows):
                table[r][c] = table[r][c] + block.gram.entry(i, j)
    parts = {cut: Matrix.from_numbers(table, field) for cut, table in tables.items()}
    return Decomposition.verified(operator, parts)
