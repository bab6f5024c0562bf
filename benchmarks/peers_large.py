"""Least values of functionals on larger levels, in floats: `python peers_large.py PEER FORM SOLVER FILE SECONDS [EPS]`.

In an environment with the peer; called by `peers.py`, one process for each figure, one line of JSON. The file has
`settings`, `outcomes`, `dim`, `level` and the real and imaginary parts of the operators F[a|x], indexed x1, x2, a1, a2;
two black boxes. Minimised is the value over the level, total trace 1. CPU seconds, after the imports and a tiny problem
for the solver; see `fresh.py`. Forms:

- `MoMPy to_cvxpy`: MoMPy's own model. Scalars are taken real (`hermitian=True`), blocks need `hermitian=False`.
- `MoMPy v-form`: MoMPy's index map, with one cvxpy block for every class and its adjoint at the transposed class.
- `toqito npa_constraints`: around `toqito.state_opt.npa_hierarchy.npa_constraints`, weaker than the level it names
  where a word and its adjoint both occur (see `peers_toqito.py`).
"""

from __future__ import annotations

import json
import sys
import time
import warnings
from itertools import product
from pathlib import Path

import cvxpy as cp
import fresh
import numpy as np

Letter = tuple[int, int]
Word = tuple[Letter, ...]
"""Of one party: settings and outcomes, the last outcome of a setting eliminated."""


class Data:
    """A functional and a level, as they are in the file."""

    def __init__(self, problem: dict) -> None:
        self.settings, self.outcomes = problem["settings"], problem["outcomes"]
        self.dim, self.level = problem["dim"], problem["level"]
        self.operators = np.array(problem["re"]) + 1j * np.array(problem["im"])

    def words(self) -> list[tuple[Word, Word]]:
        """Pairs of words of the two parties, the empty one first: 1+AB, or all up to a length."""
        letters = list(product(range(self.settings), range(self.outcomes - 1)))
        longest = 1 if self.level == "1+AB" else int(self.level)
        alone: list[Word] = [()]
        for word in alone:
            if len(word) < longest:
                alone += [(*word, s) for s in letters if not word or word[-1][0] != s[0]]
        whole = self.level == "1+AB"
        return [(v, w) for v, w in product(alone, repeat=2) if whole or len(v) + len(w) <= longest]

    def coefficients(self) -> dict[tuple[Word, Word], np.ndarray]:
        """The functional on words of at most one letter for each party."""
        found: dict[tuple[Word, Word], np.ndarray] = {}
        for x, y, a, b in product(*map(range, (self.settings, self.settings, self.outcomes, self.outcomes))):
            for (v, s), (w, t) in product(self.effect(x, a), self.effect(y, b)):
                found[v, w] = found.get((v, w), 0) + s * t * self.operators[x, y, a, b]
        return found

    def effect(self, setting: int, outcome: int) -> list[tuple[Word, int]]:
        if outcome < self.outcomes - 1:
            return [(((setting, outcome),), 1)]
        return [((), 1), *((((setting, a),), -1) for a in range(self.outcomes - 1))]


def mompy(data: Data, form: str) -> cp.Problem:
    """The problem around MoMPy's moment matrix."""
    from MoMPy import MomentProblem, OperatorSet

    operators = OperatorSet()
    parties = [operators.add_povm_family(data.settings, data.outcomes - 1) for _ in range(2)]
    operators.declare_commuting(*([label for box in party for label in box] for party in parties))

    def labels(pair: tuple[Word, Word]) -> list[int]:
        return [party[x][a] for party, word in zip(parties, pair, strict=True) for x, a in word] or [0]

    monomials = [labels(pair) for pair in data.words()[1:]]
    scalar = data.dim == 1
    matrix = MomentProblem(
        monomials, operators.algebra(), dim=data.dim, cyclicity=False, hermitian=scalar and form == "to_cvxpy"
    ).build()
    if form == "to_cvxpy":
        model = matrix.to_cvxpy()
        constraints, block = list(model.constraints), model.__getitem__
    else:
        blocks = linked(matrix, data.dim)
        whole = cp.bmat([[blocks[int(index)] for index in row] for row in matrix.matrix])
        constraints = [whole >> 0]

        def block(word: list[int]) -> cp.Expression:
            return blocks[matrix.index_of(word)]

    if scalar:
        terms = [float(c[0, 0].real) * real(block(labels(p))) for p, c in data.coefficients().items()]
        constraints.append(real(block([0])) == 1)
    else:
        terms = [cp.real(cp.trace(c @ block(labels(p)))) for p, c in data.coefficients().items()]
        constraints.append(cp.real(cp.trace(block([0]))) == 1)
    return cp.Problem(cp.Minimize(sum(terms)), constraints)


def real(number: cp.Expression) -> cp.Expression:
    """The real part; cvxpy takes none where nothing is complex."""
    return cp.real(number) if number.is_complex() else number


def linked(matrix: object, dim: int) -> dict[int, cp.Expression]:
    """One block for every class, that of the adjoint class its adjoint."""
    blocks: dict[int, cp.Expression] = {}
    for row, column in zip(*np.triu_indices(matrix.n), strict=True):
        index, adjoint = int(matrix.matrix[row, column]), int(matrix.matrix[column, row])
        if index in blocks:
            continue
        if index == matrix.zero_index:
            blocks[index] = cp.Constant(np.zeros((dim, dim)))
        elif index == adjoint:
            blocks[index] = cp.Variable((dim, dim), hermitian=True)
        else:
            blocks[index] = cp.Variable((dim, dim), complex=True)
            blocks[adjoint] = blocks[index].H
    return blocks


def toqito(data: Data, form: str) -> cp.Problem:
    """The problem around toqito's constraints."""
    from toqito.state_opt.npa_hierarchy import npa_constraints

    questions, answers = (list(product(range(n), repeat=2)) for n in (data.settings, data.outcomes))
    blocks = {(*q, *a): cp.Variable((data.dim, data.dim), hermitian=True) for q in questions for a in answers}
    many = range(data.outcomes)
    assemblage = {q: cp.bmat([[blocks[*q, a, b] for b in many] for a in many]) for q in questions}
    value = sum(cp.real(cp.trace(data.operators[index] @ block)) for index, block in blocks.items())
    level = "1+ab" if data.level == "1+AB" else int(data.level)
    return cp.Problem(cp.Minimize(value), npa_constraints(assemblage, level, referee_dim=data.dim))


def main() -> None:
    peer, form, solver, path, seconds, *eps = sys.argv[1:]
    warnings.simplefilter("ignore")
    data = Data(json.loads(Path(path).read_text(encoding="utf-8")))
    tiny = cp.Variable((2, 2), hermitian=True)
    cp.Problem(cp.Minimize(cp.real(cp.trace(tiny))), [tiny >> np.eye(2)]).solve(solver=solver)
    fresh.limit(int(seconds))
    start = time.process_time()
    problem = {"MoMPy": mompy, "toqito": toqito}[peer](data, form)
    built = time.process_time()
    options = {"eps": float(eps[0]), "max_iters": 100_000} if eps else {}
    try:
        problem.solve(solver=solver, **options)
        value, status = problem.value, str(problem.status)
    except cp.error.SolverError:
        value, status = None, "solver error"
    done = time.process_time()
    figures = {"build_seconds": built - start, "solve_seconds": done - built, "cpu_seconds": done - start}
    print(json.dumps({"value": value, "status": status, **figures, "peak_mb": fresh.peak_mb()}))


if __name__ == "__main__":
    main()
