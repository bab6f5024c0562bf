"""Scenarios: how many black boxes, which settings and outcomes, which trusted party.

Above: every other object. Below: errors. Settings and outcomes count from 0; black boxes come first, then the trusted
party.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

from steeralg.errors import ScenarioError

Label = tuple[tuple[int, ...], tuple[int, ...]]
"""(outcomes, settings), one of each for every black box: the (a|x) of sigma[a|x]."""

Partial = tuple[tuple[int | None, ...], tuple[int | None, ...]]
"""A label with None, as outcome and setting, for the black boxes whose outcomes are summed over."""

MAX_BOXES, MAX_SETTINGS, MAX_OUTCOMES, MAX_DIM, MAX_ELEMENTS = 8, 64, 64, 256, 100_000


def _shown(value: object) -> str:
    return str(value)[:40] if isinstance(value, str | int) else type(value).__name__


@dataclass(frozen=True)
class BlackBox:
    """An uncharacterised party: `outcomes[x]` is the number of outcomes of setting x."""

    outcomes: tuple[int, ...]

    def __post_init__(self) -> None:
        if not 1 <= len(self.outcomes) <= MAX_SETTINGS:
            raise ScenarioError(f"a black box needs 1 to {MAX_SETTINGS} settings, not {len(self.outcomes)}")
        for x, d in enumerate(self.outcomes):
            if not isinstance(d, int) or isinstance(d, bool) or not 1 <= d <= MAX_OUTCOMES:
                raise ScenarioError(
                    f"setting {x} of a black box has {_shown(d)} outcomes; it needs 1 to {MAX_OUTCOMES}"
                )


@dataclass(frozen=True)
class TrustedParty:
    """A characterised party with a Hilbert space of dimension `dim`."""

    dim: int

    def __post_init__(self) -> None:
        if not isinstance(self.dim, int) or isinstance(self.dim, bool) or not 1 <= self.dim <= MAX_DIM:
            raise ScenarioError(f"a trusted party has dimension {_shown(self.dim)}; it needs 1 to {MAX_DIM}")


@dataclass(frozen=True)
class Scenario:
    """Black boxes and one trusted party (dimension 1 makes it a Bell scenario). Raises ScenarioError."""

    black_boxes: tuple[BlackBox, ...]
    trusted: tuple[TrustedParty, ...]

    def __post_init__(self) -> None:
        if not 1 <= len(self.black_boxes) <= MAX_BOXES:
            raise ScenarioError(f"a scenario needs 1 to {MAX_BOXES} black boxes, not {len(self.black_boxes)}")
        if len(self.trusted) != 1:
            raise ScenarioError(f"a scenario needs exactly one trusted party, not {len(self.trusted)}")
        elements = prod(sum(box.outcomes) for box in self.black_boxes)
        if elements > MAX_ELEMENTS:
            raise ScenarioError(
                f"the scenario has {elements} elements sigma[a|x]; at most {MAX_ELEMENTS} are supported"
            )

    @classmethod
    def of(cls, outcomes: Sequence[Sequence[int]], dim: int) -> Scenario:
        """Return the scenario with outcomes[k][x] outcomes for setting x of box k, and a trusted dimension."""
        return cls(tuple(BlackBox(tuple(box)) for box in outcomes), (TrustedParty(dim),))

    @property
    def dim(self) -> int:
        """The dimension of the trusted system."""
        return prod(party.dim for party in self.trusted)

    def settings(self) -> Iterator[tuple[int, ...]]:
        """Yield every joint setting x."""
        return product(*(range(len(box.outcomes)) for box in self.black_boxes))

    def outcomes(self, settings: Sequence[int]) -> Iterator[tuple[int, ...]]:
        """Yield every joint outcome a of a joint setting."""
        return product(*(range(box.outcomes[x]) for box, x in zip(self.black_boxes, settings, strict=True)))

    def labels(self) -> Iterator[Label]:
        """Yield every (a, x), settings outermost, in lexicographic order."""
        return ((a, x) for x in self.settings() for a in self.outcomes(x))

    def has(self, label: Label) -> bool:
        """Whether (a, x) is a label of this scenario."""
        boxes = self.black_boxes
        if not isinstance(label, tuple) or [type(part) for part in label] != [tuple, tuple]:
            return False
        a, x = label
        if len(a) != len(boxes) or len(x) != len(boxes) or any(type(k) is not int for k in (*a, *x)):
            return False
        return all(0 <= s < len(b.outcomes) and 0 <= o < b.outcomes[s] for b, o, s in zip(boxes, a, x, strict=True))

    def has_partial(self, label: Partial) -> bool:
        """Whether this is a label with None, as outcome and setting, for the black boxes that are summed over."""
        if not isinstance(label, tuple) or [type(part) for part in label] != [tuple, tuple]:
            return False
        a, x = label
        if len(a) != len(x) or any((o is None) != (s is None) for o, s in zip(a, x, strict=True)):
            return False
        return self.has((tuple(o or 0 for o in a), tuple(s or 0 for s in x)))

    def json(self) -> dict[str, object]:
        """Return the scenario as it is written in files."""
        return {
            "black_boxes": [{"outcomes": list(box.outcomes)} for box in self.black_boxes],
            "trusted": [{"dim": party.dim} for party in self.trusted],
        }

    def __str__(self) -> str:
        boxes = " and ".join("(" + ",".join(map(str, box.outcomes)) + ")" for box in self.black_boxes)
        count = "1 black box" if len(self.black_boxes) == 1 else f"{len(self.black_boxes)} black boxes"
        return f"{count} with outcomes {boxes}, a trusted system of dimension {self.dim}"


def format_label(label: Label) -> str:
    """Write (a, x) as the key `a1,a2|x1,x2`; what is no such pair is quoted as it is, shortened."""
    if not isinstance(label, tuple) or [type(part) for part in label] != [tuple, tuple]:
        return str(label)[:60]
    a, x = label
    return ",".join(map(str, a)) + "|" + ",".join(map(str, x))
