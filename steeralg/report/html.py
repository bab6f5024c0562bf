"""Reports as one page of HTML: inline style, MathML and SVG, no script, nothing loaded from anywhere.

Above: the command line. Below: figures, the document model, tables.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from itertools import chain
from typing import TYPE_CHECKING

from steeralg.certificates.proof import Proof
from steeralg.exact.markup import decimals, math, matrix_list, number_mathml
from steeralg.exact.matrix import Matrix
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.events import EventSet
from steeralg.objects.functional import Functional
from steeralg.objects.tables import family_tables
from steeralg.report.document import GREEK, Atom, Document, File, Formula, Item, Power, Sentence, Sign, Symbol
from steeralg.report.sentences import document
from steeralg.report.style import STYLE
from steeralg.report.text import element_text

if TYPE_CHECKING:
    from steeralg.report.figures import Figure

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_SIGNS = {"<<": "⟨", ">>": "⟩", ">=": "≥", "~": "≈", "-": "−", "*": "\u2062"}
_RELATIONS, _INFIX, _STOPS = (">=", "<", "=", "~"), '<mo form="infix">', tuple(".,;:")
_LETTERS = {**GREEK, "Pi": "Π", "Q": "ℚ"}
_MANY, _LARGE = 64, 1500
"""Objects with more matrices or more entries than that are folded."""


def html(proof: Proof, file: File | None = None) -> str:
    """Return a proof as a page of HTML: the theorem, what it rests on, figures, the exact data, how to check it."""
    from steeralg.report.figures import figures  # late: commands that only print a theorem draw nothing

    shown = document(proof, file)
    sections = [
        _theorem(shown),
        _section("proof", "What it rests on", _listed("ul", shown.reasons) or "<p>The data show it.</p>"),
        _pictures(list(figures(proof))),
        _exactly(shown),
        _data(shown),
        _check(shown.file),
    ]
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{escape(shown.title)}</title>
<style>{STYLE}</style>
</head>
<body>
<main>
<header><h1><bdi>{escape(shown.title)}</bdi></h1>{_facts(shown)}</header>
{"".join(sections)}</main>
</body>
</html>
"""


def _facts(shown: Document) -> str:
    facts = [("Source", f"<bdi>{escape(shown.source)}</bdi>")]
    facts += [("Scenario", escape(shown.scenario))] if shown.scenario else []
    facts += [("Numbers", f"exact, in {math(_formula(shown.field))}")]
    return f"<dl>{''.join(f'<dt>{name}</dt><dd>{value}</dd>' for name, value in facts)}</dl>"


def _section(name: str, title: str, body: str) -> str:
    return f'<section aria-labelledby="{name}"><h2 id="{name}">{title}</h2>{body}</section>\n' if body else ""


def _theorem(shown: Document) -> str:
    return _section("theorem", "Theorem", f'<div class="theorem">{_listed("ol", shown.theorem)}</div>')


def _listed(kind: str, sentences: Sequence[Sentence]) -> str:
    """Return sentences as a list, one alone as a paragraph."""
    if len(sentences) == 1:
        return f"<p>{_sentence(sentences[0])}</p>"
    items = "".join(f"<li>{_sentence(sentence)}</li>" for sentence in sentences)
    return f"<{kind}>{items}</{kind}>" if items else ""


def _pictures(found: Sequence[Figure]) -> str:
    shown = (
        f'<figure><div class="picture" tabindex="0">{figure.svg}</div>'
        f"<figcaption>{escape(figure.caption)}</figcaption></figure>"
        for figure in found
    )
    return _section("figures", "Figures", "".join(shown))


def _exactly(shown: Document) -> str:
    """Return the numbers that are too long for a sentence."""
    values = [
        f"<p>{math(_formula(name)) if name else escape(value.decimal)} is exactly</p>{_exact(value.exact)}"
        for name, value in shown.long
    ]
    return _section("values", "Exact values", "".join(values))


def _exact(text: str) -> str:
    return f'<p class="exact"><code>{escape(text)}</code></p>'


# ---- data ------------------------------------------------------------------------------------------------------------
def _data(shown: Document) -> str:
    parts = []
    for in_claim, title in ((True, "Data of the theorem"), (False, "Data of the proof")):
        items = [_item(item) for item in shown.items if item.in_claim == in_claim]
        parts.append(_section("claim-data" if in_claim else "proof-data", title, "".join(items)))
    return "".join(parts)


def _item(item: Item) -> str:
    head = f"<h3>{math(_symbol(item.name))}</h3><p>{escape(item.kind[0].upper() + item.kind[1:])}.</p>"
    if isinstance(item.value, EventSet):
        return head
    pairs = list(item.value.matrices())
    matrices = [matrix for _, matrix in pairs]
    if isinstance(item.value, Assemblage | Functional):
        body = family_tables(item.value.scenario, item.value.elements, _symbol(item.name))
    else:
        body = matrix_list(pairs, _symbol(item.name))
    if decimals(matrices) is not None:
        rows = "\n".join(element_text(item.name, label, matrix) for label, matrix in pairs)
        body += f'<details><summary>Exact entries</summary><pre tabindex="0">{escape(rows)}</pre></details>'
    return head + (_folded(matrices, body) if _is_large(matrices) else body)


def _is_large(matrices: Sequence[Matrix]) -> bool:
    return len(matrices) > _MANY or sum(matrix.rows * matrix.columns for matrix in matrices) > _LARGE


def _folded(matrices: Sequence[Matrix], body: str) -> str:
    orders = sorted({f"{matrix.rows} × {matrix.columns}" for matrix in matrices})
    count = f"{len(matrices)} matrices" if len(matrices) > 1 else "A matrix"
    return f"<details><summary>{count}, {', '.join(orders)}</summary>{body}</details>"


def _check(file: File | None) -> str:
    if file is None:
        return ""
    head = f"<p><code><bdi>{escape(file.name)}</bdi></code>, {file.size} bytes, SHA-256</p>{_exact(file.sha256)}"
    for what, command in file.commands:
        head += f'<p>{escape(what)}</p><pre tabindex="0"><code>{escape(command)}</code></pre>'
    return _section("check", "How to check it", head)


# ---- sentences -------------------------------------------------------------------------------------------------------
def _sentence(parts: Sentence) -> str:
    """Return a sentence; a formula may be broken before its relations, and keeps the full stop that follows it."""
    text = ""
    for part in parts:
        if isinstance(part, str):
            end = part[:1] if text.endswith("</math>") and part[:1] in _STOPS else ""
            if end:
                start = text.rindex("<math")
                text = f'{text[:start]}<span class="whole">{text[start:]}{end}</span>'
            text += escape(part[len(end) :])
        else:
            text += "<wbr>".join(math(f"<mrow>{''.join(run)}</mrow>") for run in _runs(part))
    return text


def _runs(formula: Formula) -> Iterator[list[str]]:
    """Yield the parts of a formula, a new one beginning with every relation."""
    run: list[str] = []
    for piece in chain.from_iterable(map(_atom, formula)):
        if run and piece.startswith(_INFIX):
            yield run
            run = []
        run.append(piece)
    yield run


def _formula(formula: Formula) -> str:
    return f"<mrow>{''.join(chain.from_iterable(map(_atom, formula)))}</mrow>"


def _atom(atom: Atom) -> Iterator[str]:
    if isinstance(atom, Sign):
        token = atom.token
        if token in _RELATIONS:
            yield _relation(_SIGNS.get(token, token))
        elif token.isalpha():
            yield f"<mi>{_LETTERS.get(token, token)}</mi>"
        else:
            yield f'<mo stretchy="false">{escape(_SIGNS.get(token, token))}</mo>'
    elif isinstance(atom, Symbol):
        yield _symbol(atom.name)
    elif isinstance(atom, Power):
        yield f"<msup><mn>{atom.base}</mn>{_decimal(str(atom.exponent))}</msup>"
    elif atom.is_long:
        yield f"{_decimal(atom.decimal)}{'' if atom.about else '<mtext> (rounded)</mtext>'}"
    else:
        yield number_mathml(atom.number)
        if atom.decimal:
            yield _relation("=" if atom.ends else "≈")
            yield _decimal(atom.decimal.rstrip("0") if atom.ends else atom.decimal)


def _relation(sign: str) -> str:
    return f"{_INFIX}{escape(sign)}</mo>"


def _decimal(digits: str) -> str:
    return f"<mrow><mo>−</mo><mn>{digits[1:]}</mn></mrow>" if digits.startswith("-") else f"<mn>{digits}</mn>"


def _symbol(name: str) -> str:
    """Return the name of an object in MathML: letters in italics, with their index, and words upright."""
    head, index = Symbol(name).parts
    letter = f"<mi>{escape(GREEK.get(head, head))}</mi>"
    return f"<msub>{letter}<mtext>{escape(index)}</mtext></msub>" if index else letter
