"""The claims of the papers that the software settles, one module for each paper.

Above: the command line. Below: constructions, certificates.
"""

from __future__ import annotations

from steeralg.claims import extended_games, ghjw, s26, saphs18, sbcsv15, shsa20, werner
from steeralg.claims.claim import Claim
from steeralg.errors import InputError

__all__ = ["CLAIMS", "Claim", "claim"]

CLAIMS: dict[str, Claim] = {
    claim.name: claim
    for module in (ghjw, sbcsv15, saphs18, shsa20, s26, werner, extended_games)
    for claim in module.CLAIMS
}


def claim(name: str) -> Claim:
    """Return a claim by name. Raises InputError that lists the names."""
    if name not in CLAIMS:
        raise InputError(f"there is no claim {name!r}; the names are {', '.join(CLAIMS)}")
    return CLAIMS[name]
