"""The claims of Sainz, Aolita, Piani, Hoban, Skrzypczyk, New J. Phys. 20, 083040 (2018).

Above: the registry. Below: the claims on maps and on product bases, constructions, certificates.
"""

from __future__ import annotations

from steeralg.algebra.level import Level
from steeralg.certificates.compose import postquantum_proof
from steeralg.certificates.proof import Proof
from steeralg.claims import saphs18_bases, saphs18_maps, saphs18_models
from steeralg.claims.claim import Claim, bounded
from steeralg.constructions import saphs18
from steeralg.progress import Progress

SOURCE = saphs18_maps.SOURCE


def _breuer_hall_printed(name: str, source: str, level: Level, progress: Progress) -> Proof:
    sigma = saphs18.breuer_hall()
    certificate = bounded(saphs18.table_1(), "0.028", level, progress)
    return postquantum_proof(name, source, sigma, None, {"table_1": certificate})


CLAIMS = (
    *saphs18_models.CLAIMS,
    *saphs18_maps.CLAIMS,
    Claim(
        "saphs18-table-1",
        f"{SOURCE}, App. A, eq. (41) and Table 1",
        "minus the printed functional of Table 1 is at least 0.028 on quantum assemblages, more than the printed "
        "0.0258; the Breuer-Hall assemblage violates it",
        "1+AB",
        _breuer_hall_printed,
        "the almost-quantum maximum itself, about -0.0281",
        "With the three printed digits the functional has the value 0.20128867 (printed: 0.2044) and an almost-quantum "
        "maximum of about -0.0281 by a solver (printed: -0.0258), so the printed bound holds, with room.",
    ),
    *saphs18_bases.CLAIMS,
)
