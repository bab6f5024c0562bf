"""The constructions against the papers: the Breuer-Hall assemblage from its own formulas, the printed tables digit by
digit with their published values, and the PR box with the algebraic maximum of CHSH.
"""

import json
from fractions import Fraction
from itertools import product
from pathlib import Path

import pytest
import sympy

from steeralg.constructions import pauli, saphs18, sbcsv15
from steeralg.exact.convert import number_to_sympy
from steeralg.exact.matrix import Matrix
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.functional import Functional
from steeralg.objects.scenario import Scenario
from steeralg.objects.state import State

ROOT, IM = sympy.sqrt(2), sympy.I
BREUER_HALL = saphs18.breuer_hall()
LABELS = list(BREUER_HALL.scenario.labels())
BOTH = (None, None)


def elementary_symmetric(matrix):
    """The elementary symmetric functions of the eigenvalues, by Newton's identities from the traces of powers.

    A Hermitian matrix is positive semidefinite iff none of them is negative.
    """
    powers = [sympy.expand((matrix**k).trace()) for k in range(matrix.rows + 1)]
    result = [sympy.Integer(1)]
    for k in range(1, matrix.rows + 1):
        terms = ((-1) ** (j - 1) * result[k - j] * powers[j] for j in range(1, k + 1))
        result.append(sympy.expand(sum(terms) / k))
    return result


def test_pauli_matrices_multiply_like_quaternions():
    x, y, z, one = pauli.X, pauli.Y, pauli.Z, pauli.ONE
    assert x * x == y * y == z * z == one
    assert (x * y, y * z, z * x) == (IM * z, IM * x, IM * y)
    assert all(m == m.H for m in (x, y, z))


def test_the_breuer_hall_state_is_the_sum_of_weights_over_the_square_root_of_fourteen():
    """SAPHS18 eq. (31): weight 1 with amplitude 1, weight 2 with i, weight 3 with -1; 4 + 6 + 4 = 14 terms."""
    ket = sympy.Matrix([{1: 1, 2: IM, 3: -1}.get(bin(k).count("1"), 0) for k in range(16)])
    assert (ket.H * ket)[0] == 14
    assert saphs18.breuer_hall_state().matrix.sympy() * 14 == ket * ket.H


def test_the_breuer_hall_elements_are_the_maps_of_the_steered_states():
    """SAPHS18 eqs. (27), (31)-(33), with the state as a 4 x 4 table of amplitudes, black boxes first."""
    table = sympy.Matrix(4, 4, lambda s, k: {1: 1, 2: IM, 3: -1}.get(bin(4 * s + k).count("1"), 0)) / sympy.sqrt(14)
    x, z, one, u = pauli.X, pauli.Z, pauli.ONE, sympy.kronecker_product(pauli.X, pauli.Y)
    observables = [(x, z), ((x + z) / ROOT, (z - x) / ROOT)]
    for (a, b), (s, t) in LABELS:
        first, second = (one + (-1) ** a * observables[0][s]) / 2, (one + (-1) ** b * observables[1][t]) / 2
        steered = table.T * sympy.kronecker_product(first, second).T * table.conjugate()
        image = (steered.trace() * sympy.eye(4) - steered - u * steered.T * u.H) / 2
        assert BREUER_HALL[(a, b), (s, t)] == sympy.expand(image)


def test_the_breuer_hall_assemblage_lives_in_q_of_sqrt2_and_i_and_is_positive():
    assert BREUER_HALL.field.minimal_polynomial == (-2, 0, 1) and BREUER_HALL.field.interval[0] > 0
    assert not BREUER_HALL.is_real
    for label in LABELS:
        assert all(e >= 0 for e in elementary_symmetric(BREUER_HALL[label]))


def test_the_map_does_not_change_the_probabilities():
    before = Assemblage.from_state(saphs18.breuer_hall_state(), saphs18.breuer_hall_measurements())
    assert before.probabilities() == BREUER_HALL.probabilities()
    assert any(before[label] != BREUER_HALL[label] for label in LABELS)


def printed_table_1():
    path = Path(saphs18.__file__).with_name("saphs18_table_1.json")
    table = json.loads(path.read_text(encoding="utf-8"))

    def number(entry):
        re, im = entry if isinstance(entry, list) else (entry, "0")
        return sympy.Rational(re) + IM * sympy.Rational(im)

    def matrices(part):
        if isinstance(part, dict):
            return {key: matrices(rows) for key, rows in part.items()}
        return sympy.Matrix([[number(entry) for entry in row] for row in part])

    return matrices({key: part for key, part in table.items() if key != "source"})


def test_table_1_of_saphs18_is_hermitian_and_starts_as_printed():
    table = printed_table_1()
    a, b = sympy.Rational("-0.495") + sympy.Rational("1.74") * IM, sympy.Rational("0.477") + sympy.Rational("2.54") * IM
    side, middle = sympy.Rational("-2.65"), sympy.Rational("-4.33")
    rows = [[side, a, b, 0], [a.conjugate(), middle, 0, b], [b.conjugate(), 0, middle, -a]]
    assert table["F_R"][:3, :] == sympy.Matrix(rows)
    matrices = [table["F_R"], *(m for key in ("F_1", "F_2", "F") for m in table[key].values())]
    assert len(matrices) == 9 and all(m == m.H for m in matrices)


def test_table_1_of_saphs18_has_its_value_on_the_breuer_hall_assemblage():
    """Published: 0.2044, from unrounded data; the three printed digits give 0.2013. The library has the other sign."""
    table = printed_table_1()

    def marginal(a, x):
        return BREUER_HALL.marginal((a, x)).sympy()

    value = (table["F_R"] * marginal(BOTH, BOTH)).trace()
    for x, y in product((0, 1), repeat=2):
        value += (table["F"][f"{x}{y}"] * marginal((0, 0), (x, y))).trace()
    for x in (0, 1):
        value += (table["F_1"][str(x)] * marginal((0, None), (x, None))).trace()
        value += (table["F_2"][str(x)] * marginal((None, 0), (None, x))).trace()
    found = saphs18.table_1().value(BREUER_HALL)
    assert sympy.expand(number_to_sympy(found) + value) == 0
    assert found.decimal(4) == "-0.2013"


TABLE_I = {
    (BOTH, BOTH): ("0.3666", "-0.0896", "0.6334"),
    ((0, None), (0, None)): ("0.1464", "-0.1114", "0.1600"),
    ((0, None), (1, None)): ("0.2851", "-0.0586", "0.2473"),
    ((0, 0), (0, 0)): ("0.1360", "-0.1257", "0.1360"),
    ((0, 0), (1, 0)): ("0.0803", "-0.0523", "0.0982"),
    ((0, 0), (1, 1)): ("0.2555", "-0.1192", "0.0709"),
}
TABLE_II = {
    (BOTH, BOTH): ("1.4622", "0.1773", "-0.4622"),
    ((0, None), (0, None)): ("-0.2894", "0.2468", "0.9767"),
    ((0, None), (1, None)): ("-1.0943", "-0.4673", "0.0648"),
    ((0, 0), (0, 0)): ("-0.1948", "0.5653", "-0.7229"),
    ((0, 0), (1, 0)): ("0.5482", "-0.4270", "-0.8690"),
    ((0, 0), (1, 1)): ("0.2875", "1.0320", "0.9182"),
}


def symmetric(entries):
    a, b, c = map(Fraction, entries)
    return Matrix.rational([[a, b], [b, c]])


def exchanged(table):
    """The table with the entries that follow from the symmetry of the two boxes."""
    return {(a[::-1], x[::-1]): m for (a, x), m in table.items()} | table


@pytest.mark.parametrize("label", TABLE_I)
def test_table_i_of_sbcsv15_has_the_printed_marginals(label):
    sigma, (a, x) = sbcsv15.table_1(), label
    assert sigma.marginal(label) == sigma.marginal((a[::-1], x[::-1])) == symmetric(TABLE_I[label])


def test_table_i_of_sbcsv15_is_positive():
    for matrix in sbcsv15.table_1().elements.values():
        assert all(e >= 0 for e in elementary_symmetric(matrix.sympy()))


def test_table_ii_of_sbcsv15_has_its_value_on_table_i():
    """Published: -0.520495, from unrounded data; the printed digits give -0.52073625 exactly."""
    value = sbcsv15.table_2().value(sbcsv15.table_1()).fraction()
    first, second = exchanged(TABLE_I), exchanged(TABLE_II)
    assert len(first) == len(second) == 9
    assert value == sum(symmetric(second[label]).inner(symmetric(first[label])).fraction() for label in first)
    assert value == Fraction("-0.52073625")


@pytest.mark.parametrize("state", [State.maximally_mixed((1,)), State.pure([1, IM, ROOT], (3,))], ids=["bell", "pure"])
def test_the_pr_box_reaches_four(state):
    """Popescu and Rohrlich, Found. Phys. 24, 379 (1994): CHSH = 4, with uniform outcomes of each box."""
    dim = state.matrix.rows
    sigma = sbcsv15.pr_box(state)
    signs = {(a, x): (-1) ** (sum(a) + x[0] * x[1]) for a, x in sigma.scenario.labels()}
    chsh = Functional(Scenario.of([(2, 2)] * 2, dim), {k: Matrix.identity(dim).scale(s) for k, s in signs.items()})
    assert chsh.value(sigma).fraction() == 4
    assert sigma.reduced_state == state.matrix
    assert all(sigma.marginal(((0, None), (x, None))) == state.matrix.scale(Fraction(1, 2)) for x in (0, 1))
