"""The index of the proof files: `python -m steeralg.index` writes proofs/README.md and proofs/SHA256SUMS.

Above: nothing. Below: claims, proofs, their reports. All but the checking times (benchmarks/checking.json, measured
by benchmarks/checking.py) is computed from the files, so a test can tell whether it is current.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from steeralg.certificates.proof import Proof, read_proof, write_atomically
from steeralg.certificates.steps import Statement
from steeralg.claims import CLAIMS
from steeralg.errors import InputError
from steeralg.exact.convert import number_to_sympy
from steeralg.exact.number import Number, as_number
from steeralg.report import statement_text, theorem_lines

_HEAD = """# Proofs

Each of the {count} files settles one claim, most of them of the papers listed below: what is proved, and what is not.
`python3 -I proofs/check.py proofs/*.json` checks them all ({seconds} s); the checker is one file of standard-library
Python that knows nothing of steeralg, and [FORMAT.md](FORMAT.md) says what it demands and why that suffices.
`steeralg prove NAME` makes a file again, `steeralg prove --all` all of them: the statement is the same in every byte,
the witness may differ where solvers do. `sha256sum -c SHA256SUMS`, in this folder, compares the files.

- **Trusted**: Python's integers, fractions and JSON reader, `check.py`, and the theorems named in FORMAT.md. That a
  claim's data are the paper's is for the reader to compare: `steeralg show FILE` prints them, and
  `python3 -I proofs/check.py --claim mine.json FILE` compares them with your own.
- **Attacked**: [attack/](attack/README.md) holds a campaign of mutants and a fuzzer, and what they found.
- **A second judge**: [coq/](coq/README.md) has the core rules verified by the Coq proof assistant.
"""
_TABLE = """## The claims

{papers}

| claim | source | proved | not established | figures | bytes | checked in | sha256 |
|---|---|---|---|---|---:|---:|---|"""
_READINGS = """## Where a printed statement does not hold as printed

The reading taken, one sentence each. Figures and matrices that differ were computed by two routes.
"""
_DETAILS = """## What each file holds
"""


def index(paths: Iterable[Path], times: Mapping[str, int]) -> str:
    """Return the text of proofs/README.md for some proof files and their checking times (milliseconds, by sha256).

    Raises InputError if the time of a file is not known.
    """
    proofs = {path.stem: (read_proof(path.read_bytes(), path.name), path.read_bytes()) for path in paths}
    ordered = [(name, *proofs[name]) for name in CLAIMS if name in proofs]
    papers = dict(filter(None, (_paper(proof) for _, proof, _ in ordered)))
    legend = "\n".join(f"- {key}: {reference}" for key, reference in papers.items())
    rows = [_row(name, proof, data, times) for name, proof, data in ordered]
    total = sum(times[_sha256(data)] for _, _, data in ordered)
    readings = [f"- **{name}**: {CLAIMS[name].reading}" for name, _, _ in ordered if CLAIMS[name].reading]
    head = _HEAD.replace("{count}", str(len(rows))).replace("{seconds}", f"about {-(-total // 1000)}")
    sections = [head, "\n".join([_TABLE.replace("{papers}", legend), *rows, ""])]
    sections += ["\n".join([_READINGS, *readings, ""])] if readings else []
    sections += [_DETAILS, *(_section(proof) for _, proof, _ in ordered)]
    return "\n".join(sections)


def sums(paths: Iterable[Path]) -> str:
    """Return the text of proofs/SHA256SUMS."""
    return "".join(f"{_sha256(path.read_bytes())}  {path.name}\n" for path in sorted(paths))


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _row(name: str, proof: Proof, data: bytes, times: Mapping[str, int]) -> str:
    claim, digest = CLAIMS[name], _sha256(data)
    if digest not in times:
        raise InputError(f"{name}.json: its checking time is not known; run python benchmarks/checking.py")
    cells = [
        f"[{name}]({name}.json)",
        _place(proof),
        claim.summary,
        claim.not_established,
        "; ".join(dict.fromkeys(figures(proof))),
        f"{len(data)}",
        f"{times[digest]} ms",
        f"`{digest[:16]}`",
    ]
    return "| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |"


def _paper(proof: Proof) -> tuple[str, str] | None:
    """Return the key of the paper a claim is named for, such as SAPHS18, and its reference; None if it has no key."""
    prefix = proof.name.partition("-")[0]
    reference, year, _ = proof.source.partition(")")
    return (prefix.upper(), reference + year) if prefix[-2:].isdigit() and year else None


def _place(proof: Proof) -> str:
    """Return where a claim is stated, the paper by its key."""
    paper = _paper(proof)
    return proof.source if paper is None else proof.source.replace(paper[1], paper[0])


def figures(proof: Proof) -> Iterator[str]:
    """Yield the figures of a proof: values and bounds, weights of noise, negativities, weights of witnesses."""
    claimed = {(s.rule, s.assemblage) for s in proof.statements}
    for statement in dict.fromkeys([*proof.statements, *(step.statement for step in proof.steps)]):
        bound = "" if statement.bound is None else short(as_number(statement.bound))
        if statement.rule == "violation":
            yield f"⟨{statement.functional}, {statement.assemblage}⟩ = {short(proof.value(statement))} < {bound}"
        elif statement.rule == "bound" and statement in proof.statements:
            yield f"{statement.functional} ≥ {bound}"
        elif statement.rule == "mixture" and statement.weight is not None:
            kinds = [kind for kind in ("postquantum", "quantum", "local") if (kind, statement.assemblage) in claimed]
            yield from (
                f"{kind} with {short(as_number(statement.weight))} of {statement.names['noise']}" for kind in kinds
            )
        elif statement.rule in _ENDS:
            yield f"{_ENDS[statement.rule]} {bound} ({statement.assemblage})"
        elif statement.rule == "witness":
            yield f"e = {bound} {_sign(proof, statement)}".rstrip()
        elif statement.rule == "local-threshold" and statement.weight is not None:
            yield f"threshold {short(as_number(statement.weight))}"


_ENDS = {"negativity-at-least": "negativity ≥", "negativity-at-most": "negativity ≤"}


def _sign(proof: Proof, statement: Statement) -> str:
    rules = {s.rule for s in proof.statements if s.operator == statement.operator}
    return "works" if "block-positive" in rules else "does not" if "not-block-positive" in rules else ""


def short(number: Number, length: int = 18) -> str:
    """Write a number exactly if that is short, in decimals as well if it is irrational; else in decimals alone."""
    exact, decimal = str(number_to_sympy(number)), number.decimal(6)
    if len(exact) > length:
        return f"{decimal}…"
    return exact if number.is_rational and len(exact) < 8 else f"{exact} ≈ {decimal}"


def _section(proof: Proof) -> str:
    summary = CLAIMS[proof.name].summary
    lines = [f"### {proof.name}", "", f"{summary[0].upper()}{summary[1:]}.", ""]
    lines += [f"- Theorem: {statement_text(proof, statement)}" for statement in proof.statements]
    lines += [f"- {line}" for line in theorem_lines(proof)]
    return "\n".join([*lines, ""])


def main() -> None:
    """Write proofs/README.md and proofs/SHA256SUMS beside the checker of this source tree."""
    root = Path(__file__).resolve().parent.parent
    folder = root / "proofs"
    if not (folder / "check.py").is_file():
        sys.exit("python -m steeralg.index works in a source tree only")
    files = sorted(folder.glob("*.json"))
    times = json.loads((root / "benchmarks" / "checking.json").read_bytes())
    write_atomically(folder / "README.md", index(files, times).encode())
    write_atomically(folder / "SHA256SUMS", sums(files).encode())


if __name__ == "__main__":
    main()
