"""Bounds up to symmetries: sums of squares in the group basis that hold for invariant states, verified exactly.

Above: steps, rules, symmetric bounds. Below: automorphisms, the exact layer. Whatever a functional's symmetries are,
the average of a quantum state over them has the same value; so it is enough to bound states L that no symmetry changes.
For them a block with Gram matrix Z and a group H of pairs (h, s) is the positive number sum_ij Z_ij sum_H zeta^-s
L(w_i* h(w_j)); and |L(m)| <= 1 for every monomial m, so what the identity misses only lowers the bound. See
proofs/FORMAT.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from math import lcm

from steeralg.algebra.automorphism import Automorphism, Generator
from steeralg.algebra.group_basis import GroupBasis, Monomial
from steeralg.algebra.party import PartyWord
from steeralg.arguments import checked
from steeralg.errors import InputError, VerificationError
from steeralg.exact.field import Field
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number, as_bound, as_number
from steeralg.exact.psd import Factor, is_psd
from steeralg.objects.functional import Functional
from steeralg.verdict import OneLine

MAX_SUBGROUP = 4096
Coefficients = dict[Monomial, dict[int, list[int]]]
"""For every monomial and power of zeta the planes (real, then imaginary parts) of its coefficient's numerator."""

_Found = tuple[Monomial, int, bool]
"""(r, t, c) with L(m) = zeta^t L(r), the conjugate of L(r) if c."""


@dataclass(frozen=True, eq=False, repr=False)
class InvariantBlock(OneLine):
    """Distinct monomials w_i and a Gram matrix; `characters` are products of generators (by number, the first one
    applied first) with powers of zeta, which generate H.
    """

    words: tuple[Monomial, ...]
    characters: tuple[tuple[tuple[int, ...], int], ...]
    gram: Matrix
    factor: Factor | None

    def is_positive(self) -> bool:
        """Whether the Gram matrix is positive semidefinite: by the factor, by elimination if there is none."""
        return is_psd(self.gram, self.factor)


@dataclass(frozen=True, eq=False, repr=False)
class SymmetricSquares(OneLine):
    """Symmetries and blocks: evidence for a bound of any functional that the symmetries fix."""

    basis: GroupBasis
    generators: tuple[Generator, ...]
    blocks: tuple[InvariantBlock, ...]

    @cached_property
    def automorphisms(self) -> tuple[Automorphism, ...]:
        """The automorphisms of the generators. Raises InputError for what defines none."""
        return tuple(Automorphism.of(self.basis, g) for g in self.generators)

    def fields(self) -> Iterator[Field]:
        """Yield the fields of all numbers."""
        yield self.basis.zeta.field
        yield from (block.gram.field for block in self.blocks)

    def proved_bound(self, functional: Functional) -> Number:
        """Return the largest bound that this proves. Raises VerificationError, saying what fails."""
        if functional.scenario != self.basis.scenario:
            raise VerificationError("the sum of squares is of another scenario than the functional")
        for k, block in enumerate(self.blocks):
            self._require_wellformed(k, block)
        expansion = self.basis.expansion(functional)
        fields = [field for field in (*self.fields(), *(v.field for v in expansion.values())) if not field.is_rational]
        if any(field != fields[0] for field in fields):
            raise VerificationError("the functional and the sum of squares live in different number fields")
        field = fields[0] if fields else self.basis.zeta.field
        powers = self.basis.powers_over(field)
        try:
            unmoved = [a.fixes(self.basis, expansion, powers) for a in self.automorphisms]
        except InputError as error:
            raise VerificationError(f"a symmetry is none: {error}") from None
        if not all(unmoved):
            raise VerificationError(f"symmetry {unmoved.index(False)} does not take the functional to itself")
        common = lcm(*(block.gram.denominator for block in self.blocks))
        missing = dict(expansion)
        for monomial, buckets in self._squares(field, common).items():
            value = missing.get(monomial, Number.of(0, field))
            d = field.degree
            for turn, planes in buckets.items():
                value = value - Number(field, tuple(planes[:d]), tuple(planes[d:]), common) * powers[turn]
            missing[monomial] = value
        bound = self._remainder(missing, field, powers)
        for k, block in enumerate(self.blocks):
            if not block.is_positive():
                raise VerificationError(f"the Gram matrix of block {k} is not shown to be positive semidefinite")
        return bound

    def _require_wellformed(self, number: int, block: InvariantBlock) -> None:
        order, boxes, n = len(block.words), self.basis.boxes, self.basis.order
        exponents = [p for p in self.basis.primes for _ in range(2)]
        if not order or len(set(block.words)) != order:
            raise VerificationError(f"the words of block {number} are not distinct")
        for words, weyl in block.words:
            fine = len(words) == len(boxes) and len(weyl) == len(exponents)
            fine = fine and all(0 <= e < p for e, p in zip(weyl, exponents, strict=True))
            for box, word in zip(boxes, words, strict=False):
                fine = fine and all(0 <= x < len(box.outcomes) and 0 < k < box.outcomes[x] for x, k in word)
                fine = fine and all(a[0] != b[0] for a, b in pairwise(word))
            if not fine:
                raise VerificationError(f"{(words, weyl)} in block {number} is no monomial of the scenario")
        if (block.gram.rows, block.gram.columns) != (order, order) or not block.gram.is_hermitian:
            raise VerificationError(f"the Gram matrix of block {number} is not Hermitian of order {order}")
        for product, power in block.characters:
            known = product and all(0 <= g < len(self.generators) for g in product)
            if not known or not 0 <= power < n or sum(self.generators[g].antiunitary for g in product) % 2:
                raise VerificationError(
                    f"{(product, power)} of block {number} is no linear product with a power of zeta"
                )

    def _subgroup(self, block: InvariantBlock) -> list[tuple[Automorphism, int]]:
        """List the group H of pairs."""
        one = Automorphism.identity(self.basis)
        steps = []
        for product, power in block.characters:
            element = one
            for g in product:
                element = element.then(self.basis, self.automorphisms[g])
            steps.append((element, power))
        found = {(one, 0): None}
        waiting = [(one, 0)]
        for element, power in waiting:
            for step, t in steps:
                pair = element.then(self.basis, step), (power + t) % self.basis.order
                if pair not in found:
                    if len(found) >= MAX_SUBGROUP:
                        raise VerificationError(f"the characters of a block generate more than {MAX_SUBGROUP} elements")
                    found[pair] = None
                    waiting.append(pair)
        return waiting

    def _squares(self, field: Field, common: int) -> Coefficients:
        """Return the coefficients of the sum of all blocks, numerators over a common denominator.

        Only their real parts in invariant states count, where Z_ij and Z_ji give the same: i < j counts twice.
        """
        basis, n = self.basis, self.basis.order
        result: Coefficients = {}
        joined = _Products(basis)
        for block in self.blocks:
            scale = common // block.gram.denominator
            planes = block.gram.over(field).planes
            order = len(block.words)
            adjoints = [basis.adjoint(word) for word in block.words]
            subgroup = self._subgroup(block)
            for j, word in enumerate(block.words):
                images: dict[Monomial, dict[int, int]] = {}
                for element, power in subgroup:
                    image, turn = element.image(basis, word)
                    counts = images.setdefault(image, {})
                    counts[(turn - power) % n] = counts.get((turn - power) % n, 0) + 1
                for i in range(j + 1):
                    entry = [(scale if i == j else 2 * scale) * plane[i * order + j] for plane in planes]
                    if not any(entry):
                        continue
                    left, start = adjoints[i]
                    for image, counts in images.items():
                        monomial, turn = joined(left, image)
                        buckets = result.setdefault(monomial, {})
                        for more, count in counts.items():
                            t = (start + turn + more) % n
                            old = buckets.get(t)
                            new = entry if count == 1 else [count * x for x in entry]
                            buckets[t] = new if old is None else [x + y for x, y in zip(old, new, strict=True)]
        return result

    def _remainder(self, missing: Mapping[Monomial, Number], field: Field, powers: Sequence[Number]) -> Number:
        """Return Re c_1 minus the least |Re| + |Im| of what is missing in every other orbit, up to powers of zeta."""
        places: dict[Monomial, _Found] = {}
        phases: dict[Monomial, int | None] = {}
        sums: dict[Monomial, Number] = {}
        for monomial, value in missing.items():
            if value.is_zero:
                continue
            if monomial not in places:
                phases[monomial] = self._flood(monomial, places)
            root, turn, conjugated = places[monomial]
            term = value * powers[turn]
            term = term.conjugate() if conjugated else term
            sums[root] = sums[root] + term if root in sums else term
        total, half = Number.of(0, field), Number.of(Fraction(1, 2), field)
        for root, value in sums.items():
            phase = phases[root]
            if phase == -2:
                continue
            if phase is not None:
                value = (value + powers[-phase % len(powers)] * value.conjugate()) * half
            if root == self.basis.one:
                total = total + value
            else:
                total = total - min((_size(value * power) for power in powers), key=_Ordered)
        return total

    def _flood(self, root: Monomial, places: dict[Monomial, _Found]) -> int | None:
        """Find the orbit of a monomial: e with L(root) = zeta^e conj L(root), None without, -2 if L(root) = 0."""
        n = self.basis.order
        places[root] = root, 0, False
        waiting, phase = [root], None
        for monomial in waiting:
            _, turn, conjugated = places[monomial]
            # L(m) = zeta^turn L(root) or its conjugate; with g m = zeta^t m' L(m') follows from L(g m) = L(m).
            for image, t, flip in self._neighbours(monomial):
                # L(m') = zeta^-t L(m), or zeta^-t conj L(m).
                found = ((-turn if flip else turn) - t) % n, conjugated != flip
                if image not in places:
                    places[image] = (root, *found)
                    waiting.append(image)
                    continue
                _, known, other = places[image]
                if (known, other) == found:
                    continue
                if other == found[1]:
                    phase = -2
                elif phase != -2:
                    # zeta^a L = zeta^b conj L
                    a, b = (known, found[0]) if not other else (found[0], known)
                    phase = (b - a) % n if phase in (None, (b - a) % n) else -2
        return phase

    def _neighbours(self, monomial: Monomial) -> Iterator[tuple[Monomial, int, bool]]:
        for automorphism in self.automorphisms:
            image, turn = automorphism.image(self.basis, monomial)
            yield image, turn, automorphism.antiunitary
        image, turn = self.basis.adjoint(monomial)
        yield image, turn, True


class _Products:
    """Products of monomials, with a memory of those of the boxes' words."""

    def __init__(self, basis: GroupBasis) -> None:
        self.basis = basis
        self.known: list[dict[tuple[PartyWord, PartyWord], PartyWord]] = [{} for _ in basis.boxes]

    def __call__(self, left: Monomial, right: Monomial) -> tuple[Monomial, int]:
        words = []
        for box, known, v, w in zip(self.basis.boxes, self.known, left[0], right[0], strict=True):
            found = known.get((v, w))
            if found is None:
                found = known[v, w] = box.product(v, w)[0]
            words.append(found)
        weyl, turn = self.basis.weyl_product(left[1], right[1])
        return (tuple(words), weyl), turn


class _Ordered:
    """Compares real numbers by their embedding."""

    def __init__(self, number: Number) -> None:
        self.number = number

    def __lt__(self, other: _Ordered) -> bool:
        return self.number < other.number


def _size(value: Number) -> Number:
    """|Re| + |Im|."""
    re, im = (-part if part.sign() < 0 else part for part in (value.real, value.imaginary))
    return re + im


@dataclass(frozen=True, eq=False, repr=False)
class SymmetricBound(OneLine):
    """`functional` >= `bound` on every quantum assemblage, up to symmetries. Construct with `verified`."""

    functional: Functional
    bound: Fraction | Number
    squares: SymmetricSquares

    @classmethod
    @checked
    def verified(cls, functional: Functional, bound: Fraction | Number, squares: SymmetricSquares) -> SymmetricBound:
        """Return the bound after exact verification. Raises VerificationError, saying what fails."""
        exact = as_bound(bound)
        if squares.proved_bound(functional) < as_number(exact):
            raise VerificationError("the sum of squares misses the functional by too much for this bound")
        return cls(functional, exact, squares)
