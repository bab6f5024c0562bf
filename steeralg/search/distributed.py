"""A campaign on a Dask cluster: `run`, shared among machines. Needs the optional extra `distributed`.

Above: nothing. Below: the engine, processes. Workers need steeralg installed, and one thread each is best
(`OMP_NUM_THREADS=1`, `nthreads=1`). The scheduler gives the candidates of a lost worker to another one; results are
counted, and kept in the store, where `run_distributed` was called.

    with LocalCluster(n_workers=4, threads_per_worker=1) as cluster, Client(cluster) as client:
        with Store("state.jsonl", factory().parameters) as store:
            results = run_distributed(factory, range(10_000), client, store)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from steeralg.errors import InputError, SteeralgError
from steeralg.search.campaign import Memory, Result, Status, Tally, silent
from steeralg.search.processes import Factory, pickled_factory, score

_AHEAD = 4
_LOSSES = 10


def run_distributed(
    factory: Factory,
    numbers: Sequence[int],
    client: Any,
    store: Memory | None = None,
    progress: Callable[[Status], None] = silent,
) -> list[Result]:
    """Return what `run(factory(), numbers, store, progress)` returns, computed by the workers of a Dask client.

    Raises InputError if `distributed` is missing or the factory cannot be pickled, SteeralgError for a candidate that
    ten times took its worker along; errors of the campaign come through. On any exception the store holds what was
    done, and what is under way is cancelled.
    """
    try:
        from distributed import KilledWorker, as_completed
    except ImportError:
        raise InputError("this needs the optional extra: pip install 'steeralg[distributed]'") from None
    pickled = pickled_factory(factory)
    tally = Tally(numbers, store, progress)
    waiting = iter(tally.missing)
    under_way: dict[Any, int] = {}
    losses: dict[int, int] = {}
    done = as_completed()

    def submit(number: int) -> None:
        # Not pure: a number that is given out again is a new task, whatever became of the old one.
        future = client.submit(score, pickled, number, pure=False)
        under_way[future] = number
        done.add(future)

    def fill() -> None:
        workers = sum(client.nthreads().values())
        while len(under_way) < _AHEAD * max(workers, 1) and (number := next(waiting, None)) is not None:
            submit(number)

    try:
        fill()
        while under_way:
            future = next(done)
            number = under_way.pop(future)
            try:
                tally.add(future.result())
            except KilledWorker:
                losses[number] = losses.get(number, 0) + 1
                if losses[number] >= _LOSSES:
                    raise SteeralgError(f"candidate {number} took its worker along {_LOSSES} times") from None
                submit(number)
            fill()
    finally:
        client.cancel(list(under_way))
    return tally.ranked
