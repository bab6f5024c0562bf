"""The command line: exit codes 0 proved, 1 rejected, 2 unusable, 3 undecided; every proof it writes is accepted by the
checker; what it refuses is one line on standard error and leaves no file; it never says that anything is quantum.
"""

import json
import os
import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import CliRunner

from steeralg.certificates.proof import read_proof
from steeralg.checker import checker_path, load_checker
from steeralg.claims import CLAIMS
from steeralg.cli import main
from steeralg.constructions import sbcsv15
from steeralg.objects.assemblage import Assemblage, white_noise
from steeralg.objects.files import assemblage_to_json
from steeralg.objects.measurement import POVM
from steeralg.objects.scenario import Scenario, format_label
from steeralg.objects.state import State

ROOT = Path(__file__).resolve().parents[1]
PR_BOX = sbcsv15.pr_box(State.maximally_mixed((1,)))
X, Z = POVM.observable([[0, 1], [1, 0]]), POVM.observable([[1, 0], [0, -1]])
QUANTUM = Assemblage.from_state(State.pure([1, 0, 0, 0, 0, 0, 0, 1], (2, 2, 2)), [[X, Z], [Z, X]])


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """An empty current directory with two assemblages and the CHSH functional, whose minimum is -sqrt(8)."""
    monkeypatch.chdir(tmp_path)
    for name, sigma in (("pr", PR_BOX), ("quantum", QUANTUM)):
        Path(f"{name}.json").write_text(json.dumps(assemblage_to_json(sigma)))
    signs = {format_label((a, x)): [[(-1) ** (sum(a) + x[0] * x[1])]] for a, x in PR_BOX.scenario.labels()}
    Path("chsh.json").write_text(json.dumps({"scenario": PR_BOX.scenario.json(), "elements": signs}))
    return tmp_path


def run(*arguments):
    return CliRunner().invoke(main, list(arguments))


def proved(result, path):
    """Exit code 0, the theorem on standard output, and a file that the checker accepts; the file as a proof."""
    assert result.exit_code == 0, result.output
    assert any(line.startswith("PROVED ") for line in result.stdout.splitlines())
    data = Path(path).read_bytes()
    load_checker().check_bytes(data)
    return read_proof(data)


def refused(result, code=2):
    """The exit code, one line on standard error, nothing on standard output, no new file."""
    assert result.exit_code == code, result.output
    assert len(result.stderr.splitlines()) == 1
    assert result.stdout == ""
    assert {p.name for p in Path().iterdir()} == {"pr.json", "quantum.json", "chsh.json"}


def test_list_shows_every_claim_with_source_and_level():
    result = run("list")
    assert result.exit_code == 0
    for name, claim in CLAIMS.items():
        assert name in result.stdout and claim.source in result.stdout and claim.summary in result.stdout


@pytest.mark.parametrize("name", ["sbcsv15-pr-box", "saphs18-breuer-hall"])
def test_prove_writes_the_proof_of_a_claim(name):
    assert proved(run("prove", name), f"{name}.json").name == name


@pytest.mark.parametrize("level", ["1", "1+AB", "1 + A + B + AB", "almost quantum", "2"])
def test_prove_takes_a_level_and_a_place(level):
    proof = proved(run("prove", "sbcsv15-pr-box", "--level", level, "--out", "here.json"), "here.json")
    assert proof.statements[-1].rule == "postquantum"
    assert "here.json" in {p.name for p in Path().iterdir()} and not Path("sbcsv15-pr-box.json").exists()


def test_a_proof_replaces_an_older_file():
    Path("here.json").write_text("older")
    proved(run("prove", "sbcsv15-pr-box", "--out", "here.json"), "here.json")


def test_an_unknown_claim_is_refused_with_the_names():
    result = run("prove", "sbcsv15")
    refused(result)
    assert all(name in result.stderr for name in CLAIMS)


LEVELS = ["", "x", "1+", "1+AC", "-1", "1.5", "13", "A" * 13, "1+AB+", "\u0661", "1;2", "9" * 5000]


@pytest.mark.parametrize("level", LEVELS)
def test_a_malformed_level_is_refused(level):
    refused(run("prove", "sbcsv15-pr-box", "--level", level))
    refused(run("certify", "pr.json", "--level", level))
    refused(run("bound", "chsh.json", "--level", level))


def test_a_level_that_does_not_reach_the_data_is_refused():
    scenario = Scenario.of([(2, 2)] * 3, 1)
    three = {"scenario": scenario.json(), "elements": assemblage_to_json(white_noise(scenario))["elements"]}
    Path("pr.json").write_text(json.dumps(three))
    for level in ("0", "1"):
        refused(run("certify", "pr.json", "--level", level))


def test_certify_proves_the_pr_box_postquantum():
    proof = proved(run("certify", "pr.json"), "pr.proof.json")
    assert proof.objects["sigma"] == PR_BOX


@pytest.mark.parametrize("options", [[], ["--repair"]])
@pytest.mark.parametrize("level", ["1+AB", "2"])
def test_a_quantum_assemblage_is_not_refuted_and_never_called_quantum(options, level):
    result = run("certify", "quantum.json", "--level", level, *options)
    assert result.exit_code == 3
    assert f"not refuted at level {level}" in result.stdout
    assert "is quantum" not in result.output and "PROVED" not in result.output
    assert {p.name for p in Path().iterdir()} == {"pr.json", "quantum.json", "chsh.json"}


def approximate(change):
    elements = {k: [[m[0, 0]]] for k, m in ((k, PR_BOX[k]) for k in PR_BOX.elements)}
    table = {format_label(k): [[float(m[0][0]) + change(k)]] for k, m in elements.items()}
    Path("pr.json").write_text(json.dumps({"scenario": PR_BOX.scenario.json(), "elements": table}))


def test_repair_takes_floats_and_says_how_far_it_went():
    approximate(lambda k: 1e-9 * (1 + k[0][0] + 2 * k[1][1]))
    refused(run("certify", "pr.json"))
    result = run("certify", "pr.json", "--repair")
    assert result.exit_code == 0
    assert re.search(r"largest change .* [1-9]\.[0-9]+e-09", result.stdout)
    assert re.search(r"distance [1-9]\.[0-9]+e-0[89]", result.stdout)
    load_checker().check_bytes(Path("pr.proof.json").read_bytes())


def test_data_far_from_an_assemblage_are_not_repaired():
    approximate(lambda k: 0.2 * k[0][0])
    refused(run("certify", "pr.json", "--repair"))


@pytest.mark.parametrize("command, name", [("certify", "pr"), ("bound", "chsh")])
@pytest.mark.parametrize("same", ["{}.json", "./{}.json", "../{}/{}.json", "link.json"])
def test_the_input_is_never_overwritten(command, name, same, folder):
    if same == "link.json":
        Path("link.json").symlink_to(f"{name}.json")
    elif same.startswith(".."):
        same = f"../{folder.name}/{{}}.json"
    before = Path(f"{name}.json").read_bytes()
    result = run(command, f"{name}.json", "--out", same.format(name))
    assert result.exit_code == 2
    assert "input" in result.stderr
    assert Path(f"{name}.json").read_bytes() == before


@pytest.mark.parametrize("target", ["missing/proof.json", "pr.json/proof.json", "x" * 300])
def test_a_place_that_cannot_be_written_is_refused(target):
    refused(run("certify", "pr.json", "--out", target))


@pytest.mark.parametrize("bound", ["-3", "-2.83", "-17/6", "-1e1", "-1e100"])
def test_bound_proves_what_holds(bound):
    proof = proved(run("bound", "chsh.json", "--at-least", bound), "chsh.proof.json")
    assert proof.statements[0].bound == Fraction(bound)


def bracket(result):
    """The printed interval that holds the level's minimum, both ends proved."""
    return [Fraction(end) for end in re.search(r"in \[(\S+), (\S+)\], both ends proved", result.stdout).groups()]


def test_bound_finds_six_digits_by_itself():
    result = run("bound", "chsh.json")
    (statement,) = proved(result, "chsh.proof.json").statements
    low, high = bracket(result)
    assert statement.bound == low < high < low + Fraction(2, 10**6)
    assert low**2 >= 8 >= high**2


@pytest.mark.parametrize("bound", ["0", "-2.8284271", "2", "1e400"])
def test_a_bound_too_high_is_undecided_with_a_bracket(bound):
    result = run("bound", "chsh.json", "--at-least", bound)
    assert result.exit_code == 3
    low, high = bracket(result)
    assert low < high < low + Fraction(1, 10**4) < 0
    assert low**2 >= 8 >= high**2
    assert {p.name for p in Path().iterdir()} == {"pr.json", "quantum.json", "chsh.json"}


@pytest.mark.parametrize("value", [Fraction(1, 3), Fraction(-1, 3), Fraction(2, 3), Fraction(-2, 3)])
@pytest.mark.parametrize("options", [[], ["--at-least", "5"]])
def test_the_printed_bracket_holds_the_minimum(value, options):
    """A constant functional has one value everywhere, a quarter of it at each of the four settings."""
    elements = {format_label(label): [[str(value / 4)]] for label in PR_BOX.scenario.labels()}
    Path("constant.json").write_text(json.dumps({"scenario": PR_BOX.scenario.json(), "elements": elements}))
    low, high = bracket(run("bound", "constant.json", *options))
    assert low <= value <= high


@pytest.mark.parametrize("bound", ["", "x", "nan", "inf", "1/0", "sqrt(2)", "1_0/3_"])
def test_a_bound_that_is_no_rational_number_is_refused(bound):
    refused(run("bound", "chsh.json", "--at-least", bound))


@pytest.mark.parametrize("form", ["text", "latex"])
def test_show_prints_value_bound_and_decimals(form):
    proof = proved(run("prove", "saphs18-table-1", "--out", "table.json"), "table.json")
    result = run("show", "table.json", "--format", form)
    assert result.exit_code == 0
    violated = next(s for s in proof.statements if s.rule == "violation")
    value, bound = proof.value(violated), violated.bound
    exact = rf"\frac{{{bound.numerator}}}{{{bound.denominator}}}" if form == "latex" else str(bound)
    assert exact in result.stdout and value.decimal(8) in result.stdout and f"{float(bound):.8f}" in result.stdout
    assert "30837" in result.stdout and "sqrt" in result.stdout


def test_check_accepts_rejects_and_does_not_read():
    run("prove", "sbcsv15-pr-box", "--out", "good.json")
    text = Path("good.json").read_text()
    Path("bad.json").write_text(re.sub(r'"from":\[0,(\d),(\d)\]', r'"from":[0,\2,\1]', text))
    Path("other.json").write_text("{}")
    assert run("check", "good.json").exit_code == 0
    assert run("check", "bad.json").exit_code == 1
    assert run("check", "other.json").exit_code == run("check", "missing.json").exit_code == 2
    assert run("check", "good.json", "bad.json", "good.json").exit_code == 1
    assert run("check", "good.json", "--claim", "good.json").exit_code == 0
    run("certify", "pr.json")
    assert run("check", "good.json", "--claim", "pr.proof.json").exit_code == 1
    for name, code in (("bad.json", 1), ("other.json", 2), ("missing.json", 2), (".", 2)):
        result = run("show", name)
        assert result.exit_code == code
        assert result.stdout == "" and len(result.stderr.splitlines()) == 1


def test_files_need_an_argument_and_commands_are_known():
    for arguments in (
        ["check"],
        ["certify"],
        ["bound"],
        ["show"],
        ["prove"],
        ["solve"],
        ["show", "pr.json", "--format", "x"],
    ):
        result = run(*arguments)
        assert result.exit_code == 2 and result.stdout == ""


def shell(*arguments, **environment):
    variables = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    return subprocess.run(list(map(os.fsencode, arguments)), capture_output=True, env=variables, timeout=20)


def test_as_a_program_it_proves_and_the_checker_alone_agrees():
    done = shell(sys.executable, "-m", "steeralg.cli", "certify", "pr.json")
    assert done.returncode == 0 and done.stdout.startswith(b"PROVED ") and done.stderr == b""
    assert shell(sys.executable, "-I", checker_path(), "pr.proof.json").returncode == 0


def test_as_a_program_it_refuses_in_one_line():
    Path("pr.json").write_text("{")
    done = shell(sys.executable, "-m", "steeralg.cli", "certify", "pr.json")
    assert done.returncode == 2 and done.stdout == b"" and done.stderr.count(b"\n") == 1


@pytest.mark.parametrize("name", ["p\u00fcr.json", "\udcff.json", "a b\nc.json", "no suffix", "-odd.json"])
def test_any_file_name_will_do(name):
    """A file name need not be valid text, and it becomes part of the proof's name."""
    os.rename("pr.json", os.fsencode(name))
    done = shell(sys.executable, "-m", "steeralg.cli", "certify", "--out", "out.json", "--", name)
    assert done.returncode == 0, done.stderr
    load_checker().check_bytes(Path("out.json").read_bytes())


ABSURD = ["1e99999999", "-1e99999999", "1e5000", "-1e5000", "-1e400", "9" * 5000]


@pytest.mark.slow
@pytest.mark.parametrize("bound", ABSURD, ids=lambda text: text[:12])
def test_a_bound_of_absurd_size_is_answered_at_once(bound):
    """In a process of its own: what is not refused would run for hours."""
    done = shell(sys.executable, "-m", "steeralg.cli", "bound", "chsh.json", "--at-least", bound)
    assert done.returncode in (0, 2, 3)
    assert b"Traceback" not in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("factor", ["1e200*1e200", "1e10", "1e-10", "1e-200*1e-200"])
def test_a_functional_of_any_scale_is_bounded_undecided_or_refused_in_one_line(factor):
    value = json.loads(Path("chsh.json").read_text())
    scaled = {key: [[f"{rows[0][0]}*{factor}"]] for key, rows in value["elements"].items()}
    Path("chsh.json").write_text(json.dumps(value | {"elements": scaled}))
    result = run("bound", "chsh.json")
    assert result.exit_code in (0, 2, 3), result.exception
    assert result.exit_code != 2 or "rescale" in result.stderr


# ---- several trusted parties, instrumental data, robustness, bounds from both sides ----------------------------------
def bobs(visibility, visible=(1, 1)):
    """Both Bobs are correlated with Alice in Z and X, with a visibility of their own; quantum up to 1/sqrt2 each."""
    elements = {}
    for a in (0, 1):
        for x, rows in ((0, [[1, 0], [0, -1]]), (1, [[0, 1], [1, 0]])):
            elements[f"{a}|{x}"] = {
                f"B{k + 1}": [
                    [str((int(i == j) + (-1) ** a * Fraction(visibility) * on * rows[i][j]) / 4) for j in (0, 1)]
                    for i in (0, 1)
                ]
                for k, on in enumerate(visible)
            }
    scenario = Scenario.of([(2, 2)], [2, 2])
    return {"scenario": scenario.json(), "elements": elements}


def instrumental(weight):
    """sigma[0|0] = |0><0| and sigma[0|1] = |1><1| with white noise: Pearl's inequality allows weights from 2/3 on."""
    low = Fraction(weight) / 4
    high = 1 - 3 * low
    elements = {
        f"{a}|{x}": [[str(high if a == 0 == x else low), "0"], ["0", str(high if (a, x) == (0, 1) else low)]]
        for a in (0, 1)
        for x in (0, 1)
    }
    return {"scenario": Scenario.of([(2, 2)], 2, 2, True).json(), "elements": elements}


def written(name, value):
    Path(f"{name}.json").write_text(json.dumps(value))
    return f"{name}.json"


def delivered(result, path, code=0):
    """An exit code, the theorem on standard output, and a file that both judges accept."""
    assert result.exit_code == code, result.output
    assert any(line.startswith("PROVED ") for line in result.stdout.splitlines())
    proof = read_proof(Path(path).read_bytes())
    proof.verify()
    return proof


def turned_down(*arguments, code=2):
    """The exit code, one line on standard error, nothing on standard output, no new file; the line."""
    before = {p.name for p in Path().iterdir()}
    result = run(*arguments)
    assert result.exit_code == code, result.output
    assert len(result.stderr.splitlines()) == 1 and result.stdout == ""
    assert {p.name for p in Path().iterdir()} == before
    return result.stderr


def rules(proof):
    return [statement.rule for statement in proof.statements]


@pytest.mark.parametrize("visibility", ["1", "3/4", "0.7072"])
def test_several_trusted_parties_are_proved_postquantum(visibility):
    proof = delivered(run("certify", written("bobs", bobs(visibility))), "bobs.proof.json")
    assert rules(proof) == ["assemblage", "postquantum"]


@pytest.mark.parametrize(("visibility", "visible"), [("0.7070", (1, 1)), ("1/2", (1, 1)), ("0", (1, 1)), ("1", (1, 0))])
def test_several_trusted_parties_are_proved_quantum_with_exit_code_1(visibility, visible):
    """For one black box the answer is exact both ways: the postquantum claim is refuted by a parent."""
    proof = delivered(run("certify", written("bobs", bobs(visibility, visible))), "bobs.proof.json", code=1)
    assert rules(proof) == ["assemblage", "quantum"] and list(proof.auxiliary) == ["sigma_parent"]
    assert run("check", "bobs.proof.json").exit_code == 0
    assert "has a quantum realisation" in run("show", "bobs.proof.json").stdout


@pytest.mark.parametrize("weight", ["0", "1/2", "0.6666"])
def test_instrumental_data_that_are_not_general_are_refuted(weight):
    result = run("certify", written("data", instrumental(weight)))
    proof = delivered(result, "data.proof.json", code=1)
    assert rules(proof) == ["signalling"] and "not general" in result.stdout
    assert run("check", "data.proof.json").exit_code == 0


@pytest.mark.parametrize("weight", ["0.6667", "1"])
def test_general_instrumental_data_are_not_refuted_and_not_called_quantum(weight):
    """The same data inside Pearl's inequality: a state prepared by the outcome shows them, but nothing is proved."""
    result = run("certify", written("data", instrumental(weight)))
    assert result.exit_code == 3 and "not refuted at level" in result.stdout
    assert "PROVED" not in result.output and not Path("data.proof.json").exists()


def ends(result):
    """The printed interval of a robustness bracket."""
    return [Fraction(end) for end in re.search(r"r in \[(\S+), (\S+)\]:", result.stdout).groups()]


@pytest.mark.parametrize("options", [[], ["--digits", "2"], ["--level", "1+AB"]], ids=str)
def test_robustness_of_the_pr_box(options):
    """1 - 1/sqrt2, the upper end being a statement about the level only."""
    result = run("robustness", "pr.json", *options)
    proof = delivered(result, "pr.robustness.json")
    low, high = ends(result)
    assert (1 - low) ** 2 > Fraction(1, 2) > (1 - high) ** 2 and high - low < Fraction(
        1, 10 ** (2 if options[:1] else 4)
    )
    assert rules(proof) == ["mixture", "assemblage", "postquantum"] and "not refuted at level" in result.stdout
    assert proof.statements[0].weight == low


def test_robustness_of_several_trusted_parties_has_two_proved_ends():
    written("bobs", bobs("1"))
    result = run("robustness", "bobs.json", "--noise", "white", "--out", "both.json")
    proof = delivered(result, "both.json")
    low, high = ends(result)
    assert (1 - low) ** 2 > Fraction(1, 2) > (1 - high) ** 2
    assert rules(proof) == ["mixture", "assemblage", "postquantum", "mixture", "quantum"]
    assert [s.weight for s in proof.statements if s.rule == "mixture"] == [low, high]
    assert "and quantum at 0.29" in result.stdout


def test_noise_may_be_a_file_or_w():
    """White noise as a file is white noise."""
    written("noise", bobs("0"))
    written("bobs", bobs("1"))
    white, file = (run("robustness", "bobs.json", "--noise", noise) for noise in ("white", "noise.json"))
    assert ends(white) == ends(file)
    low, high = ends(run("robustness", "bobs.json", "--noise", "w"))
    assert 0 < low < high < low + Fraction(1, 10**4) < 1


def test_quantum_data_need_no_noise():
    """One black box: a parent proves it. Two: the level cannot, and only says that it does not refute them."""
    written("bobs", bobs("1/2"))
    result = run("robustness", "bobs.json")
    assert rules(delivered(result, "bobs.robustness.json")) == ["mixture", "quantum"]
    assert "quantum at 0.0000000000 proved" in result.stdout
    result = run("robustness", "quantum.json")
    assert result.exit_code == 3 and "PROVED" not in result.output
    assert not Path("quantum.robustness.json").exists()


def test_bound_exact_proves_both_ends_equal():
    result = run("bound", "chsh.json", "--exact")
    proof = delivered(result, "chsh.proof.json")
    assert "the quantum minimum is -2*sqrt(2) = -2.8284271247, proved from both sides" in result.stdout
    assert rules(proof) == ["bound", "quantum", "violation"]


def test_bound_with_a_strategy_proves_both_ends():
    result = run("bound", "chsh.json", "--strategy")
    proof = delivered(result, "chsh.proof.json")
    low, high = bracket(result)
    assert low**2 >= 8 >= high**2 and 0 < high - low < Fraction(1, 10**5)
    assert rules(proof) == ["bound", "quantum", "violation"] and proof.statements[0].bound == low


def test_bound_of_all_no_signalling_assemblages():
    result = run("bound", "chsh.json", "--no-signalling", "--out", "outer.json")
    proof = delivered(result, "outer.json")
    low, high = bracket(result)
    assert low <= -4 <= high and high - low < Fraction(1, 10**5)
    assert rules(proof) == ["no-signalling-bound"] and not Path("chsh.proof.json").exists()
    assert proof.statements[0].bound >= low


@pytest.mark.parametrize("option", ["--strategy", "--exact", "--no-signalling"])
def test_one_bound_does_not_go_with_other_questions(option):
    assert "--at-least" in turned_down("bound", "chsh.json", "--at-least", "-3", option)


def test_a_bound_within_a_time_limit(monkeypatch):
    """The decimal bound is proved as always; with no time left at all the answer is undecided."""
    result = run("bound", "chsh.json", "--seconds", "60", "--out", "limited.json")
    assert proved(result, "limited.json").statements[0].bound == Fraction(-2828428, 10**6)
    monkeypatch.setattr("steeralg.sdp.solve.time_is_over", lambda: True)
    result = run("bound", "chsh.json", "--at-least", "-3", "--seconds", "1")
    assert result.exit_code == 3 and "the time was up" in result.output
    assert run("bound", "chsh.json", "--seconds", "0").exit_code == 2


@pytest.mark.parametrize("text", ["", "  ", "(A C)", "A: (0 2)", "A: 01"])
def test_what_is_no_symmetry_is_refused(text):
    message = turned_down("bound", "chsh.json", "--symmetry", text)
    assert "symmetry" in message and "such as" in message


@pytest.mark.parametrize(
    ("options", "error"),
    [
        (["--noise", "ghz"], "ScenarioError"),
        (["--noise", "w"], "ScenarioError"),
        (["--noise", "quantum.json"], "ScenarioError"),
        (["--noise", "missing.json"], "InputError"),
        (["--noise", "pink"], "neither white, ghz or w nor a file"),
        (["--noise", "pr.json"], "the noise is postquantum itself"),
        (["--noise", "chsh.json"], "Error"),
        (["--digits", "0"], "InputError"),
        (["--digits", "10"], "InputError"),
        (["--level", "x"], "LevelError"),
        (["--level", "0"], "LevelError"),
        (["--out", "pr.json"], "InputError"),
    ],
    ids=str,
)
def test_robustness_refuses_in_one_line(options, error):
    assert error in turned_down("robustness", "pr.json", *options)


@pytest.mark.parametrize(
    "arguments",
    [("robustness", "pr.json"), ("bound", "chsh.json", "--strategy"), ("bound", "chsh.json", "--no-signalling")],
    ids=str,
)
def test_a_place_that_cannot_be_written_is_refused_after_the_bracket(arguments):
    before = {p.name for p in Path().iterdir()}
    result = run(*arguments, "--out", "missing/proof.json")
    *reported, last = result.stderr.splitlines()
    assert result.exit_code == 2 and "FormatError" in last and all(line.startswith("... ") for line in reported)
    assert "PROVED" not in result.stdout and {p.name for p in Path().iterdir()} == before


@pytest.mark.parametrize("option", ["--strategy", "--exact", "--no-signalling"])
def test_functionals_that_cannot_be_read_are_refused_whatever_is_asked(option):
    Path("odd.json").write_text(Path("chsh.json").read_text().replace('"0,0|0,0"', '"0,0|0,7"'))
    assert "FormatError" in turned_down("bound", "odd.json", option)
    assert "FormatError" in turned_down("bound", "missing.json", option)


@pytest.mark.parametrize("option", ["--strategy", "--exact"])
def test_a_level_that_does_not_reach_is_refused_for_both_ends(option):
    assert "LevelError" in turned_down("bound", "chsh.json", option, "--level", "0")


@pytest.mark.parametrize("change", ["traces", "signalling", "missing", "negative"])
def test_what_several_trusted_parties_cannot_show_is_refused(change):
    value = bobs("1")
    if change == "missing":
        del value["elements"]["0|0"]["B2"]
    else:
        entry = {"traces": "1/4", "signalling": "1/8", "negative": "-1/2"}[change]
        value["elements"]["0|0"]["B2"] = [[entry, "0"], ["0", "1/2" if change == "signalling" else entry]]
    for command in ("certify", "robustness"):
        assert "Error" in turned_down(command, written("bobs", value))
