"""Is an operator block-positive? Decided with a witness either way, wherever the search gets there.

Above: verdicts on maps, witnesses. Below: faces, sdp for the suggestions. Block positive means non-negative on all
product vectors: an entanglement witness, or the Choi matrix of a positive map.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from itertools import product
from math import comb, prod

from steeralg.algebra.form import balanced_cuts, cuts, form_of, monomials
from steeralg.algebra.squares import SquareSystem
from steeralg.arguments import checked, require_between
from steeralg.errors import InputError, ShapeError, VerificationError
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import brief
from steeralg.exact.psd import decide_psd
from steeralg.exact.tensor import partial_transpose
from steeralg.objects.devices import Operator
from steeralg.positivity.face import Face, joined, restrict, whole
from steeralg.positivity.facial import CLOSE, on_faces, rounded, solved
from steeralg.positivity.rounding import Rounding
from steeralg.positivity.squares import BlockPositivity, SquareBlock
from steeralg.positivity.values import NegativeProduct, value_on, zero_kernels, zeros_at
from steeralg.progress import Progress, silent
from steeralg.sdp.gram import GramRelaxation, GramSolution
from steeralg.sdp.product_vectors import LocalMinimum, Scan, local_minima, polished_zeros, recognised_zeros, scan
from steeralg.verdict import OneLine, Proved, Refuted, Undecided

MAX_COPIES = 16
_STARTS, _NOISE, _ORDINARY = 24, Fraction(1, 10**14), 8


@checked
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
    Raises ShapeError or InputError for what is no such vector, InputError for copies (0 to 16) or a seed out of range.
    """
    require_between("most_copies", most_copies, 0, MAX_COPIES)
    check_zeros(operator, zeros)
    part, size = ordinary(operator)
    scans = [scan(part, free) for free in range(len(part.dims))]
    minima = local_minima(part, seed, _STARTS)
    refutation = find_negative(part, scans, minima)
    if refutation is not None:
        return Refuted(NegativeProduct.verified(operator, refutation.vectors))
    figures = [] if size == 1 else [f"for the operator divided by {size}"]
    for copies in levels(part.dims, most_copies):
        search = _Search(part, copies, scans, minima, zeros, progress)
        certificate = search.run()
        if certificate is not None:
            return Proved(certificate.scaled(size))
        if search.negative is not None:
            return Refuted(NegativeProduct.verified(operator, search.negative.vectors))
        figures.append(f"copies {copies}: {search.figure}")
    return Undecided("; ".join(figures))


def check_zeros(operator: Operator, zeros: Sequence[Sequence[Matrix]]) -> None:
    """Raise ShapeError or InputError, naming the first that is no product vector on which the form vanishes."""
    for k, vectors in enumerate(zeros):
        if [(v.rows, v.columns) for v in vectors] != [(d, 1) for d in operator.dims]:
            raise ShapeError(f"zero {k} is not one column for each of the dimensions {operator.dims}")
        value = value_on(operator, vectors)
        if not value.is_zero:
            raise InputError(f"zero {k} is none: the form has the value {brief(value)} there")


def ordinary(operator: Operator) -> tuple[Operator, Fraction]:
    """Return the operator divided by a power of two, and that number: solvers and tolerances are made for eigenvalues
    of ordinary size. It is 1 if they are.
    """
    square = operator.matrix.inner(operator.matrix).enclosure(64)[1] / operator.matrix.rows
    exponent = (square.numerator.bit_length() - square.denominator.bit_length()) // 2
    if not square or abs(exponent) < _ORDINARY:
        return operator, Fraction(1)
    size = Fraction(2) ** exponent
    return Operator(operator.dims, operator.matrix.scale(1 / size)), size


@dataclass(frozen=True, eq=False, repr=False)
class SquaresFound(OneLine):
    """What a search with given copies came to: a certificate or None, and what was tried in words.

    Without a certificate `negative` may be a product vector with a negative value, so that there is none.
    `last` is the last system with its solution on the whole space, for the operator divided by a power of two that
    gives it an ordinary size.
    """

    certificate: BlockPositivity | None
    negative: NegativeProduct | None
    figure: str
    last: tuple[SquareSystem, GramSolution] | None


def search_squares(
    operator: Operator,
    copies: tuple[int, ...],
    *,
    zeros: Sequence[Sequence[Matrix]] = (),
    seed: int = 0,
    progress: Progress = silent,
) -> SquaresFound:
    """Look for a certificate with given copies; `zeros` are as in `decide_block_positive`."""
    check_zeros(operator, zeros)
    part, size = ordinary(operator)
    scans = [scan(part, free) for free in range(len(part.dims))]
    minima = local_minima(part, seed, _STARTS)
    search = _Search(part, copies, scans, minima, zeros, progress)
    certificate = search.run()
    if certificate is not None:
        return SquaresFound(certificate.scaled(size), None, search.figure, search.last)
    found = search.negative or find_negative(part, scans, minima)
    negative = None if found is None else NegativeProduct.verified(operator, found.vectors)
    return SquaresFound(None, negative, search.figure, search.last)


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
        # Values closer to 0 than this are what floats make of 0.
        for bits in (2, 4, 8, 16, 30, 50) if minimum.value < -_NOISE else ():
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
    last: tuple[SquareSystem, GramSolution] | None = None
    negative: NegativeProduct | None = None
    figure: str = "no solver returned a usable point"

    def _solutions(self) -> Iterator[tuple[SquareSystem, GramRelaxation, GramSolution]]:
        """Yield what the solver finds on the whole space: with balanced cuts, which often suffice, then with all."""
        every, balanced = cuts(self.copies), balanced_cuts(self.copies)
        for chosen in [every] if balanced == every else [balanced, every]:
            system = SquareSystem.build(self.operator.matrix, self.operator.dims, self.copies, chosen)
            found = solved(system, whole(system))
            if found is None:
                continue
            relaxation, solution = found
            self.last = system, solution
            self.figure = f"the largest certified shift is about {solution.optimum:.12g} ({solution.attempt})"
            self.progress(f"copies {self.copies}, {len(chosen)} cuts: {self.figure}")
            yield system, relaxation, solution

    def run(self) -> BlockPositivity | None:
        """Return a certificate: with definite Gram matrices if there is room for them, else on faces.

        None also where a zero, looked at exactly, turns out to be a product vector with a negative value.
        """
        if set(self.copies) == {1} and (found := positive_transpose(self.operator)) is not None:
            return found
        for system, relaxation, solution in self._solutions():
            accept = partial(_accepted, self.operator, system)
            certificate = None
            if abs(solution.optimum) <= CLOSE:
                face = self._known_face(system)
                if self.negative is not None:
                    return None
                certificate = on_faces(system, face, accept, self.progress)
            if certificate is None and solution.optimum > 0:
                # At the boundary this is a thin interior, which a fine grid may still meet.
                certificate = rounded(system, whole(system), relaxation, solution, accept)
            if certificate is not None:
                return certificate
        return None

    def shifted(self, places: int, most_places: int) -> tuple[Fraction, BlockPositivity] | None:
        """Return a decimal s and the certificate that W - s is block-positive, close to the largest s there is."""
        operator = self.operator
        for system, relaxation, solution in self._solutions():
            decimals = [solution.lower_end(digits) for digits in range(most_places, places - 1, -1)]
            # The solver's optimum may be a little above the true one.
            for shift in dict.fromkeys([*decimals, decimals[-1] - Fraction(1, 10**places)]):
                unit = Matrix.identity(operator.matrix.rows).scale(shift)
                below = Operator(operator.dims, operator.matrix - unit)
                part = replace(system, form=form_of(below.matrix, operator.dims, self.copies))
                bits = solution.least_bits(shift) + 4
                guess = [solution.rounded(b, bits, part.is_real, shift) for b in range(len(part.blocks))]
                grams = Rounding(part, whole(part), relaxation.pivots).near(guess)
                certificate = None if grams is None else _accepted(below, part, grams)
                if certificate is not None:
                    return shift, certificate
        return None

    def _known_face(self, system: SquareSystem) -> Face:
        """The face that known zeros leave: given ones, short ones, and recognised local minima."""
        zeros = [tuple(vectors) for vectors in self.zeros]
        for found in exact_zeros(self.operator, system, self.scans):
            if isinstance(found, NegativeProduct):
                self.negative = found
            else:
                zeros += found
        minima = polished_zeros(self.operator, self.minima)
        recognised = recognised_zeros(system, minima, system.field)
        kernels = [joined(pair) for pair in zip(zero_kernels(system, zeros), recognised, strict=True)]
        return restrict(system, whole(system), kernels)


def positive_transpose(operator: Operator) -> BlockPositivity | None:
    """Return the certificate that is a partial transpose of the operator itself, if one of them is positive."""
    dims, copies = operator.dims, (1,) * len(operator.dims)
    for cut in cuts(copies):
        gram = partial_transpose(operator.matrix, dims, [k for k, c in enumerate(cut) if c])
        if decide_psd(gram).is_proved:
            # The monomials of one copy of each factor come in the order of the rows.
            return BlockPositivity.verified(operator, copies, [SquareBlock(tuple(monomials(dims, copies, cut)), gram)])
    return None


def _accepted(operator: Operator, system: SquareSystem, grams: Sequence[Matrix]) -> BlockPositivity | None:
    """Return the certificate if it is one."""
    pairs = zip(system.blocks, grams, strict=True)
    try:
        blocks = [SquareBlock(words, gram) for words, gram in pairs if not gram.is_zero]
        return BlockPositivity.verified(operator, system.copies, blocks)
    except VerificationError:
        return None


def exact_zeros(
    operator: Operator, system: SquareSystem, scans: Sequence[Scan]
) -> Iterator[list[tuple[Matrix, ...]] | NegativeProduct]:
    """Yield product vectors on which the form vanishes, exactly, that the scans suggest, or is negative after all."""
    for seen in scans:
        for vectors in seen.spanning_zeros(system):
            yield zeros_at(operator, seen.free, vectors)
