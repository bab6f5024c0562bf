"""Negativities that are known exactly, both ends by hand: the PR box, and the witnesses of product bases.

Above: claims. Below: brackets of the negativity, witnesses, local orthogonality. The values are elementary; SAPHS18
Sec. 7 defines the negativity and computes none.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import sympy

from steeralg.algebra.word import element_word
from steeralg.certificates.certificate import Block, BoundCertificate
from steeralg.certificates.negativity import NegativityBracket
from steeralg.certificates.negativity_lower import NegativityAtLeast
from steeralg.certificates.negativity_upper import NegativityAtMost, negative_part
from steeralg.constructions.gleason import gleason_assemblage, upb_bound
from steeralg.constructions.pauli import X, Z
from steeralg.exact.convert import as_matrices, numbers_from_sympy
from steeralg.exact.matrix import Matrix, total
from steeralg.objects.devices import Devices, Operator, born
from steeralg.objects.functional import Functional
from steeralg.objects.local_bases import LocalBases, product_basis_of
from steeralg.objects.measurement import POVM
from steeralg.objects.product_basis import witness_operator
from steeralg.objects.scenario import Label, Scenario

_ROOT = sympy.sqrt(2)


def nonnegative(functional: Functional) -> BoundCertificate:
    """Return the certificate of F >= 0 for a functional with positive operators F[a|x], one block for each of them.

    For one trusted party, or none. Raises VerificationError if an operator is not positive.
    """
    blocks = [Block((element_word(label),), matrix, None) for label, matrix in functional.elements.items()]
    return BoundCertificate.verified(functional, Fraction(0), blocks)


def upb_negativity(events: Sequence[Label], bases: LocalBases, eps: Fraction | int | str) -> NegativityBracket:
    """Return the negativity of `upb_assemblage` with one trusted party: (D - |S|) eps/(|S| - D eps).

    W = (Pi - eps 1)/(|S| - D eps) itself is optimal. Its negative part, eps (1 - Pi)/(|S| - D eps), has this trace; the
    sum of the events' probabilities is between 0 and 1 on quantum assemblages and 1 more than this on ours. Raises what
    `upb_assemblage` raises.
    """
    operator = Operator(bases.dims, witness_operator(product_basis_of(events, bases), eps))
    measurements = bases.measurements[: len(bases.rays) - 1]
    assemblage = gleason_assemblage(operator.matrix, bases.dims, measurements)
    orthogonality = upb_bound(events, bases)
    below = NegativityAtLeast.verified(assemblage, orthogonality, nonnegative(orthogonality.functional.scale(-1)))
    above = NegativityAtMost.verified(assemblage, operator, Devices.of(measurements), negative_part(operator))
    return NegativityBracket(assemblage, below, above)


def pr_box_negativity() -> NegativityBracket:
    """Return the negativity of the PR box, a1 + a2 = x1 x2 (mod 2): (sqrt2 - 1)/2.

    Tsirelson's bound from both sides below; above, (1 + nu) |Phi+><Phi+| - nu |Psi-><Psi-| under the settings that
    reach it, Z, X and (Z + X)/sqrt2, (Z - X)/sqrt2.
    """
    phi, psi = (as_matrices([[[x] for x in vector]])[0] for vector in ((1, 0, 0, 1), (0, 1, -1, 0)))
    plus, minus = (m @ m.adjoint for m in (phi.scale(Fraction(1, 2)), psi.scale(Fraction(1, 2))))
    nu = numbers_from_sympy([(_ROOT - 1) / 2])[0]
    negative = minus.scale(nu).scale(2)
    operator = Operator((2, 2), plus.scale(2) + plus.scale(nu).scale(2) - negative)
    settings = [[Z, X], [(Z + X) / _ROOT, (Z - X) / _ROOT]]
    devices = Devices.of([[POVM.observable(setting) for setting in box] for box in settings])
    assemblage = born(Scenario.of([(2, 2), (2, 2)]), operator, devices)
    below = NegativityAtLeast.verified(assemblage, tsirelson(1), tsirelson(-1))
    return NegativityBracket(assemblage, below, NegativityAtMost.verified(assemblage, operator, devices, negative))


def tsirelson(sign: int) -> BoundCertificate:
    """Return the certificate of -sign S >= -2 sqrt2, S the sum of (-1)^(a1 + a2 + x1 x2) p(a1 a2|x1 x2).

    2 sqrt2 -+ S is ((A_0 -+ (B_0 + B_1)/sqrt2)^2 + (A_1 -+ (B_0 - B_1)/sqrt2)^2)/sqrt2, A = 2 E[0] - 1.
    """
    scenario = Scenario.of([(2, 2), (2, 2)])
    elements: dict[Label, Matrix] = {}
    for a, x, *_ in scenario.labels():
        elements[a, x] = Matrix.rational([[-sign * (-1) ** (a[0] + a[1] + x[0] * x[1])]])
    # The words 1, E[0|0], E[0|1] of the first box, and those two of the second.
    words = [((), ()), *((((x, 0),), ()) for x in (0, 1)), *(((), ((x, 0),)) for x in (0, 1))]
    turned = -sign * _ROOT
    rows = as_matrices([[[-1 - turned, 2, 0, turned, turned]], [[-1, 0, 2, turned, -turned]]])
    gram = total(row.adjoint @ row for row in rows).scale(numbers_from_sympy([1 / _ROOT])[0])
    bound = numbers_from_sympy([-2 * _ROOT])[0]
    return BoundCertificate.verified(Functional(scenario, elements), bound, [Block(tuple(words), gram, None)])
