"""Certificates of block positivity: sums of squares of forms on product vectors, verified exactly.

Above: faces, verdicts, proofs. Below: forms, operators. The certificate is the identity
`p prod_j |x_j|^(2(k_j - 1)) = sum over blocks sum_{u,v} Z_uv conj(u) v`, p the form of the operator, with every Gram
matrix Z positive semidefinite: the right side is a sum of squared moduli.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from steeralg.algebra.form import Monomial, form_of, is_monomial, square_sums
from steeralg.arguments import checked
from steeralg.errors import ShapeError, VerificationError
from steeralg.exact.convert import unify
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number
from steeralg.exact.psd import decide_psd
from steeralg.objects.devices import Operator
from steeralg.verdict import OneLine, Refuted


@dataclass(frozen=True, eq=False, repr=False)
class SquareBlock(OneLine):
    """Distinct monomials and their Gram matrix."""

    words: tuple[Monomial, ...]
    gram: Matrix


@dataclass(frozen=True, eq=False, repr=False)
class BlockPositivity(OneLine):
    """The operator is block-positive: non-negative on all product vectors. Construct with `verified`.

    `copies` has k_j >= 1 for every factor.
    """

    operator: Operator
    copies: tuple[int, ...]
    blocks: tuple[SquareBlock, ...]

    @classmethod
    @checked
    def verified(cls, operator: Operator, copies: Sequence[int], blocks: Sequence[SquareBlock]) -> BlockPositivity:
        """Return the certificate after exact verification. Raises VerificationError, saying what fails."""
        certificate = cls(operator, tuple(copies), tuple(blocks))
        certificate.verify()
        return certificate

    def scaled(self, factor: Fraction | Number) -> BlockPositivity:
        """Return the certificate of the operator times a positive number."""
        if factor == 1:
            return self
        operator = Operator(self.operator.dims, self.operator.matrix.scale(factor))
        blocks = [SquareBlock(block.words, block.gram.scale(factor)) for block in self.blocks]
        return BlockPositivity.verified(operator, self.copies, blocks)

    def verify(self) -> None:
        """Verify the identity and the positivity of every block, exactly. Raises VerificationError."""
        dims = self.operator.dims
        matrix, *grams = unify([self.operator.matrix, *(block.gram for block in self.blocks)])
        try:
            left = form_of(matrix, dims, self.copies)
        except ShapeError as error:
            raise VerificationError(str(error)) from None
        for k, (block, gram) in enumerate(zip(self.blocks, grams, strict=True)):
            words, order = block.words, len(block.words)
            if len(set(words)) != order or not all(is_monomial(word, dims) for word in words):
                raise VerificationError(f"block {k} does not have distinct monomials of the factors {dims}")
            if (gram.rows, gram.columns) != (order, order) or not gram.is_hermitian:
                raise VerificationError(f"the Gram matrix of block {k} is not Hermitian of order {order}")
            for monomial, value in square_sums(words, gram):
                left[monomial] = left[monomial] - value if monomial in left else -value
        wrong = next((monomial for monomial, value in left.items() if not value.is_zero), None)
        if wrong is not None:
            raise VerificationError(f"the sum of squares differs from the form in the coefficient of {wrong}")
        for k, block in enumerate(self.blocks):
            if isinstance(decide_psd(block.gram), Refuted):
                raise VerificationError(f"the Gram matrix of block {k} is not positive semidefinite")
