"""Timings of steeralg's own pipeline, stage by stage: build, solve, round and verify, write, check.

Imported by `run.py`. Seconds are of CPU, in a warm process, on one thread; what is compared are ratios within one run.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

import steeralg as sa
from steeralg.certificates.compose import bound_proof
from steeralg.certificates.membership import Postquantum
from steeralg.certificates.rounding import bound_certificate, violated_certificate
from steeralg.checker import load_checker
from steeralg.constructions.extended_games import mub4_game
from steeralg.exact.field import RATIONALS
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number
from steeralg.sdp.relaxation import Relaxation
from steeralg.sdp.solve import Solution, solutions
from steeralg.sdp.suggest import bound_suggestions, reachable_bound, witness_suggestions

T = TypeVar("T")


@dataclass(frozen=True)
class Stages:
    """Seconds of each stage of one exact proof, and what was proved."""

    words: int
    order: int
    build: float
    solve: float
    round_and_verify: float
    write: float
    check: float
    result: str

    @property
    def total(self) -> float:
        return self.build + self.solve + self.round_and_verify + self.write + self.check


def membership(assemblage: sa.Assemblage, level: str = "almost quantum") -> Stages:
    """Prove an assemblage postquantum, from exact object to accepted proof file."""
    start = time.process_time()
    relaxation = Relaxation.build(assemblage.scenario, level)
    data = relaxation.observable_moments(relaxation.observation.moments(assemblage.elements))
    problem = relaxation.membership(data)
    build = time.process_time() - start

    def attempt(point: Solution) -> tuple[sa.BoundCertificate, Number] | None:
        suggestions = witness_suggestions(relaxation, point, data, assemblage.is_real)
        return first(violated_certificate(relaxation.projector.words, s, assemblage) for s in suggestions)

    (certificate, value), solve, rounding = until_proved(solutions(problem), attempt)
    found = Postquantum(assemblage, certificate, value, level)
    write, check = written(lambda: sa.postquantum_proof("own", "own", assemblage, found).to_bytes())
    size = len(relaxation.group.words), relaxation.group.order
    return Stages(*size, build, solve, rounding, write, check, f"value {value.decimal(8)} < 0")


def bound(functional: sa.Functional, relative: Fraction, level: str = "almost quantum") -> Stages:
    """Prove a bound within a relative accuracy of the optimum, from exact functional to accepted proof file."""
    start = time.process_time()
    relaxation = Relaxation.build(functional.scenario, level)
    terms = relaxation.observable_coefficients(relaxation.observation.coefficients(functional))
    problem = relaxation.bound(terms)
    build = time.process_time() - start
    real = all(m.is_real for m in functional.elements.values())

    def attempt(point: Solution) -> sa.BoundCertificate | None:
        reach, gap = reachable_bound(relaxation, point, functional)
        slack = relative * max(abs(reach), 1) / 2
        if gap > 2 * slack:
            return None
        wanted = Fraction(round((reach - slack) * 10**6), 10**6)
        suggestions = bound_suggestions(relaxation, point, functional, wanted, real)
        return first(bound_certificate(relaxation.projector.words, s, functional, wanted) for s in suggestions)

    certificate, solve, rounding = until_proved(solutions(problem), attempt)
    write, check = written(lambda: bound_proof("own", "own", certificate).to_bytes())
    size = len(relaxation.group.words), relaxation.group.order
    return Stages(*size, build, solve, rounding, write, check, f"bound {certificate.bound}")


def written(proof: Callable[[], bytes]) -> tuple[float, float]:
    """Seconds to write a proof file, which for instrumental data includes the search for a parent, and to check it."""
    start = time.process_time()
    data = proof()
    middle = time.process_time()
    load_checker().check_bytes(data)
    return middle - start, time.process_time() - middle


def first(candidates: Iterable[T | None]) -> T | None:
    """The first candidate that is one."""
    return next((c for c in candidates if c is not None), None)


def until_proved(points: Iterator[Solution], attempt: Callable[[Solution], T | None]) -> tuple[T, float, float]:
    """Go down the solver chain until an attempt succeeds; seconds of the solver and of the attempts, apart."""
    solve = rounding = 0.0
    while True:
        start = time.process_time()
        point = next(points)
        solved = time.process_time()
        result = attempt(point)
        solve, rounding = solve + solved - start, rounding + time.process_time() - solved
        if result is not None:
            return result, solve, rounding


def lcg(seed: int) -> Iterator[int]:
    """Integers in -9..9 by the generator that the peers' scripts document, so that all tools get one functional."""
    state = seed % 2**64
    while True:
        state = (6364136223846793005 * state + 1442695040888963407) % 2**64
        yield (state >> 33) % 19 - 9


def random_functional(seed: int, settings: int = 2, outcomes: int = 2, dim: int = 4) -> sa.Functional:
    """Hermitian integer operators: settings outermost, upper triangles row by row, real part before imaginary part."""
    numbers = lcg(seed)
    scenario = sa.Scenario.of([(outcomes,) * settings] * 2, dim)
    elements = {}
    for label in scenario.labels():
        table = [[Number.of(0)] * dim for _ in range(dim)]
        for i in range(dim):
            table[i][i] = Number.of(next(numbers))
            for j in range(i + 1, dim):
                table[i][j] = Number(RATIONALS, (next(numbers),), (next(numbers),))
                table[j][i] = table[i][j].conjugate()
        elements[label] = Matrix.from_numbers(table, RATIONALS)
    return sa.Functional(scenario, elements)


def noisy_pr_box(settings: int, outcomes: int, dim: int) -> sa.Assemblage:
    """The generalised PR box a2 - a1 = x1 x2 (mod d) times a mixed state, with a tenth of white noise."""
    scenario = sa.Scenario.of([(outcomes,) * settings] * 2, dim)
    weights = [[Fraction(2 * (k + 1), dim * (dim + 1)) if j == k else 0 for j in range(dim)] for k in range(dim)]
    part, zero = Matrix.rational(weights).scale(Fraction(1, outcomes)), Matrix.zero(dim, dim)
    elements = {(a, x): part if (a[1] - a[0] - x[0] * x[1]) % outcomes == 0 else zero for a, x, *_ in scenario.labels()}
    return sa.Assemblage(scenario, elements).mix(sa.white_noise(scenario), Fraction(1, 10))


def i3322() -> sa.Functional:
    """Minus the Bell expression I3322 of Collins and Gisin (2004): -1/4 for qubits, about -0.25094 at level 2."""
    joint = {(0, 0): 1, (0, 1): 1, (0, 2): 1, (1, 0): 1, (1, 1): 1, (1, 2): -1, (2, 0): 1, (2, 1): -1}
    table = {((0, 0), settings): [[-c]] for settings, c in joint.items()}
    table |= {((0, None), (0, None)): [[1]], ((None, 0), (None, 0)): [[2]], ((None, 0), (None, 1)): [[1]]}
    return sa.Functional.from_marginals(sa.Scenario.of([(2, 2, 2)] * 2), table)


def every_scenario() -> dict[str, Callable[[], Stages]]:
    """One problem for each kind of scenario, by name."""
    large = random_functional(1, settings=3, outcomes=3, dim=3)
    many = random_functional(1, settings=5)
    three = sa.s26.guess_your_neighbours_input()
    return {
        "Bell: I3322, level 2": lambda: bound(i3322(), Fraction(1, 10**5), "2"),
        "Bell: three parties": lambda: bound(three, Fraction(1, 10**4)),
        "steering: 3x3, D=3": lambda: bound(large, Fraction(1, 10**3)),
        "with input": lambda: membership(sa.shsa20.transposed()),
        "instrumental": lambda: membership(sa.shsa20.instrumental()),
        "two trusted, one box": lambda: membership(sa.s26.example_10()),
        "two trusted, two boxes": lambda: membership(sa.s26.example_11()),
        "5 settings, D=4, 2 %": lambda: bound(many, Fraction(1, 50)),
        "4-MUB game, 0.5 %": lambda: bound(mub4_game(), Fraction(1, 200)),
    }


def median_stages(runs: list[Stages]) -> Stages:
    """The run with the median total."""
    return sorted(runs, key=lambda s: s.total)[len(runs) // 2]
