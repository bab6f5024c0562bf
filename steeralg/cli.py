"""The command line: list, prove, classify, certify, bound, robustness, decide, search, plot, check, show, export.

Above: nothing. Below: everything. Exit codes: 0 proved, 1 refuted or rejected, 2 unusable input, 3 undecided.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from steeralg.checker import load_checker
from steeralg.cli_classify import register as register_classify
from steeralg.cli_common import (
    LEVEL_HELP,
    REFUTED,
    REPAIR_HELP,
    UNDECIDED,
    UNUSABLE,
    deliver,
    named_noise,
    out_option,
    read,
    target_of,
    title,
    working,
)
from steeralg.cli_decide import register as register_decide
from steeralg.cli_export import register as register_export
from steeralg.cli_plot import register as register_plot
from steeralg.cli_prove import register as register_prove
from steeralg.cli_search import register as register_search
from steeralg.cli_show import register as register_show
from steeralg.errors import InputError, SolverError, SteeralgError, UndecidedError, VerificationError

if TYPE_CHECKING:
    from steeralg.certificates.proof import Proof
    from steeralg.objects.functional import Functional
    from steeralg.objects.symmetry import Symmetry


class _Commands(click.Group):
    """A group whose commands turn the library's errors into one line and an exit code."""

    def invoke(self, ctx: click.Context) -> None:
        try:
            super().invoke(ctx)
        except (UndecidedError, SolverError) as error:
            _fail(f"undecided: {error}", UNDECIDED)
        except VerificationError as error:
            _fail(f"rejected: {error}", REFUTED)
        except InputError as error:
            _fail(f"error: {type(error).__name__}: {error}", UNUSABLE)
        except SteeralgError as error:
            _fail(f"undecided: {error}", UNDECIDED)


def _fail(message: str, code: int) -> None:
    printable = message.encode("utf-8", "backslashreplace").decode()
    click.echo(" ".join(printable.split()), err=True)
    sys.exit(code)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="steeralg")
def main() -> None:
    """Exact, machine-checkable theorems about postquantum EPR steering.

    Exit codes: 0 proved, 1 refuted or rejected, 2 unusable input, 3 undecided.
    """


@main.command()
@click.argument("assemblage", type=click.Path(path_type=Path))
@click.option("--level", default="almost quantum", show_default=True, help=LEVEL_HELP)
@out_option("ASSEMBLAGE.proof.json")
@click.option("--repair", is_flag=True, help=REPAIR_HELP)
def certify(assemblage: Path, level: str, out: Path | None, repair: bool) -> None:
    """Prove that the assemblage in a JSON file is postquantum, or report that the level does not refute it.

    For one black box without input on the trusted side the answer is exact both ways: a proof that the assemblage is
    quantum (exit code 1), too. Instrumental data that no no-signalling assemblage shows are refuted (exit code 1).
    """
    from steeralg.certificates.compose import not_general_proof, postquantum_proof, quantum_proof
    from steeralg.certificates.families import NoExtension, find_parent
    from steeralg.certificates.membership import certify as run
    from steeralg.verdict import Proved, Refuted, Undecided

    target = target_of(out, assemblage)
    sigma = read(assemblage, repair)
    names = title("assemblage", assemblage)
    with working() as progress:
        if sigma.scenario.instrumental:
            extension = find_parent(sigma, progress=progress)
            if isinstance(extension, Refuted) and isinstance(extension.witness, NoExtension):
                click.echo("these are not general instrumental data: no no-signalling assemblage shows them")
                deliver(not_general_proof(*names, extension.witness), target)
                sys.exit(REFUTED)
            if isinstance(extension, Undecided):
                extension.demand()
        verdict = run(sigma, level, progress=progress)
        if isinstance(verdict, Undecided) and len(sigma.scenario.black_boxes) == 1 and not sigma.scenario.has_input:
            parent = find_parent(sigma, progress=progress)
            if isinstance(parent, Proved) and parent.witness.proves_quantum:
                deliver(quantum_proof(*names, sigma, parent.witness), target)
                sys.exit(REFUTED)
    if isinstance(verdict, Undecided):
        click.echo(f"{verdict.reason} (`steeralg classify` looks for a model)")
        sys.exit(UNDECIDED)
    deliver(postquantum_proof(*names, sigma, verdict.witness), target)


@main.command()
@click.argument("assemblage", type=click.Path(path_type=Path))
@click.option("--noise", default="white", show_default=True, help="white, ghz, w, or a JSON file.")
@click.option("--level", default="almost quantum", show_default=True, help=LEVEL_HELP)
@click.option("--digits", default=4, show_default=True, help="Decimals of the bracket that are wanted.")
@out_option("ASSEMBLAGE.robustness.json")
@click.option("--repair", is_flag=True, help=REPAIR_HELP)
def robustness(assemblage: Path, noise: str, level: str, digits: int, out: Path | None, repair: bool) -> None:
    """Enclose the weight of noise that makes the assemblage in a JSON file quantum, both ends proved."""
    from steeralg.certificates.compose import robustness_proof
    from steeralg.certificates.families import Parent
    from steeralg.certificates.robustness import robustness as run

    target = target_of(out, assemblage, "robustness")
    sigma = read(assemblage, repair)
    sound = named_noise(noise, sigma.scenario, repair)
    with working() as progress:
        bracket = run(sigma, sound, level, digits=digits, progress=progress)
    click.echo(str(bracket))
    if bracket.below is None and not (isinstance(bracket.above, Parent) and bracket.above.proves_quantum):
        sys.exit(UNDECIDED)
    deliver(robustness_proof(*title("assemblage", assemblage), sigma, sound, bracket), target)


@main.command()
@click.argument("functional", type=click.Path(path_type=Path))
@click.option("--at-least", help="Rational bound to prove, e.g. -0.5 or -1/2 [the best one to six decimals].")
@click.option("--strategy", is_flag=True, help="Look for an explicit quantum strategy, too: the upper end.")
@click.option("--exact", is_flag=True, help="Look for a rational or quadratic minimum and a strategy that reaches it.")
@click.option("--no-signalling", is_flag=True, help="Bound all no-signalling assemblages instead of the quantum ones.")
@click.option("--level", default="almost quantum", show_default=True, help=LEVEL_HELP)
@click.option("--symmetry", multiple=True, help='A symmetry in one line, e.g. "(A B); A:(0 1); U: F"; repeat.')
@click.option("--symmetric", is_flag=True, help="Use all relabellings that do not change the functional.")
@click.option("--seconds", type=click.IntRange(min=1), help="Time limit; what is proved by then is the answer [none].")
@out_option("FUNCTIONAL.proof.json")
def bound(
    functional: Path,
    at_least: str | None,
    strategy: bool,
    exact: bool,
    no_signalling: bool,
    level: str,
    symmetry: tuple[str, ...],
    symmetric: bool,
    seconds: int | None,
    out: Path | None,
) -> None:
    """Prove a lower bound of the functional in a JSON file on every quantum assemblage.

    Symmetries make relaxations and proofs small: "(A B)" exchanges boxes, "A:(0 1 2)" settings, "A|0:(0 1)" outcomes of
    a setting; "U: X P" is a product of X, Z (shift and clock), F (Fourier), P (phase) on the trusted party, "conj" its
    complex conjugation. That they do not change the functional is verified.

    The search for an --exact minimum is given up after ten minutes, or half of --seconds; the lower end then is a
    decimal.
    """
    from steeralg.objects.files import read_functional
    from steeralg.sdp.time_limit import time_limit

    if (at_least is not None) + (strategy or exact) + no_signalling > 1:
        raise InputError("--at-least, --strategy or --exact, and --no-signalling ask for different things: choose one")
    target = target_of(out, functional)
    names, data = title("functional", functional), read_functional(functional)
    if no_signalling and (symmetry or symmetric):
        raise InputError("--no-signalling bounds are linear programs of small matrices: leave the symmetries out")
    with working() as progress, nullcontext() if seconds is None else time_limit(seconds):
        symmetries = _symmetries(data, symmetry, symmetric)
        if no_signalling:
            proof = _no_signalling(names, data, progress)
        elif strategy or exact:
            proof = _two_sided(names, data, level, exact, symmetries, progress)
        elif symmetries is not None:
            proof = _symmetric(names, data, at_least, level, symmetries, progress)
        else:
            proof = _one_sided(names, data, at_least, level, progress)
    if proof is None:
        sys.exit(UNDECIDED)
    deliver(proof, target)


def _one_sided(
    names: tuple[str, str], data: Functional, at_least: str | None, level: str, progress: Callable[[str], None]
) -> Proof | None:
    """Prove a given bound, or the best one of the level, and print the level's bracket."""
    from steeralg.certificates.bounds import level_bracket, prove_bound
    from steeralg.certificates.compose import bound_proof
    from steeralg.verdict import Undecided

    if at_least is None:
        bracket = level_bracket(data, level, progress=progress)
        click.echo(str(bracket))
        return None if bracket.certificate is None else bound_proof(*names, bracket.certificate)
    verdict = prove_bound(data, at_least, level, progress=progress)
    if isinstance(verdict, Undecided):
        click.echo(verdict.reason)
        return None
    return bound_proof(*names, verdict.witness)


def _symmetries(data: Functional, given: tuple[str, ...], detect: bool) -> list[Symmetry] | None:
    """Read symmetries, and find those of the labels; None if none are asked for."""
    if not given and not detect:
        return None
    from steeralg.objects.label_symmetries import label_symmetries
    from steeralg.objects.symmetry import Symmetry

    if not all(text.strip() for text in given):
        raise InputError('--symmetry needs a symmetry in one line, such as "(A B)" or "A:(0 1); U: F"')
    return [Symmetry.parse(data.scenario, text) for text in given] + (
        label_symmetries(data, affine=True) if detect else []
    )


def _symmetric(
    names: tuple[str, str],
    data: Functional,
    at_least: str | None,
    level: str,
    symmetries: list[Symmetry],
    progress: Callable[[str], None],
) -> Proof | None:
    """Prove a given bound, or the best one of the level, up to symmetries."""
    from steeralg.certificates.compose import bound_proof
    from steeralg.certificates.symmetric_bounds import symmetric_bound
    from steeralg.verdict import Undecided

    verdict = symmetric_bound(data, symmetries, at_least, level, progress=progress)
    if isinstance(verdict, Undecided):
        click.echo(verdict.reason)
        return None
    return bound_proof(*names, verdict.witness)


def _two_sided(
    names: tuple[str, str],
    data: Functional,
    level: str,
    exact: bool,
    symmetries: list[Symmetry] | None,
    progress: Callable[[str], None],
) -> Proof:
    """Enclose the quantum minimum and print the bracket."""
    from steeralg.certificates.two_sided import bracket_proof, quantum_bracket

    bracket = quantum_bracket(data, level, exact=exact, symmetries=symmetries, progress=progress)
    click.echo(str(bracket))
    if exact and not bracket.is_exact:
        click.echo("no exact minimum was recognised and proved: the lower end is a decimal")
    return bracket_proof(*names, bracket)


def _no_signalling(names: tuple[str, str], data: Functional, progress: Callable[[str], None]) -> Proof | None:
    """Enclose the no-signalling minimum and print the bracket."""
    from steeralg.certificates.compose import no_signalling_proof
    from steeralg.certificates.no_signalling import no_signalling_bracket

    bracket = no_signalling_bracket(data, progress=progress)
    click.echo(str(bracket))
    return None if bracket.certificate is None else no_signalling_proof(*names, bracket.certificate)


@main.command(context_settings={"ignore_unknown_options": True})
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--claim", type=click.Path(path_type=Path), help="Your own claim, which every file has to prove.")
def check(files: tuple[Path, ...], claim: Path | None) -> None:
    """Check proof files with the independent checker (the same as `python3 proofs/check.py FILE...`)."""
    options = ["--claim", str(claim)] if claim is not None else []
    sys.exit(load_checker().main([*options, *map(str, files)]))


for register in (
    register_classify,
    register_decide,
    register_export,
    register_plot,
    register_prove,
    register_search,
    register_show,
):
    register(main)

if __name__ == "__main__":
    main()
