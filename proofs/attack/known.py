"""What the original files prove: assemblages of the sets, bounds on these, and which rules an object obeys.

Above: refutations. Below: the library as a judge.
"""

from __future__ import annotations

import json
from typing import Any

from proofs.attack.library import library, read
from steeralg.certificates.encode_steps import encode_object
from steeralg.certificates.proof import Proof
from steeralg.certificates.steps import Statement
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number, as_number
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.functional import Functional
from steeralg.positivity.decomposable import PPTOperator

EXCLUDED = (
    ("quantum", "postquantum"),
    ("local", "postquantum"),
    ("local", "nonlocal"),
    ("assemblage", "signalling"),
    ("parent", "signalling"),
    ("block-positive", "not-block-positive"),
    ("decomposable", "not-block-positive"),
    ("state", "not-block-positive"),
    ("decomposable", "not-decomposable"),
    ("state", "not-decomposable"),
)


class Known:
    """Read off the statements of files, all of which are taken to be proved."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.assemblages: dict[str, list[Assemblage]] = {}
        self.bounds: dict[str, list[tuple[Functional, Number]]] = {}
        self.rules: dict[str, set[str]] = {}
        self.ppt: list[tuple[tuple[int, ...], Matrix]] = []
        for data in files.values():
            with library():
                proof = read(data)
            objects = proof.context.objects
            for step in proof.steps:
                statement = step.statement
                self.add(proof, statement, self.rules)
                if statement.rule in ("quantum", "local", "assemblage"):
                    self.assemblages.setdefault(statement.rule, []).append(objects[statement.assemblage or ""])  # type: ignore[arg-type]
                if statement.rule in ("bound", "local-bound", "no-signalling-bound") and statement.bound is not None:
                    found: Any = objects[statement.functional or ""]
                    self.bounds.setdefault(statement.rule, []).append((found, as_number(statement.bound)))
                if isinstance(step.witness, PPTOperator):
                    about: Any = objects[statement.operator or ""]
                    self.ppt.append((about.dims, step.witness.matrix))

    def add(self, proof: Proof, statement: Statement, rules_of: dict[str, set[str]]) -> None:
        """Note the rules that an object is known to obey."""
        key, name = "", statement.assemblage or statement.operator
        value: Any = proof.context.objects.get(name or "")
        if value is not None and statement.rule in {rule for pair in EXCLUDED for rule in pair}:
            scenario = value.scenario if isinstance(value, Assemblage) else proof.scenario
            key = json.dumps([repr(value.field), str(scenario), encode_object(value, scenario)], sort_keys=True)
            rules_of.setdefault(key, set()).add(statement.rule)

    def contradiction(self, proof: Proof) -> str:
        """Two statements about one object that exclude each other: in the file, or in the file and in an original."""
        found: dict[str, set[str]] = {}
        for step in proof.steps:
            self.add(proof, step.statement, found)
        for key, names in found.items():
            every = names | self.rules.get(key, set())
            for one, other in EXCLUDED:
                if {one, other} <= every:
                    return f"one object is {one} and {other}"
        return ""
