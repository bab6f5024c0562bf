"""Symmetries as automorphisms of the group basis: they take every monomial to a monomial times a power of zeta.

Above: symmetric relaxations and certificates. Below: the group basis. A generator is what a proof file states: where
the boxes, settings and outcomes go, and the images of X and Z of every factor of the trusted space. It defines an
automorphism of the algebra, conjugate-linear if it is antiunitary, because the images have the same relations.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import gcd

from steeralg.algebra.group_basis import Exponents, GroupBasis, Monomial, Twisted
from steeralg.algebra.party import PartyWord
from steeralg.errors import InputError
from steeralg.exact.number import Number
from steeralg.objects.symmetry import require_permutation

_NO_LETTER = 0, 0, 0
"""Of a setting with one outcome, whose A_x is 1: where it goes makes no difference."""


@dataclass(frozen=True)
class Generator:
    """E[a|x] of box k goes to E[outcomes[k][x][a] | settings[k][x]] of box boxes[k].

    `weyl` are the images of X, Z of the first factor, X, Z of the second, ...: a power of zeta, and the exponents.
    """

    boxes: tuple[int, ...]
    settings: tuple[tuple[int, ...], ...]
    outcomes: tuple[tuple[tuple[int, ...], ...], ...]
    weyl: tuple[tuple[int, Exponents], ...]
    antiunitary: bool = False


@dataclass(frozen=True)
class Automorphism:
    """The images of the letters: A_x of box k goes to zeta^t A_x'^c of box boxes[k], letters[k][x] = (x', c, t)."""

    boxes: tuple[int, ...]
    letters: tuple[tuple[tuple[int, int, int], ...], ...]
    weyl: tuple[tuple[int, Exponents], ...]
    antiunitary: bool

    @classmethod
    def of(cls, basis: GroupBasis, generator: Generator) -> Automorphism:
        """Return the automorphism that a generator defines.

        Raises InputError, naming what is wrong, unless it permutes boxes, settings and outcomes, the outcomes of a
        setting by a -> c a + s, and the images of X and Z have the relations of X and Z.
        """
        outcomes = [box.outcomes for box in basis.scenario.black_boxes]
        count = len(outcomes)
        require_permutation(generator.boxes, count, "the boxes")
        if len(generator.settings) != count or len(generator.outcomes) != count:
            raise InputError(f"a symmetry needs the settings and outcomes of {count} boxes")
        letters = []
        for k, to in enumerate(generator.boxes):
            if len(outcomes[k]) != len(outcomes[to]):
                raise InputError(f"boxes {k} and {to} have different numbers of settings")
            require_permutation(generator.settings[k], len(outcomes[k]), f"the settings of box {k}")
            if len(generator.outcomes[k]) != len(outcomes[k]):
                raise InputError(f"a symmetry needs the outcomes of {len(outcomes[k])} settings of box {k}")
            letters.append(
                tuple(
                    _letter(basis, outcomes[to], x, f"setting {i} of box {k}", places, d, generator.antiunitary)
                    for i, (x, places, d) in enumerate(
                        zip(generator.settings[k], generator.outcomes[k], outcomes[k], strict=True)
                    )
                )
            )
        result = cls(generator.boxes, tuple(letters), generator.weyl, generator.antiunitary)
        result._require_relations(basis)
        return result

    def _require_relations(self, basis: GroupBasis) -> None:
        """Raise InputError unless the images of X, Z have the relations of X, Z."""
        n, primes = basis.order, basis.primes
        if len(self.weyl) != 2 * len(primes):
            raise InputError(f"a symmetry needs images of X and Z for {len(primes)} factors of the trusted space")
        for (t, weyl), p in zip(self.weyl, (p for p in primes for _ in range(2)), strict=True):
            shaped = len(weyl) == 2 * len(primes) and all(
                0 <= e < q for e, q in zip(weyl, (q for q in primes for _ in range(2)), strict=True)
            )
            if not 0 <= t < n or not shaped:
                raise InputError(f"the image of a Weyl operator, {(t, weyl)}, is none")
            power, turn = _weyl_power(basis, weyl, t, p)
            if any(power) or turn:
                raise InputError(f"the {p}-th power of the image of a Weyl operator is not 1")
        for i, (_, u) in enumerate(self.weyl):
            for j, (_, v) in enumerate(self.weyl[:i]):
                turn = (basis.weyl_product(u, v)[1] - basis.weyl_product(v, u)[1]) % n
                # Z X = zeta_p X Z on one factor; a conjugate-linear map conjugates zeta_p.
                own = n // primes[i // 2] if i // 2 == j // 2 else 0
                if turn != (-own if self.antiunitary else own) % n:
                    raise InputError("the images of the Weyl operators do not have their commutation relations")

    @classmethod
    def identity(cls, basis: GroupBasis) -> Automorphism:
        """Return the identity."""
        size = 2 * len(basis.primes)
        return cls(
            tuple(range(len(basis.boxes))),
            tuple(tuple((x, 1, 0) if d > 1 else _NO_LETTER for x, d in enumerate(b.outcomes)) for b in basis.boxes),
            tuple((0, tuple(int(i == j) for j in range(size))) for i in range(size)),
            False,
        )

    def word_image(self, basis: GroupBasis, box: int, word: PartyWord) -> tuple[PartyWord, int]:
        """Return the image of a word of a box, a word of boxes[box], and the power of zeta."""
        outcomes = basis.boxes[self.boxes[box]].outcomes
        image, turn = [], 0
        for x, k in word:
            to, c, t = self.letters[box][x]
            image.append((to, c * k % outcomes[to]))
            turn += t * k
        return tuple(image), turn % basis.order

    def weyl_image(self, basis: GroupBasis, weyl: Exponents) -> tuple[Exponents, int]:
        """Return the image of a Weyl operator and the power of zeta."""
        found, turn = (0,) * len(weyl), 0
        for (t, image), exponent in zip(self.weyl, weyl, strict=True):
            power, more = _weyl_power(basis, image, t, exponent)
            found, extra = basis.weyl_product(found, power)
            turn += more + extra
        return found, turn % basis.order

    def image(self, basis: GroupBasis, monomial: Monomial) -> Twisted:
        """Return the image of a monomial and the power of zeta."""
        words: list[PartyWord] = [()] * len(self.boxes)
        turn = 0
        for k, word in enumerate(monomial[0]):
            words[self.boxes[k]], t = self.word_image(basis, k, word)
            turn += t
        weyl, t = self.weyl_image(basis, monomial[1])
        return (tuple(words), weyl), (turn + t) % basis.order

    def then(self, basis: GroupBasis, other: Automorphism) -> Automorphism:
        """Return this automorphism followed by another one."""
        n, sign = basis.order, -1 if other.antiunitary else 1
        letters = []
        for k, box in enumerate(self.letters):
            row = []
            for x, c, t in box:
                (word, turn) = other.word_image(basis, self.boxes[k], ((x, c),) if c else ())
                row.append((*word[0], (sign * t + turn) % n) if word else _NO_LETTER)
            letters.append(tuple(row))
        weyl = []
        for t, operator in self.weyl:
            moved, turn = other.weyl_image(basis, operator)
            weyl.append(((sign * t + turn) % n, moved))
        boxes = tuple(other.boxes[k] for k in self.boxes)
        return Automorphism(boxes, tuple(letters), tuple(weyl), self.antiunitary != other.antiunitary)

    def fixes(self, basis: GroupBasis, expansion: Mapping[Monomial, Number], powers: Sequence[Number]) -> bool:
        """Whether a combination of monomials is taken to itself; `powers` are those of zeta, in its field."""
        for monomial, value in expansion.items():
            to, turn = self.image(basis, monomial)
            moved = (value.conjugate() if self.antiunitary else value) * powers[turn]
            if to not in expansion or not (expansion[to] - moved).is_zero:
                return False
        return True


def _letter(
    basis: GroupBasis, sizes: Sequence[int], to: int, what: str, places: Sequence[int], d: int, antiunitary: bool
) -> tuple[int, int, int]:
    """The image of A_x: for a -> c a + s it is zeta_d^(-s/c) A_x'^(1/c), if antiunitary zeta_d^(s/c) A_x'^(-1/c)."""
    if sizes[to] != d:
        raise InputError(f"{what} has {d} outcomes, its image {sizes[to]}")
    require_permutation(places, d, f"the outcomes of {what}")
    s = places[0]
    c = (places[1] - s) % d if d > 1 else 0
    if any(a != (c * i + s) % d for i, a in enumerate(places)) or gcd(c, d) != 1:
        raise InputError(
            f"the outcomes of {what} are permuted by {list(places)}, which is not a -> c a + s modulo {d}; only these "
            "take unitary letters to unitary letters"
        )
    if d == 1:
        return _NO_LETTER
    inverse = pow(c, -1, d)
    sign = -1 if antiunitary else 1
    return to, sign * inverse % d, -sign * inverse * s % d * (basis.order // d)


def _weyl_power(basis: GroupBasis, weyl: Exponents, turn: int, exponent: int) -> tuple[Exponents, int]:
    """The power of zeta^turn times a Weyl operator."""
    found, total = (0,) * len(weyl), 0
    for _ in range(exponent):
        found, more = basis.weyl_product(found, weyl)
        total += more + turn
    return found, total % basis.order
