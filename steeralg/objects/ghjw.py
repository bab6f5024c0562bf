"""Every assemblage of one black box and one trusted party is quantum (Gisin; Hughston, Jozsa, Wootters).

Above: sequential realisations, claims. Below: realisations, factors of positive matrices. If the reduced state is
rho = K K*, the box holds the purification |Psi> = sum_k |k> (x) K|k>, and E[a|x] = (J sigma[a|x] J*)^T with
J = K* rho^-1 leaves sigma[a|x] of it.
"""

from __future__ import annotations

from steeralg.arguments import checked
from steeralg.errors import ScenarioError, VerificationError
from steeralg.exact.factor import PositiveFactor, positive_factors
from steeralg.exact.matrix import Matrix
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.measurement import POVM
from steeralg.objects.realisation import Realisation
from steeralg.objects.state import State


@checked
def ghjw(assemblage: Assemblage) -> Realisation:
    """Return a quantum realisation of an assemblage of one black box and one trusted party without input, exactly.

    The box has at least the rank of the reduced state as its dimension; more where that keeps the entries in the field
    of the data, which is possible over Q(i) always. A larger field, by square roots, is taken only where no sum of
    squares was found. Raises ScenarioError for other scenarios, NumberError where a field of degree above 16 would be
    needed.
    """
    scenario = assemblage.scenario
    if len(scenario.black_boxes) != 1 or len(scenario.views) != 1:
        raise ScenarioError(f"this needs one black box and one trusted party without input, not {scenario}")
    embedding, (factor,) = positive_factors([assemblage.reduced_state])
    elements = {label: embedding.matrix(matrix) for label, matrix in assemblage.elements.items()}
    measurements = tuple(
        POVM(measured(factor, [elements[(a,), (x,)] for a in range(d)]))
        for x, d in enumerate(scenario.black_boxes[0].outcomes)
    )
    realisation = Realisation(purification(factor), (measurements,))
    if realisation.assemblage(scenario).elements != elements:
        raise VerificationError("the realisation does not reproduce the assemblage")
    return realisation


def purification(factor: PositiveFactor) -> State:
    """Return |Psi> = sum_k |k> (x) K|k> for a K with tr K K* = 1."""
    root = factor.root
    psi = root.transpose.rearrange(root.rows * root.columns, 1, range(root.rows * root.columns))
    return State((root.columns, root.rows), psi @ psi.adjoint)


def measured(factor: PositiveFactor, parts: list[Matrix]) -> tuple[Matrix, ...]:
    """Return the effects that split the purification of a positive matrix into its parts, a decomposition of it.

    What the purification does not reach is given to outcome 0.
    """
    effects = [(factor.inverse @ part @ factor.inverse.adjoint).transpose for part in parts]
    return effects[0] + unreached(factor), *effects[1:]


def unreached(factor: PositiveFactor) -> Matrix:
    """Return 1 - P^T, P the projector J K on the support of K: the purification has no weight there."""
    order = factor.root.columns
    return Matrix.identity(order, factor.root.field) - (factor.inverse @ factor.root).transpose
