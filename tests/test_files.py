"""Files: the documented format is read exactly, and what is written reads back the same; all else is refused with a
typed error of one line, and by the command line with exit code 2, that line on standard error, and no file written.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import sympy
from click.testing import CliRunner
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from steeralg.cli import main
from steeralg.constructions import saphs18, sbcsv15
from steeralg.errors import (
    FormatError,
    HermitianError,
    InputError,
    NormalisationError,
    NumberError,
    PositivityError,
    ScenarioError,
    SignallingError,
)
from steeralg.exact.matrix import Matrix
from steeralg.objects.assemblage import white_noise
from steeralg.objects.files import assemblage_to_json, read_and_repair, read_assemblage, read_functional
from steeralg.objects.scenario import format_label
from steeralg.objects.state import State
from tests import strategies as own

ROOT = Path(__file__).resolve().parents[1]
BOX = sbcsv15.pr_box(State.maximally_mixed((2,)))
KEY, NEXT, OTHER = "0,0|0,0", "0,1|0,0", "1,1|0,0"


def document():
    """The PR box times the maximally mixed qubit, as JSON."""
    return assemblage_to_json(BOX)


def with_entry(value, key=KEY, i=0, j=1):
    changed = document()
    changed["elements"][key][i][j] = value
    return changed


def with_element(value, key=KEY):
    return {**document(), "elements": document()["elements"] | {key: value}}


def with_scenario(boxes=None, trusted=None):
    scenario = document()["scenario"]
    boxes = scenario["black_boxes"] if boxes is None else boxes
    return {**document(), "scenario": {"black_boxes": boxes, "trusted": trusted or scenario["trusted"]}}


def without(*path):
    changed = document()
    parent = changed
    for key in path[:-1]:
        parent = parent[key]
    del parent[path[-1]]
    return changed


def raw(old, new):
    """The document's text with one piece replaced."""
    text = json.dumps(document())
    assert old in text
    return text.replace(old, new, 1)


def scaled(factor):
    elements = {key: [[f"{factor}*({x})" for x in row] for row in rows] for key, rows in document()["elements"].items()}
    return {**document(), "elements": elements}


def tilted():
    """The box with a no-signalling shift that makes elements negative, traces untouched."""
    changed = document()
    for key, sign in ((KEY, "-"), (NEXT, "+"), ("1,0|0,0", "+"), (OTHER, "-")):
        changed["elements"][key][0][0] += f"{sign}1/3"
        changed["elements"][key][1][1] += f"{sign}1/3"
    return changed


ROW = json.dumps(document()["elements"][KEY])
LONG = "*".join(["1e999"] * 6)
REFUSED = {
    "a float": (raw('"1/4"', "0.25"), FormatError),
    "a float with an exponent": (raw('"1/4"', "25e-2"), FormatError),
    "a float in a pair": (with_entry([0, 0.5]), FormatError),
    "a boolean": (with_entry(True), FormatError),
    "null": (with_entry(None), FormatError),
    "an object": (with_entry({}), FormatError),
    "a triple": (with_entry([0, 0, 0]), FormatError),
    "an empty pair": (with_entry([]), FormatError),
    "a nested pair": (with_entry([[0, 0], 0]), FormatError),
    "NaN": (raw('"1/4"', "NaN"), FormatError),
    "Infinity": (raw('"1/4"', "-Infinity"), FormatError),
    "no number": (with_entry("one half"), FormatError),
    "no string": (with_entry(""), FormatError),
    "a line break in a number": (with_entry("one\nhalf\u2028\r"), FormatError),
    "division by zero": (with_entry("1/(sqrt(2)*sqrt(3)-sqrt(6))"), FormatError),
    "code": (with_entry("__import__('os')"), FormatError),
    "an integer of 401 digits": (raw('"1/4"', "1" + "0" * 400), FormatError),
    "an element missing": (without("elements", KEY), FormatError),
    "an element too many": (with_element([["0", "0"], ["0", "0"]], "2,0|0,0"), FormatError),
    "a setting too many": (with_element([["0", "0"], ["0", "0"]], "0,0|2,0"), FormatError),
    "no elements": ({**document(), "elements": {}}, FormatError),
    "elements in a list": ({**document(), "elements": []}, FormatError),
    "a row missing": (without("elements", KEY, 1), FormatError),
    "an entry missing": (without("elements", KEY, 1, 1), FormatError),
    "a row too many": (with_element([["0", "0"]] * 3), FormatError),
    "a flat matrix": (with_element(["0", "0"]), FormatError),
    "a matrix in a string": (with_element("0"), FormatError),
    "a key without settings": (with_element([["0", "0"]] * 2, "0,0"), FormatError),
    "a key with spaces": (with_element([["0", "0"]] * 2, "0, 0|0,0"), FormatError),
    "a key of one box": (with_element([["0", "0"]] * 2, "0|0"), FormatError),
    "a key with leading zeros": (with_element([["0", "0"]] * 2, "00,0|0,0"), FormatError),
    "a negative key": (with_element([["0", "0"]] * 2, "-1,0|0,0"), FormatError),
    "a long key": (with_element([["0", "0"]] * 2, "0," * 10**5 + "0|0"), FormatError),
    "a duplicate key": (raw(f'"{NEXT}"', f'"{KEY}"'), FormatError),
    "a duplicate section": (raw('"scenario"', '"elements": {}, "scenario"'), FormatError),
    "an unknown key": ({**document(), "level": 1}, FormatError),
    "an unknown key in the scenario": (raw('"black_boxes"', '"inputs": [], "black_boxes"'), FormatError),
    "an unknown key of a box": (with_scenario([{"outcomes": [2, 2], "name": "A"}] * 2), FormatError),
    "no scenario": (without("scenario"), FormatError),
    "no section of elements": (without("elements"), FormatError),
    "no trusted party": (without("scenario", "trusted"), FormatError),
    "elements of one party for two": (with_scenario(trusted=[{"dim": 2}] * 2), FormatError),
    "no black box": (with_scenario([]), ScenarioError),
    "a box without settings": (with_scenario([{"outcomes": []}] * 2), ScenarioError),
    "outcomes as a number": (with_scenario([{"outcomes": 2}] * 2), FormatError),
    "outcomes as a string": (with_scenario([{"outcomes": ["2", 2]}] * 2), ScenarioError),
    "outcomes as a long string": (with_scenario([{"outcomes": ["2" * 10**5, 2]}] * 2), ScenarioError),
    "outcomes as floats": (with_scenario([{"outcomes": [2.0, 2]}] * 2), ScenarioError),
    "outcomes as booleans": (with_scenario([{"outcomes": [True, 2]}] * 2), ScenarioError),
    "a dimension as a boolean": (with_scenario(trusted=[{"dim": True}]), ScenarioError),
    "too many elements": (with_scenario([{"outcomes": [64] * 64}] * 2), ScenarioError),
    "a large dimension": (with_scenario(trusted=[{"dim": 10**9}]), ScenarioError),
    "another dimension": (with_scenario(trusted=[{"dim": 3}]), FormatError),
    "a list": ([document()], FormatError),
    "a string": ('"scenario"', FormatError),
    "nothing": ("", FormatError),
    "no JSON": ("{'scenario': 1}", FormatError),
    "half a file": (json.dumps(document())[:-200], FormatError),
    "trailing data": (json.dumps(document()) + "{}", FormatError),
    "a byte order mark": ("\ufeff" + json.dumps(document()), FormatError),
    "no UTF-8": (json.dumps(document()).encode() + b"\xff", FormatError),
    "UTF-16": (json.dumps(document()).encode("utf-16"), FormatError),
    "a nested list": (with_element(json.loads("[" * 15 + "]" * 15)), FormatError),
    "a deeply nested list": (raw(ROW, "[" * 10**5 + "]" * 10**5), FormatError),
    "a deeply nested object": ('{"a":' * 10**5 + "1" + "}" * 10**5, FormatError),
    "five irrationalities": (with_entry("sqrt(2)+sqrt(3)+sqrt(5)+sqrt(7)+sqrt(11)"), NumberError),
    "a moved entry": (with_entry("1/10"), HermitianError),
    "an imaginary diagonal": (with_entry("1/4 + I/100", j=0), HermitianError),
    "an imaginary diagonal pair": (with_entry(["1/4", "1/100"], j=0), HermitianError),
    "signalling": (with_entry("1/3", j=0), SignallingError),
    "signalling by a hair": (with_entry("1/4+1e-300", j=0), SignallingError),
    "signalling by numbers too long to print": (with_entry(LONG, j=0), SignallingError),
    "a negative element": (tilted(), PositivityError),
    "half the trace": (scaled("1/2"), NormalisationError),
    "a trace off by sqrt(2)": (scaled("sqrt(2)"), NormalisationError),
    "a trace too long to print": (scaled(LONG), NormalisationError),
}


def write(path, content):
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_wrong_is_one_line_of_the_right_type(name, tmp_path):
    content, error = REFUSED[name]
    write(tmp_path / "input.json", content)
    with pytest.raises(InputError) as caught:
        read_assemblage(tmp_path / "input.json")
    assert type(caught.value) is error
    assert len(str(caught.value).splitlines()) == 1 and len(str(caught.value)) < 1000


@pytest.mark.parametrize("name", REFUSED)
def test_the_command_line_says_so_with_exit_code_2_and_writes_nothing(name, tmp_path):
    source = tmp_path / "input.json"
    write(source, REFUSED[name][0])
    result = CliRunner().invoke(main, ["certify", str(source)])
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1 and REFUSED[name][1].__name__ in result.stderr
    assert result.stdout == ""
    assert list(tmp_path.iterdir()) == [source]


@pytest.mark.parametrize("name", ["missing.json", ".", "nowhere/input.json", "input.json/below"])
def test_what_cannot_be_opened_is_a_format_error(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("input.json").write_text("{}")
    with pytest.raises(FormatError):
        read_assemblage(name)
    for command in ("certify", "bound"):
        result = CliRunner().invoke(main, [command, name])
        assert result.exit_code == 2
        assert len(result.stderr.splitlines()) == 1


def test_a_huge_file_is_not_even_read(tmp_path):
    with open(tmp_path / "huge.json", "wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(FormatError, match="64 MiB"):
        read_assemblage(tmp_path / "huge.json")


def test_a_float_is_refused_with_the_way_out(tmp_path):
    write(tmp_path / "input.json", REFUSED["a float"][0])
    with pytest.raises(FormatError, match=r"0,0\|0,0, entry \(0, 0\) is the JSON number 0\.25.* string.*--repair"):
        read_assemblage(tmp_path / "input.json")


HUGE_FLOATS = ["1e99999999", "-1e99999999", "1e-99999999", "1" + "0" * 5000 + ".0", "1e6000", "1e-6000"]


@pytest.mark.slow
@pytest.mark.parametrize("text", HUGE_FLOATS, ids=lambda text: text[:12])
def test_repair_refuses_floats_of_absurd_size(text, tmp_path):
    """In a process of its own: what is not refused would run for hours."""
    (tmp_path / "input.json").write_text(raw('"1/4"', text))
    command = [sys.executable, "-m", "steeralg.cli", "certify", "--repair", str(tmp_path / "input.json")]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=20)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1


FUNCTIONALS = [
    "a float",
    "an element too many",
    "a moved entry",
    "a duplicate key",
    "no scenario",
    "a row missing",
    "NaN",
]


@pytest.mark.parametrize("name", FUNCTIONALS)
def test_functionals_are_read_just_as_strictly(name, tmp_path):
    content, error = REFUSED[name]
    source = tmp_path / "input.json"
    write(source, content)
    with pytest.raises(error):
        read_functional(source)
    result = CliRunner().invoke(main, ["bound", str(source)])
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1 and result.stdout == ""
    assert list(tmp_path.iterdir()) == [source]


@given((own.scenarios | st.just(own.three_boxes) | own.kinds).flatmap(own.quantum_assemblages))
@settings(deadline=None, max_examples=40)
def test_what_is_written_reads_back_the_same(tmp_path_factory, sigma):
    path = tmp_path_factory.mktemp("files") / "sigma.json"
    write(path, assemblage_to_json(sigma))
    assert read_assemblage(path) == sigma


def elements_to_json(scenario, elements):
    """The elements of a file, written down from the documentation: by party where there are several."""
    written = {}
    for label, m in elements.items():
        rows = [[str(x) for x in row] for row in m.sympy().tolist()]
        key = format_label(label[:2])
        if len(scenario.trusted) > 1:
            written.setdefault(key, {})[f"B{label[2] + 1}"] = rows
        else:
            written[f"{key};{label[2]}" if scenario.has_views else key] = rows
    return written


@given((own.scenarios | own.kinds).flatmap(own.functionals))
@settings(deadline=None, max_examples=40)
def test_a_functional_reads_back_the_same_with_its_zeros_left_out(tmp_path_factory, functional):
    path = tmp_path_factory.mktemp("files") / "functional.json"
    elements = elements_to_json(functional.scenario, functional.elements)
    assume(elements)
    write(path, {"scenario": functional.scenario.json(), "elements": elements})
    assert read_functional(path) == functional


@given(own.kinds.flatmap(own.quantum_assemblages))
@settings(deadline=None, max_examples=20)
def test_files_are_written_as_documented(sigma):
    assert assemblage_to_json(sigma)["elements"] == elements_to_json(sigma.scenario, sigma.elements)


def test_an_irrational_assemblage_reads_back_the_same(tmp_path):
    sigma = saphs18.breuer_hall()
    write(tmp_path / "sigma.json", assemblage_to_json(sigma))
    assert read_assemblage(tmp_path / "sigma.json") == sigma


def test_the_readmes_example_is_the_pr_box(tmp_path):
    example = re.search(r"```json\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL).group(1)
    write(tmp_path / "pr_box.json", example)
    assert read_assemblage(tmp_path / "pr_box.json") == sbcsv15.pr_box(State.maximally_mixed((1,)))


@given(st.integers(-9, 9), st.integers(-9, 9))
def test_an_entry_may_be_written_in_many_ways(tmp_path_factory, p, q):
    path = tmp_path_factory.mktemp("files") / "functional.json"
    matrix = Matrix.from_numbers(
        [[own.gaussian(0, 0), own.gaussian(p, q)], [own.gaussian(p, -q), own.gaussian(0, 0)]], own.RATIONALS
    )
    forms = [
        f"{p}+({q})*I",
        [p, q],
        [str(p), f"{4 * q}/4"],
        [f"{p}.00", f"  {q} "],
        f"({p}*I-({q}))/I",
        [f"{10 * p}e-1", q],
    ]
    elements = {f"0|{x}": [[0, form], [[p, -q], "0"]] for x, form in enumerate(forms)}
    write(
        path,
        {"scenario": {"black_boxes": [{"outcomes": [1] * len(forms)}], "trusted": [{"dim": 2}]}, "elements": elements},
    )
    found = read_functional(path)
    assert all(found.elements.get(label, matrix) == matrix for label in found.scenario.labels())
    assert len(found.elements) == (len(forms) if p or q else 0)


def test_name_source_and_the_order_of_keys_do_not_matter(tmp_path):
    elements = dict(reversed(document()["elements"].items()))
    write(tmp_path / "sigma.json", {"source": "", "elements": elements, "scenario": BOX.scenario.json(), "name": "PR"})
    assert read_assemblage(tmp_path / "sigma.json") == BOX


# ---- inputs, several trusted parties, instrumental data, Bell scenarios ------------------------------------------
HALVES, QUARTERS = [["1/2", "0"], ["0", "1/2"]], [["1/4", "0"], ["0", "1/4"]]
ONE_BOX = [{"outcomes": [2, 2]}]
PAIRS = [f"{a}|{x}" for a in (0, 1) for x in (0, 1)]


def noise(kind):
    trusted, flag, elements = {
        "input": ([{"dim": 2, "settings": 2}], False, {f"{k};{y}": QUARTERS for k in PAIRS for y in (0, 1)}),
        "several": ([{"dim": 2}, {"dim": 2}], False, {k: {"B1": QUARTERS, "B2": QUARTERS} for k in PAIRS}),
        "instrumental": ([{"dim": 2, "settings": 2}], True, dict.fromkeys(PAIRS, QUARTERS)),
        "bell": ([], False, dict.fromkeys(PAIRS, "1/2")),
    }[kind]
    scenario = {"black_boxes": ONE_BOX, "trusted": trusted} | ({"instrumental": True} if flag else {})
    return {"scenario": scenario, "elements": json.loads(json.dumps(elements))}


@pytest.mark.parametrize("kind", ["input", "several", "instrumental", "bell"])
def test_white_noise_of_every_kind_is_read(kind, tmp_path):
    write(tmp_path / "noise.json", noise(kind))
    found = read_assemblage(tmp_path / "noise.json")
    assert found == white_noise(found.scenario)
    assert found.scenario.instrumental == (kind == "instrumental")
    assert found.scenario.views == {"several": (2, 2), "bell": (1,)}.get(kind, (2, 2))


def test_probabilities_need_not_be_written_as_matrices(tmp_path):
    numbers, matrices = noise("bell"), noise("bell")
    matrices["elements"] = {k: [[v]] for k, v in matrices["elements"].items()}
    matrices["scenario"]["trusted"] = [{"dim": 1}]
    for name, content in (("numbers", numbers), ("matrices", matrices)):
        write(tmp_path / name, content)
    assert read_assemblage(tmp_path / "numbers") == read_assemblage(tmp_path / "matrices")
    several = {"scenario": {"black_boxes": [{"outcomes": [1]}], "trusted": [{"dim": 2}, {"dim": 1}]}}
    several["elements"] = {"0|0": {"B1": HALVES, "B2": 1}}
    write(tmp_path / "several", several)
    assert read_assemblage(tmp_path / "several")[(0,), (0,), 1][0] == 1


def changed(kind, *path, value=None):
    content = noise(kind)
    parent = content
    for key in path[:-1]:
        parent = parent[key]
    if value is None:
        del parent[path[-1]]
    else:
        parent[path[-1]] = value
    return content


TRACELESS, LOPSIDED = [["1/2", "0"], ["0", "0"]], [["1/4", "0"], ["0", "1/8"]]
REFUSED_VIEWS = {
    "input: a key without its setting": (changed("input", "elements", "0|0", value=QUARTERS), FormatError, r"'0\|0'"),
    "input: a setting too many": (changed("input", "elements", "0|0;2", value=QUARTERS), FormatError, r"'0\|0;2'"),
    "input: a party's name": (changed("input", "elements", "0|0;B1", value=QUARTERS), FormatError, r"'0\|0;B1'"),
    "input: a setting missing": (changed("input", "elements", "1|1;1"), FormatError, r"1\|1;1 is missing"),
    "input: signalling from a box": (
        changed("input", "elements", "0|1;1", value=TRACELESS),
        SignallingError,
        r"black box 0.*0\|1;1",
    ),
    "input: unequal traces": (
        changed(
            "input",
            "elements",
            value={
                f"{k};{y}": [["3/8", 0], [0, "3/8"]]
                if y and k[0] == "0"
                else [["1/8", 0], [0, "1/8"]]
                if y
                else QUARTERS
                for k in PAIRS
                for y in (0, 1)
            },
        ),
        SignallingError,
        r"trusted side.*0\|0;1.*0\|0;0",
    ),
    "several: one party's matrix": (
        changed("several", "elements", "0|0", value=QUARTERS),
        FormatError,
        r"0\|0 must be",
    ),
    "several: a party missing": (changed("several", "elements", "0|1", "B2"), FormatError, r"0\|1;B2 is missing"),
    "several: a party too many": (
        changed("several", "elements", "0|1", "B3", value=QUARTERS),
        FormatError,
        r"0\|1;B3.*B1, B2",
    ),
    "several: no party": (changed("several", "elements", "0|1", value={}), FormatError, r"0\|1 must be"),
    "several: a party named in the key": (
        changed("several", "elements", "0|1;B1", value={"B1": QUARTERS}),
        FormatError,
        r"0\|1;B1",
    ),
    "several: wrong order": (
        changed("several", "elements", "0|1", "B2", value=[["1/2"]]),
        FormatError,
        r"0\|1;B2 must be 2 rows",
    ),
    "several: unequal traces": (
        changed(
            "several",
            "elements",
            value={
                k: {"B1": QUARTERS, "B2": [["3/8", 0], [0, "3/8"]] if k[0] == "0" else [["1/8", 0], [0, "1/8"]]}
                for k in PAIRS
            },
        ),
        SignallingError,
        r"trusted side.*0\|0;B2.*0\|0;B1",
    ),
    "several: not Hermitian": (
        changed("several", "elements", "0|1", "B2", value=[["1/4", "1"], ["0", "1/4"]]),
        HermitianError,
        r"0\|1;B2",
    ),
    "instrumental: a setting in the key": (
        changed("instrumental", "elements", "0|0;0", value=QUARTERS),
        FormatError,
        r"'0\|0;0'",
    ),
    "instrumental: wrong probabilities": (
        changed("instrumental", "elements", "0|1", value=LOPSIDED),
        SignallingError,
        r"setting 1 sum to 7/8",
    ),
    "instrumental: without input": (
        changed("instrumental", "scenario", "trusted", value=[{"dim": 2}]),
        ScenarioError,
        "2 settings or more",
    ),
    "instrumental: two boxes": (
        changed("instrumental", "scenario", "black_boxes", value=ONE_BOX * 2),
        ScenarioError,
        "one black box",
    ),
    "instrumental: as a string": (
        changed("instrumental", "scenario", "instrumental", value="true"),
        ScenarioError,
        "true or false",
    ),
    "instrumental: as a number": (
        changed("instrumental", "scenario", "instrumental", value=1),
        ScenarioError,
        "true or false",
    ),
    "input: no number of settings": (
        changed("input", "scenario", "trusted", value=[{"dim": 2, "settings": "2"}]),
        ScenarioError,
        "'2' settings",
    ),
    "input: settings as a boolean": (
        changed("input", "scenario", "trusted", value=[{"dim": 2, "settings": True}]),
        ScenarioError,
        "True settings",
    ),
    "input: an unknown key": (
        changed("input", "scenario", "trusted", value=[{"dim": 2, "inputs": 2}]),
        FormatError,
        "'inputs'",
    ),
    "two parties with input": (
        changed("several", "scenario", "trusted", value=[{"dim": 2, "settings": 2}, {"dim": 2}]),
        ScenarioError,
        "only",
    ),
    "bell: a negative probability": (
        changed("bell", "elements", value={"0|0": "3/2", "1|0": "-1/2", "0|1": "1/2", "1|1": "1/2"}),
        PositivityError,
        r"1\|0",
    ),
    "bell: a boolean": (changed("bell", "elements", "0|0", value=True), FormatError, r"0\|0, entry"),
    "bell: a float": (changed("bell", "elements", "0|0", value=0.5), FormatError, r"0\|0, entry.*--repair"),
}


@pytest.mark.parametrize("name", REFUSED_VIEWS)
def test_what_is_wrong_with_views_is_one_line_that_names_it(name, tmp_path):
    content, error, message = REFUSED_VIEWS[name]
    write(tmp_path / "input.json", content)
    with pytest.raises(InputError, match=message) as caught:
        read_assemblage(tmp_path / "input.json")
    assert type(caught.value) is error
    assert len(str(caught.value).splitlines()) == 1 and len(str(caught.value)) < 1000


@given(own.kinds.flatmap(own.quantum_assemblages))
@settings(deadline=None, max_examples=15)
def test_floats_of_every_kind_are_repaired(tmp_path_factory, sigma):
    path = tmp_path_factory.mktemp("files") / "sigma.json"
    sigma = sigma.mix(white_noise(sigma.scenario), own.Fraction(1, 2))

    def decimals(value):
        if isinstance(value, dict):
            return {k: decimals(v) for k, v in value.items()}
        numbers = [[complex(sympy.sympify(x)) for x in row] for row in value]
        return [[[round(z.real, 9), round(z.imag, 9)] for z in row] for row in numbers]

    content = assemblage_to_json(sigma)
    write(path, {**content, "elements": {k: decimals(v) for k, v in content["elements"].items()}})
    repaired = read_and_repair(path)
    assert repaired.assemblage.scenario == sigma.scenario
    assert repaired.noise == 0 and repaired.largest_change < own.Fraction(1, 10**8)
