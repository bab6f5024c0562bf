"""Statements and steps: the sentences of a proof, and what each of them rests on.

Above: rules, proofs. Below: certificates, positivity, objects. The rules and their evidence are those of
proofs/FORMAT.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from fractions import Fraction
from typing import Any

from steeralg.certificates import encode
from steeralg.certificates.certificate import Block
from steeralg.certificates.symmetric import SymmetricSquares
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number
from steeralg.models.lhs import Shares
from steeralg.models.projective import ProjectiveModel
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.devices import Devices, Operator
from steeralg.objects.events import EventSet
from steeralg.objects.functional import Functional
from steeralg.objects.local_model import HiddenStateModel
from steeralg.objects.product_basis import ProductBasis
from steeralg.objects.scenario import Label
from steeralg.objects.sequential import SequentialDevices
from steeralg.positivity.decomposable import Decomposition, PPTOperator
from steeralg.positivity.squares import BlockPositivity
from steeralg.positivity.values import NegativeProduct
from steeralg.verdict import OneLine

Object = Assemblage | Functional | Operator | Devices | SequentialDevices | ProductBasis | EventSet

Witness = BlockPositivity | NegativeProduct | Decomposition | PPTOperator | ProjectiveModel | Matrix | tuple[int, ...]
"""What statements on operators rest on; a model of responses to directions; the negative part of an operator; for
events that are always extendible, a box for each event."""


@dataclass(frozen=True)
class Statement:
    """One statement: a rule and the names it is about; `bound` or `weight` for the rules that have one."""

    rule: str
    assemblage: str | None = None
    functional: str | None = None
    bound: Fraction | Number | None = None
    parent: str | None = None
    operator: str | None = None
    devices: str | None = None
    noise: str | None = None
    data: str | None = None
    weight: Fraction | Number | None = None
    maps: str | None = None
    vectors: str | None = None
    events: str | None = None

    @property
    def objects(self) -> list[str]:
        """The names of all objects the statement is about."""
        return [name for text in self.names.values() for name in text.split(" ")]

    @property
    def names(self) -> dict[str, str]:
        """The objects the statement is about, by the part they play; `maps` are several, with a space between."""
        found = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in ("rule", "bound", "weight")}
        return {key: name for key, name in found.items() if name is not None}

    def json(self) -> dict[str, Any]:
        """Return the statement as it is written in files."""
        result: dict[str, Any] = {"rule": self.rule, **self.names}
        if self.bound is not None:
            result["bound"] = encode.bound_to_json(self.bound)
        if self.weight is not None:
            result["weight"] = encode.bound_to_json(self.weight)
        return result


@dataclass(frozen=True, eq=False, repr=False)
class Step(OneLine):
    """A statement with what its rule asks for: the blocks of a sum of squares, the numbers of earlier steps, a dual
    family, a hidden state model, the shares of a local bound by strategy and view, a witness, or squares up to
    symmetries.
    """

    statement: Statement
    blocks: tuple[Block, ...] = ()
    premises: tuple[int, ...] = ()
    dual: Mapping[Label, Matrix] = field(default_factory=dict)
    model: HiddenStateModel | None = None
    shares: Shares = ()
    witness: Witness | None = None
    symmetric: SymmetricSquares | None = None

    @property
    def carries(self) -> frozenset[str]:
        """The names of the evidence that is there."""
        names = ("blocks", "premises", "dual", "model", "shares", "witness", "symmetric")
        parts = (getattr(self, name) for name in names)
        return frozenset(name for name, part in zip(names, parts, strict=True) if part)
