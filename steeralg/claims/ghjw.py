"""The claim of Gisin; Hughston, Jozsa and Wootters: every assemblage of one black box and one trusted party is quantum.

Above: the registry. Below: constructions, certificates. It is settled for given assemblages, by explicit realisations.
"""

from __future__ import annotations

import sympy

from steeralg.algebra.level import Level
from steeralg.certificates.compose import Draft
from steeralg.certificates.compose_models import realised
from steeralg.certificates.proof import Proof
from steeralg.claims.claim import Claim
from steeralg.constructions.shsa20 import hidden_assemblage
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.ghjw import ghjw
from steeralg.objects.scenario import Label, Scenario
from steeralg.progress import Progress

SOURCE = (
    "Gisin, Helv. Phys. Acta 62, 363 (1989), and Hughston, Jozsa, Wootters, Phys. Lett. A 183, 14 (1993), the theorem "
    "as in Phys. Rev. Lett. 115, 190403 (2015), after eq. (2)"
)


def rank_deficient() -> Assemblage:
    """Return an assemblage of a trusted qutrit whose reduced state has rank 2, with 3 and 2 outcomes; complex."""
    plus = sympy.Matrix([1, sympy.I, 0])
    vectors = [sympy.Matrix([1, 0, 0]), sympy.Matrix([1, sympy.I, 0]), sympy.Matrix([1, -sympy.I, 0])]
    parts = [v * v.H for v in vectors]
    weights = (sympy.Rational(1, 3), sympy.Rational(1, 6), sympy.Rational(1, 6))
    elements: dict[Label, sympy.Matrix] = {((a,), (0,)): parts[a] * weights[a] for a in range(3)}
    reduced = sum((m for m in elements.values()), sympy.zeros(3, 3))
    first = plus * plus.H * sympy.Rational(1, 8)
    elements |= {((0,), (1,)): first, ((1,), (1,)): reduced - first}
    return Assemblage.of(Scenario.of([(3, 2)], 3), elements)


def _prove(name: str, source: str, level: Level, progress: Progress) -> Proof:
    data = {"rank_two": rank_deficient(), "full_rank": hidden_assemblage()}
    draft = Draft(name, source, data["rank_two"].scenario, dict(data))
    for key, sigma in data.items():
        progress(f"a realisation of {key}")
        draft.valid(key, claimed=True)
        realised(draft, key, ghjw(sigma))
    return draft.proof()


CLAIMS = (
    Claim(
        "ghjw-bipartite",
        SOURCE,
        "two given assemblages of one black box, a qutrit's of rank 2 and a qubit's, are quantum: explicit "
        "realisations over Q(i)",
        "1+AB",
        _prove,
        "the theorem for all assemblages of one black box: `sa.ghjw` proves it for any given one",
        "SBCSV15, after eq. (2), inverts rho_A; where that is singular the effects add up to a projector only, whose "
        "complement is added to one outcome here.",
    ),
)
