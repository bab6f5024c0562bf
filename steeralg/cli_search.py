"""The command `search`: which states make a positive map's image postquantum? Which assemblages are postquantum though
local for all projective measurements? And which of other scenarios, under positive maps?

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

from steeralg.cli_common import LEVEL_HELP, UNDECIDED, deliver, out_option, working
from steeralg.errors import InputError

if TYPE_CHECKING:
    from steeralg.certificates.proof import Proof
    from steeralg.search.campaign import Campaign, Proven, Result, Status
    from steeralg.search.functional_search import FunctionalSearch
    from steeralg.search.map_search import MapSearch

FUNCTIONAL, SCENARIOS = "functional", ("trusted-parties", "input", "instrumental")
_SECONDS_BETWEEN_LINES = 10


def register(group: click.Group) -> None:
    """Add the command to a group."""

    @group.command()
    @click.argument("name", metavar="MAP|functional|" + "|".join(SCENARIOS))
    @click.option("--seed", type=int, default=2026, show_default=True, help="The same seed gives the same candidates.")
    @click.option("--count", type=click.IntRange(min=1), default=200, show_default=True, help="Candidates to try.")
    @click.option("--state", type=click.Path(path_type=Path), help="File that keeps the results, to go on from.")
    @click.option("--processes", type=click.IntRange(1, 256), default=1, show_default=True, help="Worker processes.")
    @click.option("--box", "boxes", multiple=True, help="Settings of a box; with a MAP alternatives after /; repeat.")
    @click.option("--support", type=(int, int), help="Least and largest number of amplitudes [with a MAP 4 8].")
    @click.option("--directions", type=int, help="With functional: directions of the polygon [4].")
    @click.option("--symmetric", is_flag=True, help="With functional: symmetric under permutations of equal boxes.")
    @click.option("--level", default="almost quantum", show_default=True, help=LEVEL_HELP)
    @click.option("--attempts", type=click.IntRange(min=1), default=10, show_default=True, help="Best ones to certify.")
    @out_option("search-MAP.proof.json")
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
        """Search for a postquantum assemblage, under a positive map or local for measurements, and prove it.

        MAP is a map of the library (choi, breuer-hall, generalised-choi:1,1,0, robertson, tanahashi-tomiyama:4,1, ...)
        or a JSON file with its Choi matrix, {"dims": [d_in, d_out], "matrix": [[...]]}, input first.

        Candidates are sparse states of the black boxes and the map's input. --box X,Z/X+Z,X-Z is a box that measures X
        and Z, or (X+Z)/sqrt2 and (X-Z)/sqrt2; C3,F3 are the computational and the Fourier basis of a qutrit. Two qubits
        are the default. If the map is proved positive, the proof says that only quantum correlations are possible, too.
        With --state an interrupted search goes on where it was.

        With `functional` in the place of a map, candidates are random functionals (SBCSV15 App. D): from each a climb
        leads to an assemblage of a qubit that is local for all projective measurements. --box 2,2 is a box with two
        settings of two outcomes; two such boxes are the default.

        Other scenarios, with sparse states again. `trusted-parties`: a qubit and a ququart under the Breuer-Hall map,
        by default --box X,Z (S26 Prop. 8). `input`: Bob applies the identity or the transposition by y, by default
        --box X,Y,Z; `instrumental`: the same with y = a, and --box X,Y,Z,-X (SHSA20). The same is said of
        correlations.
        """
        factory = partial(campaign, name, seed, boxes, support, directions, symmetric, level)
        chosen = factory()
        slug = re.sub(r"[^A-Za-z0-9.]+", "-", Path(name).stem if Path(name).is_file() else name).strip("-")
        target = out or Path(f"search-{slug}.proof.json")
        for other in (Path(name), state):
            if other is not None and (other == target or (target.exists() and _same(target, other))):
                raise InputError(f"{target} is {other} itself; choose another --out")
        results = _results(factory, chosen, count, state, processes)
        source = f"steeralg search {click.format_filename(name)}, seed {seed}"
        proof = _proof(chosen, results, attempts, click.format_filename(f"search-{slug}"), source)
        if proof is None:
            what = "proved" if name == FUNCTIONAL else "proved postquantum"
            click.echo(f"none was {what}; the largest estimated robustness is {_decimal(results[0])}")
            sys.exit(UNDECIDED)
        deliver(proof, target)


def campaign(
    name: str,
    seed: int,
    boxes: Sequence[str],
    support: tuple[int, int] | None,
    directions: int | None,
    symmetric: bool,
    level: str,
) -> Campaign[Any]:
    """Return the search that the arguments ask for. Raises InputError."""
    if name == FUNCTIONAL:
        if support is not None:
            raise InputError("--support is about states; a search of functionals has none")
        return _functional_search(seed, boxes, 4 if directions is None else directions, symmetric, level)
    if directions is not None or symmetric:
        raise InputError("--directions and --symmetric are about `search functional`")
    if name in SCENARIOS:
        from steeralg.search.scenario_search import ScenarioSearch

        return ScenarioSearch(name, seed, boxes, support, level)
    return _map_search(name, seed, boxes, support, level)


def _map_search(name: str, seed: int, boxes: Sequence[str], support: tuple[int, int] | None, level: str) -> MapSearch:
    from steeralg.search.map_search import DEFAULT_BOXES, DEFAULT_SUPPORT, MapSearch
    from steeralg.search.maps import named_map, read_map

    is_file = name.endswith(".json") or Path(name).is_file()
    trusted_map = read_map(name) if is_file else named_map(name)
    chosen = tuple(tuple(box.split("/")) for box in boxes) or DEFAULT_BOXES
    return MapSearch(trusted_map, seed, chosen, support or DEFAULT_SUPPORT, level)


def _functional_search(
    seed: int, boxes: Sequence[str], directions: int, symmetric: bool, level: str
) -> FunctionalSearch:
    from steeralg.search.functional_search import DEFAULT_BOXES, FunctionalSearch

    chosen = tuple(map(_outcomes, boxes)) or DEFAULT_BOXES
    return FunctionalSearch(seed, chosen, directions, symmetric=symmetric, level=level)


def _outcomes(box: str) -> tuple[int, ...]:
    if not re.fullmatch(r"[0-9]{1,3}(,[0-9]{1,3})*", box):
        raise InputError(f"--box {box[:40]!r}: write the numbers of outcomes of its settings, as in 2,2")
    return tuple(map(int, box.split(",")))


def _proof(campaign: Campaign[Any], results: Sequence[Result], attempts: int, name: str, source: str) -> Proof | None:
    """Prove the best of the results, and say which it is; None if none of them is proved."""
    from steeralg.search.campaign import prove
    from steeralg.search.functional_search import FunctionalSearch, local_examples

    if isinstance(campaign, FunctionalSearch):
        with working() as progress:
            examples = local_examples(campaign, results, attempts=attempts, progress=progress)
        if not examples:
            return None
        best, directions = examples[0].proven, len(examples[0].model.directions)
        text = f"candidate {best.result.number}"
        click.echo(f"{text}; estimated robustness before rounding {_decimal(best.result)}")
        click.echo(f"local for all projective measurements: a model with {directions} directions was verified")
        return examples[0].proof(name, f"SBCSV15 App. D, {source}, {text}")
    with working() as progress:
        found: list[Proven[Any]] = prove(campaign, results, attempts=attempts, progress=progress)
    if not found:
        return None
    text = f"candidate {found[0].result.number}: {campaign.shown(found[0].candidate)}"
    click.echo(f"{text}; estimated robustness {_decimal(found[0].result)}")
    with working() as progress:
        progress("proving what else is known of it")
        return campaign.proof(name, f"{source}, {text}", found[0])


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
        sys.exit(UNDECIDED)
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
