"""The throughput of searches: `python benchmarks/search.py [--count N] [--processes 1 2 ...] [--out FILE]`.

For every kind of search: candidates per second of one core, the solvers' share of that time, and how the rate grows
with the number of processes, all in one run and with one thread each; quote the ratios. The rates of several processes
are measured over the time between the first and the last result, so that starting the workers does not count.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import fresh
import numpy as np

from steeralg.constructions.saphs18 import breuer_hall_map
from steeralg.maps.library import choi
from steeralg.objects.scenario import Scenario
from steeralg.sdp import local_programs
from steeralg.sdp.alternating import MembershipSolver
from steeralg.sdp.relaxation import Relaxation
from steeralg.sdp.steered import Steered
from steeralg.search import Campaign, FunctionalSearch, MapSearch, ScenarioSearch, run, run_processes, states
from steeralg.search.campaign import Status
from steeralg.search.measurements import settings

SEED = 2026
TWO_BOXES = ("X,Z", "X+Z,X-Z")
SEARCHES: dict[str, Callable[[], Campaign[Any]]] = {
    # Two boxes with two settings of two outcomes, D = 4, level 1+AB: moment matrices of order 36.
    "Breuer-Hall-sized": partial(MapSearch, breuer_hall_map(), SEED),
    "functionals (App. D)": partial(FunctionalSearch, SEED),
    "functionals, 8 directions": partial(FunctionalSearch, SEED, directions=8),
    "states under the Choi map": partial(MapSearch, choi(), SEED),
    "two trusted parties": partial(ScenarioSearch, "trusted-parties", SEED),
    "the same, two boxes": partial(ScenarioSearch, "trusted-parties", SEED, TWO_BOXES),
    "Bob with input": partial(ScenarioSearch, "input", SEED),
    "instrumental": partial(ScenarioSearch, "instrumental", SEED),
}


def main() -> None:
    fresh.on_one_thread()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=200, help="candidates for each search and number of processes")
    parser.add_argument("--processes", type=int, nargs="*", default=[1, 2])
    parser.add_argument("--out", type=Path, help="write all figures as JSON")
    options = parser.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the start: the processes need idle cores")
    print(f"{'search':28} {'per s and core':>14} {'solver':>7}  rate by processes, and over that of the first")
    figures = {}
    for name, factory in SEARCHES.items():
        rate, share = one_core(factory, options.count)
        rates = {n: shared(factory, options.count, n) for n in options.processes}
        first = next(iter(rates.values()), rate)
        scaling = "  ".join(f"{n}: {r:.1f}/s ({r / first:.2f}x)" for n, r in rates.items())
        print(f"{name:28} {rate:14.1f} {share:7.0%}  {scaling}", flush=True)
        figures[name] = {"per_second_and_core": rate, "solver_share": share, "rates": rates}
    cold, warm = nearby(options.count)
    print(f"nearby problems of that size: {cold:.1f}/s one by one, {warm:.1f}/s if each starts from the one before")
    figures["nearby"] = {"cold": cold, "warm": warm}
    if options.out:
        options.out.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


def one_core(factory: Callable[[], Campaign[Any]], count: int) -> tuple[float, float]:
    """Candidates per second of CPU time, after a warm-up, and the share of it that solvers take."""
    campaign = factory()
    run(campaign, range(count, count + 3))
    with solver_seconds() as spent:
        start = time.process_time()
        run(campaign, range(count))
        seconds = time.process_time() - start
    return count / seconds, sum(spent) / seconds


def nearby(count: int) -> tuple[float, float]:
    """Problems per second of CPU time on a path of states, each started cold, and each from the one before."""
    trusted_map, boxes = breuer_hall_map(), [settings(name) for name in TWO_BOXES]
    ends = [np.array(list(map(complex, amplitudes))) / 2 for amplitudes in islice(states(16, SEED, 4), 5)]
    weights = np.linspace(0, 4, count, endpoint=False)
    path = [(1 - w % 1) * ends[int(w)] + w % 1 * ends[int(w) + 1] for w in weights]
    relaxation = Relaxation.build(Scenario.of([(2, 2), (2, 2)], 4), "almost quantum")
    steered, solver = Steered(relaxation.observation, boxes, [trusted_map]), MembershipSolver(relaxation)
    problems = [solver.constant(relaxation.observable_moments(steered.moments(state))) for state in path]
    start = time.process_time()
    for problem in problems:
        solver.solve(problem)
    middle, last = time.process_time(), None
    for problem in problems:
        last = solver.solve(problem, last)
    return count / (middle - start), count / (time.process_time() - middle)


def shared(factory: Callable[[], Campaign[Any]], count: int, processes: int) -> float:
    """Candidates per second of wall-clock time of some processes, once all of them can have begun."""
    moments: list[float] = []

    def note(_: Status) -> None:
        moments.append(time.perf_counter())

    run_processes(factory, range(count), None, note, processes=processes)
    begun = min(len(moments) // 4, 10 * processes)
    return (len(moments) - 1 - begun) / (moments[-1] - moments[begun])


@contextmanager
def solver_seconds() -> Iterator[list[float]]:
    """Collect the CPU seconds of all membership problems and of every call of HiGHS."""
    spent: list[float] = []

    def timed(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            start = time.process_time()
            try:
                return function(*arguments, **options)
            finally:
                spent.append(time.process_time() - start)

        return call

    solve, program = MembershipSolver.solve, local_programs.milp
    MembershipSolver.solve, local_programs.milp = timed(solve), timed(program)
    try:
        yield spent
    finally:
        MembershipSolver.solve, local_programs.milp = solve, program


if __name__ == "__main__":
    main()
