"""Upper bounds of the negativity: a Hermitian operator behind the data, and an exact positive operator that covers its
negative part.

Above: negativity. Below: the Born rule, Thm 6's operator, and sdp for the suggestions. POVMs from the floats are
rounded to exact ones, the operator's equations restored exactly, and positivity decided exactly, so that the only thing
that floats decide is how good the bound is.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from steeralg.arguments import checked, require_between
from steeralg.errors import NumberError, PositivityError, VerificationError
from steeralg.exact.blocks import blocks, composed
from steeralg.exact.convert import unify
from steeralg.exact.field import RATIONALS
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number, brief
from steeralg.exact.psd import decide_psd
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.devices import Devices, Operator, born
from steeralg.sdp.pseudo_rounding import recognised_spectrum, rounded_negative_part
from steeralg.verdict import OneLine, Proved, Refuted


@dataclass(frozen=True, eq=False, repr=False)
class NegativityAtMost(OneLine):
    """`devices` on the Hermitian `operator` W show the assemblage, and N = `negative` is an operator with N >= 0 and
    W + N >= 0: the negativity is at most tr N (SAPHS18 eq. (34)). Construct with `verified`.
    """

    assemblage: Assemblage
    operator: Operator
    devices: Devices
    negative: Matrix

    @classmethod
    @checked
    def verified(
        cls, assemblage: Assemblage, operator: Operator, devices: Devices, negative: Matrix
    ) -> NegativityAtMost:
        """Return the bound after exact verification. Raises what `verify` raises."""
        result = cls(assemblage, operator, devices, negative)
        result.verify()
        return result

    @property
    def value(self) -> Number:
        """The bound tr N."""
        return self.negative.trace()

    @property
    def is_quantum(self) -> bool:
        """Whether the operator is a state: then the assemblage is quantum."""
        return self.negative.is_zero

    def verify(self) -> None:
        """Verify everything exactly. Raises PositivityError for N or W + N, VerificationError for other data, and what
        `born` raises for devices that do not fit.
        """
        negative, matrix = unify([self.negative, self.operator.matrix])
        negative.require_hermitian("the operator N")
        for name, operator in (("N", negative), ("W + N", matrix + negative)):
            verdict = decide_psd(operator)
            if isinstance(verdict, Refuted):
                value = brief(verdict.witness.value)
                raise PositivityError(f"the operator {name} is not positive: a vector has value {value}")
        if not born(self.assemblage.scenario, self.operator, self.devices).agrees_with(self.assemblage):
            raise VerificationError("the operator and the devices do not show the assemblage")


def negative_part(operator: Operator, digits: int = 6) -> Matrix:
    """Return an exact N >= 0 with W + N >= 0 and a trace within 10^-digits of the least, that of the negative part.

    Block by block; where the eigenvalues of a block are a few simple fractions N is the negative part itself, otherwise
    it is rational. Raises InputError for digits out of range.
    """
    require_between("digits", digits, 1, 9)
    w = operator.matrix
    n = w.rows
    excess = Fraction(1, n * 10**digits)
    parts = []
    for part in blocks(w):
        block = w.rearrange(len(part), len(part), [i * n + j for i in part for j in part])
        parts.append((part, _negative_block(block, excess)))
    index = [i for part, _ in parts for i in part]
    index += sorted(set(range(n)) - set(index))
    place = {i: k for k, i in enumerate(index)}
    placed, start = [], 0
    matrices = unify([Matrix.zero(1, 1), *(block for _, block in parts)])[1:]
    for (part, _), block in zip(parts, matrices, strict=True):
        placed.append((start, start, block))
        start += len(part)
    field = matrices[0].field if matrices else RATIONALS
    sorted_by_blocks = composed(n, n, placed, field)
    return sorted_by_blocks.rearrange(n, n, [place[i] * n + place[j] for i in range(n) for j in range(n)])


def _negative_block(block: Matrix, excess: Fraction) -> Matrix:
    if isinstance(decide_psd(block), Proved):
        return Matrix.zero(block.rows, block.rows)
    exact = _spectral(block)
    if exact is not None:
        return exact
    for _ in range(3):
        found = rounded_negative_part(block, excess).exact
        if isinstance(decide_psd(found), Proved) and isinstance(decide_psd(block + found), Proved):
            return found
        excess *= 4
    raise NumberError("the operator is too badly scaled for its negative part to be found in floats")


def _spectral(block: Matrix) -> Matrix | None:
    """Return the negative part as a polynomial in the matrix, if its eigenvalues are a few simple fractions."""
    values = recognised_spectrum(block)
    if values is None:
        return None
    one = Matrix.identity(block.rows)
    # Block minus each eigenvalue; the product vanishes iff these are all.
    shifted = [block - one.scale(value) for value in values]
    product_of_all = one
    for factor in shifted:
        product_of_all = product_of_all @ factor
    if not product_of_all.is_zero:
        return None
    result = Matrix.zero(block.rows, block.rows)
    for k, value in enumerate(values):
        if value < 0:
            projector = one
            for j, other in enumerate(values):
                if j != k:
                    projector = (projector @ shifted[j]).scale(1 / (value - other))
            result = result + projector.scale(-value)
    return result
