"""Werner states steered by Pauli measurements: the best-known thresholds between classical and steerable.

Above: claims. Below: objects. Cavalcanti, Jones, Wiseman, Reid, Phys. Rev. A 80, 032112 (2009).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from steeralg.arguments import checked
from steeralg.constructions.pauli import ONE, X, Y, Z
from steeralg.errors import InputError
from steeralg.exact.number import exact_rational
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.scenario import Label, Scenario


@checked
def werner(settings: int = 2, visibility: Fraction | int | str = 1) -> Assemblage:
    """Return what Pauli measurements steer a singlet with white noise to: sigma[a|x] = (1 - v (-1)^a P_x)/4, with
    P = (X, Z) for two settings and (X, Z, Y) for three.

    It has a local hidden state model iff v <= 1/sqrt(settings). Raises InputError for another number of settings,
    PositivityError unless -1 <= v <= 1.
    """
    if settings not in (2, 3):
        raise InputError(f"{settings} settings: two or three Pauli measurements")
    v = exact_rational(visibility)
    table: dict[Label, Any] = {
        ((a,), (x,)): (ONE - v * (-1) ** a * observable) / 4
        for x, observable in enumerate((X, Z, Y)[:settings])
        for a in (0, 1)
    }
    return Assemblage.of(Scenario.of([(2,) * settings], 2), table)
