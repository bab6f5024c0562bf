"""The cheap necessary conditions of S26 Thm 6: the black boxes alone are quantum, and a parent assemblage exists.

Above: the command line. Below: membership, families. Each is a smaller problem than a level of the whole scenario; if
either fails the data are postquantum, and the proof is one about the whole scenario.
"""

from __future__ import annotations

from steeralg.algebra.level import ALMOST_QUANTUM, Level
from steeralg.arguments import checked
from steeralg.certificates.certificate import Block, BoundCertificate
from steeralg.certificates.families import find_parent
from steeralg.certificates.membership import Postquantum, certify
from steeralg.errors import ScenarioError
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number
from steeralg.exact.psd import Factor
from steeralg.exact.tensor import kron
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.functional import Functional
from steeralg.objects.scenario import Label
from steeralg.progress import Progress, silent
from steeralg.verdict import Proved, Refuted, Undecided


@checked
def necessary_conditions(
    assemblage: Assemblage, level: Level = ALMOST_QUANTUM, *, progress: Progress = silent
) -> Proved[Postquantum] | Undecided:
    """Prove that data are postquantum by their outcome probabilities at a level, or by the absence of a parent.

    Undecided says nothing about the data: for several black boxes the conditions are not sufficient (then `certify`
    looks at parent and level together, S26 Def. 13). Raises ScenarioError for instrumental data, which are no Bell
    behaviour.
    """
    if assemblage.scenario.instrumental:
        raise ScenarioError("instrumental data have no Bell behaviour to test")
    boxes = certify(assemblage.behaviour(), level, progress=progress)
    if isinstance(boxes, Proved):
        return Proved(lifted(boxes.witness, assemblage))
    if assemblage.scenario.parent == assemblage.scenario:
        return Undecided(f"the black boxes alone are {boxes.reason}; there is no parent to look for")
    parent = find_parent(assemblage, progress=progress)
    if isinstance(parent, Refuted) and isinstance(parent.witness, Postquantum):
        return Proved(parent.witness)
    reason = "a parent exists" if isinstance(parent, Proved) else "no parent was found or excluded"
    return Undecided(f"the black boxes alone are {boxes.reason}; {reason}")


def lifted(found: Postquantum, assemblage: Assemblage) -> Postquantum:
    """Return the proof about a whole assemblage from one about its outcome probabilities: every number times 1."""
    scenario, certificate = assemblage.scenario, found.certificate
    elements: dict[Label, Matrix] = {}
    for label, matrix in certificate.functional.elements.items():
        place = scenario.label(label[0], label[1])
        elements[place] = kron(matrix, Matrix.identity(scenario.order(place)))
    blocks = []
    for block in certificate.blocks:
        words = tuple((*word, ()) if scenario.has_input else word for word in block.words)
        factor = None if block.factor is None else _times_one(block.factor, scenario.dim)
        blocks.append(Block(words, kron(block.gram, Matrix.identity(scenario.dim)), factor))
    proof = BoundCertificate.verified(Functional(scenario, elements), certificate.bound, blocks)
    value: Number = proof.functional.value(assemblage)
    return Postquantum(assemblage, proof, value, found.level)


def _times_one(factor: Factor, dim: int) -> Factor:
    """The factor of a Gram matrix times the unit matrix of a trusted system."""
    n = factor.order

    def spread(part: tuple[int, ...]) -> tuple[int, ...]:
        zero = [0] * (n * dim * n * dim)
        for i in range(n):
            for j in range(n):
                for k in range(dim):
                    zero[(i * dim + k) * n * dim + j * dim + k] = part[i * n + j]
        return tuple(zero)

    return Factor(factor.exponent, n * dim, spread(factor.re), spread(factor.im))
