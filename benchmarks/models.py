"""Classical explanations, found exactly and guessed in floats: `python models.py [--quick] [--out FILE]`.

For each problem (boxes, settings x outcomes; D the trusted dimension, v a visibility) the CPU seconds of steeralg's
verdict with its verified witness, and of the proof file with the independent check; then, in the same run, those of the
same decision in floats (`peers_models.py`). Every figure is taken on one thread in a fresh process after the imports.
Whether a float verdict is right is known from the proof. Quote the ratios.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

import fresh
from ours_models import PROBLEMS
from positivity import Row, show

import steeralg as sa
from steeralg.sdp.basis import to_array

HERE = Path(__file__).resolve().parent
QUICK = [name for name in PROBLEMS if not name.startswith(("LHS", "negativity"))]


def main() -> None:
    fresh.on_one_thread()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="no peers, no semidefinite programs")
    parser.add_argument("--out", type=Path, help="write all figures as JSON")
    options = parser.parse_args()
    rows = figures(quick=options.quick)
    if options.out:
        options.out.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


def figures(quick: bool) -> list[Row]:
    """Measure and print: steeralg, and the same decisions in floats."""
    print(f"{'models':26} {'tool':26} {'CPU s':>8} {'exact/float':>11}  verdict")
    rows: list[Row] = []
    for name in QUICK if quick else PROBLEMS:
        own = fresh.in_child([sys.executable, str(HERE / "ours_models.py"), name])
        rows.append({"problem": name, "tool": "steeralg", **own})
        show(f"{name:26}", "steeralg", own.get("decide_seconds"), "", f"{own.get('verdict')}, {own['status']}")
        show(f"{'':26}", "  proof file and check.py", own.get("check_seconds"), "", "")
        for method in () if quick else PROBLEMS[name].peers:
            peer = guess(method, PROBLEMS[name].data())
            peer["right"], ratio = peer.get("verdict") == own.get("verdict"), ""
            if peer["right"] and "decide_seconds" in own:
                peer["ratio"] = own["decide_seconds"] / peer["seconds"]
                ratio = f"{peer['ratio']:.2f}"
            wrong = "" if peer["right"] or peer.get("verdict") in (None, "undecided") else "WRONG: "
            text = wrong + ", ".join(filter(None, (peer.get("verdict"), peer["status"])))
            show(f"{'':26}", method, peer.get("seconds"), ratio, text)
            rows.append({"problem": name, "tool": method, **peer})
    return rows


def guess(method: str, sigma: sa.Assemblage) -> Row:
    """The verdict in floats about an assemblage."""
    floats = [to_array(matrix) for matrix in sigma.elements.values()]
    data = {
        "outcomes": [list(box.outcomes) for box in sigma.scenario.black_boxes],
        "re": [m.real.tolist() for m in floats],
        "im": [m.imag.tolist() for m in floats],
        "directions": [[float(c) for c in v] for v in sa.sbcsv15.table_1_directions()],
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "assemblage.json"
        path.write_text(json.dumps(data), encoding="utf-8")
        return fresh.in_child([sys.executable, str(HERE / "peers_models.py"), method, str(path)])


if __name__ == "__main__":
    main()
