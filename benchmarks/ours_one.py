"""One problem of steeralg's pipeline in a process of its own: `python ours_one.py GROUP NAME` prints a line of JSON.

Called by `run.py`. CPU seconds of every stage, after the imports and a small problem. A short problem is repeated after
a first run, in three batches, since the clock may be coarse; means over the batch with the median
total. `peak_mb` is the peak resident memory of the process, `idle_mb` what it was before the problem.
"""

from __future__ import annotations

import json
import sys
from dataclasses import fields, replace
from fractions import Fraction
from math import ceil

import fresh
import ours
import ours_large

import steeralg as sa

SEED, SHORT_SECONDS, BATCH_SECONDS, BATCHES = 10, 1.0, 0.2, 3

SHARED: dict[str, ours_large.Problem] = {
    "breuer-hall": lambda: ours.membership(sa.saphs18.breuer_hall()),
    "random": lambda: ours.bound(ours.random_functional(SEED), Fraction(1, 10_000)),
}
GROUPS = {
    "shared": lambda: SHARED,
    "larger": ours_large.larger,
    "scenarios": ours.every_scenario,
    "boxes": ours_large.boxes,
    "settings": ours_large.settings,
    "levels": ours_large.levels,
}


def main() -> None:
    group, name = sys.argv[1:]
    ours.membership(ours.noisy_pr_box(2, 2, 2))
    idle, problem = fresh.peak_mb(), GROUPS[group]()[name]
    fresh.limit(300)
    first = problem()
    stages, runs = mean([first]), 1
    if first.total < SHORT_SECONDS:
        runs = ceil(BATCH_SECONDS / max(first.total, 0.005))
        stages = ours.median_stages([mean([problem() for _ in range(runs)]) for _ in range(BATCHES)])
    figures = vars(stages) | {"total": stages.total, "runs": runs, "idle_mb": idle, "peak_mb": fresh.peak_mb()}
    print(json.dumps(figures))


def mean(runs: list[ours.Stages]) -> ours.Stages:
    """The mean seconds of every stage."""
    times = {
        f.name: sum(getattr(r, f.name) for r in runs) / len(runs) for f in fields(ours.Stages) if f.type == "float"
    }
    return replace(runs[0], **times)


if __name__ == "__main__":
    main()
