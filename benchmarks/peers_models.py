"""Floating-point decisions about models: `python peers_models.py METHOD FILE` prints a line of JSON.

Needs numpy, scipy, cvxpy; called by `models.py`. The file has `outcomes[k][x]`, the real and imaginary parts of the
elements (settings outermost, then outcomes), and, for Table I, `directions`. CPU seconds, after the imports and a small
problem; see `fresh.py`. Methods:

- `hidden states SCS`, `hidden states CLARABEL`: the largest t with positive hidden states sigma_lambda >= t 1, one for
  each deterministic strategy, that add up to the elements; one equation for each element that others do not decide
  (the usual program, cf. Cavalcanti and Skrzypczyk, Rep. Prog. Phys. 80, 024001 (2017), in cvxpy).
- `HiGHS`: weights of the deterministic strategies of a behaviour, by scipy's `linprog`.
- `HiGHS responses`: weights and responses to given directions, for all projective measurements of a qubit.
- `numpy`: the measurements of one black box on a purification of the reduced state (GHJW).
"""

from __future__ import annotations

import json
import sys
from itertools import product
from pathlib import Path

import cvxpy as cp
import fresh
import numpy as np
from scipy.optimize import linprog

Verdict = tuple[str, str]
"""local | not local | quantum | undecided, and a remark."""

TOLERANCES = {"SCS": 1e-5, "CLARABEL": 1e-8}
"""Those that cvxpy and the solver have by default."""


class Data:
    """The elements of an assemblage, and which deterministic strategies answer to them."""

    def __init__(self, problem: dict) -> None:
        self.outcomes = problem["outcomes"]
        self.elements = np.array(problem["re"]) + 1j * np.array(problem["im"])
        self.directions = np.array(problem.get("directions", []))
        settings = product(*(range(len(box)) for box in self.outcomes))
        self.labels = [(a, x) for x in settings for a in product(*map(range, self.counts(x)))]

    def counts(self, x: tuple[int, ...]) -> list[int]:
        return [box[setting] for box, setting in zip(self.outcomes, x, strict=True)]

    def answers(self) -> np.ndarray:
        """A row for every label, a column for every strategy: 1 where the strategy has these outcomes."""
        boxes = [np.array(list(product(*map(range, box)))) for box in self.outcomes]
        rows = []
        for a, x in self.labels:
            row = np.ones(1)
            for box, outcome, setting in zip(boxes, a, x, strict=True):
                row = np.kron(row, box[:, setting] == outcome)
            rows.append(row)
        return np.array(rows)


def hidden_states(data: Data, solver: str) -> Verdict:
    """One black box: elements of the last outcome of a setting but the first are decided by the others."""
    answers, dim = data.answers(), data.elements.shape[1]
    states = [cp.Variable((dim, dim), hermitian=True) for _ in range(answers.shape[1])]
    least = cp.Variable()
    constraints = [state >> least * np.eye(dim) for state in states]
    for (a, x), row, element in zip(data.labels, answers, data.elements, strict=True):
        if x[0] == 0 or a[0] < data.counts(x)[0] - 1:
            constraints.append(sum(state for state, hit in zip(states, row, strict=True) if hit) == element)
    problem = cp.Problem(cp.Maximize(least), constraints)
    try:
        problem.solve(solver=solver)
    except cp.error.SolverError:
        return "undecided", "solver error"
    remark = f"t = {problem.value:.3g} ({problem.status}), solver alone {problem.solver_stats.solve_time:.3g} s"
    if abs(problem.value) <= 10 * TOLERANCES[solver]:
        return "undecided", remark
    return "local" if problem.value > 0 else "not local", remark


def behaviour(data: Data) -> Verdict:
    found = linprog(
        np.zeros(data.answers().shape[1]), A_eq=data.answers(), b_eq=data.elements[:, 0, 0].real, method="highs"
    )
    return {0: "local", 2: "not local"}.get(found.status, "undecided"), f"status {found.status}"


def responses(data: Data) -> Verdict:
    """Unknowns: for every strategy its weight w and its responses q_k, 0 <= q_k <= w."""
    answers, count = data.answers(), len(data.directions)
    pauli = np.array([[[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])
    traces = np.trace(data.elements, axis1=1, axis2=2).real
    vectors = np.einsum("kij,lji->lk", pauli, data.elements).real
    right = [traces, *((traces + vectors @ v) / 2 for v in data.directions)]
    equations = np.kron(np.eye(1 + count), answers)
    below = np.hstack([-np.kron(np.ones((count, 1)), np.eye(answers.shape[1])), np.eye(count * answers.shape[1])])
    found = linprog(
        np.zeros(equations.shape[1]),
        A_ub=below,
        b_ub=np.zeros(len(below)),
        A_eq=equations,
        b_eq=np.concatenate(right),
        method="highs",
    )
    return {0: "local", 2: "not local"}.get(found.status, "undecided"), f"status {found.status}"


def purified(data: Data) -> Verdict:
    """The effects (rho^-1/2 sigma rho^-1/2)^T, and how far what they steer to is from the data."""
    reduced = data.elements[: data.outcomes[0][0]].sum(axis=0)
    values, vectors = np.linalg.eigh(reduced)
    root = vectors @ np.diag(np.sqrt(values)) @ vectors.conj().T
    inverse = np.linalg.inv(root)
    effects = (inverse @ data.elements @ inverse).transpose(0, 2, 1)
    psi = root.T.reshape(-1)
    dim = len(root)
    state = np.outer(psi, psi.conj()).reshape(dim, dim, dim, dim)
    steered = np.einsum("lij,jaib->lab", effects, state)
    error = abs(steered - data.elements).max()
    return "quantum" if error < 1e-9 else "undecided", f"error {error:.1e}"


METHODS = {
    "hidden states SCS": lambda data: hidden_states(data, "SCS"),
    "hidden states CLARABEL": lambda data: hidden_states(data, "CLARABEL"),
    "HiGHS": behaviour,
    "HiGHS responses": responses,
    "numpy": purified,
}


def main() -> None:
    method, problem = METHODS[sys.argv[1]], json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
    warm_up(sys.argv[1])
    fresh.limit()
    (verdict, remark), seconds = fresh.measured(lambda: method(Data(problem)))
    print(json.dumps({"verdict": verdict, "status": remark, "seconds": seconds}))


def warm_up(name: str) -> None:
    """Decide about a maximally mixed system and a fair coin: imports that happen late, and the solver's own."""
    dim = 1 if name == "HiGHS" else 2
    element = (np.eye(dim) / (2 * dim)).tolist()
    coin = {"outcomes": [[2]], "re": [element] * 2, "im": [np.zeros((dim, dim)).tolist()] * 2}
    METHODS[name](Data(coin | {"directions": [[1, 0, 0], [0, 0, 1]]}))


if __name__ == "__main__":
    main()
