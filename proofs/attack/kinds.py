"""Blind kinds of mutations of a proof file: numbers, structure, types, bytes, and parts of other files.

Above: the campaign. Below: forms. A kind changes a fresh copy of a file in place, or returns other bytes; it raises
Misfit where there is nothing of its kind to change. Kinds that keep a proof right, or nearly so, are in guided.py.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from random import Random
from typing import Any

from proofs.attack import forms
from proofs.attack.forms import Json


class Misfit(Exception):
    """A kind of mutation that a file has no place for."""


@dataclass
class Aim:
    """A copy of a file, the step that a mutation is about, and the files that it may take parts from."""

    rng: Random
    file: Json
    number: int
    others: Mapping[str, bytes]

    @property
    def steps(self) -> list[Json]:
        """All steps."""
        found: list[Json] = self.file["proof"]["steps"]
        return found

    @property
    def step(self) -> Json:
        """The step aimed at."""
        return self.steps[self.number]

    @property
    def statements(self) -> list[Json]:
        """All statements, of the steps and of the claim."""
        return [*(step["statement"] for step in self.steps), *self.file["claim"]["statements"]]

    def parts(self) -> list[Json]:
        """The objects of the claim and those of the proof."""
        return [self.file["claim"]["objects"], self.file["proof"]["objects"]]

    def objects(self) -> Json:
        """All objects."""
        return {**self.parts()[0], **self.parts()[1]}

    def about(self) -> list[Json]:
        """The objects that the step, or a step it cites, names."""
        steps = [self.step, *(self.steps[i] for i in self.step.get("from", []) if i < len(self.steps))]
        named = {name for step in steps for text in step["statement"].values() for name in str(text).split(" ")}
        return [value for name, value in self.objects().items() if name in named]

    def pick(self, options: Any) -> Any:
        """One of some options."""
        options = list(options)
        if not options:
            raise Misfit
        return self.rng.choice(options)

    def root(self) -> Any:
        """The step, an object it is about, or the whole file."""
        options = [[self.step]] * 5 + [self.about()] * 4 + [[self.file]]
        return self.pick(self.pick(options))

    def spot(self, test: Callable[[Any], bool], deep: float = 0.5) -> tuple[Any, Any]:
        """A container and a key of it whose value passes a test, found by random descent."""
        for _ in range(40):
            node, found = self.root(), None
            while isinstance(node, dict | list) and node:
                key = self.rng.choice(sorted(node) if isinstance(node, dict) else range(len(node)))
                if test(node[key]):
                    found = node, key
                    if self.rng.random() > deep:
                        break
                node = node[key]
            if found:
                return found
        raise Misfit

    def matrix(self) -> Json:
        """A matrix, or a factor."""
        container, key = self.spot(forms.is_matrix)
        found: Json = container[key]
        return found


Kind = Callable[[Aim], bytes | None]
KINDS: dict[str, tuple[float, Kind]] = {}


def kind(weight: float) -> Callable[[Kind], Kind]:
    """Add a kind of mutation, which is drawn in proportion to its weight."""

    def register(change: Kind) -> Kind:
        KINDS[change.__name__.replace("_", " ")] = weight, change
        return change

    return register


def encode(file: object) -> bytes:
    """The bytes of a file."""
    return json.dumps(file, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"


# ---- numbers ---------------------------------------------------------------------------------------------------------
def change_entry(aim: Aim, change: Callable[[list[int]], list[int]]) -> None:
    """Another entry in some row of some matrix."""
    matrix = aim.matrix()
    rows = matrix[aim.pick(part for part in ("re", "im") if part in matrix)]
    i = aim.pick(i for i, row in enumerate(rows) if row)
    entries = rows[i].split(" ")
    j = aim.rng.randrange(len(entries))
    entries[j] = ",".join(map(str, change([int(c) for c in entries[j].split(",")])))
    rows[i] = " ".join(entries)


@kind(3)
def entry_by_one(aim: Aim) -> None:
    """A coefficient of an entry one more or less."""

    def change(entry: list[int]) -> list[int]:
        entry[aim.rng.randrange(len(entry))] += aim.rng.choice((-1, 1))
        return entry

    change_entry(aim, change)


@kind(1)
def entry_negated(aim: Aim) -> None:
    """An entry with the other sign, of one coefficient or of all."""
    one = aim.rng.randrange(3)
    change_entry(aim, lambda entry: [-c if one == 0 or k == one - 1 else c for k, c in enumerate(entry)])


@kind(1)
def entry_replaced(aim: Aim) -> None:
    """An entry that becomes 0, 1, twice as much, half, or its coefficients in another order."""
    changes = [
        lambda entry: [0] * len(entry),
        lambda entry: [1, *entry[1:]],
        lambda entry: [2 * c for c in entry],
        lambda entry: [c // 2 for c in entry],
        lambda entry: entry[::-1],
        lambda entry: entry[:1],
        lambda entry: [*entry, 0],
    ]
    change_entry(aim, aim.rng.choice(changes))


@kind(1)
def digit(aim: Aim) -> None:
    """A digit of any number changed, inserted or left out."""
    container, key = aim.spot(lambda node: isinstance(node, str) and any(c.isdigit() for c in node))
    old = container[key]
    i = aim.pick(i for i, c in enumerate(old) if c.isdigit())
    container[key] = old[:i] + aim.rng.choice("0123456789-") * aim.rng.randrange(2) + old[i + aim.rng.randrange(2) :]


@kind(1)
def entries_swapped(aim: Aim) -> None:
    """Two entries of a matrix exchanged."""
    matrix = aim.matrix()
    part = aim.pick(part for part in ("re", "im") if part in matrix)
    rows = [row.split(" ") for row in matrix[part]]
    places = [(i, j) for i, row in enumerate(rows) for j, entry in enumerate(row) if entry]
    (i, j), (k, m) = aim.pick(places), aim.pick(places)
    rows[i][j], rows[k][m] = rows[k][m], rows[i][j]
    matrix[part] = [" ".join(row) for row in rows]


@kind(1)
def row_scaled(aim: Aim) -> None:
    """One row of a matrix times a small integer."""
    matrix, c = aim.matrix(), aim.rng.choice((-2, -1, 0, 2, 3, 10))
    i = aim.rng.randrange(forms.order(matrix))
    for part in ("re", "im"):
        if part in matrix:
            matrix[part][i] = forms.join([[c * x for x in z] for z in forms.cut(matrix[part][i])])


@kind(1)
def matrix_scaled(aim: Aim) -> None:
    """A matrix times a small rational number."""
    container, key = aim.spot(lambda node: forms.is_matrix(node) and "denominator" in node)
    c = Fraction(aim.rng.choice((-1, 0, 1, 2, 3, 5, 99, 101)), aim.rng.choice((1, 2, 3, 100)))
    container[key] = forms.combine((c, container[key]))


@kind(1)
def matrix_conjugated(aim: Aim) -> None:
    """One matrix replaced by its complex conjugate."""
    container, key = aim.spot(lambda node: forms.is_matrix(node) and any(c in "123456789" for c in str(node.get("im"))))
    container[key] = forms.conjugated(container[key])


@kind(1)
def rows_permuted(aim: Aim) -> None:
    """Rows and columns of a matrix, or its rows alone, in another order."""
    container, key = aim.spot(lambda node: forms.is_matrix(node) and 1 < forms.order(node) < 40)
    places = aim.rng.sample(range(forms.order(container[key])), forms.order(container[key]))
    container[key] = forms.permuted(container[key], places)


@kind(1)
def denominator(aim: Aim) -> None:
    """Another denominator."""
    matrix = aim.matrix()
    old = int(matrix.get("denominator", 1))
    changes = (old + 1, old - 1, 2 * old, 10 * old, -old, 0, old // 2, 1, old + old // 1000 + 1)
    matrix["denominator"] = str(aim.rng.choice(changes))


def is_number(node: object) -> bool:
    """Whether a JSON value is the text of a rational number, or of one with theta."""
    try:
        return isinstance(node, str) and bool(forms.number(node))
    except (ValueError, ZeroDivisionError):
        return False


@kind(2)
def rational(aim: Aim) -> None:
    """A bound, weight, share, root or interval with another numerator, denominator or sign."""
    container, key = aim.spot(lambda node: is_number(node) and " " not in node)
    parts = forms.number(container[key])
    k = aim.rng.randrange(len(parts))
    p, q = parts[k].as_integer_ratio()
    step = aim.rng.choice((-1, 1))
    small = Fraction(step, 10 ** aim.rng.randrange(1, 12))
    options = (Fraction(p + step, q), Fraction(p, max(1, q + step)), -parts[k], Fraction(0), parts[k] + small)
    parts[k] = aim.rng.choice(options)
    container[key] = aim.rng.choice((forms.text(parts), forms.text(parts), f"{p}/{q}", f"{2 * p}/{2 * q}"))


@kind(1)
def small_integer(aim: Aim) -> None:
    """A dimension, a number of outcomes, an exponent, the number of a step: another integer."""
    container, key = aim.spot(lambda node: type(node) is int)
    old = container[key]
    container[key] = aim.rng.choice((old + 1, old - 1, 0, 1, 2, 2 * old, 64, 65, 4000, 10**12, -old))
