"""Reports as plain text: the theorem in lines, and all exact data.

Above: the command line, the index. Below: the document model.
"""

from __future__ import annotations

from collections.abc import Iterator

from steeralg.certificates.proof import Proof
from steeralg.certificates.steps import Statement
from steeralg.exact.markup import matrix_rows
from steeralg.exact.matrix import Matrix
from steeralg.objects.events import EventSet
from steeralg.report.document import Atom, Document, File, Formula, Power, Quantity, Sentence, Sign
from steeralg.report.sentences import document, reasons, sentence

_SIGNS = {"<<": "<", ">>": ">", ",": ", ", "*": " "} | {sign: f" {sign} " for sign in (">=", "<", "=", "~", "-")}


def statement_text(proof: Proof, statement: Statement) -> str:
    """Return a statement as one sentence."""
    return plain(sentence(proof, statement))


def theorem_lines(proof: Proof) -> list[str]:
    """Return what the theorem rests on, line by line: statements that are not in the claim, and certificates."""
    return [plain(reason) for reason in reasons(proof)]


def summary(proof: Proof) -> list[str]:
    """Return the theorem in lines: claim, data, statements, and the numbers behind them."""
    return list(_summary(document(proof)))


def text(proof: Proof, file: File | None = None) -> str:
    """Return a proof as plain text, with all exact data, and how to check it if its file is given."""
    shown = document(proof, file)
    lines = list(_summary(shown))
    lines += [f"  exactly    {_formula(name) or value.decimal}: {value.exact}" for name, value in shown.long]
    for item in shown.items:
        lines += ["", f"{item.name}: {item.kind}"]
        if not isinstance(item.value, EventSet):
            lines += [f"  {element_text(item.name, label, matrix)}" for label, matrix in item.value.matrices()]
    if file is not None:
        lines += ["", f"{file.name}: {file.size} bytes, sha256 {file.sha256}"]
        lines += [f"  {what} {command}" for what, command in file.commands]
    return "\n".join(lines)


def element_text(name: str, label: str, matrix: Matrix) -> str:
    """Return a matrix of an object, exactly, on one line."""
    return f"{name}{f'[{label}]' if label else ''} = {matrix_rows(matrix)}"


def _summary(shown: Document) -> Iterator[str]:
    yield shown.title
    yield f"  source     {shown.source}"
    if shown.scenario is not None:
        yield f"  scenario   {shown.scenario}"
    yield f"  data       over {_formula(shown.field)}"
    yield from (f"  theorem    {plain(statement)}" for statement in shown.theorem)
    yield from (f"  because    {plain(reason)}" for reason in shown.reasons)


def plain(parts: Sentence) -> str:
    """Return a sentence as text."""
    return "".join(part if isinstance(part, str) else _formula(part) for part in parts)


def _formula(formula: Formula) -> str:
    return "".join(map(_atom, formula))


def _atom(atom: Atom) -> str:
    if isinstance(atom, Sign):
        return _SIGNS.get(atom.token, atom.token)
    if isinstance(atom, Power):
        return f"{atom.base}^{atom.exponent}"
    if isinstance(atom, Quantity):
        if atom.is_long:
            return f"{atom.decimal} (rounded; the exact data are in the file)"
        return f"{atom.exact} = {atom.decimal}" if atom.decimal else atom.exact
    return atom.name
