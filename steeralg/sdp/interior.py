"""Conic problems for CLARABEL, an interior-point solver: accurate, for small problems, without a modelling layer.

Above: the chain of solvers. Below: conic problems. A block with complex entries is written as the real one
[[Re, -Im], [Im, Re]] of twice the order; real blocks stay as they are.
"""

from __future__ import annotations

from typing import Any

import clarabel
import numpy as np
import scipy.sparse

from steeralg.sdp.moments import Complex, Integers
from steeralg.sdp.problem import ConicProblem, Floats, Point
from steeralg.sdp.time_limit import seconds_left


def solve_interior(problem: ConicProblem, tolerance: float, iterations: int) -> Point:
    """Solve a conic problem with CLARABEL."""
    form = _Triangles(problem)
    settings = clarabel.DefaultSettings()
    settings.verbose = False
    settings.max_iter = iterations
    settings.tol_gap_abs = settings.tol_gap_rel = settings.tol_feas = tolerance
    left = seconds_left()
    if left is not None:
        settings.time_limit = left
    size = problem.parameters
    quadratic = scipy.sparse.csc_matrix((size, size))
    solver = clarabel.DefaultSolver(quadratic, problem.cost, form.matrix, form.right, form.cones, settings)
    solution = solver.solve()
    status = str(solution.status)
    parameters, dual = np.array(solution.x), np.array(solution.z)
    # An inaccurate point may still round; what is infeasible, or no point at all, is no suggestion.
    usable = status in ("Solved", "AlmostSolved", "InsufficientProgress", "MaxIterations")
    if not usable or not np.all(np.isfinite(dual)) or not np.all(np.isfinite(parameters)):
        return Point(float("nan"), None, None, status)
    return Point(float(problem.cost @ parameters), form.gram(dual), parameters, status)


class _Triangles:
    """`A x + s = b`: the normalisation if there is one, then the upper triangle of every block, column by column."""

    def __init__(self, problem: ConicProblem) -> None:
        self.problem = problem
        entries = problem.linear.tocoo()
        self.is_complex = bool(np.any(entries.data.imag) or np.any(problem.constant.imag))
        rows, columns = problem.rows, problem.columns
        orders = np.array(problem.blocks or (problem.order,))
        first = np.concatenate(([0], np.cumsum(orders)))
        block = np.searchsorted(first, columns, side="right") - 1
        order = orders[block]
        doubled = 2 * orders if self.is_complex else orders
        offset = (0 if problem.equality is None else 1) + np.concatenate(([0], np.cumsum(doubled * (doubled + 1) // 2)))
        self.diagonal = rows == columns
        low, high = columns - first[block], rows - first[block]  # low <= high: a place of the upper triangle

        def place(i: Integers, j: Integers) -> Integers:
            """The position of the entry in row i <= column j of the position's block."""
            return np.asarray(offset[block] + j * (j + 1) // 2 + i)

        # The lower triangle holds the entry (high, low); its mirror image, in the upper one, is the conjugate.
        parts = [(place(low, high), entries.data.real, problem.constant.real)]
        if self.is_complex:
            parts.append((place(low + order, high + order), entries.data.real, problem.constant.real))
            # In the upper right block, -Im: that of the mirror image at (low, high), that of the entry at (high, low).
            parts.append((place(low, high + order), entries.data.imag, problem.constant.imag))
            parts.append((place(high, low + order), -entries.data.imag, -problem.constant.imag))
        self.parts = parts
        scale = np.where(self.diagonal, 1.0, np.sqrt(2.0))
        root = np.sqrt(2.0)
        size = int(offset[-1])
        b = np.zeros(size)
        found: list[tuple[Any, Any, Any]] = []
        for number, (where, data, constant) in enumerate(parts):
            # The parts of the upper right block are off the diagonal everywhere; on its own diagonal Im is zero.
            factor = scale if number < 2 else np.full(len(rows), root)
            kept = np.ones(len(rows), bool) if number < 2 else ~self.diagonal
            b[where[kept]] += (factor * constant)[kept]
            chosen = kept[entries.row] & (data != 0)
            at = entries.row[chosen]
            found.append((where[at], entries.col[chosen], -(factor[at] * data[chosen])))
            if problem.shift is not None and number < 2:
                found.append((where[self.diagonal], np.full(problem.order, problem.shift), np.ones(problem.order)))
        if problem.equality is not None:
            support = np.flatnonzero(problem.equality)
            found.append((np.zeros(len(support), np.int64), support, problem.equality[support]))
            b[0] = 1.0
        row, column, value = (np.concatenate(part) for part in zip(*found, strict=True))
        self.matrix = scipy.sparse.csc_matrix((value, (row, column)), shape=(size, problem.parameters))
        self.right = b
        self.cones = [] if problem.equality is None else [clarabel.ZeroConeT(1)]
        self.cones += [clarabel.PSDTriangleConeT(int(d)) for d in doubled]

    def gram(self, dual: Floats) -> Complex:
        """Read conj(Y) off the dual variables."""
        problem, root = self.problem, np.sqrt(2.0)
        real = sum(dual[where] for where, _, _ in self.parts[:2])
        values = np.asarray(real, np.complex128)
        off = ~self.diagonal
        values[off] /= root
        if self.is_complex:
            (first, _, _), (second, _, _) = self.parts[2:]
            values[off] += 1j * (dual[first] - dual[second])[off] / root
        result = np.zeros((problem.order, problem.order), np.complex128)
        # Y stands here as its lower triangle: Y[row, column]; the Gram matrix is its conjugate.
        result[problem.rows, problem.columns] = values.conj()
        result[problem.columns, problem.rows] = values
        return result
