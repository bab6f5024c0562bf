"""Proofs composed from verified results: postquantum by a functional of our own or by a printed one.

Above: claims, the command line. Below: proofs, membership, bounds.
"""

from __future__ import annotations

from collections.abc import Mapping

from steeralg.certificates.certificate import BoundCertificate
from steeralg.certificates.membership import Postquantum
from steeralg.certificates.proof import Object, Proof, Statement, Step
from steeralg.objects.assemblage import Assemblage


def postquantum_proof(
    name: str,
    source: str,
    assemblage: Assemblage,
    found: Postquantum | None,
    printed: Mapping[str, BoundCertificate] | None = None,
) -> Proof:
    """Return the proof that an assemblage (named "sigma") is postquantum.

    `found` is a functional of our own (named "F", in the proof); `printed` are certificates for functionals that
    belong to the claim, by name: their bounds and violations are claimed, too. At least one is needed.
    """
    certificates = dict(printed or {})
    statements = [Statement("assemblage", assemblage="sigma"), Statement("postquantum", assemblage="sigma")]
    steps = [Step(statements[0])]
    auxiliary: dict[str, Object] = {}
    conclusion: Step | None = None
    if found is not None:
        auxiliary["F"] = found.certificate.functional
        conclusion = _violated("F", found.certificate, steps)
    for functional, certificate in certificates.items():
        step = _violated(functional, certificate, steps)
        conclusion = conclusion or step
        statements += [s.statement for s in steps[-2:]]
    if conclusion is None:
        raise ValueError("a postquantum proof needs at least one violated bound")
    steps.append(conclusion)
    objects: dict[str, Object] = {"sigma": assemblage}
    objects |= {key: certificate.functional for key, certificate in certificates.items()}
    return Proof(name, source, assemblage.scenario, objects, tuple(statements), auxiliary, tuple(steps))


def _violated(functional: str, certificate: BoundCertificate, steps: list[Step]) -> Step:
    """Append the bound and its violation by "sigma"; return the conclusion."""
    first = len(steps)
    steps.append(Step(Statement("bound", functional=functional, bound=certificate.bound), certificate.blocks))
    steps.append(Step(Statement("violation", "sigma", functional, certificate.bound)))
    return Step(Statement("postquantum", assemblage="sigma"), premises=(0, first, first + 1))


def bound_proof(name: str, source: str, certificate: BoundCertificate) -> Proof:
    """Return the proof of a bound: the functional, named "F", belongs to the claim."""
    statement = Statement("bound", functional="F", bound=certificate.bound)
    scenario = certificate.functional.scenario
    step = Step(statement, certificate.blocks)
    return Proof(name, source, scenario, {"F": certificate.functional}, (statement,), {}, (step,))
