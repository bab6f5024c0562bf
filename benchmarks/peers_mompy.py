"""MoMPy: floating-point build and solve of the 1+AB relaxation.

Usage: ``python peers_mompy.py breuer-hall|noise|random|printed|hermitian-flag [--seed N]``, in an environment with
MoMPy, cvxpy, scs, clarabel (and cvxopt, if it is to be tried). Output and method of measuring: :mod:`peers_common`.
Use an environment of its own: toqito pins older versions of cvxpy and scs, MoMPy does not, and the newer SCS is up to
twice as fast here. The values quoted below are MoMPy 1.2.0.

- ``breuer-hall``: maximise t such that the moment matrix with observed blocks fixed to the Breuer-Hall assemblage
  is at least ``t * 1``. A negative t says "outside", in floats.
- ``noise``: the least r such that ``(1 - r) sigma + r noise`` is in the relaxation, sigma the Breuer-Hall assemblage,
  noise the uniform outcomes with the maximally mixed state. (SCS is slow here and is left out.)
- ``random``: minimise the seeded integer functional :func:`peers_common.random_functional`.
- ``printed``: minimise minus the functional printed in SAPHS18 Table 1.
- ``hermitian-flag``: the evidence for the second caveat below.

Two formulations, both of which MoMPy supports and both tried:

- ``to_cvxpy``: MoMPy's own block model, ``MomentProblem(..., dim=4, cyclicity=False, hermitian=False)`` and
  ``to_cvxpy``. Each class is a general complex block, observed blocks are fixed by equality constraints.
- ``v-form``: MoMPy's index map only. The user writes one 4 x 4 cvxpy block per class and its adjoint at the
  transposed class; observed blocks are constants in the membership problem.

Caveats. (i) ``to_cvxpy`` does not link a class to its adjoint's, but its positivity constraint is on ``G + G.H``, which
is a linked moment matrix (average each class with its adjoint's): both formulations give the same value, as measured.
The price is a redundant anti-Hermitian half, on which CVXOPT fails. (ii) ``hermitian=True``, MoMPy's default, forces
every block to be Hermitian and is no relaxation for blocks: it gives t = -0.0558 for the *quantum* assemblage from
which the Breuer-Hall one is made (``hermitian-flag``; the valid value is 0). MoMPy's documentation asks for
``hermitian=False`` with blocks, so that is what is timed here.
"""

from collections.abc import Mapping

import cvxpy as cp
import numpy as np
from MoMPy import MomentMatrix, MomentProblem, OperatorSet
from peers_common import (
    CLARABEL,
    CVXOPT,
    DIM,
    MONOMIALS,
    SCS,
    SIZE,
    Monomial,
    Outcome,
    Setting,
    breuer_hall,
    collect,
    main,
    observed,
    printed_functional,
    quantum_assemblage,
    random_functional,
    scs,
    solve_timed,
    white_noise,
)

Blocks = dict[Monomial, cp.Expression]

HERMITIAN_FLAG = "to_cvxpy, hermitian="


def moment_matrix(hermitian: bool = False) -> tuple[MomentMatrix, dict[Monomial, list[int]]]:
    """MoMPy's 9 x 9 index map of 1+AB, and the word of labels of each observed monomial."""
    operators = OperatorSet()
    first = operators.add_family(2, idempotent=True)
    second = operators.add_family(2, idempotent=True)
    operators.declare_commuting(first, second)
    words = {
        (x, y): ([] if x is None else [first[x]]) + ([] if y is None else [second[y]]) or [0] for x, y in MONOMIALS
    }
    monomials = [word for key, word in words.items() if key != (None, None)]
    problem = MomentProblem(monomials, operators.algebra(), dim=DIM, cyclicity=False, hermitian=hermitian)
    return problem.build(), words


def native(hermitian: bool = False) -> tuple[cp.Expression, Blocks, list[cp.Constraint]]:
    """MoMPy's block model: the Hermitian part of its G, the observed blocks, and its structural constraints."""
    matrix, words = moment_matrix(hermitian)
    model = matrix.to_cvxpy(psd=False)
    return (model.G + model.G.H) / 2, {key: model[word] for key, word in words.items()}, list(model.constraints)


def v_form(fixed: Mapping[Monomial, cp.Expression] | None = None) -> tuple[cp.Expression, Blocks]:
    """One block per class, adjoint classes linked, observed classes replaced where ``fixed`` says so."""
    matrix, words = moment_matrix()
    blocks: dict[int, cp.Expression] = {}
    for key, value in (fixed or {}).items():
        blocks[matrix.index_of(words[key])] = value
    for row in range(matrix.n):
        for column in range(row, matrix.n):
            index, adjoint = int(matrix.matrix[row, column]), int(matrix.matrix[column, row])
            if index in blocks:
                continue
            if index == adjoint:
                blocks[index] = cp.Variable((DIM, DIM), hermitian=True)
            else:
                blocks[index] = cp.Variable((DIM, DIM), complex=True)
                blocks[adjoint] = blocks[index].H
    whole = cp.bmat([[blocks[int(index)] for index in row] for row in matrix.matrix])
    return whole, {key: blocks[matrix.index_of(word)] for key, word in words.items()}


def membership(form: str, sigma: np.ndarray) -> cp.Problem:
    """Maximise t with observed blocks fixed and the moment matrix at least ``t * 1``."""
    t = cp.Variable()
    fixed = {key: cp.Constant(value) for key, value in observed(sigma).items()}
    if form == "v-form":
        whole, _ = v_form(fixed)
        constraints = []
    else:
        whole, blocks, constraints = native(hermitian=form == HERMITIAN_FLAG + "True")
        constraints += [blocks[key] == fixed[key] for key in MONOMIALS]
    return cp.Problem(cp.Maximize(t), [*constraints, whole - t * np.eye(SIZE) >> 0])


def noise(form: str, sigma: np.ndarray) -> cp.Problem:
    """The least admixture r of uniform noise that the relaxation accepts."""
    r = cp.Variable()
    mixed = observed(white_noise())
    fixed = {key: (1 - r) * value + r * mixed[key] for key, value in observed(sigma).items()}
    if form == "v-form":
        (whole, _), constraints = v_form(fixed), []
    else:
        whole, blocks, constraints = native()
        constraints += [blocks[key] == fixed[key] for key in MONOMIALS]
    return cp.Problem(cp.Minimize(r), [*constraints, whole >> 0])


def minimum(form: str, functional: np.ndarray) -> cp.Problem:
    """Minimise a functional over the relaxation, total trace 1."""
    if form == "v-form":
        (whole, blocks), constraints = v_form(), []
    else:
        whole, blocks, constraints = native()
    coefficients = collect(functional)
    objective = sum(cp.real(cp.trace(coefficients[key] @ blocks[key])) for key in MONOMIALS)
    constraints = [*constraints, whole >> 0, cp.real(cp.trace(blocks[None, None])) == 1]
    return cp.Problem(cp.Minimize(objective), constraints)


def execute(problem: str, setting: Setting, seed: int) -> Outcome:
    """Build and solve one problem from nothing."""
    if problem in ("breuer-hall", "hermitian-flag"):
        sigma = breuer_hall() if problem == "breuer-hall" else quantum_assemblage()
        return solve_timed(lambda: membership(setting.form, sigma), setting.options)
    if problem == "noise":
        sigma = breuer_hall()
        return solve_timed(lambda: noise(setting.form, sigma), setting.options)
    functional = random_functional(seed) if problem == "random" else printed_functional()
    return solve_timed(lambda: minimum(setting.form, functional), setting.options)


TRIED = [
    Setting(form, solver, options, reference)
    for form in ("v-form", "to_cvxpy")
    for solver, options, reference in (
        ("CLARABEL", CLARABEL, False),
        ("SCS", SCS, False),
        ("SCS(eps=1e-4)", scs(1e-4), False),
        ("SCS(eps=1e-8)", scs(1e-8), form == "v-form"),
    )
]
PLAN = {
    "breuer-hall": TRIED,
    "noise": [
        Setting("v-form", "CLARABEL", CLARABEL),
        Setting("v-form", "CVXOPT", CVXOPT, reference=True),
        Setting("to_cvxpy", "CLARABEL", CLARABEL),
    ],
    "random": TRIED,
    "printed": [
        Setting("v-form", "CLARABEL", CLARABEL, reference=True),
        Setting("to_cvxpy", "CLARABEL", CLARABEL),
        Setting("v-form", "SCS", SCS),
    ],
    "hermitian-flag": [
        Setting("v-form", "SCS(eps=1e-8)", scs(1e-8), reference=True),
        Setting(HERMITIAN_FLAG + "False", "SCS(eps=1e-8)", scs(1e-8)),
        Setting(HERMITIAN_FLAG + "True", "SCS(eps=1e-8)", scs(1e-8)),
    ],
}

if __name__ == "__main__":
    main("MoMPy", __file__, PLAN, execute, __doc__)
