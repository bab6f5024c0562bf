"""The claims of Sainz, Aolita, Piani, Hoban, Skrzypczyk, New J. Phys. 20, 083040 (2018).

Above: the registry. Below: the claims on maps and on product bases, constructions, certificates.
"""

from __future__ import annotations

from steeralg.algebra.level import Level
from steeralg.certificates.compose import postquantum_proof
from steeralg.certificates.membership import Progress
from steeralg.certificates.proof import Proof
from steeralg.claims import saphs18_bases, saphs18_maps, saphs18_models
from steeralg.claims.claim import Claim, bounded
from steeralg.constructions import saphs18

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
        "minus the printed functional of Table 1 is at least 0.028 on quantum assemblages; Breuer-Hall violates it",
        "1+AB",
        _breuer_hall_printed,
        "the paper's figures, 0.2044 and -0.0258, which come from unrounded data: with the three printed digits the "
        "value is 0.20128867 (sign reversed here), and the maximum about -0.0281 by a solver.",
    ),
    *saphs18_bases.CLAIMS,
)
