"""The command `plot`: which picture is drawn, the same bytes on every run, proved ends in print, one-line errors.

Exit code 0 says drawn, 2 unusable input, 3 nothing proved; a picture is there exactly if the exit code is 0.
"""

import json
import re
from fractions import Fraction

import pytest
from click.testing import CliRunner

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


def test_the_robustness_of_mixtures_is_printed_and_drawn(folder):
    """A PR box with weight w of noise needs (1 - w)(1 - r) = 1/sqrt2."""
    result = run(
        "pr.json", "--out", "r.svg", "--kind", "robustness", "--points", 3, "--up-to", "2/5", "--noise", "noise.json"
    )
    assert result.exit_code == 0 and (folder / "r.svg").exists()
    lines = said(result)
    assert lines[2:] == ["weight 2/5: robustness at level almost quantum <= 0.000000", "robustness: written to r.svg"]
    for weight, line in zip((Fraction(0), Fraction(1, 5)), lines[:2], strict=True):
        start, low, high = re.fullmatch(
            r"weight (\S+): robustness at level almost quantum >= (\S+) and <= (\S+)", line
        ).groups()
        assert Fraction(start) == weight
        low, high = (((1 - weight) * (1 - Fraction(end))) ** 2 for end in (low, high))
        assert high <= Fraction(1, 2) < low < high + Fraction(1, 100)


def test_white_noise_is_mixed_in_by_default(folder):
    outputs = [
        said(run("pr.json", "--out", "r.svg", "--kind", "robustness", "--points", 1, *noise))
        for noise in ((), ("--noise", "white"), ("--noise", "noise.json"))
    ]
    assert outputs[0] == outputs[1] == outputs[2] and outputs[0][0].startswith(
        "weight 0: robustness at level almost quantum >= 0.29"
    )


def test_the_negativity_of_the_pr_box(folder):
    """(sqrt2 - 1)/2 = 0.2071..."""
    result = run("pr.json", "--out", "n.png", "--kind", "negativity", "--points", 1)
    low = re.match(r"weight 0: negativity >= (\S+)", said(result)[0]).group(1)
    assert result.exit_code == 0 and 0.2 < float(low) < 0.20711


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
        (("pr.json", "--points", "3"), "--points has no meaning for a picture of kind moments"),
        (("pr.json", "--level", "1+AC"), "LevelError"),
        (("pr.json", "--kind", "robustness", "--up-to", "2"), "--up-to 2: a weight of noise is above 0 and at most 1"),
        (("pr.json", "--kind", "robustness", "--up-to", "x"), "'x' is not a rational number"),
        (("pr.json", "--kind", "robustness", "--noise", "pink"), "neither white, ghz or w nor a file"),
        (("pr.json", "--kind", "robustness", "--noise", "table.json"), "the noise is for 2 black boxes"),
        (("pr.json", "--kind", "robustness", "--noise", "pr.json"), "the noise is postquantum itself"),
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
    options = ("--kind", "robustness", "--noise", "table.svg")
    assert "is an input itself" in run("table.json", "--out", "table.svg", *options).output
    assert (folder / "table.svg").read_bytes() == data
