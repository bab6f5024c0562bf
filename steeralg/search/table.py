"""Which maps of the library give postquantum assemblages: `python -m steeralg.search.table`.

Above: nothing. Below: the search. Every row is searched for and proved when the table is made; "none" says that these
candidates gave nothing, not that there is nothing.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

from steeralg.exact.number import Number
from steeralg.search.campaign import Proven, Result, Status, prove, run, silent
from steeralg.search.map_search import DEFAULT_BOXES, MapCandidate, MapSearch
from steeralg.search.maps import named_map

THREE_SETTINGS = (("X,Y,Z",), ("X,Y,Z",))
LIBRARY = (
    ("choi", DEFAULT_BOXES),
    ("generalised-choi:1,0,1", DEFAULT_BOXES),
    ("generalised-choi:1,1/4,3/4", DEFAULT_BOXES),
    ("generalised-choi:3/2,1/2,0", DEFAULT_BOXES),
    ("generalised-choi:3/4,1/4,1", DEFAULT_BOXES),
    ("generalised-choi:1/2,3/2,1/4", THREE_SETTINGS),
    ("breuer-hall", DEFAULT_BOXES),
    ("robertson", DEFAULT_BOXES),
    ("tanahashi-tomiyama:4,1", DEFAULT_BOXES),
    ("tanahashi-tomiyama:4,2", DEFAULT_BOXES),
    ("tanahashi-tomiyama:5,1", THREE_SETTINGS),
    ("tanahashi-tomiyama:5,2", THREE_SETTINGS),
    ("tanahashi-tomiyama:5,3", THREE_SETTINGS),
    ("subunitary-reduction:5", DEFAULT_BOXES),
)
"""Maps that are positive and, by the sources in `maps.library`, not decomposable, and what the boxes measure."""


@dataclass(frozen=True, eq=False)
class Row:
    """The outcome of one map's search: its best result, and the best one that is proved postquantum, if any."""

    name: str
    count: int
    best: Result
    proven: Proven[MapCandidate] | None


def rows(
    maps: Iterable[tuple[str, tuple[tuple[str, ...], ...]]] = LIBRARY,
    *,
    seed: int = 2026,
    count: int = 400,
    progress: Callable[[str, Status], None] | None = None,
) -> Iterator[Row]:
    """Search the first `count` >= 1 candidates of a seed for every map and its boxes, and prove the best one."""
    for name, boxes in maps:
        campaign = MapSearch(named_map(name), seed, boxes)
        results = run(campaign, range(count), progress=silent if progress is None else partial(progress, name))
        yield Row(name, count, results[0], next(iter(prove(campaign, results)), None))


def markdown(table: Iterable[Row], seed: int) -> str:
    """Return the table in Markdown: exact values below exact bounds, estimated robustness."""
    lines = [f"| map | candidate of seed {seed} | robustness | value | quantum bound |", "|---|---|---|---|---|"]
    for row in table:
        robustness = f"about {_decimal((row.proven.result if row.proven else row.best).score)}"
        if row.proven is None:
            lines.append(f"| {row.name} | none of the first {row.count} | {robustness} | | |")
        else:
            found = row.proven.postquantum
            candidate = f"{row.proven.result.number}: {row.proven.candidate}".replace("|", "\\|")
            lines.append(f"| {row.name} | {candidate} | {robustness} | {found.value} | {found.bound} |")
    return "\n".join(lines)


def _decimal(score: Fraction) -> str:
    return Number.of(score).decimal(4)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table; how far it is goes to standard error."""
    parser = argparse.ArgumentParser(description="Which maps of the library give postquantum assemblages?")
    parser.add_argument("maps", nargs="*", help="names of maps, tried with two settings [those of the library]")
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--count", type=int, default=400, help="candidates for each map")
    chosen = parser.parse_args(arguments)

    def progress(name: str, status: Status) -> None:
        if status.done % 100 == 0:
            print(f"{name}: {status.done} of {status.count}", file=sys.stderr)

    maps = [(name, DEFAULT_BOXES) for name in chosen.maps] or LIBRARY
    print(markdown(rows(maps, seed=chosen.seed, count=chosen.count, progress=progress), chosen.seed))


if __name__ == "__main__":
    main()
