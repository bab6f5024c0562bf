"""Is an operator block-positive? Decided with a witness either way, wherever the search gets there.

Above: verdicts on maps, witnesses. Below: faces, sdp for the suggestions. Block positive means non-negative on all
product vectors: an entanglement witness, or the Choi matrix of a positive map.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import comb, prod

from steeralg.algebra.form import balanced_cuts, cuts
from steeralg.algebra.squares import SquareSystem
from steeralg.errors import VerificationError
from steeralg.exact.matrix import Matrix
from steeralg.objects.devices import Operator
from steeralg.positivity.face import Face, joined, restrict, whole, zero_kernels
from steeralg.positivity.rounding import Rounding
from steeralg.positivity.squares import BlockPositivity, SquareBlock
from steeralg.positivity.values import NegativeProduct, zeros_at
from steeralg.sdp.product_vectors import LocalMinimum, Scan, local_minima, recognised_zeros, scan
from steeralg.sdp.squares import SquareRelaxation, SquareSolution
from steeralg.verdict import Proved, Refuted, Undecided

Progress = Callable[[str], None]
_GRIDS = (0, 1, 2, 3, 4, 6, 8, 11, 14, 18, 23, 28, 34, 40)
_CLOSE = Fraction(1, 10**6)
_ROUNDS, _STARTS = 8, 24


def silent(_: str) -> None:
    """Report nothing."""


def decide_block_positive(
    operator: Operator,
    *,
    most_copies: int = 3,
    zeros: Sequence[Sequence[Matrix]] = (),
    seed: int = 0,
    progress: Progress = silent,
) -> Proved[BlockPositivity] | Refuted[NegativeProduct] | Undecided:
    """Decide whether an operator is non-negative on all product vectors.

    Proved by sums of squares of forms with more and more copies of the factors (the dual of symmetric extensions with
    partial transposes), up to `most_copies` in all beyond one of each; refuted by a product vector. Known product
    vectors on which the form vanishes may be given as `zeros` (one column for each factor): at the boundary they help.
    """
    scans = [scan(operator, free) for free in range(len(operator.dims))]
    minima = local_minima(operator, seed, _STARTS)
    refutation = find_negative(operator, scans, minima)
    if refutation is not None:
        return Refuted(refutation)
    figures = []
    for copies in levels(operator.dims, most_copies):
        search = _Search(operator, copies, scans, minima, zeros, progress)
        certificate = search.run()
        if certificate is not None:
            return Proved(certificate)
        figures.append(f"copies {copies}: {search.figure}")
    return Undecided("; ".join(figures))


def search_squares(
    operator: Operator,
    copies: tuple[int, ...],
    *,
    zeros: Sequence[Sequence[Matrix]] = (),
    seed: int = 0,
    progress: Progress = silent,
) -> tuple[BlockPositivity | None, SquareSolution | None, str]:
    """Look for a certificate with given copies. Returns it or None, the last solution on the whole space, and what was
    tried in words.
    """
    scans = [scan(operator, free) for free in range(len(operator.dims))]
    search = _Search(operator, copies, scans, local_minima(operator, seed, _STARTS), zeros, progress)
    return search.run(), search.last, search.figure


def search_shift(
    operator: Operator, copies: tuple[int, ...], places: int, most_places: int = 12, *, progress: Progress = silent
) -> tuple[tuple[Fraction, BlockPositivity] | None, str]:
    """Look for a large s such that W - s is certified with given copies, a decimal with `places` or more digits.

    Returns s with the certificate or None, and what was tried in words.
    """
    search = _Search(operator, copies, (), (), (), progress)
    return search.shifted(places, most_places), search.figure


def find_negative(operator: Operator, scans: Sequence[Scan], minima: Sequence[LocalMinimum]) -> NegativeProduct | None:
    """Return a product vector with an exact, negative value, from what floats suggest; or None."""
    for seen in scans:
        for vectors in seen.negative:
            found = zeros_at(operator, seen.free, vectors)
            if isinstance(found, NegativeProduct):
                return found
    for minimum in minima:
        for bits in (2, 4, 8, 16, 30, 50) if minimum.value < 0 else ():
            try:
                return NegativeProduct.verified(operator, minimum.rounded(bits))
            except VerificationError:
                continue
    return None


def levels(dims: Sequence[int], most: int) -> Iterator[tuple[int, ...]]:
    """Yield numbers of copies, the cheapest first: one of each factor, then more of one or several."""
    found = [extra for extra in product(range(most + 1), repeat=len(dims)) if sum(extra) <= most]

    def cost(extra: tuple[int, ...]) -> tuple[int, int]:
        return prod(comb(d + k, k + 1) for d, k in zip(dims, extra, strict=True)), sum(extra)

    for extra in sorted(found, key=cost):
        yield tuple(k + 1 for k in extra)


@dataclass
class _Search:
    """The search for a certificate at one number of copies."""

    operator: Operator
    copies: tuple[int, ...]
    scans: Sequence[Scan]
    minima: Sequence[LocalMinimum]
    zeros: Sequence[Sequence[Matrix]]
    progress: Progress
    last: SquareSolution | None = None
    figure: str = "the form has monomials that no square gives"

    def run(self) -> BlockPositivity | None:
        """Return a certificate: with definite Gram matrices if there is room for them, else on faces."""
        every, balanced = cuts(self.copies), balanced_cuts(self.copies)
        for chosen in [every] if balanced == every else [balanced, every]:
            system = SquareSystem.build(self.operator.matrix, self.operator.dims, self.copies, chosen)
            face = whole(system)
            relaxation = SquareRelaxation.build(system, face)
            solution = None if relaxation is None else next(relaxation.solutions(), None)
            if relaxation is None or solution is None:
                continue
            self.last = solution
            self.figure = f"the largest certified shift is about {solution.optimum:.9g} ({solution.attempt})"
            self.progress(f"copies {self.copies}, {len(chosen)} cuts: {self.figure}")
            certificate = None
            if solution.optimum > _CLOSE:
                certificate = self._rounded(system, face, relaxation, solution)
            elif solution.optimum > -_CLOSE:
                certificate = self._on_faces(system)
                if certificate is None and solution.optimum > 0:
                    # Not the boundary: a thin interior, which a fine grid still meets.
                    certificate = self._rounded(system, face, relaxation, solution)
            if certificate is not None:
                return certificate
        return None

    def shifted(self, places: int, most_places: int) -> tuple[Fraction, BlockPositivity] | None:
        """Return a decimal s and the certificate that W - s is block-positive, close to the largest s there is."""
        operator = self.operator
        for chosen in dict.fromkeys(map(tuple, (balanced_cuts(self.copies), cuts(self.copies)))):
            system = SquareSystem.build(operator.matrix, operator.dims, self.copies, chosen)
            relaxation = SquareRelaxation.build(system, whole(system))
            solution = None if relaxation is None else next(relaxation.solutions(), None)
            if relaxation is None or solution is None:
                continue
            self.figure = f"the largest certified shift is about {solution.optimum:.12g} ({solution.attempt})"
            self.progress(f"copies {self.copies}, {len(chosen)} cuts: {self.figure}")
            for digits in range(most_places, places - 1, -1):
                shift = solution.lower_end(digits)
                unit = Matrix.identity(operator.matrix.rows).scale(shift)
                below = Operator(operator.dims, operator.matrix - unit)
                part = SquareSystem.build(below.matrix, operator.dims, self.copies, chosen)
                if part.blocks != system.blocks:
                    continue
                rounding, bits = Rounding(part, whole(part), relaxation.pivots), solution.least_bits(shift) + 4
                guess = [solution.rounded(b, bits, system.is_real, shift) for b in range(len(system.blocks))]
                grams = rounding.near(guess)
                if grams is not None:
                    try:
                        squares = [SquareBlock(w, gram) for w, gram in zip(part.blocks, grams, strict=True)]
                        return shift, BlockPositivity.verified(below, self.copies, squares)
                    except VerificationError:
                        continue
        return None

    def _on_faces(self, system: SquareSystem) -> BlockPositivity | None:
        zeros = [*self.zeros, *exact_zeros(self.operator, system, self.scans)]
        recognised = recognised_zeros(system, [m for m in self.minima if m.is_zero], system.field)
        kernels = [joined(pair) for pair in zip(zero_kernels(system, zeros), recognised, strict=True)]
        face = restrict(system, whole(system), kernels)
        for _ in range(_ROUNDS):
            relaxation = SquareRelaxation.build(system, face)
            solution = None if relaxation is None else next(relaxation.solutions(), None)
            if relaxation is None or solution is None or solution.optimum < -10 * _CLOSE:
                return None
            left = sum(len(w) if v is None else v.columns for w, v in zip(system.blocks, face, strict=True))
            self.progress(f"face of dimension {left}: margin about {solution.optimum:.3g}")
            if solution.optimum > _CLOSE:
                return self._rounded(system, face, relaxation, solution)
            kernels = [
                None if not len(solution.moments[b]) else solution.kernel(b, system.field)
                for b in range(len(system.blocks))
            ]
            if all(kernel is None for kernel in kernels):
                return None
            face = restrict(system, face, kernels)
        return None

    def _rounded(
        self, system: SquareSystem, face: Face, relaxation: SquareRelaxation, solution: SquareSolution
    ) -> BlockPositivity | None:
        rounding = Rounding(system, face, relaxation.pivots)
        for bits in [b for b in _GRIDS if b >= solution.least_bits()]:
            guess = [solution.rounded(b, bits, system.is_real) for b in range(len(system.blocks))]
            certificate = self._verified(system, rounding.near(guess))
            if certificate is not None:
                return certificate
        return None

    def _verified(self, system: SquareSystem, grams: list[Matrix] | None) -> BlockPositivity | None:
        if grams is None:
            return None
        blocks = [
            SquareBlock(words, gram) for words, gram in zip(system.blocks, grams, strict=True) if not gram.is_zero
        ]
        try:
            return BlockPositivity.verified(self.operator, self.copies, blocks)
        except VerificationError:
            return None


def exact_zeros(operator: Operator, system: SquareSystem, scans: Sequence[Scan]) -> list[tuple[Matrix, ...]]:
    """Return product vectors on which the form vanishes, exactly, that the scans suggest."""
    found: list[tuple[Matrix, ...]] = []
    for seen in scans:
        for vectors in seen.spanning_zeros(system):
            zeros = zeros_at(operator, seen.free, vectors)
            if not isinstance(zeros, NegativeProduct):
                found += zeros
    return found
