"""Strategies for scenarios of every kind, small ones by default.

Above: strategies for the objects that live in a scenario. Below: scenarios.
"""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from steeralg.arguments import checked
from steeralg.errors import InputError
from steeralg.objects.scenario import MAX_BOXES, MAX_DIM, MAX_OUTCOMES, MAX_SETTINGS, MAX_TRUSTED, Scenario
from steeralg.strategies.matrix import drawn_by, require

KINDS = ("steering", "bell", "input", "instrumental", "trusted", "sequential")
"""One trusted party; none; one with input; only y = a of it; two or more; successive rounds of one box."""


@checked
def scenarios(
    *kinds: str,
    max_boxes: int = 2,
    max_settings: int = 2,
    max_outcomes: int = 2,
    max_dim: int = 2,
    max_trusted: int = 2,
) -> SearchStrategy[Scenario]:
    """Scenarios of some of the `KINDS`, of all if none is named.

    "steering" (one trusted party), "bell" (none), "input" (it has an input, up to `max_settings`), "instrumental"
    (only y = a is observed), "trusted" (two to `max_trusted` trusted parties), "sequential" (two to `max_boxes`
    rounds). They shrink to two settings of two outcomes and dimension 2, and to one box where one makes sense, two in
    Bell scenarios; single settings and outcomes and dimension 1 are drawn, too. Raises InputError, naming the argument.
    """
    for kind in kinds:
        if kind not in KINDS:
            raise InputError(f"kind {kind!r}: one of {', '.join(KINDS)}")
    require("max_boxes", max_boxes, 1, MAX_BOXES)
    require("max_settings", max_settings, 1, MAX_SETTINGS)
    require("max_outcomes", max_outcomes, 1, MAX_OUTCOMES)
    require("max_dim", max_dim, 1, MAX_DIM)
    require("max_trusted", max_trusted, 2, MAX_TRUSTED)
    limits = (max_boxes, max_settings, max_outcomes, max_dim, max_trusted)
    return st.one_of([drawn_by(_drawn, kind, *limits) for kind in kinds or KINDS])


def _counts(most: int, least: int = 1, simplest: int = 2) -> SearchStrategy[int]:
    """Numbers between two limits, one of them (the nearest to `simplest`) the simplest."""
    found = list(range(least, max(most, least) + 1))
    return st.sampled_from(sorted(found, key=lambda k: (abs(k - simplest), k)))


def _drawn(
    draw: DrawFn, kind: str, max_boxes: int, max_settings: int, max_outcomes: int, max_dim: int, max_trusted: int
) -> Scenario:
    # As many choices whatever comes of them: otherwise the fewest settings, or Bell, would count as the simplest.
    most = max(2, max_boxes)
    table = [[draw(_counts(max_outcomes)) for _ in range(max_settings)] for _ in range(most)]
    rows, number = [row[: draw(_counts(max_settings))] for row in table], draw(_counts(most, simplest=1))
    if kind == "bell" and number <= 2:
        number = 3 - number
    fitting = {"sequential": max(2, number), "instrumental": 1}
    outcomes = rows[: fitting.get(kind, min(number, max_boxes))]
    dims = [draw(_counts(max_dim)) for _ in range(max_trusted)][: draw(_counts(max_trusted, 2))]
    inputs = draw(_counts(max_settings, max(2, *outcomes[0]) if kind == "instrumental" else 2))
    if kind == "bell":
        return Scenario.of(outcomes)
    if kind == "trusted":
        return Scenario.of(outcomes, dims)
    return Scenario.of(
        outcomes,
        dims[0],
        inputs if kind in ("input", "instrumental") else 1,
        instrumental=kind == "instrumental",
        sequential=kind == "sequential",
    )
