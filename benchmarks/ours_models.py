"""steeralg's decisions about models: `python ours_models.py PROBLEM` prints a line of JSON.

Called by `models.py`, which also takes the problems from here. `decide_seconds`: from the exact assemblage to a verdict
whose witness the library has verified in exact arithmetic. `check_seconds`: from there to a proof file, accepted by the
independent checker. CPU seconds, after the imports and a small problem; see `fresh.py`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import prod
from typing import Any

import fresh
import ours

import steeralg as sa
from steeralg.certificates.compose import Draft
from steeralg.certificates.compose_models import negativity_between, projective_local, pseudo_local, realised
from steeralg.checker import load_checker
from steeralg.exact.field import RATIONALS
from steeralg.exact.matrix import Matrix, total
from steeralg.exact.number import Number

SEED = 1
ROUNDS = 40


@dataclass(frozen=True)
class Problem:
    """Data, what is decided about them, how it is stated in a proof, and the floats that decide the same."""

    data: Callable[[], sa.Assemblage]
    decide: Callable[[sa.Assemblage], tuple[str, Any]]
    state: Callable[[Draft, Any], object]
    peers: tuple[str, ...] = ()


# ---- data ------------------------------------------------------------------------------------------------------------
def three_boxes() -> sa.Assemblage:
    """Three boxes, three settings of three outcomes, a1 + a2 + a3 = x1 x2 x3 (mod 3), times a qubit, with noise."""
    scenario = sa.Scenario.of([(3, 3, 3)] * 3, 2)
    part = Matrix.rational([[Fraction(2, 27), Fraction(1, 54)], [Fraction(1, 54), Fraction(1, 27)]])
    hit = {(a, x): (sum(a) - prod(x)) % 3 == 0 for a, x, *_ in scenario.labels()}
    pure = sa.Assemblage(scenario, {label: part if hit[label] else Matrix.zero(2, 2) for label in hit})
    return pure.mix(sa.white_noise(scenario), Fraction(1, 10))


def steered(visibility: str) -> sa.Assemblage:
    """A qutrit, steered by six random measurements on a maximally entangled state with white noise."""
    box = [[sa.POVM((p, Matrix.identity(3) - p)) for p in projectors(3, 6)]]
    pure = sa.Assemblage.from_state(sa.State.pure([1, 0, 0, 0, 1, 0, 0, 0, 1], (3, 3)), box)
    return pure.mix(sa.Assemblage.from_state(sa.State.maximally_mixed((3, 3)), box), 1 - Fraction(visibility))


def projectors(dim: int, count: int) -> list[Matrix]:
    """Projectors of rank one on random vectors of complex integers."""
    numbers, found = ours.lcg(SEED), []
    for _ in range(count):
        entries = [[Number(RATIONALS, (next(numbers),), (next(numbers),))] for _ in range(dim)]
        vector = Matrix.from_numbers(entries, RATIONALS)
        square = vector @ vector.adjoint
        found.append(square.scale(1 / square.trace().fraction()))
    return found


def behaviour(settings: int, outcomes: int, weight: str) -> sa.Assemblage:
    """A mixture of random local deterministic behaviours, and with a weight of the box a2 - a1 = x1 x2 (mod d)."""
    numbers, scenario = ours.lcg(SEED), sa.Scenario.of([(outcomes,) * settings] * 2, 1)
    counts = dict.fromkeys(scenario.labels(), 0)
    for _ in range(ROUNDS):
        one, other = ([next(numbers) % outcomes for _ in range(settings)] for _ in range(2))
        for x, y in product(range(settings), repeat=2):
            counts[(one[x], other[y]), (x, y)] += 1
    box = {(a, x): (a[1] - a[0] - x[0] * x[1]) % outcomes == 0 for a, x, *_ in counts}
    local, extreme = (
        sa.Assemblage(scenario, {k: Matrix.rational([[Fraction(int(n), size)]]) for k, n in table.items()})
        for table, size in ((counts, ROUNDS), (box, outcomes))
    )
    return local.mix(extreme, Fraction(weight))


def one_box(dim: int) -> sa.Assemblage:
    """A random mixed state of dimension d, split by two random measurements of d outcomes."""
    one, parts = Matrix.identity(dim), projectors(dim, dim)
    mean = total(parts).scale(Fraction(3, 4 * dim))
    boxes = [one + m for m in parts], [one + mean + m.scale(Fraction(1, 4)) for m in parts]
    size = Fraction(1, dim**2 + dim)
    table = {((a,), (x,)): m.scale(size) for x, box in enumerate(boxes) for a, m in enumerate(box)}
    return sa.Assemblage(sa.Scenario.of([(dim, dim)], dim), table)


# ---- decisions -------------------------------------------------------------------------------------------------------
def pseudo(sigma: sa.Assemblage) -> tuple[str, sa.PseudoModel]:
    model = sa.pseudo_model(sigma)
    if not model.assemblage(sigma.scenario).agrees_with(sigma):
        raise AssertionError("the model gives another assemblage")
    return f"{len(model.entries)} hidden states", model


def local(sigma: sa.Assemblage) -> tuple[str, Any]:
    verdict = sa.decide_local(sigma)
    if isinstance(verdict, sa.Undecided):
        verdict.demand()
    return "local" if isinstance(verdict, sa.Proved) else "not local", verdict.witness


def state_local(draft: Draft, witness: Any) -> None:
    if isinstance(witness, sa.LocalModel):
        draft.local("sigma", witness)
    else:
        draft.nonlocal_by("sigma", "S", witness.inequality)


def realise(sigma: sa.Assemblage) -> tuple[str, sa.Realisation]:
    return "quantum", sa.ghjw(sigma)


def negativity(sigma: sa.Assemblage) -> tuple[str, sa.NegativityBracket]:
    bracket = sa.negativity(sigma)
    bracket.verify()
    return str(bracket), bracket


def projective(sigma: sa.Assemblage) -> tuple[str, sa.ProjectiveModel]:
    verdict = sa.decide_projective_local(sigma, sa.sbcsv15.table_1_directions())
    if isinstance(verdict, sa.Undecided):
        verdict.demand()
    return "local" if isinstance(verdict, sa.Proved) else "not local", verdict.witness


HIDDEN = ("hidden states SCS", "hidden states CLARABEL")
PROBLEMS: dict[str, Problem] = {
    "pseudo: 3 boxes, 3x3, D=2": Problem(three_boxes, pseudo, lambda d, m: pseudo_local(d, "sigma", m)),
    "LHS: 6x2, D=3, v=1/2": Problem(lambda: steered("1/2"), local, state_local, HIDDEN),
    "LHS: 6x2, D=3, v=7/10": Problem(lambda: steered("7/10"), local, state_local, HIDDEN),
    "Bell: 3x3, local": Problem(lambda: behaviour(3, 3, "0"), local, state_local, ("HiGHS",)),
    "Bell: 3x3, not local": Problem(lambda: behaviour(3, 3, "4/5"), local, state_local, ("HiGHS",)),
    "Bell: 5x2, local": Problem(lambda: behaviour(5, 2, "0"), local, state_local, ("HiGHS",)),
    "GHJW: D=2": Problem(lambda: one_box(2), realise, lambda d, m: realised(d, "sigma", m), ("numpy",)),
    "GHJW: D=4": Problem(lambda: one_box(4), realise, lambda d, m: realised(d, "sigma", m), ("numpy",)),
    "projective: Table I": Problem(
        sa.sbcsv15.table_1, projective, lambda d, m: projective_local(d, "sigma", m), ("HiGHS responses",)
    ),
    "negativity: PR box": Problem(
        lambda: sa.sbcsv15.pr_box(sa.State.maximally_mixed((2,))),
        negativity,
        lambda d, m: negativity_between(d, "sigma", m),
    ),
}


def main() -> None:
    problem = PROBLEMS[sys.argv[1]]
    local(sa.shsa20.steered().assemblage(sa.Scenario.of([(2, 2, 2)], 2)))
    sigma = problem.data()
    (verdict, witness), decide = fresh.measured(lambda: problem.decide(sigma))

    def check() -> int:
        draft = Draft("own", "own", sigma.scenario, {"sigma": sigma})
        problem.state(draft, witness)
        data = draft.proof().to_bytes()
        load_checker().check_bytes(data)
        return len(data)

    size, checked = fresh.measured(check)
    figures = {"decide_seconds": decide, "check_seconds": checked}
    print(json.dumps({"verdict": verdict, "status": f"proved; {size} bytes", **figures}))


if __name__ == "__main__":
    main()
