"""The claims of SAPHS18 Sec. 4 and 6: assemblages from unextendible product bases.

Above: the claims of the paper. Below: constructions, certificates, block positivity.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from steeralg.algebra.level import Level
from steeralg.certificates.compose import Draft
from steeralg.certificates.compose_maps import (
    basis_witness,
    extendible_events,
    product_basis,
    traced_out,
    witnessed,
)
from steeralg.certificates.proof import Proof
from steeralg.claims.claim import Claim
from steeralg.claims.saphs18_maps import SOURCE
from steeralg.constructions.gleason import boxes_alone, gleason_assemblage, upb_bound
from steeralg.constructions.local_orthogonality import guess_your_neighbours_input
from steeralg.constructions.product_bases import (
    FOUR_QUBITS,
    SHIFTS,
    THREE_OUTCOME_BASES,
    THREE_OUTCOMES,
    extendible_event_set,
    qubit_bases,
)
from steeralg.errors import UndecidedError
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number
from steeralg.objects.devices import Devices, Operator
from steeralg.objects.events import EventSet
from steeralg.objects.local_bases import LocalBases, product_basis_of
from steeralg.objects.product_basis import ProductBasis, witness_operator
from steeralg.objects.scenario import Label, Scenario
from steeralg.positivity.block_positive import search_squares
from steeralg.positivity.minimum import product_minimum
from steeralg.positivity.squares import BlockPositivity
from steeralg.positivity.values import NegativeProduct
from steeralg.progress import Progress
from steeralg.sdp.product_vectors import local_minima
from steeralg.verdict import Proved


def _gleason(
    draft: Draft, suffix: str, events: Sequence[Label], bases: LocalBases, eps: Number, proof: BlockPositivity
) -> None:
    """State, of an event set and bases: the product basis is unextendible, its W is a witness, the assemblage of W
    with the last party trusted is postquantum.
    """
    basis, dims = product_basis_of(events, bases), bases.dims
    operator, key = Operator(dims, witness_operator(basis, eps)), f"W{suffix}"
    sigma = gleason_assemblage(operator.matrix, dims, bases.measurements[:-1])
    draft.objects |= {f"S{suffix}": basis, key: operator, f"sigma{suffix}": sigma}
    draft.objects[f"boxes{suffix}"] = Devices.of(bases.measurements[:-1])
    product_basis(draft, f"S{suffix}")
    basis_witness(draft, key, f"S{suffix}", eps)
    witnessed(draft, key, proof, claimed=True)
    draft.born(f"sigma{suffix}", key, f"boxes{suffix}", claimed=True)
    bound = upb_bound(events, bases)
    draft.objects[f"events{suffix}"] = bound.functional
    draft.postquantum(f"sigma{suffix}", f"events{suffix}", bound, printed=True)


def _too_large(draft: Draft, suffix: str, basis: ProductBasis, eps: Number, vectors: Sequence[Matrix]) -> None:
    """State that an eps, a little above the largest one, gives no witness: it is negative on a product vector."""
    key, operator = f"W_above{suffix}", Operator(basis.dims, witness_operator(basis, eps))
    draft.objects[key] = operator
    basis_witness(draft, key, f"S{suffix}", eps)
    witnessed(draft, key, NegativeProduct.verified(operator, tuple(vectors)), claimed=True)


def _shifts(name: str, source: str, level: Level, progress: Progress) -> Proof:
    bases = qubit_bases(3)
    basis = product_basis_of(SHIFTS, bases)
    verdict = product_minimum(Operator(basis.dims, basis.projector), progress=progress)
    if not isinstance(verdict, Proved):
        raise UndecidedError(verdict.reason)
    found = verdict.witness
    draft = Draft(name, source, Scenario.of([(2, 2)] * 2, 2))
    factor = (Number.of(len(basis)) - found.lower * Number.of(basis.dim)).inverse()
    _gleason(draft, "", SHIFTS, bases, found.lower, found.below.scaled(factor))
    above = Number.of(Fraction(int(found.upper.enclosure(80)[1] * 10**10) + 1, 10**10))
    _too_large(draft, "", basis, above, found.vectors)
    operator = Operator(basis.dims, witness_operator(basis, found.lower))
    alone = boxes_alone(operator, Devices.of(bases.measurements[:2]))
    if not isinstance(alone, Proved):
        raise UndecidedError(alone.reason)
    traced_out(draft, "P", "sigma", alone.witness)
    return draft.proof()


@dataclass(frozen=True)
class _Member:
    """A member of the Sec. 6 family: events, bases, an eps that gives a witness, by squares with some copies, and a
    larger one that does not.
    """

    events: Sequence[Label]
    bases: LocalBases
    eps: Fraction
    above: Fraction
    copies: tuple[int, ...]


def family() -> dict[str, _Member]:
    """Return the members of the Sec. 6 family that are proved, by name."""
    third = [[1, 2], [2, -1]]
    neighbours, qubits = qubit_bases(4), qubit_bases(4, [[1, 1], [1, -1]], third)
    return {
        "_gyni": _Member(
            guess_your_neighbours_input(4), neighbours, Fraction("0.0423"), Fraction("0.0424"), (1, 1, 1, 2)
        ),
        "_qubits": _Member(FOUR_QUBITS, qubits, Fraction("0.00448"), Fraction("0.00449"), (1, 2, 1, 1)),
        "_three": _Member(THREE_OUTCOMES, THREE_OUTCOME_BASES, Fraction("0.076"), Fraction("0.077"), (1, 1, 1, 2)),
    }


def _family(name: str, source: str, level: Level, progress: Progress) -> Proof:
    draft: Draft | None = None
    for suffix, member in family().items():
        basis = product_basis_of(member.events, member.bases)
        operator = Operator(basis.dims, witness_operator(basis, Number.of(member.eps)))
        progress(f"the witness of {suffix[1:]}")
        found = search_squares(operator, member.copies, progress=progress)
        if found.certificate is None:
            raise UndecidedError(found.figure)
        if draft is None:
            outcomes = member.bases.outcomes
            draft = Draft(name, source, Scenario.of(outcomes[:-1], member.bases.dims[-1]))
        _gleason(draft, suffix, member.events, member.bases, Number.of(member.eps), found.certificate)
        lowest = min(local_minima(Operator(basis.dims, basis.projector), 0, 48, rounds=400), key=lambda m: m.value)
        _too_large(draft, suffix, basis, Number.of(member.above), lowest.rounded(16))
    if draft is None:
        raise UndecidedError("the family has no members")
    return draft.proof()


def _extendible(name: str, source: str, level: Level, progress: Progress) -> Proof:
    outcomes = [(3, 3)] * 3
    events = EventSet.of(outcomes, extendible_event_set())
    draft = Draft(name, source, events.scenario, {"events": events})
    extendible_events(draft, "events")
    return draft.proof()


CLAIMS = (
    Claim(
        "saphs18-shifts",
        f"{SOURCE}, Sec. 4: Example 7, eqs. (24)-(26), with |e> = |+>, and Remark 8",
        "SHIFTS is unextendible; eps = 1 - 3 sqrt6/8 gives a witness, 1e-9 more none; its Gleason assemblage is "
        "postquantum, its black boxes quantum",
        "1+AB",
        _shifts,
        "that eps = 1 - 3 sqrt6/8 is exactly the largest one, which may be larger by less than 1e-9",
    ),
    Claim(
        "saphs18-upb-family",
        f"{SOURCE}, Sec. 6, with one characterised party",
        "three event sets (four-party guess your neighbour's input; three settings; outcomes 3,2,2,2) give "
        "unextendible bases, witnesses with eps enclosed, postquantum assemblages",
        "1+AB",
        _family,
        "anything about other event sets; the largest eps exactly, beyond its enclosures",
        "With several characterised parties the elements tr(M W) of Sec. 6 need not be positive (those of SHIFTS with "
        "one black box have the eigenvalue -0.0243), so one characterised party is taken.",
    ),
    Claim(
        "saphs18-upb-extendible",
        f"{SOURCE}, Sec. 6",
        "a maximal set of orthogonal events (3 parties, 2 settings, 3 outcomes) has an extendible product basis "
        "whatever the bases are: no witness there",
        "1+AB",
        _extendible,
        "anything about other event sets of this scenario",
        "Sec. 6 lets every optimal local-orthogonality inequality give a (weak) unextendible basis and a witness with "
        "eps > 0; for this event set eps is 0 with all bases, so the construction is taken only where the basis is "
        "proved unextendible.",
    ),
)
