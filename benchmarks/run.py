"""All benchmarks by one command: `python benchmarks/run.py --out FILE [--quick] [--mompy PYTHON] [--toqito PYTHON]`.

Measures steeralg stage by stage, then, in the same run and on one thread, the peers' floating-point build + solve of
the same relaxations, every problem in a process of its own so that peak memory means something. Each peer lives in an
environment of its own (toqito pins old versions of what MoMPy can use): an option names its Python; without it one is
made, from the package index. Figures are CPU seconds; quote the ratios. `results.py` makes the table in RESULTS.md.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import fresh
import machine
import models
import ours_one
import peers
import positivity

import steeralg as sa

HERE = Path(__file__).resolve().parent
SECONDS = 300
PEERS = ("MoMPy", "toqito")
QUICK = {"shared": 2, "larger": 2, "scenarios": 7, "boxes": 2, "settings": 2, "levels": 2}
CHECKS = 10
Row = dict[str, object]


def main() -> None:
    fresh.on_one_thread()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="no peers, few problems")
    for peer in PEERS:
        parser.add_argument(f"--{peer.lower()}", help=f"Python of an environment with {peer}")
    parser.add_argument("--out", type=Path, required=True, help="write all figures as JSON")
    options = parser.parse_args()
    start, figures = time.monotonic(), {"machine": machine.facts()}

    def keep(**found: object) -> None:
        figures.update(found)
        figures["machine"]["minutes"] = round((time.monotonic() - start) / 60, 1)
        options.out.write_text(compact(figures), encoding="utf-8")

    keep(ours=own_figures(options.quick), checker=checker())
    with tempfile.TemporaryDirectory() as folder:
        pythons = (
            {}
            if options.quick
            else {p: getattr(options, p.lower()) or fresh.environment(Path(folder), p) for p in PEERS}
        )
        rows: list[Row] = []
        for peer, python in pythons.items():
            figures["machine"]["versions"][peer] = machine.versions(python, machine.PEERS[peer])
            rows += note(peers.shared(python, peer)) + note(peers.larger(python, peer))
            keep(peers=rows)
        keep(positivity=positivity.figures(pythons.get("toqito"), quick=options.quick))
    keep(models=models.figures(quick=options.quick))


def own_figures(quick: bool) -> list[Row]:
    """Every problem of steeralg's, in a process of its own."""
    rows: list[Row] = []
    for group, problems in ours_one.GROUPS.items():
        for name in list(problems())[: QUICK.get(group, 0) if quick else None]:
            command = [sys.executable, str(HERE / "ours_one.py"), group, name]
            rows += note([{"group": group, "name": name} | fresh.in_child(command, SECONDS)])
    return rows


def note(rows: list[Row]) -> list[Row]:
    """Say on the way what was measured."""
    for row in rows:
        seconds = row.get("total", row.get("cpu_seconds"))
        said = "-" if seconds is None else f"{seconds:.4g} s"
        what = [row.get(key) for key in ("name", "peer", "form", "solver") if key in row]
        print(*what, said, row.get("result", row.get("value")), row.get("status", ""), flush=True)
    return rows


def checker() -> Row:
    """CPU seconds of a process `check.py` on a Breuer-Hall proof: all, and up to where it has been loaded."""
    proof = sa.postquantum_proof("benchmark", "benchmark", *_certified())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "proof.json"
        proof.save(path)
        script = str(HERE.parent / "proofs" / "check.py")
        whole = _process(script, str(path))
    loaded = _process("-c", f"import runpy; runpy.run_path({script!r})")
    figures = {"process": whole, "loaded": loaded, "interpreter": _process("-c", "pass")}
    return figures | {"bytes": len(proof.to_bytes())}


def _certified() -> tuple[sa.Assemblage, sa.Postquantum]:
    sigma = sa.saphs18.breuer_hall()
    return sigma, sa.certify(sigma).witness


def _process(*arguments: str) -> float:
    """Mean CPU seconds of isolated Python processes."""
    start = _children()
    for _ in range(CHECKS):
        subprocess.run([sys.executable, "-I", *arguments], check=True, stdout=subprocess.DEVNULL)
    return (_children() - start) / CHECKS


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def compact(figures: Row) -> str:
    """JSON with one line for each row, four digits of every figure, and only what a table needs."""
    lines = []
    for key, value in figures.items():
        if isinstance(value, list):
            rows = ",\n  ".join(json.dumps(_short(row)) for row in value)
            lines.append(f' "{key}": [\n  {rows}\n ]' if value else f' "{key}": []')
        else:
            lines.append(f' "{key}": {json.dumps(_short(value))}')
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _short(row: Row) -> Row:
    dropped = ("version", "cvxpy", "seed", "solver_version", "total_seconds")
    kept = {key: value for key, value in row.items() if key not in dropped}
    exact = ("value", "error", "load", "memory_gb")
    return {k: float(f"{v:.4g}") if isinstance(v, float) and k not in exact else v for k, v in kept.items()}


if __name__ == "__main__":
    main()
