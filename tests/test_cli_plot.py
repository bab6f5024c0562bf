"""The commands `plot` and `curve`: what is drawn, the same bytes on every run, proved ends in print, one-line errors.

Exit code 0 says drawn, 2 unusable input, 3 nothing proved; a picture is there exactly if the exit code is 0. Data files
hold the printed ends exactly, proof files state them and are accepted by the checker on its own.
"""

import json
import re
from fractions import Fraction

import pytest
from click.testing import CliRunner

from steeralg.checker import load_checker
from steeralg.cli import main
from steeralg.constructions.sbcsv15 import table_1
from steeralg.exact.matrix import Matrix
from steeralg.objects.assemblage import white_noise
from steeralg.objects.files import assemblage_to_json
from steeralg.objects.scenario import Scenario
from tests.strategies import KINDS, pr_boxes

PR = pr_boxes(2, Matrix.identity(1))
ASSEMBLAGES = {
    "table": table_1(),
    "pr": PR,
    "noise": white_noise(PR.scenario),
    "input": white_noise(KINDS["input"]),
    "qutrit": white_noise(Scenario.of([(2,)], 3)),
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, sigma in ASSEMBLAGES.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(assemblage_to_json(sigma)))
    return tmp_path


def run(*arguments):
    return CliRunner().invoke(main, ["plot", *map(str, arguments)])


def said(result):
    """What was printed, without the reports of progress."""
    return [line for line in result.output.splitlines() if not line.startswith("...")]


@pytest.mark.parametrize(
    ("name", "options", "kind"),
    [
        ("table", (), "bloch"),
        ("table", ("--kind", "moments"), "moments"),
        ("qutrit", (), "moments"),
        ("input", ("--level", "1"), "moments"),
    ],
)
def test_what_is_drawn_by_default(name, options, kind, folder):
    result = run(f"{name}.json", "--out", "figure.png", *options)
    assert result.exit_code == 0 and result.output == f"{kind}: written to figure.png\n"
    assert (folder / "figure.png").read_bytes().startswith(b"\x89PNG")


def test_the_same_bytes_on_every_run(folder):
    for number in (1, 2):
        assert run("table.json", "--out", f"{number}.svg", "--plane", "zx").exit_code == 0
    assert (folder / "1.svg").read_bytes() == (folder / "2.svg").read_bytes()


def curve(*arguments):
    return CliRunner().invoke(main, ["curve", *map(str, arguments)])


def test_the_robustness_of_mixtures_is_printed_and_drawn(folder):
    """A PR box with weight w of noise needs (1 - w)(1 - r) = 1/sqrt2."""
    options = ("--of", "robustness", "--points", 3, "--to", "2/5", "--noise", "noise.json")
    result = curve("pr.json", "--out", "r.svg", "--data", "r.data.json", "--proofs", "proofs", *options)
    assert result.exit_code == 0 and (folder / "r.svg").exists()
    lines, where = said(result), "weight of the data in noise.json as noise"
    for weight, line in zip((Fraction(0), Fraction(1, 5)), lines[:2], strict=True):
        start, low, high = re.fullmatch(rf"{where} (\S+): robustness >= (\S+) and <= (\S+)", line).groups()
        assert Fraction(start) == weight
        low, high = (((1 - weight) * (1 - Fraction(end))) ** 2 for end in (low, high))
        assert high <= Fraction(1, 2) < low < high + Fraction(1, 100)
    assert lines[2:] == [
        f"{where} 2/5: robustness >= 0.000000 and <= 0.000000",
        f"{where} 2/5: no proof file, for a level's upper end alone states nothing",
        "2 proof files written to proofs, accepted by the independent checker",
        "robustness at level almost quantum: 3 points, 2 solved; written to r.svg",
    ]
    table = json.loads((folder / "r.data.json").read_text())
    assert (table["family"], table["quantity"]) == ("pr.json", "robustness at level almost quantum")
    assert [row["parameter"] for row in table["points"]] == ["0", "1/5", "2/5"]
    assert [row.get("proof") for row in table["points"]] == ["robustness-pr-0.json", "robustness-pr-1.json", None]
    assert sorted(path.name for path in (folder / "proofs").iterdir()) == [
        "robustness-pr-0.json",
        "robustness-pr-1.json",
    ]
    for row in table["points"][:2]:
        data = (folder / "proofs" / row["proof"]).read_bytes()
        load_checker().check_bytes(data)
        claim = json.loads(data)["claim"]
        weights = [s["weight"] for s in claim["statements"] if s["rule"] == "mixture"]
        assert weights == [row["lower"]] and claim["source"].endswith(f"{where} {row['parameter']}")


def test_white_noise_is_mixed_in_by_default(folder):
    outputs = [
        said(curve("pr.json", "--out", "r.svg", "--of", "robustness", "--points", 1, *noise))[0].split(": ")[1]
        for noise in ((), ("--noise", "white"), ("--noise", "noise.json"))
    ]
    assert outputs[0] == outputs[1] == outputs[2] and outputs[0].startswith("robustness >= 0.29")


def test_the_negativity_of_the_pr_box_by_name_and_from_a_file(folder):
    """(sqrt2 - 1)/2 = 0.2071..."""
    for source in ("pr.json", "pr-box"):
        result = curve(source, "--out", "n.png", "--of", "negativity", "--points", 1)
        low = re.match(r"weight of white noise 0: negativity >= (\S+)", said(result)[0]).group(1)
        assert result.exit_code == 0 and 0.2 < float(low) < 0.20711


def test_a_family_with_its_own_parameter(folder):
    result = curve(
        "werner-2", "--of", "negativity", "--out", "w.svg", "--data", "w.json", "--from", "1/2", "--points", 3
    )
    assert result.exit_code == 0 and "visibility 3/4: negativity >= 0.000000 and <= 0.000000" in said(result)
    table = json.loads((folder / "w.json").read_text())
    assert table["parameter"] == "visibility"
    assert [(row["lower"], row["upper"]) for row in table["points"]] == [("0", "0")] * 3


def test_the_same_curve_on_every_run(folder):
    for number in (1, 2):
        options = ("--of", "robustness", "--points", 3, "--digits", 2, "--data", f"{number}.json")
        assert curve("pr-box", "--out", f"{number}.svg", *options).exit_code == 0
    assert (folder / "1.svg").read_bytes() == (folder / "2.svg").read_bytes()
    assert (folder / "1.json").read_bytes() == (folder / "2.json").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("pear",), "'pear' is neither a file nor a family; families are breuer-hall, "),
        (("missing.json",), "neither a file nor a family"),
        (("pr.json", "--to", "2"), "weight 11/10 of a mixture is not between 0 and 1"),
        (("pr.json", "--to", "x"), "'x' is not a rational number"),
        (("pr.json", "--from", "1/2", "--to", "1/4"), "not from 1/2 to 1/4"),
        (("pr.json", "--noise", "pink"), "neither white, ghz or w nor a file"),
        (("pr.json", "--noise", "table.json"), "only assemblages of one scenario can be mixed"),
        (("pr.json", "--noise", "pr.json"), "the noise is postquantum itself"),
        (("shifts", "--noise", "noise.json"), "the noise is for 2 black boxes"),
        (("pr.json", "--digits", "12"), "digits = 12: between 1 and 9"),
        (("pr.json", "--level", "1+AC"), "LevelError"),
        (("pr.json", "--data", "nowhere/r.json"), "there is no folder nowhere"),
        (("pr.json", "--data", "pr.json"), "is an input itself"),
        (("pr.json", "--data", "figure.svg"), "would be written twice"),
        (("pr.json", "--points", "2", "--to", "1/9", "--proofs", "pr.json/x"), "cannot be made"),
    ],
)
def test_what_makes_no_curve_is_one_line(arguments, reason, folder):
    result = curve(*arguments, "--of", "robustness", "--out", "figure.svg")
    assert result.exit_code == 2 and [reason in line for line in said(result) if ">=" not in line] == [True]
    assert not (folder / "figure.svg").exists()


def test_the_negativity_needs_one_trusted_party(folder):
    result = curve("s26-example-9", "--of", "negativity", "--out", "figure.svg")
    assert result.exit_code == 2 and "ScenarioError: the negativity is defined for one trusted party" in result.output


@pytest.mark.parametrize("out", ["figure.jpg", "figure", "figure.json"])
def test_other_endings(out, folder):
    before = set(folder.iterdir())
    result = run("table.json", "--out", out)
    assert result.exit_code == 2 and result.output.count("\n") == 1
    assert result.output.endswith(f"{out}: pictures are written as .png, .svg or .pdf; choose one of these endings\n")
    assert set(folder.iterdir()) == before


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("missing.json",), "missing.json: cannot be read"),
        (("qutrit.json", "--kind", "bloch"), "one trusted qubit without input"),
        (("table.json", "--plane", "xx"), "two of the axes x, y, z"),
        (("pr.json", "--plane", "xz"), "--plane has no meaning for a picture of kind moments; it is for bloch"),
        (("table.json", "--level", "2"), "--level has no meaning for a picture of kind bloch"),
        (("pr.json", "--level", "1+AC"), "LevelError"),
    ],
)
def test_unusable_input_is_one_line(arguments, reason, folder):
    result = run(*arguments, "--out", "figure.svg")
    assert result.exit_code == 2 and [reason in line for line in said(result)] == [True]
    assert not (folder / "figure.svg").exists()


def test_an_input_is_never_written_over(folder):
    data = (folder / "table.json").read_bytes()
    (folder / "table.svg").write_bytes(data)
    assert "is an input itself" in run("table.svg", "--out", "table.svg").output
    for noise in (("table.svg",), ("table.json", "--noise", "table.svg")):
        assert "is an input itself" in curve(*noise, "--of", "robustness", "--out", "table.svg").output
    assert (folder / "table.svg").read_bytes() == data
