"""BLAS threads: one within a relaxation's steps, as many as before outside, in between, and after an error; whoever has
set the usual environment variables keeps what was set.
"""

import numpy as np
import pytest
from threadpoolctl import ThreadpoolController, threadpool_limits

from steeralg.constructions import saphs18
from steeralg.errors import SolverError
from steeralg.sdp import solve, suggest
from steeralg.sdp.relaxation import Relaxation
from steeralg.sdp.solve import Attempt, solutions
from steeralg.sdp.threads import VARIABLES, one_thread, steps_on_one_thread


def threads():
    """The largest number of threads that a BLAS library uses."""
    return max(found["num_threads"] for found in ThreadpoolController().info() if found["user_api"] == "blas")


@pytest.fixture
def unset(monkeypatch):
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def several(unset):
    """Two threads, as on a machine where nothing is set."""
    with threadpool_limits(limits=2, user_api="blas"):
        assert threads() == 2, "this build of BLAS has no threads"
        yield


def test_one_thread_inside_as_many_as_before_outside(several):
    with one_thread():
        assert threads() == 1
        with one_thread():
            assert threads() == 1
        assert threads() == 1
    assert threads() == 2
    with pytest.raises(ZeroDivisionError), one_thread():
        raise ZeroDivisionError
    assert threads() == 2


@pytest.mark.parametrize("name", VARIABLES)
def test_the_usual_variables_are_respected(several, monkeypatch, name):
    monkeypatch.setenv(name, "2")
    with one_thread():
        assert threads() == 2


def test_steps_of_a_generator(several):
    @steps_on_one_thread
    def counted(n):
        for k in range(n):
            yield k, threads()

    found = counted(2)
    assert next(found) == (0, 1) and threads() == 2
    assert list(found) == [(1, 1)] and threads() == 2


def test_within_solvers_and_suggestions(several, monkeypatch):
    """What is watched: every eigendecomposition of the solver, and every eigenvalue of the suggestions."""
    seen = []
    for name in ("eigh", "eigvalsh"):
        original = getattr(np.linalg, name)
        monkeypatch.setattr(np.linalg, name, lambda m, f=original: (seen.append(threads()), f(m))[1])
    sigma = saphs18.breuer_hall()
    relaxation = Relaxation.build(sigma.scenario, "almost quantum")
    data = relaxation.observable_moments(relaxation.observation.moments(sigma.elements))
    solution = next(solutions(relaxation.membership(data), [Attempt("splitting", 3e-2, 60)]))
    assert threads() == 2
    next(suggest.witness_suggestions(relaxation, solution, data, sigma.is_real))
    assert seen and set(seen) == {1} and threads() == 2


def test_scs_runs_on_one_thread_and_its_errors_restore_all(several, monkeypatch):
    seen = []

    class Watched:
        def __init__(self, *_, **__):
            seen.append(threads())

        def solve(self, **_):
            return {"info": {"status": "failed", "status_val": -4}, "y": np.zeros(1)}

    monkeypatch.setattr(solve.scs, "SCS", Watched)
    sigma = saphs18.breuer_hall()
    relaxation = Relaxation.build(sigma.scenario, "almost quantum")
    problem = relaxation.membership(np.zeros(len(relaxation.group.observable), complex))
    with pytest.raises(SolverError):
        list(solutions(problem, [Attempt("scs", 1e-2, 10)]))
    assert seen == [1] and threads() == 2
