"""Where hidden states live: facial reduction from the data, exactly.

Above: decisions about local models. Below: assemblages, null spaces. The hidden state of a strategy lambda is below
each of the elements sigma[lambda(x)|x], so that it lives in the intersection of their supports. Pure elements leave
one dimension or none, and a strategy with none in some view does not occur.
"""

from __future__ import annotations

from collections.abc import Sequence

from steeralg.exact.echelon import integral_columns, nullspace
from steeralg.exact.matrix import Matrix
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.deterministic import Strategy
from steeralg.objects.scenario import Label, Scenario
from steeralg.positivity.face import joined

Space = Matrix | None
"""A matrix whose columns are a basis; None for the whole space."""


def kernels(assemblage: Assemblage) -> dict[Label, Matrix]:
    """Return the elements that have a kernel, with integral bases of it as columns."""
    found = {label: nullspace(matrix) for label, matrix in assemblage.elements.items()}
    return {label: integral_columns(kernel) for label, kernel in found.items() if kernel.columns}


def hidden_spaces(assemblage: Assemblage, strategies: Sequence[Strategy]) -> list[tuple[Strategy, tuple[Space, ...]]]:
    """Return the strategies that may occur, with the space of the hidden state in every view."""
    scenario, rows = assemblage.scenario, kernels(assemblage)
    known: dict[frozenset[Label], Space] = {frozenset(): None}
    found = []
    for strategy in strategies:
        spaces: list[Space] = []
        for view in range(len(scenario.views)):
            met = frozenset(label for label in met_by(scenario, strategy, view) if label in rows)
            if met not in known:
                stacked = joined(rows[label] for label in sorted(met))
                known[met] = None if stacked is None else integral_columns(nullspace(stacked.adjoint))
            spaces.append(known[met])
        if all(space is None or space.columns for space in spaces):
            found.append((strategy, tuple(spaces)))
    return found


def met_by(scenario: Scenario, strategy: Strategy, view: int) -> list[Label]:
    """Return the labels (a, x) of a view with a = lambda(x)."""
    labels = []
    for x in scenario.settings():
        label = scenario.label(tuple(answers[s] for answers, s in zip(strategy, x, strict=True)), x, view)
        if scenario.view(label) == view:
            labels.append(label)
    return labels


def at_most_lines(scenario: Scenario, spaces: Sequence[Space]) -> bool:
    """Whether the space of every view has one dimension at most."""
    return all(
        dim == 1 or (space is not None and space.columns == 1)
        for dim, space in zip(scenario.views, spaces, strict=True)
    )


def unit_states(spaces: Sequence[Space]) -> tuple[Matrix, ...]:
    """Return the state of trace 1 in each of these one-dimensional spaces."""
    found = []
    for space in spaces:
        if space is None:
            found.append(Matrix.identity(1))
        else:
            square = space @ space.adjoint
            found.append(square.scale(square.trace().inverse()))
    return tuple(found)
