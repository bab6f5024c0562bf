"""The claims of the papers that the software settles: a name, where it is claimed, and how it is proved.

Above: the command line. Below: constructions, certificates.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import sympy

from steeralg.algebra.level import Level
from steeralg.certificates.bounds import prove_bound
from steeralg.certificates.certificate import BoundCertificate
from steeralg.certificates.compose import postquantum_proof
from steeralg.certificates.membership import Postquantum, Progress, certify, silent
from steeralg.certificates.proof import Proof
from steeralg.constructions import saphs18, sbcsv15
from steeralg.errors import InputError
from steeralg.exact.convert import matrices_from_sympy
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.functional import Functional
from steeralg.objects.state import State
from steeralg.verdict import Undecided

Prover = Callable[[str, str, Level, Progress], Proof]


@dataclass(frozen=True)
class Claim:
    """A named claim: its source, one line on what is proved, its default level, and its prover."""

    name: str
    source: str
    summary: str
    level: Level
    prover: Prover

    def prove(self, level: Level | None = None, progress: Progress = silent) -> Proof:
        """Return the verified proof. Raises UndecidedError if it is not found at the level."""
        proof = self.prover(self.name, self.source, self.level if level is None else level, progress)
        proof.verify()
        return proof


def _found(assemblage: Assemblage, level: Level, progress: Progress) -> Postquantum:
    verdict = certify(assemblage, level, progress=progress)
    if isinstance(verdict, Undecided):
        verdict.demand()
    return verdict.witness


def _bounded(functional: Functional, bound: str, level: Level, progress: Progress) -> BoundCertificate:
    verdict = prove_bound(functional, Fraction(bound), level, progress=progress)
    if isinstance(verdict, Undecided):
        verdict.demand()
    return verdict.witness


def pr_box_state() -> State:
    """Return the qubit state that the PR box is multiplied with in the proof: full rank and complex."""
    third = sympy.Rational(1, 3)
    return State((2,), matrices_from_sympy([[[2 * third, sympy.I * third], [-sympy.I * third, third]]])[0])


def _pr_box(name: str, source: str, level: Level, progress: Progress) -> Proof:
    sigma = sbcsv15.pr_box(pr_box_state())
    return postquantum_proof(name, source, sigma, _found(sigma, level, progress))


def _breuer_hall(name: str, source: str, level: Level, progress: Progress) -> Proof:
    sigma = saphs18.breuer_hall()
    return postquantum_proof(name, source, sigma, _found(sigma, level, progress))


def _breuer_hall_printed(name: str, source: str, level: Level, progress: Progress) -> Proof:
    sigma = saphs18.breuer_hall()
    certificate = _bounded(saphs18.table_1(), "0.028", level, progress)
    return postquantum_proof(name, source, sigma, None, {"table_1": certificate})


def _table_1(name: str, source: str, level: Level, progress: Progress) -> Proof:
    sigma = sbcsv15.table_1()
    found = _found(sigma, level, progress)
    certificate = _bounded(sbcsv15.table_2(), "-0.50843", level, progress)
    return postquantum_proof(name, source, sigma, found, {"table_2": certificate})


_SBCSV15 = "Sainz, Brunner, Cavalcanti, Skrzypczyk, Vertesi, Phys. Rev. Lett. 115, 190403 (2015)"
_SAPHS18 = "Sainz, Aolita, Piani, Hoban, Skrzypczyk, New J. Phys. 20, 083040 (2018)"

CLAIMS: dict[str, Claim] = {
    claim.name: claim
    for claim in (
        Claim(
            "sbcsv15-pr-box",
            f"{_SBCSV15}, the trivial example",
            "the PR box times a full-rank complex qubit state is postquantum",
            "1+AB",
            _pr_box,
        ),
        Claim(
            "sbcsv15-table-1-postquantum",
            f"{_SBCSV15}, Tables I and II",
            "Table I as printed is postquantum: by a functional of our own, and by Table II with bound -0.50843",
            "1+AB",
            _table_1,
        ),
        Claim(
            "saphs18-breuer-hall",
            f"{_SAPHS18}, Sec. 5.2, eqs. (31)-(33)",
            "the Breuer-Hall assemblage over Q(sqrt2, i) is postquantum",
            "1+AB",
            _breuer_hall,
        ),
        Claim(
            "saphs18-table-1",
            f"{_SAPHS18}, App. A, eq. (41) and Table 1",
            "minus the printed functional of Table 1 is at least 0.028 on quantum assemblages; Breuer-Hall violates it",
            "1+AB",
            _breuer_hall_printed,
        ),
    )
}


def claim(name: str) -> Claim:
    """Return a claim by name. Raises InputError that lists the names."""
    if name not in CLAIMS:
        raise InputError(f"there is no claim {name!r}; the names are {', '.join(CLAIMS)}")
    return CLAIMS[name]
