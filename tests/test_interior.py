"""Laws of the interior-point route, on random conic problems with strictly feasible points on both sides.

Whatever the kind (real or complex data, one block or several, with a normalisation, with a shift or without both), the
optimality conditions hold: the parameters are feasible, the Gram matrix conj(Y) is positive and lives on the blocks,
every parameter's cost is what Y and the multiplier of the normalisation charge for it, and the gap is closed. SCS and
cvxpy reach the same optimum. Problems without a solution, or without a bound, give no Gram matrix.
"""

from itertools import product

import numpy as np
import pytest
import scipy.linalg
import scipy.sparse
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.errors import SolverError
from steeralg.sdp.interior import solve_interior
from steeralg.sdp.problem import ConicProblem, gamma
from steeralg.sdp.solve import Attempt, solutions

BLOCKS = [(1,), (3,), (4,), (2, 2), (1, 3), (2, 1, 3), (1, 1, 1, 1)]
KINDS = list(product((False, True), ("free", "normalised", "shifted")))


def positive(rng, order, is_complex):
    half = rng.normal(size=(order, order)) + 1j * is_complex * rng.normal(size=(order, order))
    return half @ half.conj().T / order + np.eye(order)


def hermitian(rng, order, is_complex):
    half = rng.normal(size=(order, order)) + 1j * is_complex * rng.normal(size=(order, order))
    return half + half.conj().T


def places(blocks):
    """The lower triangles of the blocks, column by column."""
    start, rows, columns = 0, [], []
    for size in blocks:
        across, down = np.triu_indices(size)
        rows.append(down + start)
        columns.append(across + start)
        start += size
    return np.concatenate(rows), np.concatenate(columns)


def block_diagonal(matrices):
    return np.asarray(scipy.linalg.block_diag(*matrices), np.complex128)


def random_problem(seed, blocks, is_complex, kind):
    """Random directions, a random point that is strictly feasible, and the costs that a positive dual matrix gives."""
    rng = np.random.default_rng(seed)
    order, count = sum(blocks), int(rng.integers(1, 5))
    directions = [block_diagonal([hermitian(rng, n, is_complex) for n in blocks]) for _ in range(count)]
    start = block_diagonal([positive(rng, n, is_complex) for n in blocks])
    dual = block_diagonal([positive(rng, n, is_complex) for n in blocks])
    inside = rng.uniform(0.5, 1.5, size=count) * rng.choice([1, -1], size=count)
    constant = start - sum(x * a for x, a in zip(inside, directions, strict=True))
    cost = np.array([np.real(np.trace(a @ dual)) for a in directions])
    equality = shift = None
    if kind == "normalised":
        equality = inside * rng.uniform(0.5, 1.5, size=count)
        equality /= equality @ inside
        cost = cost + rng.normal() * equality
    rows, columns = places(blocks)
    linear = np.array([a[rows, columns] for a in directions]).T
    if kind == "shifted":
        shift = count
        linear = np.hstack([linear, np.zeros((len(rows), 1))])
        cost = np.append(cost, -np.real(np.trace(dual)))
    values = constant[rows, columns]
    sparse = scipy.sparse.csr_matrix(linear)
    many = blocks if len(blocks) > 1 else ()
    return ConicProblem(order, rows, columns, values, sparse, shift, cost, equality, many)


def feasible(problem, parameters):
    """The moment matrix, without what is subtracted."""
    matrix = gamma(problem, parameters)
    return matrix if problem.shift is None else matrix - parameters[problem.shift] * np.eye(problem.order)


problems = st.builds(
    lambda seed, blocks, kind: random_problem(seed, blocks, *kind),
    st.integers(0, 10**6),
    st.sampled_from(BLOCKS),
    st.sampled_from(KINDS),
)


@settings(deadline=None, max_examples=60)
@given(problems)
def test_the_optimality_conditions_hold(problem):
    found = solve_interior(problem, 1e-8, 200)
    assert found.status in ("Solved", "AlmostSolved")
    accuracy = 1e-5 if found.status == "Solved" else 1e-3
    primal, dual = feasible(problem, found.parameters), found.gram.conj()
    for matrix in (primal, dual):
        assert np.abs(matrix - matrix.conj().T).max() < 1e-12
        assert np.linalg.eigvalsh(matrix)[0] > -accuracy * max(1.0, np.abs(matrix).max())
    inside = np.zeros((problem.order, problem.order), bool)
    inside[problem.rows, problem.columns] = inside[problem.columns, problem.rows] = True
    assert not dual[~inside].any()
    start = feasible(problem, np.zeros(problem.parameters))
    charged = np.array([np.real(np.trace((feasible(problem, e) - start) @ dual)) for e in np.eye(problem.parameters)])
    multiplier = 0.0
    if problem.equality is not None:
        assert abs(problem.equality @ found.parameters - 1) < accuracy
        multiplier = (problem.cost - charged) @ problem.equality / (problem.equality @ problem.equality)
        charged = charged + multiplier * problem.equality
    assert np.abs(charged - problem.cost).max() < accuracy * max(1.0, np.abs(problem.cost).max())
    assert found.objective == pytest.approx(problem.cost @ found.parameters)
    assert found.objective == pytest.approx(multiplier - np.real(np.trace(start @ dual)), rel=accuracy, abs=accuracy)


@pytest.mark.parametrize("kind", KINDS, ids=str)
@pytest.mark.parametrize("blocks", [(3,), (2, 1, 2)], ids=str)
def test_other_solvers_agree(blocks, kind):
    problem = random_problem(7, blocks, *kind)
    found = solve_interior(problem, 1e-10, 200)
    for attempt in [Attempt("scs", 1e-9, 100_000), Attempt("cvxpy:CLARABEL", 1e-10, 200)]:
        (other,) = solutions(problem, [attempt])
        assert other.objective == pytest.approx(found.objective, rel=1e-6, abs=1e-6)
        place = problem.rows, problem.columns
        assert np.abs(other.gram[place] - found.gram[place]).max() < 1e-3


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 10**6), st.sampled_from(KINDS))
def test_blocks_are_a_matrix_with_zeros_between_them(seed, kind):
    """The same problem with its zeros spelt out as one block has the same optimum."""
    problem = random_problem(seed, (2, 1, 2), *kind)
    down, across = places((problem.order,))
    index = {place: k for k, place in enumerate(zip(down.tolist(), across.tolist(), strict=True))}
    where = [index[place] for place in zip(problem.rows.tolist(), problem.columns.tolist(), strict=True)]
    constant = np.zeros(len(down), np.complex128)
    constant[where] = problem.constant
    linear = np.zeros((len(down), problem.parameters), np.complex128)
    linear[where] = problem.linear.toarray()
    sparse = scipy.sparse.csr_matrix(linear)
    spelt_out = ConicProblem(
        problem.order, down, across, constant, sparse, problem.shift, problem.cost, problem.equality
    )
    one, other = (solve_interior(p, 1e-8, 200) for p in (problem, spelt_out))
    assert one.objective == pytest.approx(other.objective, rel=1e-5, abs=1e-5)


def line(constant, direction, cost, equality=None):
    """A problem in one parameter and blocks of order 1."""
    count = len(constant)
    rows = np.arange(count)
    linear = scipy.sparse.csr_matrix(np.array(direction, np.complex128).reshape(-1, 1))
    blocks = (1,) * count if count > 1 else ()
    return ConicProblem(
        count, rows, rows, np.array(constant, np.complex128), linear, None, np.array([cost]), equality, blocks
    )


def test_a_problem_in_one_parameter():
    """The least x with 2x - 1 >= 0 and x + 3 >= 0, or with 4 - x >= 0 instead of a bound from below."""
    found = solve_interior(line([-1.0, 3.0], [2.0, 1.0], 1.0), 1e-10, 100)
    assert found.objective == pytest.approx(0.5) and found.parameters == pytest.approx([0.5])
    assert found.gram == pytest.approx(np.diag([0.5, 0.0]), abs=1e-7)
    fixed = solve_interior(line([-1.0, 3.0], [2.0, 1.0], 1.0, np.array([0.25])), 1e-10, 100)
    assert fixed.objective == pytest.approx(4)


@pytest.mark.parametrize(
    ("problem", "status"),
    [
        (line([-1.0, -1.0], [1.0, -1.0], 1.0), "PrimalInfeasible"),
        (line([1.0], [-1.0], 1.0), "DualInfeasible"),
        (line([1.0], [1.0], 1.0, np.array([-0.5])), "PrimalInfeasible"),
    ],
    ids=["no point", "no bound", "no normalised point"],
)
def test_without_a_solution_there_is_no_gram_matrix(problem, status):
    found = solve_interior(problem, 1e-9, 100)
    assert found.gram is None and found.parameters is None and status in found.status
    with pytest.raises(SolverError, match="clarabel"):
        list(solutions(problem, [Attempt("clarabel", 1e-9, 100)]))
