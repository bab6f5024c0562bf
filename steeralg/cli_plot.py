"""The commands `plot` and `curve`: an assemblage's picture, and proved brackets along a family, as png, svg or pdf.

Above: the command line, which registers them. Below: figures, curves, families. Exit codes: 0 drawn, 2 unusable input,
3 nothing proved.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from steeralg.checker import load_checker
from steeralg.cli_common import LEVEL_HELP, NOISES, REPAIR_HELP, named_noise, read, working
from steeralg.errors import FormatError, InputError, UndecidedError, VerificationError

if TYPE_CHECKING:
    from steeralg.certificates.curves import CurvePoint
    from steeralg.certificates.quantities import Quantity
    from steeralg.constructions.assemblage_families import Family


BLOCH, MOMENTS = KINDS = ("bloch", "moments")
ROBUSTNESS, NEGATIVITY = QUANTITIES = ("robustness", "negativity")
_DEFAULT_LEVEL, _WHITE, _HALF = "almost quantum", "white", Fraction(1, 2)


def register(group: click.Group) -> None:
    """Add the commands to a group."""
    _register_plot(group)
    _register_curve(group)


# ---- plot ------------------------------------------------------------------------------------------------------------
def _register_plot(group: click.Group) -> None:
    @group.command()
    @click.argument("file", type=click.Path(path_type=Path))
    @click.option("--out", required=True, type=click.Path(path_type=Path), help="Picture to write: .png, .svg or .pdf.")
    @click.option("--kind", type=click.Choice(KINDS), help="What to draw [bloch for one trusted qubit, else moments].")
    @click.option("--plane", help="Planes of the Bloch sphere, e.g. xz or xz,yz [xz; xz,yz for complex elements].")
    @click.option("--level", help=f"Level of the hierarchy [{_DEFAULT_LEVEL}].")
    @click.option("--repair", is_flag=True, help=REPAIR_HELP)
    def plot(file: Path, out: Path, kind: str | None, plane: str | None, level: str | None, repair: bool) -> None:
        """Draw the assemblage in a JSON FILE.

        bloch: one disc for each joint setting, with the conditional states of a trusted qubit as arrows; moments: the
        structure of the moment matrix. `steeralg curve` draws robustness and negativity.
        """
        from steeralg.plot.bloch import bloch_figure
        from steeralg.plot.files import picture_format, save_figure
        from steeralg.plot.moments import moment_figure

        picture_format(out)
        _keep([out], [file])
        sigma = read(file, repair)
        kind = kind or (BLOCH if sigma.scenario.views == (2,) else MOMENTS)
        _refuse(kind, "--plane", plane, BLOCH)
        _refuse(kind, "--level", level, MOMENTS)
        chosen = level or _DEFAULT_LEVEL
        save_figure(bloch_figure(sigma, plane) if kind == BLOCH else moment_figure(sigma.scenario, chosen), out)
        click.echo(f"{kind}: written to {click.format_filename(out)}")


def _keep(outputs: Sequence[Path], inputs: Sequence[Path]) -> None:
    """Refuse to write over an input, or over another output."""
    for k, out in enumerate(outputs):
        for path in inputs:
            if out.exists() and path.exists() and os.path.samefile(out, path):
                raise InputError(f"{out} is an input itself; choose another name for what is written")
        if os.path.realpath(out) in map(os.path.realpath, outputs[:k]):
            raise InputError(f"{out} would be written twice; choose different names")


def _refuse(kind: str, option: str, value: object, only: str) -> None:
    if value is not None and kind != only:
        raise InputError(f"{option} has no meaning for a picture of kind {kind}; it is for {only}")


# ---- curve -----------------------------------------------------------------------------------------------------------
def _register_curve(group: click.Group) -> None:
    @group.command()
    @click.argument("family", metavar="FAMILY|FILE")
    @click.option("--of", "name", required=True, type=click.Choice(QUANTITIES), help="What to enclose.")
    @click.option("--out", required=True, type=click.Path(path_type=Path), help="Picture to write: .png, .svg or .pdf.")
    @click.option("--data", type=click.Path(path_type=Path), help="JSON file for all ends, exact.")
    @click.option(
        "--proofs", type=click.Path(file_okay=False, path_type=Path), help="Folder for a proof of each point."
    )
    @click.option("--from", "first", help="First parameter, a rational number [the family's; 0 for a FILE].")
    @click.option("--to", "last", help="Last parameter [the family's; 1/2 for a FILE].")
    @click.option("--points", type=click.IntRange(1, 1000), default=21, show_default=True, help="Number of points.")
    @click.option("--noise", default=_WHITE, show_default=True, help="Noise: white, ghz, w, or a JSON file.")
    @click.option("--level", default=_DEFAULT_LEVEL, show_default=True, help=LEVEL_HELP)
    @click.option("--digits", type=int, help="Points are solved up to a width of 10^-digits [4; negativity 3].")
    @click.option("--repair", is_flag=True, help=REPAIR_HELP)
    def curve(
        family: str,
        name: str,
        out: Path,
        data: Path | None,
        proofs: Path | None,
        first: str | None,
        last: str | None,
        points: int,
        noise: str,
        level: str,
        digits: int | None,
        repair: bool,
    ) -> None:
        """Enclose the robustness or the negativity along a one-parameter family, both ends proved at every point.

        FAMILY is the name of a family (an unknown name lists them all). Of the assemblage in a FILE the mixtures with
        noise are taken, the parameter being the weight of the noise, and so of breuer-hall, pr-box and other examples.
        The robustness is that to the same noise.
        """
        from steeralg.certificates.curves import curve as run
        from steeralg.certificates.curves import curve_to_json, evenly_spaced
        from steeralg.certificates.proof import write_atomically
        from steeralg.plot.brackets import curve_figure
        from steeralg.plot.files import picture_format, save_figure

        picture_format(out)
        _keep([out, *([] if data is None else [data])], [Path(family), Path(noise)])
        for path in (out, data):
            if path is not None and not path.parent.is_dir():
                raise FormatError(f"{path}: cannot be written (there is no folder {path.parent})")
        members = _family(family, noise, repair)
        quantity = _quantity(name, members, noise, level, digits, repair)
        parameters = evenly_spaced(first or members.first, last or members.last, points)
        with working() as progress:
            found = run(members, quantity, parameters, progress=progress)
        for point in found:
            click.echo(f"{members.parameter} {point.parameter}: {name} {_text(point)}")
        if all(point.lower == 0 and point.upper is None for point in found):
            raise UndecidedError(f"no end of the {name} was proved at any point")
        table = curve_to_json(found, _shown(family), members.parameter)
        if proofs is not None:
            _prove(found, proofs, f"{name}-{Path(family).stem}", members, table["points"])
        if data is not None:
            write_atomically(data, (json.dumps(table, indent=1, ensure_ascii=False) + "\n").encode())
        save_figure(curve_figure(found, members.parameter, members.source), out)
        solved = sum(point.is_solved for point in found)
        click.echo(
            f"{table['quantity']}: {len(found)} points, {solved} solved; written to {click.format_filename(out)}"
        )


def _family(name: str, noise: str, repair: bool) -> Family:
    """Return a family by name, or the mixtures of the data in a file with noise."""
    from steeralg.constructions.assemblage_families import FAMILIES, Family

    if name not in FAMILIES and not Path(name).exists():
        raise FormatError(f"{name[:60]!r} is neither a file nor a family; families are {', '.join(FAMILIES)}")
    if name in FAMILIES:
        known = FAMILIES[name]
        if noise == _WHITE or known.data is None:
            return known
        return known.with_noise(named_noise(noise, known.data().scenario, repair), _noise_name(noise))
    sigma = read(Path(name), repair)
    source = f"the assemblage in {_shown(name)}"
    mixed_in = named_noise(noise, sigma.scenario, repair)
    return Family.mixing(source, lambda: sigma, _HALF, mixed_in, _noise_name(noise))


def _quantity(name: str, family: Family, noise: str, level: str, digits: int | None, repair: bool) -> Quantity[Any]:
    from steeralg.certificates.quantities import Negativity, Robustness

    if name == NEGATIVITY:
        return Negativity(level, 3 if digits is None else digits)
    against = None if noise == _WHITE else named_noise(noise, family(family.first).scenario, repair)
    return Robustness(against, level, 4 if digits is None else digits)


def _noise_name(noise: str) -> str:
    return noise if noise in NOISES else f"the data in {_shown(noise)} as"


def _shown(name: str) -> str:
    return str(click.format_filename(Path(name).name))


def _prove(
    points: Sequence[CurvePoint[Any]], folder: Path, name: str, family: Family, table: list[dict[str, Any]]
) -> None:
    """Write a proof file for every point that has something to state, after the independent checker has accepted it;
    name the files in the table.
    """
    from steeralg.certificates.proof import write_atomically

    checker = load_checker()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FormatError(f"{folder}: cannot be made ({error.strerror})") from None
    for k, (point, row) in enumerate(zip(points, table, strict=True)):
        proof = point.proof(f"{name}-{k}", f"{family.source}; {family.parameter} {point.parameter}")
        if proof is None:
            click.echo(
                f"{family.parameter} {point.parameter}: no proof file, for a level's upper end alone states nothing"
            )
            continue
        data = proof.to_bytes()
        try:
            checker.check_bytes(data)
        except (checker.Rejected, checker.Unreadable) as error:
            raise VerificationError(f"the independent checker does not accept {proof.name}: {error}") from None
        row["proof"] = f"{proof.name}.json"
        write_atomically(folder / row["proof"], data)
    written = sum("proof" in row for row in table)
    click.echo(f"{written} proof files written to {click.format_filename(folder)}, accepted by the independent checker")


def _text(point: CurvePoint[Any]) -> str:
    """Write what is proved, rounded outwards."""
    from steeralg.exact.number import as_number, outwards

    ends = []
    for sign, side, value in ((">=", -1, point.lower), ("<=", 1, point.upper)):
        if value is not None:
            ends.append(f"{sign} {outwards(as_number(value).enclosure(64)[(side + 1) // 2], side, 6)}")
    return " and ".join(ends) or "not enclosed"
