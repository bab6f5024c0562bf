"""The index of the proof files: `python -m steeralg.index` writes proofs/README.md.

Above: nothing. Below: claims, proofs, the checker. Everything in the table is computed from the files, so a test can
tell whether it is current.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable
from pathlib import Path

from steeralg.certificates.proof import Proof, read_proof, write_atomically
from steeralg.claims import CLAIMS
from steeralg.report import statement_text, theorem_lines

_HEAD = """# Proofs

Each file settles one claim. `python3 -I proofs/check.py proofs/*.json` checks them all; the checker is one file of
standard-library Python that knows nothing of steeralg, and [FORMAT.md](FORMAT.md) says what it demands and why that
suffices. `steeralg prove NAME` makes a file again (the statement is the same; the witness may differ where solvers do).

Trusted: Python's integers, `check.py`, and the theorems named in FORMAT.md. That a claim's data are the paper's is for
the reader to compare; `steeralg show FILE` prints them.
"""


def index(paths: Iterable[Path]) -> str:
    """Return the text of proofs/README.md for some proof files."""
    sections = [_HEAD]
    for path in sorted(paths):
        data = path.read_bytes()
        sections.append(_section(read_proof(data, path.name), data, path.name))
    return "\n".join(sections)


def _section(proof: Proof, data: bytes, name: str) -> str:
    claim = CLAIMS[proof.name]
    lines = [
        f"## {proof.name}",
        "",
        f"{claim.summary[0].upper()}{claim.summary[1:]}.",
        "",
        f"- Source: {proof.source}.",
    ]
    lines += [f"- Theorem: {statement_text(proof, statement)}" for statement in proof.statements]
    lines += [f"- {line}" for line in theorem_lines(proof)]
    lines += [
        f"- Not established: {claim.not_established}",
        f"- File: [{name}]({name}), {len(data)} bytes, sha256",
    ]
    lines += [f"  `{hashlib.sha256(data).hexdigest()}`", ""]
    return "\n".join(lines)


def main() -> None:
    """Write proofs/README.md beside the checker of this source tree."""
    folder = Path(__file__).resolve().parent.parent / "proofs"
    if not (folder / "check.py").is_file():
        sys.exit("python -m steeralg.index works in a source tree only")
    write_atomically(folder / "README.md", index(folder.glob("*.json")).encode())


if __name__ == "__main__":
    main()
