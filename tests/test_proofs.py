"""The committed proofs: canonical, accepted by the checker and by the library, regenerated to the same claim, and
indexed.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from steeralg.certificates.proof import read_proof
from steeralg.checker import load_checker
from steeralg.claims import CLAIMS
from steeralg.index import index

FOLDER = Path(__file__).resolve().parent.parent / "proofs"
FILES = sorted(FOLDER.glob("*.json"))


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
    assert (FOLDER / "README.md").read_text(encoding="utf-8") == index(FILES)


def test_table_1_has_its_published_figures():
    """SBCSV15: value -0.520495 (unrounded data) and bound -0.508417; the printed digits give -0.52073625 exactly."""
    proof = read_proof((FOLDER / "sbcsv15-table-1-postquantum.json").read_bytes())
    (violation,) = [s for s in proof.statements if s.rule == "violation"]
    assert proof.value(violation).decimal(8) == "-0.52073625"
    assert violation.bound is not None and -508430 <= violation.bound * 10**6 <= -508417
