"""Behaviours: a table of probabilities is valid iff it is non-negative, normalised and no-signalling; Bell values
are sums.
"""

from itertools import product

import pytest
import sympy

import steeralg as sa
from steeralg.errors import InputError, NormalisationError, PositivityError, SignallingError

BOXES = [(2, 2), (2, 2)]
LABELS = [((a, b), (x, y)) for x, y, a, b in product((0, 1), repeat=4)]


def test_tsirelson_behaviour_reaches_two_sqrt_two_exactly():
    root = sympy.sqrt(2)
    p = {((a, b), (x, y)): (1 + (-1) ** (a + b + x * y) / root) / 4 for (a, b), (x, y) in LABELS}
    chsh = sa.bell_functional(BOXES, {((a, b), (x, y)): (-1) ** (a + b + x * y) for (a, b), (x, y) in LABELS})
    assert sympy.simplify(sympy.sympify(str(chsh.value(sa.behaviour(BOXES, p)))) - 2 * root) == 0


def test_value_is_the_sum_of_products():
    p = {label: sympy.Rational(1, 4) for label in LABELS}
    coefficients = {label: k for k, label in enumerate(LABELS)}
    value = sa.bell_functional(BOXES, coefficients).value(sa.behaviour(BOXES, p))
    assert value.fraction() * 4 == sum(coefficients.values())


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({LABELS[0]: "3/4", LABELS[1]: "-1/4"}, InputError),
        ({LABELS[0]: "1/2", LABELS[1]: "0"}, SignallingError),
        (dict.fromkeys(LABELS, "1/8"), NormalisationError),
        (
            {label: (-1) ** sum(label[0]) * sympy.Rational(1, 2) + sympy.Rational(1, 4) for label in LABELS},
            PositivityError,
        ),
    ],
)
def test_spoiled_behaviours_are_refused(changes, error):
    p = {label: sympy.Rational(1, 4) for label in LABELS} | {k: sympy.sympify(v) for k, v in changes.items()}
    with pytest.raises(error):
        sa.behaviour(BOXES, p)
