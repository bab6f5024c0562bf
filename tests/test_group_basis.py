"""The group basis: monomials multiply like the matrices they stand for, and functionals are combinations of them.

Letters of random unitaries with the right order, and Weyl matrices, represent monomials; products, adjoints, and the
expansion of a functional have to be those of the matrices. The root of unity is primitive, and nothing else will do.
"""

from functools import reduce

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.algebra.group_basis import GroupBasis
from steeralg.errors import NumberError, ScenarioError
from steeralg.exact.convert import numbers_from_sympy
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number
from steeralg.objects.functional import Functional
from steeralg.objects.scenario import Scenario
from steeralg.sdp.basis import to_array, to_complex
from tests.strategies import hermitian

SCENARIOS = {
    "bell": Scenario.of([(2, 3), (2, 2)]),
    "qubit": Scenario.of([(2, 1), (3,)], 2),
    "qutrit": Scenario.of([(3, 2)], 3),
    "two qubits": Scenario.of([(2, 2)], 4),
    "six": Scenario.of([(2,)], 6),
    "two parties": Scenario.of([(4, 2)], [2, 3]),
}
BASES = {name: GroupBasis.of(scenario) for name, scenario in SCENARIOS.items()}
SIZE = 4
"""The dimension of the black boxes' systems."""


def root(order):
    return np.exp(2j * np.pi / order)


def random_unitary(size, seed):
    rng = np.random.default_rng(seed)
    return np.linalg.qr(rng.normal(size=(size, size)) + 1j * rng.normal(size=(size, size)))[0]


def measurement(box, x, d):
    """Projectors in a random basis of a system of dimension SIZE."""
    turn = random_unitary(SIZE, 100 * box + x)
    return [turn @ np.diag([float(i % d == a) for i in range(SIZE)]) @ turn.conj().T for a in range(d)]


def represented(basis, monomial):
    """The matrix of a monomial: boxes first."""
    words, weyl = monomial
    factors = []
    for k, word in enumerate(words):
        letters = [np.eye(SIZE)]
        for x, power in word:
            d = basis.scenario.black_boxes[k].outcomes[x]
            letters.append(sum(root(d) ** (a * power) * e for a, e in enumerate(measurement(k, x, d))))
        factors.append(reduce(np.matmul, letters))
    for k, p in enumerate(basis.primes):
        shift, clock = np.roll(np.eye(p), 1, axis=0), np.diag(root(p) ** np.arange(p))
        a, b = weyl[2 * k : 2 * k + 2]
        factors.append(np.linalg.matrix_power(shift, a) @ np.linalg.matrix_power(clock, b))
    return reduce(np.kron, factors)


@st.composite
def monomials(draw, basis):
    words = []
    for box in basis.scenario.black_boxes:
        letters = [(x, k) for x, d in enumerate(box.outcomes) for k in range(1, d)]
        word = []
        for letter in draw(st.lists(st.sampled_from(letters), max_size=3)):
            if not word or word[-1][0] != letter[0]:
                word.append(letter)
        words.append(tuple(word))
    return tuple(words), draw(st.sampled_from(basis.weyl_operators()))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_products_and_adjoints_are_those_of_the_matrices(data):
    basis = data.draw(st.sampled_from(list(BASES.values())))
    v, w = data.draw(monomials(basis)), data.draw(monomials(basis))
    found, turn = basis.product(v, w)
    phase = root(basis.order) ** turn
    assert np.allclose(phase * represented(basis, found), represented(basis, v) @ represented(basis, w))
    found, turn = basis.adjoint(v)
    assert np.allclose(root(basis.order) ** turn * represented(basis, found), represented(basis, v).conj().T)
    assert basis.product(v, basis.one) == (v, 0) == basis.product(basis.one, v)


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_the_expansion_is_the_operator_of_the_functional(data):
    name = data.draw(st.sampled_from([name for name in BASES if name != "two parties"]))
    basis, scenario = BASES[name], SCENARIOS[name]
    labels = data.draw(st.lists(st.sampled_from(list(scenario.labels())), min_size=1, max_size=3, unique=True))
    functional = Functional(scenario, {label: data.draw(hermitian(scenario.dim)) for label in labels})
    wanted = np.zeros((SIZE ** len(scenario.black_boxes) * scenario.dim,) * 2, complex)
    for (a, x), operator in functional.elements.items():
        effects = [
            measurement(k, s, scenario.black_boxes[k].outcomes[s])[o] for k, (o, s) in enumerate(zip(a, x, strict=True))
        ]
        wanted += reduce(np.kron, [*effects, to_array(operator)])
    found = [
        to_complex(value) * represented(basis, monomial) for monomial, value in basis.expansion(functional).items()
    ]
    assert np.allclose(sum(found, np.zeros_like(wanted)), wanted)


def test_several_trusted_parties_are_the_product_of_theirs():
    scenario, basis = SCENARIOS["two parties"], BASES["two parties"]
    z = Matrix.rational([[1, 0, 0], [0, 2, 0], [0, 0, 3]])
    found = basis.expansion(Functional(scenario, {((0,), (1,), 1): z}))
    assert {weyl[:2] for _, weyl in found} == {(0, 0)} and {weyl[2:] for _, weyl in found} == {(0, 0), (0, 1), (0, 2)}
    assert found[basis.one].fraction() == 1


@pytest.mark.parametrize("order", range(2, 13))
def test_the_root_is_primitive_and_the_first_one(order):
    basis = GroupBasis.of(Scenario.of([(order,)]))
    assert basis.order % order == 0 and basis.order in (order, 2 * order)
    assert len(set(basis.powers)) == basis.order == len(basis.powers)
    assert basis.powers[-1] * basis.zeta == Number.of(1, basis.zeta.field)
    assert np.isclose(to_complex(basis.zeta), root(basis.order))


def test_other_numbers_are_no_roots():
    scenario = Scenario.of([(2, 3)])
    for order, number in [(6, -1), (3, sympy.exp(2 * sympy.pi * sympy.I / 3)), (6, 2), (12, sympy.I), (4, sympy.I)]:
        with pytest.raises(NumberError, match=f"no primitive root of unity of order {order}"):
            GroupBasis(scenario, order, numbers_from_sympy([number])[0])
    sixth = numbers_from_sympy([sympy.Rational(1, 2) - sympy.sqrt(3) * sympy.I / 2])[0]
    assert GroupBasis(scenario, 6, sixth).powers[5] == sixth.conjugate()


def test_scenarios_without_a_group_basis_are_refused():
    with pytest.raises(ScenarioError, match="without input"):
        GroupBasis.of(Scenario.of([(2,)], 2, 2))
    with pytest.raises(ScenarioError, match="sequential"):
        GroupBasis.of(Scenario.of([(2,), (2,)], 2, sequential=True))


@pytest.mark.parametrize(("dim", "primes"), [(1, ()), (2, (2,)), (12, (2, 2, 3)), (7, (7,))])
def test_the_trusted_space_is_cut_into_factors_of_prime_dimension(dim, primes):
    basis = GroupBasis.of(Scenario.of([(2,)], dim))
    assert basis.primes == primes and len(basis.weyl_operators()) == dim * dim


def test_a_functional_over_another_field_is_brought_together_with_the_root():
    scenario = Scenario.of([(3,)], 2)
    functional = Functional.of(scenario, {((0,), (0,)): [[sympy.sqrt(2), 1], [1, 0]]})
    basis, lifted = GroupBasis.of(scenario).together(functional)
    expansion = basis.expansion(lifted)
    assert {value.field for value in expansion.values()} == {basis.zeta.field} == {lifted.field}
    assert basis.powers_over(lifted.field) == list(basis.powers)
    assert [m.sympy() for m in lifted.elements.values()] == [m.sympy() for m in functional.elements.values()]
    with pytest.raises(NumberError, match="different fields"):
        GroupBasis.of(scenario).powers_over(functional.field)
