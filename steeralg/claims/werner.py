"""The claims on Werner states: how much white noise makes them unsteerable, exactly.

Above: the registry. Below: constructions, thresholds.
"""

from __future__ import annotations

from steeralg.algebra.level import Level
from steeralg.certificates.compose_models import local_threshold_proof
from steeralg.certificates.proof import Proof
from steeralg.claims.claim import Claim, Prover
from steeralg.constructions.werner import werner
from steeralg.models.threshold import local_threshold
from steeralg.objects.assemblage import white_noise
from steeralg.progress import Progress

SOURCE = "Cavalcanti, Jones, Wiseman, Reid, Phys. Rev. A 80, 032112 (2009)"


def _threshold(settings: int) -> Prover:
    """Return the prover of the threshold for some Pauli settings."""

    def prover(name: str, source: str, level: Level, progress: Progress) -> Proof:
        data = werner(settings)
        bracket = local_threshold(data, white_noise(data.scenario), progress=progress)
        return local_threshold_proof(name, source, bracket)

    return prover


def _claim(settings: int) -> Claim:
    return Claim(
        f"werner-{settings}-settings",
        f"{SOURCE}, the linear criteria for {settings} settings",
        f"the assemblage of a Werner state under {settings} Pauli settings has a local hidden state model iff the "
        f"visibility is at most 1/sqrt({settings})",
        "1+AB",
        _threshold(settings),
        "anything about other measurements of the same state",
    )


CLAIMS = (_claim(2), _claim(3))
