"""The hand-written Coq library: package data beside this file, written next to every export.

Above: exports, the command line. Below: nothing.
"""

from __future__ import annotations

from pathlib import Path

LIBRARY = ("Numbers", "NumberField", "Positive", "Words", "WordValues", "Steering", "Assemblage")
"""The files of the library, without `.v`, in the order of compilation."""

NAMESPACE = "Steeralg"


def library_files() -> dict[str, bytes]:
    """Return the library: file names and their bytes."""
    folder = Path(__file__).parent
    return {f"{name}.v": (folder / f"{name}.v").read_bytes() for name in LIBRARY}


def compilation(name: str) -> list[str]:
    """Return the shell commands that compile the library and an export `name`.v, to be run in their folder."""
    library = " ".join(LIBRARY)
    return [
        f"for f in {library}; do coqc -Q . {NAMESPACE} $f.v || break; done",
        f"coqc -Q . {NAMESPACE} {name}.v",
    ]
