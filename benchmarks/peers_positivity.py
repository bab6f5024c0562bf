"""Floating-point verdicts on block positivity: `python peers_positivity.py METHOD FILE` prints a line of JSON.

In an environment with toqito and cvxpy; called by `positivity.py`. The file has `dims` and the real and imaginary parts
of the operator. CPU seconds, after the imports and a tiny problem for the solver; see `fresh.py`. Methods:

- `toqito is_positive`: `toqito.channel_props.is_positive` of a Choi matrix.
- `toqito is_block_positive`: `toqito.matrix_props.is_block_positive`, adapted from QETLAB's IsBlockPositive: a
  randomised search for a product vector, then bounds by PPT and by symmetric extension (cvxpy with SCS). It takes two
  factors; what it is given for more are all dimensions.
- `extension SCS`, `extension CLARABEL`: the method of these functions written for any number of factors, in as few real
  variables as it needs. Descent from random product vectors; then the least tr(W rho) over states rho with a symmetric
  extension to one and then two copies of the last factor, positive and with positive partial transposes. The verdict
  is *positive* above minus ten times the solver's tolerance.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from itertools import combinations
from math import prod
from pathlib import Path

import cvxpy as cp
import fresh
import numpy as np

Verdict = tuple[str, str]
"""positive | not positive | undecided, and a remark."""

TOLERANCES = {"SCS": 1e-5, "CLARABEL": 1e-8}
"""Those that cvxpy and the solver have by default."""
STARTS, ROUNDS = 10, 100


def named(positive: bool) -> str:
    return "positive" if positive else "not positive"


def toqito_is_positive(operator: np.ndarray, dims: list[int]) -> Verdict:
    from toqito.channel_props import is_positive

    return named(is_positive(operator)), "tests complete positivity"


def toqito_is_block_positive(operator: np.ndarray, dims: list[int]) -> Verdict:
    from toqito.matrix_props import is_block_positive

    np.random.seed(1)
    try:
        return named(is_block_positive(operator, dim=dims)), "" if len(dims) == 2 else "takes two factors only"
    except RuntimeError:
        return "undecided", "bounds too far apart"


def extension(operator: np.ndarray, dims: list[int], solver: str) -> Verdict:
    """Product vectors first, then one and two copies of the last factor."""
    tolerance = 10 * TOLERANCES[solver]
    least = product_vectors(operator, dims)
    if least < -tolerance:
        return "not positive", f"value {least:.3g} at a product vector"
    for copies in (1, 2):
        problem = extension_problem(operator, dims, copies)
        try:
            problem.solve(solver=solver)
        except cp.error.SolverError:
            return "undecided", "solver error"
        remark = f"{copies} copies: {problem.value:.3g} ({problem.status})"
        if problem.value >= -tolerance:
            return "positive", remark
    return "undecided", remark


def product_vectors(operator: np.ndarray, dims: list[int]) -> float:
    """The least value found: in turn every factor becomes the least eigenvector of what the others leave."""
    generator = np.random.default_rng(1)
    table, n, values = operator.reshape(*dims, *dims), len(dims), []
    for _ in range(STARTS):
        vectors = [generator.normal(size=d) + 1j * generator.normal(size=d) for d in dims]
        vectors = [v / np.linalg.norm(v) for v in vectors]
        value = np.inf
        for _ in range(ROUNDS):
            before = value
            for free in range(n):
                operands = [table, list(range(2 * n))]
                for k in set(range(n)) - {free}:
                    operands += [vectors[k].conj(), [k], vectors[k], [n + k]]
                sizes, columns = np.linalg.eigh(np.einsum(*operands, [free, n + free]))
                vectors[free], value = columns[:, 0], sizes[0]
            if before - value < 1e-12:
                break
        values.append(float(value))
    return min(values)


def extension_problem(operator: np.ndarray, dims: list[int], copies: int) -> cp.Problem:
    """Minimise tr(W rho); the last factor stands in its symmetric space."""
    factors = [*dims, *[dims[-1]] * (copies - 1)]
    embedding = np.kron(np.eye(prod(dims[:-1])), symmetric(dims[-1], copies))
    order, real = embedding.shape[1], np.isrealobj(operator)
    state = cp.Variable((order, order), symmetric=True) if real else cp.Variable((order, order), hermitian=True)
    whole = embedding @ state @ embedding.T
    reduced = whole if copies == 1 else cp.partial_trace(whole, [prod(dims), dims[-1]], axis=1)
    constraints = [state >> 0, trace(state) == 1]
    for cut in cuts(len(dims)):
        turned = whole
        for factor in cut:
            turned = cp.partial_transpose(turned, factors, axis=factor)
        constraints.append(turned >> 0)
    return cp.Problem(cp.Minimize(trace(operator @ reduced)), constraints)


def trace(matrix: cp.Expression) -> cp.Expression:
    """The trace of what has a real one; cvxpy takes no real part where nothing is complex."""
    return cp.real(cp.trace(matrix)) if matrix.is_complex() else cp.trace(matrix)


def symmetric(dim: int, copies: int) -> np.ndarray:
    """An orthonormal basis of the symmetric space of one or two copies, as columns."""
    if copies == 1:
        return np.eye(dim)
    columns = []
    for i in range(dim):
        for j in range(i, dim):
            square = np.zeros((dim, dim))
            square[i, j] = square[j, i] = 1 if i == j else np.sqrt(0.5)
            columns.append(square.ravel())
    return np.array(columns).T


def cuts(factors: int) -> Iterator[tuple[int, ...]]:
    """Sets of factors to be transposed: not the first one, and of the last one a single copy."""
    for size in range(1, factors):
        yield from combinations(range(1, factors), size)


METHODS = {
    "toqito is_positive": toqito_is_positive,
    "toqito is_block_positive": toqito_is_block_positive,
    "extension SCS": lambda operator, dims: extension(operator, dims, "SCS"),
    "extension CLARABEL": lambda operator, dims: extension(operator, dims, "CLARABEL"),
}


def main() -> None:
    method, problem = METHODS[sys.argv[1]], json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
    operator = np.array(problem["re"])
    if np.any(problem["im"]):
        operator = operator + 1j * np.array(problem["im"])
    # The transposition of a qubit, which every method takes: imports that happen late, and the solver's own.
    method(np.eye(4)[[0, 2, 1, 3]], [2, 2])
    fresh.limit()
    (verdict, remark), seconds = fresh.measured(lambda: method(operator, problem["dims"]))
    print(json.dumps({"verdict": verdict, "status": remark, "seconds": seconds}))


if __name__ == "__main__":
    main()
