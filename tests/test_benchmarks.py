"""The results of the benchmarks: the page is what the figures of the run say, the fits find exact powers, and a goal is
called reached only where the figures say so.
"""

import json
import re
from fractions import Fraction
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[1] / "benchmarks"


def loaded():
    spec = spec_from_file_location("benchmark_results", FOLDER / "results.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


results = loaded()


@pytest.fixture
def figures():
    return json.loads((FOLDER / "results.json").read_text(encoding="utf-8"))


def test_the_page_is_the_rendered_run(figures):
    assert (FOLDER / "RESULTS.md").read_text(encoding="utf-8") == results.render(figures)


def test_the_run_is_complete_and_tells_nothing_about_the_machine_but_its_kind(figures):
    problems = {(row["group"], row["name"]) for row in figures["ours"]}
    assert {group for group, _ in problems} == {"shared", "larger", "scenarios", "boxes", "settings", "levels"}
    assert {row["peer"] for row in figures["peers"]} == {"MoMPy", "toqito"}
    assert {(row["group"], row["name"]) for row in figures["peers"]} <= problems
    assert not re.search(r"(/home|/tmp|/root|/Users|[A-Z]:\\\\)", json.dumps(figures))


@pytest.mark.parametrize("exponent", [0, 1, Fraction(5, 2), 4])
def test_a_power_is_found(exponent):
    points = [(order, 0.01 * order ** float(exponent)) for order in (10, 20, 30, 50)]
    assert results._exponent(points, 0.005) == f"{float(exponent):.1f} (4)"


def test_figures_that_are_too_small_or_too_few_are_not_fitted():
    points = [(10, 0.001), (20, 0.008), (40, 0.064), (80, 0.512)]
    assert results._exponent(points, 0.005) == "3.0 (3)"
    assert results._exponent(points, 0.05) == "-"
    assert results._exponent([(10, 1.0), (10, 2.0), (20, 3.0)], 0.005) == "-"


@pytest.mark.parametrize("seconds", [1e-9, 1e9])
def test_goals_follow_the_figures(figures, seconds):
    for row in figures["ours"]:
        row["total"] = seconds
    figures["checker"] |= {"process": seconds, "loaded": 0}
    page = results.render(figures).split("## Goals")[1].split("##")[0]
    answers = re.findall(r"\| (yes|\*\*no\*\*) \|\n", page)
    assert answers == ["yes" if seconds < 1 else "**no**"] * 5


def test_a_problem_that_was_not_proved_says_why_and_reaches_nothing(figures):
    for row in figures["ours"]:
        if row["group"] == "larger":
            for key in ("build", "solve", "round_and_verify", "write", "check", "total", "result"):
                row.pop(key, None)
            row["status"] = "over 300 s"
    page = results.render(figures).split("## Goals")[1].split("##")[0]
    assert page.count("| over 300 s | **no** |") == 3
