"""Exact objects in the syntax of Coq: the entries of proof files, one by one, as terms of the library.

Above: exports. Below: the canonical JSON of proofs. Matrices keep their denominator and their lower triangle, numbers
their coefficients in 1, theta, ..., so that data in a `.v` file can be compared with the JSON.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from math import lcm
from typing import Any

from steeralg.algebra.party import PartyWord
from steeralg.algebra.word import Word
from steeralg.exact.field import Field, Vector
from steeralg.exact.number import Number
from steeralg.objects.scenario import Label, Scenario

WIDTH = 118


def listing(items: Iterable[str]) -> str:
    """Write a list on one line."""
    return "[" + "; ".join(items) + "]"


def lines(items: Sequence[str], indent: int = 2) -> str:
    """Write a list with one item a line."""
    return "[" + (";\n" + " " * (indent + 1)).join(items) + "]"


def filled(items: Sequence[str], indent: int) -> str:
    """Write a list on as few lines as fit."""
    rows, current = [], ""
    for k, item in enumerate(items):
        text = item + (";" if k + 1 < len(items) else "")
        if current and indent + len(current) + 1 + len(text) > WIDTH:
            rows.append(current)
            current = text
        else:
            current = f"{current} {text}" if current else text
    return "[" + ("\n" + " " * (indent + 1)).join([*rows, current]) + "]"


def comment(text: str) -> str:
    """Make any text fit for a comment, which must not hold quotes or the marks of a comment."""
    plain = " ".join(text.replace('"', "'").split()).replace("(*", "( *").replace("*)", "* )")
    return "".join(c if c.isprintable() else "?" for c in plain)


def identifier(text: str) -> str:
    """Make a name of letters, digits and underscores."""
    return re.sub(r"[^A-Za-z0-9]+", "_", text).strip("_")[:100]


def digits(value: int | str) -> str:
    """Write an integer for a list: in base 16, which Coq reads faster, if it is long."""
    text = str(value)
    return text if len(text) < 24 else f"{int(text):#x}"


def integer(value: int | str) -> str:
    """Write an integer as an argument."""
    text = digits(value)
    return f"({text})" if text.startswith("-") else text


def polynomial(vector: Vector) -> str:
    """Write a polynomial in theta by its coefficients, without zeros at the end."""
    top = max((k for k, c in enumerate(vector) if c), default=0)
    return listing(map(digits, vector[: top + 1]))


def matrix(value: Mapping[str, Any], indent: int = 4) -> str:
    """Write a MATRIX of a proof file: rows of entries separated by spaces, coefficients by commas."""
    rows = [[row.split() for row in value.get(part, [])] for part in ("re", "im")]
    irrational = any("," in entry for part in rows for row in part for entry in row)

    def entry(text: str) -> str:
        return listing(text.split(",")) if irrational else text

    parts = [filled([listing(map(entry, row)) for row in part], indent) + "%Z" for part in rows]
    head, space = f"{'matrix' if irrational else 'rational'} {value['denominator']}", "\n" + " " * indent
    short = not any("\n" in part for part in parts) and sum(map(len, parts)) < 80
    return f"{head} {' '.join(parts)}" if short else space.join([head, *parts])


def number(value: Number) -> str:
    """Write a NUMBER as numerator and denominator."""
    return f"number {polynomial(value.re)}%Z {value.denominator}"


def naturals(values: Iterable[int]) -> str:
    """Write a list of natural numbers."""
    return listing(map(str, values))


def key(scenario: Scenario, label: Label) -> str:
    """Write a label; the view is the outcome of an instrumental scenario."""
    return f"key {naturals(label[0])} {naturals(label[1])} {scenario.view(label)}"


def scenario_term(scenario: Scenario) -> str:
    """Write a scenario; an instrumental one is that of its parent, its keys having the view y = a."""
    boxes = listing(naturals(box.outcomes) for box in scenario.black_boxes)
    return f"scenario {boxes} {naturals(p.dim for p in scenario.trusted)} {scenario.trusted[0].settings}"


def word(scenario: Scenario, value: Word) -> str:
    """Write a word: a list of letters for each box, and one for a trusted party with input."""
    count, dim = len(scenario.black_boxes), scenario.trusted[0].dim

    def letters(part: PartyWord, is_box: bool) -> str:
        if is_box:
            return listing(f"E {a} {x}" for x, a in part)
        return listing(f"U {k // dim} {k % dim} {y}" for y, k in part)

    return listing(letters(part, k < count) for k, part in enumerate(value))


def family(scenario: Scenario, elements: Mapping[str, Mapping[str, Any]]) -> str:
    """Write the elements of a functional or an assemblage, in the order of the scenario."""
    known = [(label, scenario.key(label)) for label in scenario.labels()]
    return lines([f"({key(scenario, label)}, {matrix(elements[name])})" for label, name in known if name in elements])


def field_term(field: Field) -> str:
    """Write a field: the lower coefficients of the minimal polynomial, and the interval over one denominator."""
    common = lcm(*(end.denominator for end in field.interval))
    low, high = (integer(int(end * common)) for end in field.interval)
    return f"field {listing(map(str, field.minimal_polynomial[:-1]))}%Z {low} {high} {common}"
