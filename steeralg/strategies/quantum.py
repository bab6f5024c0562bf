"""Strategies for quantum objects: states, measurements, channels, realisations, and the assemblages they give.

Above: no-signalling assemblages, postquantum ones, maps. Below: matrices, scenarios. Measurements, instruments and
channels are isometries into a larger system, of which a part is read off (Naimark, Stinespring): so every rational one
is reached, as the larger system grows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import prod
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from steeralg.arguments import checked
from steeralg.errors import InputError
from steeralg.exact.field import RATIONALS
from steeralg.exact.matrix import Matrix, total
from steeralg.exact.psd import decide_psd
from steeralg.exact.tensor import kron, partial_transpose
from steeralg.maps.channels import kraus_map
from steeralg.maps.linear import LinearMap
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.devices import Devices
from steeralg.objects.instrument import Instrument
from steeralg.objects.measurement import POVM
from steeralg.objects.realisation import Realisation
from steeralg.objects.scenario import Scenario
from steeralg.objects.sequential import SequentialDevices, SequentialRealisation
from steeralg.objects.state import State
from steeralg.strategies.matrix import (
    WEIGHTS,
    Scalars,
    drawn_by,
    drawn_isometry,
    drawn_positive,
    require,
    row_block,
    scalars,
)
from steeralg.verdict import Proved

MAX_RANK = 4
"""The states of realisations, and the parts of decomposable maps, have at most this rank."""


def as_dims(dims: int | Sequence[int]) -> tuple[int, ...]:
    """Return dimensions given as a number or several. Raises InputError unless there are some, each 1 or more."""
    found = (dims,) if isinstance(dims, int) else tuple(dims)
    if not found:
        raise InputError("dims is empty: a system has at least one factor")
    for k, dim in enumerate(found):
        require("dims" if isinstance(dims, int) else f"dims[{k}]", dim, 1)
    return found


@checked
def states(
    dims: int | Sequence[int], *, rank: int | None = None, pure: bool = False, field: Any = RATIONALS
) -> SearchStrategy[State]:
    """Density matrices on factors of dimensions `dims`, of the given rank or any; `pure` ones have rank 1.

    They shrink to |0..0><0..0| (for a given rank r to the uniform mixture of the first r basis vectors). Raises
    InputError, naming the argument.
    """
    factors = as_dims(dims)
    if rank is not None:
        require("rank", rank, 1, prod(factors))
    if pure and rank not in (None, 1):
        raise InputError(f"rank = {rank}, and pure: a pure state has rank 1")
    least = 1 if rank is None else rank
    return drawn_by(drawn_state, factors, scalars(field), least, 1 if pure else rank or prod(factors))


def drawn_state(draw: DrawFn, dims: Sequence[int], over: Scalars, least: int, most: int) -> State:
    """Draw a state of a rank between two limits."""
    return State(tuple(dims), normalised(drawn_positive(draw, prod(dims), over, least, most)))


def normalised(matrix: Matrix) -> Matrix:
    """Return a positive matrix, not zero, divided by its trace."""
    return matrix.scale(matrix.trace().inverse())


@checked
def separable_states(dims: int | Sequence[int], *, max_terms: int = 3, field: Any = RATIONALS) -> SearchStrategy[State]:
    """Mixtures of one to `max_terms` product states; they shrink to |0..0><0..0|."""
    factors = as_dims(dims)
    require("max_terms", max_terms, 1)
    return drawn_by(_drawn_separable, factors, max_terms, scalars(field))


def _drawn_separable(draw: DrawFn, dims: Sequence[int], max_terms: int, over: Scalars) -> State:
    terms = [
        normalised(kron(*(drawn_positive(draw, d, over, 1, d) for d in dims))).scale(draw(WEIGHTS))
        for _ in range(draw(st.integers(1, max_terms)))
    ]
    return State(tuple(dims), normalised(total(terms)))


@checked
def ppt_states(dims: int | Sequence[int], *, field: Any = RATIONALS) -> SearchStrategy[State]:
    """States with all partial transposes positive: any state with the least multiple of 1/16 of white noise.

    They shrink to |0..0><0..0|; entangled ones among them are bound entangled.
    """
    factors = as_dims(dims)
    return states(factors, field=field).map(_made_ppt)


def _made_ppt(state: State) -> State:
    noise = State.maximally_mixed(state.dims).matrix
    # With white noise alone the partial transposes are positive, so that the search ends.
    for k in range(17):
        matrix = state.matrix.scale(16 - k) + noise.scale(k)
        if all(
            isinstance(decide_psd(partial_transpose(matrix, state.dims, cut)), Proved) for cut in _cuts(len(state.dims))
        ):
            break
    return State(state.dims, normalised(matrix))


def _cuts(factors: int) -> list[list[int]]:
    """One of each pair of complementary sets of factors."""
    return [[k for k in range(factors - 1) if cut >> k & 1] for cut in range(2 ** (factors - 1))]


@checked
def povms(dim: int, outcomes: int, *, projective: bool = False, field: Any = RATIONALS) -> SearchStrategy[POVM]:
    """Measurements; effects may vanish. They shrink to the trivial one that always gives outcome 0."""
    require("dim", dim, 1)
    require("outcomes", outcomes, 1)
    return drawn_by(drawn_povm, dim, outcomes, projective, scalars(field))


def drawn_povm(draw: DrawFn, dim: int, outcomes: int, projective: bool, over: Scalars) -> POVM:
    """Draw a basis, or an isometry into a larger space, and which vectors belong to which outcome."""
    return POVM(
        tuple(
            total([Matrix.zero(dim, dim, over.field), *(row.adjoint @ row for row in rows)])
            for rows in _drawn_kraus(draw, dim, 1, outcomes, 0 if projective else dim, over)
        )
    )


@checked
def instruments(dim_in: int, dim_out: int, outcomes: int, *, field: Any = RATIONALS) -> SearchStrategy[Instrument]:
    """Instruments from one dimension to another. They shrink to outcome 0 always, the system left as it is."""
    require("dim_in", dim_in, 1)
    require("dim_out", dim_out, 1)
    require("outcomes", outcomes, 1)
    return drawn_by(drawn_instrument, dim_in, dim_out, outcomes, scalars(field))


def drawn_instrument(draw: DrawFn, dim_in: int, dim_out: int, outcomes: int, over: Scalars) -> Instrument:
    """Draw Kraus operators for every outcome."""
    zero = Matrix.zero(dim_out, dim_in, over.field)
    return Instrument(
        tuple(kraus_map(kraus or [zero]) for kraus in _drawn_kraus(draw, dim_in, dim_out, outcomes, 1, over))
    )


@checked
def channels(dim_in: int, dim_out: int, *, field: Any = RATIONALS) -> SearchStrategy[LinearMap]:
    """Completely positive, trace-preserving maps. They shrink to the identity, or to an embedding of the basis."""
    return instruments(dim_in, dim_out, 1, field=field).map(lambda instrument: instrument.maps[0])


def _drawn_kraus(
    draw: DrawFn, dim_in: int, dim_out: int, outcomes: int, most_more: int, over: Scalars
) -> list[list[Matrix]]:
    """Draw Kraus operators with sum K* K = 1, by outcomes: the blocks of rows of an isometry, `most_more` at most
    beyond those needed.
    """
    blocks = -(-dim_in // dim_out) + draw(st.integers(0, most_more))
    isometry = drawn_isometry(draw, dim_in, blocks * dim_out, over)
    # Independent owners give all blocks to one outcome too often, where dimensions are small.
    is_spread = outcomes > 1 and draw(st.sampled_from((False, True, True, True)))
    shift = draw(st.integers(0, outcomes - 1))
    found: list[list[Matrix]] = [[] for _ in range(outcomes)]
    for k in range(blocks):
        owner = draw(st.integers(0, outcomes - 1))
        found[(shift + k) % outcomes if is_spread else owner].append(row_block(isometry, k * dim_out, dim_out))
    return found


@checked
def devices(
    scenario: Scenario, *, local_dim: int = 2, projective: bool = False, field: Any = RATIONALS
) -> SearchStrategy[Devices]:
    """POVMs on systems of dimension `local_dim` for every setting; channels for every setting of a trusted party with
    input.

    They shrink to trivial measurements and identities. Raises ScenarioError for a sequential scenario, whose devices
    are instruments: see `realisations`.
    """
    scenario.require_simultaneous("measurements on separate factors")
    require("local_dim", local_dim, 1)
    return drawn_by(_drawn_devices, scenario, local_dim, projective, scalars(field))


def _input_dim(scenario: Scenario, local_dim: int) -> int:
    """The dimension of the trusted system before its channels."""
    return max(scenario.views[0], local_dim)


def _drawn_devices(draw: DrawFn, scenario: Scenario, local_dim: int, projective: bool, over: Scalars) -> Devices:
    measurements = [
        [drawn_povm(draw, local_dim, d, projective, over) for d in box.outcomes] for box in scenario.black_boxes
    ]
    before = _input_dim(scenario, local_dim)
    views = scenario.views if scenario.has_input else ()
    return Devices.of(measurements, [drawn_instrument(draw, before, dim, 1, over).maps[0] for dim in views])


@checked
def realisations(
    scenario: Scenario,
    *,
    local_dim: int = 2,
    projective: bool = False,
    pure: bool = False,
    field: Any = RATIONALS,
) -> SearchStrategy[Realisation | SequentialRealisation]:
    """Quantum realisations of a scenario: a state, and `devices`; a SequentialRealisation for a sequential scenario.

    Every box (in sequence: the one box, before and after every round) has dimension `local_dim`, and so has, at least,
    a trusted party with input before its channels. The state is of rank 4 at most, 1 if `pure`. They shrink to
    |0..0><0..0| and trivial devices. Raises InputError, naming the argument.
    """
    require("local_dim", local_dim, 1)
    over = scalars(field)
    # Most assemblages of small numbers are local, fewer so those of pure states and projective, or real, measurements.
    return (
        drawn_by(drawn_realisation, scenario, local_dim, projective, pure, over)
        | drawn_by(drawn_realisation, scenario, local_dim, True, True, over)
        | drawn_by(drawn_realisation, scenario, local_dim, True, True, replace(over, is_real=True))
    )


def drawn_realisation(
    draw: DrawFn, scenario: Scenario, local_dim: int, projective: bool, pure: bool, over: Scalars
) -> Realisation | SequentialRealisation:
    """Draw a realisation of any scenario."""
    drawn = _drawn_sequential if scenario.sequential else _drawn_realisation
    return drawn(draw, scenario, local_dim, projective, pure, over)


def _drawn_realisation(
    draw: DrawFn, scenario: Scenario, local_dim: int, projective: bool, pure: bool, over: Scalars
) -> Realisation:
    found = _drawn_devices(draw, scenario, local_dim, projective, over)
    trusted = (_input_dim(scenario, local_dim),) if scenario.has_input else scenario.views
    dims = (*(local_dim for _ in scenario.black_boxes), *(() if trusted == (1,) else trusted))
    state = drawn_state(draw, dims, over, 1, 1 if pure else min(MAX_RANK, prod(dims)))
    return Realisation(state, found.measurements, found.channels)


def _drawn_sequential(
    draw: DrawFn, scenario: Scenario, local_dim: int, projective: bool, pure: bool, over: Scalars
) -> SequentialRealisation:
    *before, last = scenario.black_boxes
    rounds = tuple(tuple(drawn_instrument(draw, local_dim, local_dim, d, over) for d in box.outcomes) for box in before)
    measurements = tuple(drawn_povm(draw, local_dim, d, projective, over) for d in last.outcomes)
    dims = (local_dim, *scenario.views)
    state = drawn_state(draw, dims, over, 1, 1 if pure else min(MAX_RANK, prod(dims)))
    return SequentialRealisation(state, SequentialDevices(rounds, measurements))


@checked
def quantum_assemblages(
    scenario: Scenario,
    *,
    local_dim: int = 2,
    projective: bool = False,
    pure: bool = False,
    field: Any = RATIONALS,
) -> SearchStrategy[Assemblage]:
    """Quantum assemblages, by the Born rule from `realisations`, whose arguments these are.

    They shrink to the state |0><0|, every outcome being 0.
    """
    drawn = realisations(scenario, local_dim=local_dim, projective=projective, pure=pure, field=field)
    return drawn.map(lambda realisation: realisation.assemblage(scenario))
