"""The trusted space as factors of prime dimension: their Clifford operators by name, and one root of unity for all.

Above: symmetries, the group basis. Below: scenarios, matrices. On a factor of dimension p, X|j> = |j+1> and Z|j> =
w^j |j> with w = exp(2 pi i/p).
"""

from __future__ import annotations

from functools import lru_cache, reduce
from math import lcm
from operator import matmul

import sympy

from steeralg.errors import FormatError, ScenarioError
from steeralg.exact.convert import numbers_from_sympy
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number
from steeralg.exact.tensor import kron
from steeralg.objects.scenario import Scenario

MAX_ORDER = 64


def prime_factors(scenario: Scenario) -> tuple[int, ...]:
    """Return the dimensions of the factors: party by party, ascending, the first one the most significant."""
    powers = (power for party in scenario.trusted for power in sorted(sympy.factorint(party.dim).items()))
    return tuple(int(p) for p, count in powers for _ in range(count))


def root_order(scenario: Scenario) -> int:
    """Return the least order of a root of unity for all outcomes and factors.

    It allows for signs, and for i where there is a qubit, for its Clifford unitaries. Raises ScenarioError if it is
    above 64.
    """
    primes = prime_factors(scenario)
    outcomes = (d for box in scenario.black_boxes for d in box.outcomes)
    order = lcm(2, *outcomes, *primes, 4 if 2 in primes else 1)
    if order > MAX_ORDER:
        raise ScenarioError(f"the outcomes and dimensions need a root of unity of order {order}, above {MAX_ORDER}")
    return order


@lru_cache(maxsize=64)
def root_of_unity(order: int) -> Number:
    """Return exp(2 pi i/order)."""
    turn = sympy.Rational(2, order) * sympy.pi
    return numbers_from_sympy([sympy.cos(turn) + sympy.I * sympy.sin(turn)])[0]


def powers(root: Number, order: int) -> tuple[Number, ...]:
    """Return the powers of a root of unity, from 1 on."""
    found = [Number.of(1, root.field)]
    while len(found) < order:
        found.append(found[-1] * root)
    return tuple(found)


def named_operator(scenario: Scenario, text: str) -> Matrix:
    """Read a product of named operators for every factor, "X P & F" for two; raises FormatError.

    Names: X and Z; F, the Fourier matrix, takes X to Z; P, the phase, takes X to a multiple of X Z; 1. They are
    multiples of unitaries, over the field of the scenario's root of unity.
    """
    primes, order = prime_factors(scenario), root_order(scenario)
    factors = text.split("&")
    if len(factors) != len(primes):
        raise FormatError(
            f"operator {text[:50]!r}: the trusted space has {len(primes)} factors of prime dimension {list(primes)}; "
            "one operator is needed for each, with & between"
        )
    roots = powers(root_of_unity(order), order)
    matrices = []
    for p, names in zip(primes, factors, strict=True):
        table = _named(p, roots)
        unknown = next((name for name in names.split() if name not in table), "")
        if unknown or not names.split():
            raise FormatError(f"operator {text[:50]!r}: {unknown!r} is none of {', '.join(table)}")
        matrices.append(reduce(matmul, (table[name] for name in names.split())))
    return kron(*matrices)


def _named(p: int, roots: tuple[Number, ...]) -> dict[str, Matrix]:
    order, field = len(roots), roots[0].field
    w = roots[:: order // p]
    # In even dimension the phase needs a square root of w: diag(1, i).
    phases = [roots[0], roots[order // 4]] if p == 2 else [w[j * (j - 1) // 2 % p] for j in range(p)]
    return {
        "1": Matrix.identity(p, field),
        "X": Matrix.rational([[int(i == (j + 1) % p) for j in range(p)] for i in range(p)]).over(field),
        "Z": _diagonal(w),
        "F": Matrix.from_numbers([[w[i * j % p] for j in range(p)] for i in range(p)], field),
        "P": _diagonal(phases),
    }


def _diagonal(values: tuple[Number, ...] | list[Number]) -> Matrix:
    zero = Number.of(0, values[0].field)
    table = [[x if i == j else zero for j in range(len(values))] for i, x in enumerate(values)]
    return Matrix.from_numbers(table, zero.field)
