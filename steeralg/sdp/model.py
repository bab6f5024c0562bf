"""Every relaxation as a cvxpy problem: the public modelling path, and the reference for the direct one.

Above: solvers. Below: conic problems. The complex matrix is written as the real one [[Re, -Im], [Im, Re]], whose dual
is read block by block.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import cvxpy
import numpy as np
import scipy.sparse

from steeralg.sdp.problem import ConicProblem, Point


@dataclass(frozen=True, eq=False)
class CvxpyModel:
    """A cvxpy problem and the pieces of it that matter: the parameters and the semidefinite constraint."""

    problem: Any
    parameters: Any
    positive: Any


def cvxpy_model(problem: ConicProblem) -> CvxpyModel:
    """Return the relaxation as a cvxpy problem, to be solved with any solver cvxpy knows."""
    n = problem.order
    rows, columns, diagonal = problem.rows, problem.columns, problem.rows == problem.columns
    x = cvxpy.Variable(problem.parameters)
    constant = np.zeros((2 * n, 2 * n))
    place = problem.linear.tocoo()
    entries: list[tuple[Any, Any, Any, Any]] = []

    def put(a: Any, b: Any, part: Any, fixed: Any, which: Any) -> None:
        """Put the real or imaginary parts of some positions p at (a[p], b[p])."""
        kept = which[place.row]
        at = place.row[kept]
        entries.append((a[at], b[at], place.col[kept], part[kept]))
        constant[a[which], b[which]] = fixed[which]

    # Real parts stand in both diagonal blocks; Im at the lower left, -Im at the upper right; off-diagonal positions
    # twice.
    every, off = np.ones(len(rows), bool), ~diagonal
    re, im = place.data.real, place.data.imag
    for shift in (0, n):
        put(rows + shift, columns + shift, re, problem.constant.real, every)
        put(columns + shift, rows + shift, re, problem.constant.real, off)
        if problem.shift is not None:
            ends = np.arange(n) + shift
            entries.append((ends, ends, np.full(n, problem.shift), np.full(n, -1.0)))
    for a, b, factor in (
        (rows + n, columns, 1.0),
        (columns + n, rows, -1.0),
        (columns, rows + n, 1.0),
        (rows, columns + n, -1.0),
    ):
        put(a, b, factor * im, factor * problem.constant.imag, off)
    row, column, index, value = (np.concatenate(part) for part in zip(*entries, strict=True))
    linear = scipy.sparse.csr_matrix((value, (row * 2 * n + column, index)), shape=(4 * n * n, problem.parameters))
    matrix = cvxpy.reshape(linear @ x, (2 * n, 2 * n), order="C") + constant
    constraints = [matrix >> 0]
    if problem.equality is not None:
        constraints.append(problem.equality @ x == 1)
    return CvxpyModel(cvxpy.Problem(cvxpy.Minimize(problem.cost @ x), constraints), x, constraints[0])


def solve_with_cvxpy(problem: ConicProblem, solver: str, tolerance: float, iterations: int) -> Point:
    """Solve with one of cvxpy's solvers and read the dual of the semidefinite constraint."""
    model = cvxpy_model(problem)
    options: dict[str, Any] = {
        "CLARABEL": {"tol_gap_abs": tolerance, "tol_gap_rel": tolerance, "tol_feas": tolerance, "max_iter": iterations},
        "SCS": {"eps_abs": tolerance, "eps_rel": tolerance, "max_iters": iterations},
    }.get(solver, {})
    try:
        with warnings.catch_warnings():
            # An inaccurate point may still round; the status is kept either way.
            warnings.simplefilter("ignore", UserWarning)
            model.problem.solve(solver=solver, **options)
    except cvxpy.error.SolverError as error:
        return Point(float("nan"), None, None, f"failed ({error})")
    status = str(model.problem.status)
    dual = model.positive.dual_value
    if status not in ("optimal", "optimal_inaccurate") or dual is None or not np.all(np.isfinite(dual)):
        return Point(float("nan"), None, None, status)
    n = problem.order
    dual = (dual + dual.T) / 2
    real = dual[:n, :n] + dual[n:, n:]
    imaginary = dual[n:, :n] - dual[:n, n:]
    return Point(float(model.problem.value), real - 1j * imaginary, np.asarray(model.parameters.value), status)
