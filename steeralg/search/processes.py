"""A campaign on several processes of one machine: `run`, shared.

Above: the command line. Below: the engine. A campaign is made anew in every worker by a *factory*, a function without
arguments that can be pickled, such as `partial(MapSearch, trusted_map, seed)`: workers are sent numbers and send back
scores, and only the parent writes the store. A worker that is killed takes nothing along but the candidates under way,
which are done again.
"""

from __future__ import annotations

import os
import pickle
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import lru_cache
from multiprocessing import get_context, parent_process
from threading import Thread, get_ident
from typing import Any

from steeralg.arguments import checked
from steeralg.errors import InputError, SteeralgError
from steeralg.search.campaign import Campaign, Memory, Result, Status, Tally, computed, silent

Factory = Callable[[], Campaign[Any]]

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
"""The variables that numerical libraries read when they are loaded: one thread for each worker."""

_AHEAD = 4
_FRUITLESS = 3


@checked
def run_processes(
    factory: Factory,
    numbers: Sequence[int],
    store: Memory | None = None,
    progress: Callable[[Status], None] = silent,
    *,
    processes: int = 2,
) -> list[Result]:
    """Return what `run(factory(), numbers, store, progress)` returns, computed by some worker processes.

    Scripts need the usual `if __name__ == "__main__":`, since workers are started afresh. Raises InputError for a
    factory that cannot be pickled, SteeralgError if workers die again and again without a single result; errors of the
    campaign come through. On any exception, KeyboardInterrupt included, the store holds what was done.
    """
    if processes < 1:
        raise InputError(f"processes = {processes}: at least 1")
    pickled = pickled_factory(factory)
    tally = Tally(numbers, store, progress)
    fruitless = 0
    while tally.missing:
        before = len(tally.missing)
        try:
            _share(pickled, tally, min(processes, before))
        except BrokenProcessPool:
            fruitless = 0 if len(tally.missing) < before else fruitless + 1
            if fruitless >= _FRUITLESS:
                raise SteeralgError(
                    f"{fruitless} times in a row a worker process died before there was a result; run the campaign in "
                    "one process to see why"
                ) from None
    return tally.ranked


def _share(pickled: bytes, tally: Tally, processes: int) -> None:
    """Compute what is missing, few numbers ahead of the workers. Raises BrokenProcessPool if one dies."""
    context = get_context("spawn")
    with one_thread_each(), ProcessPoolExecutor(processes, context, _begin) as pool:
        waiting = iter(tally.missing)
        under_way: set[Future[Result]] = set()
        try:
            while True:
                while len(under_way) < _AHEAD * processes and (number := next(waiting, None)) is not None:
                    under_way.add(pool.submit(score, pickled, number))
                if not under_way:
                    return
                for future in wait(under_way, return_when=FIRST_COMPLETED).done:
                    under_way.remove(future)
                    tally.add(future.result())
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def pickled_factory(factory: Factory) -> bytes:
    """Return a factory as bytes. Raises InputError if that is not possible."""
    try:
        return pickle.dumps(factory)
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise InputError(
            f"the campaign cannot be sent to another process ({error}); give a function of a module, or a "
            "functools.partial of one, that makes it"
        ) from None


def score(pickled: bytes, number: int) -> Result:
    """Return the result of a candidate of the campaign that a pickled factory makes: what a worker does."""
    return computed(_campaign(pickled, get_ident()), number)


@lru_cache(maxsize=16)
def _campaign(pickled: bytes, _: int) -> Campaign[Any]:
    """Return the campaign of a thread: solvers' workspaces are not to be shared."""
    factory: Factory = pickle.loads(pickled)
    return factory()


def _begin() -> None:
    """Leave the keyboard's signal to the parent, which ends its workers; and end with a parent that is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_follow, daemon=True).start()


def _follow() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


@contextmanager
def one_thread_each() -> Iterator[None]:
    """Let processes that are started meanwhile use one thread each for linear algebra, unless the user chose."""
    chosen = [name for name in THREADS if name not in os.environ]
    os.environ.update(dict.fromkeys(chosen, "1"))
    try:
        yield
    finally:
        for name in chosen:
            os.environ.pop(name, None)
