"""The committed proofs: canonical, accepted by the checker and by the library, regenerated to the same claim, indexed;
every claim says where it is claimed and what is left open, encloses its eps, brackets its robustness.
"""

import hashlib
import json
import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from steeralg.certificates.proof import read_proof
from steeralg.checker import load_checker
from steeralg.claims import CLAIMS
from steeralg.errors import InputError
from steeralg.exact.number import as_number
from steeralg.index import index, sums

FOLDER = Path(__file__).resolve().parent.parent / "proofs"
FILES = sorted(FOLDER.glob("*.json"))
TIMES = json.loads((FOLDER.parent / "benchmarks" / "checking.json").read_bytes())


def test_every_claim_has_its_file():
    assert {path.stem for path in FILES} == set(CLAIMS)


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_file_is_canonical_and_holds(path):
    data = path.read_bytes()
    proof = read_proof(data)
    assert proof.to_bytes() == data
    proof.verify()
    load_checker().check_bytes(data)


@pytest.mark.parametrize("name", CLAIMS)
def test_claim_is_byte_stable_and_proved_again(name):
    committed, again = read_proof((FOLDER / f"{name}.json").read_bytes()), CLAIMS[name].prove()
    assert again.json()["claim"] == committed.json()["claim"]
    load_checker().check_bytes(again.to_bytes())


def test_checker_runs_alone_on_all_files():
    command = [sys.executable, "-I", "-O", str(FOLDER / "check.py"), *map(str, FILES)]
    result = subprocess.run(command, capture_output=True, text=True, cwd="/")
    assert result.returncode == 0, result.stderr
    assert len(FILES) == result.stdout.count("\nproved ") + result.stdout.startswith("proved ")


def test_index_is_current():
    assert (FOLDER / "README.md").read_text(encoding="utf-8") == index(FILES, TIMES)
    assert (FOLDER / "SHA256SUMS").read_text(encoding="utf-8") == sums(FILES)


def test_index_has_a_row_for_every_file_and_refuses_to_invent_a_checking_time():
    text = index(FILES, TIMES)
    for path in FILES:
        assert text.count(f"| [{path.stem}]({path.name}) |") == 1
        assert f"`{hashlib.sha256(path.read_bytes()).hexdigest()[:16]}`" in text
    with pytest.raises(InputError, match="checking time"):
        index(FILES, {})


def test_all_files_are_checked_in_under_a_minute():
    assert set(TIMES) == {hashlib.sha256(path.read_bytes()).hexdigest() for path in FILES}
    assert sum(TIMES.values()) < 60_000


def test_table_1_has_its_published_figures():
    """SBCSV15: value -0.520495 (unrounded data) and bound -0.508417; the printed digits give -0.52073625 exactly."""
    proof = read_proof((FOLDER / "sbcsv15-table-1-postquantum.json").read_bytes())
    (violation,) = [s for s in proof.statements if s.rule == "violation"]
    assert proof.value(violation).decimal(8) == "-0.52073625"
    assert violation.bound == Fraction("-0.508417")


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=lambda c: c.name)
def test_claim_says_where_what_and_what_not_in_few_words(claim):
    """The source names a place in the paper; the texts fit the table, the reading is whole sentences."""
    assert re.search(r"eqs?\. |Thms? |Sec\. |App\. |Example |Prop\. |Fig\. |criteria for ", claim.source)
    for text in (claim.summary, claim.not_established):
        assert text and len(text.split()) <= 25 and not text.endswith(".")
    assert not claim.reading or claim.reading.endswith(".")


def stated(name, rule):
    """The statements of a committed claim by one rule."""
    proof = read_proof((FOLDER / f"{name}.json").read_bytes())
    return proof, [s for s in proof.statements if s.rule == rule]


@pytest.mark.parametrize(
    ("name", "width"), [("saphs18-shifts", "1e-9"), ("saphs18-upb-family", "0.002"), ("s26-example-7", None)]
)
def test_the_eps_of_every_witness_is_enclosed(name, width):
    """As in the claim: W is block-positive for one eps, and W_above is not for a slightly larger one."""
    proof, witnesses = stated(name, "witness")
    eps = {s.operator: as_number(s.bound) for s in witnesses}
    positive = {s.operator for s in proof.statements if s.rule == "block-positive"}
    negative = {s.operator for s in proof.statements if s.rule == "not-block-positive"}
    assert positive | negative == set(eps) and not positive & negative
    assert negative == (set() if width is None else {key.replace("W", "W_above") for key in positive})
    for key in negative:
        gap = eps[key] - eps[key.replace("_above", "")]
        assert gap.sign() > 0 and (gap - as_number(Fraction(width))).sign() < 0


@pytest.mark.parametrize(
    ("name", "noises", "width"),
    [
        ("s26-example-9", {"white", "GHZ", "W"}, "1e-4"),
        ("s26-example-10", {"white"}, "1e-3"),
        ("s26-example-11", {"white"}, "0.04"),
        ("s26-lambda", {"white"}, "1e-4"),
    ],
)
def test_robustness_is_bracketed(name, noises, width):
    """Postquantum with one weight of a quantum noise, quantum with a larger one, in the claim."""
    proof, mixtures = stated(name, "mixture")
    holds = {(s.rule, s.assemblage) for s in proof.statements}
    weights = {s.assemblage: s.weight for s in mixtures}
    assert set(weights) == {f"{noise}_{end}" for noise in noises for end in ("low", "high")}
    for noise in noises:
        assert ("quantum", noise) in holds
        assert ("postquantum", f"{noise}_low") in holds and ("quantum", f"{noise}_high") in holds
        assert 0 < weights[f"{noise}_high"] - weights[f"{noise}_low"] < Fraction(width)
