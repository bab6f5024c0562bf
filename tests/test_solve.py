"""The conic problems and their solvers: true moment matrices are feasible, and dual solutions are sums of squares.

A state with commuting projective measurements gives a positive moment matrix that the problem can represent, with the
functional's value as its cost. The direct route and cvxpy agree on the optimum, and the Gram matrix either of them
returns is positive and has the right class sums: no factor two, no missing conjugation. Optima agree with models
written down independently: no-signalling assemblages for one box, and the moment matrix as one Hermitian variable with
every equality `L(m*) = conj L(m)` spelt out; leaving those out gives another optimum.
"""

from itertools import product

import cvxpy
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.algebra.word import group_algebra, is_observed
from steeralg.errors import SolverError
from steeralg.exact.matrix import Matrix
from steeralg.objects.assemblage import Assemblage, white_noise
from steeralg.objects.scenario import Scenario
from steeralg.sdp.basis import coefficients, moments, to_array
from steeralg.sdp.problem import bound_problem, membership_problem
from steeralg.sdp.relaxation import Relaxation
from steeralg.sdp.solve import Attempt, solutions
from tests.operators import class_sums, group_letters, word_operator
from tests.strategies import functionals, pr_boxes, projective_measurements, random_functional, states

CASES = [
    ([(2, 2)], 2, 2),
    ([(3, 2)], 2, 1),
    ([(2, 2), (2, 2)], 1, 2),
    ([(2, 2), (2, 2)], 2, "1+AB"),
    ([(3,), (2, 2)], 2, "1+AB"),
    ([(2, 2), (2,), (3,)], 1, "almost quantum"),
]
RELAXATIONS = [Relaxation.build(Scenario.of(outcomes, dim), level) for outcomes, dim, level in CASES]
every_relaxation = pytest.mark.parametrize("relaxation", RELAXATIONS, ids=[str(case) for case in CASES])
SOLVERS = [Attempt("scs", 1e-9, 200_000), Attempt("cvxpy:CLARABEL", 1e-10, 200), Attempt("cvxpy:SCS", 1e-9, 200_000)]
every_solver = pytest.mark.parametrize("attempt", SOLVERS, ids=str)
REFERENCE = SOLVERS[1]


def solve(problem, attempt=REFERENCE):
    (solution,) = solutions(problem, [attempt])
    return solution


def gamma(problem, x):
    """The lower triangle of Gamma(x), by the definition in ConicProblem."""
    imaginary = np.where(problem.imaginary >= 0, x[problem.imaginary], 0)
    entries = problem.constant + np.where(problem.real >= 0, x[problem.real], 0) + 1j * problem.sign * imaginary
    shift = 0 if problem.shift is None else x[problem.shift]
    return entries - shift * (problem.rows == problem.columns)


def fitted(problem, matrix):
    """The parameters, shift 0, whose Gamma(x) is nearest to a Hermitian matrix."""
    zero = np.zeros(problem.parameters)
    constant = gamma(problem, zero)
    columns = [gamma(problem, unit) - constant for unit in np.eye(problem.parameters)]
    system = np.array([np.concatenate([c.real, c.imag]) for c in columns]).T
    if problem.shift is not None:
        system[:, problem.shift] = 0
    rest = matrix[problem.rows, problem.columns] - constant
    return np.linalg.lstsq(system, np.concatenate([rest.real, rest.imag]), rcond=None)[0]


@st.composite
def models(draw):
    """A relaxation, a functional, an exact quantum assemblage, and the moment matrix of its state and measurements."""
    relaxation = draw(st.sampled_from(RELAXATIONS))
    scenario, local = relaxation.scenario, 3 if len(relaxation.scenario.black_boxes) == 1 else 2
    state = draw(states((*(local for _ in scenario.black_boxes), scenario.dim)))
    boxes = [[draw(projective_measurements(local, d)) for d in box.outcomes] for box in scenario.black_boxes]
    letters = [group_letters([[to_array(effect) for effect in povm.effects] for povm in box]) for box in boxes]
    operators = np.array([word_operator(word, letters) for word in relaxation.group.words])
    size = operators.shape[1]
    rho = to_array(state.matrix).reshape(size, scenario.dim, size, scenario.dim)
    # L(v*w (x) e_ij) = tr[(v*w (x) |i><j|) rho]
    values = np.einsum("vlk,wlm,mjki->viwj", operators.conj(), operators, rho, optimize=True)
    matrix = values.reshape(relaxation.group.order, -1)
    return relaxation, draw(functionals(scenario)), Assemblage.from_state(state, boxes), matrix


@given(models())
@settings(deadline=None, max_examples=40)
def test_moment_matrices_of_quantum_models_are_feasible_with_the_value_as_cost(model):
    relaxation, functional, assemblage, matrix = model
    assert np.abs(matrix - matrix.conj().T).max() < 1e-9
    assert np.linalg.eigvalsh(matrix)[0] > -1e-9
    problem = bound_problem(relaxation.group, coefficients(functional.scenario, functional.elements))
    x = fitted(problem, matrix)
    assert np.abs(gamma(problem, x) - matrix[problem.rows, problem.columns]).max() < 1e-9
    assert problem.equality @ x == pytest.approx(1)
    assert problem.cost @ x == pytest.approx(float(functional.value(assemblage).fraction()), abs=1e-7)


@given(models())
@settings(deadline=None, max_examples=40)
def test_moment_matrices_of_quantum_models_extend_the_data(model):
    relaxation, _, assemblage, matrix = model
    problem = membership_problem(relaxation.group, moments(assemblage.scenario, assemblage.elements))
    x = fitted(problem, matrix)
    assert np.abs(gamma(problem, x) - matrix[problem.rows, problem.columns]).max() < 1e-9


@given(st.sampled_from(RELAXATIONS), st.integers(0, 10**6))
@settings(deadline=None, max_examples=40)
def test_equal_monomials_are_equal_and_adjoint_ones_conjugate_for_all_parameters(relaxation, seed):
    problem = bound_problem(relaxation.group, {})
    full = np.zeros((problem.order,) * 2, complex)
    full[problem.rows, problem.columns] = gamma(problem, np.random.default_rng(seed).normal(size=problem.parameters))
    full += np.tril(full, -1).conj().T
    algebra, words, dim = group_algebra(relaxation.scenario), relaxation.group.words, relaxation.scenario.dim
    moment = {}
    for (v, left), (w, right), i, j in product(enumerate(words), enumerate(words), range(dim), range(dim)):
        (word,) = algebra.product(algebra.adjoint(left), right)
        value = full[v * dim + i, w * dim + j]
        assert value == pytest.approx(moment.setdefault((word, i, j), value))
    for (word, i, j), value in moment.items():
        assert value == pytest.approx(np.conj(moment[algebra.adjoint(word), j, i]))


@every_solver
@every_relaxation
def test_bound_duals_are_sums_of_squares_of_the_functional_minus_the_optimum(relaxation, attempt):
    scenario = relaxation.scenario
    terms = coefficients(scenario, random_functional(scenario, 1).elements)
    problem = bound_problem(relaxation.group, terms)
    solution = solve(problem, attempt)
    assert solution.objective == pytest.approx(solve(problem).objective, rel=1e-6, abs=1e-6)
    assert np.linalg.eigvalsh(solution.gram)[0] > -1e-6
    for word, found in class_sums(group_algebra(scenario), relaxation.group.words, solution.gram).items():
        one = np.eye(scenario.dim) * (not any(word))
        assert np.abs(found - (terms.get(word, 0) - solution.objective * one)).max() < 1e-5


def postquantum_and_quantum(scenario):
    noise = white_noise(scenario)
    if [box.outcomes for box in scenario.black_boxes] != [(2, 2), (2, 2)]:
        return [noise]
    trusted = {1: [[1]], 2: [[2, 1], [1, 1]]}[scenario.dim]
    state = Matrix.rational(trusted)
    return [noise, pr_boxes(2, state.scale(state.trace().inverse()))]


@every_solver
@every_relaxation
def test_membership_duals_are_normalised_sums_of_squares_of_observed_words(relaxation, attempt):
    for assemblage in postquantum_and_quantum(relaxation.scenario):
        data = moments(relaxation.scenario, assemblage.elements)
        problem = membership_problem(relaxation.group, data)
        solution = solve(problem, attempt)
        assert solution.objective == pytest.approx(solve(problem).objective, rel=1e-6, abs=1e-6)
        assert np.linalg.eigvalsh(solution.gram)[0] > -1e-6
        assert np.trace(solution.gram).real == pytest.approx(1, abs=1e-6)
        sums = class_sums(group_algebra(relaxation.scenario), relaxation.group.words, solution.gram)
        assert all(np.abs(found).max() < 1e-6 for word, found in sums.items() if not is_observed(word))
        value = sum(np.sum(sums[word] * table) for word, table in data.items())
        assert -value == pytest.approx(solution.objective, abs=1e-6)


@every_relaxation
def test_the_least_eigenvalue_reached_has_the_sign_of_membership(relaxation):
    noise, *rest = postquantum_and_quantum(relaxation.scenario)
    inside = solve(membership_problem(relaxation.group, moments(relaxation.scenario, noise.elements)))
    assert inside.objective < -1e-3 and inside.is_clearly_inside
    for assemblage in rest:
        outside = solve(membership_problem(relaxation.group, moments(relaxation.scenario, assemblage.elements)))
        assert outside.objective > 1e-3 and not outside.is_clearly_inside


def no_signalling_minimum(functional):
    """The minimum over all assemblages of one box, all of which are quantum."""
    scenario, (box,) = functional.scenario, functional.scenario.black_boxes
    reduced = cvxpy.Variable((scenario.dim,) * 2, hermitian=True)
    elements = {label: cvxpy.Variable((scenario.dim,) * 2, hermitian=True) for label in scenario.labels()}
    constraints = [sigma >> 0 for sigma in elements.values()] + [cvxpy.real(cvxpy.trace(reduced)) == 1]
    for x, d in enumerate(box.outcomes):
        constraints.append(sum(elements[(a,), (x,)] for a in range(d)) == reduced)
    value = sum(cvxpy.real(cvxpy.trace(to_array(f) @ elements[k])) for k, f in functional.elements.items())
    problem = cvxpy.Problem(cvxpy.Minimize(value), constraints)
    return problem.solve(solver="CLARABEL")


@pytest.mark.parametrize(("outcomes", "dim"), [((2, 2), 2), ((3, 2), 2), ((3, 3), 2), ((2, 2), 3)], ids=str)
@pytest.mark.parametrize("seed", range(3))
def test_for_one_box_level_one_is_the_no_signalling_minimum(outcomes, dim, seed):
    scenario = Scenario.of([outcomes], dim)
    functional = random_functional(scenario, seed)
    problem = bound_problem(Relaxation.build(scenario, 1).group, coefficients(scenario, functional.elements))
    assert solve(problem).objective == pytest.approx(no_signalling_minimum(functional), rel=1e-6)


def spelt_out_minimum(relaxation, terms, linked):
    """The level with the moment matrix as one Hermitian variable and an equality for every repeated entry."""
    algebra, words, dim = group_algebra(relaxation.scenario), relaxation.group.words, relaxation.scenario.dim
    matrix = cvxpy.Variable((relaxation.group.order,) * 2, hermitian=True)
    first, constraints, cost = {}, [cvxpy.real(cvxpy.trace(matrix[:dim, :dim])) == 1, matrix >> 0], 0
    for (v, left), (w, right), i, j in product(enumerate(words), enumerate(words), range(dim), range(dim)):
        p, q = v * dim + i, w * dim + j
        (word,) = algebra.product(algebra.adjoint(left), right)
        adjoint = (algebra.adjoint(word), j, i)
        if p > q:
            continue
        if (word, i, j) in first:
            constraints.append(matrix[p, q] == matrix[first[word, i, j]])
        elif linked and adjoint in first:
            constraints.append(matrix[p, q] == cvxpy.conj(matrix[first[adjoint]]))
        first.setdefault((word, i, j), (p, q))
    for word, table in terms.items():
        for i, j in product(range(dim), repeat=2):
            adjoint = (algebra.adjoint(word), j, i)
            position = first.get((word, i, j))
            entry = matrix[position] if position else cvxpy.conj(matrix[first[adjoint]])
            cost += cvxpy.real(complex(table[i, j]) * entry)
    return cvxpy.Problem(cvxpy.Minimize(cost), constraints).solve(solver="SCS", eps_abs=1e-8, eps_rel=1e-8)


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("case", [([(3, 2)], 2, 1), ([(3,), (3,)], 1, 1), ([(2, 2)], 2, 2)], ids=str)
def test_the_optimum_is_that_of_the_level_spelt_out_entry_by_entry(case, seed):
    outcomes, dim, level = case
    relaxation = Relaxation.build(Scenario.of(outcomes, dim), level)
    terms = coefficients(relaxation.scenario, random_functional(relaxation.scenario, seed).elements)
    found = solve(bound_problem(relaxation.group, terms)).objective
    assert found == pytest.approx(spelt_out_minimum(relaxation, terms, linked=True), abs=1e-5)


def test_without_the_adjoint_link_the_optimum_would_be_another():
    relaxation = Relaxation.build(Scenario.of([(3, 2)], 2), 1)
    terms = coefficients(relaxation.scenario, random_functional(relaxation.scenario, 0).elements)
    found = solve(bound_problem(relaxation.group, terms)).objective
    assert found > spelt_out_minimum(relaxation, terms, linked=False) + 1e-2


def test_a_chain_without_a_usable_point_raises_and_names_every_attempt():
    relaxation = RELAXATIONS[3]
    problem = bound_problem(relaxation.group, coefficients(relaxation.scenario, {}))
    chain = [Attempt("scs", 1e-9, 1, largest_order=1), Attempt("cvxpy:CLARABEL", 1e-9, 1, largest_order=1)]
    with pytest.raises(SolverError, match=r"scs.*CLARABEL"):
        list(solutions(problem, chain))
