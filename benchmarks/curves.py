"""Curves against points one by one: `python benchmarks/curves.py [--points N] [--sample N] [--out FILE] [FAMILY ...]`.

For every family: CPU seconds for each proved point of a curve of robustness and of negativity, how many points were
solved, and the same for some of the points computed from scratch, in one run on one thread; quote the ratios. Widths
are means over the same points; a bracket that is much wider than another one is no match for it.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import fresh

from steeralg.certificates.curves import curve, evenly_spaced
from steeralg.certificates.negativity import negativity
from steeralg.certificates.quantities import Bracket, Negativity, Quantity, Robustness
from steeralg.certificates.robustness import robustness
from steeralg.constructions.assemblage_families import FAMILIES
from steeralg.exact.number import as_number
from steeralg.objects.assemblage import Assemblage, white_noise

DEFAULT = ("breuer-hall", "generalised-choi")
ROBUST, NEGATIVE = Robustness(), Negativity()


def robust(sigma: Assemblage) -> Bracket:
    """Enclose the robustness of one assemblage from scratch."""
    return robustness(sigma, white_noise(sigma.scenario), ROBUST.level, digits=ROBUST.digits)


def negative(sigma: Assemblage) -> Bracket:
    """Enclose the negativity of one assemblage from scratch."""
    return negativity(sigma, NEGATIVE.level, digits=NEGATIVE.digits, blocks=NEGATIVE.blocks)


QUANTITIES: dict[str, tuple[Quantity[Any], Callable[[Assemblage], Bracket]]] = {
    "robustness": (ROBUST, robust),
    "negativity": (NEGATIVE, negative),
}


def main() -> None:
    fresh.on_one_thread()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("families", nargs="*", default=DEFAULT, metavar="FAMILY")
    parser.add_argument("--points", type=int, default=21)
    parser.add_argument("--sample", type=int, default=7, help="points that are computed from scratch, too")
    parser.add_argument("--out", type=Path, help="write all figures as JSON")
    options = parser.parse_args()
    print(
        f"{'family':18} {'quantity':11} {'solved':>7} {'s/point':>9} {'from scratch':>13} {'ratio':>6} {'widths':>19}"
    )
    figures = []
    for name in options.families:
        for quantity in QUANTITIES:
            row = compared(name, quantity, options.points, options.sample)
            figures.append(row)
            print(
                f"{name:18} {quantity:11} {row['solved']:>4}/{options.points:<2} {row['seconds']:9.2f} "
                f"{row['scratch_seconds']:13.2f} {row['ratio']:5.1f}x {row['width']:9.6f} {row['scratch_width']:9.6f}",
                flush=True,
            )
    if options.out:
        options.out.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


def compared(name: str, quantity: str, count: int, sample: int) -> dict[str, Any]:
    """CPU seconds for each point of a curve, and for each of some of its points from scratch, all points verified."""
    what, alone = QUANTITIES[quantity]
    family = FAMILIES[name]
    alone(family(family.first))
    start = time.process_time()
    points = curve(family, what, evenly_spaced(family.first, family.last, count))
    seconds = (time.process_time() - start) / count
    chosen = [points[k * (count - 1) // max(sample - 1, 1)] for k in range(sample)]
    start = time.process_time()
    brackets = [alone(point.assemblage) for point in chosen]
    scratch = (time.process_time() - start) / sample
    for point in points:
        point.verify()
    return {
        "family": name,
        "quantity": quantity,
        "solved": sum(point.is_solved for point in points),
        "seconds": seconds,
        "scratch_seconds": scratch,
        "ratio": scratch / seconds,
        "width": sum(map(width, chosen)) / sample,
        "scratch_width": sum(map(width, brackets)) / sample,
    }


def width(bracket: Bracket) -> float:
    """The width of a bracket, without an upper end infinite."""
    if bracket.upper is None:
        return float("inf")
    ends = (as_number(Fraction(0) if end is None else end).enclosure(64)[0] for end in (bracket.lower, bracket.upper))
    low, high = map(float, ends)
    return high - low


if __name__ == "__main__":
    main()
