"""The proof file of a classification: all that was proved of one assemblage, "sigma".

Above: the command line. Below: classification, proofs about models.
"""

from __future__ import annotations

from collections.abc import Callable

from steeralg.arguments import checked
from steeralg.certificates.classify import Classification
from steeralg.certificates.compose import Draft, not_general_proof, robust_between
from steeralg.certificates.compose_models import negativity_between, realised
from steeralg.certificates.families import Parent
from steeralg.certificates.proof import Proof
from steeralg.errors import FormatError, UndecidedError
from steeralg.objects.assemblage import Assemblage, white_noise
from steeralg.objects.realisation import Realisation
from steeralg.objects.sequential import SequentialRealisation


@checked
def classification_proof(name: str, source: str, found: Classification) -> Proof | None:
    """Return the proof of what was found; None if that is nothing.

    A file has one number field: what needs another one than the first statements is left out, the negativity last; and
    so is what rests on instrumental data that no parent was found for.
    """
    if found.not_general is not None:
        return not_general_proof(name, source, found.not_general)
    parts: list[Callable[[Draft], object]] = []
    if found.local is not None:
        model = found.local
        parts.append(lambda draft: draft.local("sigma", model))
    if found.quantum is not None:
        parts.append(lambda draft: _quantum(draft, found))
    if found.postquantum is not None:
        certificate = found.postquantum.certificate
        parts.append(lambda draft: draft.postquantum("sigma", "F", certificate))
    elif found.steering is not None:
        inequality = found.steering.inequality
        parts.append(lambda draft: draft.nonlocal_by("sigma", "S", inequality))
    if found.robustness is not None:
        robust = found.robustness
        parts.append(lambda draft: robust_between(draft, white_noise(found.assemblage.scenario), robust, "F_low"))
    if found.negativity is not None:
        bracket = found.negativity
        parts.append(lambda draft: negativity_between(draft, "sigma", bracket))
    kept: list[Callable[[Draft], object]] = []
    proof = None
    for part in parts:
        candidate = _proof(name, source, found, [*kept, part])
        if candidate is not None:
            proof, kept = candidate, [*kept, part]
    return proof


def _proof(name: str, source: str, found: Classification, parts: list[Callable[[Draft], object]]) -> Proof | None:
    """Return the proof with these parts; None if they do not share a field, or a parent is missing."""
    sigma = _over_its_field(found)
    draft = Draft(name, source, sigma.scenario, {"sigma": sigma})
    try:
        draft.valid("sigma", claimed=True, parent=_parent(found))
        for part in parts:
            part(draft)
        proof = draft.proof()
        _ = proof.field
    except (FormatError, UndecidedError):
        return None
    return proof


def _parent(found: Classification) -> Assemblage | None:
    """A no-signalling parent of instrumental data, also that of their local model."""
    scenario = found.assemblage.scenario
    if found.parent is None and found.local is not None and scenario.instrumental:
        return found.local.assemblage(scenario.parent)
    return found.parent


def _over_its_field(found: Classification) -> Assemblage:
    """The assemblage over the field of its realisation, which may be larger than its own."""
    scenario = found.assemblage.scenario
    if isinstance(found.quantum, Realisation | SequentialRealisation):
        return found.quantum.assemblage(scenario)
    return found.assemblage


def _quantum(draft: Draft, found: Classification) -> None:
    if isinstance(found.quantum, Parent):
        draft.quantum_by_parent("sigma", found.quantum.parent)
    elif found.quantum is not None:
        realised(draft, "sigma", found.quantum)
