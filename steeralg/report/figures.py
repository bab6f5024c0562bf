"""Figures of a report: Bloch discs of qubit assemblages, proved brackets, the Gram matrices of a certificate.

Above: the page. Below: pictures, proofs. A figure is SVG that lives in the page: its colours
follow the page's scheme, its identifiers are its own, and its title is read out instead of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from steeralg.algebra.word import Word
from steeralg.certificates.proof import Proof
from steeralg.errors import InputError
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.functional import Functional
from steeralg.objects.scenario import Scenario
from steeralg.plot.bloch import bloch_figure
from steeralg.plot.brackets import interval_figure
from steeralg.plot.files import render
from steeralg.plot.moments import MomentPattern, pattern_figure
from steeralg.plot.style import FAINT, GREY, PALETTE, Exact

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Picture

_INKS = {FAINT: "faint", GREY: "soft", "#000000": "ink", "#ffffff": "paper"} | dict(
    zip(PALETTE, ("blue", "red", "green", "pink", "gold", "sky"), strict=True)
)
_MOST_DISCS, _MOST_ELEMENTS, _MOST_WORDS, _MOST_FIGURES = 2, 64, 24, 3


@dataclass(frozen=True)
class Figure:
    """A picture as SVG for the page, and its caption."""

    svg: str
    caption: str


def figures(proof: Proof) -> Iterator[Figure]:
    """Yield the figures that help to see what a proof is about."""
    found = [*_brackets(proof), *_discs(proof), *_patterns(proof)]
    for number, (picture, title, caption) in enumerate(found):
        yield Figure(inline(render(picture, "svg"), f"figure-{number}", title), caption)


_Drawn = tuple["Picture", str, str]


def _discs(proof: Proof) -> Iterator[_Drawn]:
    qubits = [
        (name, value)
        for name, value in proof.objects.items()
        if isinstance(value, Assemblage) and value.scenario.views == (2,) and len(value.elements) <= _MOST_ELEMENTS
    ]
    for name, value in qubits[:_MOST_DISCS]:
        with suppress(InputError):
            caption = f"The conditional states of {name}, one disc for each joint setting x, labelled a|x."
            yield bloch_figure(value), f"Bloch discs of {name}", caption


def _brackets(proof: Proof) -> Iterator[_Drawn]:
    """Yield the negativities, and the weights of noise, that are enclosed."""
    negative: dict[str, list[Exact | None]] = {}
    noisy: dict[str, list[Exact | None]] = {}
    claimed = {(statement.rule, statement.assemblage) for statement in proof.statements}
    for statement in proof.statements:
        if statement.rule in ("negativity-at-least", "negativity-at-most"):
            ends = negative.setdefault(statement.assemblage or "", [None, None])
            ends[statement.rule == "negativity-at-most"] = statement.bound
        if statement.rule == "mixture":
            ends = noisy.setdefault(f"{statement.data}, {statement.noise}", [None, None])
            if ("postquantum", statement.assemblage) in claimed:
                ends[0] = statement.weight
            if ("quantum", statement.assemblage) in claimed:
                ends[1] = statement.weight
    for table, label, caption in (
        (negative, "steering negativity", "The steering negativity of each assemblage lies between its two ends."),
        (
            noisy,
            "weight of the noise",
            "Postquantum up to the lower end, quantum from the upper end on.",
        ),
    ):
        rows = [(name, low, high) for name, (low, high) in table.items() if low is not None or high is not None]
        if rows:
            yield interval_figure(rows, label), f"Proved ends of the {label}", caption


def _patterns(proof: Proof) -> Iterator[_Drawn]:
    objects = proof.context.objects
    found: dict[tuple[Scenario, tuple[Word, ...]], list[str]] = {}
    for step in proof.steps:
        name = step.statement.functional or ""
        functional = objects.get(name)
        if isinstance(functional, Functional):
            for block in step.blocks:
                if 1 < len(block.words) <= _MOST_WORDS:
                    found.setdefault((functional.scenario, block.words), []).append(name)
    for (scenario, words), several in list(found.items())[:_MOST_FIGURES]:
        names = " and ".join(dict.fromkeys(several))
        caption = (
            f"The {len(words)} words of the sum of squares for {names}: entries of one colour are the same product of "
            "words, up to adjoints; dots mark what the data show (rings: in part)."
        )
        picture = pattern_figure(MomentPattern.of_words(scenario, words), "Moment matrix")
        yield picture, f"Moment matrix of the words that certify {names}", caption


def inline(svg: bytes, name: str, title: str) -> str:
    """Return a picture as an element of a page, with identifiers and colours of its own."""
    text = svg.decode()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>|<!--.*?-->|\n\s*", "", text, flags=re.DOTALL)
    text = re.sub(r'(\bid="|href="#|url\(#)', rf"\g<1>{name}-", text)
    for colour, ink in _INKS.items():
        text = re.sub(rf"(?<=[ :])({colour})(?=[;\"])", f"var(--{ink})", text, flags=re.IGNORECASE)
    width = re.search(r'\bwidth="([0-9.]+)pt"', text)
    size = f' style="max-width:{width[1]}pt;min-width:{0.7 * float(width[1]):.0f}pt"' if width else ""
    text = re.sub(r'\b(width|height)="[0-9.]+pt"', "", text, count=2)
    head = f'<svg role="img" aria-labelledby="{name}-title"{size}'
    start = text.index(">") + 1
    return f'{head}{text[4:start]}<title id="{name}-title">{escape(title)}</title>{text[start:]}'
