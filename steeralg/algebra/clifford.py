"""From symmetries with matrices to symmetries of the group basis: Clifford unitaries and antiunitaries.

Above: symmetric bounds. Below: automorphisms, symmetries.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import prod

from steeralg.algebra.automorphism import Automorphism, Generator
from steeralg.algebra.group_basis import Exponents, GroupBasis
from steeralg.errors import InputError
from steeralg.exact.convert import unify
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number
from steeralg.exact.tensor import kron
from steeralg.objects.functional import Functional
from steeralg.objects.symmetry import Symmetry


def generator(basis: GroupBasis, symmetry: Symmetry) -> Generator:
    """Return a symmetry as a proof file states it.

    Raises InputError for an operator that takes some Weyl operator to none (it is not in the Clifford group).
    """
    names = [f"{name} of factor {k}" for k in range(len(basis.primes)) for name in "XZ"]
    operators = [_on_factor(basis, k, one) for k, p in enumerate(basis.primes) for one in (_shift(p), _clock(basis, p))]
    unitary, row, *operators = unify([symmetry.unitary, basis.powers_matrix, *operators])
    lifted, powers = replace(symmetry, unitary=unitary), [row.entry(0, k) for k in range(basis.order)]
    images = [_weyl(basis, lifted.moved(m), powers, name) for m, name in zip(operators, names, strict=True)]
    return Generator(symmetry.boxes, symmetry.settings, symmetry.outcomes, tuple(images), symmetry.antiunitary)


def symmetry_group(
    basis: GroupBasis, functional: Functional, symmetries: Sequence[Symmetry]
) -> tuple[list[Generator], list[Automorphism]]:
    """Return symmetries as generators and automorphisms, all of which fix a functional, exactly.

    Raises InputError, naming the symmetry, for one that does not fix it.
    """
    expansion = basis.expansion(functional)
    powers = basis.powers_over(next((value.field for value in expansion.values()), functional.field))
    generators = [generator(basis, symmetry) for symmetry in symmetries]
    automorphisms = [Automorphism.of(basis, g) for g in generators]
    for number, automorphism in enumerate(automorphisms):
        if not automorphism.fixes(basis, expansion, powers):
            raise InputError(
                f"symmetry {number} does not take the functional to itself: {symmetries[number].text!r}; "
                "label_symmetries(functional, operators) finds the relabellings that go with an operator"
            )
    return generators, automorphisms


def _shift(p: int) -> Matrix:
    return Matrix.rational([[int(i == (j + 1) % p) for j in range(p)] for i in range(p)])


def _clock(basis: GroupBasis, p: int) -> Matrix:
    zero = Number.of(0, basis.powers[0].field)
    step = basis.order // p
    return Matrix.from_numbers(
        [[basis.powers[i * step] if i == j else zero for j in range(p)] for i in range(p)], zero.field
    )


def _on_factor(basis: GroupBasis, factor: int, operator: Matrix) -> Matrix:
    before, after = prod(basis.primes[:factor]), prod(basis.primes[factor + 1 :])
    return kron(Matrix.identity(before), operator, Matrix.identity(after))


def _weyl(basis: GroupBasis, operator: Matrix, powers: Sequence[Number], what: str) -> tuple[int, Exponents]:
    """Recognise a power of zeta times a Weyl operator."""
    components = basis.weyl_components(operator, powers)
    if len(components) == 1:
        ((weyl, value),) = components.items()
        if value in powers:
            return powers.index(value), weyl
    raise InputError(
        f"the operator of a symmetry takes {what} to no Weyl operator: it is not a Clifford unitary; leave it out"
    )
