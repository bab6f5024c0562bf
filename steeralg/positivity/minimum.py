"""The least value of an operator on unit product vectors, enclosed by proof from both sides.

Above: witnesses from product bases, claims. Below: block positivity, operators. For the projector on an unextendible
product basis this is the largest eps of its witness (SAPHS18 eq. (25) and Sec. 6).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from steeralg.arguments import checked, require_between
from steeralg.errors import VerificationError
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number, as_number
from steeralg.objects.devices import Operator
from steeralg.positivity.block_positive import MAX_COPIES, levels, search_shift, search_squares
from steeralg.positivity.squares import BlockPositivity
from steeralg.positivity.values import NegativeProduct, square_norm, value_on
from steeralg.progress import Progress, silent
from steeralg.sdp.product_vectors import local_minima
from steeralg.sdp.recognise import fields
from steeralg.verdict import OneLine, Proved, Undecided

MAX_DIGITS = 12


@dataclass(frozen=True, eq=False, repr=False)
class ProductMinimum(OneLine):
    """`lower` <= min <x1 .. xN|W|x1 .. xN> <= `upper` over unit vectors.

    `below` proves that W - lower is block-positive; `vectors` have the value `upper`. If `is_recognised`, `lower` is
    the rational or quadratic number that the minimum looks like, `upper` a little above.
    """

    operator: Operator
    lower: Number
    upper: Number
    below: BlockPositivity
    vectors: tuple[Matrix, ...]
    is_recognised: bool = False

    def verify(self) -> None:
        """Verify both ends, exactly. Raises VerificationError."""
        self.below.verify()
        if self.below.operator != shifted(self.operator, self.lower):
            raise VerificationError("the certificate is not about the operator minus the lower end")
        if value_on(self.operator, self.vectors) != self.upper * square_norm(self.vectors):
            raise VerificationError("the product vector has another value than the upper end")

    def above(self, shift: Number | Fraction) -> NegativeProduct:
        """Return the witness that W - shift is not block-positive, for a shift above the upper end."""
        return NegativeProduct.verified(shifted(self.operator, as_number(shift)), self.vectors)


def shifted(operator: Operator, shift: Number) -> Operator:
    """Return W - shift."""
    return Operator(operator.dims, operator.matrix - Matrix.identity(operator.matrix.rows).scale(shift))


@checked
def product_minimum(
    operator: Operator,
    *,
    digits: int = 7,
    most_copies: int = 2,
    recognise: bool = True,
    seed: int = 0,
    progress: Progress = silent,
) -> Proved[ProductMinimum] | Undecided:
    """Enclose the minimum on unit product vectors to a gap below 10^(1 - digits), both ends proved.

    With `recognise` it is first tried whether the value looks rational or quadratic; then the lower end is that number.
    Undecided, with the reason, if no certificate with `most_copies` copies beyond one of each factor comes as close.
    Raises InputError for digits (1 to 12), copies (0 to 16) or a seed out of range.
    """
    require_between("digits", digits, 1, MAX_DIGITS)
    require_between("most_copies", most_copies, 0, MAX_COPIES)
    minima = local_minima(operator, seed, 48, rounds=400)
    best = min(minima, key=lambda m: m.value)
    vectors = best.rounded(44)
    upper = value_on(operator, vectors) * square_norm(vectors).inverse()
    progress(f"a product vector has the value {upper.decimal(15)}")
    if recognise:
        for _, _, value in fields(best.value, operator.field, Fraction(1, 10**12)):
            progress(f"trying the minimum {value}")
            for copies in levels(operator.dims, most_copies):
                found = search_squares(shifted(operator, value), copies, seed=seed, progress=progress)
                if found.certificate is not None:
                    return Proved(ProductMinimum(operator, value, upper, found.certificate, vectors, True))
    figures = []
    for copies in levels(operator.dims, most_copies):
        close, figure = search_shift(operator, copies, digits, progress=progress)
        figures.append(f"copies {copies}: {figure}")
        if close is not None and upper.enclosure(80)[1] - close[0] < Fraction(1, 10 ** (digits - 1)):
            return Proved(ProductMinimum(operator, Number.of(close[0]), upper, close[1], vectors))
    return Undecided(f"no certificate within {digits} decimals of {upper.decimal(15)}: " + "; ".join(figures))
