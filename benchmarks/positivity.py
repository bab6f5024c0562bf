"""Positivity, proved exactly and guessed in floats: `python positivity.py [--quick] [--toqito PYTHON] [--out FILE]`.

For each problem the CPU seconds of steeralg's verdict with its verified witness, and of the proof file with the
independent check; then, in the same run, those of the peers' verdicts. Every figure is taken on one thread in a fresh
process after the imports. Whether a peer's verdict is right is known from the proof. Quote the ratios.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

import fresh
from ours_positivity import PROBLEMS

import steeralg as sa
from steeralg.sdp.basis import to_array

HERE = Path(__file__).resolve().parent
QUICK = [name for name in PROBLEMS if name != "Breuer-Hall, d = 6"]
METHODS = ("toqito is_positive", "toqito is_block_positive", "extension SCS", "extension CLARABEL")
Row = dict[str, object]


def main() -> None:
    fresh.on_one_thread()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="no peers, no large problem")
    parser.add_argument("--toqito", help="Python of an environment with toqito; without it one is made")
    parser.add_argument("--out", type=Path, help="write all figures as JSON")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        python = None if options.quick else options.toqito or fresh.environment(Path(folder), "toqito")
        rows = figures(python, quick=options.quick)
    if options.out:
        options.out.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


def figures(python: str | None, quick: bool) -> list[Row]:
    """Measure and print: steeralg, and the peers in the environment of a Python if one is given."""
    print(f"{'positivity':20} {'tool':26} {'CPU s':>8} {'exact/float':>11}  verdict")
    rows: list[Row] = []
    for name in QUICK if quick else PROBLEMS:
        own = fresh.in_child([sys.executable, str(HERE / "ours_positivity.py"), name])
        decide, check = own.get("decide_seconds"), own.get("check_seconds")
        rows.append({"problem": name, "tool": "steeralg", **own})
        show(name, "steeralg", decide, "", f"{own.get('verdict')}, {own['status']}")
        show("", "  proof file and check.py", check, "", "")
        for method in METHODS if python else ():
            peer = guess(python, method, PROBLEMS[name]())
            peer["right"] = peer.get("verdict") == own.get("verdict")
            seconds, ratio = peer.get("seconds"), ""
            if peer["right"] and seconds:
                peer["ratio"] = decide / seconds
                ratio = f"{peer['ratio']:.2f}"
            wrong = "" if peer["right"] or peer.get("verdict") in (None, "undecided") else "WRONG: "
            show("", method, seconds, ratio, wrong + ", ".join(filter(None, (peer.get("verdict"), peer["status"]))))
            rows.append({"problem": name, "tool": method, **peer})
    return rows


def show(problem: str, tool: str, seconds: float | None, ratio: str, text: str) -> None:
    print(
        f"{problem:20} {tool:26} {'-' if seconds is None else format(seconds, '.3g'):>8} {ratio:>11}  {text}".rstrip()
    )


def guess(python: str, method: str, operator: sa.Operator) -> Row:
    """The verdict of a peer on the floats of an operator."""
    floats = to_array(operator.matrix)
    data = {"dims": operator.dims, "re": floats.real.tolist(), "im": floats.imag.tolist()}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "operator.json"
        path.write_text(json.dumps(data), encoding="utf-8")
        return fresh.in_child([python, str(HERE / "peers_positivity.py"), method, str(path)])


if __name__ == "__main__":
    main()
