"""Figures as files: png, svg and pdf, the same bytes for the same figure.

Above: the command line. Below: atomic writing.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from steeralg.certificates.proof import write_atomically
from steeralg.errors import FormatError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_DATES: dict[str, dict[str, Any]] = {"png": {}, "svg": {"Date": None}, "pdf": {"CreationDate": None}}
"""The metadata that would differ from run to run, by format."""
_DPI = 160


def picture_format(path: Path) -> str:
    """Return the format that a file's name asks for. Raises FormatError if there is none."""
    ending = path.suffix.lower().removeprefix(".")
    if ending not in _DATES:
        raise FormatError(f"{path}: pictures are written as .png, .svg or .pdf; choose one of these endings")
    return ending


def render(figure: Figure, form: str) -> bytes:
    """Return a figure as the bytes of a png, svg or pdf file, without dates and random identifiers."""
    import matplotlib

    if form not in _DATES:
        raise FormatError(f"there is no picture format {form[:40]!r}; use png, svg or pdf")
    stream = BytesIO()
    with matplotlib.rc_context({"svg.hashsalt": "steeralg"}):
        figure.savefig(stream, format=form, dpi=_DPI, metadata=_DATES[form])
    return stream.getvalue()


def save_figure(figure: Figure, path: Path | str) -> None:
    """Write a figure to a file, whole or not at all. Raises FormatError for other endings and if it is impossible."""
    target = Path(path)
    form = picture_format(target)
    write_atomically(target, render(figure, form))
