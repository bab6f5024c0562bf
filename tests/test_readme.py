"""The README is executed: its data are certified, its commands and its Python run, its two opening commands are what CI
runs, and what it says of their results holds.
"""

import re

import pytest

from tests.documents import ROOT, Session, blocks, read

README = read(ROOT / "README.md")
COMMANDS = [block.text for block in blocks(README, "sh")]


@pytest.fixture
def session(tmp_path):
    """A folder with the README's data."""
    started = Session(tmp_path)
    for block in blocks(README, "json"):
        started.run(block)
    return started


def run(session, command):
    done = session.shell(command)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_two_commands_come_first():
    main, tests = COMMANDS[:2]
    assert "pip install" in main and main.strip().endswith("prove saphs18-breuer-hall --out breuer_hall.json")
    assert "pip install" in tests and "pytest" in tests


def test_ci_runs_the_first_three_blocks_by_number():
    script = read(ROOT / ".ci" / "run")
    assert all(f'eval "$(block {number})"' in script for number in (1, 2, 3))
    assert COMMANDS[2] == "python3 -I proofs/check.py breuer_hall.json\n"


def test_the_main_job_and_its_check(session):
    proved = run(session, COMMANDS[0].split("&&")[-1].replace(".venv/bin/", ""))
    assert "sigma is postquantum" in proved
    (value,) = re.findall(r"<F, sigma> = .*sqrt\(2\).* = (-0\.[0-9]+) < 0[ .]", proved)
    assert f"~ {value[:10]}" in run(session, COMMANDS[2])


def test_your_own_assemblage(session):
    assert "sigma is postquantum" in run(session, COMMANDS[3])
    run(session, "python3 -I proofs/check.py pr_box.proof.json")


def test_is_there_a_model(session):
    printed = run(session, COMMANDS[4])
    assert "it has a local hidden state model" in printed and "it is postquantum" in printed
    # 1 - 1/sqrt2 and (sqrt2 - 1)/2.
    for name, exact in (("r", 0.292893), ("negativity", 0.207107)):
        (low, high) = map(float, re.search(rf"{name} in \[([0-9.]+), ([0-9.]+)\]", printed).groups())
        assert low < exact < high < low + 0.001
    run(session, "python3 -I proofs/check.py werner.classified.json pr_box.classified.json")


def test_python_runs(session):
    (block,) = blocks(README, "python")
    assert "r = 1 - sqrt(2)/2, exactly" in session.run(block, "README.md")
    run(session, "python3 -I proofs/check.py mine.json")


def test_every_block_is_covered():
    assert len(COMMANDS) == 5 and len(blocks(README, "json")) == 2
    assert {block.language for block in blocks(README)} == {"sh", "json", "python"}


def test_links_lead_somewhere():
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", README):
        assert (ROOT / target).exists(), target


def test_it_is_short():
    assert README.count("\n") < 150
