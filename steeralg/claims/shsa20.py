"""The claims of Sainz, Hoban, Skrzypczyk, Aolita, Phys. Rev. Lett. 125, 050404 (2020).

Above: the registry. Below: constructions, certificates.
"""

from __future__ import annotations

from steeralg.algebra.level import Level
from steeralg.certificates.compose import quantum_proof
from steeralg.certificates.membership import Progress
from steeralg.certificates.proof import Proof
from steeralg.claims.claim import Claim, postquantum
from steeralg.constructions import shsa20
from steeralg.objects.realisation import Realisation

SOURCE = "Sainz, Hoban, Skrzypczyk, Aolita, Phys. Rev. Lett. 125, 050404 (2020)"


def printed_realisation() -> Realisation:
    """Return the quantum realisation of the instrumental assemblage that the paper prints as postquantum."""
    measurements = tuple(map(tuple, shsa20.instrumental_measurements()))
    return Realisation(shsa20.instrumental_state(), measurements, tuple(shsa20.instrumental_channels()))


def _printed(name: str, source: str, level: Level, progress: Progress) -> Proof:
    return quantum_proof(name, source, shsa20.instrumental_printed(), printed_realisation())


_CORRELATIONS = "that it gives only quantum correlations, for which the transpose has to be shown positive."

CLAIMS = (
    Claim(
        "shsa20-pr",
        f"{SOURCE}, eq. (5)",
        "the assemblage of eq. (5) is postquantum",
        "1+AB",
        postquantum(shsa20.pr),
        "nothing else.",
    ),
    Claim(
        "shsa20-transpose",
        f"{SOURCE}, eq. (6), Thm 4",
        "the assemblage of eq. (6), identity or transpose by y, is postquantum",
        "1+AB",
        postquantum(shsa20.transposed),
        _CORRELATIONS,
    ),
    Claim(
        "shsa20-instrumental-printed",
        f"{SOURCE}, Thms 7 and 8, the example derived from eq. (6) by y = a",
        "the printed instrumental example is quantum: an explicit realisation over Q(i), a qutrit for the black box",
        "1+AB",
        _printed,
        "anything about Theorems 7 and 8 themselves: the paper offers this assemblage, read as sigma[a|x] = "
        "sigma[a|x, y=a] of eq. (6), as provably postquantum, and it is not; `shsa20-instrumental` is an example that "
        "does what the theorems need.",
    ),
    Claim(
        "shsa20-instrumental",
        f"{SOURCE}, Thms 7 and 8, with a fourth setting",
        "with a fourth setting of direction -X the instrumental assemblage of eq. (6) is general and postquantum",
        "1+AB",
        postquantum(shsa20.instrumental),
        _CORRELATIONS,
    ),
)
