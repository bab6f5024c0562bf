"""Larger problems of steeralg's own pipeline, stage by stage: given bounds, levels, symmetries.

Imported by `ours_one.py`. Stages are those of `ours.py`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from fractions import Fraction
from functools import partial

import ours

import steeralg as sa
from steeralg.certificates.compose import bound_proof
from steeralg.certificates.rounding import bound_certificate
from steeralg.constructions.extended_games import MUB4_SYMMETRIES, mub4_game
from steeralg.sdp.relaxation import Relaxation
from steeralg.sdp.solve import Solution, solutions
from steeralg.sdp.suggest import bound_suggestions, reachable_bound

Problem = Callable[[], ours.Stages]

LEVELS = ("1+AB", "2", "3")
SETTINGS = (2, 3, 4, 5)
BOXES = ((2, 2, 2), (2, 2, 4), (3, 2, 4), (2, 3, 4), (4, 2, 4), (3, 3, 2), (3, 3, 3), (3, 3, 4), (4, 3, 3), (4, 3, 4))
MUB4_BOUND = Fraction(-667, 1000)


def given_bound(functional: sa.Functional, wanted: Fraction, level: str) -> ours.Stages:
    """Prove a given bound, from exact functional to accepted proof file."""
    start = time.process_time()
    relaxation = Relaxation.build(functional.scenario, level)
    problem = relaxation.bound(relaxation.observable_coefficients(relaxation.observation.coefficients(functional)))
    build = time.process_time() - start
    real = all(m.is_real for m in functional.elements.values())

    def attempt(point: Solution) -> sa.BoundCertificate | None:
        if reachable_bound(relaxation, point, functional)[0] <= wanted:
            return None
        suggestions = bound_suggestions(relaxation, point, functional, wanted, real)
        return ours.first(bound_certificate(relaxation.projector.words, s, functional, wanted) for s in suggestions)

    certificate, solve, rounding = ours.until_proved(solutions(problem), attempt)
    write, check = ours.written(lambda: bound_proof("own", "own", certificate).to_bytes())
    size = len(relaxation.group.words), relaxation.group.order
    return ours.Stages(*size, build, solve, rounding, write, check, f"bound {certificate.bound}")


def symmetric_bound(functional: sa.Functional, symmetries: tuple[str, ...], bound: Fraction, level: str) -> ours.Stages:
    """Prove a given bound up to symmetries; the order is that of the largest block, the words are those of all blocks.

    What the library says on its way, and when, tells the stages apart.
    """
    seconds = dict.fromkeys(("build", "solve", "round"), 0.0)
    last = time.process_time()

    def note(message: str) -> None:
        nonlocal last
        now = time.process_time()
        stage = "build" if message.startswith("level") else "solve" if message.endswith("not proved") else "round"
        seconds[stage] += now - last
        last = now

    verdict = sa.symmetric_bound(functional, symmetries, bound, level, progress=note)
    note("rounded")
    if isinstance(verdict, sa.Undecided):
        verdict.demand()
    write, check = ours.written(lambda: bound_proof("own", "own", verdict.witness).to_bytes())
    orders = [block.gram.rows for block in verdict.witness.squares.blocks]
    return ours.Stages(sum(orders), max(orders), *seconds.values(), write, check, f"bound {bound}")


def random(settings: int, outcomes: int, dim: int, digits: int, level: str = "1+AB") -> ours.Stages:
    """The bound of a random functional of two boxes, to a relative accuracy."""
    functional = ours.random_functional(10, settings, outcomes, dim)
    return ours.bound(functional, Fraction(1, 10**digits), level)


def larger() -> dict[str, Problem]:
    """Problems that a good program for this class has to be able to do, by name."""
    return {
        "4-MUB game, 1+AB": lambda: given_bound(mub4_game(), MUB4_BOUND, "1+AB"),
        "4-MUB game, 1+AB, symmetries": lambda: symmetric_bound(mub4_game(), MUB4_SYMMETRIES, MUB4_BOUND, "1+AB"),
        "4-MUB game, level 2, symmetries": lambda: symmetric_bound(
            mub4_game(), MUB4_SYMMETRIES, Fraction(-66412, 10**5), "2"
        ),
        "5 settings, D = 4, to 1e-3": lambda: random(5, 2, 4, 3),
        "5 settings, D = 4, to 1e-4": lambda: random(5, 2, 4, 4),
        "I3322, level 2": lambda: ours.bound(ours.i3322(), Fraction(1, 10**4), "2"),
        "I3322, level 3": lambda: ours.bound(ours.i3322(), Fraction(1, 10**4), "3"),
    }


def levels() -> dict[str, Problem]:
    """How the cost grows with the level, by name."""
    found: dict[str, Problem] = {}
    for level in LEVELS:
        found[f"PR box, D = 2, {level}"] = partial(ours.membership, ours.noisy_pr_box(2, 2, 2), level)
    for level in LEVELS:
        found[f"random, D = 2, {level}"] = partial(random, 2, 2, 2, 4, level)
    return found


def settings() -> dict[str, Problem]:
    """How the cost of random functionals grows with the settings, by name."""
    return {f"random, {m} settings, D = 2": partial(random, m, 2, 2, 4) for m in SETTINGS}


def boxes() -> dict[str, Problem]:
    """How the cost of membership grows with settings, outcomes and dimension, by name."""
    return {
        f"PR box, {m} settings, {d} outcomes, D = {dim}": lambda m=m, d=d, dim=dim: ours.membership(
            ours.noisy_pr_box(m, d, dim)
        )
        for m, d, dim in BOXES
    }
