"""Proofs: a claim, the steps that establish it, and their canonical JSON. See proofs/FORMAT.md.

Above: claims, reports, the command line. Below: certificates, encoding. A Proof is data; `verify` re-proves every
step with the library's exact layer, and `proofs/check.py` does so without the library.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from steeralg.certificates import encode
from steeralg.certificates.certificate import Block, BoundCertificate
from steeralg.checker import load_checker
from steeralg.errors import FormatError, SteeralgError, VerificationError
from steeralg.exact.field import RATIONALS, Field
from steeralg.exact.number import Number
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.files import load_json, parse_label, scenario_from_json
from steeralg.objects.functional import Functional
from steeralg.objects.scenario import Scenario, format_label

FORMAT = "steeralg-proof/1"
Object = Assemblage | Functional
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


@dataclass(frozen=True)
class Statement:
    """One statement: a rule and the names it is about; `bound` for the rules that have one."""

    rule: str
    assemblage: str | None = None
    functional: str | None = None
    bound: Fraction | None = None

    def json(self) -> dict[str, Any]:
        """Return the statement as it is written in files."""
        names = {"rule": self.rule, "assemblage": self.assemblage, "functional": self.functional}
        result: dict[str, Any] = {key: value for key, value in names.items() if value is not None}
        if self.bound is not None:
            result["bound"] = encode.rational_to_json(self.bound)
        return result


@dataclass(frozen=True, eq=False)
class Step:
    """A statement with what its rule asks for: the blocks of a sum of squares, or the numbers of earlier steps."""

    statement: Statement
    blocks: tuple[Block, ...] = ()
    premises: tuple[int, ...] = ()


@dataclass(frozen=True, eq=False)
class Proof:
    """A claim (objects and statements) with its proof (auxiliary objects and steps)."""

    name: str
    source: str
    scenario: Scenario
    objects: Mapping[str, Object]
    statements: tuple[Statement, ...]
    auxiliary: Mapping[str, Object]
    steps: tuple[Step, ...] = field(default=())

    @property
    def field(self) -> Field:
        """The number field of the objects."""
        fields = {o.field for o in (*self.objects.values(), *self.auxiliary.values()) if not o.field.is_rational}
        if len(fields) > 1:
            raise FormatError("the objects of a proof live in different fields")
        return next(iter(fields), RATIONALS)

    def object(self, name: str | None) -> Object:
        """Return an object of the claim or of the proof by name."""
        found = self.objects.get(name or "", self.auxiliary.get(name or ""))
        if found is None:
            raise VerificationError(f"there is no object {name!r}")
        return found

    def value(self, statement: Statement) -> Number:
        """Return the exact value <F, sigma> of a violation."""
        functional, assemblage = self.object(statement.functional), self.object(statement.assemblage)
        if not isinstance(functional, Functional) or not isinstance(assemblage, Assemblage):
            raise VerificationError(
                f"{statement.functional!r} and {statement.assemblage!r} are not a functional and an assemblage"
            )
        return functional.value(assemblage)

    def verify(self) -> None:
        """Verify every step with the library's exact layer. Raises VerificationError, naming the step."""
        for name, value in (*self.objects.items(), *self.auxiliary.items()):
            if not _NAME.fullmatch(name) or (name in self.objects and name in self.auxiliary):
                raise VerificationError(f"{name[:60]!r} is no name for an object: letters, digits and _, used once")
            if value.scenario != self.scenario:
                raise VerificationError(f"the object {name!r} lives in another scenario")
        for number, step in enumerate(self.steps):
            try:
                self._verify_step(number, step)
            except SteeralgError as error:
                raise VerificationError(f"step {number} ({step.statement.rule}): {error}") from None
        proved = [step.statement for step in self.steps]
        for statement in self.statements:
            if statement not in proved:
                raise VerificationError(f"the statement {statement.json()} is not proved by any step")

    def _verify_step(self, number: int, step: Step) -> None:
        statement = step.statement
        if statement.rule == "assemblage":
            # Assemblage objects are validated on construction; another type under that name is the only way to fail.
            if not isinstance(self.object(statement.assemblage), Assemblage):
                raise VerificationError(f"{statement.assemblage!r} is not an assemblage")
        elif statement.rule == "bound" and statement.bound is not None:
            functional = self.object(statement.functional)
            if not isinstance(functional, Functional):
                raise VerificationError(f"{statement.functional!r} is not a functional")
            BoundCertificate.verified(functional, statement.bound, step.blocks)
        elif statement.rule == "violation" and statement.bound is not None:
            if not self.value(statement) < Number.of(statement.bound):
                raise VerificationError("the value is not below the bound")
        elif statement.rule == "postquantum":
            self._verify_postquantum(number, step)
        else:
            raise VerificationError(f"malformed statement {statement.json()}")

    def _verify_postquantum(self, number: int, step: Step) -> None:
        if len(step.premises) != 3 or any(not 0 <= p < number for p in step.premises):
            raise VerificationError("postquantum needs three earlier steps")
        valid, bound, violation = (self.steps[p].statement for p in step.premises)
        sigma = step.statement.assemblage
        expected = (
            Statement("assemblage", assemblage=sigma),
            Statement("bound", functional=violation.functional, bound=violation.bound),
            Statement("violation", assemblage=sigma, functional=violation.functional, bound=violation.bound),
        )
        if (valid, bound, violation) != expected:
            raise VerificationError("the premises are not the assemblage, a bound, and its violation")

    def json(self) -> dict[str, Any]:
        """Return the proof as a JSON value."""
        claim = {
            "name": self.name,
            "source": self.source,
            "field": encode.field_to_json(self.field),
            "scenario": self.scenario.json(),
            "objects": {name: _object_to_json(o) for name, o in self.objects.items()},
            "statements": [statement.json() for statement in self.statements],
        }
        proof = {
            "objects": {name: _object_to_json(o) for name, o in self.auxiliary.items()},
            "steps": [_step_to_json(step) for step in self.steps],
        }
        return {"format": FORMAT, "claim": claim, "proof": proof}

    def to_bytes(self) -> bytes:
        """Return the canonical bytes: sorted keys, no white space, one newline at the end."""
        text = json.dumps(self.json(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return text.encode("utf-8") + b"\n"

    def save(self, path: Path | str) -> None:
        """Write the proof file; it appears whole or not at all."""
        write_atomically(Path(path), self.to_bytes())


def _object_to_json(value: Object) -> dict[str, Any]:
    kind = "assemblage" if isinstance(value, Assemblage) else "functional"
    elements = {format_label(label): encode.matrix_to_json(m) for label, m in value.elements.items()}
    return {"type": kind, "elements": elements}


def _step_to_json(step: Step) -> dict[str, Any]:
    result: dict[str, Any] = {"statement": step.statement.json()}
    if step.blocks:
        result["blocks"] = [encode.block_to_json(block) for block in step.blocks]
    if step.premises:
        result["from"] = list(step.premises)
    return result


def read_proof(data: bytes, name: str = "the proof") -> Proof:
    """Read a proof file into exact objects, after the independent checker has accepted it.

    Raises FormatError for a file that the checker cannot read, VerificationError for one that it rejects.
    `Proof.verify` then is a second judgement, by the library's own exact layer.
    """
    checker = load_checker()
    try:
        checker.check_bytes(data)
    except checker.Unreadable as error:
        raise FormatError(f"{name}: {error}") from None
    except checker.Rejected as error:
        raise VerificationError(f"{name}: {error}") from None
    value = load_json(data.decode("utf-8"), name)
    claim, proof = value["claim"], value["proof"]
    scenario = scenario_from_json(claim["scenario"])
    base = encode.field_from_json(claim["field"])
    objects = {key: _object_from_json(o, scenario, base) for key, o in claim["objects"].items()}
    auxiliary = {key: _object_from_json(o, scenario, base) for key, o in proof["objects"].items()}
    statements = tuple(_statement_from_json(s) for s in claim["statements"])
    steps = tuple(
        Step(
            _statement_from_json(step["statement"]),
            tuple(encode.block_from_json(b, scenario.dim, base) for b in step.get("blocks", [])),
            tuple(step.get("from", [])),
        )
        for step in proof["steps"]
    )
    return Proof(claim["name"], claim["source"], scenario, objects, statements, auxiliary, steps)


def _statement_from_json(value: Mapping[str, Any]) -> Statement:
    bound = encode.rational_from_json(value["bound"]) if "bound" in value else None
    return Statement(value["rule"], value.get("assemblage"), value.get("functional"), bound)


def _object_from_json(value: Mapping[str, Any], scenario: Scenario, base: Field) -> Object:
    boxes = len(scenario.black_boxes)
    elements = {
        parse_label(key, boxes): encode.matrix_from_json(m, scenario.dim, base) for key, m in value["elements"].items()
    }
    return Assemblage(scenario, elements) if value["type"] == "assemblage" else Functional(scenario, elements)


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file by way of a temporary one in the same folder. Raises FormatError if that is impossible."""
    path = Path(os.path.realpath(path))
    if os.path.exists(path) and not os.path.isfile(path):
        raise FormatError(f"{path}: cannot be written (not a regular file)")
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise FormatError(f"{path}: cannot be written ({error.strerror})") from None
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(temporary, 0o666 & ~mask)
        os.replace(temporary, path)
    except BaseException as error:
        Path(temporary).unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise FormatError(f"{path}: cannot be written ({error.strerror})") from None
        raise
