"""What the commands share: reading data, naming, checking and writing proofs, reporting progress.

Above: the commands. Below: certificates, objects, the checker.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console

from steeralg.checker import load_checker
from steeralg.errors import FormatError, InputError, VerificationError

if TYPE_CHECKING:
    from steeralg.certificates.proof import Proof
    from steeralg.objects.assemblage import Assemblage
    from steeralg.objects.scenario import Scenario

REFUTED, UNUSABLE, UNDECIDED = 1, 2, 3
LEVEL_HELP = "Level of the hierarchy: an integer, or terms such as 1+AB, 1+A+B+AB+AAB (A the first black box)."
REPAIR_HELP = "Accept approximate numbers: take the nearest exact assemblage, and say how far it is."
NOISES = ("white", "ghz", "w")


@contextmanager
def working() -> Iterator[Callable[[str], None]]:
    """Report what takes long on standard error: a spinner on a terminal, lines after the first second elsewhere."""
    console, start = Console(stderr=True), time.monotonic()
    if console.is_terminal:
        with console.status("working") as status:
            yield lambda message: status.update(message)
        return

    def report(message: str) -> None:
        if time.monotonic() - start > 1:
            click.echo(f"... {message}", err=True)

    yield report


def out_option(default: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Return the --out option."""
    return click.option(
        "--out", type=click.Path(dir_okay=False, path_type=Path), help=f"Proof file to write [{default}]."
    )


def read(path: Path, repair: bool) -> Assemblage:
    """Read an assemblage, and say how far it had to be moved if it is to be repaired."""
    from steeralg.exact.number import scientific
    from steeralg.objects.files import read_and_repair, read_assemblage

    if not repair:
        return read_assemblage(path)
    repaired = read_and_repair(path)
    click.echo(
        "repaired: the largest change of a real or imaginary part is "
        f"{scientific(repaired.largest_change)}, the distance {scientific(repaired.distance)} (Frobenius), "
        f"the weight of white noise {scientific(repaired.noise)}"
    )
    return repaired.assemblage


def named_noise(name: str, scenario: Scenario, repair: bool) -> Assemblage:
    """Return noise by name (white, ghz, w) or from a file. Raises InputError if it is neither."""
    from steeralg.constructions.s26 import ghz_noise, w_noise
    from steeralg.objects.assemblage import white_noise

    if name in NOISES:
        return dict(zip(NOISES, (white_noise, ghz_noise, w_noise), strict=True))[name](scenario)
    if not Path(name).exists():
        raise InputError(f"noise {name[:60]!r} is neither white, ghz or w nor a file")
    return read(Path(name), repair)


def title(kind: str, source: Path) -> tuple[str, str]:
    """Return the name and the source of a proof about a file, whatever bytes its name is made of."""
    return click.format_filename(source.stem), f"the {kind} in {click.format_filename(source.name)}"


def target_of(out: Path | None, source: Path, kind: str = "proof") -> Path:
    """Return where the proof goes: --out, or beside the input; never the input itself."""
    target = out or source.parent / f"{source.stem}.{kind}.json"
    if not target.parent.is_dir():
        raise FormatError(f"{target}: cannot be written (there is no folder {target.parent})")
    if os.path.exists(target) and os.path.samefile(target, source):
        raise InputError(f"{target} is the input itself; choose another --out")
    return target


def checked_bytes(proof: Proof) -> bytes:
    """Return the file of a proof. Raises VerificationError if the independent checker does not accept it."""
    checker, data = load_checker(), proof.to_bytes()
    try:
        checker.check_bytes(data)
    except (checker.Rejected, checker.Unreadable) as error:
        raise VerificationError(f"the independent checker does not accept the proof: {error}") from None
    return data


def deliver(proof: Proof, target: Path) -> None:
    """Check a proof with the independent checker, write it, and print the theorem."""
    from steeralg.certificates.proof import write_atomically
    from steeralg.report import summary

    data = checked_bytes(proof)
    write_atomically(target, data)
    click.echo("PROVED " + "\n".join(summary(proof)))
    click.echo(f"  written    {click.format_filename(target)} ({len(data)} bytes), accepted by the independent checker")
