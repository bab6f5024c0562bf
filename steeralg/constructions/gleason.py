"""Gleason assemblages: what measurements of an operator leave that need not be a state (SAPHS18 Sec. 4 and 6).

Above: claims. Below: local orthogonality, product bases, the Born rule. Steered by an entanglement witness W the
elements of one trusted party are valid whatever is measured. The witnesses here are those of unextendible product
bases: they violate the local-orthogonality inequality of their events. Tensor order: black boxes, then trusted parties.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from fractions import Fraction
from typing import Any

from steeralg.arguments import checked
from steeralg.certificates.certificate import BoundCertificate
from steeralg.constructions.local_orthogonality import steered_local_orthogonality
from steeralg.constructions.product_bases import HADAMARD, SHIFTS, qubit_bases
from steeralg.errors import ScenarioError
from steeralg.exact.convert import as_matrices
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number, exact_rational
from steeralg.exact.tensor import partial_trace
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.decomposed import decomposed_realisation
from steeralg.objects.devices import Devices, Operator, born
from steeralg.objects.local_bases import LocalBases, product_basis_of
from steeralg.objects.measurement import POVM
from steeralg.objects.product_basis import witness_operator
from steeralg.objects.realisation import Realisation
from steeralg.objects.scenario import Label, Scenario, TrustedParty
from steeralg.objects.steering import measured_boxes
from steeralg.positivity.decomposable import decide_decomposable
from steeralg.verdict import Proved, Undecided


@checked
def gleason_assemblage(operator: Any, dims: Sequence[int], measurements: Sequence[Sequence[POVM]]) -> Assemblage:
    """Return eq. (26), tr_A[(M_{a1|x1} (x) ... (x) 1) W], for an operator W on factors of dimensions `dims`.

    The first factors belong to the boxes, `measurements[k][x]` being the POVM of box k for setting x; each further one
    is a trusted party. Without any the result is a Bell behaviour; with several it is their local marginals, since the
    joint elements of a witness need not be positive. To have the last ones taken as one trusted party multiply their
    dimensions. Raises what Assemblage raises where no valid assemblage comes out, PositivityError above all.
    """
    exact = as_matrices([operator])[0]
    if not 1 <= len(measurements) <= len(dims):
        raise ScenarioError(f"{len(measurements)} measured boxes; an operator of {len(dims)} factors has 1 or more")
    scenario = Scenario(measured_boxes(measurements), tuple(map(TrustedParty, dims[len(measurements) :])))
    return born(scenario, Operator(tuple(dims), exact), Devices.of(measurements))


@checked
def boxes_alone(operator: Operator, devices: Devices) -> Proved[Realisation] | Undecided:
    """Return a quantum realisation of what two black boxes show alone, the trusted parties traced out (Remark 8).

    The first two factors of the operator belong to the boxes. Where what is left of a witness on these two is
    decomposable, as it always is for qubits, the realisation is explicit; Undecided otherwise. Raises ScenarioError
    unless there are two boxes.
    """
    if len(devices.measurements) != 2 or len(operator.dims) < 2:
        raise ScenarioError(f"{len(devices.measurements)} black boxes; Remark 8 is about two")
    rest = range(2, len(operator.dims))
    reduced = Operator(operator.dims[:2], partial_trace(operator.matrix, operator.dims, rest))
    verdict = decide_decomposable(reduced)
    if not isinstance(verdict, Proved):
        return Undecided("no decomposition of the operator of the two boxes was found")
    parts: dict[Collection[int], Matrix] = dict(verdict.witness.parts.items())
    return Proved(decomposed_realisation(reduced, parts, Devices(devices.measurements)))


@checked
def upb_assemblage(
    events: Sequence[Label], bases: LocalBases, eps: Fraction | int | str | Number, trusted: int = 1
) -> Assemblage:
    """Return the assemblage of SAPHS18 Sec. 6: the witness of the events' product basis, the first parties measuring
    their bases, the last `trusted` ones being steered.

    With `trusted` = 0 all parties measure: the Bell behaviour. Raises what `witness_operator` and `gleason_assemblage`
    raise.
    """
    if not 0 <= trusted < len(bases.rays):
        raise ScenarioError(f"{trusted} of {len(bases.rays)} parties are trusted; at least one has to be a black box")
    operator = witness_operator(product_basis_of(events, bases), eps)
    return gleason_assemblage(operator, bases.dims, bases.measurements[: len(bases.rays) - trusted])


@checked
def upb_violation(size: int, dim: int, eps: Fraction | int | str) -> Fraction:
    """Return |S|(1 - eps)/(|S| - D eps), the sum of the events' probabilities in the witness of |S| events.

    Every event has (1 - eps)/(|S| - D eps), since its product vector lies in the range of the projector. The sum is
    above 1 for 0 < eps < |S|/D and |S| < D.
    """
    exact = exact_rational(eps)
    return size * (1 - exact) / (size - dim * exact)


@checked
def upb_bound(events: Sequence[Label], bases: LocalBases, trusted: int = 1) -> BoundCertificate:
    """Return the certificate that quantum assemblages obey the local-orthogonality inequality of the events.

    Its functional is minus the sum of the events' probabilities, the last `trusted` parties, as one, measuring their
    bases; the bound is -1. On `upb_assemblage` with one trusted party the value is -`upb_violation`.
    """
    return steered_local_orthogonality(bases.outcomes, events, bases.split(trusted)[1])


def example_7(eps: Fraction | int | str = Fraction(2, 25), second: Any = HADAMARD) -> Assemblage:
    """Return the assemblage of SAPHS18 Example 7: two boxes that steer a qubit by the witness of eq. (25).

    The columns of `second` are |e> and |e_perp>, any basis other than |0>, |1>. The paper's eps is the largest one that
    gives a witness, about 0.0814 for |e> = |+>.
    """
    return upb_assemblage(SHIFTS, qubit_bases(3, second), eps)
