"""Exact measurements by name, for the black boxes of a search.

Above: searches. Below: POVMs, Pauli matrices. A measurement of a qubit is `X`, `Y`, `Z`, `-X`, `-Y`, `-Z` (with the
outcomes exchanged), or the observable (P + Q)/sqrt2 or (P - Q)/sqrt2 of two of them, written `X+Z`, `X-Z`; one of d
levels is `Cd`, the computational basis, or `Fd.k`, the basis of the vectors sum_j w^(m j + k j^2)|j>/sqrt(d), w = exp(2
pi i/d), m = 0, .., d - 1; k = 0, the Fourier basis, need not be written. For odd primes d these bases are mutually
unbiased. The settings of a box are separated by commas: `X+Z,X-Z`, `C3,F3`.
"""

from __future__ import annotations

import re
from functools import cache

import sympy

from steeralg.arguments import checked
from steeralg.constructions.pauli import X, Y, Z
from steeralg.errors import InputError
from steeralg.objects.measurement import POVM

MAX_LEVELS = 8
_PAULI = {"X": X, "Y": Y, "Z": Z}
_OBSERVABLES = _PAULI | {f"-{name}": -observable for name, observable in _PAULI.items()}
_SUM = re.compile(r"([XYZ])([+-])(?!\1)([XYZ])")
_BASIS = re.compile(r"(C|F)([2-9])|F([2-9])\.([0-9])")


@checked
def settings(name: str) -> tuple[POVM, ...]:
    """Return the measurements of a box, one for each setting. Raises InputError for unknown names."""
    povms = tuple(measurement(part.strip()) for part in name.split(","))
    if len({povm.dim for povm in povms}) > 1:
        raise InputError(f"the settings {name[:60]!r} measure systems of different dimensions")
    return povms


@cache
def measurement(name: str) -> POVM:
    """Return the measurement of a name. Raises InputError for an unknown one."""
    if name in _OBSERVABLES:
        return POVM.observable(_OBSERVABLES[name])
    if match := _SUM.fullmatch(name):
        first, sign, second = match.groups()
        return POVM.observable((_PAULI[first] + int(f"{sign}1") * _PAULI[second]) / sympy.sqrt(2))
    match = _BASIS.fullmatch(name)
    levels = int(match[2] or match[3]) if match else 0
    if match is None or levels > MAX_LEVELS:
        raise InputError(
            f"there is no measurement {name[:40]!r}; use X, Y, Z, -X, X+Z, X-Z, ... for qubits, "
            f"Cd or Fd.k with d up to {MAX_LEVELS} for d levels, and commas between settings"
        )
    if match[1] == "C":
        return POVM.of([sympy.diag(*(int(m == j) for j in range(levels))) for m in range(levels)])
    return POVM.of([_projector(levels, m, int(match[4] or 0)) for m in range(levels)])


def _projector(d: int, m: int, k: int) -> sympy.Matrix:
    """Return the projector on sum_j w^(m j + k j^2)|j>/sqrt(d)."""
    power = [(m * j + k * j * j) % d for j in range(d)]
    return sympy.Matrix(d, d, lambda i, j: _root_of_unity(d, (power[i] - power[j]) % d) / d)


def _root_of_unity(d: int, power: int) -> sympy.Expr:
    angle = 2 * sympy.pi * sympy.Rational(power, d)
    return sympy.cos(angle) + sympy.I * sympy.sin(angle)
