"""The command `classify`: exit code 0 for what is proved local, quantum or postquantum, 1 for instrumental data that
nobody can show, 2 for unusable input, 3 for what stays open; every file it writes is accepted by the checker and says
what was printed; bad input is one line, and leaves no file.
"""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from steeralg.certificates.proof import read_proof
from steeralg.cli import main
from steeralg.maps.library import identity
from steeralg.objects.assemblage import white_noise
from steeralg.objects.files import assemblage_to_json
from steeralg.objects.scenario import Scenario
from tests.model_proofs import PR, ROUNDS, STEERED
from tests.test_families import monogamy, orthogonal

INPUTS = STEERED.with_input([identity(2), identity(2)])
DATA = {
    "pr": PR,
    "pair": STEERED,
    "noise": white_noise(Scenario.of([(2, 2)], 2)),
    "bobs": monogamy(),
    "rounds": white_noise(ROUNDS),
    "inputs": INPUTS.mix(white_noise(INPUTS.scenario), "1/10"),
    "nobody": orthogonal("1/2"),
}


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """An empty current directory with a file for each assemblage."""
    monkeypatch.chdir(tmp_path)
    for name, sigma in DATA.items():
        Path(f"{name}.json").write_text(json.dumps(assemblage_to_json(sigma)))


def run(*arguments):
    return CliRunner().invoke(main, ["classify", *map(str, arguments)])


def written():
    """The files that were not there before."""
    return {path.name for path in Path().iterdir()} - {f"{name}.json" for name in DATA}


def proved(result, path, *rules):
    """The proof in a file, with just these statements, printed as they are."""
    assert f"written    {path}" in result.stdout and "accepted by the independent checker" in result.stdout
    proof = read_proof(Path(path).read_bytes())
    proof.verify()
    assert [statement.rule for statement in proof.statements] == list(rules)
    return proof


def refused(result, *reasons):
    """Exit code 2, one line on standard error, nothing on standard output, no file."""
    assert result.exit_code == 2 and result.stdout == "" and written() == set()
    assert len(result.stderr.splitlines()) == 1 and all(reason in result.stderr for reason in reasons)


@pytest.mark.parametrize(
    ("name", "code", "said", "rules"),
    [
        ("pr", 0, "it is postquantum", ("assemblage", "postquantum")),
        ("pair", 0, "it is quantum: a realisation was found", ("assemblage", "quantum", "nonlocal")),
        ("noise", 0, "it has a local hidden state model", ("assemblage", "local")),
        ("bobs", 0, "it is postquantum", ("assemblage", "postquantum")),
        ("rounds", 0, "it is quantum: a realisation was found", ("assemblage", "quantum")),
        ("inputs", 3, "the level does not refute it (level almost quantum)", ("assemblage", "nonlocal")),
        ("nobody", 1, "no no-signalling assemblage shows these instrumental data", ("signalling",)),
    ],
)
def test_exit_codes_say_what_was_found(name, code, said, rules):
    result = run(f"{name}.json", "--no-brackets")
    assert result.exit_code == code, result.output
    assert result.stdout.splitlines()[0] == said
    proof = proved(result, f"{name}.classified.json", *rules)
    assert proof.name == name and name in proof.source and written() == {f"{name}.classified.json"}
    if name != "nobody":
        assert proof.objects["sigma"].agrees_with(DATA[name])


def test_brackets_are_printed_and_proved():
    result = run("pr.json", "--digits", "2", "--out", "here.json")
    assert result.exit_code == 0 and written() == {"here.json"}
    assert "weight of white noise: r in [0.29" in result.stdout
    assert "steering negativity: negativity in [0.20" in result.stdout
    distances = ("mixture", "assemblage", "postquantum", "negativity-at-least", "negativity-at-most")
    proved(result, "here.json", "assemblage", "postquantum", *distances)


def test_a_level_may_be_chosen():
    result = run("pr.json", "--no-brackets", "--level", "2")
    assert result.exit_code == 0
    proved(result, "pr.classified.json", "assemblage", "postquantum")


def test_approximate_numbers_can_be_repaired():
    value = assemblage_to_json(STEERED)
    text = json.dumps(value).replace('"1/2"', "0.5000001")
    Path("pair.json").write_text(text)
    refused(run("pair.json"), "FormatError", "0|1", "not exact")
    result = run("pair.json", "--repair", "--no-brackets")
    assert result.exit_code == 0 and result.stdout.startswith("repaired: ")
    assert "it is quantum" in result.stdout and written() == {"pair.classified.json"}


def test_the_input_is_never_overwritten():
    before = Path("pr.json").read_bytes()
    Path("link.json").symlink_to("pr.json")
    for out in ("pr.json", "./pr.json", "link.json"):
        result = run("pr.json", "--out", out)
        assert result.exit_code == 2 and "is the input itself" in result.stderr and result.stdout == ""
    assert Path("pr.json").read_bytes() == before


def test_a_target_that_cannot_be_written_is_named():
    result = run("noise.json", "--out", "nowhere/proof.json")
    assert result.exit_code == 2 and "nowhere/proof.json: cannot be written" in result.stderr
    assert written() == set()


@pytest.mark.parametrize("level", ["x", "1+", "0", "99"])
def test_levels_that_say_nothing_are_refused(level):
    refused(run("pr.json", "--level", level), "LevelError", "level")


@pytest.mark.parametrize(
    ("change", "reasons"),
    [
        (lambda value: value["elements"].pop("0,0|0,0"), ("FormatError", "0,0|0,0")),
        (lambda value: value["elements"].__setitem__("0,0|0,0", [["x"]]), ("0,0|0,0",)),
        (lambda value: value["elements"].__setitem__("0,0|0,0", [["1/4"]]), ("SignallingError",)),
        (lambda value: value.pop("scenario"), ("FormatError", "scenario")),
    ],
)
def test_bad_files_are_named_in_one_line(change, reasons):
    value = assemblage_to_json(PR)
    change(value)
    Path("pr.json").write_text(json.dumps(value))
    refused(run("pr.json"), *reasons)


def test_a_file_that_is_not_there_is_named():
    refused(run("nothing.json"), "nothing.json")


@pytest.mark.parametrize("options", [("--seconds", "0"), ("--seconds", "soon"), ("--digits", "0"), ("--digits", "10")])
def test_options_out_of_range_are_usage_errors(options):
    result = run("pr.json", *options)
    assert result.exit_code == 2 and options[0] in result.stderr and written() == set()


def test_what_was_not_done_in_time_is_said(monkeypatch):
    """The clock stops everything at once; nothing is proved, and nothing written."""
    from steeralg.certificates import classify

    monkeypatch.setattr(classify._Clock, "is_up", property(lambda clock: True))
    result = run("pr.json", "--seconds", "1")
    assert result.exit_code == 3 and written() == set()
    first, *remarks = result.stdout.splitlines()
    assert (
        first == "whether it is quantum is undecided"
        and remarks
        and all(line.endswith("no time left") for line in remarks)
    )
