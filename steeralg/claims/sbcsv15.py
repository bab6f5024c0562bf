"""The claims of Sainz, Brunner, Cavalcanti, Skrzypczyk, Vertesi, Phys. Rev. Lett. 115, 190403 (2015).

Above: the registry. Below: constructions, certificates.
"""

from __future__ import annotations

from collections.abc import Sequence

import sympy

from steeralg.algebra.level import Level
from steeralg.certificates.compose import Draft, postquantum_proof, robust_between
from steeralg.certificates.compose_models import povm_local, projective_local
from steeralg.certificates.membership import Progress
from steeralg.certificates.proof import Proof
from steeralg.certificates.robustness import robustness
from steeralg.claims.claim import Claim, bounded, found, postquantum
from steeralg.constructions import sbcsv15
from steeralg.errors import UndecidedError
from steeralg.exact.convert import matrices_from_sympy
from steeralg.models.projective import ProjectiveModel
from steeralg.models.projective_locality import decide_projective_local
from steeralg.objects.assemblage import Assemblage, white_noise
from steeralg.objects.directions import Direction
from steeralg.objects.state import State
from steeralg.verdict import Proved

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


def _local(name: str, source: str, level: Level, progress: Progress) -> Proof:
    sigma = sbcsv15.table_1()
    draft = Draft(name, source, sigma.scenario, {"sigma": sigma})
    draft.valid("sigma", claimed=True)
    projective_local(draft, "sigma", _responses(sigma, sbcsv15.table_1_directions(), progress))
    return draft.proof()


def _own(name: str, source: str, level: Level, progress: Progress) -> Proof:
    sigma = sbcsv15.own_example()
    draft = Draft(name, source, sigma.scenario, {"sigma": sigma})
    draft.postquantum("sigma", "F", found(sigma, level, progress).certificate)
    projective_local(draft, "sigma", _responses(sigma, None, progress))
    noise = white_noise(sigma.scenario)
    robust_between(draft, noise, robustness(sigma, noise, level, progress=progress), "F_low")
    return draft.proof()


def _responses(sigma: Assemblage, directions: Sequence[Direction] | None, progress: Progress) -> ProjectiveModel:
    verdict = decide_projective_local(sigma, directions, progress=progress)
    if not isinstance(verdict, Proved):
        raise UndecidedError("no local model for all projective measurements was found")
    return verdict.witness


def _qutrit(name: str, source: str, level: Level, progress: Progress) -> Proof:
    sigma = sbcsv15.table_1()
    wide = sbcsv15.qutrit_extension(sigma)
    draft = Draft(name, source, wide.scenario, {"sigma": wide, "table_1": sigma})
    draft.postquantum("sigma", "F", sbcsv15.qutrit_certificate(found(sigma, level, progress).certificate))
    povm_local(draft, "sigma", "table_1", _responses(sigma, sbcsv15.table_1_directions(), progress))
    return draft.proof()


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
        "that the assemblage gives only local correlations (`sbcsv15-table-1-local`). The paper prints the value "
        "-0.520495 and the bound -0.508417, from data with more digits.",
    ),
    Claim(
        "sbcsv15-table-1-local",
        f"{SOURCE}, Table I, App. B",
        "Table I as printed gives local correlations for all projective measurements of the trusted qubit: exact "
        "responses to five directions that cover the Bloch disc",
        "1+AB",
        _local,
        "the paper's own argument: with the printed digits the correlations for its octagon of four directions are not "
        "local (a Clauser-Horne inequality has the value -0.01444...; a mixture with noise is local up to a weight of "
        "0.9629 of the data), while other directions prove what it claims.",
    ),
    Claim(
        "sbcsv15-own-example",
        f"{SOURCE}, App. D: found by that search with seed 2026",
        "an assemblage of our own with two digits is postquantum, also with 0.1266 of white noise (Table I: up to "
        "0.0439), and gives local correlations for all projective measurements",
        "1+AB",
        _own,
        "that there is none with fewer digits, or more robust.",
    ),
    Claim(
        "sbcsv15-qutrit",
        f"{SOURCE}, eq. (41), App. C",
        "the qutrit extension of Table I is postquantum, and gives local correlations for all measurements (POVMs)",
        "1+AB",
        _qutrit,
        "nothing else.",
    ),
)
