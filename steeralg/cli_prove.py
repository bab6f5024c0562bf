"""`steeralg list` and `steeralg prove`: the claims by name, one or all of them proved again.

Above: the command line. Below: claims, certificates, the checker.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from steeralg.cli_common import LEVEL_HELP, UNDECIDED, checked_bytes, deliver, working
from steeralg.errors import FormatError, InputError, SteeralgError

if TYPE_CHECKING:
    from steeralg.certificates.proof import Proof


@click.command("list")
def list_claims() -> None:
    """List the claims that can be proved by name."""
    from steeralg.claims import CLAIMS

    width = max(map(len, CLAIMS))
    for name, claim in CLAIMS.items():
        click.echo(f"{name:<{width}}  {claim.summary}")
        click.echo(f"{'':<{width}}  {claim.source}; level {claim.level}")


@click.command()
@click.argument("name", required=False)
@click.option(
    "--out", type=click.Path(path_type=Path), help="Proof file to write [NAME.json]; with --all the folder [this one]."
)
@click.option("--level", help=LEVEL_HELP)
@click.option("--all", "every", is_flag=True, help="Prove all claims, one file each; some minutes.")
def prove(name: str | None, out: Path | None, level: str | None, every: bool) -> None:
    """Prove the claim NAME (see `steeralg list`), write the proof file, and check it.

    With --all every claim is proved and its file compared with the one it replaces, if there is one: the statement is
    the same in every byte, the witness may differ where solvers do.
    """
    from steeralg.claims import claim

    if every:
        if name is not None or level is not None:
            raise InputError("--all proves every claim at its own level: leave the name and --level out")
        _prove_all(out or Path())
        return
    if name is None:
        raise InputError("name a claim (`steeralg list` shows them), or prove --all of them")
    chosen, target = claim(name), out or Path(f"{name}.json")
    if target.is_dir():
        raise FormatError(f"{target} is a folder; --out names the proof file to write")
    with working() as progress:
        proof = chosen.prove(level, progress)
    deliver(proof, target)


def _prove_all(folder: Path) -> None:
    from steeralg.certificates.proof import write_atomically
    from steeralg.claims import CLAIMS

    if not folder.is_dir():
        raise FormatError(f"{folder}: there is no such folder to write the proofs to")
    width, failed = max(map(len, CLAIMS)), []
    for name, chosen in CLAIMS.items():
        start, target = time.monotonic(), folder / f"{name}.json"
        try:
            with working() as progress:
                proof = chosen.prove(progress=progress)
            data = checked_bytes(proof)
            note = _comparison(proof, data, target)
        except SteeralgError as error:
            failed.append(name)
            click.echo(f"{name:<{width}}  FAILED: {error}", err=True)
            continue
        write_atomically(target, data)
        click.echo(f"{name:<{width}}  proved in {time.monotonic() - start:.0f} s, {len(data)} bytes, {note}")
    if failed:
        click.echo(f"{len(failed)} of {len(CLAIMS)} failed, their files left as they were: {', '.join(failed)}")
        sys.exit(UNDECIDED)
    click.echo(f"all {len(CLAIMS)} proved, written to {os.fspath(folder)}, accepted by the independent checker")


def _comparison(proof: Proof, data: bytes, target: Path) -> str:
    """Say how a proof differs from the file that it replaces."""
    from steeralg.certificates.proof import read_proof

    if not target.exists():
        return "a new file"
    before = target.read_bytes()
    if before == data:
        return "the same file"
    if read_proof(before, str(target)).json()["claim"] != proof.json()["claim"]:
        return "ANOTHER STATEMENT than before"
    return "the same statement, another witness"


def register(group: click.Group) -> None:
    """Add the commands to the command line."""
    group.add_command(list_claims)
    group.add_command(prove)
