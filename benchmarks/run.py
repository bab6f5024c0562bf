"""All benchmarks by one command: `python benchmarks/run.py [--quick] [--mompy PYTHON] [--toqito PYTHON] [--out FILE]`.

Measures steeralg stage by stage, then, in the same run and on one thread, the peers' floating-point build + solve of
the same relaxation. Each peer lives in an environment of its own (toqito pins old versions of what MoMPy can use): an
option names its Python; without it one is made, from the package index. Figures are medians of CPU seconds; quote the
ratios. Also prints how the cost grows with settings, outcomes and dimension, and the tables of `positivity.py` and
`models.py`.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from fractions import Fraction
from itertools import product
from pathlib import Path

import fresh
import models
import ours
import positivity

import steeralg as sa

HERE = Path(__file__).resolve().parent
SEED = 10
PEERS = {"mompy": "MoMPy", "toqito": "toqito"}


def main() -> None:
    fresh.on_one_thread()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="no peers, smallest sizes only")
    for peer in PEERS:
        parser.add_argument(f"--{peer}", help=f"Python of an environment with {peer}")
    parser.add_argument("--out", type=Path, help="write all figures as JSON")
    parser.add_argument("--growth", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.growth:
        print(json.dumps(growth_point(*map(int, options.growth.split(",")))))
        return
    figures: dict[str, object] = {"ours": own_figures()}
    with tempfile.TemporaryDirectory() as folder:
        pythons = (
            {}
            if options.quick
            else {p: getattr(options, p) or fresh.environment(Path(folder), PEERS[p]) for p in PEERS}
        )
        if pythons:
            figures["peers"] = peer_figures(pythons)
            compare(figures)
        figures["positivity"] = positivity.figures(pythons.get("toqito"), quick=options.quick)
    figures["models"] = models.figures(quick=options.quick)
    figures["scenarios"] = scenario_figures()
    figures["growth"] = growth(quick=options.quick)
    if options.out:
        options.out.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


def own_figures() -> dict[str, dict[str, object]]:
    """Medians of five runs after a warm-up, for the two shared problems, and the checker as a fresh process."""
    sigma, functional = sa.saphs18.breuer_hall(), ours.random_functional(SEED)
    problems = {
        "breuer-hall": lambda: ours.membership(sigma),
        "random": lambda: ours.bound(functional, Fraction(1, 10_000)),
    }
    result: dict[str, dict[str, object]] = {}
    print(f"{'steeralg':14} {'build':>9} {'solve':>9} {'round+verify':>13} {'check':>9} {'total':>9}  result")
    for name, problem in problems.items():
        problem()
        s = ours.median_stages([problem() for _ in range(5)])
        stages = f"{s.build:9.4f} {s.solve:9.4f} {s.round_and_verify:13.4f} {s.check:9.4f} {s.total:9.4f}"
        print(f"{name:14} {stages}  {s.result}")
        print(f"{'  of the solver':14} {s.build / s.solve:8.2f}x {'':9} {s.round_and_verify / s.solve:12.2f}x")
        result[name] = vars(s) | {"total": s.total}
    result["check.py"] = {"seconds": checker_process(sigma)}
    print(f"check.py on Breuer-Hall, a fresh process: {result['check.py']['seconds']:.3f} s")
    return result


def scenario_figures() -> dict[str, dict[str, object]]:
    """One complete exact proof for each kind of scenario: where the time goes, and the solver's share."""
    result: dict[str, dict[str, object]] = {}
    columns = "".join(f" {c:>9}" for c in ("order", "build", "solve", "round", "check", "total", "solver"))
    print(f"{'every scenario':24}{columns}  result")
    for name, problem in ours.every_scenario().items():
        problem()
        s = ours.median_stages([problem() for _ in range(3)])
        share = s.solve / s.total
        print(
            f"{name:24} {s.order:9} {s.build:9.4f} {s.solve:9.4f} {s.round_and_verify:9.4f} {s.check:9.4f} "
            f"{s.total:9.4f} {share:9.0%}  {s.result}"
        )
        result[name] = vars(s) | {"total": s.total, "solver_share": share}
    return result


def checker_process(sigma: sa.Assemblage) -> float:
    """Median wall-clock seconds of `python3 -I proofs/check.py` on a Breuer-Hall proof."""
    found = sa.certify(sigma)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "proof.json"
        sa.postquantum_proof("benchmark", "benchmark", sigma, found.witness).save(path)
        seconds = []
        for _ in range(5):
            start = time.perf_counter()
            command = [sys.executable, "-I", str(HERE.parent / "proofs" / "check.py"), str(path)]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            seconds.append(time.perf_counter() - start)
    return sorted(seconds)[len(seconds) // 2]


def peer_figures(pythons: dict[str, str]) -> list[dict[str, object]]:
    """Run the peers' scripts and collect their lines."""
    rows: list[dict[str, object]] = []
    for peer, python in pythons.items():
        for problem in ("breuer-hall", "random"):
            command = [python, str(HERE / f"peers_{peer}.py"), problem, "--seed", str(SEED)]
            output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
            rows += [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    keys = ("peer", "problem", "solver", "build_seconds", "solve_seconds", "cpu_seconds", "value", "status")
    for row in rows:
        print(
            "  ".join(f"{row.get(key):.4g}" if isinstance(row.get(key), float) else str(row.get(key)) for key in keys)
        )
    return rows


def compare(figures: dict[str, object]) -> None:
    """Print how the complete exact proof compares with each peer's fastest accurate floats."""
    for problem in ("breuer-hall", "random"):
        own = figures["ours"][problem]["total"]
        for row in figures["peers"]:
            if row["problem"] == problem and row.get("figure"):
                ratio = own / row["cpu_seconds"]
                print(f"{problem}: exact proof / {row['peer']} floats ({row['solver']}) = {ratio:.3f}")


def growth(quick: bool) -> list[dict[str, object]]:
    """Measure noisy PR boxes of growing size, each in a process of its own so that peak memory means something."""
    sizes = [(2, 2, 2)] if quick else [(m, d, dim) for m, d, dim in product((2, 3, 4), (2, 3), (2, 3, 4))]
    narrow, wide = ("words", "order"), ("build", "solve", "round", "check", "MB")
    print(f"{'settings,outcomes,D':20}" + "".join(f" {c:>6}" for c in narrow) + "".join(f" {c:>8}" for c in wide))
    rows = []
    for size in sizes:
        command = [sys.executable, str(HERE / "run.py"), "--growth", ",".join(map(str, size))]
        row = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
        rows.append(row)
        print(
            f"{size!s:20} {row['words']:6} {row['order']:6} {row['build']:8.3f} {row['solve']:8.3f} "
            f"{row['round_and_verify']:8.3f} {row['check']:8.3f} {row['peak_mb']:8.0f}"
        )
    return rows


def growth_point(settings: int, outcomes: int, dim: int) -> dict[str, object]:
    """One size, warmed up on the smallest problem."""
    ours.membership(ours.noisy_pr_box(2, 2, 2))
    stages = ours.membership(ours.noisy_pr_box(settings, outcomes, dim))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return vars(stages) | {"size": [settings, outcomes, dim], "peak_mb": peak}


if __name__ == "__main__":
    main()
