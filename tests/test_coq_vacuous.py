"""A theorem of Coq is about something: what is refused is data that make a true statement empty.

Hand-written data with the definitions of an export. The check of each honest text is true, and false after one change
with which the statements would be vacuous or weaker than they read: a field without a root, no views, no
settings, keys outside the scenario or twice, matrices of the wrong order. And with D = 2 a realisation exists, so that
`quantum` can be true.
"""

import re
from pathlib import Path

import pytest

from steeralg.coq import coq_text
from tests.coq_compiler import accepted, compiled, library
from tests.test_coq import proof

__all__ = ["library"]

IMPORTS = """From Coq Require Import ZArith List.
From Steeralg Require Import Numbers NumberField Positive Words WordValues Steering Assemblage.
Import ListNotations.
"""
HEAD = """Definition number_field : Field := field [0]%Z (-1) 1 1.
Definition theta_enclosure : Enclosure := enclosure 0 0 1 (1, 0, [1])%Z (-1, 0, [1])%Z.
Definition unit_2 : Factor := rational_factor 1 [1; 1]%Z [[1]; [0; 1]]%Z [].
Definition unit_1 : Factor := rational_factor 1 [1]%Z [[1]]%Z [].
"""
STATE = f"""{HEAD}Definition rho : Matrix := rational 2 [[1]; [0; 1]]%Z [].
Definition subject := state_check number_field theta_enclosure 2 rho unit_2.
"""

MIXED = f"""{HEAD}Definition box : Scenario := scenario [[2; 2]] [2] 1.
Definition sigma : Family := [
  (key [0] [0] 0, rational 4 [[1]; [0; 1]]%Z [[]; [0]]%Z); (key [1] [0] 0, rational 4 [[1]; [0; 1]]%Z []);
  (key [0] [1] 0, rational 4 [[1]; [0; 1]]%Z []); (key [1] [1] 0, rational 4 [[1]; [0; 1]]%Z [])].
Definition subject := assemblage_check number_field theta_enclosure box sigma 4 [unit_2; unit_2; unit_2; unit_2].
"""

DETERMINISTIC = f"""{HEAD}Definition box : Scenario := scenario [[1; 1]; [1; 1]] [] 1.
Definition p (z : Z) := rational 1 [[z]]%Z [].
Definition sigma : Family := [
  (key [0; 0] [0; 0] 0, p 1); (key [0; 0] [0; 1] 0, p 1); (key [0; 0] [1; 0] 0, p 1); (key [0; 0] [1; 1] 0, p 1)].
Definition subject := assemblage_check number_field theta_enclosure box sigma 1 [unit_1; unit_1; unit_1; unit_1].
"""

# E[0|0] (x) 1 >= 0
BOUND = f"""{HEAD}Definition box : Scenario := scenario [[2; 2]] [2] 1.
Definition F : Family := [(key [0] [0] 0, rational 1 [[1]; [0; 1]]%Z [])].
Definition squares :=
  certificate 1 [block [[[E 0 0]]] (rational 1 [[1]; [0; 1]]%Z []) unit_2].
Definition subject := bound_check number_field theta_enclosure box F (number [0]%Z 1) squares.
"""

VIOLATION = f"""{HEAD}Definition box : Scenario := scenario [[2; 2]] [1] 1.
Definition F : Family := [(key [0] [0] 0, rational 1 [[1]]%Z [])].
Definition sigma : Family := [(key [0] [0] 0, rational 1 [[-1]]%Z [])].
Definition subject := violation_check number_field theta_enclosure box F sigma (number [0]%Z 1) 1.
"""

HONEST = {
    "state": STATE,
    "mixed": MIXED,
    "deterministic": DETERMINISTIC,
    "bound": BOUND,
    "violation": VIOLATION,
}
FORGED = {
    "an interval that misses 0": ("state", "(-1) 1 1.", "1 2 1."),
    "an open interval that ends at 0": ("state", "(-1) 1 1.", "0 1 1."),
    "an interval in reverse": ("state", "(-1) 1 1.", "1 (-1) 1."),
    "no polynomial": ("state", "field [0]%Z", "field []%Z"),
    "a state with a row too many": ("state", "2 [[1]; [0; 1]]", "2 [[1]; [0; 1]; [0; 0; 7]]"),
    "a state with an entry too many": ("state", "2 [[1]; [0; 1]]", "2 [[1; 7]; [0; 1]]"),
    "a state of order 1": ("state", " 2 rho", " 1 rho"),
    "a key in no view": ("mixed", "%Z [])].", "%Z []); (key [0] [0] 1, rational 1 [[-1]; [0; 1]]%Z [])]."),
    "a key of no outcome": ("mixed", "%Z [])].", "%Z []); (key [9] [0] 0, rational 1 [[-1]; [0; 1]]%Z [])]."),
    "a key that comes twice": ("mixed", "%Z [])].", "%Z []); (key [0] [0] 0, rational 1 [[5]; [0; 1]]%Z [])]."),
    "an element with a row too many": ("mixed", "[0; 1]]%Z []);", "[0; 1]; [0; 0; 7]]%Z []);"),
    "an element with a row too few": ("mixed", "[[1]; [0; 1]]%Z [[]; [0]]", "[[1]; [0; 1]]%Z [[]]"),
    "a coefficient of theta in a field without": (
        "mixed",
        "rational 4 [[1]; [0; 1]]%Z [[]; [0]]",
        "matrix 4 [[[1; 0]]; [[0]; [1]]]%Z []",
    ),
    "no settings": ("deterministic", "[[1; 1]; [1; 1]]", "[[]; [1; 1]]"),
    "no outcomes": ("deterministic", "[[1; 1]; [1; 1]]", "[[1; 0]; [1; 1]]"),
    "no input": ("deterministic", "[] 1.\nD", "[] 0.\nD"),
    "no dimension": ("deterministic", "[] 1.\nD", "[0] 1.\nD"),
    "an element that is not 1": ("deterministic", "0, p 1);", "0, p 3);"),
    "a bound for a view that is not there": ("bound", "key [0] [0] 0", "key [0] [0] 1"),
    "a bound in two dimensions for an element in one": (
        "bound",
        "rational 1 [[1]; [0; 1]]%Z [])].",
        "rational 1 [[1]]%Z [])].",
    ),
    "a functional with a key that comes twice": (
        "violation",
        "F : Family := [",
        "F : Family := [(key [0] [0] 0, rational 1 [[0]]%Z []); ",
    ),
    "a violation with an element twice": (
        "violation",
        "sigma : Family := [",
        "sigma : Family := [(key [0] [0] 0, rational 1 [[-1]]%Z []); ",
    ),
    "a violation by an element in no view": ("violation", "key [0] [0] 0", "key [0] [0] 1"),
    "a violation by an outcome that is not there": ("violation", "key [0] [0] 0", "key [2] [0] 0"),
}


def modules():
    """One file for all: each text in a module of its own, with what its check computes to."""
    texts = [(text, "true") for text in HONEST.values()]
    for name, old, new in FORGED.values():
        assert old in HONEST[name]
        texts.append(
            (HONEST[name].replace(old, new) if old.startswith("key") else HONEST[name].replace(old, new, 1), "false")
        )
    imaginary = MIXED.replace("field [0]%Z (-1)", "field [1; 0]%Z 0").replace(
        "0 0 1 (1, 0, [1])%Z (-1, 0, [1])%Z", "(-2) 2 1 (-1, -5, [2; -1])%Z (-1, -5, [2; 1])%Z"
    )
    assert "enclosure (-2) 2 1" in imaginary and "field [1; 0]" in imaginary
    texts.append((imaginary, "false"))  # x^2 + 1, with lines that are positive at every root
    empty = (
        f"{HEAD}Definition subject :=\n  assemblage_check number_field theta_enclosure (scenario [[]] [2] 1) [] 1 [].\n"
    )
    unseen = DETERMINISTIC.replace("[unit_1; unit_1; unit_1; unit_1]", "[]")
    texts += [(empty, "false"), (unseen, "false")]  # a box without settings; no trusted party
    bodies = [
        f"Module M{k}.\n{text}Goal subject = {value}.\nProof. vm_compute. reflexivity. Qed.\nEnd M{k}.\n"
        for k, (text, value) in enumerate(texts)
    ]
    return IMPORTS + "".join(bodies) + "Theorem theorems : True.\nProof. exact I. Qed.\nPrint Assumptions theorems.\n"


def test_checks_accept_the_honest_and_reject_what_would_be_vacuous(library, tmp_path):
    done = compiled(library, tmp_path, modules())
    assert accepted(done), done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("stated", [True, False])
def test_an_interval_without_the_root_is_rejected(library, tmp_path, stated):
    """sqrt 2 is not between 2 and 3. The checks find it, too, if the theorem on the field is left out."""
    text = coq_text(proof("saphs18-breuer-hall"), judged=True)
    forged = text.replace("field [-2; 0]%Z 1 2 1.", "field [-2; 0]%Z 2 3 1.")
    assert forged != text
    if not stated:
        forged, count = re.subn(r"Theorem field_has_a_root.*?Qed\.\n", "", forged, flags=re.DOTALL)
        assert count == 1
    done = compiled(library, tmp_path, forged)
    assert done.returncode == 1 and "The term" in done.stderr and "Syntax error" not in done.stderr
    assert ("field_ok number_field" in done.stderr) == stated


@pytest.mark.slow
def test_quantum_has_a_model(library, tmp_path):
    """A pure qubit state with complex entries; of keys outside the scenario nothing is asked."""
    done = compiled(library, tmp_path, Path(__file__).with_name("coq_quantum_model.v").read_text(encoding="utf-8"))
    assert accepted(done), done.stderr
