"""Scenarios: the black boxes, the trusted parties, and what of them is observed.

Above: every other object. Below: errors. Settings, outcomes and parties count from 0; black boxes come first, then the
trusted parties. What is observed is a family of operators for each *view*: the one trusted party; each setting y of a
trusted party with input; each of several trusted parties. An instrumental scenario keeps, of a trusted party with
input, the elements with y = a only. In a sequential one the black boxes are rounds of one party, and later rounds may
depend on earlier ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import prod
from typing import Any, TypeGuard

from steeralg.errors import ScenarioError

Label = tuple[tuple[int, ...], tuple[int, ...]] | tuple[tuple[int, ...], tuple[int, ...], int]
"""(outcomes, settings), one of each for every black box, and the view where a scenario has several: the (a|x) of
sigma[a|x], the (a|x;y) of sigma[a|x,y], or the k of the k-th trusted party's sigma_k[a|x]."""

Partial = (
    tuple[tuple[int | None, ...], tuple[int | None, ...]] | tuple[tuple[int | None, ...], tuple[int | None, ...], int]
)
"""A label with None, as outcome and setting, for the black boxes whose outcomes are summed over."""

MAX_BOXES, MAX_TRUSTED, MAX_SETTINGS, MAX_OUTCOMES, MAX_DIM, MAX_ELEMENTS = 8, 8, 64, 64, 256, 100_000


def _shown(value: object) -> str:
    return repr(value)[:40] if isinstance(value, str | int) else type(value).__name__


def _is_sequence(value: object) -> TypeGuard[Sequence[Any]]:
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)


def _require_tuple(value: object, what: str) -> None:
    """Raise ScenarioError for what cannot be part of a scenario, which has to be hashable."""
    if not isinstance(value, tuple):
        raise ScenarioError(f"{what} are {_shown(value)}, not a tuple; Scenario.of takes any sequences")


@dataclass(frozen=True)
class BlackBox:
    """An uncharacterised party: `outcomes[x]` is the number of outcomes of setting x."""

    outcomes: tuple[int, ...]

    def __post_init__(self) -> None:
        _require_tuple(self.outcomes, "the numbers of outcomes of a black box")
        if not 1 <= len(self.outcomes) <= MAX_SETTINGS:
            raise ScenarioError(f"a black box needs 1 to {MAX_SETTINGS} settings, not {len(self.outcomes)}")
        for x, d in enumerate(self.outcomes):
            if not isinstance(d, int) or isinstance(d, bool) or not 1 <= d <= MAX_OUTCOMES:
                raise ScenarioError(
                    f"setting {x} of a black box has {_shown(d)} outcomes; it needs 1 to {MAX_OUTCOMES}"
                )


@dataclass(frozen=True)
class TrustedParty:
    """A characterised party with a Hilbert space of dimension `dim`; with more than one setting it has an input y."""

    dim: int
    settings: int = 1

    def __post_init__(self) -> None:
        if not isinstance(self.dim, int) or isinstance(self.dim, bool) or not 1 <= self.dim <= MAX_DIM:
            raise ScenarioError(f"a trusted party has dimension {_shown(self.dim)}; it needs 1 to {MAX_DIM}")
        count = self.settings
        if not isinstance(count, int) or isinstance(count, bool) or not 1 <= count <= MAX_SETTINGS:
            raise ScenarioError(f"a trusted party has {_shown(count)} settings; it needs 1 to {MAX_SETTINGS}")

    def json(self) -> dict[str, object]:
        """Return the party as it is written in files; one setting goes without saying."""
        result: dict[str, object] = {"dim": self.dim}
        return result | ({"settings": self.settings} if self.settings > 1 else {})


@dataclass(frozen=True)
class Scenario:
    """Black boxes and trusted parties. Raises ScenarioError.

    One trusted party: steering; of dimension 1, or none at all: a Bell scenario. One with several settings: Bob with
    input, or `instrumental` if only y = a is observed (one black box, a setting for every outcome). Several, without
    input: only their local marginals are observed. `sequential`: the black boxes, two or more, are successive
    measurements of one party; one trusted party without input.
    """

    black_boxes: tuple[BlackBox, ...]
    trusted: tuple[TrustedParty, ...]
    instrumental: bool = False
    sequential: bool = False

    def __post_init__(self) -> None:
        for parties, kind in ((self.black_boxes, BlackBox), (self.trusted, TrustedParty)):
            _require_tuple(parties, f"the {kind.__name__}s of a scenario")
            for party in parties:
                if not isinstance(party, kind):
                    raise ScenarioError(f"{_shown(party)} is no {kind.__name__}; Scenario.of takes plain numbers")
        if not 1 <= len(self.black_boxes) <= MAX_BOXES:
            raise ScenarioError(f"a scenario needs 1 to {MAX_BOXES} black boxes, not {len(self.black_boxes)}")
        if len(self.trusted) > MAX_TRUSTED:
            raise ScenarioError(f"a scenario has at most {MAX_TRUSTED} trusted parties, not {len(self.trusted)}")
        if not self.trusted:
            object.__setattr__(self, "trusted", (TrustedParty(1),))
        if len(self.trusted) > 1 and any(party.settings > 1 for party in self.trusted):
            raise ScenarioError("a trusted party with input has to be the only trusted party")
        if prod(party.dim for party in self.trusted) > MAX_DIM:
            raise ScenarioError(f"the trusted parties together have a dimension above {MAX_DIM}")
        if not isinstance(self.instrumental, bool):
            raise ScenarioError("instrumental is either true or false")
        if not isinstance(self.sequential, bool):
            raise ScenarioError("sequential is either true or false")
        if self.instrumental:
            self._require_instrumental()
        if self.sequential and (self.instrumental or len(self.black_boxes) < 2 or len(self.views) != 1):
            raise ScenarioError(
                "a sequential scenario has two or more black boxes, the rounds, and one trusted party without input"
            )
        elements = prod(sum(box.outcomes) for box in self.black_boxes) * len(self.views)
        if elements > MAX_ELEMENTS:
            raise ScenarioError(
                f"the scenario has {elements} elements sigma[a|x]; at most {MAX_ELEMENTS} are supported"
            )

    def _require_instrumental(self) -> None:
        if len(self.black_boxes) != 1 or len(self.trusted) != 1:
            raise ScenarioError("an instrumental scenario has one black box and one trusted party")
        most = max(self.black_boxes[0].outcomes)
        if self.trusted[0].settings < max(most, 2):
            raise ScenarioError(
                f"an instrumental scenario takes the outcome as input: {most} outcomes need a trusted party with "
                f"{max(most, 2)} settings or more, not {self.trusted[0].settings}"
            )

    @classmethod
    def of(
        cls,
        outcomes: Sequence[Sequence[int]],
        dim: int | Sequence[int] = (),
        settings: int = 1,
        instrumental: bool = False,
        sequential: bool = False,
    ) -> Scenario:
        """Return the scenario with outcomes[k][x] outcomes for setting x of box k.

        `dim` is the dimension of the trusted party, which has `settings` settings, or a list of the dimensions of
        several trusted parties without input. Raises ScenarioError.
        """
        dims: Sequence[Any] = dim if _is_sequence(dim) else (dim,)
        trusted = tuple(TrustedParty(d, settings) for d in dims)
        if not _is_sequence(outcomes) or not all(map(_is_sequence, outcomes)):
            raise ScenarioError("write the numbers of outcomes by box and setting, such as [(2, 2), (3, 3)]")
        return cls(tuple(BlackBox(tuple(box)) for box in outcomes), trusted, instrumental, sequential)

    def require_simultaneous(self, what: str) -> None:
        """Raise ScenarioError for a sequential scenario: its rounds are no independent parties."""
        if self.sequential:
            raise ScenarioError(
                f"{what}: not for a sequential scenario, whose assemblages all are quantum (sequential_realisation)"
            )

    @property
    def has_input(self) -> bool:
        """Whether the trusted party has an input."""
        return self.trusted[0].settings > 1

    @property
    def dim(self) -> int:
        """The product of the dimensions of the trusted parties without input: D of the block matrices Z_vw."""
        return 1 if self.has_input else prod(party.dim for party in self.trusted)

    @property
    def views(self) -> tuple[int, ...]:
        """The dimension of the elements of each view: one view for each setting of an input, or each trusted party."""
        return tuple(party.dim for party in self.trusted for _ in range(party.settings))

    @property
    def has_views(self) -> bool:
        """Whether labels name a view: where there are several, and the outcome does not name it already."""
        return len(self.views) > 1 and not self.instrumental

    def view(self, label: Label | Partial) -> int:
        """Return the view that an element belongs to."""
        if self.instrumental:
            return label[0][0] or 0
        return label[2] if len(label) == 3 else 0

    def order(self, label: Label | Partial) -> int:
        """Return the order of the element's matrix."""
        return self.views[self.view(label)]

    @property
    def parent(self) -> Scenario:
        """The scenario in which all is observed that is not: y != a, or the joint states of several trusted parties."""
        if self.instrumental:
            return replace(self, instrumental=False)
        return self if self.has_input else replace(self, trusted=(TrustedParty(self.dim),))

    def settings(self) -> Iterator[tuple[int, ...]]:
        """Yield every joint setting x."""
        return product(*(range(len(box.outcomes)) for box in self.black_boxes))

    def outcomes(self, settings: Sequence[int]) -> Iterator[tuple[int, ...]]:
        """Yield every joint outcome a of a joint setting."""
        return product(*(range(box.outcomes[x]) for box, x in zip(self.black_boxes, settings, strict=True)))

    def labels(self) -> Iterator[Label]:
        """Yield every label, settings outermost, then outcomes, then views."""
        for x in self.settings():
            for a in self.outcomes(x):
                yield from (self.label(a, x, v) for v in range(len(self.views) if self.has_views else 1))

    def label(self, a: tuple[int, ...], x: tuple[int, ...], view: int = 0) -> Label:
        """Return the label of an element, with the view only where labels have one."""
        return (a, x, view) if self.has_views else (a, x)

    def has(self, label: Label) -> bool:
        """Whether this is a label of the scenario."""
        boxes = self.black_boxes
        if not self._is_shaped(label):
            return False
        a, x = label[:2]
        if len(a) != len(boxes) or len(x) != len(boxes) or any(type(k) is not int for k in (*a, *x)):
            return False
        return all(0 <= s < len(b.outcomes) and 0 <= o < b.outcomes[s] for b, o, s in zip(boxes, a, x, strict=True))

    def _is_shaped(self, label: object) -> bool:
        if not isinstance(label, tuple) or [type(part) for part in label[:2]] != [tuple, tuple]:
            return False
        if not self.has_views:
            return len(label) == 2
        return len(label) == 3 and type(label[2]) is int and 0 <= label[2] < len(self.views)

    def has_partial(self, label: Partial) -> bool:
        """Whether this is a label with None, as outcome and setting, for the black boxes that are summed over.

        Nothing can be summed over where only y = a is observed; and no round of a sequence without all later ones.
        """
        if not self._is_shaped(label):
            return False
        a, x = label[:2]
        if len(a) != len(x) or any((o is None) != (s is None) for o, s in zip(a, x, strict=True)):
            return False
        if self.instrumental and None in a:
            return False
        if self.sequential and None in a and any(o is not None for o in a[a.index(None) :]):
            return False
        view = label[2] if len(label) == 3 else 0
        return self.has(self.label(tuple(o or 0 for o in a), tuple(s or 0 for s in x), view))

    def key(self, label: Label) -> str:
        """Write a label as in files: `a1,a2|x1,x2`, with `;y` for an input, `;B1`, `;B2`, ... for several parties."""
        text = format_label(label[:2])
        if len(label) == 3:
            text += f";{label[2]}" if self.has_input else f";B{label[2] + 1}"
        return text

    def json(self) -> dict[str, object]:
        """Return the scenario as it is written in files."""
        result: dict[str, object] = {
            "black_boxes": [{"outcomes": list(box.outcomes)} for box in self.black_boxes],
            "trusted": [party.json() for party in self.trusted],
        }
        flags = {"instrumental": self.instrumental, "sequential": self.sequential}
        return result | {name: True for name, flag in flags.items() if flag}

    def __str__(self) -> str:
        boxes = " and ".join("(" + ",".join(map(str, box.outcomes)) + ")" for box in self.black_boxes)
        count = "1 black box" if len(self.black_boxes) == 1 else f"{len(self.black_boxes)} black boxes"
        count = f"{len(self.black_boxes)} rounds of a black box" if self.sequential else count
        if len(self.trusted) > 1:
            trusted = f"{len(self.trusted)} trusted systems of dimensions {', '.join(map(str, self.views))}"
        else:
            trusted = f"a trusted system of dimension {self.trusted[0].dim}"
        if self.has_input:
            trusted += f" with {self.trusted[0].settings} settings"
        if self.instrumental:
            trusted += ", the outcome being its setting"
        return f"{count} with outcomes {boxes}, {trusted}"


def format_label(label: object) -> str:
    """Write (a, x) as the key `a1,a2|x1,x2`; what is no such pair is quoted as it is, shortened."""
    if not isinstance(label, tuple) or [type(part) for part in label] != [tuple, tuple]:
        return str(label)[:60]
    a, x = label
    return ",".join(map(str, a)) + "|" + ",".join(map(str, x))
