"""The command `search`: which states make a positive map's image postquantum?

Above: the command line, which registers it. Below: searches. Exit codes: 0 proved, 2 unusable input, 3 nothing found.
"""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from steeralg.errors import InputError

if TYPE_CHECKING:
    from steeralg.certificates.proof import Proof
    from steeralg.search.campaign import Result, Status
    from steeralg.search.map_search import MapSearch

NOTHING_FOUND = 3
_SECONDS_BETWEEN_LINES = 10


def register(group: click.Group, deliver: Callable[[Proof, Path], None]) -> None:
    """Add the command to a group; `deliver` checks a proof, writes it and prints the theorem."""

    @group.command()
    @click.argument("name", metavar="MAP")
    @click.option("--seed", type=int, default=2026, show_default=True, help="The same seed gives the same candidates.")
    @click.option("--count", type=click.IntRange(min=1), default=200, show_default=True, help="Candidates to try.")
    @click.option("--state", type=click.Path(path_type=Path), help="File that keeps the results, to go on from.")
    @click.option("--box", "boxes", multiple=True, help="Settings of a box, alternatives separated by /; repeat.")
    @click.option("--support", type=(int, int), help="Least and largest number of amplitudes [4 8].")
    @click.option("--level", default="almost quantum", show_default=True, help="Level of the hierarchy.")
    @click.option("--attempts", type=click.IntRange(min=1), default=10, show_default=True, help="Best ones to certify.")
    @click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Proof file [search-MAP.proof.json].")
    def search(
        name: str,
        seed: int,
        count: int,
        state: Path | None,
        boxes: tuple[str, ...],
        support: tuple[int, int] | None,
        level: str,
        attempts: int,
        out: Path | None,
    ) -> None:
        """Search for a postquantum image of a positive map, and prove it.

        MAP is a map of the library (choi, breuer-hall, generalised-choi:1,1,0, robertson, tanahashi-tomiyama:4,1, ...)
        or a JSON file with its Choi matrix, {"dims": [d_in, d_out], "matrix": [[...]]}, input first.

        Candidates are sparse states of the black boxes and the map's input. --box X,Z/X+Z,X-Z is a box that measures X
        and Z, or (X+Z)/sqrt2 and (X-Z)/sqrt2; C3,F3 are the computational and the Fourier basis of a qutrit. Two qubits
        are the default. With --state an interrupted search goes on where it was.
        """
        from steeralg.certificates.compose import postquantum_proof
        from steeralg.search.campaign import prove

        campaign = _campaign(name, seed, boxes, support, level)
        slug = re.sub(r"[^A-Za-z0-9.]+", "-", Path(name).stem if Path(name).is_file() else name).strip("-")
        target = out or Path(f"search-{slug}.proof.json")
        for other in (Path(name), state):
            if other is not None and (other == target or (target.exists() and _same(target, other))):
                raise InputError(f"{target} is {other} itself; choose another --out")
        results = _results(campaign, count, state)
        found = prove(campaign, results, attempts=attempts)
        if not found:
            click.echo(f"none was proved postquantum; the largest estimated robustness is {_decimal(results[0])}")
            sys.exit(NOTHING_FOUND)
        best = found[0]
        text = f"candidate {best.result.number}: {best.candidate}"
        click.echo(f"{text}; estimated robustness {_decimal(best.result)}")
        source = f"the image under {name}, steeralg search, seed {seed}, {text}"
        sigma = best.postquantum.assemblage
        deliver(postquantum_proof(f"search-{slug}", source, sigma, best.postquantum), target)


def _campaign(name: str, seed: int, boxes: Sequence[str], support: tuple[int, int] | None, level: str) -> MapSearch:
    """Return the search that the arguments ask for."""
    from steeralg.search.map_search import DEFAULT_BOXES, DEFAULT_SUPPORT, MapSearch
    from steeralg.search.maps import named_map, read_map

    is_file = name.endswith(".json") or Path(name).is_file()
    trusted_map = read_map(name) if is_file else named_map(name)
    chosen = tuple(tuple(box.split("/")) for box in boxes) or DEFAULT_BOXES
    return MapSearch(trusted_map, seed, chosen, support or DEFAULT_SUPPORT, level)


def _results(campaign: MapSearch, count: int, state: Path | None) -> list[Result]:
    """Run a search with progress on standard error, and say what came of it."""
    from steeralg.search.campaign import THRESHOLD, run
    from steeralg.search.store import Store

    try:
        memory = nullcontext() if state is None else Store(state, campaign.parameters)
        with memory as store, _progress(count) as progress:
            results = run(campaign, range(count), store, progress)
    except KeyboardInterrupt:
        click.echo("interrupted" + ("" if state is None else f"; the same command goes on from {state}"), err=True)
        sys.exit(NOTHING_FOUND)
    promising = sum(result.score > THRESHOLD for result in results)
    click.echo(f"{promising} of {count} candidates look postquantum")
    return results


def _same(one: Path, other: Path) -> bool:
    return other.exists() and os.path.samefile(one, other)


def _decimal(result: Result) -> str:
    from steeralg.exact.number import Number

    return Number.of(result.score).decimal(4)


@contextmanager
def _progress(count: int) -> Iterator[Callable[[Status], None]]:
    """Report on standard error: a bar on a terminal, now and then a line elsewhere."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _lines()
        return
    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=console) as bar:
        task = bar.add_task("", total=count)
        yield lambda status: bar.update(task, completed=status.done, description=_best(status))


def _lines() -> Callable[[Status], None]:
    last = time.monotonic()

    def report(status: Status) -> None:
        nonlocal last
        if time.monotonic() - last > _SECONDS_BETWEEN_LINES:
            last = time.monotonic()
            click.echo(f"... {status.done} of {status.count} candidates, {_best(status)}", err=True)

    return report


def _best(status: Status) -> str:
    if status.best is None:
        return ""
    return f"best: {status.best.number} with estimated robustness {_decimal(status.best)}"
