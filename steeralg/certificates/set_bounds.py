"""Bounds on all no-signalling assemblages: a dual family of positive operators equal to F - bound as a functional.

Above: proofs. Below: algebra, objects.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from steeralg.algebra.observed import expansion
from steeralg.algebra.word import projector_algebra
from steeralg.errors import VerificationError
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number
from steeralg.exact.psd import decide_psd
from steeralg.objects.family import check_labels
from steeralg.objects.functional import Functional
from steeralg.objects.scenario import Label
from steeralg.verdict import OneLine, Refuted


@dataclass(frozen=True, eq=False, repr=False)
class NoSignallingCertificate(OneLine):
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
