"""The conic problems and their solvers: true moment matrices are feasible, and dual solutions are sums of squares.

A state with commuting projective measurements gives a positive moment matrix that the problem can represent, with the
functional's value as its cost. The direct route and cvxpy agree on the optimum, and the Gram matrix either of them
returns is positive and has the right class sums: no factor two, no missing conjugation. Optima agree with models
written down independently: no-signalling assemblages for one box, parents for several trusted parties, and the moment
matrix as one Hermitian variable with every equality `L(m*) = conj L(m)` spelt out; leaving those out gives another
optimum. Minima do not fall from level to level.
"""

from itertools import pairwise, product

import cvxpy
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.algebra.observed import embedded
from steeralg.algebra.word import group_algebra, is_observable
from steeralg.errors import SolverError
from steeralg.exact.matrix import Matrix
from steeralg.objects.assemblage import white_noise
from steeralg.objects.functional import Functional
from steeralg.objects.scenario import Scenario
from steeralg.sdp.basis import to_array
from steeralg.sdp.problem import gamma
from steeralg.sdp.relaxation import Relaxation
from steeralg.sdp.solve import Attempt, solutions
from tests.operators import class_sums, moment_matrix, square, turned_adjoint
from tests.operators import phase as exponential
from tests.strategies import KINDS, functionals, models, pr_boxes, random_functional

CASES = [
    (Scenario.of([(2, 2)], 2), 2),
    (Scenario.of([(3, 2)], 2), 1),
    (Scenario.of([(2, 2), (2, 2)], 1), 2),
    (Scenario.of([(2, 2), (2, 2)], 2), "1+AB"),
    (Scenario.of([(3,), (2, 2)], 2), "1+AB"),
    (Scenario.of([(2, 2), (2,), (3,)], 1), "almost quantum"),
]
EXTENDED = [
    (KINDS["input"], "1+AB"),
    (Scenario.of([(2,)], 3, 2), 1),
    (KINDS["instrumental"], 1),
    (KINDS["several trusted"], 1),
    (KINDS["several trusted, two boxes"], "1+AB"),
    (KINDS["input, two boxes"], "1+ABC"),
    (Scenario.of([(2,)], 2, 2), "ABB"),
]
RELAXATIONS = [Relaxation.build(scenario, level) for scenario, level in CASES + EXTENDED]
PLAIN = RELAXATIONS[: len(CASES)]
LIGHT = RELAXATIONS[: len(CASES) + 4]
"""Those that every solver solves in a moment."""
every_relaxation = pytest.mark.parametrize(
    "relaxation", LIGHT, ids=[str(case) for case in (CASES + EXTENDED)[: len(LIGHT)]]
)
REFERENCE = Attempt("cvxpy:CLARABEL", 1e-10, 200)
SOLVERS = [
    Attempt("scs", 1e-9, 200_000),
    Attempt("clarabel", 1e-10, 200),
    REFERENCE,
    Attempt("cvxpy:SCS", 1e-9, 200_000),
]
every_solver = pytest.mark.parametrize("attempt", SOLVERS, ids=str)


def solve(problem, attempt=REFERENCE):
    (solution,) = solutions(problem, [attempt])
    return solution


def coefficients(relaxation, functional):
    return relaxation.observable_coefficients(relaxation.observation.coefficients(functional))


def bound(relaxation, functional):
    return relaxation.bound(coefficients(relaxation, functional))


def observed_moments(relaxation, assemblage):
    return relaxation.observable_moments(relaxation.observation.moments(assemblage.elements))


def membership(relaxation, assemblage):
    return relaxation.membership(observed_moments(relaxation, assemblage))


def by_word(relaxation, flat):
    return dict(zip(relaxation.group.numbers, flat.reshape(-1, *(relaxation.scenario.dim,) * 2), strict=True))


def fitted(problem, matrix):
    """The parameters, shift 0, whose Gamma(x) is nearest to a Hermitian matrix."""
    system = problem.linear.toarray()
    system = np.vstack([system.real, system.imag])
    rest = matrix[problem.rows, problem.columns] - problem.constant
    x = np.linalg.lstsq(system, np.concatenate([rest.real, rest.imag]), rcond=None)[0]
    if problem.shift is not None:
        assert not system[:, problem.shift].any()
        x[problem.shift] = 0
    return x


@st.composite
def quantum_models(draw):
    """A relaxation, a functional, an exact quantum assemblage, and the moment matrix of its realisation."""
    relaxation = draw(st.sampled_from(RELAXATIONS))
    scenario, local = relaxation.scenario, 3 if len(relaxation.scenario.black_boxes) == 1 else 2
    model = draw(models(scenario, local, projective=True))
    parties = [[[to_array(m) for m in setting] for setting in party] for party in model.effects]
    matrix = moment_matrix(relaxation, parties, to_array(model.state.matrix))
    return relaxation, draw(functionals(scenario)), model.assemblage, matrix


@given(quantum_models())
@settings(deadline=None, max_examples=40)
def test_moment_matrices_of_quantum_models_are_feasible_with_the_value_as_cost(model):
    relaxation, functional, assemblage, matrix = model
    assert np.abs(matrix - matrix.conj().T).max() < 1e-9
    assert np.linalg.eigvalsh(matrix)[0] > -1e-9
    problem = bound(relaxation, functional)
    x = fitted(problem, matrix)
    assert np.abs(gamma(problem, x) - matrix).max() < 1e-9
    assert problem.equality @ x == pytest.approx(1)
    assert problem.cost @ x == pytest.approx(float(functional.value(assemblage).fraction()), abs=1e-7)


@given(quantum_models())
@settings(deadline=None, max_examples=40)
def test_moment_matrices_of_quantum_models_extend_the_data(model):
    relaxation, _, assemblage, matrix = model
    problem = membership(relaxation, assemblage)
    assert np.abs(gamma(problem, fitted(problem, matrix)) - matrix).max() < 1e-9


@given(quantum_models())
@settings(deadline=None, max_examples=20)
def test_every_moment_matrix_that_the_problem_allows_has_the_data(model):
    """Whatever the free parameters are: the values of functionals do not change."""
    relaxation, functional, assemblage, _ = model
    problem = membership(relaxation, assemblage)
    every = bound(relaxation, functional)
    for x in (np.zeros(problem.parameters), np.random.default_rng(0).normal(size=problem.parameters)):
        found = fitted(every, gamma(problem, x))
        assert every.equality @ found == pytest.approx(1)
        assert every.cost @ found == pytest.approx(float(functional.value(assemblage).fraction()), abs=1e-6)


@given(st.sampled_from(RELAXATIONS), st.integers(0, 10**6))
@settings(deadline=None, max_examples=40)
def test_equal_monomials_are_equal_and_adjoint_ones_conjugate_for_all_parameters(relaxation, seed):
    problem = bound(relaxation, Functional(relaxation.scenario, {}))
    full = gamma(problem, np.random.default_rng(seed).normal(size=problem.parameters))
    assert np.abs(full - full.conj().T).max() < 1e-12
    algebra, words, dim = group_algebra(relaxation.scenario), relaxation.group.words, relaxation.scenario.dim
    moment = {}
    for (v, left), (w, right), i, j in product(enumerate(words), enumerate(words), range(dim), range(dim)):
        ((word, phase),) = square(algebra, left, right).items()
        value = full[v * dim + i, w * dim + j] / phase
        assert abs(value - moment.setdefault((word, i, j), value)) < 1e-9
    for (word, i, j), value in moment.items():
        adjoint, turn = turned_adjoint(algebra, word)
        assert abs(np.conj(value) - exponential(turn) * moment[adjoint, j, i]) < 1e-9


@every_solver
@every_relaxation
def test_bound_duals_are_sums_of_squares_of_the_functional_minus_the_optimum(relaxation, attempt):
    scenario = relaxation.scenario
    functional = random_functional(scenario, 1)
    problem, terms = bound(relaxation, functional), by_word(relaxation, coefficients(relaxation, functional))
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
def test_membership_duals_are_normalised_sums_of_squares_of_observed_elements(relaxation, attempt):
    injection = relaxation.observation.injection.toarray().astype(complex)
    columns = np.array([relaxation.observable_coefficients(column) for column in injection.T]).T
    for assemblage in postquantum_and_quantum(relaxation.scenario):
        problem = membership(relaxation, assemblage)
        solution = solve(problem, attempt)
        assert solution.objective == pytest.approx(solve(problem).objective, rel=1e-6, abs=1e-6)
        assert np.linalg.eigvalsh(solution.gram)[0] > -1e-6
        assert np.trace(solution.gram).real == pytest.approx(1, abs=1e-5)
        sums = class_sums(group_algebra(relaxation.scenario), relaxation.group.words, solution.gram)
        assert all(np.abs(found).max() < 1e-5 for word, found in sums.items() if not is_observable(word))
        flat = np.concatenate([sums[word].ravel() for word in relaxation.group.numbers])
        assert np.abs(flat - columns @ np.linalg.lstsq(columns, flat, rcond=None)[0]).max() < 1e-5
        assert -(flat @ observed_moments(relaxation, assemblage)) == pytest.approx(solution.objective, abs=1e-5)


@every_relaxation
def test_the_least_eigenvalue_reached_has_the_sign_of_membership(relaxation):
    noise, *rest = postquantum_and_quantum(relaxation.scenario)
    inside = solve(membership(relaxation, noise))
    assert inside.objective < -1e-3 and inside.is_clearly_inside
    for assemblage in rest:
        outside = solve(membership(relaxation, assemblage))
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
    problem = bound(Relaxation.build(scenario, 1), functional)
    assert solve(problem).objective == pytest.approx(no_signalling_minimum(functional), rel=1e-6)


@pytest.mark.parametrize("dims", [(2, 2), (1, 2), (2, 3), (2, 1, 2)], ids=str)
def test_for_one_box_and_several_trusted_parties_level_one_asks_for_a_parent(dims):
    """S26 Thm. 6: one box is quantum iff the local states are marginals of a no-signalling parent assemblage."""
    scenario = Scenario.of([(2, 2)], list(dims))
    functional = random_functional(scenario, 2)
    joint = {}
    for label, matrix in functional.elements.items():
        operator = embedded(scenario, label[2], matrix)
        joint[label[:2]] = joint[label[:2]] + operator if label[:2] in joint else operator
    parent = Functional(scenario.parent, joint)
    found = solve(bound(Relaxation.build(scenario, 1), functional)).objective
    assert found == pytest.approx(no_signalling_minimum(parent), rel=1e-6)


def spelt_out_minimum(relaxation, functional, linked):
    """The level with the moment matrix as one Hermitian variable and an equality for every repeated entry."""
    algebra, words, dim = group_algebra(relaxation.scenario), relaxation.group.words, relaxation.scenario.dim
    matrix = cvxpy.Variable((relaxation.group.order,) * 2, hermitian=True)
    first, constraints, cost = {}, [cvxpy.real(cvxpy.trace(matrix[:dim, :dim])) == 1, matrix >> 0], 0
    for (v, left), (w, right), i, j in product(enumerate(words), enumerate(words), range(dim), range(dim)):
        p, q = v * dim + i, w * dim + j
        if p > q:
            continue
        ((word, phase),) = square(algebra, left, right).items()
        # The moment L(word (x) e_ij); that of the adjoint word is its conjugate, up to the adjoint's phase.
        moment = matrix[p, q] * complex(phase.conjugate())
        star, turn = turned_adjoint(algebra, word)
        if (word, i, j) in first:
            constraints.append(moment == first[word, i, j])
            continue
        first[word, i, j] = moment
        if linked and (star, j, i) in first:
            constraints.append(cvxpy.conj(moment) == complex(exponential(turn)) * first[star, j, i])
    for word, table in by_word(relaxation, coefficients(relaxation, functional)).items():
        star, turn = turned_adjoint(algebra, word)
        for i, j in product(range(dim), repeat=2):
            if (word, i, j) in first:
                entry = first[word, i, j]
            else:
                entry = cvxpy.conj(first[star, j, i] * complex(exponential(turn)))
            cost += cvxpy.real(complex(table[i, j]) * entry)
    return cvxpy.Problem(cvxpy.Minimize(cost), constraints).solve(solver="SCS", eps_abs=1e-8, eps_rel=1e-8)


SPELT_OUT = [
    (Scenario.of([(3, 2)], 2), 1),
    (Scenario.of([(3,), (3,)], 1), 1),
    (Scenario.of([(2, 2)], 2), 2),
    (Scenario.of([(2,)], 2, 2), 1),
    (Scenario.of([(2,)], 3, 2), 1),
    (KINDS["instrumental"], 1),
    (KINDS["several trusted"], 1),
]


@pytest.mark.parametrize(("scenario", "level"), SPELT_OUT, ids=str)
def test_the_optimum_is_that_of_the_level_spelt_out_entry_by_entry(scenario, level):
    relaxation = Relaxation.build(scenario, level)
    functional = random_functional(scenario, 1)
    found = solve(bound(relaxation, functional)).objective
    assert found == pytest.approx(spelt_out_minimum(relaxation, functional, linked=True), abs=2e-5)


@pytest.mark.parametrize("scenario", [Scenario.of([(3, 2)], 2), KINDS["input"]], ids=str)
def test_without_the_adjoint_link_the_optimum_would_be_another(scenario):
    relaxation = Relaxation.build(scenario, 1)
    functional = random_functional(scenario, 0)
    found = solve(bound(relaxation, functional)).objective
    assert found > spelt_out_minimum(relaxation, functional, linked=False) + 1e-2


def test_a_chain_without_a_usable_point_raises_and_names_every_attempt():
    relaxation = RELAXATIONS[3]
    problem = bound(relaxation, Functional(relaxation.scenario, {}))
    chain = [Attempt("scs", 1e-9, 1, largest_order=1), Attempt("cvxpy:CLARABEL", 1e-9, 1, largest_order=1)]
    with pytest.raises(SolverError, match=r"scs.*CLARABEL"):
        list(solutions(problem, chain))


NESTED = [
    (Scenario.of([(2, 2), (2, 2)], 2), (1, "1+AB", 2)),
    (KINDS["input"], (1, "1+AB", 2)),
    (KINDS["instrumental"], (1, "1+AB", 2)),
    (KINDS["several trusted, two boxes"], (1, "1+AB", 2)),
    (KINDS["bell"], (1, "1+AB", "1+AAB+ABB")),
    (Scenario.of([(2,)], 3, 2), (1, "1+AB")),
]


@pytest.mark.parametrize(("scenario", "levels"), NESTED, ids=str)
@pytest.mark.parametrize("seed", [0, 1])
def test_minima_do_not_fall_from_level_to_level(scenario, levels, seed):
    functional = random_functional(scenario, seed)
    attempt = Attempt("scs", 1e-8, 100_000)
    minima = [solve(bound(Relaxation.build(scenario, level), functional), attempt).objective for level in levels]
    assert all(low <= high + 1e-5 for low, high in pairwise(minima))
