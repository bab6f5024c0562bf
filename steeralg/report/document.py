"""The document that a report is, before it is text, LaTeX or HTML: sentences with their formulas, and exact data.

Above: the three formats. Below: proofs, objects, the exact layer. A sentence is prose and formulas; a formula is a row
of symbols (names of objects), quantities (exact numbers) and signs. Whatever comes from a file is made visible here
once, so that no control character reaches a reader; escaping is the formats' own business.
"""

from __future__ import annotations

import hashlib
import re
import shlex
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import chain, pairwise

from steeralg.certificates.steps import Object
from steeralg.exact.markup import exact_text
from steeralg.exact.number import Number

DIGITS = 10
LONG = 60
"""More characters than that are not read in a sentence."""


_NAMES = "sigma rho tau omega phi psi chi xi eta pi lambda mu nu theta"
GREEK = dict(zip(_NAMES.split(" "), "σρτωφψχξηπλμνθ", strict=True))


@dataclass(frozen=True)
class Symbol:
    """The name of an object of the proof."""

    name: str

    @property
    def parts(self) -> tuple[str, str]:
        """A letter, Latin or the name of a Greek one, with its index; otherwise the whole name, without index."""
        head, _, index = self.name.partition("_")
        letter = head in GREEK or len(head) == 1
        return (head, index) if letter and (index or head == self.name) else (self.name, "")


@dataclass(frozen=True)
class Quantity:
    """An exact real number; `digits` decimals go with it where it is no integer, none if `digits` is 0.

    `about` is whether an approximate sign before it says already that a long number is rounded.
    """

    number: Number
    digits: int = DIGITS
    about: bool = False

    @property
    def exact(self) -> str:
        """The number as sympy writes it."""
        return exact_text(self.number)

    @property
    def is_long(self) -> bool:
        """Whether a sentence shows decimals only, and the exact number stands elsewhere."""
        return len(self.exact) > LONG

    @property
    def decimal(self) -> str:
        """The correctly rounded decimals that are shown, if any."""
        if self.is_long or not (self.digits == 0 or (self.number.is_rational and self.number.denominator == 1)):
            return self.number.decimal(self.digits or DIGITS)
        return ""

    @property
    def ends(self) -> bool:
        """Whether the decimals are the number itself, nothing being rounded."""
        return bool(self.decimal) and self.number.is_rational and self.number.fraction() == Fraction(self.decimal)


@dataclass(frozen=True)
class Power:
    """A power of an integer."""

    base: int
    exponent: int


@dataclass(frozen=True)
class Sign:
    """A sign or a letter that stands for nothing in the file, such as `>=` or `Pi`."""

    token: str


Atom = Symbol | Quantity | Power | Sign
Formula = tuple[Atom, ...]
Sentence = tuple[str | Formula, ...]
_TOKEN = re.compile(r"\{(\w+)\}|<<|>>|>=|[A-Za-z]+|\S")


def compose(template: str, values: Mapping[str, Formula]) -> Sentence:
    """Return the sentence of a template: formulas stand between dollars, `{name}` for a value, in prose as well."""
    parts: list[str | Formula] = []
    for k, part in enumerate(template.split("$")):
        if k % 2:
            tokens = _TOKEN.finditer(part)
            atoms = [values[token[1]] if token[1] else (Sign(token[0]),) for token in tokens]
            parts.append(_rounded(tuple(chain.from_iterable(atoms))))
        else:
            pieces = re.split(r"\{(\w+)\}", part)
            parts += [values[piece] if j % 2 else piece for j, piece in enumerate(pieces)]
    return tuple(part for part in parts if part)


def _rounded(formula: Formula) -> Formula:
    """Write `~` for an equality with a number that will be rounded."""
    atoms = list(formula)
    for k, (sign, value) in enumerate(pairwise(formula)):
        if sign == Sign("=") and isinstance(value, Quantity) and value.is_long:
            atoms[k : k + 2] = [Sign("~"), replace(value, about=True)]
    return tuple(atoms)


def long_formulas(sentences: Sequence[Sentence]) -> list[tuple[Formula, Quantity]]:
    """Return every quantity that sentences show in decimals only, with what stands before it in its formula."""
    found: dict[str, tuple[Formula, Quantity]] = {}
    for sentence in sentences:
        for formula in sentence:
            if isinstance(formula, str):
                continue
            for k, atom in enumerate(formula):
                if isinstance(atom, Quantity) and atom.is_long:
                    start = max((j + 1 for j in range(k - 1) if isinstance(formula[j], Quantity)), default=0)
                    found.setdefault(atom.exact, (formula[start : k - 1] if k else (), atom))
    return list(found.values())


def visible(text: str) -> str:
    """Return a text with every character that would not be seen, or would turn others round, written as its number."""
    return "".join(c if unicodedata.category(c)[0] not in "CZ" or c == " " else f"[U+{ord(c):04X}]" for c in text)


@dataclass(frozen=True)
class File:
    """The proof file that a report is about."""

    name: str
    size: int
    sha256: str

    @classmethod
    def of(cls, name: str, data: bytes) -> File:
        """Return the file of a name and its bytes."""
        return cls(visible(name), len(data), hashlib.sha256(data).hexdigest())

    @property
    def commands(self) -> tuple[tuple[str, str], ...]:
        """What to run to check it, each command after what it does."""
        name = shlex.quote(f"./{self.name}" if self.name.startswith("-") else self.name)
        return (
            ("In the source tree, with the Python standard library alone:", f"python3 -I proofs/check.py {name}"),
            ("Where the library is installed:", f"steeralg check {name}"),
            ("That it is this file:", f"sha256sum {name}"),
        )


@dataclass(frozen=True)
class Item:
    """An object of the claim or of the proof, with what it is in words."""

    name: str
    kind: str
    value: Object
    in_claim: bool


@dataclass(frozen=True)
class Document:
    """A theorem, what it rests on, its exact data, and how to check it."""

    title: str
    source: str
    scenario: str | None
    field: Formula
    theorem: tuple[Sentence, ...]
    reasons: tuple[Sentence, ...]
    items: tuple[Item, ...]
    file: File | None

    @property
    def long(self) -> list[tuple[Formula, Quantity]]:
        """The quantities that are too long for a sentence."""
        return long_formulas([*self.theorem, *self.reasons])
