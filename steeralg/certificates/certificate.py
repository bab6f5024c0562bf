"""Sum-of-squares certificates of bounds, and their exact verification.

Above: proofs, membership, bounds. Below: algebra, objects, exact. A certificate for `<F, sigma> >= bound` is the
identity `f - bound = sum over blocks sum_{v,w} v*w (x) Z_vw` in the algebra of the scenario, with every Gram matrix Z
positive semidefinite.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from steeralg.algebra.observed import add, expansion
from steeralg.algebra.word import Word, is_word, products, projector_algebra
from steeralg.arguments import checked
from steeralg.errors import VerificationError
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number, as_bound
from steeralg.exact.psd import Factor, is_psd
from steeralg.objects.functional import Functional
from steeralg.objects.scenario import Scenario
from steeralg.verdict import OneLine


@dataclass(frozen=True, eq=False, repr=False)
class Block(OneLine):
    """Distinct words and a Gram matrix of order len(words) * D, word first; `factor` witnesses positivity
    if given.
    """

    words: tuple[Word, ...]
    gram: Matrix
    factor: Factor | None

    def require_wellformed(self, scenario: Scenario, number: int) -> None:
        """Raise VerificationError unless the words are distinct words of the scenario and the Gram matrix fits them."""
        order = len(self.words) * scenario.dim
        if not self.words or len(set(self.words)) != len(self.words):
            raise VerificationError(f"the words of block {number} are not distinct")
        for word in self.words:
            if not is_word(word, scenario):
                raise VerificationError(f"{word} in block {number} is not a word of the scenario")
        if (self.gram.rows, self.gram.columns) != (order, order) or not self.gram.is_hermitian:
            raise VerificationError(f"the Gram matrix of block {number} is not Hermitian of order {order}")

    def is_positive(self) -> bool:
        """Whether the Gram matrix is positive semidefinite: by the factor, by elimination if there is none."""
        return is_psd(self.gram, self.factor)


@dataclass(frozen=True, eq=False, repr=False)
class BoundCertificate(OneLine):
    """`functional` >= `bound` on every quantum assemblage, as a sum of squares. Construct with `verified`."""

    functional: Functional
    bound: Fraction | Number
    blocks: tuple[Block, ...]

    @classmethod
    @checked
    def verified(cls, functional: Functional, bound: Fraction | Number, blocks: Sequence[Block]) -> BoundCertificate:
        """Return the certificate after exact verification. Raises VerificationError, saying what fails."""
        certificate = cls(functional, as_bound(bound), tuple(blocks))
        certificate.verify()
        return certificate

    def verify(self) -> None:
        """Verify the identity and the positivity of every block, exactly. Raises VerificationError."""
        scenario = self.functional.scenario
        for k, block in enumerate(self.blocks):
            block.require_wellformed(scenario, k)
        left = expansion(self.functional)
        one = projector_algebra(scenario).one
        identity = Matrix.identity(scenario.dim).scale(self.bound)
        left[one] = left[one] - identity if one in left else -identity
        right: dict[Word, Matrix] = {}
        for block in self.blocks:
            for word, matrix in class_sums(scenario, block.words, block.gram).items():
                add(right, word, matrix)
        zero = Matrix.zero(scenario.dim, scenario.dim)
        wrong = next((word for word in left | right if not _equal(left.get(word, zero), right.get(word, zero))), None)
        if wrong is not None:
            raise VerificationError(f"the sum of squares differs from f - bound in the coefficient of {wrong}")
        for k, block in enumerate(self.blocks):
            if not block.is_positive():
                raise VerificationError(f"the Gram matrix of block {k} is not shown to be positive semidefinite")


def _equal(left: Matrix, right: Matrix) -> bool:
    """Whether matrices are equal, those over Q as matrices over the field of the other."""
    return left == right if left.field == right.field else (left - right).is_zero


def class_sums(scenario: Scenario, words: Sequence[Word], gram: Matrix) -> dict[Word, Matrix]:
    """Return the coefficients of sum_{v,w} v*w (x) Z_vw: for every reduced word a D x D matrix."""
    dim, order, field = scenario.dim, gram.rows, gram.field
    positions = products(projector_algebra(scenario), tuple(words))
    zero = (0,) * (dim * dim)
    planes: dict[Word, list[tuple[int, ...]]] = {word: [] for word in positions}
    for plane in gram.planes:
        if not any(plane):
            for found in planes.values():
                found.append(zero)
            continue
        rows = [plane[i * order : (i + 1) * order] for i in range(order)]
        blocks = [
            [sum((row[k : k + dim] for row in rows[i : i + dim]), ()) for k in range(0, order, dim)]
            for i in range(0, order, dim)
        ]
        for word, terms in positions.items():
            # Column sums over the blocks of one class: the only work that is linear in the number of matrix positions.
            pieces = (blocks[v][w] if c == 1 else tuple(c * x for x in blocks[v][w]) for v, w, c in terms)
            planes[word].append(tuple(map(sum, zip(*pieces, strict=True))))
    return {word: Matrix(field, dim, dim, tuple(found), gram.denominator) for word, found in planes.items()}
