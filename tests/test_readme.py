"""The README is executed: its JSON is certified, its shell commands run, its Python runs, its two opening commands
are what CI runs.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def run(command: str, folder: Path) -> subprocess.CompletedProcess:
    """Run a shell command with this interpreter as python3 and as steeralg."""
    tools = folder / "bin"
    tools.mkdir(exist_ok=True)
    for name, target in (("python3", ""), ("steeralg", " -m steeralg.cli")):
        script = tools / name
        script.write_text(f'#!/bin/sh\nexec "{sys.executable}"{target} "$@"\n')
        script.chmod(0o755)
    environment = os.environ | {"PATH": f"{tools}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    return subprocess.run(["sh", "-ec", command], cwd=folder, env=environment, capture_output=True, text=True)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "proofs").symlink_to(ROOT / "proofs")
    for name, text in zip(("pr_box", "werner", "two_bobs", "bb84", "my_map"), blocks("json"), strict=True):
        (tmp_path / f"{name}.json").write_text(text)
    return tmp_path


def test_two_commands_come_first():
    main, tests = blocks("sh")[:2]
    assert "pip install" in main and main.strip().endswith("prove saphs18-breuer-hall --out breuer_hall.json")
    assert "pip install" in tests and "pytest" in tests


def test_the_main_job_and_its_check(folder):
    prove = blocks("sh")[0].split("&&")[-1].replace(".venv/bin/", "")
    proved = run(prove, folder)
    assert proved.returncode == 0, proved.stderr
    assert "sigma is postquantum" in proved.stdout
    (value,) = re.findall(r"<F, sigma> = .*sqrt\(2\).* = (-0\.[0-9]+) < 0 ", proved.stdout)
    checked = run(blocks("sh")[2], folder)
    assert checked.returncode == 0, checked.stderr
    assert f"~ {value[:10]}" in checked.stdout


def test_your_own_assemblage(folder):
    certified = run(blocks("sh")[3], folder)
    assert certified.returncode == 0, certified.stderr
    assert run("python3 -I proofs/check.py pr_box.proof.json", folder).returncode == 0


def test_is_there_a_model(folder):
    result = run(blocks("sh")[4], folder)
    assert result.returncode == 0, result.stderr
    assert "it has a local hidden state model" in result.stdout and "it is postquantum" in result.stdout
    # 1 - 1/sqrt2 and (sqrt2 - 1)/2.
    for name, exact in (("r", 0.292893), ("negativity", 0.207107)):
        (low, high) = map(float, re.search(rf"{name} in \[([0-9.]+), ([0-9.]+)\]", result.stdout).groups())
        assert low < exact < high < low + 0.001
    assert (folder / "werner.svg").read_text().startswith("<?xml")
    files = "werner.classified.json pr_box.classified.json"
    assert run(f"python3 -I proofs/check.py {files}", folder).returncode == 0


def test_two_bobs(folder):
    result = run(blocks("sh")[5], folder)
    assert result.returncode == 0, result.stderr
    assert "sigma is postquantum" in result.stdout
    assert "postquantum up to 0.2928" in result.stdout and "and quantum at 0.2929" in result.stdout
    files = "two_bobs.proof.json two_bobs.robustness.json"
    assert run(f"python3 -I proofs/check.py {files}", folder).returncode == 0


def test_bounds_from_both_sides(folder):
    result = run(blocks("sh")[6], folder)
    assert result.returncode == 0, result.stderr
    assert (
        "the quantum minimum is -1/2 - sqrt(2)/4" in result.stdout
        and "-1/2 - sqrt(2)/4" in result.stdout
        and "the no-signalling minimum is in [-0.8535533" in result.stdout
    )
    assert run("python3 -I proofs/check.py bb84*proof.json bb84.no_signalling.json", folder).returncode == 0


def test_symmetry(folder):
    result = run(blocks("sh")[7], folder)
    assert result.returncode == 0, result.stderr
    assert result.stdout.count("-1/2 - sqrt(2)/4") >= 1 and "-0.8535" in result.stdout
    assert run("python3 -I proofs/check.py bb84.symmetric.json bb84.labels.json", folder).returncode == 0


def test_maps_and_witnesses(folder):
    result = run(blocks("sh")[8], folder)
    assert result.returncode == 0, result.stderr
    assert "\ndecomposable: yes\n" in result.stdout and "\ndecomposable: no\n" in result.stdout
    assert result.stdout.count("block-positive (the map is positive): yes") == 2
    assert "least value on unit product vectors: in [0.000000000000" in result.stdout
    assert "sigma is postquantum" in result.stdout
    files = "my_map.proof.json choi.proof.json found.proof.json"
    assert run(f"python3 -I proofs/check.py {files}", folder).returncode == 0


def test_curves(folder):
    result = run(blocks("sh")[10], folder)
    assert result.returncode == 0, result.stderr
    assert (folder / "breuer_hall.svg").read_text().startswith("<?xml")
    points = json.loads((folder / "breuer_hall.curve.json").read_text())["points"]
    assert len(points) == 5 and all(p["lower"] is not None for p in points)
    assert run("python3 -I proofs/check.py werner_proofs/*", folder).returncode == 0


def test_searches(folder):
    result = run(blocks("sh")[9], folder)
    assert result.returncode == 0, result.stderr
    assert "local correlations for all projective measurements" in result.stdout
    assert len((folder / "functional.jsonl").read_text().splitlines()) == 21
    assert run("python3 -I proofs/check.py functional.proof.json", folder).returncode == 0


def test_every_shell_block_is_covered():
    assert len(blocks("sh")) == 11 and len(blocks("json")) == 5


@pytest.mark.parametrize("source", blocks("python"))
def test_python_runs(source, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    exec(compile(source, "README.md", "exec"), {})
    assert (tmp_path / "mine.json").is_file()


def test_ci_runs_the_readme_commands():
    script = (ROOT / ".ci" / "run").read_text()
    assert 'eval "$(block 1)"' in script and 'eval "$(block 2)"' in script
