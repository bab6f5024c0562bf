"""Bell behaviours p(a|x): assemblages whose trusted system has dimension 1.

Above: constructions. Below: assemblages. Everything that holds for assemblages (validation, functionals, levels,
proofs) holds for behaviours; this module only reads and writes them as tables of probabilities.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from steeralg.arguments import checked
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.functional import Functional
from steeralg.objects.scenario import Label, Scenario


@checked
def behaviour(outcomes: Sequence[Sequence[int]], probabilities: Mapping[Label, Any]) -> Assemblage:
    """Return the behaviour with the given p(a|x), exact or sympy numbers; `outcomes[k][x]` counts box k's outcomes.

    Raises the same typed errors as an assemblage: negative probabilities are not positive elements, and so on.
    """
    table = {label: [[p]] for label, p in probabilities.items()}
    return Assemblage.of(Scenario.of(outcomes, 1), table)


@checked
def bell_functional(outcomes: Sequence[Sequence[int]], coefficients: Mapping[Label, Any]) -> Functional:
    """Return the Bell functional sum c(a|x) p(a|x); missing coefficients are zero. Raises the same errors."""
    return Functional.of(Scenario.of(outcomes, 1), {label: [[c]] for label, c in coefficients.items()})
