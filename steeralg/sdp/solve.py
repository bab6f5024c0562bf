"""The chain of solvers, loosest tolerance first: alternating directions, SCS on the complex cone, CLARABEL.

Above: certificates. Below: conic problems, alternating directions, interior points, cvxpy models. A solution is a
suggestion: its status only says whether to look at it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import scipy.sparse
import scs

from steeralg.errors import SolverError
from steeralg.sdp.interior import solve_interior
from steeralg.sdp.moments import Complex
from steeralg.sdp.problem import ConicProblem, Floats, Point
from steeralg.sdp.splitting import UNFINISHED, Splitting
from steeralg.sdp.threads import steps_on_one_thread
from steeralg.sdp.time_limit import seconds_left, time_is_over


@dataclass(frozen=True)
class Attempt:
    """One link of the chain: a solver, its tolerance, and a limit on its iterations."""

    solver: Literal["splitting", "scs", "clarabel", "cvxpy:CLARABEL", "cvxpy:SCS"]
    tolerance: float
    iterations: int
    largest_order: int = 10**9

    def __str__(self) -> str:
        return f"{self.solver}, tolerance {self.tolerance:g}"


class Chain(tuple[Attempt, ...]):
    """Solvers in the order they are tried."""

    def __repr__(self) -> str:
        solvers = ", ".join(dict.fromkeys(attempt.solver for attempt in self))
        return f"<chain of {len(self)} attempts: {solvers}>"


DEFAULT_CHAIN = Chain(
    (
        Attempt("splitting", 3e-2, 60),
        Attempt("splitting", 3e-3, 100),
        Attempt("scs", 1e-3, 5_000),
        Attempt("scs", 1e-4, 10_000),
        Attempt("scs", 1e-6, 50_000),
        Attempt("scs", 1e-8, 200_000),
        Attempt("scs", 1e-10, 200_000),
        Attempt("clarabel", 1e-10, 200, largest_order=32),
    )
)
"""Loose tolerances first: the sooner a point rounds, the shorter the proof."""

ACCURATE_CHAIN = Chain(
    (
        Attempt("clarabel", 1e-12, 200, largest_order=48),
        Attempt("scs", 1e-10, 400_000),
    )
)
"""For optima that are to be recognised: the most accurate first."""

SYMMETRIC_CHAIN = Chain(
    (
        Attempt("clarabel", 1e-10, 200, largest_order=24),
        Attempt("scs", 1e-3, 5_000),
        *(Attempt("scs", 1e-7, 2_500),) * 20,
    )
)
"""For symmetric relaxations: small blocks have accurate solutions at once, of large ones every stretch is looked at."""

INTERRUPTED = -5
"""What SCS returns when the user has interrupted it."""


@dataclass(frozen=True, eq=False)
class Solution:
    """What a solver suggests: the objective, the Gram matrix conj(Y), the parameters, and how it came about."""

    objective: float
    gram: Complex
    parameters: Floats
    attempt: Attempt
    status: str

    def figure(self, sign: int) -> str:
        """Return the objective, times a sign, as it is quoted in messages, with the solver and its tolerance."""
        return f"{sign * self.objective:.9g} ({self.attempt})"

    @property
    def is_clearly_inside(self) -> bool:
        """Whether a membership problem's largest t is positive beyond the solver's tolerance."""
        return self.status != UNFINISHED and -self.objective > 10 * self.attempt.tolerance


@steps_on_one_thread
def solutions(problem: ConicProblem, chain: Sequence[Attempt] = DEFAULT_CHAIN) -> Iterator[Solution]:
    """Yield a solution for every link of the chain that returns a usable point, each warm-started from the last.

    Raises SolverError, naming every status, if no link did. Within a time limit (`time_limit`) links stop when it is
    over, and no further one is tried.
    """
    statuses: list[str] = []
    usable = 0
    splitting: Splitting | None = None
    cone: ConeForm | None = None
    for attempt in chain:
        if time_is_over():
            statuses.append("the time was up")
            break
        order = max(problem.blocks, default=problem.order)
        if order > attempt.largest_order:
            statuses.append(f"{attempt.solver}: skipped, order {order} > {attempt.largest_order}")
            continue
        if attempt.solver == "scs":
            if cone is None:
                cone = ConeForm(problem)
                if splitting is not None and splitting.is_usable:
                    cone.begin(*splitting.position)
            solution, status = cone.solve(attempt)
        else:
            if attempt.solver == "splitting":
                splitting = splitting or Splitting(problem)
                point = splitting.solve(attempt.tolerance, attempt.iterations)
            else:
                point = _point(problem, attempt)
            solution, status = None, point.status
            if point.gram is not None and point.parameters is not None:
                solution = Solution(point.objective, point.gram, point.parameters, attempt, status)
        statuses.append(f"{attempt}: {status}")
        if solution is not None:
            usable += 1
            yield solution
    if not usable:
        raise SolverError("no solver returned a usable point: " + "; ".join(statuses))


def _point(problem: ConicProblem, attempt: Attempt) -> Point:
    if attempt.solver == "clarabel":
        return solve_interior(problem, attempt.tolerance, attempt.iterations)
    # cvxpy takes longer to import than most problems to solve; only these links need it.
    from steeralg.sdp.model import solve_with_cvxpy

    return solve_with_cvxpy(problem, attempt.solver.split(":")[1], attempt.tolerance, attempt.iterations)


class ConeForm:
    """The problem in SCS form `A x + s = b`, s in the zero cone (normalisation) times semidefinite cones, complex ones
    unless all entries are real.
    """

    def __init__(self, problem: ConicProblem) -> None:
        self.problem = problem
        diagonal = problem.rows == problem.columns
        self.real = not problem.linear.data.imag.any() and not problem.constant.imag.any()
        width = np.where(diagonal | self.real, 1, 2)
        offset = 0 if problem.equality is None else 1
        start = offset + np.concatenate(([0], np.cumsum(width)[:-1]))
        scale = np.where(diagonal, 1.0, np.sqrt(2.0))
        size = offset + int(width.sum())
        entries = problem.linear.tocoo()
        off = (~diagonal)[entries.row] & (entries.data.imag != 0)
        on = entries.data.real != 0
        row = [start[entries.row[on]], start[entries.row[off]] + 1]
        column = [entries.col[on], entries.col[off]]
        value = [-(scale[entries.row] * entries.data.real)[on], -(np.sqrt(2.0) * entries.data.imag)[off]]
        if problem.shift is not None:
            row.append(start[diagonal])
            column.append(np.full(problem.order, problem.shift))
            value.append(np.ones(problem.order))
        b = np.zeros(size)
        b[start] = problem.constant.real * scale
        if not self.real:
            b[start[~diagonal] + 1] = problem.constant.imag[~diagonal] * np.sqrt(2.0)
        cone: dict[str, object] = {"s" if self.real else "cs": list(problem.blocks or (problem.order,))}
        if problem.equality is not None:
            support = np.flatnonzero(problem.equality)
            row.append(np.zeros(len(support), np.int64))
            column.append(support)
            value.append(problem.equality[support])
            b[0] = 1.0
            cone["z"] = 1
        a = scipy.sparse.csc_matrix(
            (np.concatenate(value), (np.concatenate(row), np.concatenate(column))), shape=(size, problem.parameters)
        )
        self.data = {"A": a, "b": b, "c": problem.cost}
        self.cone = cone
        self.start, self.diagonal = start, diagonal
        self.last: dict[str, Floats] = {}

    def begin(self, parameters: Floats, slack: Complex, gram: Complex, multiplier: float) -> None:
        """Start from parameters, conj(S), conj(Y) and the multiplier of the normalisation."""
        s, y = self._vector(slack), self._vector(gram)
        if self.problem.equality is not None:
            y[0] = multiplier
        self.last = {"x": parameters, "y": y, "s": s}

    def solve(self, attempt: Attempt) -> tuple[Solution | None, str]:
        """Return a solution, or None, and the solver's status."""
        settings = {"eps_abs": attempt.tolerance, "eps_rel": attempt.tolerance, "max_iters": attempt.iterations}
        left = seconds_left()
        if left is not None:
            settings["time_limit_secs"] = left
        solver = scs.SCS(self.data, self.cone, verbose=False, **settings)
        result = solver.solve(warm_start=bool(self.last), **self.last)
        status = str(result["info"]["status"])
        if result["info"]["status_val"] == INTERRUPTED:
            # The solver catches the signal; what it leaves is no solution.
            raise KeyboardInterrupt
        # 1 is solved, 2 solved inaccurately; infeasible or unbounded points are no solutions.
        if result["info"]["status_val"] not in (1, 2) or not np.all(np.isfinite(result["y"])):
            return None, status
        self.last = {key: result[key] for key in ("x", "y", "s")}
        return Solution(float(result["info"]["dobj"]), self._gram(result["y"]), result["x"], attempt, status), status

    def _vector(self, matrix: Complex) -> Floats:
        """Return the coordinates of a conjugated matrix."""
        values, off = matrix[self.problem.columns, self.problem.rows], ~self.diagonal
        result = np.zeros(len(self.data["b"]))
        result[self.start] = np.where(off, np.sqrt(2.0), 1.0) * values.real
        result[self.start[off] + 1] = np.sqrt(2.0) * values.imag[off]
        return result

    def _gram(self, y: Floats) -> Complex:
        problem, n = self.problem, self.problem.order
        values = y[self.start].astype(np.complex128)
        off = ~self.diagonal
        values[off] = y[self.start[off]] / np.sqrt(2.0)
        if not self.real:
            values[off] += 1j * y[self.start[off] + 1] / np.sqrt(2.0)
        gram = np.zeros((n, n), np.complex128)
        gram[problem.columns, problem.rows] = values
        gram[problem.rows, problem.columns] = np.conj(values)
        return gram
