"""Which positive maps give postquantum assemblages? The question that SAPHS18 Sec. 5 leaves open, by search.

Above: the table of maps, the command line. Below: the engine, states, measurements. A candidate is a sparse state of
the black boxes and the map's input, and the settings of every box; its assemblage is the image of what the state is
steered to. Where the map is positive and preserves the trace, the correlations are quantum whatever the trusted party
measures; where it is decomposable, so is the assemblage, and nothing is found.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import prod
from random import Random
from typing import Any

from steeralg.algebra.level import ALMOST_QUANTUM, Level, check_reach
from steeralg.arguments import checked
from steeralg.certificates.compose import Draft
from steeralg.certificates.compose_maps import positive, quantum_correlations
from steeralg.errors import InputError, NormalisationError, PositivityError, ScenarioError, UndecidedError
from steeralg.maps.linear import LinearMap
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.realisation import Realisation
from steeralg.objects.scenario import Scenario, TrustedParty
from steeralg.objects.state import State
from steeralg.objects.steering import measured_boxes
from steeralg.positivity.squares import BlockPositivity
from steeralg.sdp.scorer import Scorer
from steeralg.sdp.steered import Steered
from steeralg.search.campaign import Campaign, Proven
from steeralg.search.maps import map_to_json
from steeralg.search.measurements import settings
from steeralg.search.states import Amplitudes, check_support, ket, sparse

DEFAULT_BOXES = (("X,Z",), ("X,Z", "X+Z,X-Z"))
"""Two qubits, measured in complementary bases; the second box is turned by an eighth of a circle, or not."""

DEFAULT_SUPPORT = (4, 8)


@dataclass(frozen=True)
class MapCandidate:
    """A pure state along `amplitudes`, on the boxes' systems and the map's input, and the settings of every box."""

    amplitudes: Amplitudes
    boxes: tuple[str, ...]

    @property
    def box_dims(self) -> tuple[int, ...]:
        """The dimensions of the boxes' systems."""
        return tuple(settings(name)[0].dim for name in self.boxes)

    def state(self, dim_in: int) -> State:
        """Return the state, exact, for a map with this input."""
        return State.pure(self.amplitudes, (*self.box_dims, dim_in))

    def image(self, trusted_map: LinearMap) -> Assemblage:
        """Return the exact assemblage `Lambda(tr_A[(M_{a1|x1} (x) ... (x) 1) rho])`. Raises PositivityError."""
        measurements = [settings(name) for name in self.boxes]
        return Assemblage.from_state(self.state(trusted_map.dim_in), measurements, trusted_map)

    def __str__(self) -> str:
        dims = (*self.box_dims, len(self.amplitudes) // prod(self.box_dims))
        return f"{ket(self.amplitudes, dims)}, settings {' and '.join(self.boxes)}"


@checked
@dataclass(frozen=True)
class MapSearch(Campaign[MapCandidate]):
    """The candidates of a seed for one map. Raises InputError.

    `boxes[k]` lists what box k may measure, by name (see `measurements`), all with the same numbers of outcomes; the
    number of amplitudes that do not vanish is between the two in `support`. The map has to preserve the trace; that it
    is positive is not checked, except on the assemblages that are certified.
    """

    trusted_map: LinearMap
    seed: int
    boxes: tuple[tuple[str, ...], ...] = DEFAULT_BOXES
    support: tuple[int, int] = DEFAULT_SUPPORT
    level: Level = ALMOST_QUANTUM

    def __post_init__(self) -> None:
        if not self.trusted_map.is_trace_preserving:
            raise NormalisationError("the map does not preserve the trace; its images are no assemblages")
        if not self.boxes or not all(self.boxes):
            raise InputError("a search needs at least one black box, and settings for every box")
        for k, names in enumerate(self.boxes):
            kinds = {measured_boxes([settings(name)])[0].outcomes: name for name in names}
            if len(kinds) > 1:
                raise ScenarioError(f"box {k} has alternatives of different scenarios: {' and '.join(kinds.values())}")
        check_reach(self.scenario, self.level)
        check_support(self._size, *self.support)

    @property
    def scenario(self) -> Scenario:
        """The scenario of all candidates."""
        boxes = measured_boxes([settings(names[0]) for names in self.boxes])
        return Scenario(boxes, (TrustedParty(self.trusted_map.dim_out),))

    @property
    def _size(self) -> int:
        return prod(settings(names[0])[0].dim for names in self.boxes) * self.trusted_map.dim_in

    @property
    def parameters(self) -> Mapping[str, Any]:
        """The map, the seed, what the boxes may measure, the supports, and the level."""
        return {
            "map": map_to_json(self.trusted_map),
            "seed": self.seed,
            "boxes": [list(names) for names in self.boxes],
            "support": list(self.support),
            "level": str(self.level),
        }

    def candidate(self, number: int) -> MapCandidate:
        """Return candidate number 0, 1, ... of the seed."""
        generator = Random(f"{self.seed} {number}")
        boxes = tuple(generator.choice(names) for names in self.boxes)
        return MapCandidate(sparse(generator, self._size, generator.randint(*self.support)), boxes)

    def score(self, candidate: MapCandidate) -> Fraction:
        """Estimate the robustness to white noise."""
        steered = self._steered.get(candidate.boxes)
        if steered is None:
            measurements = [settings(name) for name in candidate.boxes]
            steered = Steered(self._scorer.relaxation.observation, measurements, [self.trusted_map])
            self._steered[candidate.boxes] = steered
        return self._scorer.moments(steered.moments(candidate.amplitudes))

    def draft(self, name: str, source: str, proven: Proven[MapCandidate]) -> Draft:
        """State that what was found, "sigma", is postquantum; that it gives only quantum correlations, too, if the map
        is proved positive, and one number field holds it and the measurements.
        """
        draft, candidate = super().draft(name, source, proven), proven.candidate
        effects = [effect for box in candidate.boxes for povm in settings(box) for effect in povm.effects]
        fields = {m.field for m in (self.trusted_map.choi, *effects) if not m.field.is_rational}
        if len(fields) <= 1 and self._positivity is not None:
            model = Realisation(
                candidate.state(self.trusted_map.dim_in), tuple(settings(box) for box in candidate.boxes)
            )
            before = model.assemblage(Scenario(self.scenario.black_boxes, (TrustedParty(self.trusted_map.dim_in),)))
            maps, positivity = {"map": self.trusted_map}, {"map": self._positivity}
            quantum_correlations(draft, "sigma", before, model, maps, ["map"], positivity)
        return draft

    @cached_property
    def _positivity(self) -> BlockPositivity | None:
        try:
            return positive(self.trusted_map)
        except (InputError, UndecidedError):
            return None

    @cached_property
    def _scorer(self) -> Scorer:
        return Scorer(self.scenario, self.level)

    @cached_property
    def _steered(self) -> dict[tuple[str, ...], Steered]:
        """What is common to all states under the same settings, as far as it was needed."""
        return {}

    def assemblage(self, candidate: MapCandidate) -> Assemblage:
        """Return the exact image. Raises PositivityError, an exact refutation, if the map is not positive."""
        try:
            return candidate.image(self.trusted_map)
        except PositivityError as error:
            raise PositivityError(f"the map is not positive; the image of {candidate}: {error}") from None
