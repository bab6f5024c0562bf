"""Laws of the time limit: solvers stop when it is over, searches start nothing new, and what is proved stays proved.

- The stricter of two limits holds; outside of the context there is none, whatever happened inside.
- With no time left no solver is asked: bounds are Undecided or open, and the reason says so.
- Solvers of every kind are given what is left; a see-saw ends with what it has, from one start at least.
- An exact minimum that is not found in time leaves the decimal bound.
"""

import time
from fractions import Fraction

import numpy as np
import pytest

import steeralg as sa
from steeralg.errors import InputError, SolverError
from steeralg.sdp import interior, solve, time_limit
from steeralg.sdp.relaxation import Relaxation
from steeralg.sdp.seesaw import see_saw
from steeralg.sdp.solve import Attempt, solutions
from steeralg.sdp.time_limit import half_the_time, seconds_left, time_is_over

CHSH = sa.bell_functional(
    [(2, 2)] * 2,
    {((a, b), (x, y)): -((-1) ** (a + b + x * y)) for a in (0, 1) for b in (0, 1) for x in (0, 1) for y in (0, 1)},
)


@pytest.fixture
def clock(monkeypatch):
    """A clock that only goes when it is told to: `clock[0]` seconds."""
    now = [100.0]
    monkeypatch.setattr(time_limit.time, "monotonic", lambda: now[0])
    return now


@pytest.fixture
def over(clock):
    """A limit that has been reached."""
    with time_limit.time_limit(1):
        clock[0] += 2
        yield


def problem(level=1):
    relaxation = Relaxation.build(CHSH.scenario, level)
    terms = relaxation.observation.coefficients(CHSH)
    return relaxation.bound(relaxation.observable_coefficients(terms))


def test_the_time_that_is_left(clock):
    assert seconds_left() is None and not time_is_over()
    with time_limit.time_limit(10):
        assert seconds_left() == 10
        clock[0] += 4
        assert seconds_left() == 6 and not time_is_over()
        clock[0] += 7
        assert seconds_left() == 0 and time_is_over()
    assert seconds_left() is None and not time_is_over()


@pytest.mark.parametrize(("outer", "inner"), [(10, 3), (3, 10), (5, 5)])
def test_the_stricter_limit_holds(clock, outer, inner):
    with time_limit.time_limit(outer):
        with time_limit.time_limit(inner):
            assert seconds_left() == min(outer, inner)
        assert seconds_left() == outer


@pytest.mark.parametrize(("limit", "most", "wanted"), [(None, 600, 600), (10, 600, 5), (5000, 600, 600)])
def test_half_of_the_time(clock, limit, most, wanted):
    if limit is None:
        with half_the_time(most):
            assert seconds_left() == wanted
    else:
        with time_limit.time_limit(limit), half_the_time(most):
            assert seconds_left() == wanted


def test_an_exception_ends_the_limit():
    with pytest.raises(KeyError), time_limit.time_limit(1):
        raise KeyError
    assert seconds_left() is None


@pytest.mark.parametrize("seconds", [0, -1, 1.5, "3", None, True])
def test_limits_are_positive_integers(seconds):
    with pytest.raises(InputError, match="seconds = "), time_limit.time_limit(seconds):
        pass


def test_no_solver_is_asked_without_time(over):
    with pytest.raises(SolverError, match="the time was up"):
        list(solutions(problem()))


@pytest.mark.parametrize("solver", ["splitting", "scs"])
def test_a_solver_that_is_at_work_stops(solver):
    """An accuracy that floats do not reach would take all of the iterations."""
    start = time.monotonic()
    with time_limit.time_limit(1):
        list(solutions(problem("1+AB"), [Attempt("splitting", 1e-2, 50), Attempt(solver, 1e-300, 10**9)]))
    assert time.monotonic() - start < 4


def test_interior_points_are_told_what_is_left(clock, monkeypatch):
    seen = []
    plain = interior.clarabel.DefaultSettings

    class Settings:
        def __new__(cls):
            seen.append(plain())
            return seen[-1]

    monkeypatch.setattr(interior.clarabel, "DefaultSettings", Settings)
    with time_limit.time_limit(7):
        interior.solve_interior(problem(), 1e-8, 100)
    interior.solve_interior(problem(), 1e-8, 100)
    assert seen[0].time_limit == 7 and seen[1].time_limit > 10**9


def test_bounds_without_time_are_open(over):
    bracket = sa.level_bracket(CHSH)
    assert bracket.lower is None and bracket.upper is None
    assert str(bracket).startswith("the level's minimum is in [-inf, inf], nothing proved (no solver")
    assert "the time was up" in bracket.remark
    assert str(sa.quantum_bracket(CHSH, starts=1)).endswith(", the upper end proved")
    for verdict in (
        sa.prove_bound(CHSH, -3),
        sa.best_bound(CHSH),
        sa.exact_minimum(CHSH),
        sa.symmetric_bound(CHSH, [], -3),
        sa.symmetric_minimum(CHSH, []),
        sa.certify(sa.sbcsv15.pr_box(sa.State.maximally_mixed((1,))), 1),
    ):
        assert isinstance(verdict, sa.Undecided)


def test_a_see_saw_has_one_start_at_least(over):
    assert see_saw(CHSH, starts=1000, seed=1).value == pytest.approx(see_saw(CHSH, starts=1, seed=1).value)


def test_an_exact_end_that_is_not_found_in_time_leaves_the_decimal(clock, monkeypatch):
    """The clock stands still until a minimum is recognised, and then jumps beyond half of the time."""

    def progress(message):
        if message.startswith("trying the minimum"):
            clock[0] += 60

    with time_limit.time_limit(100):
        bracket = sa.quantum_bracket(CHSH, exact=True, starts=2, progress=progress)
    assert not bracket.is_exact and bracket.lower == Fraction(-2828428, 10**6)
    assert sa.quantum_bracket(CHSH, exact=True, starts=2).is_exact


def test_what_is_solved_in_time_is_the_same_as_without_a_limit():
    with time_limit.time_limit(10_000):
        limited = [solution.objective for solution in solutions(problem(), solve.DEFAULT_CHAIN[2:5])]
    free = [solution.objective for solution in solutions(problem(), solve.DEFAULT_CHAIN[2:5])]
    assert np.array_equal(limited, free)
