"""The command `decide`: verdicts on maps and operators, both ways, with a proof file that the checker accepts.

Exit code 0 says block-positive, 1 not, 2 unusable input, 3 undecided; what is printed agrees with the verdicts of the
library; the bracket of --minimum holds the published values; bad input is one line that names the place.
"""

import json

import pytest
import sympy
from click.testing import CliRunner

from steeralg.checker import load_checker
from steeralg.cli import main
from steeralg.constructions.product_bases import shifts


def run(*arguments):
    return CliRunner().invoke(main, ["decide", *map(str, arguments)])


@pytest.mark.parametrize(
    ("name", "code", "decomposable"),
    [
        ("choi", 0, "no"),
        ("breuer-hall", 0, "no"),
        ("transpose:2", 0, "yes"),
        ("generalised-choi:1,1/2,1/2", 0, "yes"),
        ("generalised-choi:1,1/2,499/1000", 1, "no"),
    ],
)
def test_maps_of_the_library(name, code, decomposable, tmp_path):
    target = tmp_path / "map.proof.json"
    result = run(name, "--out", target)
    assert result.exit_code == code
    assert f"\ndecomposable: {decomposable}\n" in f"\n{result.output}"
    assert f"block-positive (the map is positive): {'yes' if code == 0 else 'no'}" in result.output
    assert len(load_checker().check_bytes(target.read_bytes()).proved) == 3  # it preserves the trace, too


@pytest.mark.parametrize(("shift", "decomposable"), [(0, "yes"), (sympy.Rational(1, 13), "no")])
def test_the_file_of_an_operator_of_three_factors(shift, decomposable, tmp_path):
    """The projector on SHIFTS, and minus 1/13: below its least value on product vectors, 1 - 3 sqrt6/8 = 0.08144."""
    table = shifts().projector.sympy() - shift * sympy.eye(8)
    path = tmp_path / "shifts.json"
    path.write_text(json.dumps({"dims": [2, 2, 2], "matrix": [[str(x) for x in row] for row in table.tolist()]}))
    result = run(path, *["--minimum"] * (shift == 0))
    assert result.exit_code == 0 and "block-positive: yes" in result.output
    assert f"\ndecomposable: {decomposable}\n" in result.output
    if shift == 0:
        assert "in [0.081441346456, 0.081441346457]; the lower end is exactly 1 - 3*sqrt(6)/8" in result.output
    assert load_checker().check_bytes((tmp_path / "shifts.proof.json").read_bytes()).proved


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ({"dims": [2], "matrix": [[1, 0], [0]]}, "2 rows of 2 entries"),
        ({"dims": [0], "matrix": []}, "positive integers"),
        ({"dims": [2], "matrix": [[1, 0.5], [0, 1]]}, "entry (0, 1) is the JSON number 0.5, which is not exact"),
        ({"dims": [2], "matrix": [[1, "1"], ["2", 1]]}, "not Hermitian"),
        ({"dims": [2], "matrix": [[1, "x"], ["2", 1]]}, "entry (0, 1)"),
        ({"matrix": []}, "dims"),
        ([], "dims"),
    ],
)
def test_bad_files_are_named(value, reason, tmp_path):
    path = tmp_path / "operator.json"
    path.write_text(json.dumps(value))
    result = run(path)
    assert result.exit_code == 2 and reason in result.output and result.output.count("\n") == 1
    assert list(tmp_path.iterdir()) == [path]


def test_unknown_maps_are_named():
    result = run("chois")
    assert result.exit_code == 2 and "there is no map 'chois'" in result.output
