"""Sainz, Brunner, Cavalcanti, Skrzypczyk, Vertesi, Phys. Rev. Lett. 115, 190403 (2015): PR boxes and Tables I and II.

Above: claims. Below: objects. Decimals are exactly as printed.
"""

from __future__ import annotations

from fractions import Fraction

from steeralg.exact.matrix import Matrix
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.functional import Functional
from steeralg.objects.scenario import Partial, Scenario
from steeralg.objects.state import State

_BOTH = (None, None)


def _symmetric(a: str, b: str, c: str) -> Matrix:
    return Matrix.rational([[Fraction(a), Fraction(b)], [Fraction(b), Fraction(c)]])


def pr_box(state: State) -> Assemblage:
    """Return the PR box times a state: sigma[ab|xy] = rho/2 if a + b = xy mod 2, else 0."""
    scenario = Scenario.of([(2, 2), (2, 2)], state.matrix.rows)
    half, zero = state.matrix.scale(Fraction(1, 2)), Matrix.zero(state.matrix.rows, state.matrix.rows)
    return Assemblage(
        scenario, {(a, x): half if (a[0] + a[1]) % 2 == x[0] * x[1] else zero for a, x, *_ in scenario.labels()}
    )


def table_1() -> Assemblage:
    """Return the assemblage of Table I: the printed independent elements, completed by symmetry and no-signalling."""
    joint = {
        (0, 0): _symmetric("0.1360", "-0.1257", "0.1360"),
        (1, 0): _symmetric("0.0803", "-0.0523", "0.0982"),
        (1, 1): _symmetric("0.2555", "-0.1192", "0.0709"),
    }
    single = [_symmetric("0.1464", "-0.1114", "0.1600"), _symmetric("0.2851", "-0.0586", "0.2473")]
    reduced = _symmetric("0.3666", "-0.0896", "0.6334")
    return Assemblage.from_marginals(Scenario.of([(2, 2), (2, 2)], 2), _table(reduced, single, joint))


def table_2() -> Functional:
    """Return the functional of Table II (eq. (45)); quantum assemblages are claimed to have values of at least
    -0.508417.
    """
    joint = {
        (0, 0): _symmetric("-0.1948", "0.5653", "-0.7229"),
        (1, 0): _symmetric("0.5482", "-0.4270", "-0.8690"),
        (1, 1): _symmetric("0.2875", "1.0320", "0.9182"),
    }
    single = [_symmetric("-0.2894", "0.2468", "0.9767"), _symmetric("-1.0943", "-0.4673", "0.0648")]
    reduced = _symmetric("1.4622", "0.1773", "-0.4622")
    return Functional.from_marginals(Scenario.of([(2, 2), (2, 2)], 2), _table(reduced, single, joint))


def _table(reduced: Matrix, single: list[Matrix], joint: dict[tuple[int, int], Matrix]) -> dict[Partial, Matrix]:
    """Arrange printed matrices as independent elements, symmetric under exchange of the boxes."""
    table: dict[Partial, Matrix] = {(_BOTH, _BOTH): reduced}
    for y in (0, 1):
        table[(0, None), (y, None)] = single[y]
        table[(None, 0), (None, y)] = single[y]
        for z in (0, 1):
            table[(0, 0), (y, z)] = joint[max(y, z), min(y, z)]
    return table
