"""Reports as LaTeX: a document of its own, which needs amsmath and amsthm and no other package.

Above: the command line. Below: the document model.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from steeralg.certificates.proof import Proof
from steeralg.exact.markup import is_short, matrix_latex, matrix_rows, number_latex
from steeralg.exact.matrix import Matrix
from steeralg.objects.events import EventSet
from steeralg.report.document import GREEK, Atom, Document, File, Formula, Item, Power, Sentence, Sign, Symbol
from steeralg.report.sentences import document

_HEAD = r"""\documentclass{article}
\usepackage{amsmath,amsthm}
\newtheorem*{theorem}{Theorem}
\allowdisplaybreaks
\sloppy
\begin{document}"""
_SIGNS = {
    "<<": r"\langle ",
    ">>": r"\rangle ",
    ",": ", ",
    ">=": r" \ge ",
    "~": r" \approx ",
    "*": r"\,",
    "Q": r"\mathbf{Q}",
    "Pi": r"\Pi ",
    "sigma": r"\sigma ",
    "tau": r"\tau ",
    "omega": r"\omega ",
}
_ORDER, _ENTRY, _CHUNK = 8, 60, 6
"""Matrices up to that order with entries up to that length are written as such."""


def latex(proof: Proof, file: File | None = None) -> str:
    """Return a proof as a LaTeX document: a theorem, what it rests on, the exact data, and how to check it."""
    shown = document(proof, file)
    lines = [_HEAD, rf"\section*{{{escape(shown.title)}}}", r"\begin{theorem}[{" + escape(shown.source) + "}]"]
    lines += _itemised("enumerate", map(_sentence, shown.theorem))
    lines += [r"\end{theorem}", r"\begin{proof}", *_itemised("itemize", map(_sentence, shown.reasons)), r"\end{proof}"]
    scenario = f"Scenario: {escape(shown.scenario)}. " if shown.scenario else ""
    lines += [r"\section*{Exact data}", rf"{scenario}All data are over ${_formula(shown.field)}$.\par"]
    for name, value in shown.long:
        label = _formula(name) or value.decimal
        lines += [rf"\paragraph{{${label}$ exactly:}}", _breakable(value.exact)]
    for item in shown.items:
        lines += _item(item)
    return "\n".join([*lines, *_check(shown), r"\end{document}", ""])


def _itemised(kind: str, lines: Iterator[str]) -> list[str]:
    items = [rf"\item {line}" for line in lines]
    if len(items) < 2:
        return [item.removeprefix(r"\item ") for item in items] or ["The data show it."]
    return [rf"\leavevmode\begin{{{kind}}}", *items, rf"\end{{{kind}}}"]


def _item(item: Item) -> Iterator[str]:
    yield rf"\paragraph{{${symbol(item.name)}$, {escape(item.kind)}.}}"
    if isinstance(item.value, EventSet):
        return
    pairs = list(item.value.matrices())
    if all(_fits(matrix) for _, matrix in pairs):
        if pairs:
            rows = [f"{_element(item.name, label)} &= {matrix_latex(matrix)}" for label, matrix in pairs]
            yield "\\begin{align*}\n" + " \\\\\n".join(rows) + "\n\\end{align*}"
        return
    yield r"Entries by row, separated by commas, rows by semicolons.\par"
    for label, matrix in pairs:
        yield rf"${_element(item.name, label)}$: {_breakable(matrix_rows(matrix))}"


def _fits(matrix: Matrix) -> bool:
    return matrix.rows <= _ORDER and is_short(matrix, _ENTRY)


def _check(shown: Document) -> list[str]:
    if shown.file is None:
        return []
    file = shown.file
    lines = [r"\section*{How to check it}", rf"\noindent\texttt{{{escape(file.name)}}}: {file.size} bytes, sha256"]
    lines += [_breakable(file.sha256)]
    return [*lines, *(rf"\noindent {escape(what)} {_breakable(command)}" for what, command in file.commands)]


# ---- sentences -------------------------------------------------------------------------------------------------------
def _sentence(parts: Sentence) -> str:
    return "".join(escape(part) if isinstance(part, str) else f"${_formula(part)}$" for part in parts)


def _formula(formula: Formula) -> str:
    return "".join(map(_atom, formula))


def _atom(atom: Atom) -> str:
    if isinstance(atom, Sign):
        return _SIGNS.get(atom.token, f" {atom.token} " if atom.token in "<=-" else atom.token)
    if isinstance(atom, Symbol):
        return symbol(atom.name)
    if isinstance(atom, Power):
        return f"{atom.base}^{{{atom.exponent}}}"
    if atom.is_long:
        return atom.decimal if atom.about else rf"{atom.decimal}\text{{ (rounded)}}"
    sign = "=" if atom.ends else r"\approx"
    return f"{number_latex(atom.number)} {sign} {atom.decimal}" if atom.decimal else number_latex(atom.number)


def symbol(name: str) -> str:
    """Return the name of an object as a symbol: letters as such, with their index, and words upright."""
    head, index = Symbol(name).parts
    letter = rf"\{head}" if head in GREEK else head if len(head) == 1 else _upright(head)
    return f"{letter}_{{{_upright(index)}}}" if index else letter


def _upright(word: str) -> str:
    return rf"\mathrm{{{escape(word)}}}"


def _element(name: str, label: str) -> str:
    """Return the name of a matrix of an object."""
    words = any(c.isalpha() for c in label)
    return symbol(name) + (rf"(\text{{{escape(label)}}})" if words else f"({label})" if label else "")


# ---- characters ------------------------------------------------------------------------------------------------------
_ESCAPED = {character: "\\" + character for character in "&%$#_{}"} | {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "|": r"\textbar{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
}
"""The last three are other characters in the oldest text fonts."""
_MARKS = set("\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030a\u030b\u030c\u0327")
_WRITTEN = {"–": "--", "—": "---", "‘": "`", "’": "'", "“": "``", "”": "''"} | dict.fromkeys("ßøØæÆœŒłŁ")
"""Beside letters with these accents, what every LaTeX can print; None for the character itself."""


def escape(plain: str) -> str:
    """Return a text for LaTeX: every special character escaped, and what the oldest fonts lack by its number."""
    return "".join(map(_character, plain))


def _character(c: str) -> str:
    if c.isascii():
        return _ESCAPED.get(c, c)
    if c in _WRITTEN:
        return _WRITTEN[c] or c
    base, marks = unicodedata.normalize("NFD", c)[:1], unicodedata.normalize("NFD", c)[1:]
    if base.isascii() and base.isalpha() and marks in _MARKS:
        return c
    return f"[U+{ord(c):04X}]"


def _breakable(plain: str) -> str:
    """Return a paragraph of small type that may be broken anywhere."""
    pieces = (escape(plain[k : k + _CHUNK]) for k in range(0, len(plain), _CHUNK))
    broken = r"\allowbreak{}".join(pieces)
    return rf"{{\footnotesize\ttfamily\raggedright {broken}\par}}"
