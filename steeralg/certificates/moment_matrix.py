"""Exact moment matrices: proofs that a level goes at least so far.

Above: bounds. Below: certificates, sdp for the suggestions. A moment matrix with exact entries, positive
semidefinite, is a point of the level, so the level's minimum of a functional is at most its value there: the other
end of the bracket. It says nothing about the quantum set, which is smaller.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import lcm

from steeralg.algebra.observed import expansion, observed_element
from steeralg.algebra.trace import uniform_moment
from steeralg.algebra.word import Word, is_observable, products, projector_algebra
from steeralg.certificates.restore import observed_data, restored
from steeralg.errors import VerificationError
from steeralg.exact.field import RATIONALS, Field
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number
from steeralg.exact.psd import Factor
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.functional import Functional
from steeralg.objects.scenario import Scenario
from steeralg.sdp.observation import Observation, integer_columns, observation
from steeralg.sdp.suggest import MomentSuggestion, suggest_factor
from steeralg.verdict import OneLine


@dataclass(frozen=True, eq=False, repr=False)
class MomentMatrix(OneLine):
    """Exact moments: `moments[m]` is the D x D matrix of L(m (x) e_ij) at [i, j], for every product m = v*w of the
    words.
    """

    scenario: Scenario
    words: tuple[Word, ...]
    moments: Mapping[Word, Matrix]
    factor: Factor

    @property
    def field(self) -> Field:
        """The number field of the moments."""
        return next((m.field for m in self.moments.values() if not m.field.is_rational), RATIONALS)

    def assemble(self) -> Matrix:
        """Return the matrix with the moments of v*w at (v, w); zero where the product vanishes."""
        dim, count, field = self.scenario.dim, len(self.words), self.field
        order = dim * count
        common = lcm(*(matrix.denominator for matrix in self.moments.values()))
        planes = [[0] * (order * order) for _ in range(2 * field.degree)]
        for word, terms in products(projector_algebra(self.scenario), self.words).items():
            matrix = self.moments[word].over(field)
            scale = common // matrix.denominator
            for v, w, c in terms:
                for plane, part in zip(planes, matrix.planes, strict=True):
                    for i in range(dim):
                        start = (v * dim + i) * order + w * dim
                        for j, x in enumerate(part[i * dim : (i + 1) * dim], start):
                            plane[j] += c * scale * x
        return Matrix(field, order, order, tuple(map(tuple, planes)), common)

    def verify(self) -> None:
        """Verify adjoint links, normalisation and positivity, exactly. Raises VerificationError."""
        algebra = projector_algebra(self.scenario)
        for word, matrix in self.moments.items():
            if self.moments[algebra.adjoint(word)] != matrix.adjoint:
                raise VerificationError(f"the moments of {word} and of its adjoint do not match")
        if not (self.moments[algebra.one].trace() - Number.of(1)).is_zero:
            raise VerificationError("the moment matrix is not normalised")
        if not self.factor.verify(self.assemble()):
            raise VerificationError("the moment matrix is not shown to be positive semidefinite")

    def verify_data(self, assemblage: Assemblage) -> None:
        """Verify that these are moments of an assemblage: all observed elements. Raises VerificationError."""
        for label, matrix in assemblage.elements.items():
            order = matrix.rows
            for i, j in product(range(order), repeat=2):
                found = Number.of(0)
                for word, m in observed_element(self.scenario, label, Matrix.unit(order, i, j)).items():
                    found = found + m.inner(self.moments[word].transpose)
                # tr(e_ij sigma) = sigma_ji
                if not (found - matrix.entry(j, i)).is_zero:
                    raise VerificationError(f"the moments of {self.scenario.key(label)} are not those of the data")

    def value(self, functional: Functional) -> Number:
        """Return the value of a functional on these moments."""
        result = Number.of(0, functional.field)
        for word, matrix in expansion(functional).items():
            result = result + matrix.inner(self.moments[word].transpose)
        return result


def exact_moment_matrix(
    scenario: Scenario, words: Sequence[Word], suggestion: MomentSuggestion, assemblage: Assemblage | None = None
) -> MomentMatrix | None:
    """Return a verified moment matrix near a suggestion, or None.

    Without data it is mixed with as little of the uniform moments as suggested. With an assemblage its observed moments
    are exactly those of the data, and nothing is mixed in: the data have to be strictly inside the level.
    """
    algebra = projector_algebra(scenario)
    moments: dict[Word, Matrix] = {}
    for word in products(algebra, tuple(words)):
        adjoint = algebra.adjoint(word)
        if adjoint in moments:
            moments[word] = moments[adjoint].adjoint
            continue
        re, im = suggestion.blocks[word]
        matrix = Matrix(RATIONALS, scenario.dim, scenario.dim, (re, im), 1 << suggestion.bits)
        moments[word] = (matrix + matrix.adjoint).scale(Fraction(1, 2)) if adjoint == word else matrix
    found = _mixed(scenario, moments, suggestion.noise) if assemblage is None else _fitted(moments, assemblage)
    if found is None:
        return None
    assembled = MomentMatrix(scenario, tuple(words), found, Factor(0, 0, (), ())).assemble()
    suggested = suggest_factor(assembled)
    if suggested is None:
        return None
    result = MomentMatrix(scenario, tuple(words), found, Factor(suggested[0], assembled.rows, *suggested[1:]))
    try:
        result.verify()
        if assemblage is not None:
            result.verify_data(assemblage)
    except VerificationError:
        return None
    return result


def _mixed(scenario: Scenario, moments: Mapping[Word, Matrix], noise: Fraction) -> dict[Word, Matrix]:
    """Normalise moments and mix them with the uniform ones."""
    algebra, dim = projector_algebra(scenario), scenario.dim
    one = Matrix.identity(dim)
    excess = one.scale((moments[algebra.one].trace().fraction() - 1) / dim)
    return {
        word: (matrix - excess if word == algebra.one else matrix).scale(1 - noise)
        + one.scale(noise * uniform_moment(scenario, word) / dim)
        for word, matrix in moments.items()
    }


def _fitted(moments: Mapping[Word, Matrix], assemblage: Assemblage) -> dict[Word, Matrix] | None:
    """Change observable moments as little as the data ask for."""
    scenario = assemblage.scenario
    dim, observable = scenario.dim, [word for word in moments if is_observable(word)]
    seen = observation(scenario, observable)
    values = [moments[word].entry(i, j) for word in observable for i in range(dim) for j in range(dim)]
    found = restored(values, *_equations(seen, assemblage))
    if found is None:
        return None
    field, size, result = found[0].field, dim * dim, dict(moments)
    for k, word in enumerate(observable):
        rows = [found[k * size + i * dim : k * size + (i + 1) * dim] for i in range(dim)]
        result[word] = Matrix.from_numbers(rows, field)
    return result


def _equations(seen: Observation, assemblage: Assemblage) -> tuple[list[dict[int, int]], list[Number], list[list[int]]]:
    columns, groups = integer_columns(seen.injection)
    return columns, observed_data(seen, assemblage), groups
