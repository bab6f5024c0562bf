"""Alternating directions: on every kind of scenario the optima of cvxpy, at points that nearly solve their problem.

At the optimum Gamma(x) >= 0 and Z >= 0 nearly vanish on each other, and both objectives agree. Problems that are real
but for spare imaginary parameters are solved in real arithmetic, with the same optimum; block diagonal ones block by
block. More steps from where the last call ended lose nothing; SCS may start from there. What cannot be solved this way
is refused, not guessed.
"""

import numpy as np
import pytest
import scipy.sparse
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.constructions import s26, saphs18, shsa20
from steeralg.objects.functional import Functional
from steeralg.objects.scenario import Scenario
from steeralg.sdp.problem import ConicProblem, gamma
from steeralg.sdp.relaxation import Relaxation
from steeralg.sdp.solve import DEFAULT_CHAIN, Attempt, ConeForm, solutions
from steeralg.sdp.splitting import Splitting, parts
from tests.strategies import KINDS, random_functional

SCENARIOS = {**KINDS, "three outcomes": Scenario.of([(3, 2), (2,)], 2)}
SHORT = Attempt("splitting", 3e-4, 3_000)
REFERENCE = Attempt("cvxpy:CLARABEL", 1e-9, 200)


def relaxation_of(scenario):
    return Relaxation.build(scenario, "almost quantum" if len(scenario.black_boxes) > 1 else 1)


def bound(relaxation, functional):
    return relaxation.bound(relaxation.observable_coefficients(relaxation.observation.coefficients(functional)))


def membership(assemblage):
    relaxation = Relaxation.build(assemblage.scenario, "almost quantum")
    moments = relaxation.observation.moments(assemblage.elements)
    return relaxation.membership(relaxation.observable_moments(moments))


def optimum(problem, attempt=REFERENCE):
    (solution,) = solutions(problem, [attempt])
    return solution.objective


@pytest.mark.parametrize("name", SCENARIOS)
def test_bounds_as_by_cvxpy(name):
    relaxation = relaxation_of(SCENARIOS[name])
    problem = bound(relaxation, random_functional(SCENARIOS[name], 1))
    expected = optimum(problem)
    assert optimum(problem, SHORT) == pytest.approx(expected, rel=5e-3, abs=5e-3)


ASSEMBLAGES = {
    "one trusted party": saphs18.breuer_hall,
    "input": shsa20.transposed,
    "instrumental": shsa20.instrumental,
    "several trusted parties": s26.example_10,
}


@pytest.mark.parametrize("name", ASSEMBLAGES)
def test_memberships_as_by_scs(name):
    problem = membership(ASSEMBLAGES[name]())
    expected = optimum(problem, Attempt("scs", 1e-5, 100_000))
    assert expected > 1e-3  # minus the largest t: these are outside
    assert optimum(problem, SHORT) == pytest.approx(expected, abs=2e-3)


@pytest.mark.parametrize("name", ["input", "several trusted"])
def test_a_solved_point_nearly_obeys_all_optimality_conditions(name):
    problem = bound(relaxation_of(SCENARIOS[name]), random_functional(SCENARIOS[name], 2))
    point = Splitting(problem).solve(1e-6, 50_000)
    assert point.status == "solved"
    matrix, z = gamma(problem, point.parameters), point.gram.conj()
    assert np.linalg.eigvalsh(matrix)[0] > -1e-4 and np.linalg.eigvalsh(z)[0] > -1e-4
    assert abs(np.vdot(z, matrix)) < 1e-3 * max(1, abs(point.objective))
    assert problem.equality @ point.parameters == pytest.approx(1)
    assert problem.cost @ point.parameters == pytest.approx(point.objective, rel=1e-4, abs=1e-4)


def test_real_problems_are_solved_in_real_arithmetic_with_the_same_optimum():
    scenario = KINDS["bell"]
    problem = bound(relaxation_of(scenario), random_functional(scenario, 3))
    assert Splitting(problem).is_real
    twisted = ConicProblem(
        **vars(problem) | {"constant": problem.constant + 1e-12j * (problem.rows != problem.columns)}
    )
    assert not Splitting(twisted).is_real
    assert optimum(twisted, SHORT) == pytest.approx(optimum(problem, SHORT), rel=5e-3)


def doubled(problem):
    """Two copies of a problem, with common parameters, as two blocks of one matrix."""
    n = problem.order
    return ConicProblem(
        2 * n,
        np.concatenate([problem.rows, problem.rows + n]),
        np.concatenate([problem.columns, problem.columns + n]),
        np.concatenate([problem.constant] * 2),
        scipy.sparse.vstack([problem.linear] * 2).tocsr(),
        problem.shift,
        problem.cost,
        problem.equality,
        (n, n),
    )


def test_blocks_are_solved_block_by_block():
    scenario = KINDS["input"]
    problem = bound(relaxation_of(scenario), random_functional(scenario, 4))
    point = Splitting(doubled(problem)).solve(1e-5, 20_000)
    assert point.objective == pytest.approx(optimum(problem), rel=1e-3, abs=1e-3)
    n = problem.order
    assert not np.any(point.gram[:n, n:])


def test_a_second_call_goes_on_where_the_first_ended():
    problem = membership(saphs18.breuer_hall())
    steps, once = Splitting(problem), Splitting(problem)
    for _ in range(5):
        steps.solve(0, 20)
    assert np.allclose(steps.position[2], once.solve(0, 100).gram)


def test_scs_may_start_from_there():
    problem = bound(relaxation_of(KINDS["input"]), random_functional(KINDS["input"], 5))
    splitting, form = Splitting(problem), ConeForm(problem)
    parameters, slack, gram, multiplier = (splitting.solve(1e-6, 50_000), splitting.position)[1]
    form.begin(parameters, slack, gram, multiplier)
    assert np.allclose(form._gram(form.last["y"]), gram)
    data, last = form.data, form.last
    assert np.allclose(data["A"] @ last["x"] + last["s"], data["b"], atol=1e-3)
    assert np.allclose(data["A"].T @ last["y"], -data["c"], atol=1e-3)
    assert -data["b"] @ last["y"] == pytest.approx(problem.cost @ parameters, rel=1e-4, abs=1e-4)


def test_what_is_not_sparse_is_refused_and_the_chain_goes_on():
    rng = np.random.default_rng(1)
    columns, rows = np.triu_indices(16)
    linear = scipy.sparse.csr_matrix(rng.normal(size=(len(rows), 100)))
    problem = ConicProblem(
        16, rows, columns, (rows == columns).astype(complex), linear, None, rng.normal(size=100), None
    )
    splitting = Splitting(problem)
    assert not splitting.is_usable and splitting.solve(1e-2, 10).gram is None
    bounded = ConicProblem(**vars(problem) | {"cost": np.asarray(linear.T @ (rows == columns))})
    found = next(solutions(bounded, DEFAULT_CHAIN))
    assert found.attempt.solver == "scs"


def test_a_parameter_that_stands_nowhere_is_refused():
    relaxation = relaxation_of(KINDS["input"])
    problem = bound(relaxation, Functional(relaxation.scenario, {}))
    more = scipy.sparse.hstack([problem.linear, scipy.sparse.csr_matrix((problem.linear.shape[0], 1))]).tocsr()
    wide = ConicProblem(
        **vars(problem)
        | {"linear": more, "cost": np.append(problem.cost, 0), "equality": np.append(problem.equality, 0)}
    )
    assert not Splitting(wide).is_usable


@given(st.integers(1, 6), st.integers(0, 2**32 - 1), st.booleans())
@settings(deadline=None, max_examples=40)
def test_parts(order, seed, real):
    rng = np.random.default_rng(seed)
    v = rng.normal(size=(order, order)) + (0 if real else 1j) * rng.normal(size=(order, order))
    v = v + v.conj().T
    positive, negative = parts(v)
    assert np.allclose(positive - negative, v) and np.allclose(positive @ negative, 0)
    assert min(np.linalg.eigvalsh(positive)[0], np.linalg.eigvalsh(negative)[0]) > -1e-9
