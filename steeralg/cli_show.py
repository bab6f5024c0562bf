"""The command `show`: the theorem in a proof file, with all its exact data, as text, LaTeX or a page of HTML.

Above: the command line, which registers it. Below: reports, proofs. Exit codes: 0 shown, 1 rejected, 2 unreadable.
"""

from __future__ import annotations

from pathlib import Path

import click

from steeralg.cli_common import target_of
from steeralg.errors import InputError

FORMATS = ("text", "latex", "html")


def register(group: click.Group) -> None:
    """Add the command to a group."""

    @group.command()
    @click.argument("file", type=click.Path(path_type=Path))
    @click.option("--format", "form", type=click.Choice(FORMATS), default=FORMATS[0], show_default=True)
    @click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="File to write [standard output].")
    def show(file: Path, form: str, out: Path | None) -> None:
        """Show the theorem in a proof file with all its exact data; the file is checked first.

        latex is a document that needs amsmath and amsthm; html is one page with formulas and figures, which needs
        nothing but a browser.
        """
        from steeralg import report
        from steeralg.certificates.proof import read_proof, write_atomically

        target = None if out is None else target_of(out, file)
        try:
            data = file.read_bytes()
        except OSError as error:
            raise InputError(f"{file}: cannot be read ({error.strerror})") from None
        write = {"text": report.text, "latex": report.latex, "html": report.html}[form]
        name = click.format_filename(file)
        shown = write(read_proof(data, str(file)), report.File.of(name, data)).rstrip("\n") + "\n"
        if target is None:
            click.echo(shown.encode(), nl=False)
        else:
            write_atomically(target, shown.encode())
            click.echo(f"{form}: written to {click.format_filename(target)}")
