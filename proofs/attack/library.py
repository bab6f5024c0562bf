"""The library's own exact layer as a judge of proof files, without the checker.

Above: refutations, the campaign. Below: steeralg, with python-flint underneath; check.py is not.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from steeralg.certificates import rules
from steeralg.certificates.context import Context
from steeralg.certificates.proof import Proof, read_proof
from steeralg.certificates.steps import Step
from steeralg.errors import SteeralgError
from steeralg.exact.convert import unify
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.family import check_element, check_labels


class _Silent:
    """Stands for the checker, so that `read_proof` reads without it."""

    Unreadable = Rejected = type("Never", (Exception,), {})

    @staticmethod
    def check_bytes(data: bytes) -> None:
        """Let everything pass."""


VALIDATE = Assemblage.__post_init__


def _unvalidated(self: Assemblage) -> None:
    """As in files an assemblage is just data: that it is valid is a statement like any other."""
    check_labels(self.scenario, self.elements, complete=True)
    labels = list(self.scenario.labels())
    matrices = unify([self.elements[label] for label in labels])
    object.__setattr__(self, "elements", dict(zip(labels, matrices, strict=True)))
    for label, matrix in self.elements.items():
        check_element(self.scenario, label, matrix)


def _verify_assemblage(context: Context, step: Step) -> None:
    """The rule with the validation that the data have not had."""
    rules.verify_assemblage(context, step)
    VALIDATE(context.find(Assemblage, step.statement.assemblage, sequential=True))


@contextmanager
def library() -> Iterator[None]:
    """The library as a judge of files on its own, in which assemblages are data."""
    with (
        patch("steeralg.certificates.proof.load_checker", _Silent),
        patch.object(Assemblage, "__post_init__", _unvalidated),
        patch.dict(rules.RULES, {"assemblage": _verify_assemblage}),
    ):
        yield


def pruned(data: bytes) -> bytes:
    """The file without what nothing rests on, and what the library refuses to hold: objects that no statement is about,
    and members of vectors with a zero vector where they are only stated to be unextendible (all are orthogonal to it).
    """
    file = json.loads(data)
    statements = [*file["claim"]["statements"], *(step["statement"] for step in file["proof"]["steps"])]
    rules_of: dict[str, set[str]] = {}
    for statement in statements:
        for name in (name for key, text in statement.items() if key != "rule" for name in text.split(" ")):
            rules_of.setdefault(name, set()).add(statement["rule"])
    for part in (file["claim"], file["proof"]):
        part["objects"] = {name: value for name, value in part["objects"].items() if name in rules_of}
        for name, value in part["objects"].items():
            if rules_of[name] == {"unextendible"}:
                value["vectors"] = [m for m in value["vectors"] if all(map(_is_not_zero, m))]
    return json.dumps(file).encode()


def _is_not_zero(column: dict[str, str]) -> bool:
    return any(c in "123456789" for row in column.values() for c in row)


def read(data: bytes) -> Proof:
    """The objects, statements and steps of a file, read by the library alone, within `library`."""
    return read_proof(pruned(data))


def proved(data: bytes) -> tuple[Proof | None, str]:
    """What a file says, if the library can read it, and why the library does not prove it, or ''."""
    proof = None
    with library():
        try:
            proof = read(data)
            proof.verify()
        except SteeralgError as error:
            return proof, f"{type(error).__name__}: {error}"[:300]
        except Exception as error:
            return proof, f"crash: {type(error).__name__}: {error}"[:300]
    return proof, ""


Claim = tuple[str, dict[str, tuple[str, str]]]


def claim(data: bytes) -> Claim:
    """The claim but for remarks and the order of statements: a text for all but the objects, and two for each of these.

    One is as it stands in the file; one is what the library writes, and empty if no statement is about the object.
    """
    with library():
        found = read(data).json()["claim"]
    statements = sorted(json.dumps(s, sort_keys=True) for s in found["statements"])
    given = json.loads(data)["claim"]["objects"]
    texts = {name: json.dumps(value, sort_keys=True) for name, value in given.items()}
    written = {name: json.dumps(value, sort_keys=True) for name, value in found["objects"].items()}
    rest = json.dumps([found["field"], found["scenario"], statements])
    return rest, {name: (text, written.get(name, "")) for name, text in texts.items()}


def is_same(one: Claim, other: Claim) -> bool | None:
    """Whether two claims are equal by value; None if that is not to be seen."""
    if one[0] != other[0] or one[1].keys() != other[1].keys():
        return False
    unknown = False
    for name, (text, written) in one[1].items():
        same = text == other[1][name][0] or written == other[1][name][1] != ""
        if not same and written and other[1][name][1]:
            return False
        unknown |= not same
    return None if unknown else True
