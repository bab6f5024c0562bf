"""A claim of a paper: a name, where it is claimed, how it is proved, and what its proof leaves open.

Above: the claims of each paper. Below: certificates, constructions.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from steeralg.algebra.level import Level
from steeralg.certificates.bounds import prove_bound
from steeralg.certificates.certificate import BoundCertificate
from steeralg.certificates.compose import postquantum_proof
from steeralg.certificates.exact_bound import exact_minimum
from steeralg.certificates.families import Parent, find_parent
from steeralg.certificates.membership import Postquantum, certify
from steeralg.certificates.proof import Proof
from steeralg.errors import UndecidedError
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.functional import Functional
from steeralg.progress import Progress, silent
from steeralg.verdict import Proved, Undecided

Prover = Callable[[str, str, Level, Progress], Proof]


@dataclass(frozen=True)
class Claim:
    """A named claim: its source, one line on what is proved, its default level, its prover, and what is left open.

    `reading` says which reading was taken where a printed statement does not hold as printed.
    """

    name: str
    source: str
    summary: str
    level: Level
    prover: Prover
    not_established: str
    reading: str = ""

    def prove(self, level: Level | None = None, progress: Progress = silent) -> Proof:
        """Return the verified proof. Raises UndecidedError if it is not found at the level."""
        proof = self.prover(self.name, self.source, self.level if level is None else level, progress)
        proof.verify()
        return proof


def found(assemblage: Assemblage, level: Level, progress: Progress) -> Postquantum:
    """Return the proof that an assemblage is postquantum. Raises UndecidedError."""
    verdict = certify(assemblage, level, progress=progress)
    if isinstance(verdict, Undecided):
        verdict.demand()
    return verdict.witness


def postquantum(build: Callable[[], Assemblage]) -> Prover:
    """Return the prover of the claim that a construction is postquantum, by a functional of our own."""

    def prover(name: str, source: str, level: Level, progress: Progress) -> Proof:
        sigma = build()
        return postquantum_proof(name, source, sigma, found(sigma, level, progress))

    return prover


def bounded(functional: Functional, bound: str, level: Level, progress: Progress) -> BoundCertificate:
    """Return the certificate of a bound. Raises UndecidedError."""
    verdict = prove_bound(functional, Fraction(bound), level, progress=progress)
    if isinstance(verdict, Undecided):
        verdict.demand()
    return verdict.witness


def minimum(functional: Functional, level: Level, progress: Progress) -> BoundCertificate:
    """Return the certificate of the number a level's minimum is recognised as. Raises UndecidedError."""
    verdict = exact_minimum(functional, level, progress=progress)
    if isinstance(verdict, Undecided):
        verdict.demand()
    return verdict.witness


def parent(assemblage: Assemblage, progress: Progress) -> Parent:
    """Return a parent of an assemblage. Raises UndecidedError."""
    verdict = find_parent(assemblage, progress=progress)
    if not isinstance(verdict, Proved):
        raise UndecidedError(f"no parent was found of the assemblage for {assemblage.scenario}")
    return verdict.witness
