"""Searches of other scenarios: several trusted parties, Bob with input, instrumental data. The assemblage of a state is
what its construction says, element by element, and for the states of the papers their assemblages; product states are
never found. Candidates are the states of a seed, so that the recorded ones are met again. What is found is proved
postquantum with only quantum correlations, instrumental data with the parent they were made of; files of another search
are refused, and so is what cannot be searched.
"""

import json
from fractions import Fraction
from functools import cache
from itertools import islice
from pathlib import Path

import pytest
import sympy
from click.testing import CliRunner
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from steeralg import cli_search
from steeralg.certificates.proof import read_proof
from steeralg.checker import load_checker
from steeralg.cli import main
from steeralg.constructions import s26, shsa20
from steeralg.errors import InputError, LevelError, ScenarioError, ShapeError
from steeralg.maps.library import transpose
from steeralg.objects.assemblage import Assemblage, observe, white_noise
from steeralg.objects.state import State
from steeralg.search import Result, ScenarioSearch, Store, prove, run, search, states
from steeralg.search.campaign import THRESHOLD
from steeralg.search.measurements import measurement
from steeralg.search.measurements import settings as measured
from steeralg.search.scenario_search import KINDS

TWO_BOXES = ("X,Z", "X+Z,X-Z")
BELL = (1, 0, 0, 1)
BOXES = [("X,Y,Z",), ("X,Z", "Y,X"), ("C3,F3",)]
CASES = {
    "one box, two trusted parties": ("trusted-parties", ()),
    "two boxes, two trusted parties": ("trusted-parties", TWO_BOXES),
    "input": ("input", ()),
    "input, two boxes": ("input", ("X,Z", "X,Y")),
    "input, qutrits": ("input", ("C3,F3",)),
    "instrumental": ("instrumental", ()),
}


@cache
def campaign(kind, boxes=(), **options):
    return ScenarioSearch(kind, 2026, boxes, **options)


# ---- constructions ---------------------------------------------------------------------------------------------------
@given(
    st.lists(st.integers(-2, 2), min_size=16, max_size=16), st.sampled_from([("X,Y,Z",), ("X,Z", "Y,X"), ("C3,F3",)])
)
@settings(max_examples=15, deadline=None)
def test_bob_does_nothing_or_transposes(parts, boxes):
    measurements = [measured(name) for name in boxes]
    dims = (*(box[0].dim for box in measurements), measurements[0][0].dim)
    size = State.maximally_mixed(dims).matrix.rows
    amplitudes = [a + sympy.I * b for a, b in zip((parts * 2)[:size], parts[3:] + parts, strict=False)]
    assume(any(amplitudes))
    before = Assemblage.from_state(State.pure(amplitudes, dims), measurements)
    sigma = shsa20.transposition_example(amplitudes, measurements)
    assert len(sigma.elements) == 2 * len(before.elements)
    for (a, x), element in before.elements.items():
        assert (sigma.elements[a, x, 0] - element).is_zero and (sigma.elements[a, x, 1] - element.transpose).is_zero
    assert before.agrees_with(shsa20.transposition_model(amplitudes, measurements).assemblage(before.scenario))


@given(st.lists(st.integers(-3, 3), min_size=8, max_size=8))
@settings(max_examples=10, deadline=None)
def test_instrumental_examples_are_the_part_with_y_equal_to_a(parts):
    amplitudes = [a + sympy.I * b for a, b in zip(parts[:4], parts[4:], strict=True)]
    assume(any(amplitudes))
    box = [measured("X,Y,Z,-X")]
    sigma, parent = shsa20.instrumental_example(amplitudes), shsa20.transposition_example(amplitudes, box)
    assert sigma.agrees_with(observe(sigma.scenario, parent))


def test_the_examples_of_the_papers_are_those_of_certain_states():
    """On (|00> + |11>)/sqrt2 a measurement of Y steers to the transposed states, that of -Y to those of eq. (6)."""
    assert shsa20.transposition_example(BELL, [measured("X,-Y,Z")]).agrees_with(shsa20.transposed())
    assert shsa20.instrumental_example(BELL, [measured("X,-Y,Z,-X")]).agrees_with(shsa20.instrumental())
    default = shsa20.transposition_example(BELL)
    assert default.agrees_with(shsa20.transposed().apply(transpose(2)))


def test_amplitudes_have_to_fit_the_boxes():
    for amplitudes in ((), (1, 0, 0)):
        with pytest.raises(ShapeError, match="multiple of 2"):
            shsa20.transposition_example(amplitudes)


@pytest.mark.parametrize("name", "XYZ")
def test_a_sign_exchanges_the_outcomes(name):
    assert measurement(f"-{name}").effects == measurement(name).effects[::-1]


# ---- candidates ------------------------------------------------------------------------------------------------------
def test_recorded_states_are_met_again():
    assert campaign("trusted-parties").candidate(53) == s26.EXAMPLE_10
    assert campaign("trusted-parties", TWO_BOXES).candidate(148) == s26.EXAMPLE_11


@given(st.integers(0, 10**6), st.integers(1, 9), st.integers(1, 9))
def test_supports_are_between_two_numbers(seed, one, other):
    least, most = sorted((one, other))
    drawn = list(islice(states(9, seed, (least, most)), 8))
    assert all(least <= sum(z != 0 for z in amplitudes) <= most for amplitudes in drawn)
    if least == most:
        assert drawn == list(islice(states(9, seed, least), 8))


@pytest.mark.parametrize("case", CASES)
def test_candidates_are_scored_as_their_assemblages(case):
    kind, boxes = CASES[case]
    one = campaign(kind, boxes)
    candidate = one.candidate(0)
    sigma = one.assemblage(candidate)
    assert sigma.scenario == one.assemblage(one.candidate(1)).scenario
    assert 0 <= one.score(candidate) < 1
    assert " and ".join(boxes) in one.shown(candidate) and one.shown(candidate).startswith(("(", "|", "-|"))
    if kind != "trusted-parties":
        return
    measurements = [measured(name) for name in boxes] or None
    assert sigma.agrees_with(s26.positive_map_example(candidate, measurements))


@pytest.mark.parametrize("kind", KINDS)
def test_product_states_are_not_found(kind):
    one = campaign(kind, support=(1, 1))
    assert all(result.score <= THRESHOLD for result in run(one, range(4)))
    assert prove(one, [Result(k, Fraction(1)) for k in range(2)]) == []


def test_a_search_is_described_by_its_parameters():
    one = campaign("input").parameters
    assert json.loads(json.dumps(one)) == one
    others = {
        ("kind",): ScenarioSearch("instrumental", 2026, ("X,Y,Z",)),
        ("seed",): ScenarioSearch("input", 1),
        ("boxes",): ScenarioSearch("input", 2026, ("X,Y,-Z",)),
        ("boxes", "size"): ScenarioSearch("input", 2026, ("X,Y", "X,Z"), (2, 4)),
        ("support",): ScenarioSearch("input", 2026, support=(2, 3)),
        ("level",): ScenarioSearch("input", 2026, level=2),
    }
    for keys, other in others.items():
        assert {k for k in one if other.parameters[k] != one[k]} == set(keys)
    assert ScenarioSearch("input", 2026, ("X,Y,Z",), (2, 4)).parameters == one


@pytest.mark.parametrize(
    ("error", "arguments"),
    [
        (InputError, {"kind": "sequential"}),
        (InputError, {"boxes": ("X,W",)}),
        (InputError, {"boxes": ("X,C3",)}),
        (InputError, {"support": (3, 2)}),
        (InputError, {"support": (0, 2)}),
        (InputError, {"support": (2, 5)}),
        (LevelError, {"level": "1+AX"}),
        (ShapeError, {"kind": "trusted-parties", "boxes": ("C3,F3",)}),
        (ScenarioError, {"kind": "instrumental", "boxes": ("X,Y", "X,Y")}),
        (ScenarioError, {"kind": "instrumental", "boxes": ("C3,F3",)}),
    ],
)
def test_what_cannot_be_searched_is_refused(error, arguments):
    with pytest.raises(error):
        ScenarioSearch(**{"kind": "input", "seed": 0} | arguments)


# ---- what is found ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kind", "boxes", "number"),
    [
        ("trusted-parties", (), 53),
        ("trusted-parties", TWO_BOXES, 0),
        ("input", (), 1),
        ("input", ("X,Y", "X,Z"), 2),
        ("instrumental", (), 1),
        ("instrumental", (), 2),
    ],
)
def test_recorded_candidates_are_proved_with_only_quantum_correlations(kind, boxes, number):
    one = campaign(kind, boxes)
    (proven,) = prove(one, [Result(number, one.score(one.candidate(number)))])
    proof = one.proof("found", "a test", proven)
    proof.verify()
    load_checker().check_bytes(proof.to_bytes())
    assert proof.objects["sigma"].agrees_with(one.assemblage(one.candidate(number)))
    assert {"assemblage", "postquantum", "image", "quantum-correlations"} <= {s.rule for s in proof.statements}
    if kind == "instrumental":
        # The parent is the construction's own, with both maps for every outcome.
        box = [measured("X,Y,Z,-X")]
        parent = shsa20.transposition_example(one.candidate(number), box)
        assert proof.auxiliary["sigma_parent"].agrees_with(parent)


def test_the_estimate_is_that_of_the_general_search():
    findings = search(shsa20.instrumental_example, 4, seed=2026, count=6, support=(2, 4))
    results = [r for r in run(campaign("instrumental"), range(6)) if r.score > THRESHOLD]
    assert [(f.number, f.estimate) for f in findings] == [(r.number, r.score) for r in results] != []


def test_white_noise_takes_away_what_was_found():
    """The estimate is a weight of white noise: with a little more than that nothing is left."""
    one = campaign("input")
    sigma = one.assemblage(one.candidate(1))
    score = one.score(one.candidate(1))
    noise = white_noise(sigma.scenario)
    assert one._scorer.assemblage(sigma.mix(noise, score - Fraction(1, 50))) > 0
    assert one._scorer.assemblage(sigma.mix(noise, score + Fraction(1, 50))) == 0


def test_a_campaign_is_resumed_from_its_file(tmp_path):
    path = tmp_path / "state.jsonl"
    with Store(path, campaign("input").parameters) as store:
        results = run(campaign("input"), range(6), store)
    path.write_bytes(path.read_bytes()[:-40])
    with Store(path, campaign("input").parameters) as store:
        assert run(ScenarioSearch("input", 2026), range(6), store) == results
    with pytest.raises(InputError, match=r'kind is "input" there, "instrumental" here'):
        Store(path, campaign("instrumental").parameters)


# ---- the command -----------------------------------------------------------------------------------------------------
@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def command(*arguments):
    return CliRunner().invoke(main, ["search", *arguments])


def test_the_command_knows_every_kind():
    assert cli_search.SCENARIOS == KINDS


COMMANDS = {
    "trusted-parties": (("--box", "X,Z", "--box", "X+Z,X-Z"), "candidate 0: (-i|0012> - i|0013> - |0112> - i|1010>)/2"),
    "input": (("--support", "3", "4"), "settings X,Y,Z"),
    "instrumental": ((), "candidate 1: (|00> + |01> + |10> - |11>)/2, settings X,Y,Z,-X"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_command_proves_the_best_candidate(kind, folder):
    options, words = COMMANDS[kind]
    result = command(kind, "--count", "3", "--state", "s.jsonl", *options)
    assert result.exit_code == 0, result.output
    assert words in result.stdout and "gives only quantum correlations" in result.stdout
    data = Path(f"search-{kind}.proof.json").read_bytes()
    proof = read_proof(data)
    assert proof.name == f"search-{kind}" and proof.source.startswith(f"steeralg search {kind}, seed 2026, candidate ")
    again = command(kind, "--count", "3", "--state", "s.jsonl", *options)
    assert again.stdout == result.stdout and Path(f"search-{kind}.proof.json").read_bytes() == data


def test_the_command_says_when_nothing_is_found(folder):
    result = command("input", "--count", "2", "--support", "1", "1")
    assert result.exit_code == 3 and "none was proved postquantum" in result.stdout and list(Path().iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["input", "--directions", "4"],
        ["input", "--symmetric"],
        ["input", "--box", "X,Z/X,Y"],
        ["instrumental", "--box", "X,Y", "--box", "X,Y"],
        ["trusted-parties", "--support", "4", "17"],
        ["trusted-parties", "--level", "1+AX"],
        ["input", "--state", "kept.jsonl"],
        ["input", "--state", "kept.jsonl", "--out", "kept.jsonl"],
        ["inputs"],
    ],
)
def test_the_command_refuses_what_cannot_be_used(arguments, folder):
    Path("kept.jsonl").write_text("not a campaign\n")
    result = command(*arguments)
    assert result.exit_code == 2 and result.stdout == "" and len(result.stderr.splitlines()) == 1
    assert [p.name for p in Path().iterdir()] == ["kept.jsonl"] and Path("kept.jsonl").read_text() == "not a campaign\n"
