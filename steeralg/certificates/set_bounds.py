"""Bounds on the two sets around the quantum one: no-signalling assemblages and local hidden state models.

Above: proofs. Below: algebra, objects. A bound on all no-signalling assemblages is a dual family of positive operators
equal to F - bound as a functional; a bound on all local hidden state models is a finite check over the deterministic
strategies.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from math import prod

from steeralg.algebra.observed import expansion
from steeralg.algebra.word import projector_algebra
from steeralg.errors import ScenarioError, VerificationError
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number
from steeralg.exact.psd import decide_psd
from steeralg.objects.family import check_labels
from steeralg.objects.functional import Functional
from steeralg.objects.scenario import Label
from steeralg.verdict import Refuted

MAX_STRATEGIES = 1 << 16


@dataclass(frozen=True, eq=False)
class NoSignallingCertificate:
    """`functional` >= `bound` on every no-signalling assemblage: F - bound equals the functional `dual`, whose
    operators are positive semidefinite. For instrumental data the dual runs over all a and y.
    """

    functional: Functional
    bound: Fraction | Number
    dual: Mapping[Label, Matrix]

    def verify(self) -> None:
        """Verify the identity and the positivity, exactly. Raises VerificationError."""
        scenario = replace(self.functional.scenario, instrumental=False)
        check_labels(scenario, self.dual, complete=False)
        rest = expansion(self.functional)
        one = projector_algebra(scenario).one
        identity = Matrix.identity(scenario.dim).scale(self.bound)
        rest[one] = rest[one] - identity if one in rest else -identity
        for word, matrix in expansion(Functional(scenario, self.dual)).items():
            rest[word] = rest[word] - matrix if word in rest else -matrix
        wrong = next((word for word, matrix in rest.items() if not matrix.is_zero), None)
        if wrong is not None:
            raise VerificationError(f"the dual differs from F - bound in the coefficient of {wrong}")
        for label, matrix in self.dual.items():
            if isinstance(decide_psd(matrix), Refuted):
                raise VerificationError(f"element {scenario.key(label)} of the dual is not positive semidefinite")


def verify_local_bound(functional: Functional, bound: Fraction | Number) -> None:
    """Verify sum_x F[lambda(x)|x] >= bound for every deterministic strategy lambda. Raises VerificationError.

    Only for scenarios with one view; raises ScenarioError for others and for more than 2^16 strategies.
    """
    scenario = functional.scenario
    if len(scenario.views) > 1:
        raise ScenarioError(f"local bounds are decided for one trusted party without input only, not for {scenario}")
    if prod(prod(box.outcomes) for box in scenario.black_boxes) > MAX_STRATEGIES:
        raise ScenarioError(f"more than {MAX_STRATEGIES} deterministic strategies")
    strategies = [list(product(*(range(d) for d in box.outcomes))) for box in scenario.black_boxes]
    for chosen in product(*strategies):
        found = -Matrix.identity(scenario.dim).scale(bound)
        for (a, x, *_), matrix in functional.elements.items():
            if all(answers[s] == o for answers, o, s in zip(chosen, a, x, strict=True)):
                found = found + matrix
        if isinstance(decide_psd(found), Refuted):
            raise VerificationError(f"the deterministic strategy {chosen} is below the bound")
