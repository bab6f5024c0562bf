"""Symmetries of a scenario: relabellings of boxes, settings and outcomes with a unitary or antiunitary of the trusted
side.

Above: relabellings that fix a functional, symmetric bounds. Below: scenarios, functionals, matrices. E[a|x] of box k
becomes E[a'|x'] of box k' with k' = boxes[k], x' = settings[k][x], a' = outcomes[k][x][a]; an operator F of the trusted
side becomes U F U*, or U conj(F) U* if antiunitary.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from string import ascii_uppercase
from typing import Any

from steeralg.arguments import checked
from steeralg.errors import FormatError, InputError, ScenarioError, ShapeError
from steeralg.exact.convert import as_matrices, unify
from steeralg.exact.matrix import Matrix
from steeralg.objects.functional import Functional
from steeralg.objects.scenario import MAX_BOXES, MAX_OUTCOMES, MAX_SETTINGS, Label, Scenario
from steeralg.objects.weyl import named_operator

_NAMES = ascii_uppercase[:MAX_BOXES]
_NUMBERS = tuple(map(str, range(max(MAX_SETTINGS, MAX_OUTCOMES))))
_CYCLE = re.compile(r"\(([^()]*)\)")
_PLACE = re.compile(rf"([{_NAMES}])(?:\|([0-9]{{1,2}}))?")


@checked
@dataclass(frozen=True)
class Symmetry:
    """A relabelling with an operator U on the whole trusted space, U U* a positive multiple of 1.

    Construct with `of` or `parse`. `name` is how U is written in one line, if it is a product of named operators.
    Raises InputError, ShapeError, ScenarioError.
    """

    scenario: Scenario
    boxes: tuple[int, ...]
    settings: tuple[tuple[int, ...], ...]
    outcomes: tuple[tuple[tuple[int, ...], ...], ...]
    unitary: Matrix
    antiunitary: bool = False
    name: str | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        if self.scenario.has_input:
            raise ScenarioError("symmetries are for trusted parties without input")
        self._check_labels()
        dim = self.scenario.dim
        if (self.unitary.rows, self.unitary.columns) != (dim, dim):
            raise ShapeError(f"the operator of a symmetry is {dim} x {dim} here, as the trusted space")
        square = self._square
        if square.is_zero or square != Matrix.identity(dim, square.field).scale(square.entry(0, 0)):
            raise InputError("the operator of a symmetry is not a multiple of a unitary one")

    def _check_labels(self) -> None:
        sizes = [box.outcomes for box in self.scenario.black_boxes]
        require_permutation(self.boxes, len(sizes), "the boxes")
        if len(self.settings) != len(sizes) or len(self.outcomes) != len(sizes):
            raise InputError(f"a symmetry needs the settings and the outcomes of {len(sizes)} boxes")
        for k, to in enumerate(self.boxes):
            require_permutation(self.settings[k], len(sizes[k]), f"the settings of box {k}")
            if len(self.outcomes[k]) != len(sizes[k]) or len(sizes[to]) != len(sizes[k]):
                raise InputError(f"box {k} cannot take the place of box {to}: other settings")
            for x, places in enumerate(self.outcomes[k]):
                require_permutation(places, sizes[k][x], f"the outcomes of setting {x} of box {k}")
                if sizes[to][self.settings[k][x]] != sizes[k][x]:
                    raise InputError(
                        f"setting {x} of box {k} and setting {self.settings[k][x]} of box {to} differ in their outcomes"
                    )

    @cached_property
    def is_scalar(self) -> bool:
        """Whether U is a multiple of 1."""
        scalar = Matrix.identity(self.scenario.dim, self.unitary.field).scale(self.unitary.entry(0, 0))
        return self.unitary == scalar

    @cached_property
    def _square(self) -> Matrix:
        return self.unitary @ self.unitary.adjoint

    @classmethod
    @checked
    def of(
        cls,
        scenario: Scenario,
        *,
        boxes: Sequence[int] | None = None,
        settings: Sequence[Sequence[int]] | None = None,
        outcomes: Sequence[Sequence[Sequence[int]]] | None = None,
        unitary: Any = None,
        antiunitary: bool = False,
    ) -> Symmetry:
        """Return a symmetry; what is not given stays where it is.

        `unitary` is exact, sympy, nested sequences, or a product of named operators such as "X P" (see `parse`).
        """
        sizes = [box.outcomes for box in scenario.black_boxes]
        name = unitary if isinstance(unitary, str) else None
        if name is not None:
            operator = named_operator(scenario, name)
        else:
            operator = Matrix.identity(scenario.dim) if unitary is None else as_matrices([unitary])[0]
        return cls(
            scenario,
            tuple(range(len(sizes)) if boxes is None else boxes),
            tuple(map(tuple, (range(len(box)) for box in sizes) if settings is None else settings)),
            tuple(
                tuple(map(tuple, box)) for box in ([map(range, box) for box in sizes] if outcomes is None else outcomes)
            ),
            operator,
            antiunitary,
            name,
        )

    @classmethod
    @checked
    def parse(cls, scenario: Scenario, text: str) -> Symmetry:
        """Read a symmetry from one line, parts separated by semicolons, in cycles.

        "(A B)" exchanges boxes; "A: (0 1)(2 3)" settings of a box; "A|0: (0 1 2)" outcomes of a setting, before it is
        moved; "U: X P" is the operator, a product of X, Z (shift, clock), F (Fourier: X to Z), P (phase: X to X Z) and
        1; "U: X P & F" where the trusted space has two factors of prime dimension, two qubits or D = 4, and so on;
        "conj" is complex conjugation, before U. Example: "(A B); A|0: (0 1); U: F". Raises FormatError.
        """
        sizes = [box.outcomes for box in scenario.black_boxes]
        boxes, settings = list(range(len(sizes))), [list(range(len(box))) for box in sizes]
        outcomes = [[list(range(d)) for d in box] for box in sizes]
        given: set[str] = set()
        name, antiunitary = None, False
        for part in filter(None, (piece.strip() for piece in text.split(";"))):
            place, colon, rest = (piece.strip() for piece in part.partition(":"))
            kind = place if colon or part == "conj" else "the boxes"
            if kind in given:
                raise FormatError(f"symmetry, {part[:60]!r}: {kind} is there twice")
            given.add(kind)
            match = _PLACE.fullmatch(place)
            if part == "conj":
                antiunitary = True
            elif place == "U" and colon:
                name = " ".join(rest.split())
            elif not colon:
                _cycle(boxes, part, list(_NAMES[: len(sizes)]), part)
            elif match is None or _NAMES.index(match[1]) >= len(sizes):
                raise FormatError(f"symmetry, {part[:60]!r}: begin with a box (A), a setting (A|0), U, or conj")
            elif match[2] is None:
                target = settings[_NAMES.index(match[1])]
                _cycle(target, rest, list(map(str, range(len(target)))), part)
            else:
                box = outcomes[_NAMES.index(match[1])]
                if int(match[2]) >= len(box):
                    raise FormatError(f"symmetry, {part[:60]!r}: there is no setting {match[2]}")
                target = box[int(match[2])]
                _cycle(target, rest, list(map(str, range(len(target)))), part)
        return cls.of(
            scenario, boxes=boxes, settings=settings, outcomes=outcomes, unitary=name, antiunitary=antiunitary
        )

    @property
    def text(self) -> str:
        """The symmetry in one line that `parse` reads, empty for the identity.

        Raises FormatError for an operator that was given as a matrix and has no name.
        """
        if self.name is None and self.unitary != Matrix.identity(self.scenario.dim, self.unitary.field):
            raise FormatError("the operator of this symmetry has no name; give it as a product of named operators")
        labels = [("", self.boxes, tuple(_NAMES))]
        for box, settings, table in zip(_NAMES, self.settings, self.outcomes, strict=False):
            labels.append((f"{box}: ", settings, _NUMBERS))
            labels += [(f"{box}|{x}: ", places, _NUMBERS) for x, places in enumerate(table)]
        parts = [f"{place}{cycles}" for place, moved, names in labels if (cycles := _cycles(moved, names))]
        return "; ".join([*parts, *["conj"] * self.antiunitary, *([f"U: {self.name}"] if self.name else [])])

    def moved(self, operator: Matrix) -> Matrix:
        """Return U F U*, or U conj(F) U*, for an operator on the whole trusted space."""
        inner = operator.conjugate if self.antiunitary else operator
        if self.is_scalar:
            return unify([inner, self.unitary])[0]
        return (self.unitary @ inner @ self.unitary.adjoint).scale(self._square.entry(0, 0).inverse())

    def label(self, a: Sequence[int], x: Sequence[int]) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Return the outcomes and settings that those of E[a|x] go to."""
        to_a, to_x = [0] * len(a), [0] * len(x)
        for k, to in enumerate(self.boxes):
            to_a[to], to_x[to] = self.outcomes[k][x[k]][a[k]], self.settings[k][x[k]]
        return tuple(to_a), tuple(to_x)

    @checked
    def functional(self, functional: Functional) -> Functional:
        """Return the functional with its labels moved, and its operators; for one trusted party."""
        if functional.scenario != self.scenario or len(self.scenario.views) != 1:
            raise ScenarioError("the functional is of another scenario, or there are several trusted parties")
        images = {operator: self.moved(operator) for operator in set(functional.elements.values())}
        elements: dict[Label, Matrix] = {
            self.label(*label[:2]): images[operator] for label, operator in functional.elements.items()
        }
        return Functional(self.scenario, elements)


def require_permutation(values: Sequence[int], count: int, what: str) -> None:
    """Raise InputError, naming what, unless the values are 0 to count - 1, each once."""
    if sorted(values) != list(range(count)):
        raise InputError(f"{what} are not permuted by {list(values)}: 0 to {count - 1}, each once, are needed")


def _cycle(target: list[int], text: str, names: Sequence[str], part: str) -> None:
    """Apply cycles such as (0 1)(2 3) to the identity."""
    cycles = _CYCLE.findall(text)
    members = [name for cycle in cycles for name in cycle.split()]
    unknown = next((name for name in members if name not in names), None)
    twice = next((name for name in members if members.count(name) > 1), None)
    if not cycles or _CYCLE.sub("", text).strip() or unknown is not None or twice is not None:
        wrong = f"{unknown[:20]} does not belong there; " if unknown else f"{twice} is there twice; " if twice else ""
        example = f"write cycles such as ({' '.join(names[:2])}) of {', '.join(names)}"
        raise FormatError(f"symmetry, {part[:60]!r}: {wrong}{example}")
    for cycle in cycles:
        places = [names.index(name) for name in cycle.split()]
        for place, to in zip(places, places[1:] + places[:1], strict=True):
            target[place] = to


def _cycles(permutation: Sequence[int], names: Sequence[str]) -> str:
    """Undo `_cycle`: the cycles of a permutation, empty for the identity."""
    result, seen = "", set[int]()
    for start in range(len(permutation)):
        cycle, place = list[str](), start
        while place not in seen:
            seen.add(place)
            cycle.append(names[place])
            place = permutation[place]
        result += f"({' '.join(cycle)})" if len(cycle) > 1 else ""
    return result
