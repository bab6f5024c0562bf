"""The command `plot`: an assemblage's picture, or a curve of proved brackets, as png, svg or pdf.

Above: the command line, which registers it. Below: figures. Exit codes: 0 drawn, 2 unusable input, 3 nothing proved.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import click

from steeralg.cli_common import NOISES, REPAIR_HELP, named_noise, read, working
from steeralg.errors import InputError, UndecidedError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from steeralg.objects.assemblage import Assemblage
    from steeralg.plot.brackets import Point
    from steeralg.positivity.facial import Progress


BLOCH, MOMENTS, ROBUSTNESS, NEGATIVITY = KINDS = ("bloch", "moments", "robustness", "negativity")
_CURVES = (ROBUSTNESS, NEGATIVITY)
_DEFAULT_LEVEL, _DEFAULT_POINTS, _DEFAULT_NOISE, _DEFAULT_END = "almost quantum", 11, "white", "1/2"


def register(group: click.Group) -> None:
    """Add the command to a group."""

    @group.command()
    @click.argument("file", type=click.Path(path_type=Path))
    @click.option("--out", required=True, type=click.Path(path_type=Path), help="Picture to write: .png, .svg or .pdf.")
    @click.option("--kind", type=click.Choice(KINDS), help="What to draw [bloch for one trusted qubit, else moments].")
    @click.option("--plane", help="Planes of the Bloch sphere, e.g. xz or xz,yz [xz; xz,yz for complex elements].")
    @click.option("--level", help=f"Level of the hierarchy [{_DEFAULT_LEVEL}].")
    @click.option("--noise", help=f"Noise that is mixed in: white, ghz, w, or a JSON file [{_DEFAULT_NOISE}].")
    @click.option("--points", type=click.IntRange(1, 1000), help=f"Points of a curve [{_DEFAULT_POINTS}].")
    @click.option("--up-to", help=f"Largest weight of the noise in a curve, a rational number [{_DEFAULT_END}].")
    @click.option("--repair", is_flag=True, help=REPAIR_HELP)
    def plot(
        file: Path,
        out: Path,
        kind: str | None,
        plane: str | None,
        level: str | None,
        noise: str | None,
        points: int | None,
        up_to: str | None,
        repair: bool,
    ) -> None:
        """Draw the assemblage in a JSON FILE.

        bloch: one disc for each joint setting, with the conditional states of a trusted qubit as arrows; moments: the
        structure of the moment matrix; robustness, negativity: brackets with both ends proved, against the weight of
        noise that is mixed in.
        """
        from steeralg.plot.bloch import bloch_figure
        from steeralg.plot.files import picture_format, save_figure
        from steeralg.plot.moments import moment_figure

        picture_format(out)
        _keep(out, file, *([] if noise is None else [Path(noise)]))
        sigma = read(file, repair)
        kind = kind or (BLOCH if sigma.scenario.views == (2,) else MOMENTS)
        _refuse(kind, "--plane", plane, (BLOCH,))
        _refuse(kind, "--level", level, (MOMENTS, *_CURVES))
        for option, value in (("--noise", noise), ("--points", points), ("--up-to", up_to)):
            _refuse(kind, option, value, _CURVES)
        if kind == BLOCH:
            figure = bloch_figure(sigma, plane)
        elif kind == MOMENTS:
            figure = moment_figure(sigma.scenario, level or _DEFAULT_LEVEL)
        else:
            weights = _weights(points or _DEFAULT_POINTS, up_to or _DEFAULT_END)
            chosen = noise or _DEFAULT_NOISE
            sound = named_noise(chosen, sigma.scenario, repair)
            with working() as progress:
                figure = _curve(kind, sigma, sound, chosen, weights, level or _DEFAULT_LEVEL, progress)
        save_figure(figure, out)
        click.echo(f"{kind}: written to {click.format_filename(out)}")


def _keep(out: Path, *inputs: Path) -> None:
    """Refuse to write over an input."""
    for path in inputs:
        if out.exists() and path.exists() and os.path.samefile(out, path):
            raise InputError(f"{out} is an input itself; choose another --out")


def _refuse(kind: str, option: str, value: object, kinds: Sequence[str]) -> None:
    if value is not None and kind not in kinds:
        raise InputError(f"{option} has no meaning for a picture of kind {kind}; it is for {', '.join(kinds)}")


def _weights(count: int, end: str) -> list[Fraction]:
    """Return evenly spaced weights from 0 to the end."""
    from steeralg.exact.number import exact_rational

    last = exact_rational(end)
    if not 0 < last <= 1:
        raise InputError(f"--up-to {end}: a weight of noise is above 0 and at most 1")
    return [last * k / max(count - 1, 1) for k in range(count)]


def _curve(
    kind: str,
    sigma: Assemblage,
    noise: Assemblage,
    noise_name: str,
    weights: Sequence[Fraction],
    level: str,
    progress: Progress,
) -> Figure:
    """Compute the brackets, print them, and draw them."""
    from steeralg.plot.brackets import bracket_figure, negativity_curve, robustness_curve

    # The upper ends of a robustness say no more than that the level does not refute the mixture.
    what, run = (
        ("negativity", negativity_curve) if kind == NEGATIVITY else (f"robustness at level {level}", robustness_curve)
    )
    points = run(sigma, noise, weights, level, progress=progress)
    for point in points:
        click.echo(f"weight {point.parameter}: {what} {_text(point)}")
    if all(point.lower is None and point.upper is None for point in points):
        raise UndecidedError(f"no bracket of the {kind} was proved at any point")
    name = noise_name if noise_name in NOISES else f"the data in {click.format_filename(Path(noise_name).name)} as"
    ceiling = 1 if kind == ROBUSTNESS else None
    return bracket_figure(points, what, parameter=f"weight of {name} noise", floor=0, ceiling=ceiling)


def _text(point: Point) -> str:
    """Write what is proved, rounded outwards."""
    from steeralg.exact.number import as_number, outwards

    ends = []
    for sign, side, value in ((">=", -1, point.lower), ("<=", 1, point.upper)):
        if value is not None:
            end = as_number(Fraction(value) if isinstance(value, int) else value).enclosure(64)[(side + 1) // 2]
            ends.append(f"{sign} {outwards(end, side, 6)}")
    return " and ".join(ends) or "not enclosed"
