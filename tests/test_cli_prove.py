"""`steeralg prove --all`: every claim once, one file each, compared with what was there; what fails leaves its file."""

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from steeralg import claims
from steeralg.certificates.proof import read_proof
from steeralg.checker import load_checker
from steeralg.cli import main
from steeralg.errors import UndecidedError

QUICK = ["saphs18-choi-map", "shsa20-instrumental-printed", "werner-2-settings"]


@pytest.fixture
def few(monkeypatch, tmp_path):
    """Three quick claims in the place of all, and an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(claims, "CLAIMS", {name: claims.CLAIMS[name] for name in QUICK})
    return tmp_path


def run(*arguments):
    return CliRunner().invoke(main, list(arguments))


def test_all_claims_are_written_and_checked_and_are_the_same_the_second_time(few):
    first = run("prove", "--all")
    assert first.exit_code == 0, first.output
    assert sorted(p.stem for p in few.glob("*.json")) == sorted(QUICK)
    for name in QUICK:
        data = Path(f"{name}.json").read_bytes()
        load_checker().check_bytes(data)
        assert read_proof(data).name == name
    assert first.stdout.count("a new file") == len(QUICK)
    again = run("prove", "--all")
    assert again.exit_code == 0 and again.stdout.count("the same") == len(QUICK)


def test_another_statement_is_reported(few):
    assert run("prove", QUICK[0], "--out", f"{QUICK[1]}.json").exit_code == 0
    assert run("prove", "--all").stdout.count("ANOTHER STATEMENT") == 1


def test_what_is_not_proved_keeps_its_file_and_the_rest_goes_on(few, monkeypatch):
    def fails(*_):
        raise UndecidedError("nothing was found")

    broken = replace(claims.CLAIMS[QUICK[0]], prover=fails)
    monkeypatch.setattr(claims, "CLAIMS", {**claims.CLAIMS, QUICK[0]: broken})
    Path(f"{QUICK[0]}.json").write_text("as it was")
    result = run("prove", "--all", "--out", str(few))
    assert result.exit_code == 3
    assert "FAILED: nothing was found" in result.stderr and QUICK[0] in result.stdout
    assert Path(f"{QUICK[0]}.json").read_text() == "as it was"
    assert all(Path(f"{name}.json").exists() for name in QUICK[1:])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["prove"], "name a claim"),
        (["prove", "--all", QUICK[0]], "leave the name"),
        (["prove", "--all", "--level", "1"], "leave the name"),
        (["prove", "--all", "--out", "nowhere"], "no such folder"),
        (["prove", QUICK[0], "--out", "."], "is a folder"),
    ],
    ids=["no-name", "both", "level", "no-folder", "folder"],
)
def test_what_cannot_be_meant_is_refused_in_one_line(few, arguments, words):
    result = run(*arguments)
    assert result.exit_code == 2 and words in result.stderr and len(result.stderr.splitlines()) == 1
    assert not list(few.iterdir())
