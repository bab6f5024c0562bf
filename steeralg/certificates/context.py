"""What a step may refer to: the objects of its proof, and the statements of earlier steps.

Above: rules. Below: steps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from steeralg.certificates.steps import Object, Statement, Step
from steeralg.errors import VerificationError
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.devices import Devices, Operator
from steeralg.objects.events import EventSet
from steeralg.objects.functional import Functional
from steeralg.objects.product_basis import ProductBasis
from steeralg.objects.sequential import SequentialDevices

Kind = TypeVar("Kind", Assemblage, Functional, Operator, Devices, SequentialDevices, ProductBasis, EventSet)


@dataclass(frozen=True, eq=False)
class Context:
    """The objects of the proof by name, and the statements of all earlier steps."""

    objects: Mapping[str, Object]
    earlier: Sequence[Statement]

    def find(self, kind: type[Kind], name: str | None, sequential: bool = False) -> Kind:
        """Return an object by name and type; of a sequential scenario only for the few rules that are about these."""
        found = self.objects.get(name or "")
        if not isinstance(found, kind):
            raise VerificationError(f"{name!r} is not an object of type {kind.__name__}")
        if not sequential and isinstance(found, Assemblage | EventSet) and found.scenario.sequential:
            raise VerificationError(f"{name!r} is of a sequential scenario, which this rule is not about")
        return found

    def premises(self, step: Step, count: int) -> list[Statement]:
        """Return the statements of the earlier steps that a step cites."""
        if len(step.premises) != count or any(not 0 <= p < len(self.earlier) for p in step.premises):
            raise VerificationError(f"{step.statement.rule} needs {count} earlier step(s)")
        return [self.earlier[p] for p in step.premises]
