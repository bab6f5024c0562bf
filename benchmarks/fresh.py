"""Measuring in fresh processes: one thread, CPU seconds after the imports, limits, an environment for every peer.

Standard library only: every tool's environment imports it.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
import venv
from collections.abc import Callable, Sequence
from math import ceil
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS"), "1")
SHORT_SECONDS, BATCH_SECONDS = 2.0, 0.1
LIMIT_SECONDS, LIMIT_GIGABYTES = 20, 8


def on_one_thread() -> None:
    """Start this process again on one thread: the libraries read these variables once, when they are loaded."""
    if any(os.environ.get(name) != "1" for name in ONE_THREAD):
        os.execve(sys.executable, [sys.executable, *sys.argv], os.environ | ONE_THREAD)


def environment(folder: Path, package: str) -> str:
    """Make an environment with a package and solvers, from the package index, and return its Python."""
    venv.create(folder / package, with_pip=True)
    python = str(folder / package / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "--quiet", package, "cvxpy", "clarabel", "cvxopt"], check=True)
    return python


def limit(seconds: int = LIMIT_SECONDS) -> None:
    """Let this process be ended when it goes over the limits: CPU seconds from now on, memory in all."""
    used, memory = int(time.process_time()) + 1, LIMIT_GIGABYTES << 30
    resource.setrlimit(resource.RLIMIT_CPU, (used + seconds, used + seconds + 5))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def measured(run: Callable[[], T]) -> tuple[T, float]:
    """The result and the CPU seconds of a run; of a short one, the median of three after a first one.

    Very short ones are repeated in batches, since the clock may be coarse.
    """
    result, first = _batch(run, 1)
    if first > SHORT_SECONDS:
        return result, first
    count = ceil(BATCH_SECONDS / max(first, 0.001))
    return result, sorted(_batch(run, count)[1] for _ in range(3))[1]


def peak_mb() -> float:
    """The peak resident memory of this process in MB, interpreter and libraries included.

    What getrusage reports may be the parent's peak, which a process begins with; Linux also tells its own.
    """
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
        return int(status.split("VmHWM:")[1].split()[0]) / 1024
    except (OSError, IndexError):
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak / 2**20 if sys.platform == "darwin" else peak / 2**10


def _batch(run: Callable[[], T], count: int) -> tuple[T, float]:
    start = time.process_time()
    results = [run() for _ in range(count)]
    return results[0], (time.process_time() - start) / count


def in_child(command: Sequence[str], seconds: int = LIMIT_SECONDS) -> dict[str, object]:
    """Run a command that prints a JSON object; where it was ended, by its limit or else, `status` says why."""
    done = subprocess.run(command, env=os.environ | ONE_THREAD, capture_output=True, text=True)
    if done.returncode == -signal.SIGXCPU:
        return {"status": f"over {seconds} s"}
    if done.returncode == -signal.SIGABRT or "MemoryError" in done.stderr:
        return {"status": f"over {LIMIT_GIGABYTES} GB"}
    if done.returncode:
        return {"status": (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]}
    found: dict[str, object] = json.loads(done.stdout.strip().splitlines()[-1])
    return found
