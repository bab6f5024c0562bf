"""One trusted dimension more: assemblages that are local for projective measurements become local for all POVMs.

Above: models, constructions. Below: assemblages.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from steeralg.arguments import checked
from steeralg.errors import ScenarioError
from steeralg.exact.matrix import Matrix
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.scenario import Scenario, TrustedParty


@checked
def qutrit_extension(assemblage: Assemblage) -> Assemblage:
    """Return sigma/(D+1) + D/(D+1) tr(sigma) |D><D| on one dimension more (SBCSV15 App. C, eq. (41): D = 2).

    If sigma gives local behaviours for all two-outcome projective measurements, this gives local ones for all POVMs:
    with E_a = alpha_a Pi_a of rank one (which is no loss), the trusted party picks a with probability
    alpha_a/(D+1), simulates {Pi_a, 1 - Pi_a} and answers a, or else b with probability <D|E_b|D>.
    Raises ScenarioError unless there is one trusted party without input.
    """
    larger, embedding = one_larger(assemblage.scenario)
    dim = assemblage.scenario.dim
    last = Matrix.unit(dim + 1, dim, dim)
    elements = {
        label: (embedding @ m @ embedding.adjoint + last.scale(m.trace()).scale(dim)).scale(Fraction(1, dim + 1))
        for label, m in assemblage.elements.items()
    }
    return Assemblage(larger, elements)


def one_larger(scenario: Scenario) -> tuple[Scenario, Matrix]:
    """Return the scenario with one trusted dimension more, and the embedding of the old space into the new one."""
    if len(scenario.views) > 1:
        raise ScenarioError(f"this needs one trusted party without input, not {scenario}")
    dim = scenario.dim
    embedding = Matrix.rational([[int(i == j) for j in range(dim)] for i in range(dim + 1)])
    return replace(scenario, trusted=(TrustedParty(dim + 1),)), embedding
