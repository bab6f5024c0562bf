"""toqito: floating-point build and solve of its 1+AB relaxation.

Usage: ``python peers_toqito.py breuer-hall|noise|random|printed|adjoint-link [--seed N]``, in an environment with
toqito, cvxpy, scs, clarabel (and cvxopt, if it is to be tried). Output and method of measuring: :mod:`peers_common`.
The values quoted below are toqito 1.1.8 with cvxpy 1.9.0 (the version it pins).

- ``random``, ``printed``: a functional is an extended nonlocal game (the referee is the trusted party, questions are
  uniform, ``pred_mat = -4 F``), and toqito maximises. Form ``shipped`` is toqito's own
  ``ExtendedNonlocalGame.commuting_measurement_value_upper_bound("1+ab")``, whose solver (SCS, eps 1e-8) cannot be
  chosen, so its build time is inside ``solve_seconds``; form ``npa_constraints`` is the same problem written by the
  user around ``toqito.state_opt.npa_hierarchy.npa_constraints``, with a solver of choice.
- ``breuer-hall``: toqito has no membership test. Closest: ``npa_constraints`` accepts constant cvxpy expressions
  where it asks for variables; its list of constraints is then feasible iff the assemblage is in its relaxation.
  To get the number t ("moment matrix at least ``t * 1``") the one constraint ``R >> 0`` of that list is replaced
  by ``R - t * 1 >> 0``, and the constraints without variables are dropped.
- ``noise``: what toqito expresses without touching its list: the least r such that ``(1 - r) sigma + r noise`` is in
  its relaxation, noise the uniform outcomes with the maximally mixed state. (SCS takes minutes here and is left out.)
- ``adjoint-link``: the evidence for the caveat, membership with toqito's constraints, and with four equalities added.

Caveat: toqito's relaxation is weaker than 1+AB. It lists the products ``S_i* S_j`` of the upper triangle and equates
blocks with equal reduced words, but a word and its adjoint both occur there (``A0 A1 B0`` and ``A1 A0 B0``, ...) and
are left independent: ``L(m*) = conj L(m)`` is missing for four words. For the Breuer-Hall assemblage this gives
t = -0.004307 instead of -0.005677; adding the four links to toqito's own list gives -0.005677 (``adjoint-link``).
The least noise is 0.04256 instead of 0.04589 (``noise``), and the bound on the functional printed in SAPHS18 Table 1 is
-0.01310 instead of -0.02812 (``printed``, with the sign reversed). The bounds are valid, but weaker than the level
they name. On random functionals no difference is seen, so ``random`` compares equal values (seeds 1 to 299, within the
solvers' accuracy of about 1e-6 relative, in a smaller formulation with exactly toqito's links; several also here).
"""

import itertools
import time

import cvxpy as cp
import numpy as np
from peers_common import (
    CLARABEL,
    CVXOPT,
    DIM,
    SCS,
    SIZE,
    Outcome,
    Setting,
    breuer_hall,
    main,
    printed_functional,
    random_functional,
    scs,
    solve_timed,
    white_noise,
)
from toqito.nonlocal_games.extended_nonlocal_game import ExtendedNonlocalGame
from toqito.state_opt.npa_hierarchy import npa_constraints

Assemblage = dict[tuple[int, int], cp.Expression]

LEVEL = "1+ab"
QUESTIONS = list(itertools.product(range(2), repeat=2))
LINKS = (((2, 5), (1, 7)), ((2, 6), (1, 8)), ((4, 5), (3, 6)), ((4, 7), (3, 8)))
"""Positions of adjoint words, in toqito's order of words 1, A0, A1, B0, B1, A0B0, A0B1, A1B0, A1B1."""


def game(functional: np.ndarray) -> ExtendedNonlocalGame:
    """The extended nonlocal game whose value is minus the functional's minimum."""
    predictions = -4 * np.transpose(functional, (4, 5, 2, 3, 0, 1))
    return ExtendedNonlocalGame(np.full((2, 2), 0.25), predictions)


def shipped(functional: np.ndarray) -> Outcome:
    """toqito's own method; it returns a number and no status."""
    start = time.perf_counter()
    made = game(functional)
    built = time.perf_counter()
    value = -float(made.commuting_measurement_value_upper_bound(LEVEL))
    return Outcome(value, "not reported", built - start, time.perf_counter() - built)


def minimum(functional: np.ndarray) -> cp.Problem:
    """The same problem around ``npa_constraints``."""
    blocks = {(*q, a, b): cp.Variable((DIM, DIM), hermitian=True) for q in QUESTIONS for a, b in QUESTIONS}
    assemblage = {q: cp.bmat([[blocks[(*q, a, b)] for b in range(2)] for a in range(2)]) for q in QUESTIONS}
    objective = sum(cp.real(cp.trace(functional[index] @ block)) for index, block in blocks.items())
    return cp.Problem(cp.Minimize(objective), npa_constraints(assemblage, LEVEL, referee_dim=DIM))


def stacked(sigma: np.ndarray) -> dict[tuple[int, int], np.ndarray]:
    """An assemblage as toqito takes it: per pair of questions, a block matrix over the two answers."""
    return {q: np.block([list(row) for row in sigma[q]]) for q in QUESTIONS}


def moment_variable(constraints: list[cp.Constraint]) -> cp.Variable:
    """The moment matrix, which toqito creates inside and names R."""
    return next(v for c in constraints for v in c.variables() if v.name() == "R" and v.shape == (SIZE, SIZE))


def membership(sigma: np.ndarray, linked: bool = False) -> cp.Problem:
    """Maximise t; ``linked`` adds the four missing adjoint links."""
    assemblage: Assemblage = {q: cp.Constant(matrix) for q, matrix in stacked(sigma).items()}
    given = npa_constraints(assemblage, LEVEL, referee_dim=DIM)
    moments = moment_variable(given)
    kept = [c for c in given if c.variables() and not (isinstance(c, cp.constraints.PSD) and c.shape == moments.shape)]

    def block(position: tuple[int, int]) -> cp.Expression:
        row, column = (DIM * index for index in position)
        return moments[row : row + DIM, column : column + DIM]

    links = [block(word) == block(adjoint).H for word, adjoint in LINKS] if linked else []
    t = cp.Variable()
    return cp.Problem(cp.Maximize(t), [*kept, *links, moments - t * np.eye(SIZE) >> 0])


def noise(sigma: np.ndarray) -> cp.Problem:
    """The least admixture r of uniform noise that toqito's relaxation accepts."""
    r = cp.Variable()
    given = stacked(sigma)
    mixed = stacked(white_noise())
    assemblage: Assemblage = {q: (1 - r) * given[q] + r * mixed[q] for q in QUESTIONS}
    return cp.Problem(cp.Minimize(r), npa_constraints(assemblage, LEVEL, referee_dim=DIM))


def execute(problem: str, setting: Setting, seed: int) -> Outcome:
    """Build and solve one problem from nothing."""
    if problem == "noise":
        sigma = breuer_hall()
        return solve_timed(lambda: noise(sigma), setting.options)
    if problem in ("breuer-hall", "adjoint-link"):
        sigma = breuer_hall()
        return solve_timed(lambda: membership(sigma, linked=setting.form == "linked"), setting.options)
    functional = random_functional(seed) if problem == "random" else printed_functional()
    if setting.form == "shipped":
        return shipped(functional)
    return solve_timed(lambda: minimum(functional), setting.options)


FORM = "npa_constraints"
INTERIOR = [Setting(FORM, "CLARABEL", CLARABEL), Setting(FORM, "CVXOPT", CVXOPT)]
FIRST_ORDER = [
    Setting(FORM, "SCS", SCS),
    Setting(FORM, "SCS(eps=1e-4)", scs(1e-4)),
]
FUNCTIONAL = [Setting("shipped", "SCS(eps=1e-8)", reference=True), *INTERIOR, *FIRST_ORDER]
PLAN = {
    "breuer-hall": [*INTERIOR, *FIRST_ORDER, Setting(FORM, "SCS(eps=1e-8)", scs(1e-8), reference=True)],
    "noise": [Setting(FORM, "CLARABEL", CLARABEL), Setting(FORM, "CVXOPT", CVXOPT, reference=True)],
    "random": FUNCTIONAL,
    "printed": [Setting("shipped", "SCS(eps=1e-8)", reference=True), *INTERIOR],
    "adjoint-link": [
        Setting("as toqito builds it", "SCS(eps=1e-8)", scs(1e-8)),
        Setting("linked", "SCS(eps=1e-8)", scs(1e-8), reference=True),
    ],
}

if __name__ == "__main__":
    main("toqito", __file__, PLAN, execute, __doc__)
