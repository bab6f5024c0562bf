"""Membership problems by alternating directions. The constant is the moment matrix of the data; the projection onto its
free directions is one, self-adjoint, and onto what the relaxation leaves free. In every kind of scenario the estimate
agrees with SCS on the relaxation itself, the functional it shows is about as good, and what cannot
be outside is not. Nothing is remembered: the same data and start have the same answer; a start nearby only saves steps.
Real data have the same estimate in real arithmetic.
"""

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.constructions import s26, saphs18, sbcsv15, shsa20
from steeralg.objects.assemblage import white_noise
from steeralg.objects.scenario import Scenario
from steeralg.sdp import alternating
from steeralg.sdp.alternating import TOLERANCE, MembershipSolver
from steeralg.sdp.problem import gamma
from steeralg.sdp.relaxation import Relaxation
from steeralg.sdp.solve import Attempt, solutions

CASES = {
    "two boxes": saphs18.breuer_hall,
    "two boxes, real": sbcsv15.table_1,
    "input": shsa20.transposed,
    "instrumental": shsa20.instrumental,
    "several trusted parties": s26.example_10,
}
ACCURATE = (Attempt("scs", 1e-5, 20_000),)


@cache
def relaxation(scenario):
    return Relaxation.build(scenario, "almost quantum")


@cache
def case(name):
    sigma = CASES[name]()
    relaxed = relaxation(sigma.scenario)
    return sigma, relaxed, MembershipSolver(relaxed)


def moments(relaxed, sigma):
    return relaxed.observable_moments(relaxed.observation.moments(sigma.elements))


def hermitian(seed, order):
    drawn = np.random.default_rng(seed).normal(size=(2, order, order))
    return drawn[0] + drawn[0].T + 1j * (drawn[1] - drawn[1].T)


@pytest.mark.parametrize("name", CASES)
def test_the_constant_is_the_moment_matrix_of_the_data(name):
    sigma, relaxed, solver = case(name)
    problem = relaxed.membership(moments(relaxed, sigma))
    expected = gamma(problem, np.zeros(problem.parameters))
    constant = solver.constant(moments(relaxed, sigma))
    assert np.allclose(constant, expected) and np.isclose(np.trace(constant), len(relaxed.group.words))


@pytest.mark.parametrize("name", CASES)
@given(seeds=st.tuples(*[st.integers(0, 10**6)] * 2))
@settings(max_examples=5, deadline=None)
def test_the_projection_is_onto_what_is_free(name, seeds):
    sigma, relaxed, solver = case(name)
    problem = relaxed.membership(moments(relaxed, sigma))
    one, other = (hermitian(seed, problem.order) for seed in seeds)
    projected = solver._projected(one)
    assert np.allclose(solver._projected(projected), projected)
    assert np.isclose(np.vdot(projected, other), np.vdot(one, solver._projected(other)))
    drawn = np.random.default_rng(seeds).normal(size=problem.parameters)
    drawn[problem.shift] = 0
    free = gamma(problem, drawn) - gamma(problem, np.zeros(problem.parameters))
    assert np.allclose(solver._projected(free), free)
    assert np.isclose(np.vdot(one - projected, free), 0)


@pytest.mark.parametrize("name", CASES)
def test_estimates_agree_with_an_accurate_solver(name):
    sigma, relaxed, solver = case(name)
    for weight in ("0", "1/50", "1/2"):
        data = moments(relaxed, sigma.mix(white_noise(sigma.scenario), weight))
        (accurate,) = solutions(relaxed.membership(data), ACCURATE)
        expected = max(0.0, relaxed.scenario.dim * accurate.objective)
        found = solver.solve(solver.constant(data))
        assert abs(found.weight - expected) < TOLERANCE + 1e-4
        assert found.robustness == found.weight / (1 + found.weight) and (expected > 0) == (weight != "1/2")
        if expected > 0:
            # The functional: -w/D at the data, about 0 or more on the level, on white noise for instance.
            value = np.vdot(solver.constant(data), found.gram).real * relaxed.scenario.dim
            assert abs(value + expected) < 2 * TOLERANCE
            assert np.linalg.eigvalsh(found.gram)[0] > -1e-2
            noise = solver.constant(moments(relaxed, white_noise(sigma.scenario)))
            assert np.vdot(noise, found.gram).real > 0


@pytest.mark.parametrize("name", CASES)
def test_nothing_is_remembered_and_a_start_nearby_saves_steps(name, monkeypatch):
    sigma, relaxed, solver = case(name)
    steps, parts = [], alternating.parts
    monkeypatch.setattr(alternating, "parts", lambda v: steps.append(1) or parts(v))

    def solved(weight, start=None):
        steps.clear()
        data = moments(relaxed, sigma.mix(white_noise(sigma.scenario), weight))
        found = solver.solve(solver.constant(data), start)
        return found, len(steps)

    first, cold = solved("1/50")
    near, _ = solved("1/40")
    again, _ = solved("1/50")
    fresh = MembershipSolver(relaxed).solve(
        MembershipSolver(relaxed).constant(moments(relaxed, sigma.mix(white_noise(sigma.scenario), "1/50")))
    )
    assert first.weight == again.weight == fresh.weight and np.array_equal(first.gram, again.gram)
    warm, fewer = solved("1/50", near)
    assert abs(warm.weight - first.weight) < 2 * TOLERANCE and fewer < cold


def test_real_data_have_the_same_estimate_in_real_arithmetic():
    sigma, relaxed, solver = case("two boxes, real")
    real = MembershipSolver(relaxed, real=True)
    data = moments(relaxed, sigma)
    constant = real.constant(data)
    assert constant.dtype == np.float64 and np.allclose(constant, solver.constant(data))
    assert abs(real.solve(constant).weight - solver.solve(solver.constant(data)).weight) < TOLERANCE
    ternary = Scenario.of([(3,), (2,)], 2)
    found = MembershipSolver(relaxation(ternary), real=True)
    # Powers of exp(2 pi i/3) are not real, whatever the data.
    noise = found.constant(moments(relaxation(ternary), white_noise(ternary)))
    assert noise.dtype == np.complex128 and found.solve(noise).weight == 0
    assert MembershipSolver(case("input")[1], real=True).constant(np.zeros(1000)).dtype == np.complex128
