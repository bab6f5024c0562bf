"""Sparse states: few amplitudes, each 1, -1, i or -i, drawn reproducibly.

Above: every search. Below: errors.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from math import isqrt
from random import Random
from typing import Any

import sympy

from steeralg.arguments import checked
from steeralg.errors import InputError

Amplitudes = tuple[Any, ...]
"""Sympy numbers in Kronecker order, of any norm."""

_SIGNS = {sympy.Integer(1): " + ", sympy.Integer(-1): " - ", sympy.I: " + i", -sympy.I: " - i"}
_UNITS = tuple(_SIGNS)


def sparse(generator: Random, size: int, support: int) -> Amplitudes:
    """Draw `size` amplitudes, `support` of them units and the others 0."""
    amplitudes: list[Any] = [sympy.Integer(0)] * size
    for place in generator.sample(range(size), support):
        amplitudes[place] = generator.choice(_UNITS)
    return tuple(amplitudes)


def check_support(size: int, least: int, most: int) -> None:
    """Raise InputError unless states of `size` amplitudes can have from `least` to `most` which do not vanish."""
    if least > most:
        raise InputError(f"the least support, {least}, is above the largest, {most}")
    for support in (least, most):
        if not 1 <= support <= size:
            raise InputError(f"a state of {size} amplitudes has no {support} entries")


@checked
def states(size: int, seed: int, support: int | tuple[int, int] = 4) -> Iterator[Amplitudes]:
    """Yield random amplitude vectors with `support` entries of modulus 1; the same ones for the same arguments.

    A pair is the least and the largest number of entries. Raises InputError for what does not fit.
    """
    least, most = (support, support) if isinstance(support, int) else support
    check_support(size, least, most)
    generator = Random(seed)
    while True:
        # A draw among one number would use up random bits, too.
        yield sparse(generator, size, least if least == most else generator.randint(least, most))


def ket(amplitudes: Amplitudes, dims: Sequence[int]) -> str:
    """Write a sparse state as a sum of product vectors, normalised: `(|011> - i|002>)/sqrt(2)`."""
    between = "" if max(dims) <= 10 else ","
    labels = [between.join(map(str, label)) for label in product(*map(range, dims))]
    terms = [(z, f"|{label}>") for label, z in zip(labels, amplitudes, strict=True) if z != 0]
    total = "".join(_SIGNS[z] + vector for z, vector in terms)
    total = "-" + total[3:] if total.startswith(" - ") else total[3:]
    count = len(terms)
    norm = isqrt(count) if isqrt(count) ** 2 == count else f"sqrt({count})"
    return total if count == 1 else f"({total})/{norm}"
