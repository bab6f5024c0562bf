"""Campaigns read back from their files: the campaign, and a command that goes on with the same file. The figures are
those of the results. What is no search of the command is refused. The report: its figures are those of the record, and
its proofs are accepted.
"""

import importlib.util
import json
import shlex
import sys
from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import CliRunner

from steeralg.checker import load_checker
from steeralg.cli import main
from steeralg.constructions import saphs18
from steeralg.errors import FormatError, SteeralgError
from steeralg.maps.library import choi, generalised_choi, transpose
from steeralg.search import FunctionalSearch, MapSearch, Result, ScenarioSearch, Store, read_record, run
from steeralg.search.store import read

CAMPAIGNS = {
    "functional": FunctionalSearch(2026),
    "functional, others": FunctionalSearch(3, ((2, 2), (2, 2)), 5, symmetric=True, level=2),
    "map": MapSearch(choi(), 2026),
    "map, others": MapSearch(generalised_choi("3/2", "1/2", 0), 7, (("X,Z", "X,Y"), ("Y,Z",)), (3, 5), "1+AB"),
    "parties": ScenarioSearch("trusted-parties", 2026),
    "parties, others": ScenarioSearch("trusted-parties", 1, ("X,Z", "X+Z,X-Z"), (4, 6)),
    "input": ScenarioSearch("input", 5, level=2),
    "instrumental": ScenarioSearch("instrumental", 2026),
}
SCORES = [0, Fraction(1, 500), Fraction(1, 10), Fraction(1, 5), Fraction(3, 10)]


def filled(path, campaign, scores=SCORES):
    """A file with results that nobody computed."""
    with Store(path, campaign.parameters) as store:
        for number, score in enumerate(scores):
            store.add(Result(number, Fraction(score), 250_000))
    return path


@pytest.mark.parametrize("name", CAMPAIGNS)
def test_a_campaign_is_read_back_with_a_command_that_goes_on_with_it(name, tmp_path):
    campaign, path = CAMPAIGNS[name], filled(tmp_path / "s.jsonl", CAMPAIGNS[name], [0] * 3)
    record = read_record(path)
    assert record.campaign.parameters == campaign.parameters and type(record.campaign) is type(campaign)
    assert record.campaign.shown(record.campaign.candidate(4)) == campaign.shown(campaign.candidate(4))
    before = path.read_bytes()
    program, *arguments = shlex.split(record.command)
    result = CliRunner().invoke(main, [*arguments, "--state", str(path), "--out", str(tmp_path / "unused.json")])
    assert program == "steeralg" and result.exit_code == 3, result.output
    assert "0 of 3 candidates look postquantum" in result.stdout and path.read_bytes() == before


def test_the_figures_are_those_of_the_results(tmp_path):
    record = read_record(filled(tmp_path / "s.jsonl", CAMPAIGNS["map"]))
    assert [r.number for r in record.results] == [4, 3, 2, 1, 0] and record.count == 5 and record.seconds == 1.25
    assert [r.score for r in record.promising] == SCORES[:1:-1]
    assert [record.quantile(part).score for part in (0.0, 0.5, 1.0)] == SCORES[2:]


def test_a_growing_file_is_read_and_left_alone(tmp_path):
    path = filled(tmp_path / "s.jsonl", CAMPAIGNS["map"])
    whole = path.read_bytes()
    for length in (len(whole) - 1, len(whole) - 60):
        path.write_bytes(whole[:length])
        assert len(read(path)[1]) == whole[:length].count(b"\n") - 1 and path.read_bytes() == whole[:length]


def test_a_map_that_is_in_no_library_is_read_back(tmp_path):
    campaign = MapSearch(transpose(2), 1, (("X,Z",),), (2, 4))
    record = read_record(filled(tmp_path / "s.jsonl", campaign))
    assert record.campaign.parameters == campaign.parameters and record.arguments[0] == "MAP.json"


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"seed": 1, "level": "2"},
        {"size": 16, "seed": 1, "support": 4, "level": "2"},
        {**CAMPAIGNS["map"].parameters, "more": 1},
        {**CAMPAIGNS["input"].parameters, "size": 5},
    ],
)
def test_what_is_no_search_of_the_command_is_refused(parameters, tmp_path):
    path = tmp_path / "s.jsonl"
    path.write_text(json.dumps({"format": "steeralg-search/1", "parameters": parameters}) + "\n")
    with pytest.raises(SteeralgError):
        read_record(path)
    with pytest.raises(FormatError):
        read_record(tmp_path / "missing")


def load_report():
    path = Path(__file__).resolve().parents[1] / "campaigns" / "report.py"
    spec = importlib.util.spec_from_file_location("campaigns_report", path)
    module = importlib.util.module_from_spec(spec)
    # Dataclasses look their module up.
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_the_report_is_about_the_files(tmp_path):
    found, empty = tmp_path / "found.jsonl", tmp_path / "empty.jsonl"
    campaign = MapSearch(saphs18.breuer_hall_map(), 2026)
    with Store(found, campaign.parameters) as store:
        results = run(campaign, range(6), store)
    filled(empty, CAMPAIGNS["input"], [0, 0])
    load_report().main([str(found), str(empty), "--attempts", "2", "--out", str(tmp_path)])
    text = (tmp_path / "README.md").read_text()
    promising = sum(result.score > Fraction(1, 500) for result in results)
    best = f"{float(results[0].score):.4f}"
    assert "| found | 6 | 0.0 min | " in text and f"| {promising} ({promising / 6:.2%}) | 2 of 2 | {best} |" in text
    assert f"candidate 5: (-i|003> + |011> - |102> + |113>)/2, settings X,Z and X+Z,X-Z; estimate {best}" in text
    assert text.count("empty: none of 2 candidates was promising.") == 2 and "`steeralg search breuer-hall" in text
    (path,) = tmp_path.glob("*.proof.json")
    proof = json.loads(path.read_bytes())
    load_checker().check_bytes(path.read_bytes())
    assert path.name == "found-5.proof.json" and path.name in text
    rules = {statement["rule"] for statement in proof["claim"]["statements"]}
    assert {"postquantum", "image", "quantum-correlations", "mixture"} <= rules
