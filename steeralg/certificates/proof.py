"""Proofs: a claim, the steps that establish it, and their canonical JSON. See proofs/FORMAT.md.

Above: claims, reports, the command line. Below: rules, encoding. A Proof is data; `verify` re-proves every
step with the library's exact layer, and `proofs/check.py` does so without the library.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from itertools import chain
from pathlib import Path
from typing import Any

from steeralg.arguments import checked
from steeralg.certificates import encode
from steeralg.certificates.context import Context
from steeralg.certificates.encode_steps import (
    decode_object,
    decode_statement,
    decode_step,
    encode_object,
    encode_step,
)
from steeralg.certificates.encode_witness import witness_fields
from steeralg.certificates.rules import EVIDENCE, RULES, violation_value
from steeralg.certificates.steps import Object, Statement, Step
from steeralg.checker import load_checker
from steeralg.errors import FormatError, SteeralgError, VerificationError
from steeralg.exact.field import RATIONALS, Field
from steeralg.exact.number import Number
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.files import load_json, scenario_from_json
from steeralg.objects.functional import Functional
from steeralg.objects.scenario import Scenario
from steeralg.verdict import OneLine

FORMAT = "steeralg-proof/1"
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")


@dataclass(frozen=True, eq=False, repr=False)
class Proof(OneLine):
    """A claim (objects and statements) with its proof (auxiliary objects and steps)."""

    name: str
    source: str
    scenario: Scenario
    objects: Mapping[str, Object]
    statements: tuple[Statement, ...]
    auxiliary: Mapping[str, Object]
    steps: tuple[Step, ...] = field(default=())

    def _repr_html_(self) -> str:
        proved = [f"{statement.rule}: {', '.join(statement.objects)}" for statement in self.statements]
        head = f"Proof of {self.name} in {len(self.steps)} steps; source: {self.source}"
        return f"<p>{escape(head)}</p><ul>{''.join(f'<li>{escape(line)}</li>' for line in proved)}</ul>"

    @property
    def field(self) -> Field:
        """The number field of everything in the proof."""
        fields = {f for f in self._fields() if not f.is_rational}
        if len(fields) > 1:
            raise FormatError("the objects of a proof live in different fields")
        return next(iter(fields), RATIONALS)

    def _fields(self) -> Iterator[Field]:
        yield from (value.field for value in (*self.objects.values(), *self.auxiliary.values()))
        for step in self.steps:
            yield from (block.gram.field for block in step.blocks)
            yield from (matrix.field for matrix in step.dual.values())
            if step.model is not None:
                yield step.model.field
            for number in (step.statement.bound, step.statement.weight, *chain.from_iterable(step.shares)):
                if isinstance(number, Number):
                    yield number.field
            yield from witness_fields(step.witness)
            if step.symmetric is not None:
                yield from step.symmetric.fields()

    @property
    def context(self) -> Context:
        """All objects and all statements."""
        return Context({**self.auxiliary, **self.objects}, [step.statement for step in self.steps])

    def value(self, statement: Statement) -> Number:
        """Return the exact value <F, sigma> of a violation."""
        return violation_value(self.context, statement)

    def verify(self) -> None:
        """Verify every step with the library's exact layer. Raises VerificationError, naming the step."""
        for name in (*self.objects, *self.auxiliary):
            if not _NAME.fullmatch(name) or (name in self.objects and name in self.auxiliary):
                wanted = "at most 64 letters, digits and _, used once"
                raise VerificationError(f"{name[:60]!r} is no name for an object: {wanted}")
        everything = self.context
        for number, step in enumerate(self.steps):
            try:
                rule = RULES.get(step.statement.rule)
                if rule is None:
                    raise VerificationError(f"malformed statement {step.statement.json()}")
                if step.carries - EVIDENCE.get(step.statement.rule, frozenset()):
                    raise VerificationError("the step carries what its rule has no use for")
                rule(Context(everything.objects, everything.earlier[:number]), step)
            except SteeralgError as error:
                raise VerificationError(f"step {number} ({step.statement.rule}): {error}") from None
        proved = [step.statement for step in self.steps]
        for statement in self.statements:
            lacking = [name for name in statement.objects if name not in self.objects]
            if lacking:
                raise VerificationError(
                    f"{lacking[0][:60]!r} is not an object of the claim, whose statement is about it"
                )
            if statement not in proved:
                raise VerificationError(f"the statement {statement.json()} is not proved by any step")

    def json(self) -> dict[str, Any]:
        """Return the proof as a JSON value."""
        claim = {
            "name": self.name,
            "source": self.source,
            "field": encode.field_to_json(self.field),
            "scenario": self.scenario.json(),
            "objects": {name: encode_object(o, self.scenario) for name, o in self.objects.items()},
            "statements": [statement.json() for statement in self.statements],
        }
        proof = {
            "objects": {name: encode_object(o, self.scenario) for name, o in self.auxiliary.items()},
            "steps": [encode_step(step, self._home(step)) for step in self.steps],
        }
        return {"format": FORMAT, "claim": claim, "proof": proof}

    def _home(self, step: Step) -> Scenario:
        """The scenario that a step's evidence is written in: that of the object it is about."""
        names = step.statement.names
        value = self.context.objects.get(names.get("functional", names.get("assemblage", "")))
        return value.scenario if isinstance(value, Assemblage | Functional) else self.scenario

    def to_bytes(self) -> bytes:
        """Return the canonical bytes: sorted keys, no white space, one newline at the end."""
        text = json.dumps(self.json(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return text.encode("utf-8") + b"\n"

    def save(self, path: Path | str) -> None:
        """Write the proof file; it appears whole or not at all."""
        write_atomically(Path(path), self.to_bytes())


@checked
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
    sequential = _sequential_devices(claim, proof)
    objects, auxiliary = (
        {key: decode_object(o, scenario, base, key in sequential) for key, o in part["objects"].items()}
        for part in (claim, proof)
    )
    statements = tuple(decode_statement(s, base) for s in claim["statements"])
    every = {**auxiliary, **objects}
    steps = tuple(decode_step(step, scenario, every, base) for step in proof["steps"])
    return Proof(claim["name"], claim["source"], scenario, objects, statements, auxiliary, steps)


def _sequential_devices(claim: Mapping[str, Any], proof: Mapping[str, Any]) -> set[str]:
    """The names of the devices that give sequential assemblages."""
    objects = {**claim["objects"], **proof["objects"]}
    stated = [step["statement"] for step in proof["steps"] if step["statement"]["rule"] == "born"]
    homes = {s["devices"]: objects[s["assemblage"]].get("scenario", claim["scenario"]) for s in stated}
    return {name for name, home in homes.items() if home.get("sequential")}


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
