"""The search for postquantum images of positive maps. Candidates are a function of seed and number; measurements and
maps are what their names say. The maps of the literature that are not decomposable are found to give postquantum
assemblages, with proofs that the checker accepts; decomposable ones never are. What cannot be searched is refused.
"""

import json
from fractions import Fraction
from itertools import combinations, product
from pathlib import Path

import pytest
import sympy
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from steeralg.certificates.membership import certify
from steeralg.certificates.proof import read_proof
from steeralg.checker import load_checker
from steeralg.cli import main
from steeralg.constructions import saphs18
from steeralg.errors import (
    FormatError,
    InputError,
    LevelError,
    NormalisationError,
    PositivityError,
    ScenarioError,
    ShapeError,
)
from steeralg.exact.matrix import Matrix, total
from steeralg.exact.number import Number
from steeralg.maps import library
from steeralg.maps.linear import LinearMap
from steeralg.search import MapCandidate, MapSearch, Result, Store, named_map, prove, read_map, run
from steeralg.search import table as library_table
from steeralg.search.campaign import THRESHOLD
from steeralg.search.maps import map_to_json
from steeralg.search.measurements import measurement, settings

CHOI = library.choi()
UNITS = {1, -1, sympy.I, -sympy.I}


# ---- candidates ------------------------------------------------------------------------------------------------------
@given(st.integers(0, 10**6), st.integers(0, 10**6), st.data())
def test_candidates_are_sparse_states_with_settings_that_were_offered(seed, number, data):
    least = data.draw(st.integers(1, 12))
    most = data.draw(st.integers(least, 12))
    campaign = MapSearch(CHOI, seed, (("X,Z", "X,Y"), ("Y,Z",)), (least, most))
    candidate = campaign.candidate(number)
    chosen = [z for z in candidate.amplitudes if z != 0]
    assert len(candidate.amplitudes) == 12 and least <= len(chosen) <= most and set(chosen) <= UNITS
    assert candidate.boxes[0] in ("X,Z", "X,Y") and candidate.boxes[1] == "Y,Z"


@given(st.permutations(range(8)))
def test_a_candidate_depends_on_seed_and_number_only(numbers):
    campaign = MapSearch(CHOI, 5)
    drawn = {n: campaign.candidate(n) for n in numbers}
    assert [drawn[n] for n in range(8)] == [MapSearch(CHOI, 5).candidate(n) for n in range(8)]
    assert len(set(drawn.values())) == 8
    assert [MapSearch(CHOI, 6).candidate(n) for n in range(8)] != [drawn[n] for n in range(8)]


def test_a_candidate_is_the_image_of_its_state():
    candidate = MapCandidate((1, 0, 0, 0, sympy.I, 0), ("X,Z",))
    assert str(candidate) == "(|00> + i|11>)/sqrt(2), settings X,Z"
    sigma = candidate.image(CHOI)
    # Z = -1 leaves |1><1|/2, which Choi's map [1,1,0] takes to (|0><0| + |1><1|)/4.
    assert sigma[(1,), (1,)] == sympy.diag(1, 1, 0) / 4


def test_a_search_is_described_by_its_parameters():
    one = MapSearch(CHOI, 1)
    assert json.loads(json.dumps(one.parameters)) == one.parameters
    same = MapSearch(library.generalised_choi(1, 1, 0), 1)
    assert same.parameters == one.parameters
    others = [
        MapSearch(library.generalised_choi(1, 0, 1), 1),
        MapSearch(CHOI, 2),
        MapSearch(CHOI, 1, (("X,Z",), ("X,Z",))),
        MapSearch(CHOI, 1, support=(4, 7)),
        MapSearch(CHOI, 1, level=2),
    ]
    for other, key in zip(others, ("map", "seed", "boxes", "support", "level"), strict=True):
        assert {k for k in one.parameters if other.parameters[k] != one.parameters[k]} == {key}


@pytest.mark.parametrize(
    ("error", "arguments"),
    [
        (NormalisationError, {"trusted_map": library.reduction(3, normalised=False)}),
        (InputError, {"boxes": ()}),
        (InputError, {"boxes": ((), ("X,Z",))}),
        (InputError, {"boxes": (("X,W",),)}),
        (ScenarioError, {"boxes": (("X,Z", "X,Y,Z"),)}),
        (ScenarioError, {"boxes": (("X,Z", "C3,F3"),)}),
        (InputError, {"support": (5, 4)}),
        (InputError, {"support": (0, 4)}),
        (InputError, {"support": (4, 13)}),
        (LevelError, {"level": "1+AX"}),
    ],
)
def test_what_cannot_be_searched_is_refused(error, arguments):
    with pytest.raises(error):
        MapSearch(**{"trusted_map": CHOI, "seed": 0} | arguments)


# ---- measurements ----------------------------------------------------------------------------------------------------
PAULI_NAMES = [*"XYZ", *(f"{p}{sign}{q}" for p, q in product("XYZ", repeat=2) if p != q for sign in "+-")]
BASES = [name for d in (2, 3, 4, 5) for name in (f"C{d}", f"F{d}", *(f"F{d}.{k}" for k in range(1, d)))]


@pytest.mark.parametrize("name", PAULI_NAMES + BASES)
def test_measurements_are_projective_and_of_rank_one(name):
    povm = measurement(name)
    for a, b in product(range(povm.dim), repeat=2):
        effects = povm.effects[a], povm.effects[b]
        assert effects[0] @ effects[1] == (effects[0] if a == b else Matrix.zero(povm.dim, povm.dim, effects[0].field))
    assert len(povm.effects) == povm.dim and total(povm.effects).trace() == Number.of(povm.dim, povm.effects[0].field)


def test_the_bases_of_an_odd_prime_are_mutually_unbiased():
    for one, other in combinations(["C3", "F3", "F3.1", "F3.2"], 2):
        for p, q in product(measurement(one).effects, measurement(other).effects):
            assert p.inner(q).fraction() == Fraction(1, 3)


def test_settings_are_separated_by_commas():
    assert settings("X+Z, X-Z") == (measurement("X+Z"), measurement("X-Z"))
    assert settings("X+Z,Z-X") == tuple(saphs18.breuer_hall_measurements()[1])
    assert measurement("X+Z").effects[0] != measurement("X-Z").effects[0]


@pytest.mark.parametrize("name", ["", "W", "X+X", "X+", "x", "X,", "C1", "C9", "F3.", "F33", "X,C3", "C3.1", "Z\n"])
def test_unknown_settings_are_refused(name):
    if name == "Z\n":
        assert settings(name) == settings("Z")
        return
    with pytest.raises(InputError):
        settings(name)


# ---- maps by name and from files -------------------------------------------------------------------------------------
NAMED = {
    "choi": CHOI,
    "generalised-choi:1,1,0": CHOI,
    "generalised-choi:sqrt(2),1/2,0.5,0": library.generalised_choi(sympy.sqrt(2), "1/2", "1/2", 0),
    "tanahashi-tomiyama:4,1": library.tanahashi_tomiyama(4, 1),
    "breuer-hall": saphs18.breuer_hall_map(),
    "extended-reduction:4": library.robertson(),
    "robertson": library.robertson(),
    "reduction:3": library.reduction(3),
    "transpose:2": library.transpose(2),
    "identity:2": library.identity(2),
}


@pytest.mark.parametrize("name", NAMED)
def test_maps_have_names_and_files(name, tmp_path):
    path = tmp_path / "map.json"
    path.write_text(json.dumps(map_to_json(NAMED[name])))
    assert named_map(name) == NAMED[name] == read_map(path)


def test_subunitary_reduction_preserves_the_trace():
    for d in (3, 5):
        assert named_map(f"subunitary-reduction:{d}").is_trace_preserving


@pytest.mark.parametrize(
    ("error", "name"),
    [
        (FormatError, "chois"),
        (FormatError, "choi:1"),
        (FormatError, "reduction"),
        (FormatError, "reduction:x"),
        (FormatError, "reduction:1/2"),
        (FormatError, "reduction:-1"),
        (FormatError, "reduction:100000"),
        (FormatError, "tanahashi-tomiyama:4"),
        (FormatError, "tanahashi-tomiyama:4,1,2"),
        (ShapeError, "generalised-choi:1"),
        (PositivityError, "generalised-choi:1,-1,0"),
        (ShapeError, "subunitary-reduction:4"),
        (ShapeError, "extended-reduction:5"),
    ],
)
def test_what_names_no_map_is_refused(error, name):
    with pytest.raises(error):
        named_map(name)


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        '{"dims": [1, 1]}',
        '{"dims": [1], "matrix": [["1"]]}',
        '{"dims": [0, 1], "matrix": []}',
        '{"dims": [true, 1], "matrix": [["1"]]}',
        '{"dims": [1, 1], "matrix": "1"}',
        '{"dims": [1, 1], "matrix": ["1"]}',
        '{"dims": [1, 2], "matrix": [["1"]]}',
        '{"dims": [1, 1], "matrix": [[0.5]]}',
        '{"dims": [1, 1], "matrix": [[null]]}',
        '{"dims": [1, 1], "matrix": [["x"]]}',
        '{"dims": [1, 1], "matrix": [[["1", ["0", "0"]]]]}',
        '{"dims": [1, 1], "matrix": [["1"]], "more": 1}',
    ],
)
def test_files_of_no_map_are_refused(text, tmp_path):
    path = tmp_path / "map.json"
    path.write_text(text)
    with pytest.raises(FormatError):
        read_map(path)


def test_entries_of_files_are_exact_numbers_or_pairs(tmp_path):
    path = tmp_path / "map.json"
    path.write_text('{"dims": [2, 1], "matrix": [[1, ["0", "-1/2"]], [["0", "0.5"], "sqrt(4)"]]}')
    i = sympy.I
    assert read_map(path) == LinearMap.from_choi([[1, -i / 2], [i / 2, 2]], 2, 1)


# ---- what is found ---------------------------------------------------------------------------------------------------
def kets(text, dims):
    """Amplitudes 1 on some product vectors."""
    labels = ["".join(map(str, label)) for label in product(*map(range, dims))]
    return tuple(sympy.Integer(label in text.split()) for label in labels)


def test_the_choi_map_under_the_breuer_hall_settings_gives_a_postquantum_assemblage():
    candidate = MapCandidate(kets("011 002 101 110", (2, 2, 3)), ("X,Z", "X+Z,Z-X"))
    verdict = certify(candidate.image(CHOI), "1+AB")
    assert verdict.is_proved and verdict.witness.value < verdict.witness.bound


FOUND = [
    ("choi", 53),
    ("breuer-hall", 5),
    ("robertson", 0),
    ("tanahashi-tomiyama:4,1", 82),
    ("generalised-choi:1,0,1", 7),
]


@pytest.mark.parametrize(("name", "number"), FOUND)
def test_candidates_of_maps_that_are_not_decomposable_are_proved_postquantum(name, number):
    """Recorded numbers of seed 2026, among the best of the first hundred."""
    campaign = MapSearch(named_map(name), 2026)
    score = campaign.score(campaign.candidate(number))
    assert score > THRESHOLD
    (proven,) = prove(campaign, [Result(number, score)])
    assert proven.postquantum.assemblage == campaign.candidate(number).image(named_map(name))
    assert proven.postquantum.value < proven.postquantum.bound


def test_a_small_campaign_finds_and_proves(tmp_path):
    campaign, path = MapSearch(CHOI, 2026, support=(4, 6)), tmp_path / "state.jsonl"
    with Store(path, campaign.parameters) as store:
        results = run(campaign, range(25), store)
    assert results[0].score > THRESHOLD
    (best,) = prove(campaign, results)
    assert best.result == results[0] and best.candidate == campaign.candidate(results[0].number)
    path.write_bytes(path.read_bytes()[:-100])
    with Store(path, campaign.parameters) as store:
        assert run(MapSearch(CHOI, 2026, support=(4, 6)), range(25), store) == results


DECOMPOSABLE = ["reduction:3", "transpose:3", "identity:2", "generalised-choi:1,1/2,2", "generalised-choi:0,1,1"]


@pytest.mark.parametrize("name", DECOMPOSABLE)
def test_nothing_is_found_for_a_decomposable_map(name):
    campaign = MapSearch(named_map(name), 2026)
    results = run(campaign, range(12))
    assert max(result.score for result in results) <= THRESHOLD
    assert prove(campaign, [Result(r.number, Fraction(1)) for r in results], attempts=3) == []


def test_nothing_is_found_with_one_black_box():
    """One black box is always quantum (GHJW)."""
    results = run(MapSearch(saphs18.breuer_hall_map(), 3, (("X,Y,Z",),), (2, 6)), range(15))
    assert max(result.score for result in results) <= THRESHOLD


@pytest.mark.parametrize("boxes", [(("X,Z",),) * 3, (("C3,F3",),), (("X,Z",), ("C3,F3.1",))])
def test_other_boxes_can_be_searched(boxes):
    campaign = MapSearch(CHOI, 1, boxes, level="1+AB" if len(boxes) == 2 else "almost quantum")
    candidate = campaign.candidate(0)
    assert campaign.assemblage(candidate).scenario == campaign.scenario
    assert 0 <= campaign.score(candidate) < 1


def test_a_map_that_is_not_positive_is_refuted_by_an_image():
    """Phi[1/2,1,0] is not positive: bc < (1 - a)^2."""
    campaign = MapSearch(library.generalised_choi("1/2", 1, 0), 2026)
    results = run(campaign, range(30))
    with pytest.raises(PositivityError, match="the map is not positive; the image of"):
        prove(campaign, results)


def test_only_quantum_correlations_are_stated_where_one_field_holds_everything():
    """The last map has entries in Q(sqrt 3), and X + Z is measured in Q(sqrt 2)."""
    for name, number, stated in (("choi", 8836, True), ("subunitary-reduction:5", 2824, False)):
        campaign = MapSearch(named_map(name), 2026)
        candidate = campaign.candidate(number)
        assert candidate.boxes == ("X,Z", "X+Z,X-Z")
        (proven,) = prove(campaign, [Result(number, campaign.score(candidate))])
        proof = campaign.proof("found", "a test", proven)
        load_checker().check_bytes(proof.to_bytes())
        rules = {statement.rule for statement in proof.statements}
        assert "postquantum" in rules and ("quantum-correlations" in rules) == stated


def test_the_table_of_the_library_is_made_by_searching(capsys):
    assert all(named_map(name).is_trace_preserving for name, _ in library_table.LIBRARY)
    choi, reduction = library_table.rows([("choi", (("X,Z",),) * 2), ("reduction:3", (("X,Z",),) * 2)], count=40)
    assert choi.proven is not None and choi.proven.postquantum.value < choi.proven.postquantum.bound
    assert reduction.proven is None and reduction.count == 40
    library_table.main(["breuer-hall", "reduction:3", "--count", "6"])
    table = capsys.readouterr().out.splitlines()
    assert len(table) == 4 and "5: (-i\\|003> + \\|011>" in table[2] and "none of the first 6" in table[3]


# ---- the command -----------------------------------------------------------------------------------------------------
@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def command(*arguments):
    return CliRunner().invoke(main, ["search", *arguments])


def test_the_command_proves_the_best_candidate():
    result = command("breuer-hall", "--count", "6", "--state", "c.jsonl", "--out", "best.json")
    assert result.exit_code == 0, result.output
    assert "candidate 5: (-i|003> + |011> - |102> + |113>)/2, settings X,Z and X+Z,X-Z" in result.stdout
    data = Path("best.json").read_bytes()
    load_checker().check_bytes(data)
    proof = read_proof(data)
    assert proof.objects["sigma"] == MapSearch(saphs18.breuer_hall_map(), 2026).candidate(5).image(
        saphs18.breuer_hall_map()
    )
    assert proof.name == "search-breuer-hall" and "seed 2026, candidate 5" in proof.source
    before = Path("c.jsonl").read_bytes()
    again = command("breuer-hall", "--count", "6", "--state", "c.jsonl", "--out", "again.json")
    assert again.stdout.replace("again.json", "best.json") == result.stdout
    assert Path("c.jsonl").read_bytes() == before and Path("again.json").read_bytes() == data


def test_the_command_reads_maps_from_files():
    Path("mine.json").write_text(json.dumps(map_to_json(CHOI)))
    result = command("mine.json", "--count", "8", "--box", "X,Z", "--box", "X,Z/X+Z,X-Z", "--support", "4", "4")
    named = command("choi", "--count", "8", "--support", "4", "4")
    assert result.exit_code == named.exit_code
    assert result.stdout.splitlines()[0] == named.stdout.splitlines()[0]


def test_the_command_says_when_nothing_is_found():
    result = command("reduction:3", "--count", "5")
    assert result.exit_code == 3 and "none was proved postquantum" in result.stdout
    assert list(Path().iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["choix"],
        ["missing.json"],
        ["choi", "--box", "X,W"],
        ["choi", "--support", "5", "4"],
        ["choi", "--level", "1+AX"],
        ["choi", "--state", "kept.jsonl"],
        ["choi", "--state", "kept.jsonl", "--out", "kept.jsonl"],
        ["map.json", "--out", "map.json"],
        ["choi", "--count", "0"],
    ],
)
def test_the_command_refuses_what_cannot_be_used(arguments):
    Path("map.json").write_text(json.dumps(map_to_json(CHOI)))
    Path("kept.jsonl").write_text("not a campaign\n")
    result = command(*arguments)
    assert result.exit_code == 2 and result.stdout == ""
    assert {p.name for p in Path().iterdir()} == {"map.json", "kept.jsonl"}
    assert Path("kept.jsonl").read_text() == "not a campaign\n"


def test_the_command_refuses_the_state_of_another_search():
    assert command("reduction:3", "--count", "2", "--state", "c.jsonl").exit_code == 3
    before = Path("c.jsonl").read_bytes()
    result = command("reduction:3", "--count", "2", "--state", "c.jsonl", "--seed", "1")
    assert result.exit_code == 2 and "seed is 2026 there, 1 here" in result.stderr
    assert len(result.stderr.splitlines()) == 1 and Path("c.jsonl").read_bytes() == before
