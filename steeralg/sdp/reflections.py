"""Isometries and vectors as Gaussian integers: products of reflections are isometries exactly, whatever the integers.

Above: see-saws, exact strategies. Below: arrays. An isometry is a product of Householder reflections; each vector is
found after the rounded ones before it, so that errors do not add up.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import gcd

import numpy as np

from steeralg.sdp.moments import Complex

Gaussian = tuple[int, int]
"""An integer re + i*im."""


@dataclass(frozen=True, eq=False)
class Reflections:
    """A matrix that is exactly an isometry: `H_1 .. H_d [diag(phases); 0]` with H = 1 - 2 v v*/|v|^2.

    `vectors[j]` is the v of H_j, of Gaussian integers, all of the full length; a phase z stands for z/conj(z). With
    `adjoint` (square matrices only) the adjoint of the product is meant.
    """

    vectors: tuple[tuple[Gaussian, ...], ...]
    phases: tuple[Gaussian, ...]
    adjoint: bool = False


def reflections(isometry: Complex, bits: int) -> Reflections:
    """Round an isometry: Householder vectors of Gaussian integers of about `bits` bits, each found after the rounded
    ones before it, so that errors do not add up.
    """
    work = isometry.copy()
    vectors, phases = [], []
    for j in range(work.shape[1]):
        # A phase of the vector does not change the reflection; this one keeps real columns real. Coarse rounding may
        # leave nothing of a column, and then any reflection will do.
        vector = work[:, j] * _unit(work[j, j]).conjugate()
        vector[:j] = 0
        vector[j] += np.linalg.norm(vector) or 1
        rounded = _integers(vector, bits)
        exact = np.array([complex(re, im) for re, im in rounded])
        exact /= np.linalg.norm(exact)
        work -= 2 * np.outer(exact, exact.conj() @ work)
        vectors.append(rounded)
        phases.append(_phase(work[j, j], bits))
    return Reflections(tuple(vectors), tuple(phases))


def _unit(number: complex) -> complex:
    return complex(number / abs(number)) if abs(number) > 0 else 1 + 0j


def _phase(number: complex, bits: int) -> Gaussian:
    """Return z with z/conj(z) near number/|number|."""
    unit = _unit(number)
    half = 1 + unit if unit.real >= 0 else 1j * (1 - unit)
    return _integers(np.array([half]), bits)[0]


def ray(vector: Complex, bits: int) -> tuple[Gaussian, ...]:
    """Round a vector of which the phase does not matter: its largest entry becomes real."""
    largest = vector[np.argmax(np.abs(vector))]
    return _integers(vector * (largest.conj() / abs(largest)), bits)


def _integers(vector: Complex, bits: int) -> tuple[Gaussian, ...]:
    """Return Gaussian integers, the largest part of about `bits` bits, along a direction near the vector's."""
    largest = max(float(np.abs(vector.real).max()), float(np.abs(vector.imag).max()))
    scaled = vector * (2.0**bits / largest)
    parts = [(round(float(x.real)), round(float(x.imag))) for x in scaled]
    common = gcd(*(part for pair in parts for part in pair))
    return tuple((re // common, im // common) for re, im in parts)
