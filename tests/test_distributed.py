"""Campaigns on a Dask cluster: the results are those of `run`; a worker that is killed under way loses nothing and no
candidate is counted twice; errors of the campaign come through.
"""

import os
import signal
import time
from fractions import Fraction
from functools import partial

import pytest

from steeralg.errors import InputError
from steeralg.search import Store, run, run_distributed
from tests.test_processes import Squares, lines

distributed = pytest.importorskip("distributed")
pytestmark = pytest.mark.slow


class Unhurried(Squares):
    def score(self, candidate):
        time.sleep(0.02)
        return super().score(candidate)


@pytest.fixture(scope="module")
def client():
    cluster = distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
    )
    with cluster, distributed.Client(cluster) as client:
        yield client


def test_the_results_are_those_of_one_process(client, tmp_path):
    seen = []
    with Store(tmp_path / "state", Squares().parameters) as store:
        run(Squares(), range(5), store)
        assert run_distributed(Squares, range(30), client, store, seen.append) == run(Squares(), range(30))
        assert run_distributed(Squares, range(30), client, store) == run(Squares(), range(30))
    assert [status.done for status in seen] == list(range(1, 31)) and len(lines(tmp_path / "state")) == 30


def test_errors_of_the_campaign_come_through(client, tmp_path):
    with pytest.raises(ValueError, match="candidate 5"):
        run_distributed(partial(Squares, str(tmp_path), "fails"), range(20), client)
    with pytest.raises(InputError, match="cannot be sent"):
        run_distributed(lambda: Squares(), range(2), client)


def test_a_worker_that_is_killed_loses_nothing(client, tmp_path):
    count, killed, seen = 120, [], []

    def kill(status):
        seen.append(status.done)
        if status.done == 20:
            pid = next(iter(client.run(os.getpid).values()))
            os.kill(pid, signal.SIGKILL)
            killed.append(pid)

    with Store(tmp_path / "state", Squares().parameters) as store:
        results = run_distributed(Unhurried, range(count), client, store, kill)
    assert killed and results == run(Squares(), range(count))
    assert seen == list(range(1, count + 1))
    with Store(tmp_path / "reference", Squares().parameters) as store:
        run(Squares(), range(count), store)
    assert lines(tmp_path / "state") == lines(tmp_path / "reference")
    assert sum(result.score for result in results) == sum(Fraction(n**2 % 17, 100) for n in range(count))
