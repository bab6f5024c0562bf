"""The group basis: black boxes by unitaries and trusted parties by Weyl operators, so that all is monomials.

Above: automorphisms, symmetric relaxations, certificates. Below: words, the exact layer. With A_x = sum_a zeta_d^a
E[a|x] for a setting of d outcomes, and X^p Z^q on every factor of prime dimension of the trusted space, products and
adjoints of monomials are monomials times powers of one root of unity zeta; every monomial is unitary.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from itertools import product
from math import lcm, prod

import sympy

from steeralg.algebra.observed import embedded
from steeralg.algebra.party import PartyWord
from steeralg.algebra.unitary import CyclicGroup
from steeralg.algebra.word import Word
from steeralg.errors import NumberError, ScenarioError
from steeralg.exact.convert import unify
from steeralg.exact.field import Field
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number
from steeralg.objects.functional import Functional
from steeralg.objects.scenario import Scenario
from steeralg.objects.weyl import powers, prime_factors, root_of_unity, root_order

Exponents = tuple[int, ...]
"""p, q for every factor of the trusted space: X^p Z^q on each."""

Monomial = tuple[Word, Exponents]
"""A word of every black box, letters (x, k) for A_x^k, and the Weyl operator of the trusted space."""

Twisted = tuple[Monomial, int]
"""A monomial and the power of zeta that it is multiplied by."""


@dataclass(frozen=True)
class GroupBasis:
    """The monomials of a scenario without input, with zeta a primitive root of unity of some order.

    X|j> = |j+1>, Z|j> = zeta_p^j |j>, so Z X = zeta_p X Z; zeta_d = zeta^(order/d). Raises ScenarioError for another
    scenario, NumberError for a number that is no such root.
    """

    scenario: Scenario
    order: int
    zeta: Number

    def __post_init__(self) -> None:
        self.scenario.require_simultaneous("the group basis")
        if self.scenario.has_input:
            raise ScenarioError("the group basis is for trusted parties without input")
        one, needed = Number.of(1, self.zeta.field), lcm(1, *self._outcomes, *self.primes)
        wrong = self.order % needed != 0 or self.powers[-1] * self.zeta != one
        if wrong or any(self.powers[self.order // r] == one for r in sympy.primefactors(self.order)):
            raise NumberError(
                f"{self.zeta} is no primitive root of unity of order {self.order}, a multiple of {needed}"
            )

    @classmethod
    def of(cls, scenario: Scenario) -> GroupBasis:
        """Return the group basis with zeta = exp(2 pi i/order).

        The order allows for signs, and for i where there is a qubit, for its Clifford unitaries. Raises ScenarioError,
        too, if it is above 64.
        """
        scenario.require_simultaneous("the group basis")
        order = root_order(scenario)
        return cls(scenario, order, root_of_unity(order))

    @property
    def _outcomes(self) -> list[int]:
        return [d for box in self.scenario.black_boxes for d in box.outcomes]

    @cached_property
    def primes(self) -> tuple[int, ...]:
        """The dimensions of the factors of the trusted space: party by party, ascending, the first most significant."""
        return prime_factors(self.scenario)

    @cached_property
    def powers(self) -> tuple[Number, ...]:
        """The powers of zeta, from zeta^0 = 1."""
        return powers(self.zeta, self.order)

    @cached_property
    def boxes(self) -> tuple[CyclicGroup, ...]:
        """The black boxes."""
        return tuple(CyclicGroup(box.outcomes) for box in self.scenario.black_boxes)

    @property
    def one(self) -> Monomial:
        """The monomial 1."""
        return ((),) * len(self.boxes), (0,) * (2 * len(self.primes))

    def weyl_product(self, left: Exponents, right: Exponents) -> tuple[Exponents, int]:
        """Multiply: X^a Z^b X^c Z^e = zeta_p^(bc) X^(a+c) Z^(b+e)."""
        found: list[int] = []
        turn = 0
        for k, p in enumerate(self.primes):
            (a, b), (c, e) = left[2 * k : 2 * k + 2], right[2 * k : 2 * k + 2]
            found += [(a + c) % p, (b + e) % p]
            turn += b * c * (self.order // p)
        return tuple(found), turn % self.order

    def weyl_adjoint(self, weyl: Exponents) -> tuple[Exponents, int]:
        """Take the adjoint: (X^a Z^b)* = zeta_p^(ab) X^-a Z^-b."""
        found: list[int] = []
        turn = 0
        for k, p in enumerate(self.primes):
            a, b = weyl[2 * k : 2 * k + 2]
            found += [-a % p, -b % p]
            turn += a * b * (self.order // p)
        return tuple(found), turn % self.order

    def product(self, left: Monomial, right: Monomial) -> Twisted:
        """Multiply two monomials."""
        words = tuple(box.product(v, w)[0] for box, v, w in zip(self.boxes, left[0], right[0], strict=True))
        weyl, turn = self.weyl_product(left[1], right[1])
        return (words, weyl), turn

    def adjoint(self, monomial: Monomial) -> Twisted:
        """Return the adjoint of a monomial."""
        words = tuple(box.adjoint(w)[0] for box, w in zip(self.boxes, monomial[0], strict=True))
        weyl, turn = self.weyl_adjoint(monomial[1])
        return (words, weyl), turn

    def weyl_operators(self) -> list[Exponents]:
        """List the Weyl operators."""
        return list(product(*(range(p) for p in self.primes for _ in range(2))))

    def weyl_components(self, matrix: Matrix, powers: Sequence[Number]) -> dict[Exponents, Number]:
        """Write a matrix as a combination of Weyl operators; `powers` are those of zeta, in the matrix's field."""
        dim, zero = prod(self.primes), Number.of(0, matrix.field)
        digits = list(product(*map(range, self.primes)))
        place = {row: i for i, row in enumerate(digits)}
        result = {}
        for shift in product(*map(range, self.primes)):
            # <j + shift|W|j> = prod zeta_p^(q j): the components with one shift are a Fourier transform of a diagonal.
            moved = [tuple((j + s) % p for j, s, p in zip(row, shift, self.primes, strict=True)) for row in digits]
            diagonal = [matrix.entry(place[to], j) for j, to in enumerate(moved)]
            if all(x.is_zero for x in diagonal):
                continue
            for clock in product(*map(range, self.primes)):
                value = zero
                for row, x in zip(digits, diagonal, strict=True):
                    if not x.is_zero:
                        turns = (q * j * (self.order // p) for q, j, p in zip(clock, row, self.primes, strict=True))
                        value = value + powers[-sum(turns) % self.order] * x
                if not value.is_zero:
                    weyl = tuple(e for pair in zip(shift, clock, strict=True) for e in pair)
                    result[weyl] = value * Number.of(Fraction(1, dim))
        return result

    def expansion(self, functional: Functional) -> dict[Monomial, Number]:
        """Write f = sum E[a|x] (x) F[a|x] in monomials, over a field that holds F and zeta."""
        embeddings = [
            embedded(self.scenario, self.scenario.view(label), operator)
            for label, operator in functional.elements.items()
        ]
        *matrices, last = unify([*embeddings, self.powers_matrix])
        powers = [last.entry(0, k) for k in range(self.order)]
        result: dict[Monomial, Number] = {}
        for label, matrix in zip(functional.elements, matrices, strict=True):
            letters = [self._projector(k, a, x) for k, (a, x) in enumerate(zip(*label[:2], strict=True))]
            scale = Fraction(1, prod(len(letter) for letter in letters))
            for weyl, value in self.weyl_components(matrix, powers).items():
                for choice in product(*letters):
                    monomial = tuple(word for word, _ in choice), weyl
                    term = value * powers[sum(turn for _, turn in choice) % self.order] * Number.of(scale)
                    result[monomial] = result[monomial] + term if monomial in result else term
        return {monomial: value for monomial, value in result.items() if not value.is_zero}

    def together(self, functional: Functional) -> tuple[GroupBasis, Functional]:
        """Return the basis and a functional over one field that holds both."""
        *matrices, last = unify([*functional.elements.values(), self.powers_matrix])
        elements = dict(zip(functional.elements, matrices, strict=True))
        return replace(self, zeta=last.entry(0, 1 % self.order)), Functional(functional.scenario, elements)

    def _projector(self, box: int, a: int, x: int) -> list[tuple[PartyWord, int]]:
        """List the terms of d E[a|x] = sum_k zeta_d^(-ak) A_x^k."""
        d = self.scenario.black_boxes[box].outcomes[x]
        return [(((x, k),) if k else (), -a * k * (self.order // d)) for k in range(d)]

    @cached_property
    def powers_matrix(self) -> Matrix:
        """The powers of zeta as a row."""
        return Matrix.from_numbers([self.powers], self.zeta.field)

    def powers_over(self, field: Field) -> list[Number]:
        """Return the powers of zeta as numbers of a field that holds them, of their own if that is over the rationals.

        Raises NumberError if the two fields are different; `together` brings a functional to the same one.
        """
        matrix = self.powers_matrix if field.is_rational else self.powers_matrix.over(field)
        return [matrix.entry(0, k) for k in range(self.order)]
