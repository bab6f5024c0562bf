"""Campaigns on several processes. The results are those of `run`, whatever the number of processes, and the file holds
every number once. A worker that is killed loses nothing; workers that always die are reported; errors of the campaign
and the keyboard's interrupt come through and leave a file that can be resumed; a parent that is killed takes its
workers along, and loses and repeats nothing. Every kind of campaign can be shared.
"""

import json
import os
import re
import signal
import subprocess
import sys
import time
from fractions import Fraction
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner

from steeralg.cli import main
from steeralg.constructions import s26
from steeralg.errors import InputError, SteeralgError
from steeralg.maps.library import choi
from steeralg.search import FunctionalSearch, MapSearch, Result, ScenarioSearch, Store, run, run_processes
from steeralg.search.campaign import Campaign
from steeralg.search.processes import THREADS, one_thread_each, pickled_factory, score
from steeralg.search.robust import Construction

ROOT = Path(__file__).resolve().parents[1]


class Squares(Campaign):
    """Numbers scored by their squares modulo 17; `fate` of number 5, in the folder's file, decides what else."""

    level = 1

    def __init__(self, folder="", fate=""):
        self.folder, self.fate = folder, fate

    @property
    def parameters(self):
        return {"modulus": 17}

    def candidate(self, number):
        return number

    def score(self, candidate):
        mark = Path(self.folder, "met")
        if self.fate == "always dies" or (self.fate == "dies once" and candidate == 5 and not mark.exists()):
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        if self.fate == "fails" and candidate == 5:
            raise ValueError("candidate 5")
        if self.fate == "threads":
            return Fraction(sum(os.environ[name] == "1" for name in THREADS))
        if self.fate == "takes a while":
            time.sleep(0.05)
        if self.fate == "hangs":
            Path(self.folder, f"pid{os.getpid()}").touch()
            time.sleep(60)
        return Fraction(candidate**2 % 17, 100)

    def assemblage(self, candidate):
        raise NotImplementedError


ALL = run(Squares(), range(20))


def lines(path):
    """The results of a file without the times, which differ from run to run."""
    return sorted(re.sub('"microseconds":[0-9]*,', "", line) for line in path.read_text().splitlines()[1:])


def complete(tmp_path):
    with Store(tmp_path / "reference", Squares().parameters) as store:
        run(Squares(), range(20), store)
    return lines(tmp_path / "reference")


def test_the_results_are_those_of_one_process(tmp_path):
    path, seen = tmp_path / "state", []
    with Store(path, Squares().parameters) as store:
        run(Squares(), range(4), store)
        assert run_processes(Squares, range(20), store, seen.append) == ALL
        # Nothing is missing now, so no worker is started.
        assert run_processes(Squares, range(20), store) == ALL
    assert lines(path) == complete(tmp_path)
    assert [s.done for s in seen] == list(range(1, 21)) and seen[-1].best == ALL[0]
    assert run_processes(Squares, []) == []


def test_a_worker_that_is_killed_loses_nothing(tmp_path):
    path = tmp_path / "state"
    with Store(path, Squares().parameters) as store:
        assert run_processes(partial(Squares, str(tmp_path), "dies once"), range(20), store, processes=1) == ALL
    assert (tmp_path / "met").exists() and lines(path) == complete(tmp_path)


@pytest.mark.slow
def test_workers_that_always_die_are_reported(tmp_path):
    with pytest.raises(SteeralgError, match="died"):
        run_processes(partial(Squares, str(tmp_path), "always dies"), range(3), processes=1)


def test_an_error_of_the_campaign_comes_through_and_the_rest_is_kept(tmp_path):
    path = tmp_path / "state"
    with Store(path, Squares().parameters) as store, pytest.raises(ValueError, match="candidate 5"):
        run_processes(partial(Squares, str(tmp_path), "fails"), range(20), store, processes=1)
    assert set(lines(path)) <= set(complete(tmp_path))
    with Store(path, Squares().parameters) as store:
        assert run(Squares(), range(20), store) == ALL
    assert lines(path) == complete(tmp_path)


def test_an_interrupt_comes_through_and_the_rest_is_kept(tmp_path):
    path = tmp_path / "state"

    def interrupt(status):
        if status.done == 6:
            raise KeyboardInterrupt

    with Store(path, Squares().parameters) as store, pytest.raises(KeyboardInterrupt):
        run_processes(Squares, range(20), store, interrupt, processes=1)
    assert len(lines(path)) == 6 and set(lines(path)) <= set(complete(tmp_path))


def test_a_parent_that_is_killed_takes_its_workers_along(tmp_path):
    program = (
        "import sys; from functools import partial; from tests.test_processes import Squares\n"
        "from steeralg.search import run_processes\n"
        "if __name__ == '__main__': run_processes(partial(Squares, sys.argv[1], 'hangs'), range(4), processes=1)"
    )
    script = tmp_path / "campaign.py"
    script.write_text(program)
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    parent = subprocess.Popen([sys.executable, str(script), str(tmp_path)], env=environment)
    try:
        workers = until(lambda: [int(p.name[3:]) for p in tmp_path.glob("pid*")], 1)
    finally:
        parent.kill()
        parent.wait()
    until(lambda: [pid for pid in workers if not runs(pid)], 1)


@pytest.mark.slow
def test_a_parent_that_is_killed_loses_and_repeats_nothing(tmp_path):
    path, script, count = tmp_path / "state", tmp_path / "campaign.py", 40
    script.write_text(
        "import sys; from functools import partial; from tests.test_processes import Squares\n"
        "from steeralg.search import Store, run_processes\n"
        "if __name__ == '__main__':\n"
        "    with Store(sys.argv[1], Squares().parameters) as store:\n"
        f"        run_processes(partial(Squares, fate='takes a while'), range({count}), store, processes=1)"
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    parent = subprocess.Popen([sys.executable, str(script), str(path)], env=environment)
    try:
        until(lambda: kept_lines(path), 6)
    finally:
        parent.kill()
        parent.wait()
    kept = kept_lines(path)
    # Killed in the middle of a line, too.
    path.write_bytes(path.read_bytes() + b'{"microseconds":1,"num')
    with Store(path, Squares().parameters) as store:
        assert set(store.results) == {json.loads(line)["number"] for line in kept}
        assert run(Squares(), range(count), store) == run(Squares(), range(count))
    numbers = [json.loads(line)["number"] for line in kept_lines(path)]
    assert 6 <= len(kept) < count and sorted(numbers) == list(range(count)) and kept_lines(path)[: len(kept)] == kept


def kept_lines(path):
    """The complete lines of results in a file that may be growing."""
    return path.read_bytes().split(b"\n")[1:-1] if path.exists() else []


def until(found, count):
    """Wait for a list to have some members."""
    for _ in range(400):
        if len(found()) >= count:
            return found()
        time.sleep(0.05)
    raise AssertionError(f"{found()} after 20 seconds")


def runs(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_workers_use_one_thread_each(monkeypatch):
    for name in THREADS:
        monkeypatch.delenv(name, raising=False)
    (result,) = run_processes(partial(Squares, "", "threads"), [0], processes=1)
    assert result.score == len(THREADS) and not any(name in os.environ for name in THREADS)
    monkeypatch.setenv(THREADS[0], "2")
    with one_thread_each():
        assert [os.environ[name] for name in THREADS] == ["2", "1", "1"]
    assert os.environ[THREADS[0]] == "2" and THREADS[1] not in os.environ


@pytest.mark.parametrize("factory", [lambda: Squares(), partial(Squares, lambda: 0)])
def test_a_factory_that_cannot_be_sent_is_refused(factory):
    with pytest.raises(InputError, match="cannot be sent"):
        run_processes(factory, range(2))


def test_a_number_of_processes_is_positive():
    with pytest.raises(InputError):
        run_processes(Squares, range(2), processes=0)


CAMPAIGNS = {
    "maps": (partial(MapSearch, choi(), 2026), 6),
    "states": (partial(Construction, s26.positive_map_example, 16, 2026, 4, "almost quantum"), 4),
    "scenarios": (partial(ScenarioSearch, "instrumental", 2026), 4),
    "functionals": (partial(FunctionalSearch, 2026, steps=4), 4),
}


@pytest.mark.parametrize("kind", CAMPAIGNS)
def test_campaigns_of_every_kind_can_be_shared(kind):
    factory, count = CAMPAIGNS[kind]
    pickled = pickled_factory(factory)
    campaign = factory()
    for number in range(count):
        assert score(pickled, number) == Result(number, campaign.score(campaign.candidate(number)))


@pytest.mark.slow
def test_the_command_uses_processes(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    one = CliRunner().invoke(main, ["search", "breuer-hall", "--count", "6", "--out", "a.json"])
    two = CliRunner().invoke(main, ["search", "breuer-hall", "--count", "6", "--out", "a.json", "--processes", "2"])
    assert one.exit_code == 0 and one.stdout == two.stdout
