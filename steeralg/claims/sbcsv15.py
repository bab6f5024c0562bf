"""The claims of Sainz, Brunner, Cavalcanti, Skrzypczyk, Vertesi, Phys. Rev. Lett. 115, 190403 (2015).

Above: the registry. Below: constructions, certificates.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import sympy

from steeralg.algebra.level import Level
from steeralg.certificates.compose import Draft, postquantum_proof, robust_between
from steeralg.certificates.compose_models import povm_local, projective_local
from steeralg.certificates.proof import Proof
from steeralg.certificates.robustness import robustness
from steeralg.claims.claim import Claim, bounded, found
from steeralg.constructions import sbcsv15
from steeralg.errors import UndecidedError
from steeralg.exact.convert import matrices_from_sympy
from steeralg.exact.matrix import Matrix
from steeralg.models.projective import ProjectiveModel
from steeralg.models.projective_locality import decide_projective_local
from steeralg.objects.assemblage import Assemblage, white_noise
from steeralg.objects.directions import Direction
from steeralg.objects.functional import Functional
from steeralg.objects.scenario import Label
from steeralg.objects.state import State
from steeralg.progress import Progress
from steeralg.verdict import Proved

SOURCE = "Sainz, Brunner, Cavalcanti, Skrzypczyk, Vertesi, Phys. Rev. Lett. 115, 190403 (2015)"


def pr_box_state() -> State:
    """Return the qubit state that the PR box is multiplied with in the proof: full rank and complex."""
    third = sympy.Rational(1, 3)
    return State((2,), matrices_from_sympy([[[2 * third, sympy.I * third], [-sympy.I * third, third]]])[0])


def _pr_box(name: str, source: str, level: Level, progress: Progress) -> Proof:
    sigma = sbcsv15.pr_box(pr_box_state())
    elements: dict[Label, Matrix] = {
        (a, x): Matrix.identity(2).scale(-((-1) ** (a[0] + a[1] + x[0] * x[1]))) for a, x, *_ in sigma.scenario.labels()
    }
    chsh = Functional(sigma.scenario, elements)
    draft = Draft(name, source, sigma.scenario, {"sigma": sigma, "chsh": chsh})
    draft.valid("sigma", claimed=True)
    draft.bound("chsh", bounded(chsh, "-3", level, progress), claimed=True)
    draft.violation("sigma", "chsh", Fraction(-3), claimed=True)
    draft.postquantum("sigma", "F", found(sigma, level, progress).certificate)
    return draft.proof()


PRINTED_BOUND = "-0.508417"
"""That of Table II; with the printed digits it takes words of two letters of one box to prove it."""


def _table_1(name: str, source: str, level: Level, progress: Progress) -> Proof:
    sigma = sbcsv15.table_1()
    ours = found(sigma, level, progress)
    certificate = bounded(sbcsv15.table_2(), PRINTED_BOUND, 2, progress)
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
        f"{SOURCE}, the example after eqs. (4)",
        "the PR box times a full-rank complex qubit state is postquantum: by a functional found, and by CHSH, which "
        "serves for every state",
        "1+AB",
        _pr_box,
        "that CHSH has the value -4 with every state: the file has one, the sum of traces shows it for all",
    ),
    Claim(
        "sbcsv15-table-1-postquantum",
        f"{SOURCE}, App. E: Tables I and II, eq. (45)",
        "Table I as printed is postquantum: by a functional of our own, and by Table II with its printed bound "
        "-0.508417",
        "1+AB",
        _table_1,
        "that it gives only local correlations (`sbcsv15-table-1-local`); the almost-quantum minimum of Table II",
        "With the printed digits Table I has exactly the value -0.52073625 (printed: -0.520495) and the almost-quantum "
        "minimum is about -0.508420 by a solver (printed: -0.508417), so -0.508417 is proved for quantum assemblages "
        "at level 2. In eq. (17) blocks tr(O_w* O_v rho) are read: with tr(O_v* O_w rho), as printed, the matrix is "
        "not positive semidefinite on quantum models.",
    ),
    Claim(
        "sbcsv15-table-1-local",
        f"{SOURCE}, App. E, Table I, by the method of App. B, eqs. (35)-(40)",
        "Table I as printed gives local correlations for all projective measurements: exact responses to five rational "
        "directions whose polygon contains the Bloch disc",
        "1+AB",
        _local,
        "locality for POVMs of the qubit itself; that four directions suffice",
        "App. B takes four directions (an octagon, mu = cos(pi/8)), which the printed digits fail: a Bell inequality "
        "with the local bound 0 has the value -0.0144, and the correlations are local up to a weight of 0.9629 only; "
        "five other directions prove the claim.",
    ),
    Claim(
        "sbcsv15-own-example",
        f"{SOURCE}, App. D: found by that search with seed 2026",
        "an assemblage of our own with two digits is postquantum, also with 0.1266 of white noise, and gives local "
        "correlations for all projective measurements",
        "1+AB",
        _own,
        "that there is none with fewer digits, or more robust",
    ),
    Claim(
        "sbcsv15-qutrit",
        f"{SOURCE}, eqs. (7) and (41), App. C",
        "the qutrit extension of Table I is postquantum, and gives local correlations for all measurements (POVMs)",
        "1+AB",
        _qutrit,
        "nothing else",
        "App. C divides every filtered element by a trace of its own; read is the common factor, F sigma' F = sigma/3.",
    ),
)
