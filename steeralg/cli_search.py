"""The command `search`: which states make a positive map's image postquantum? Which assemblages are postquantum though
local for all projective measurements?

Above: the command line, which registers it. Below: searches. Exit codes: 0 proved, 2 unusable input, 3 nothing found.
"""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from steeralg.errors import InputError

if TYPE_CHECKING:
    from steeralg.certificates.proof import Proof
    from steeralg.search.campaign import Campaign, Result, Status
    from steeralg.search.functional_search import FunctionalSearch

NOTHING_FOUND = 3
FUNCTIONAL = "functional"
_SECONDS_BETWEEN_LINES = 10


def register(group: click.Group, deliver: Callable[[Proof, Path], None]) -> None:
    """Add the command to a group; `deliver` checks a proof, writes it and prints the theorem."""

    @group.command()
    @click.argument("name", metavar="MAP|functional")
    @click.option("--seed", type=int, default=2026, show_default=True, help="The same seed gives the same candidates.")
    @click.option("--count", type=click.IntRange(min=1), default=200, show_default=True, help="Candidates to try.")
    @click.option("--state", type=click.Path(path_type=Path), help="File that keeps the results, to go on from.")
    @click.option("--processes", type=click.IntRange(1, 256), default=1, show_default=True, help="Worker processes.")
    @click.option("--box", "boxes", multiple=True, help="Settings of a box, alternatives separated by /; repeat.")
    @click.option("--support", type=(int, int), help="Least and largest number of amplitudes [4 8].")
    @click.option("--directions", type=int, help="With functional: directions of the polygon [4].")
    @click.option("--symmetric", is_flag=True, help="With functional: symmetric under permutations of equal boxes.")
    @click.option("--level", default="almost quantum", show_default=True, help="Level of the hierarchy.")
    @click.option("--attempts", type=click.IntRange(min=1), default=10, show_default=True, help="Best ones to certify.")
    @click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Proof file [search-MAP.proof.json].")
    def search(
        name: str,
        seed: int,
        count: int,
        state: Path | None,
        processes: int,
        boxes: tuple[str, ...],
        support: tuple[int, int] | None,
        directions: int | None,
        symmetric: bool,
        level: str,
        attempts: int,
        out: Path | None,
    ) -> None:
        """Search for a postquantum image of a positive map, or for one that is local for measurements; and prove it.

        MAP is a map of the library (choi, breuer-hall, generalised-choi:1,1,0, robertson, tanahashi-tomiyama:4,1, ...)
        or a JSON file with its Choi matrix, {"dims": [d_in, d_out], "matrix": [[...]]}, input first.

        Candidates are sparse states of the black boxes and the map's input. --box X,Z/X+Z,X-Z is a box that measures X
        and Z, or (X+Z)/sqrt2 and (X-Z)/sqrt2; C3,F3 are the computational and the Fourier basis of a qutrit. Two qubits
        are the default. With --state an interrupted search goes on where it was.

        With `functional` in the place of a map, candidates are random functionals (SBCSV15 App. D): from each a climb
        leads to an assemblage of a qubit that is local for all projective measurements. --box 2,2 is a box with two
        settings of two outcomes; two such boxes are the default.
        """
        from steeralg.certificates.compose import postquantum_proof
        from steeralg.search.campaign import prove

        if name == FUNCTIONAL:
            if support is not None:
                raise InputError("--support is about states; a search of functionals has none")
            factory: Callable[[], Campaign[Any]] = partial(
                functional_search, seed, boxes, 4 if directions is None else directions, symmetric, level
            )
        else:
            if directions is not None or symmetric:
                raise InputError("--directions and --symmetric are about `search functional`, not about maps")
            factory = partial(map_search, name, seed, boxes, support, level)
        campaign = factory()
        slug = re.sub(r"[^A-Za-z0-9.]+", "-", Path(name).stem if Path(name).is_file() else name).strip("-")
        target = out or Path(f"search-{slug}.proof.json")
        for other in (Path(name), state):
            if other is not None and (other == target or (target.exists() and _same(target, other))):
                raise InputError(f"{target} is {other} itself; choose another --out")
        results = _results(factory, campaign, count, state, processes)
        if name == FUNCTIONAL:
            _deliver_local(campaign, results, attempts, lambda proof: deliver(proof, target))
            return
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


def map_search(
    name: str, seed: int, boxes: Sequence[str], support: tuple[int, int] | None, level: str
) -> Campaign[Any]:
    """Return the search of a map's images that the arguments ask for."""
    from steeralg.search.map_search import DEFAULT_BOXES, DEFAULT_SUPPORT, MapSearch
    from steeralg.search.maps import named_map, read_map

    is_file = name.endswith(".json") or Path(name).is_file()
    trusted_map = read_map(name) if is_file else named_map(name)
    chosen = tuple(tuple(box.split("/")) for box in boxes) or DEFAULT_BOXES
    return MapSearch(trusted_map, seed, chosen, support or DEFAULT_SUPPORT, level)


def functional_search(
    seed: int, boxes: Sequence[str], directions: int, symmetric: bool, level: str
) -> FunctionalSearch:
    """Return the search of functionals that the arguments ask for. Raises InputError."""
    from steeralg.search.functional_search import DEFAULT_BOXES, FunctionalSearch

    chosen = tuple(map(_outcomes, boxes)) or DEFAULT_BOXES
    return FunctionalSearch(seed, chosen, directions, symmetric=symmetric, level=level)


def _outcomes(box: str) -> tuple[int, ...]:
    if not re.fullmatch(r"[0-9]{1,3}(,[0-9]{1,3})*", box):
        raise InputError(f"--box {box[:40]!r}: write the numbers of outcomes of its settings, as in 2,2")
    return tuple(map(int, box.split(",")))


def _deliver_local(
    campaign: Campaign[Any], results: Sequence[Result], attempts: int, deliver: Callable[[Proof], None]
) -> None:
    """Prove the best result of a search of functionals and say what it is."""
    from steeralg.certificates.compose import postquantum_proof
    from steeralg.search.functional_search import FunctionalSearch, local_examples

    if not isinstance(campaign, FunctionalSearch):
        raise TypeError("this is about searches of functionals")
    found = local_examples(campaign, results, attempts=attempts)
    if not found:
        click.echo(f"none was proved; the largest estimated robustness is {_decimal(results[0])}")
        sys.exit(NOTHING_FOUND)
    best, model = found[0].proven, found[0].model
    click.echo(f"candidate {best.result.number}; estimated robustness before rounding {_decimal(best.result)}")
    click.echo(f"local for all projective measurements: a model with {len(model.directions)} directions was verified")
    source = f"SBCSV15 App. D, steeralg search, seed {campaign.seed}, candidate {best.result.number}"
    deliver(postquantum_proof("search-functional", source, best.postquantum.assemblage, best.postquantum))


def _results(
    factory: Callable[[], Campaign[Any]], campaign: Campaign[Any], count: int, state: Path | None, processes: int
) -> list[Result]:
    """Run a search with progress on standard error, and say what came of it."""
    from steeralg.search.campaign import THRESHOLD, run
    from steeralg.search.processes import run_processes
    from steeralg.search.store import Store

    try:
        memory = nullcontext() if state is None else Store(state, campaign.parameters)
        with memory as store, _progress(count) as progress:
            if processes == 1:
                results = run(campaign, range(count), store, progress)
            else:
                results = run_processes(factory, range(count), store, progress, processes=processes)
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
