"""Sainz, Aolita, Piani, Hoban, Skrzypczyk, New J. Phys. 20, 083040 (2018): positive maps and the Breuer-Hall
assemblage.

Above: claims. Below: objects, maps.
"""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from typing import Any

import sympy

from steeralg.constructions.pauli import X, Y, Z
from steeralg.maps.library import extended_reduction
from steeralg.maps.linear import LinearMap
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.functional import Functional
from steeralg.objects.measurement import POVM
from steeralg.objects.parse import parse_number
from steeralg.objects.scenario import Partial
from steeralg.objects.state import State


def breuer_hall_state() -> State:
    """Return the state of eq. (31) on qubit, qubit, ququart: `(Psi_1 + i Psi_2 - Psi_3)/sqrt(14)`, Psi_k the strings
    of weight k.
    """
    weight: dict[int, Any] = {1: 1, 2: sympy.I, 3: -1}
    amplitudes = [weight.get(sum(bits), 0) for bits in product((0, 1), repeat=4)]
    return State.pure(amplitudes, (2, 2, 4))


def breuer_hall_measurements() -> list[list[POVM]]:
    """Return the settings of eq. (32): X, Z for the first box, (X+Z)/sqrt2, (-X+Z)/sqrt2 for the second."""
    root = sympy.sqrt(2)
    return [
        [POVM.observable(X), POVM.observable(Z)],
        [POVM.observable((X + Z) / root), POVM.observable((Z - X) / root)],
    ]


def breuer_hall_map() -> LinearMap:
    """Return the extended reduction map of eq. (33) with U = X (x) Y."""
    return extended_reduction(sympy.kronecker_product(X, Y))


def choi_state() -> State:
    """Return (|011> + |002> + |101> + |110>)/2 of two qubits and a qutrit: with the settings of eq. (32) its image
    under the Choi map is postquantum. The paper says that there are such examples, and prints none.
    """
    amplitudes = [0] * 12
    for a, b, c in ((0, 1, 1), (0, 0, 2), (1, 0, 1), (1, 1, 0)):
        amplitudes[6 * a + 3 * b + c] = 1
    return State.pure(amplitudes, (2, 2, 3))


def breuer_hall() -> Assemblage:
    """Return the assemblage of Sec. 5.2: two boxes, two settings, two outcomes, D = 4, over Q(sqrt2, i)."""
    return Assemblage.from_state(breuer_hall_state(), breuer_hall_measurements(), breuer_hall_map())


def table_1() -> Functional:
    """Return minus the functional of Table 1, exactly as printed (three digits), so that quantum assemblages bound
    it from below.

    The paper states a maximum of -0.0258 over almost-quantum assemblages and the value 0.2044 on the Breuer-Hall
    assemblage, both from unrounded data.
    """
    table = json.loads((Path(__file__).parent / "saphs18_table_1.json").read_text(encoding="utf-8"))
    marginals: dict[Partial, Any] = {((None, None), (None, None)): _negated(table["F_R"])}
    for x in (0, 1):
        marginals[(0, None), (x, None)] = _negated(table["F_1"][str(x)])
        marginals[(None, 0), (None, x)] = _negated(table["F_2"][str(x)])
        for y in (0, 1):
            marginals[(0, 0), (x, y)] = _negated(table["F"][f"{x}{y}"])
    return Functional.from_marginals(breuer_hall().scenario, marginals)


def _negated(rows: list[list[Any]]) -> list[list[Any]]:
    def number(entry: Any) -> Any:
        if isinstance(entry, str):
            return parse_number(entry)
        return parse_number(entry[0]) + sympy.I * parse_number(entry[1])

    return [[-number(entry) for entry in row] for row in rows]
