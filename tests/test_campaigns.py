"""The committed examples of campaigns: all are accepted by the checker, all are in the report, and those that were not
climbed to in floats are the assemblages of their seeds and numbers. They are postquantum, with a proved robustness, and
give only quantum correlations, where that could be stated.
"""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from steeralg.certificates.proof import read_proof
from steeralg.checker import checker_path
from steeralg.cli import main
from steeralg.cli_search import campaign
from steeralg.search import FunctionalSearch

FOLDER = Path(__file__).resolve().parents[1] / "campaigns"
FILES = sorted(FOLDER.glob("*.proof.json"))
LARGEST_NUMBER = 20_000


def test_there_are_examples_of_every_kind():
    kinds = {read_proof(path.read_bytes()).source.split()[2] for path in FILES}
    assert {"functional", "trusted-parties", "choi"} <= kinds


def test_the_checker_accepts_all_of_them():
    command = [sys.executable, "-I", "-O", str(checker_path()), *map(str, FILES)]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr


def test_the_report_names_all_of_them_and_no_others():
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\((\S+\.proof\.json)\)", text)) == {path.name for path in FILES}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name.removesuffix(".proof.json"))
def test_an_example_is_what_its_source_says(path):
    data = path.read_bytes()
    proof = read_proof(data)
    assert proof.to_bytes() == data and f"{proof.name}.proof.json" == path.name
    rules = {statement.rule for statement in proof.statements if statement.assemblage == "sigma"}
    # Where measurements and map are not in one quadratic field, the map's part is not stated.
    known = rules & {"quantum-correlations", "projective-local"}
    assert "postquantum" in rules and (known or proof.field.degree > 2)
    assert {("mixture", "low"), ("postquantum", "low")} <= {(s.rule, s.assemblage) for s in proof.statements}
    command, number = proof.source.rsplit(", candidate ", 1)
    context = main.commands["search"].make_context("search", shlex.split(command)[2:])
    names = ("name", "seed", "boxes", "support", "directions", "symmetric", "level")
    search = campaign(**{name: context.params[name] for name in names})
    if not isinstance(search, FunctionalSearch) and int(number) < LARGEST_NUMBER:
        assert proof.objects["sigma"].agrees_with(search.assemblage(search.candidate(int(number))))
