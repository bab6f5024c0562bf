"""The two judges of a proof, the library's `Proof.verify` and the independent checker. Proofs, changed."""

from dataclasses import replace
from unittest.mock import patch

from steeralg.certificates.compose import Draft
from steeralg.certificates.proof import read_proof
from steeralg.checker import load_checker
from steeralg.errors import SteeralgError, VerificationError

CHECKER = load_checker()


def holds(proof):
    """Whether the library proves it."""
    try:
        proof.verify()
    except VerificationError:
        return False
    return True


def accepted(proof):
    """Whether the independent checker accepts its bytes; what cannot be written is not accepted."""
    try:
        CHECKER.check_bytes(proof.to_bytes())
    except (CHECKER.Rejected, CHECKER.Unreadable, SteeralgError):
        return False
    return True


def rejected(proof):
    """Both judges reject."""
    assert not holds(proof) and not accepted(proof)


class _Trusting:
    """A checker that lets every file through."""

    Unreadable = Rejected = type("Never", (Exception,), {})
    check_bytes = staticmethod(lambda data: None)


def read_unchecked(data):
    """The proof of a file, read by the library alone."""
    with patch("steeralg.certificates.proof.load_checker", _Trusting):
        return read_proof(data)


def holds_as_file(data):
    """Whether the library alone reads and proves a file."""
    try:
        read_unchecked(data).verify()
    except SteeralgError:
        return False
    return True


def accepted_as_file(data):
    """Whether the independent checker accepts a file."""
    try:
        CHECKER.check_bytes(data)
    except (CHECKER.Rejected, CHECKER.Unreadable):
        return False
    return True


def changed(proof, number, **fields):
    """The proof with one step changed, and the claim, too, where it had the same statement and still can have it."""
    old = proof.steps[number]
    new = replace(old, **fields)
    steps = (*proof.steps[:number], new, *proof.steps[number + 1 :])
    if set(new.statement.objects) & set(proof.auxiliary):
        return replace(proof, steps=steps)
    statements = tuple(new.statement if s == old.statement else s for s in proof.statements)
    return replace(proof, steps=steps, statements=statements)


def restated(proof, number, **fields):
    """The proof with another statement in one step."""
    return changed(proof, number, statement=replace(proof.steps[number].statement, **fields))


def replaced(proof, key, value):
    """The proof with another object under one name."""
    part = "objects" if key in proof.objects else "auxiliary"
    return replace(proof, **{part: {**getattr(proof, part), key: value}})


def claim(scenario, objects, *steps):
    """The proof with these steps, of which the last one is claimed."""
    return Draft("n", "s", scenario, objects, [steps[-1].statement], {}, list(steps)).proof()
