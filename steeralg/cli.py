"""The command line: list, prove, certify, bound, check, show.

Above: nothing. Below: everything. Exit codes: 0 proved, 1 refuted or rejected, 2 unusable input, 3 undecided.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console

from steeralg.checker import load_checker
from steeralg.errors import InputError, SolverError, SteeralgError, UndecidedError, VerificationError

REJECTED, UNUSABLE, UNDECIDED = 1, 2, 3
_LEVEL_HELP = "Level of the hierarchy: an integer, or terms such as 1+AB, 1+A+B+AB+AAB (A the first black box)."


class _Commands(click.Group):
    """A group whose commands turn the library's errors into one line and an exit code."""

    def invoke(self, ctx: click.Context) -> None:
        try:
            super().invoke(ctx)
        except (UndecidedError, SolverError) as error:
            _fail(f"undecided: {error}", UNDECIDED)
        except VerificationError as error:
            _fail(f"rejected: {error}", REJECTED)
        except InputError as error:
            _fail(f"error: {type(error).__name__}: {error}", UNUSABLE)
        except SteeralgError as error:
            _fail(f"undecided: {error}", UNDECIDED)


def _fail(message: str, code: int) -> None:
    printable = message.encode("utf-8", "backslashreplace").decode()
    click.echo(" ".join(printable.split()), err=True)
    sys.exit(code)


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
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


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="steeralg")
def main() -> None:
    """Exact, machine-checkable theorems about postquantum EPR steering.

    Exit codes: 0 proved, 1 refuted or rejected, 2 unusable input, 3 undecided.
    """


def _out(default: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Return the --out option."""
    return click.option(
        "--out", type=click.Path(dir_okay=False, path_type=Path), help=f"Proof file to write [{default}]."
    )


@main.command("list")
def list_claims() -> None:
    """List the claims that can be proved by name."""
    from steeralg.claims import CLAIMS

    width = max(map(len, CLAIMS))
    for name, claim in CLAIMS.items():
        click.echo(f"{name:<{width}}  {claim.summary}")
        click.echo(f"{'':<{width}}  {claim.source}; level {claim.level}")


@main.command()
@click.argument("name")
@_out("NAME.json")
@click.option("--level", help=_LEVEL_HELP)
def prove(name: str, out: Path | None, level: str | None) -> None:
    """Prove the claim NAME (see `steeralg list`), write the proof file, and check it."""
    from steeralg.claims import claim

    chosen = claim(name)
    with _progress() as progress:
        proof = chosen.prove(level, progress)
    _deliver(proof, out or Path(f"{name}.json"))


@main.command()
@click.argument("assemblage", type=click.Path(path_type=Path))
@click.option("--level", default="1+AB", show_default=True, help=_LEVEL_HELP)
@_out("ASSEMBLAGE.proof.json")
@click.option(
    "--repair",
    is_flag=True,
    help="Accept approximate numbers: take the nearest exact assemblage, and say how far it is.",
)
def certify(assemblage: Path, level: str, out: Path | None, repair: bool) -> None:
    """Prove that the assemblage in a JSON file is postquantum, or report that the level does not refute it."""
    from steeralg.certificates.compose import postquantum_proof
    from steeralg.certificates.membership import certify as run
    from steeralg.exact.number import scientific
    from steeralg.objects.files import read_and_repair, read_assemblage
    from steeralg.verdict import Undecided

    target = _target(out, assemblage)
    if repair:
        repaired = read_and_repair(assemblage)
        sigma = repaired.assemblage
        click.echo(
            "repaired: the largest change of a real or imaginary part is "
            f"{scientific(repaired.largest_change)}, the distance {scientific(repaired.distance)} (Frobenius), "
            f"the weight of white noise {scientific(repaired.noise)}"
        )
    else:
        sigma = read_assemblage(assemblage)
    with _progress() as progress:
        verdict = run(sigma, level, progress=progress)
    if isinstance(verdict, Undecided):
        click.echo(verdict.reason)
        sys.exit(UNDECIDED)
    proof = postquantum_proof(*_names("assemblage", assemblage), sigma, verdict.witness)
    _deliver(proof, target)


@main.command()
@click.argument("functional", type=click.Path(path_type=Path))
@click.option("--at-least", help="Rational bound to prove, e.g. -0.5 or -1/2 [the best one to six decimals].")
@click.option("--level", default="1+AB", show_default=True, help=_LEVEL_HELP)
@_out("FUNCTIONAL.proof.json")
def bound(functional: Path, at_least: str | None, level: str, out: Path | None) -> None:
    """Prove a lower bound of the functional in a JSON file on every quantum assemblage."""
    from steeralg.certificates.bounds import level_bracket, prove_bound
    from steeralg.certificates.compose import bound_proof
    from steeralg.objects.files import read_functional
    from steeralg.verdict import Undecided

    target = _target(out, functional)
    data = read_functional(functional)
    with _progress() as progress:
        if at_least is None:
            bracket = level_bracket(data, level, progress=progress)
            click.echo(str(bracket))
            certificate = bracket.certificate
        else:
            verdict = prove_bound(data, at_least, level, progress=progress)
            if isinstance(verdict, Undecided):
                click.echo(verdict.reason)
            certificate = None if isinstance(verdict, Undecided) else verdict.witness
    if certificate is None:
        sys.exit(UNDECIDED)
    _deliver(bound_proof(*_names("functional", functional), certificate), target)


def _names(kind: str, source: Path) -> tuple[str, str]:
    """Return the name and the source of a proof about a file, whatever bytes its name is made of."""
    return click.format_filename(source.stem), f"the {kind} in {click.format_filename(source.name)}"


def _target(out: Path | None, source: Path) -> Path:
    """Return where the proof goes: --out, or beside the input; never the input itself."""
    target = out or source.parent / f"{source.stem}.proof.json"
    if os.path.exists(target) and os.path.samefile(target, source):
        raise InputError(f"{target} is the input itself; choose another --out")
    return target


def _deliver(proof: object, target: Path) -> None:
    """Check a proof with the independent checker, write it, and print the theorem."""
    from steeralg.certificates.proof import Proof, write_atomically
    from steeralg.report import summary

    if not isinstance(proof, Proof):
        raise TypeError("a Proof is needed")
    checker, data = load_checker(), proof.to_bytes()
    try:
        checker.check_bytes(data)
    except (checker.Rejected, checker.Unreadable) as error:
        raise VerificationError(f"the independent checker does not accept the proof: {error}") from None
    write_atomically(target, data)
    click.echo("PROVED " + "\n".join(summary(proof)))
    click.echo(f"  written    {click.format_filename(target)} ({len(data)} bytes), accepted by the independent checker")


@main.command(context_settings={"ignore_unknown_options": True})
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--claim", type=click.Path(path_type=Path), help="Your own claim, which every file has to prove.")
def check(files: tuple[Path, ...], claim: Path | None) -> None:
    """Check proof files with the independent checker (the same as `python3 proofs/check.py FILE...`)."""
    options = ["--claim", str(claim)] if claim is not None else []
    sys.exit(load_checker().main([*options, *map(str, files)]))


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(["text", "latex"]), default="text", show_default=True)
def show(file: Path, form: str) -> None:
    """Show the theorem in a proof file with all its exact data; the file is checked first."""
    from steeralg import report
    from steeralg.certificates.proof import read_proof

    try:
        data = file.read_bytes()
    except OSError as error:
        raise InputError(f"{file}: cannot be read ({error.strerror})") from None
    proof = read_proof(data, str(file))
    click.echo(report.text(proof) if form == "text" else report.latex(proof))


if __name__ == "__main__":
    main()
