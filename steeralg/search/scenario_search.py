"""Postquantum assemblages of several trusted parties, of Bob with input, and instrumental ones, by search.

Above: the command line. Below: the engine, constructions, proofs. A candidate is a sparse state, measured in given
settings of the black boxes; then every view, a trusted party or a setting of Bob's, is mapped. The maps are positive,
so the correlations are quantum whatever the trusted parties measure; one of them is not completely positive.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import prod
from typing import Any

from steeralg.algebra.level import ALMOST_QUANTUM, Level, check_reach
from steeralg.arguments import checked
from steeralg.certificates.compose import Draft
from steeralg.certificates.compose_maps import quantum_correlations
from steeralg.constructions.s26 import positive_map_example, positive_map_model
from steeralg.constructions.saphs18 import breuer_hall_map
from steeralg.constructions.shsa20 import instrumental_example, transposition_example, transposition_model
from steeralg.errors import InputError
from steeralg.exact.tensor import partial_trace
from steeralg.maps.library import identity, transpose
from steeralg.maps.linear import LinearMap
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.measurement import POVM
from steeralg.objects.realisation import Realisation
from steeralg.objects.scenario import Scenario
from steeralg.objects.steering import measured_boxes
from steeralg.sdp.scorer import Scorer
from steeralg.sdp.steered import Steered
from steeralg.search.campaign import Proven
from steeralg.search.measurements import settings
from steeralg.search.robust import Construction
from steeralg.search.states import Amplitudes, check_support, ket

Measurements = Sequence[Sequence[POVM]]


@dataclass(frozen=True)
class _Kind:
    """A construction, and the state and measurements that it starts from.

    `boxes` and `support` are the default settings and numbers of amplitudes; `trusted` are the dimensions of the
    trusted systems, or None for one like the first box's; `maps` belong to the views.
    """

    build: Callable[[Sequence[Any], Measurements], Assemblage]
    model: Callable[[Sequence[Any], Measurements], Realisation]
    boxes: tuple[str, ...]
    support: tuple[int, int]
    trusted: tuple[int, ...] | None
    maps: Callable[[int], Mapping[str, LinearMap]]


def _breuer_hall(_: int) -> Mapping[str, LinearMap]:
    return {"identity": identity(2), "breuer_hall": breuer_hall_map()}


def _transposition(dim: int) -> Mapping[str, LinearMap]:
    return {"identity": identity(dim), "transposition": transpose(dim)}


_KINDS = {
    "trusted-parties": _Kind(positive_map_example, positive_map_model, ("X,Z",), (4, 4), (2, 4), _breuer_hall),
    "input": _Kind(transposition_example, transposition_model, ("X,Y,Z",), (2, 4), None, _transposition),
    "instrumental": _Kind(instrumental_example, transposition_model, ("X,Y,Z,-X",), (2, 4), None, _transposition),
}

KINDS = tuple(_KINDS)
"""The kinds of `ScenarioSearch`."""


def _factor(dims: Sequence[int], kept: int) -> LinearMap:
    """Return the partial trace over all factors but one."""
    others = [k for k in range(len(dims)) if k != kept]
    return LinearMap.from_action(prod(dims), lambda matrix: partial_trace(matrix, dims, others))


@checked
class ScenarioSearch(Construction):
    """The states of a seed under one of three constructions.

    - `trusted-parties`: `s26.positive_map_example`, a qubit and a ququart, which the Breuer-Hall map acts on;
    - `input`: `shsa20.transposition_example`, Bob applies the identity or the transposition;
    - `instrumental`: `shsa20.instrumental_example`, the same with y = a.

    `boxes` are the settings of every black box by name (see `measurements`): by default one box with X, Z; with X, Y,
    Z; with X, Y, Z, -X. Bob's system is like that of the first box. `support` are the least and the largest number of
    amplitudes that do not vanish, by default (4, 4), or (2, 4) for Bob with input. Raises InputError for another kind,
    for settings and numbers that do not fit, and LevelError.
    """

    def __init__(
        self,
        kind: str,
        seed: int,
        boxes: Sequence[str] = (),
        support: tuple[int, int] | None = None,
        level: Level = ALMOST_QUANTUM,
    ) -> None:
        if kind not in _KINDS:
            raise InputError(f"there is no kind of search {kind[:40]!r}; use {', '.join(KINDS)}")
        self._kind, chosen = kind, _KINDS[kind]
        self._boxes = tuple(boxes) or chosen.boxes
        self._measurements = [settings(name) for name in self._boxes]
        box_dims = [box[0].dim for box in self._measurements]
        self._trusted = chosen.trusted or (box_dims[0],)
        self._dims = (*box_dims, *self._trusted)
        self._support, size = support or chosen.support, prod(self._dims)
        check_support(size, *self._support)
        super().__init__(self._built, size, seed, self._support, level)
        # All candidates are of the scenario of any product vector.
        self._scenario = self._built((1, *[0] * (size - 1))).scenario
        check_reach(self._scenario, level)

    def score(self, candidate: Amplitudes) -> Fraction:
        """Estimate the robustness to white noise."""
        return self._scorer.moments(self._steered.moments(candidate))

    @cached_property
    def _scorer(self) -> Scorer:
        return Scorer(self._scenario, self.level)

    @cached_property
    def _steered(self) -> Steered:
        maps: Sequence[LinearMap] = list(_KINDS[self._kind].maps(self._trusted[0]).values())
        if len(self._trusted) > 1:
            maps = [trusted_map @ _factor(self._trusted, k) for k, trusted_map in enumerate(maps)]
        return Steered(self._scorer.relaxation.observation, self._measurements, maps)

    def _built(self, amplitudes: Sequence[Any]) -> Assemblage:
        return _KINDS[self._kind].build(amplitudes, self._measurements)

    @property
    def parameters(self) -> Mapping[str, Any]:
        """The kind, the settings of the boxes, the size of the states, the seed, the supports, and the level."""
        own = {"kind": self._kind, "boxes": list(self._boxes), "support": list(self._support)}
        return {**super().parameters, **own}

    def shown(self, candidate: Amplitudes) -> str:
        """Return the state as a sum of product vectors, and the settings."""
        return f"{ket(candidate, self._dims)}, settings {' and '.join(self._boxes)}"

    def draft(self, name: str, source: str, proven: Proven[Amplitudes]) -> Draft:
        """State that what was found, "sigma", is postquantum and gives only quantum correlations.

        For instrumental data the elements with all y are their parent.
        """
        kind, sigma = _KINDS[self._kind], proven.postquantum.assemblage
        maps, model = kind.maps(self._trusted[0]), kind.model(proven.candidate, self._measurements)
        boxes = [box.outcomes for box in measured_boxes(self._measurements)]
        before = model.assemblage(Scenario.of(boxes, self._trusted))
        draft = Draft(name, source, sigma.scenario, {"sigma": sigma})
        if sigma.scenario.instrumental:
            draft.valid("sigma", claimed=True, parent=before.with_input(list(maps.values())))
        draft.postquantum("sigma", "F", proven.postquantum.certificate)
        quantum_correlations(draft, "sigma", before, model, maps, list(maps))
        return draft
