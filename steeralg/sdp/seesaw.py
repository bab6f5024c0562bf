"""See-saw: a good quantum strategy for a functional, in floats.

Above: exact strategies. Below: the float form of exact matrices, objects. Minimises <F, sigma> over pure states, POVMs
and channels on given local dimensions, one of them at a time with the others fixed, from several random starts. A
state is optimal as an eigenvector and a POVM of two outcomes as an eigenprojector. POVMs of more outcomes and
channels are isometries V (the rows of an effect's block K_a give M_a = K_a* K_a; the blocks of a channel are its Kraus
operators); in V the value is a concave quadratic form once F is shifted, so the polar factor of its gradient never
makes it worse. All that comes out is an isometry or a vector, and these round to exact ones (see `reflections`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import prod

import numpy as np

from steeralg.arguments import require_between
from steeralg.errors import ScenarioError
from steeralg.exact.matrix import Matrix
from steeralg.objects.functional import Functional
from steeralg.objects.scenario import Scenario
from steeralg.sdp.basis import to_array
from steeralg.sdp.moments import Complex
from steeralg.sdp.randomness import generator
from steeralg.sdp.reflections import Gaussian, Reflections, ray, reflections
from steeralg.sdp.time_limit import time_is_over

MAX_DIM = 256
_INNER = 12
_RANK = 1e-7
"""Effects' eigenvalues and Kraus operators below this (relative to 1) are taken to be zero."""


@dataclass(frozen=True, eq=False)
class Measurement:
    """A POVM as an isometry V: effect a is V_a* V_a, V_a the rows of V that `rows[a]` lists."""

    isometry: Complex
    rows: tuple[tuple[int, ...], ...]

    @property
    def effects(self) -> Complex:
        """The effects, stacked."""
        return np.array([_dagger(block) @ block for block in (self.isometry[list(rows)] for rows in self.rows)])

    def direction(self, bits: int) -> tuple[Gaussian, ...] | None:
        """Return the direction of the first effect, rounded, if it is a rank-one projector and its complement is the
        only other effect; None otherwise.
        """
        sizes = sorted(len(rows) for rows in self.rows if rows)
        if sizes != [1, self.isometry.shape[1] - 1]:
            return None
        return ray(self.isometry[0].conj(), bits)

    def reflections(self, bits: int) -> Reflections:
        """Return the isometry, rounded. A unitary is rounded row by row, as the phases of the rows do not matter."""
        if self.isometry.shape[0] > self.isometry.shape[1]:
            return reflections(self.isometry, bits)
        return replace(reflections(_dagger(self.isometry), bits), adjoint=True)


@dataclass(frozen=True, eq=False)
class FloatStrategy:
    """A strategy in floats: a state vector on factors `dims`, the boxes' first; a measurement for every setting of
    every box; for every view the Kraus operators of its channel, shape (count, D, factor), or no channels at all.
    """

    dims: tuple[int, ...]
    state: Complex
    measurements: tuple[tuple[Measurement, ...], ...]
    channels: tuple[Complex, ...]
    value: float


@dataclass(frozen=True, eq=False)
class Operators:
    """A functional in floats: for every view the tensor of its F[a|x], one axis for each box's pairs (x, a) in order.

    With channels, view v's operators act behind channel v; otherwise all are gathered in the one tensor `joint` of
    operators of the trusted factors.
    """

    scenario: Scenario
    box_dims: tuple[int, ...]
    trusted_dims: tuple[int, ...]
    views: tuple[Complex, ...]
    joint: Complex | None

    @property
    def dims(self) -> tuple[int, ...]:
        """The dimensions of all factors, the trusted ones together as the last."""
        return (*self.box_dims, prod(self.trusted_dims))

    def trusted(self, channels: Sequence[Complex]) -> Complex:
        """Return the operators of the trusted factors: the views' operators pulled back through the channels."""
        if self.joint is not None:
            return self.joint
        pairs = zip(self.views, channels, strict=True)
        return np.asarray(sum(np.einsum("ebi,...bc,ecj->...ij", k.conj(), f, k, optimize=True) for f, k in pairs))


def local_dimensions(scenario: Scenario, dims: Sequence[int] | None) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the dimensions of the boxes and of the trusted factors.

    By default a box has as many as its largest setting has outcomes, and at least 2; a trusted factor has the
    dimension of its party. `dims` gives the boxes', or the boxes' and the trusted factors'. Raises ScenarioError.
    """
    trusted, n = tuple(party.dim for party in scenario.trusted), len(scenario.black_boxes)
    given = tuple(max(2, *box.outcomes) for box in scenario.black_boxes) if dims is None else tuple(dims)
    for dim in given:
        if type(dim) is not int or dim < 1:
            raise ScenarioError(f"{str(dim)[:40]} is no local dimension; it needs 1 or more")
    if len(given) not in (n, n + len(trusted)):
        raise ScenarioError(f"{len(given)} local dimensions for {n} black boxes and {len(trusted)} trusted parties")
    rest = given[n:] or trusted
    if rest != trusted and not scenario.has_input:
        raise ScenarioError(f"trusted factors without input have dimensions {trusted}, not {rest}")
    if prod((*given[:n], *rest)) > MAX_DIM:
        raise ScenarioError(f"local dimensions {(*given[:n], *rest)} multiply to more than {MAX_DIM}")
    return given[:n], rest


def operators(functional: Functional, dims: Sequence[int] | None = None) -> Operators:
    """Return a functional in floats, for the given or default local dimensions. Raises ScenarioError."""
    scenario = functional.scenario
    boxes, trusted = local_dimensions(scenario, dims)
    offsets = [np.concatenate(([0], np.cumsum(box.outcomes))) for box in scenario.black_boxes]
    pairs = tuple(int(offset[-1]) for offset in offsets)
    views = tuple(np.zeros((*pairs, d, d), np.complex128) for d in scenario.views)
    for label, matrix in functional.elements.items():
        index = tuple(offset[x] + a for offset, a, x in zip(offsets, label[0], label[1], strict=True))
        views[scenario.view(label)][index] = to_array(matrix)
    joint = None
    if not scenario.has_input:
        joint = np.zeros((*pairs, prod(trusted), prod(trusted)), np.complex128)
        for k, view in enumerate(views):
            before, after = np.eye(prod(trusted[:k])), np.eye(prod(trusted[k + 1 :]))
            term = np.einsum("ab,...ij,cd->...aicbjd", before, view, after)
            joint += term.reshape(joint.shape)
    return Operators(scenario, boxes, trusted, views, joint)


def ground_state(problem: Operators, effects: Sequence[Complex], channels: Sequence[Complex]) -> tuple[Complex, float]:
    """Return the best state vector, and the value, for effects (one stack over (x, a) for each box) and channels."""
    operator = _matrix(_contracted(problem.trusted(channels), effects), 0)
    values, vectors = np.linalg.eigh((operator + _dagger(operator)) / 2)
    return vectors[:, 0], float(values[0])


def see_saw(
    functional: Functional,
    *,
    dims: Sequence[int] | None = None,
    starts: int = 10,
    seed: int = 0,
    rounds: int = 400,
    tolerance: float = 1e-11,
) -> FloatStrategy:
    """Return the best strategy found from `starts` random ones; the same seed gives the same strategy.

    A start ends when a round lowers the value by less than `tolerance` (relative to the functional's size), or after
    `rounds`. Raises ScenarioError for local dimensions that do not fit, InputError for numbers out of range.
    """
    require_between("starts", starts, 1, 10**6)
    require_between("rounds", rounds, 1, 10**6)
    problem, random = operators(functional, dims), generator(seed)
    best = _descend(problem, random, rounds, tolerance)
    for _ in range(starts - 1):
        if time_is_over():
            break
        best = min(best, _descend(problem, random, rounds, tolerance), key=lambda s: s.value)
    return best


def optimal_state(
    functional: Functional,
    dims: Sequence[int],
    effects: Sequence[Sequence[Matrix]],
    channels: Sequence[Sequence[Matrix]],
    bits: int,
) -> tuple[Gaussian, ...]:
    """Return the best state vector for exact effects, over (x, a) for each box, and Kraus operators; rounded."""
    stacks = [np.array([to_array(effect) for effect in box]) for box in effects]
    kraus = [np.array([to_array(operator) for operator in channel]) for channel in channels]
    return ray(ground_state(operators(functional, dims), stacks, kraus)[0], bits)


def _descend(problem: Operators, random: np.random.Generator, rounds: int, tolerance: float) -> FloatStrategy:
    """Go down from one random strategy."""
    boxes = list(zip(problem.box_dims, problem.scenario.black_boxes, strict=True))
    roots = [[_random_isometry(random, m * d, d).reshape(m, d, d) for m in box.outcomes] for d, box in boxes]
    factor = problem.trusted_dims[0]
    channels: list[Complex] = []
    if problem.joint is None:
        views = (_random_isometry(random, factor * d, factor) for d in problem.scenario.views)
        channels = [isometry.reshape(factor, -1, factor) for isometry in views]
    scale = max(1e-300, *(float(np.abs(view).max(initial=0)) for view in problem.views))
    state, value = ground_state(problem, [_stack(box) for box in roots], channels)
    for _ in range(rounds):
        for j, box in enumerate(roots):
            effects = [_stack(other) for other in roots]
            found = _found(problem.trusted(channels), effects, state.reshape(problem.dims), j)
            parts = np.split(found, np.cumsum([len(setting) for setting in box])[:-1])
            box[:] = [_better_measurement(setting, part) for setting, part in zip(box, parts, strict=True)]
        effects = [_stack(box) for box in roots]
        if channels:
            steered = _steered(effects, state.reshape(problem.dims))
            channels = [_better_channel(k, view, steered) for k, view in zip(channels, problem.views, strict=True)]
        before = value
        state, value = ground_state(problem, effects, channels)
        if before - value < tolerance * scale or time_is_over():
            break
    measurements = tuple(tuple(_measurement(setting) for setting in box) for box in roots)
    kraus = tuple(map(_reduced, channels))
    effects = [np.concatenate([measurement.effects for measurement in box]) for box in measurements]
    state, value = ground_state(problem, effects, kraus)
    return FloatStrategy((*problem.box_dims, *problem.trusted_dims), state, measurements, kraus, value)


def _dagger(matrix: Complex) -> Complex:
    return matrix.conj().swapaxes(-1, -2)


def _polar(matrix: Complex) -> Complex:
    """Return the isometry next to a matrix."""
    u, _, v = np.linalg.svd(matrix, full_matrices=False)
    return np.asarray(u @ v)


def _random_isometry(random: np.random.Generator, rows: int, columns: int) -> Complex:
    return _polar(random.normal(size=(rows, columns)) + 1j * random.normal(size=(rows, columns)))


def _stack(box: Sequence[Complex]) -> Complex:
    """Return the effects of a box over (x, a)."""
    return np.concatenate([_dagger(roots) @ roots for roots in box])


def _contracted(tensor: Complex, effects: Sequence[Complex]) -> Complex:
    """Replace the leading axes by the effects' two indices each, at the end."""
    for stack in effects:
        tensor = np.tensordot(tensor, stack, axes=(0, 0))
    return tensor


def _matrix(tensor: Complex, leading: int) -> Complex:
    """Return operators from indices (.., t, t', i1, i1', ..) as matrices over (i1, .., t), (i1', .., t')."""
    pairs = (tensor.ndim - leading) // 2
    left = [leading + 2 * k for k in (*range(1, pairs), 0)]
    order = prod(tensor.shape[k] for k in left)
    turned = tensor.transpose(*range(leading), *left, *(k + 1 for k in left))
    return turned.reshape(*tensor.shape[:leading], order, order)


def _found(trusted: Complex, effects: Sequence[Complex], state: Complex, j: int) -> Complex:
    """Return the operators R of box j, over (x, a): the value is the sum of tr(M R)."""
    n = len(effects)
    others = np.moveaxis(trusted, j, n - 1)
    rest = _matrix(_contracted(others, [e for k, e in enumerate(effects) if k != j]), 1)
    vector = np.moveaxis(state, j, 0).reshape(state.shape[j], -1)
    return np.asarray(vector @ rest.swapaxes(1, 2) @ _dagger(vector))


def _steered(effects: Sequence[Complex], state: Complex) -> Complex:
    """Return the assemblage before the channels, over all the boxes' (x, a): tr_A[(M (x) 1) |state><state|]."""
    n = len(effects)
    rho = np.multiply.outer(state, state.conj())
    for k, stack in enumerate(effects):
        rho = np.tensordot(rho, stack, axes=((0, n + 1 - k), (2, 1)))
    return np.asarray(np.moveaxis(rho, (0, 1), (-2, -1)))


def _better_measurement(roots: Complex, found: Complex) -> Complex:
    """Return blocks K_a with a sum of tr(K_a* K_a R_a) that is not larger."""
    count, d = roots.shape[:2]
    if d == 1:
        return np.asarray(np.eye(count, dtype=np.complex128)[np.argmin(found.real)].reshape(count, 1, 1))
    if count == 2:
        values, vectors = np.linalg.eigh(found[0] - found[1])
        projector = vectors[:, values < 0] @ _dagger(vectors[:, values < 0])
        return np.stack([projector, np.eye(d) - projector])
    shifted = float(np.linalg.eigvalsh(found).max()) * np.eye(d) - found
    for _ in range(_INNER):
        roots = _polar((roots @ shifted).reshape(count * d, d)).reshape(count, d, d)
    return roots


def _better_channel(kraus: Complex, view: Complex, steered: Complex) -> Complex:
    """Return Kraus operators with a sum of tr(F E(tau)) that is not larger."""
    count, rows, columns = kraus.shape
    functionals = view.reshape(-1, rows, rows)
    states = steered.reshape(-1, columns, columns)
    shifted = np.linalg.eigvalsh(functionals)[:, -1:, None] * np.eye(rows) - functionals
    form = np.einsum("lab,lcd->adbc", shifted, states, optimize=True).reshape(rows * columns, rows * columns)
    for _ in range(_INNER):
        gradient = kraus.reshape(count, rows * columns) @ form.T
        kraus = _polar(gradient.reshape(count * rows, columns)).reshape(count, rows, columns)
    return kraus


def _measurement(roots: Complex) -> Measurement:
    """Leave out the rows of effects that are zero up to rounding, and restore the isometry; small ranks come first."""
    blocks = []
    for effect in _dagger(roots) @ roots:
        values, vectors = np.linalg.eigh(effect)
        kept = values > _RANK
        blocks.append(np.sqrt(values[kept])[:, None] * _dagger(vectors[:, kept]))
    rows: list[tuple[int, ...]] = [()] * len(blocks)
    order, start = sorted(range(len(blocks)), key=lambda a: len(blocks[a])), 0
    for a in order:
        rows[a] = tuple(range(start, start := start + len(blocks[a])))
    return Measurement(_polar(np.concatenate([blocks[a] for a in order])), tuple(rows))


def _reduced(kraus: Complex) -> Complex:
    """Return as few Kraus operators as the channel needs, up to rounding, leaving the trace exactly preserved."""
    count, rows, columns = kraus.shape
    _, sizes, right = np.linalg.svd(kraus.reshape(count, rows * columns), full_matrices=False)
    kept = sizes**2 > _RANK
    fewer = (sizes[kept, None] * right[kept]).reshape(-1, columns)
    return _polar(fewer).reshape(-1, rows, columns)


def aligned(box: Sequence[Measurement]) -> tuple[Measurement, ...]:
    """Return a box's measurements in another basis, where more is diagonal or real, and rounds to shorter numbers.

    Setting 0 becomes diagonal, and the first column of the next effect that is not becomes real.
    """
    basis = _basis([measurement.effects for measurement in box])
    return tuple(Measurement(measurement.isometry @ basis, measurement.rows) for measurement in box)


def _basis(settings: Sequence[Complex]) -> Complex:
    first = settings[0]
    _, basis = np.linalg.eigh(np.tensordot(np.arange(len(first)), first, axes=(0, 0)))
    for effect in (e for effects in settings[1:] for e in effects[:-1]):
        column = (_dagger(basis) @ effect @ basis)[:, 0]
        if np.all(np.abs(column[1:]) > _RANK):
            phases = np.where(np.arange(len(column)) > 0, column / np.abs(np.where(column == 0, 1, column)), 1)
            return np.asarray(basis * phases)
    return np.asarray(basis)
