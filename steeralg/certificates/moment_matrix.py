"""Exact moment matrices: proofs that a level goes at least so far.

Above: bounds. Below: certificates, sdp for the suggestions. A moment matrix with exact entries, positive
semidefinite, is a point of the level, so the level's minimum of a functional is at most its value there: the other
end of the bracket. It says nothing about the quantum set, which is smaller.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from steeralg.algebra.trace import uniform_moment
from steeralg.algebra.word import Word, products, projector_algebra
from steeralg.certificates.certificate import expansion
from steeralg.errors import VerificationError
from steeralg.exact.field import RATIONALS
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number
from steeralg.exact.psd import Factor
from steeralg.objects.functional import Functional
from steeralg.objects.scenario import Scenario
from steeralg.sdp.suggest import MomentSuggestion, suggest_factor


@dataclass(frozen=True, eq=False)
class MomentMatrix:
    """Exact moments: `moments[m]` is the D x D matrix of L(m (x) e_ij) at [i, j], for every product m = v*w of the
    words.
    """

    scenario: Scenario
    words: tuple[Word, ...]
    moments: Mapping[Word, Matrix]
    factor: Factor

    def assemble(self) -> Matrix:
        """Return the matrix with the block of v*w at (v, w); zero where the product vanishes."""
        dim, count = self.scenario.dim, len(self.words)
        order = dim * count
        common = lcm(*(matrix.denominator for matrix in self.moments.values()))
        planes = [[0] * (order * order) for _ in range(2)]
        for word, terms in products(projector_algebra(self.scenario), self.words).items():
            matrix = self.moments[word]
            scale = common // matrix.denominator
            for v, w, _ in terms:
                for plane, part in zip(planes, matrix.planes, strict=True):
                    for i in range(dim):
                        start = (v * dim + i) * order + w * dim
                        plane[start : start + dim] = [scale * x for x in part[i * dim : (i + 1) * dim]]
        return Matrix(RATIONALS, order, order, tuple(map(tuple, planes)), common)

    def verify(self) -> None:
        """Verify adjoint links, normalisation and positivity, exactly. Raises VerificationError."""
        algebra = projector_algebra(self.scenario)
        for word, matrix in self.moments.items():
            if self.moments[algebra.adjoint(word)] != matrix.adjoint:
                raise VerificationError(f"the moments of {word} and of its adjoint do not match")
        if self.moments[algebra.one].trace() != Number.of(1):
            raise VerificationError("the moment matrix is not normalised")
        if not self.factor.verify(self.assemble()):
            raise VerificationError("the moment matrix is not shown to be positive semidefinite")

    def value(self, functional: Functional) -> Number:
        """Return the value of a functional on these moments."""
        result = Number.of(0, functional.field)
        for word, matrix in expansion(functional).items():
            result = result + matrix.inner(self.moments[word].transpose)
        return result


def exact_moment_matrix(scenario: Scenario, words: Sequence[Word], suggestion: MomentSuggestion) -> MomentMatrix | None:
    """Return a verified moment matrix near a suggestion, mixed with as little of the uniform moments as suggested;
    or None.
    """
    algebra, dim = projector_algebra(scenario), scenario.dim
    one = Matrix.identity(dim)
    moments: dict[Word, Matrix] = {}
    for word in products(algebra, tuple(words)):
        adjoint = algebra.adjoint(word)
        if adjoint in moments:
            moments[word] = moments[adjoint].adjoint
            continue
        re, im = suggestion.blocks[word]
        matrix = Matrix(RATIONALS, dim, dim, (re, im), 1 << suggestion.bits)
        moments[word] = (matrix + matrix.adjoint).scale(Fraction(1, 2)) if adjoint == word else matrix
    excess = moments[algebra.one].trace().fraction() - 1
    moments[algebra.one] = moments[algebra.one] - one.scale(excess / dim)
    noise = suggestion.noise
    mixed = {
        word: matrix.scale(1 - noise) + one.scale(noise * uniform_moment(scenario, word) / dim)
        for word, matrix in moments.items()
    }
    candidate = MomentMatrix(scenario, tuple(words), mixed, Factor(0, 0, (), ()))
    assembled = candidate.assemble()
    suggested = suggest_factor(assembled)
    if suggested is None:
        return None
    result = MomentMatrix(scenario, tuple(words), mixed, Factor(suggested[0], assembled.rows, *suggested[1:]))
    try:
        result.verify()
    except VerificationError:
        return None
    return result
