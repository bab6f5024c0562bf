"""Symmetric relaxations: smaller, and with the same minimum.

In a random state that no symmetry changes, the blocks together have the eigenvalues of the whole moment matrix, all of
them and no others, whatever the group: that is what they are chosen for. So the minimum is that of the level without
symmetries. The elements of a group are numbered, and multiplied by looking up, as automorphisms are.
"""

from fractions import Fraction

import numpy as np
import pytest

from steeralg.algebra.automorphism import Automorphism
from steeralg.algebra.clifford import generator, symmetry_group
from steeralg.algebra.group_basis import GroupBasis
from steeralg.errors import InputError, LevelError
from steeralg.exact.number import Number
from steeralg.objects.label_symmetries import label_symmetries
from steeralg.objects.scenario import Scenario
from steeralg.objects.symmetry import Symmetry
from steeralg.sdp import symmetries as symmetries_module
from steeralg.sdp.invariant import Action, Numbering
from steeralg.sdp.problem import gamma
from steeralg.sdp.relaxation import Relaxation
from steeralg.sdp.solve import Attempt, solutions
from steeralg.sdp.symmetric import SymmetricRelaxation
from steeralg.sdp.symmetries import Symmetries
from tests.strategies import random_functional
from tests.symmetry_examples import chsh, hadamard, i3322, qutrit

ACCURATE = (Attempt("clarabel", 1e-10, 200), Attempt("scs", 1e-9, 100_000))


def least(problem):
    """The optimum of the first solver that finds one."""
    return next(solutions(problem, ACCURATE)).objective


def built(scenario, lines, level, expansion=None):
    basis = GroupBasis.of(scenario)
    automorphisms = [Automorphism.of(basis, generator(basis, Symmetry.parse(scenario, line))) for line in lines]
    return SymmetricRelaxation.build(basis, level, automorphisms, expansion or {basis.one: Number.of(1)}), automorphisms


def elements(basis, automorphisms):
    """The group, by composition of automorphisms."""
    found = [Automorphism.identity(basis)]
    known = set(found)
    for element in found:
        for automorphism in automorphisms:
            new = element.then(basis, automorphism)
            if new not in known:
                known.add(new)
                found.append(new)
    return found


class InvariantState:
    """A random Hermitian functional on monomials, averaged over a group; it need not be positive."""

    def __init__(self, basis, group, seed=0):
        self.basis, self.group, self.random = basis, group, np.random.default_rng(seed)
        self.root = np.exp(2j * np.pi / basis.order)
        self.start, self.average = {}, {}

    def raw(self, monomial):
        if monomial not in self.start:
            star, turn = self.basis.adjoint(monomial)
            value = self.random.normal() + 1j * self.random.normal()
            back = np.conj(value) * self.root**-turn
            # m* = zeta^turn s, so L(s) = zeta^-turn conj L(m).
            self.start[monomial], self.start[star] = ((value + back) / 2,) * 2 if star == monomial else (value, back)
        return self.start[monomial]

    def __call__(self, monomial):
        if monomial not in self.average:
            images = [(*element.image(self.basis, monomial), element.antiunitary) for element in self.group]
            values = [(self.root**turn * self.raw(image), flip) for image, turn, flip in images]
            mean = sum(np.conj(value) if flip else value for value, flip in values) / len(self.group)
            for image, turn, flip in images:
                self.average[image] = (np.conj(mean) if flip else mean) * self.root**-turn
        return self.average[monomial]

    def moments(self, rows):
        """The moment matrix of some monomials."""
        result = np.empty((len(rows), len(rows)), complex)
        for i, v in enumerate(rows):
            star, start = self.basis.adjoint(v)
            for j, w in enumerate(rows):
                monomial, turn = self.basis.product(star, w)
                result[i, j] = self.root ** (start + turn) * self(monomial)
        return result

    def block(self, numbering, block):
        order = len(block.rows)
        result = np.zeros((order, order), complex)
        columns, rows = np.triu_indices(order)
        for i, j, numbers, turns in zip(rows, columns, block.numbers.tolist(), block.turns.tolist(), strict=True):
            entry = sum(self.root**t * self(numbering.monomial(k)) for k, t in zip(numbers, turns, strict=True))
            result[i, j], result[j, i] = entry, np.conj(entry)
        return result / np.outer(block.weights, block.weights)


GROUPS = [
    (Scenario.of([(2, 2)], 2), 1, []),
    (Scenario.of([(2, 2)], 2), 1, ["A|0: (0 1); U: X", "A|1: (0 1); U: Z", "A: (0 1); U: F", "conj"]),
    (Scenario.of([(2, 2)], 2), 1, ["U: P", "A|0: (0 1); conj; U: F", "A: (0 1)"]),
    (Scenario.of([(2, 2), (2, 2)]), 2, ["(A B)", "conj", "A: (0 1); B|1: (0 1)", "A|0: (0 1)"]),
    (Scenario.of([(2, 2), (2, 2)]), "almost quantum", ["(A B); A|0: (0 1)"]),
    (Scenario.of([(3, 3), (3, 3)]), 1, ["(A B)", "A|0: (0 1 2); B|1: (0 2 1)", "A|0: (1 2); A|1: (1 2)", "conj"]),
    (Scenario.of([(3, 3)], 3), 1, ["A|1: (0 1 2); U: X", "A|0: (0 1 2); U: Z", "A: (0 1); A|0: (1 2); U: F", "conj"]),
    (Scenario.of([(4, 4)]), 2, ["A: (0 1)", "A|0: (0 1 2 3)", "A|1: (1 3); conj"]),
    (Scenario.of([(2, 3)], 3), 1, ["A|0: (0 1)", "A|1: (1 2)", "U: F"]),
    (Scenario.of([(2, 2)], [2, 2]), 1, ["U: F & X", "A: (0 1); U: P & Z"]),
    (Scenario.of([(2, 2, 2)], 2), 1, ["A: (0 1 2); U: P F", "A|0: (0 1); A|1: (0 1); U: Z", "A|0: (0 1); U: X"]),
]


@pytest.mark.parametrize(("scenario", "level", "lines"), GROUPS, ids=[str(k) for k in range(len(GROUPS))])
def test_the_blocks_have_the_eigenvalues_of_the_moment_matrix(scenario, level, lines):
    relaxation, automorphisms = built(scenario, lines, level)
    basis, numbering = relaxation.symmetries.basis, relaxation.symmetries.numbering
    group = elements(basis, automorphisms)
    assert len(group) == len(relaxation.symmetries.elements)
    state = InvariantState(basis, group)
    rows = [(word, weyl) for word in numbering.words for weyl in basis.weyl_operators()]
    whole = np.linalg.eigvalsh(state.moments(rows))
    parts = [state.block(numbering, block) for block in relaxation.blocks]
    found = np.concatenate([np.linalg.eigvalsh(part) for part in parts])
    assert np.abs(found[:, None] - whole).min(axis=0).max() < 1e-9
    assert np.abs(found[:, None] - whole).min(axis=1).max() < 1e-9
    for part, block in zip(parts, relaxation.blocks, strict=True):
        basis_change = block.real_form.toarray()
        assert np.allclose(basis_change.conj().T @ basis_change, np.eye(len(part)))
        if not np.allclose(basis_change, np.eye(len(part))):
            assert np.allclose((basis_change.conj().T @ part @ basis_change).imag, 0)


QUBIT_LINES = ["(A B); A|0: (0 1); A|1: (0 1); B|0: (0 1); B|1: (0 1)", "A: (0 1); B: (0 1); U: F", "conj",
               "A|0: (0 1); B|0: (0 1); U: X", "A|1: (0 1); B|1: (0 1); U: Z"]  # fmt: skip
NOTHING = random_functional(Scenario.of([(2, 2)], 2), 3).scale(Fraction(1, 20))
MINIMA = [
    (chsh(), 1, None),
    (chsh(), "almost quantum", ["(A B)"]),
    (hadamard(), "almost quantum", QUBIT_LINES),
    (hadamard(), "almost quantum", QUBIT_LINES[:2]),
    (i3322(), "almost quantum", None),
    (qutrit(), 1, None),
    (NOTHING, 1, []),
    (NOTHING, 2, []),
]


@pytest.mark.parametrize(("functional", "level", "lines"), MINIMA, ids=[str(k) for k in range(len(MINIMA))])
def test_the_minimum_is_that_of_the_level_without_symmetries(functional, level, lines):
    scenario, basis = functional.scenario, GroupBasis.of(functional.scenario)
    if lines is None:
        found = label_symmetries(functional, ["conj", "U: X", "U: Z", "U: F"] if scenario.dim > 1 else ["conj"])
    else:
        found = [Symmetry.parse(scenario, line) for line in lines]
    _, automorphisms = symmetry_group(basis, functional, found)
    expansion = basis.expansion(functional)
    relaxation = SymmetricRelaxation.build(basis, level, automorphisms, expansion)
    problem = relaxation.problem(relaxation.cost(expansion))
    plain = Relaxation.build(scenario, level)
    coefficients = plain.observable_coefficients(plain.observation.coefficients(functional))
    reference = plain.bound(coefficients)
    assert abs(least(problem) - least(reference)) < 1e-6
    # Rows are words times all Weyl operators, D times as many as needed where no symmetry sorts these.
    assert max(problem.blocks) <= scenario.dim * reference.order
    assert not found or (max(problem.blocks) < reference.order and problem.parameters < reference.parameters)


def test_the_optimum_is_a_normalised_positive_moment_matrix_with_the_value():
    basis = GroupBasis.of(chsh().scenario)
    expansion = basis.expansion(chsh())
    _, automorphisms = symmetry_group(basis, chsh(), label_symmetries(chsh(), ["conj"]))
    relaxation = SymmetricRelaxation.build(basis, 1, automorphisms, expansion)
    problem = relaxation.problem(relaxation.cost(expansion))
    solution = next(solutions(problem, ACCURATE))
    assert abs(solution.objective + 2 * np.sqrt(2)) < 1e-6
    assert np.linalg.eigvalsh(gamma(problem, solution.parameters))[0] > -1e-6
    assert abs(problem.equality @ solution.parameters - 1) < 1e-7


def test_elements_multiply_as_automorphisms_do():
    scenario = Scenario.of([(3, 2)], 2)
    basis = GroupBasis.of(scenario)
    lines = ["A|0: (0 1 2)", "A|1: (0 1); U: F", "A|0: (1 2); conj; U: P"]
    generators = [Automorphism.of(basis, generator(basis, Symmetry.parse(scenario, line))) for line in lines]
    relaxation, _ = built(scenario, lines, 1)
    own = relaxation.symmetries
    products = []
    for origin in own.origins:
        element = Automorphism.identity(basis)
        for k in origin:
            element = element.then(basis, generators[k])
        products.append(element)
    assert set(products) == set(elements(basis, generators)) and len(set(products)) == len(products)
    numbers = {element: k for k, element in enumerate(products)}
    table = [[numbers[g.then(basis, h)] for h in products] for g in products]
    every = np.arange(len(products))
    assert (own.times(every[:, None] + 0 * every, every) == table).all()
    for k in every[1::7]:
        powers = [0, *own.powers(int(k))]
        assert [table[power][k] for power in powers[:-1]] == powers[1:] and set(powers) <= set(own.closure([int(k)]))
    assert own.closure([]).tolist() == [0] and own.closure([1, 2, 3]).tolist() == every.tolist()
    assert [table[k][own.inverses[k]] for k in every] == [0] * len(products)
    assert own.antiunitary.tolist() == [g.antiunitary for g in products]
    for k, g in enumerate(products):
        for h in products[:k]:
            diagonal = all(
                g.image(basis, m)[0] == h.image(basis, m)[0]
                for m in [((((x, 1),),), (0, 0)) for x in range(2)] + [(((),), w) for w in basis.weyl_operators()]
            )
            assert (own.cosets[k] == own.cosets[numbers[h]]) == (diagonal and g.antiunitary == h.antiunitary)


def test_levels_have_to_be_symmetric_and_to_reach_the_functional():
    expansion = GroupBasis.of(chsh().scenario).expansion(chsh())
    with pytest.raises(LevelError, match="treats boxes differently"):
        built(chsh().scenario, ["(A B)"], "1+AAB", expansion)
    with pytest.raises(LevelError, match="does not reach"):
        built(chsh().scenario, [], "A", expansion)
    triple = Scenario.of([(2,), (2,), (2,)])
    with pytest.raises(LevelError, match="does not reach"):
        built(triple, [], 1, {(((((0, 1),),) * 3), ()): Number.of(1)})


def test_large_groups_are_refused(monkeypatch):
    scenario = Scenario.of([(2, 2)])
    basis = GroupBasis.of(scenario)
    steps = [Automorphism.of(basis, generator(basis, Symmetry.parse(scenario, s))) for s in ("A: (0 1)", "A|0: (0 1)")]
    numbering = Numbering(basis, (((),), (((0, 1),),), (((1, 1),),)))
    assert len(Symmetries.of(numbering, steps).elements) == 8 and Action.of(numbering, steps[0]).boxes == (0, 1)
    monkeypatch.setattr(symmetries_module, "MAX_ELEMENTS", 7)
    with pytest.raises(InputError, match="more than 7 elements"):
        Symmetries.of(numbering, steps)
