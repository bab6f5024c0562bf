"""The command `export`: a proof file as a file for another proof checker, so far Coq.

Above: the command line, which registers it. Below: exports, proofs. Exit codes: 0 written, 1 rejected, 2 unreadable, or
nothing in it that can be exported.
"""

from __future__ import annotations

from pathlib import Path

import click

from steeralg.errors import FormatError, InputError


def register(group: click.Group) -> None:
    """Add the command to a group."""

    @group.command()
    @click.argument("file", type=click.Path(path_type=Path))
    @click.option("--coq", is_flag=True, help="For the Coq proof assistant: a .v file, and the library beside it.")
    @click.option(
        "--out", type=click.Path(file_okay=False, path_type=Path), default=Path(), help="Folder to write to [.]."
    )
    def export(file: Path, coq: bool, out: Path) -> None:
        """Write the proof in FILE for another proof checker; the file is checked first.

        With --coq: the data as they stand in FILE, one theorem for each step of the rules assemblage, bound, violation,
        postquantum and state, and certificates that Coq checks. What of the claim is covered, and what is not, is
        printed, and stands at the head of the .v file.
        """
        from steeralg.certificates.proof import read_proof, write_atomically
        from steeralg.coq import compilation, library_files
        from steeralg.coq import export as to_coq

        if not coq:
            raise InputError("no format to export to: give --coq")
        try:
            data = file.read_bytes()
        except OSError as error:
            raise InputError(f"{file}: cannot be read ({error.strerror})") from None
        result = to_coq(read_proof(data, str(file)), judged=True)
        try:
            out.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise FormatError(f"{out}: cannot be made ({error.strerror})") from None
        for name, text in (library_files() | {f"{result.name}.v": result.text.encode()}).items():
            write_atomically(out / name, text)
        shown = click.format_filename(out)
        for line in result.coverage():
            click.echo(line.encode("utf-8", "backslashreplace").decode())
        click.echo(
            f"written to {shown}: {result.name}.v and the library; to have Coq (8.16 or later) check it, run there"
        )
        for command in compilation(result.name):
            click.echo(f"  {command}")
