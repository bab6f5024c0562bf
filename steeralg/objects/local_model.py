"""Local hidden state models: explicit classical explanations of assemblages.

Above: proofs. Below: assemblages. Entry lambda of a model has a deterministic outcome for every setting of every box,
and one unnormalised hidden state for each view; all hidden states of an entry have the same trace, its weight. The
model gives sigma_v[a|x] = sum over the lambda that answer a to x of their hidden states (S26 Def. 14).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from steeralg.errors import NormalisationError, PositivityError, ScenarioError
from steeralg.exact.convert import as_matrices
from steeralg.exact.field import Field
from steeralg.exact.matrix import Matrix
from steeralg.exact.psd import decide_psd
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.scenario import Label, Scenario
from steeralg.verdict import Refuted


@dataclass(frozen=True)
class HiddenState:
    """One entry: `outcomes[k][x]` is what box k answers to setting x; `states[v]` the hidden state of view v."""

    outcomes: tuple[tuple[int, ...], ...]
    states: tuple[Matrix, ...]


@dataclass(frozen=True)
class LocalModel:
    """Hidden states, positive and of equal traces; raises PositivityError or NormalisationError, naming the entry."""

    entries: tuple[HiddenState, ...]

    def __post_init__(self) -> None:
        for k, entry in enumerate(self.entries):
            for state in entry.states:
                state.require_hermitian(f"a hidden state of entry {k}")
                if isinstance(decide_psd(state), Refuted):
                    raise PositivityError(f"a hidden state of entry {k} is not positive")
                if state.trace() != entry.states[0].trace():
                    raise NormalisationError(f"the hidden states of entry {k} have different traces")

    @classmethod
    def of(cls, entries: Sequence[tuple[Sequence[Sequence[int]], Sequence[Any]]]) -> LocalModel:
        """Return the model with entries (outcomes, states), the states exact, sympy or nested sequences."""
        matrices = iter(as_matrices([state for _, states in entries for state in states]))
        return cls(
            tuple(
                HiddenState(tuple(map(tuple, outcomes)), tuple(next(matrices) for _ in states))
                for outcomes, states in entries
            )
        )

    @property
    def field(self) -> Field:
        """The real number field of the hidden states."""
        return self.entries[0].states[0].field

    def assemblage(self, scenario: Scenario) -> Assemblage:
        """Return the assemblage the model gives. Raises ScenarioError if an entry does not fit the scenario."""
        elements: dict[Label, Matrix] = {}
        for label in scenario.labels():
            order = scenario.order(label)
            elements[label] = Matrix.zero(order, order)
        for k, entry in enumerate(self.entries):
            boxes = [tuple(len(box.outcomes) for box in scenario.black_boxes), tuple(map(len, entry.outcomes))]
            answered = zip(scenario.black_boxes, entry.outcomes, strict=False)
            inside = all(0 <= a < d for box, a_x in answered for d, a in zip(box.outcomes, a_x, strict=False))
            if not inside or boxes[0] != boxes[1] or tuple(s.rows for s in entry.states) != scenario.views:
                raise ScenarioError(f"entry {k} of the model does not fit {scenario}")
            for label in elements:
                if all(answers[x] == a for answers, a, x in zip(entry.outcomes, label[0], label[1], strict=True)):
                    elements[label] = elements[label] + entry.states[scenario.view(label)]
        return Assemblage(scenario, elements)
