"""A reproducible search for postquantum assemblages: sparse states with amplitudes 1, -1, i, -i, ranked by robustness.

Above: nothing; examples in constructions record the seed and the number of their state. Below: constructions, sdp. What
a search reports is an estimate of a solver; `sa.certify` and `sa.robustness` then prove.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from random import Random
from typing import Any

import sympy

from steeralg.algebra.level import ALMOST_QUANTUM, Level
from steeralg.errors import InputError
from steeralg.objects.assemblage import Assemblage, white_noise
from steeralg.sdp.estimate import estimated_robustness
from steeralg.sdp.relaxation import Relaxation

_UNITS = (sympy.Integer(1), sympy.Integer(-1), sympy.I, -sympy.I)


@dataclass(frozen=True)
class Finding:
    """State `number` of a seed, its amplitudes, and the estimated robustness of its assemblage to white noise."""

    seed: int
    number: int
    amplitudes: tuple[Any, ...]
    estimate: Fraction


def states(size: int, seed: int, support: int = 4) -> Iterator[tuple[Any, ...]]:
    """Yield random amplitude vectors with `support` entries of modulus 1; the same ones for the same arguments."""
    if not 1 <= support <= size:
        raise InputError(f"a state of {size} amplitudes has no {support} entries")
    generator = Random(seed)
    while True:
        amplitudes: list[Any] = [sympy.Integer(0)] * size
        for place in generator.sample(range(size), support):
            amplitudes[place] = generator.choice(_UNITS)
        yield tuple(amplitudes)


def search(
    build: Callable[[Sequence[Any]], Assemblage],
    size: int,
    *,
    seed: int,
    count: int,
    support: int = 4,
    level: Level = ALMOST_QUANTUM,
) -> list[Finding]:
    """Try the first `count` states of a seed; return those that look postquantum, the most robust first.

    `build` makes the assemblage of a state, all of one scenario; for instance `sa.s26.positive_map_example` with size
    16 (one black box) or 32 (two).
    """
    relaxation: Relaxation | None = None
    findings = []
    for number, amplitudes in enumerate(islice(states(size, seed, support), count)):
        sigma = build(amplitudes)
        if relaxation is None:
            relaxation = Relaxation.build(sigma.scenario, level)
        estimate = estimated_robustness(relaxation, sigma, white_noise(sigma.scenario))
        if estimate > Fraction(1, 1000):
            findings.append(Finding(seed, number, amplitudes, estimate))
    return sorted(findings, key=lambda finding: -finding.estimate)
