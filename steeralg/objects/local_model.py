"""Hidden state models: explicit explanations of assemblages by deterministic answers of the boxes.

Above: proofs. Below: assemblages. Entry lambda of a model has a deterministic outcome for every setting of every box,
and one unnormalised hidden state for each view; all hidden states of an entry have the same trace, its weight. The
model gives sigma_v[a|x] = sum over the lambda that answer a to x of their hidden states (S26 Def. 14). With positive
hidden states it is a local model; with Hermitian ones it explains every no-signalling assemblage (SAPHS18 Def. 2).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import Any, Self

from steeralg.arguments import checked
from steeralg.errors import InputError, NormalisationError, PositivityError, ScenarioError
from steeralg.exact.convert import as_matrices
from steeralg.exact.field import Field
from steeralg.exact.matrix import Matrix
from steeralg.exact.psd import decide_psd
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.scenario import Label, Scenario
from steeralg.verdict import OneLine, Proved, Refuted

Answers = tuple[tuple[int, ...], ...]
States = tuple[Matrix, ...]


_Partial = tuple[tuple[int, ...], tuple[int, ...], Answers]
"""The outcomes and settings of the first boxes, and all answers of the others."""


@dataclass(frozen=True, repr=False)
class HiddenState(OneLine):
    """One entry: `outcomes[k][x]` is what box k answers to setting x; `states[v]` the hidden state of view v."""

    outcomes: Answers
    states: States


@dataclass(frozen=True, repr=False)
class HiddenStateModel(OneLine):
    """Entries with Hermitian hidden states of equal traces; raises HermitianError or NormalisationError, naming the
    entry, and InputError if there is none.
    """

    entries: tuple[HiddenState, ...]

    def __post_init__(self) -> None:
        if not self.entries:
            raise InputError("a hidden state model has at least one entry")
        for k, entry in enumerate(self.entries):
            for state in entry.states:
                state.require_hermitian(f"a hidden state of entry {k}")
                if state.trace() != entry.states[0].trace():
                    raise NormalisationError(f"the hidden states of entry {k} have different traces")

    @classmethod
    @checked
    def of(cls, entries: Sequence[tuple[Sequence[Sequence[int]], Sequence[Any]]]) -> Self:
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

    @checked
    def assemblage(self, scenario: Scenario) -> Assemblage:
        """Return the assemblage the model gives. Raises ScenarioError if an entry does not fit the scenario, what
        Assemblage raises if no valid assemblage comes out.
        """
        scenario.require_simultaneous("hidden state models")
        for k, entry in enumerate(self.entries):
            if not _fits(entry, scenario):
                raise ScenarioError(f"entry {k} of the model does not fit {scenario}")
        # Box by box, the strategies are replaced by what they answer: few partial labels stand for many strategies.
        sums: dict[_Partial, States] = {}
        for entry in self.entries:
            _add(sums, ((), (), entry.outcomes), entry.states)
        for _ in scenario.black_boxes:
            answered: dict[_Partial, States] = {}
            for (a, x, (first, *others)), states in sums.items():
                for setting, outcome in enumerate(first):
                    _add(answered, ((*a, outcome), (*x, setting), tuple(others)), states)
            sums = answered
        elements: dict[Label, Matrix] = {}
        for label in scenario.labels():
            order, found = scenario.order(label), sums.get((label[0], label[1], ()))
            elements[label] = Matrix.zero(order, order) if found is None else found[scenario.view(label)]
        return Assemblage(scenario, elements)


def _fits(entry: HiddenState, scenario: Scenario) -> bool:
    if [len(box.outcomes) for box in scenario.black_boxes] != [len(answers) for answers in entry.outcomes]:
        return False
    limits = [d for box in scenario.black_boxes for d in box.outcomes]
    answers = [a for box in entry.outcomes for a in box]
    inside = all(0 <= a < d for a, d in zip(answers, limits, strict=True))
    return inside and tuple(state.rows for state in entry.states) == scenario.views


def _add(table: dict[_Partial, States], key: _Partial, states: States) -> None:
    found = table.get(key)
    table[key] = states if found is None else tuple(m + n for m, n in zip(found, states, strict=True))


@checked
@dataclass(frozen=True, repr=False)
class LocalModel(HiddenStateModel):
    """Hidden states, positive and of equal traces; raises PositivityError or NormalisationError, naming the entry."""

    def __post_init__(self) -> None:
        super().__post_init__()
        for k, entry in enumerate(self.entries):
            if any(isinstance(decide_psd(state), Refuted) for state in entry.states):
                raise PositivityError(f"a hidden state of entry {k} is not positive")


@checked
@dataclass(frozen=True, repr=False)
class PseudoModel(HiddenStateModel):
    """Hidden states that are only Hermitian, of equal traces (SAPHS18 Def. 2); several trusted parties: eq. (12).

    Raises HermitianError or NormalisationError, naming the entry.
    """

    @cached_property
    def is_affine(self) -> bool:
        """Whether every entry is a state or minus a state, up to its weight: all its hidden states positive or all
        negative semidefinite, as in an affine combination of states (SAPHS18 Lemma 3).
        """
        return all(_is_one_sided(entry.states) for entry in self.entries)

    def affine(self) -> PseudoModel:
        """Return an affine model of the same assemblage (SAPHS18 Lemma 3).

        An entry of both signs is split into the H_v + s_v 1 and the -s_v 1, H_v its hidden states of orders d_v. The
        s_v d_v are equal, so that traces stay so, and s_v the least power of two (times the least common multiple of
        the d_v over d_v) that will do.
        """
        entries: list[HiddenState] = []
        for entry in self.entries:
            parts = [entry.states] if _is_one_sided(entry.states) else _split(entry.states)
            entries += [HiddenState(entry.outcomes, part) for part in parts]
        return PseudoModel(tuple(entries))


def _are_positive(states: States) -> bool:
    return all(isinstance(decide_psd(state), Proved) for state in states)


def _is_one_sided(states: States) -> bool:
    return _are_positive(states) or _are_positive(tuple(-state for state in states))


def _split(states: States) -> list[States]:
    common = lcm(*(state.rows for state in states))
    ones = tuple(Matrix.identity(state.rows, state.field).scale(common // state.rows) for state in states)

    def shifted(size: Fraction) -> States:
        return tuple(state + one.scale(size) for state, one in zip(states, ones, strict=True))

    size = Fraction(1)
    while not _are_positive(shifted(size)):
        size *= 2
    while _are_positive(shifted(size / 2)):
        size /= 2
    return [shifted(size), tuple(one.scale(-size) for one in ones)]
