"""The search for POVMs behind which an assemblage has little negativity, in floats: gradients from random starts.

Above: certificates. Below: operators for given POVMs. Every setting's POVM on a block is M_a = T X_a* X_a T with
T = (sum X_a* X_a)^-1/2 and free matrices X_a, as many rows as effect a's rank; the barrier's value is smooth in them.
More blocks are tried as long as they help, and those that do not are left out again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import ceil, prod
from typing import Any

import numpy as np
from scipy.optimize import minimize

from steeralg.objects.assemblage import Assemblage
from steeralg.sdp.moments import Complex
from steeralg.sdp.pseudo_states import Effects, Floats, PseudoState, SteeredData, solve_pseudo_state
from steeralg.sdp.randomness import generator
from steeralg.sdp.seesaw import Measurement, aligned
from steeralg.sdp.time_limit import time_is_over

MAX_ORDER = 256
_MAX_SIZE = 2 * 10**7
_FAILED, _ROUNDS, _LEAST_GAP = 1e6, 80, 1e-6

FloatMeasurements = list[list[list[Measurement]]]
"""The measurement of every box, block and setting."""


@dataclass(frozen=True, eq=False)
class FloatBlocks:
    """The measurements that were found, and the least tr N behind them, about."""

    value: float
    measurements: FloatMeasurements


def best_measurements(
    assemblage: Assemblage,
    wanted: Fraction,
    limit: Fraction,
    blocks: int,
    starts: int,
    seed: int,
    report: Callable[[str], None],
) -> FloatBlocks | None:
    """Return the best measurements that were found with up to `blocks` blocks for each box, tr N within about `wanted`.

    More blocks are tried only while they gain more than that, and tr N is above `limit`. None if the scenario is too
    large, or nothing was found.
    """
    sizes = [max(box.outcomes) for box in assemblage.scenario.black_boxes]
    needed = [1 + sum(box.outcomes) - len(box.outcomes) for box in assemblage.scenario.black_boxes]
    # As many effects as have to be independent fit into the operators of a block, or of several.
    real = assemblage.is_real and all(k <= d * (d + 1) // 2 for k, d in zip(needed, sizes, strict=True))
    least = [ceil(k / (d * d)) for k, d in zip(needed, sizes, strict=True)]
    gap, enough = max(float(wanted), _LEAST_GAP), float(limit)
    data, random = SteeredData.of(assemblage, real), generator(seed)
    best: FloatBlocks | None = None
    for factor in range(1, blocks + 1):
        if time_is_over():
            break
        counts = [factor * count for count in least]
        order = prod(count * d for count, d in zip(counts, sizes, strict=True)) * assemblage.scenario.dim
        block = prod(sizes) * assemblage.scenario.dim
        if order > MAX_ORDER or data.table.size * block * block * prod(counts) > _MAX_SIZE:
            break
        shapes = (_Shape.of(assemblage, sizes, counts, real, random) for _ in range(starts))
        found = [_improved(data, shape, random, gap) for shape in shapes]
        chosen = min((f for f in found if f is not None), key=lambda f: f.value, default=None)
        if chosen is None:
            continue
        report(f"{factor} block(s) for each box: a negativity of about {chosen.value:.9g}, not proved")
        gain = np.inf if best is None else best.value - chosen.value
        if gain > 0:
            best = chosen
        if gain < gap or (best is not None and best.value < enough):
            break
    return None if best is None else _pruned(data, best, gap)


def _pruned(data: SteeredData, found: FloatBlocks, gap: float) -> FloatBlocks:
    """Leave out blocks as long as that costs less than `gap`."""
    boxes = [list(box) for box in found.measurements]
    for j, box in enumerate(boxes):
        for block in list(box):
            if len(box) == 1:
                break
            rest = [other for other in box if other is not block]
            trial = [rest if k == j else other for k, other in enumerate(boxes)]
            solved = solve_pseudo_state(data, measured_effects(trial), gap)
            if solved is not None and solved.trace < found.value + gap:
                box[:] = rest
    return FloatBlocks(found.value, boxes)


def measured_effects(measurements: FloatMeasurements) -> list[list[Complex]]:
    """Return the independent effects of measurements."""
    return [
        [np.concatenate([np.eye(block[0].isometry.shape[1])[None], *(m.effects[:-1] for m in block)]) for block in box]
        for box in measurements
    ]


# ---- parameters ------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, eq=False)
class _Shape:
    """`ranks[j][b][x][a]`, the number of rows of X_a for setting x of box j on block b; a block of it has as many
    dimensions as its settings have rows.
    """

    ranks: tuple[tuple[tuple[tuple[int, ...], ...], ...], ...]
    is_real: bool

    @classmethod
    def of(
        cls, assemblage: Assemblage, dims: Sequence[int], counts: Sequence[int], real: bool, random: np.random.Generator
    ) -> _Shape:
        """Return projective measurements' shape for some numbers of blocks, ranks at random where there is a choice."""

        def ranks(dim: int, outcomes: int) -> tuple[int, ...]:
            more = random.permutation(outcomes)[: dim % outcomes]
            return tuple(dim // outcomes + int(a in more) for a in range(outcomes))

        boxes = zip(assemblage.scenario.black_boxes, dims, counts, strict=True)
        return cls(
            tuple(tuple(tuple(ranks(d, m) for m in box.outcomes) for _ in range(count)) for box, d, count in boxes),
            real,
        )

    @property
    def size(self) -> int:
        """The number of real parameters."""
        entries = sum(sum(ranks) ** 2 for box in self.ranks for block in box for ranks in block)
        return entries * (1 if self.is_real else 2)

    def read(self, parameters: Floats) -> tuple[FloatMeasurements, list[Complex]]:
        """Return the measurements with isometries X (X* X)^-1/2, and the matrices X in order."""
        factors: list[Complex] = []
        boxes, start = [], 0
        for box in self.ranks:
            blocks = []
            for block in box:
                settings = []
                for ranks in block:
                    dim = sum(ranks)
                    size = dim * dim * (1 if self.is_real else 2)
                    flat = parameters[start : start + size].reshape(-1, dim, dim)
                    start += size
                    x = flat[0] + (0j if self.is_real else 1j * flat[-1])
                    factors.append(x)
                    u, _, v = np.linalg.svd(x)
                    ends = np.cumsum(ranks)
                    rows = tuple(tuple(range(end - rank, end)) for rank, end in zip(ranks, ends, strict=True))
                    settings.append(Measurement(np.asarray(u @ v), rows))
                blocks.append(settings)
            boxes.append(blocks)
        return boxes, factors

    def gradient(self, slopes: Sequence[Sequence[Complex]], factors: Sequence[Complex]) -> Floats:
        """Carry slopes in the independent effects to slopes in the parameters."""
        parts, matrices = [], iter(factors)
        for box, stacks in zip(self.ranks, slopes, strict=True):
            for block, stack in zip(box, stacks, strict=True):
                place = 1
                for ranks in block:
                    # The last effect is 1 minus the others: what it would do is in their slopes.
                    r = np.concatenate([stack[place : place + len(ranks) - 1], np.zeros((1, *stack.shape[1:]))])
                    place += len(ranks) - 1
                    found = _carried(next(matrices), ranks, (r + r.conj().swapaxes(1, 2)) / 2)
                    parts += [found.real.ravel()] if self.is_real else [found.real.ravel(), found.imag.ravel()]
        return np.concatenate(parts)


def _carried(x: Complex, ranks: Sequence[int], slopes: Complex) -> Complex:
    """Return the gradient in X of the sum of tr(R_a M_a), M_a = T X_a* X_a T, T = (X* X)^-1/2."""
    values, vectors = np.linalg.eigh(x.conj().T @ x)
    root = np.sqrt(np.maximum(values, 1e-300))
    t = (vectors / root) @ vectors.conj().T
    pairs = list(zip(np.split(x, np.cumsum(ranks)[:-1]), slopes, strict=True))
    through = sum(piece.conj().T @ piece @ t @ slope for piece, slope in pairs)
    # dT in the eigenbasis of S = X* X is -dS_ij / (r_i r_j (r_i + r_j)).
    inner = vectors.conj().T @ (through + np.conj(through).T) @ vectors
    turned = vectors @ (inner / (np.outer(root, root) * (root[:, None] + root[None, :]))) @ vectors.conj().T
    return np.concatenate([2 * piece @ (t @ slope @ t - turned) for piece, slope in pairs])


def _slopes(data: SteeredData, effects: Effects, found: PseudoState) -> list[list[Complex]]:
    """Return R, for every box, block and independent effect, such that the score changes by the sum of tr(R dM)."""
    n, dim = len(effects), data.basis.shape[1]
    result = [[np.zeros_like(stack) for stack in box] for box in effects]
    numbers = product(*(range(len(box)) for box in effects))
    for number, p, m in zip(numbers, found.positive, found.negative, strict=True):
        stacks = [box[b] for box, b in zip(effects, number, strict=True)]
        dims = [stack.shape[1] for stack in stacks]
        w = (p - m).reshape(*dims, dim, *dims, dim)
        for j in range(n):
            # tr(G W): axis k for box k's effects, n + k and 2n + k for W's rows and columns, then the trusted party's.
            terms: list[Any] = [w, [*range(n, 2 * n), 3 * n + 1, *range(2 * n, 3 * n), 3 * n]]
            terms += [found.functional, [*range(n), 3 * n, 3 * n + 1]]
            for k, stack in enumerate(stacks):
                if k != j:
                    terms += [stack, [k, 2 * n + k, n + k]]
            result[j][number[j]] += np.einsum(*terms, [j, n + j, 2 * n + j], optimize=True)
    return result


def _improved(data: SteeredData, shape: _Shape, random: np.random.Generator, gap: float) -> FloatBlocks | None:
    """Go down from random POVMs; None if nothing was found."""
    last: list[Complex | None] = [None]

    def score(parameters: Floats) -> tuple[float, Floats]:
        measurements, factors = shape.read(parameters)
        effects = measured_effects(measurements)
        found = solve_pseudo_state(data, effects, gap, last[0]) or solve_pseudo_state(data, effects, gap)
        if found is None:
            return _FAILED, np.zeros_like(parameters)
        last[0] = found.functional
        return found.score, shape.gradient(_slopes(data, effects, found), factors)

    options = {"maxiter": _ROUNDS, "ftol": gap / 100}
    result = minimize(score, random.normal(size=shape.size), jac=True, method="L-BFGS-B", options=options)
    measurements, _ = shape.read(result.x)
    solved = solve_pseudo_state(data, measured_effects(measurements), gap)
    if solved is None:
        return None
    return FloatBlocks(solved.trace, [[list(aligned(list(map(_sorted, m)))) for m in box] for box in measurements])


def _sorted(measurement: Measurement) -> Measurement:
    """Return the measurement with the rows of effects of small rank first, as rounding wants them."""
    order = sorted(range(len(measurement.rows)), key=lambda a: len(measurement.rows[a]))
    place = [row for a in order for row in measurement.rows[a]]
    rows = tuple(tuple(place.index(row) for row in effect) for effect in measurement.rows)
    return Measurement(measurement.isometry[place], rows)
