"""The claims of Sainz, Brunner, Cavalcanti, Skrzypczyk, Vertesi, Phys. Rev. Lett. 115, 190403 (2015).

Above: the registry. Below: constructions, certificates.
"""

from __future__ import annotations

import sympy

from steeralg.algebra.level import Level
from steeralg.certificates.compose import postquantum_proof
from steeralg.certificates.membership import Progress
from steeralg.certificates.proof import Proof
from steeralg.claims.claim import Claim, bounded, found, postquantum
from steeralg.constructions import sbcsv15
from steeralg.exact.convert import matrices_from_sympy
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.state import State

SOURCE = "Sainz, Brunner, Cavalcanti, Skrzypczyk, Vertesi, Phys. Rev. Lett. 115, 190403 (2015)"


def pr_box_state() -> State:
    """Return the qubit state that the PR box is multiplied with in the proof: full rank and complex."""
    third = sympy.Rational(1, 3)
    return State((2,), matrices_from_sympy([[[2 * third, sympy.I * third], [-sympy.I * third, third]]])[0])


def _pr_box() -> Assemblage:
    return sbcsv15.pr_box(pr_box_state())


def _table_1(name: str, source: str, level: Level, progress: Progress) -> Proof:
    sigma = sbcsv15.table_1()
    ours = found(sigma, level, progress)
    certificate = bounded(sbcsv15.table_2(), "-0.50843", level, progress)
    return postquantum_proof(name, source, sigma, ours, {"table_2": certificate})


CLAIMS = (
    Claim(
        "sbcsv15-pr-box",
        f"{SOURCE}, the trivial example",
        "the PR box times a full-rank complex qubit state is postquantum",
        "1+AB",
        postquantum(_pr_box),
        "only this state is settled, though the argument is the same for every state.",
    ),
    Claim(
        "sbcsv15-table-1-postquantum",
        f"{SOURCE}, Tables I and II",
        "Table I as printed is postquantum: by a functional of our own, and by Table II with bound -0.50843",
        "1+AB",
        _table_1,
        "that the assemblage gives only local correlations. The paper prints the value -0.520495 and the bound "
        "-0.508417, from data with more digits.",
    ),
)
