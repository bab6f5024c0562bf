"""The public hypothesis strategies: what they draw is valid and is what it is called, simple ones come last.

Quantum assemblages obey every bound that comes with a postquantum one, and the sums of squares that prove those bounds
verify; local ones obey the bounds of deterministic strategies; general ones have the pseudo-model of SAPHS18 Thm 5.
Positive maps come with squares, and have positive images; unextendible bases are decided to be so. Generation reaches
what it should (nonlocal, postquantum, rank-deficient, irrational), is quick, and shrinks to the documented objects.
"""

import statistics
import subprocess
import sys
import time
from fractions import Fraction
from itertools import product
from pathlib import Path

import pytest
import sympy
from hypothesis import Phase, find, given, seed, settings
from hypothesis import strategies as hs
from hypothesis.vendor.pretty import pretty

import steeralg as sa
import steeralg.strategies as st
from steeralg.errors import InputError, NumberError, ScenarioError
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number
from steeralg.exact.psd import decide_psd
from steeralg.exact.tensor import partial_transpose
from steeralg.objects.assemblage import observe
from steeralg.objects.events import require_orthogonal
from steeralg.objects.sequential import SequentialRealisation
from steeralg.strategies.examples import EXAMPLES
from steeralg.strategies.scenario import KINDS as NAMES
from tests.strategies import KINDS, SQRT2, deterministic_elements
from tests.test_imports import ROOT, loaded_by

ROOT2 = sympy.sqrt(2)
BELL, PAIR, ONE = sa.Scenario.of([(2, 2)] * 2), sa.Scenario.of([(2, 2)] * 2, 2), sa.Scenario.of([(2, 2)], 2)
SEQUENTIAL = sa.Scenario.of([(2, 2), (2, 2)], 2, sequential=True)
kinds = hs.sampled_from([*KINDS.values(), SEQUENTIAL])
simultaneous = hs.sampled_from(list(KINDS.values()))
few = settings(max_examples=25, deadline=None)
fewer = settings(max_examples=10, deadline=None)


def simplest(strategy):
    """What is left when everything fails."""
    phases = [Phase.generate, Phase.shrink]
    return find(strategy, lambda _: True, settings=settings(database=None, max_examples=4, phases=phases))


def reach(strategy, condition, most=2000):
    """An example that meets a condition, not shrunk."""
    return find(strategy, condition, settings=settings(database=None, max_examples=most, phases=[Phase.generate]))


def rank(matrix):
    return len(decide_psd(matrix).witness.pivots)


# ---- what is drawn is what it is called ------------------------------------------------------------------------------
@few
@given(hs.data(), hs.integers(1, 4), st.fields(max_degree=2))
def test_matrices_are_what_they_are_called(data, order, field):
    assert data.draw(st.matrices(order, 2, field)).columns == 2
    assert data.draw(st.hermitian_matrices(order, field)).is_hermitian
    wanted = data.draw(hs.integers(1, order))
    assert rank(data.draw(st.positive_matrices(order, wanted, field))) == wanted
    v = data.draw(st.isometries(order, order + 1, field))
    assert v.adjoint @ v == Matrix.identity(order, field)
    u = data.draw(st.unitaries(order, field))
    assert u @ u.adjoint == Matrix.identity(order, field)


@few
@given(hs.data(), hs.sampled_from([(2,), (2, 2), (3, 2)]))
def test_states_have_the_rank_and_the_partial_transposes_asked_for(data, dims):
    assert rank(data.draw(st.states(dims, pure=True)).matrix) == 1
    assert rank(data.draw(st.states(dims, rank=2)).matrix) == 2
    for state in (data.draw(st.separable_states(dims)), data.draw(st.ppt_states(dims))):
        for cut in range(len(dims)):
            assert decide_psd(partial_transpose(state.matrix, dims, [cut])).is_proved


@few
@given(hs.data(), hs.integers(1, 3), hs.integers(1, 3), hs.integers(1, 3))
def test_devices_are_valid_and_of_the_size_asked_for(data, dim, other, outcomes):
    povm = data.draw(st.povms(dim, outcomes, projective=True))
    assert (povm.dim, len(povm.effects)) == (dim, outcomes)
    assert all(e @ e == e for e in povm.effects)
    assert data.draw(st.povms(dim, outcomes)).dim == dim
    instrument = data.draw(st.instruments(dim, other, outcomes))
    assert (instrument.dim_in, instrument.dim_out, len(instrument.maps)) == (dim, other, outcomes)
    channel = data.draw(st.channels(dim, other))
    assert channel.dims == (dim, other) and channel.is_trace_preserving
    assert sa.decide_completely_positive(channel).is_proved


@pytest.mark.parametrize("name", NAMES)
@fewer
@given(data=hs.data())
def test_scenarios_are_of_their_kind_and_within_their_limits(name, data):
    limits = {"max_boxes": 3, "max_settings": 3, "max_outcomes": 3, "max_dim": 3, "max_trusted": 3}
    scenario = data.draw(st.scenarios(name, **limits))
    assert len(scenario.black_boxes) <= 3 and all(len(b.outcomes) <= 3 for b in scenario.black_boxes)
    assert all(d <= 3 for box in scenario.black_boxes for d in box.outcomes) and max(scenario.views) <= 3
    assert scenario.sequential == (name == "sequential") and scenario.instrumental == (name == "instrumental")
    assert scenario.has_input == (name in ("input", "instrumental"))
    assert (len(scenario.trusted) > 1) == (name == "trusted") and (name != "bell" or scenario.views == (1,))


@few
@given(hs.data(), kinds)
def test_quantum_assemblages_come_from_realisations(data, scenario):
    model = data.draw(st.realisations(scenario))
    assert isinstance(model, SequentialRealisation) == scenario.sequential
    assert model.assemblage(scenario).scenario == scenario
    assert data.draw(st.quantum_assemblages(scenario, pure=True, projective=True)).scenario == scenario


@few
@given(hs.data(), simultaneous)
def test_local_assemblages_have_their_model(data, scenario):
    model = data.draw(st.local_models(scenario))
    assert model.assemblage(scenario).scenario == scenario == data.draw(st.lhs_assemblages(scenario)).scenario


@few
@given(hs.data(), st.functionals(BELL))
def test_local_behaviours_obey_the_bounds_of_deterministic_ones(data, functional):
    found = functional.value(data.draw(st.lhs_assemblages(BELL)))

    def value(strategy):
        hits = [all(s[y] == o for s, o, y in zip(strategy, *label, strict=True)) for label in functional.elements]
        return sum(
            (m.entry(0, 0).fraction() for m, hit in zip(functional.elements.values(), hits, strict=True) if hit),
            Fraction(0),
        )

    assert found.fraction() >= min(map(value, deterministic_elements(BELL)))


@few
@given(hs.data(), hs.sampled_from([s for s in KINDS.values() if not s.instrumental]))
def test_general_assemblages_have_the_pseudo_model_of_no_signalling_ones(data, scenario):
    sigma = data.draw(st.no_signalling_assemblages(scenario))
    assert sa.pseudo_model(sigma).assemblage(scenario).agrees_with(sigma)


# ---- postquantum assemblages and the bounds they violate -------------------------------------------------------------
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: str(example.scenario)[:60])
def test_the_examples_violate_verified_bounds(example):
    example.certificate.verify()
    sigma = example.assemblage
    shown = observe(example.scenario, sigma) if example.scenario.instrumental else sigma
    assert example.certificate.bound == 0 and example.certificate.functional.value(shown).sign() < 0


def test_the_stored_squares_pass_the_checker():
    files = sorted((Path(sa.__file__).parent / "strategies" / "squares").glob("*.json"))
    command = [sys.executable, "-I", str(ROOT / "proofs" / "check.py"), *map(str, files)]
    assert len(files) == 8 and subprocess.run(command, capture_output=True).returncode == 0


@settings(max_examples=30, deadline=None)
@given(hs.data())
def test_postquantum_assemblages_violate_bounds_that_quantum_ones_obey(data):
    found = data.draw(st.postquantum_proofs())
    functional = found.certificate.functional
    found.certificate.verify()
    assert found.certificate.bound == 0 and functional.value(found.assemblage) == found.exact_value
    assert found.exact_value.sign() < 0
    noise = data.draw(st.quantum_assemblages(found.assemblage.scenario, pure=True, projective=True))
    assert functional.value(noise).sign() >= 0


LIFTED = [
    PAIR,
    sa.Scenario.of([(3, 2), (2,), (2, 4)], 3),
    sa.Scenario.of([(2, 2), (2, 2)], [3, 2]),
    sa.Scenario.of([(2, 2, 2), (2, 2)], 3, 2),
    sa.Scenario.of([(3, 2)], [2, 3, 2]),
    sa.Scenario.of([(2, 3, 2)], 2, 3),
    sa.Scenario.of([(2,) * 5], 2, 2, True),
]


@pytest.mark.parametrize("scenario", LIFTED, ids=str)
@settings(max_examples=6, deadline=None)
@given(data=hs.data())
def test_examples_are_lifted_into_any_scenario_that_holds_one(scenario, data):
    found = data.draw(st.postquantum_proofs(scenario))
    found.certificate.verify()
    assert found.assemblage.scenario == scenario and found.exact_value.sign() < 0
    noise = data.draw(st.quantum_assemblages(scenario, pure=True, projective=True))
    assert found.certificate.functional.value(noise).sign() >= 0


@settings(max_examples=3, deadline=None)
@given(st.postquantum_proofs(PAIR))
def test_what_is_drawn_can_be_written_as_a_proof(found):
    sa.postquantum_proof("drawn", "property test", found.assemblage, found).verify()


@pytest.mark.parametrize("scenario", [ONE, SEQUENTIAL, sa.Scenario.of([(2, 2), (1, 2)])], ids=str)
def test_where_none_is_known_there_are_none(scenario):
    with pytest.raises(ScenarioError, match="scenario: no known postquantum example"):
        st.postquantum_proofs(scenario)


# ---- maps and bases --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("dims", [(2, 2), (2, 3), (3, 3), (4, 4)])
@settings(max_examples=5, deadline=None)
@given(data=hs.data())
def test_positive_maps_come_with_squares_and_have_positive_images(dims, data):
    proof = data.draw(st.positive_map_proofs(*dims))
    proof.verify()
    found = data.draw(st.positive_maps(*dims, trace_preserving=True))
    assert found.is_trace_preserving and found.dims == dims
    assert decide_psd(found(data.draw(st.positive_matrices(dims[0])))).is_proved
    split = data.draw(st.decompositions(*dims))
    split.verify()
    assert decide_psd(data.draw(st.completely_positive_maps(*dims)).choi).is_proved
    assert data.draw(st.decomposable_maps(*dims, trace_preserving=True)).is_trace_preserving


def test_positive_maps_reach_ones_that_are_not_decomposable():
    # A PPT operator of Stormer's kind: 2 on |ii>, 1 below and 4 above the diagonal, 2 between the |ii>.
    diagonal = [2 if i == j else (Fraction(1, 1), Fraction(4))[(i - j) % 3 - 1] for i, j in product(range(3), repeat=2)]
    matrix = Matrix.rational(
        [[d if r == c else 2 * (r % 4 == c % 4 == 0) for c in range(9)] for r, d in enumerate(diagonal)]
    )
    assert all(decide_psd(m).is_proved for m in (matrix, partial_transpose(matrix, (3, 3), [1])))
    exchanged = [k % 3 * 3 + k // 3 for k in range(9)]
    flipped = matrix.rearrange(9, 9, [9 * r + c for r in exchanged for c in exchanged])

    def is_entangled(found):
        return any(found.choi.inner(w).sign() < 0 for w in (matrix, flipped))

    reach(st.positive_maps(3, 3), is_entangled)


@few
@given(st.unextendible_product_bases(max_dim=12))
def test_unextendible_bases_are_unextendible(basis):
    assert basis.is_orthogonal and len(basis) < basis.dim
    assert sa.decide_unextendible(basis).is_proved


@few
@given(hs.data())
def test_product_bases_and_events_are_orthogonal(data):
    assert data.draw(st.product_bases((2, 3))).is_orthogonal
    found = data.draw(st.event_sets([(2, 2), (2, 3)], maximal=True))
    require_orthogonal(found.events)
    assert data.draw(st.unextendible_product_bases((4, 3))).dims == (4, 3)


# ---- simple ones come last -------------------------------------------------------------------------------------------
def corner(order, where=0):
    return Matrix.unit(order, where, where)


@pytest.mark.slow
def test_the_simplest_objects_are_the_documented_ones():
    assert simplest(st.numbers(ROOT2)) == Number.of(0, SQRT2)
    assert simplest(st.unitaries(3)) == Matrix.identity(3)
    assert simplest(st.states((2, 2))).matrix == corner(4)
    assert simplest(st.states(3, rank=2)).matrix == (corner(3) + corner(3, 1)).scale(Fraction(1, 2))
    assert simplest(st.povms(2, 2)).effects == (Matrix.identity(2), Matrix.zero(2, 2))
    assert simplest(st.channels(2, 2)) == sa.maps.identity(2)
    assert simplest(st.completely_positive_maps(2, 2)).choi == corner(4)
    assert not simplest(st.functionals(PAIR)).elements
    assert simplest(st.scenarios()) == ONE and simplest(st.scenarios("bell")) == BELL
    assert simplest(st.product_bases((2, 2))).vectors == ((Matrix.rational([[1], [0]]),) * 2,)
    for strategy in (st.quantum_assemblages, st.lhs_assemblages, st.no_signalling_assemblages):
        sigma = simplest(strategy(PAIR))
        assert all(m == (corner(2) if label[0] == (0, 0) else Matrix.zero(2, 2)) for label, m in sigma.elements.items())
    box = simplest(st.postquantum_proofs(PAIR)).assemblage
    assert box.agrees_with(sa.sbcsv15.pr_box(sa.State((2,), corner(2))))


@pytest.mark.slow
def test_a_condition_shrinks_to_small_numbers():
    state = find(st.states((2, 2)), lambda s: not s.matrix.entry(0, 3).is_zero, settings=settings(database=None))
    assert rank(state.matrix) == 1 and max(abs(x) for p in state.matrix.planes for x in p) == 1
    assert state.matrix.is_real and state.matrix.denominator == 2
    options = settings(database=None, max_examples=2000)
    box = find(st.no_signalling_assemblages(BELL), lambda s: chsh(s) > 3, settings=options)
    assert chsh(box) == 4 and all(2 * m.trace().fraction() in (0, 1) for m in box.elements.values())


def chsh(sigma):
    """The largest of the eight CHSH values."""
    means = {x: Fraction(0) for x in product((0, 1), repeat=2)}
    for (a, x), m in sigma.elements.items():
        means[x] += (-1) ** sum(a) * m.trace().fraction()
    return max(abs(sum(means.values()) - 2 * mean) for mean in means.values())


# ---- what is reached, how fast, again and again ----------------------------------------------------------------------
def steered(sigma):
    """<A_0 X> + <A_1 Z>, at most sqrt2 for local assemblages and 2 for all."""
    x, z = Matrix.rational([[0, 1], [1, 0]]), Matrix.rational([[1, 0], [0, -1]])
    terms = [m.inner((x, z)[s]).fraction() * (-1) ** a for ((a,), (s,)), m in sigma.elements.items()]
    return abs(sum(terms[:2])) + abs(sum(terms[2:]))


@few
@given(st.lhs_assemblages(ONE))
def test_local_assemblages_obey_a_steering_inequality(sigma):
    assert steered(sigma) ** 2 <= 2


@pytest.mark.slow
def test_quantum_assemblages_reach_steering_and_general_ones_postquantum_boxes():
    assert steered(reach(st.quantum_assemblages(ONE, pure=True, projective=True), lambda s: steered(s) ** 2 > 2)) <= 2
    assert chsh(reach(st.quantum_assemblages(BELL, projective=True, pure=True), lambda s: chsh(s) > 2)) <= 4
    assert chsh(reach(st.no_signalling_assemblages(PAIR), lambda s: chsh(s) ** 2 > 8)) <= 4


@fewer
@given(st.quantum_assemblages(BELL))
def test_quantum_behaviours_obey_tsirelsons_bound(sigma):
    assert chsh(sigma) ** 2 <= 8


def test_irrational_and_rank_deficient_ones_are_reached():
    sigma = reach(
        st.quantum_assemblages(ONE, field=ROOT2),
        lambda s: any(not m.trace().is_rational for m in s.elements.values()),
    )
    assert sigma.field == SQRT2
    found = reach(st.states(4), lambda s: rank(s.matrix) == 2 and s.matrix.entry(0, 0).is_zero)
    assert rank(found.matrix) == 2


def drawn(strategy):
    found = []

    @seed(7)
    @settings(max_examples=15, deadline=None, database=None)
    @given(strategy)
    def run(value):
        found.append(value)

    run()
    return found


def test_generation_is_reproducible():
    assert drawn(st.no_signalling_assemblages(ONE)) == drawn(st.no_signalling_assemblages(ONE))
    first, second = (drawn(st.postquantum_assemblages(PAIR)) for _ in "ab")
    assert first == second and any(s != first[0] for s in first)


QUICK = {
    "states": st.states((2, 2)),
    "povms": st.povms(2, 3),
    "channels": st.channels(2, 2),
    "quantum": st.quantum_assemblages(PAIR),
    "local": st.lhs_assemblages(PAIR),
    "general": st.no_signalling_assemblages(PAIR),
    "postquantum": st.postquantum_proofs(PAIR),
    "maps": st.positive_maps(3, 3),
    "bases": st.unextendible_product_bases(),
}


@pytest.mark.parametrize("name", QUICK)
def test_draws_are_quick_and_healthy(name):
    """About 10 ms each on an idle core; hypothesis itself complains of slow ones."""
    times = []

    @settings(max_examples=20, deadline=None, database=None)
    @given(hs.data())
    def run(data):
        start = time.perf_counter()
        data.draw(QUICK[name])
        times.append(time.perf_counter() - start)

    run()
    assert statistics.median(times) < 0.2


# ---- errors ----------------------------------------------------------------------------------------------------------
WRONG = [
    (lambda: st.states(()), InputError, "dims is empty"),
    (lambda: st.states((2, 0)), InputError, r"dims\[1\] = 0"),
    (lambda: st.states(2, rank=3), InputError, "rank = 3: 1 to 2"),
    (lambda: st.states(2, rank=2, pure=True), InputError, "rank = 2, and pure"),
    (lambda: st.states("2"), InputError, "dims is '2'"),
    (lambda: st.states(2, field=0.5), NumberError, "float"),
    (lambda: st.povms(2, 0), InputError, "outcomes = 0"),
    (lambda: st.povms(True, 2), InputError, "dim is True"),
    (lambda: st.isometries(3, 2), InputError, "dim_out = 2: 3 or more"),
    (lambda: st.scenarios("quantum"), InputError, "kind 'quantum': one of steering"),
    (lambda: st.scenarios(max_trusted=1), InputError, "max_trusted = 1"),
    (lambda: st.scenarios(max_boxes=9), InputError, "max_boxes = 9: 1 to 8"),
    (lambda: st.quantum_assemblages("x"), InputError, "scenario is 'x'"),
    (lambda: st.quantum_assemblages(ONE, local_dim=0), InputError, "local_dim = 0"),
    (lambda: st.lhs_assemblages(SEQUENTIAL), ScenarioError, "sequential"),
    (lambda: st.functionals(SEQUENTIAL), ScenarioError, "sequential"),
    (lambda: st.devices(SEQUENTIAL), ScenarioError, "sequential"),
    (lambda: st.no_signalling_assemblages(ONE, max_terms=0), InputError, "max_terms = 0"),
    (lambda: st.unextendible_product_bases((2, 5)), InputError, r"dims = \(2, 5\)"),
    (lambda: st.positive_maps(0, 2), InputError, "dim_in = 0"),
    (lambda: st.fields(max_degree=0), InputError, "max_degree = 0"),
]


@pytest.mark.parametrize(("call", "error", "message"), WRONG, ids=lambda value: value if isinstance(value, str) else "")
def test_wrong_arguments_are_named_when_the_strategy_is_made(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_hypothesis_is_loaded_by_the_strategies_only():
    assert "hypothesis" not in loaded_by("import steeralg; steeralg.Scenario")
    assert "hypothesis" in loaded_by("import steeralg; steeralg.strategies.states")


def test_positive_maps_reach_ones_that_are_not_completely_positive():
    bell = sa.State.pure([1, 0, 0, 1], (2, 2))
    found = reach(st.positive_maps(2, 2), lambda phi: decide_psd(phi.on(bell.matrix, (2, 2), 1)).is_refuted)
    assert decide_psd(found(Matrix.identity(2))).is_proved


def test_a_failure_is_reported_in_numbers():
    box = sa.sbcsv15.pr_box(sa.State.maximally_mixed((1,)))
    assert pretty(SEQUENTIAL) == "Scenario.of([(2, 2), (2, 2)], 2, sequential=True)"
    assert pretty(KINDS["instrumental"]) == "Scenario.of([(2, 2)], 2, settings=2, instrumental=True)"
    assert eval(pretty(LIFTED[2]), {"Scenario": sa.Scenario}) == LIFTED[2]
    assert pretty(sa.State.pure([1, 1], (2,))) == "State(dims=(2,), matrix=[[1/2, 1/2], [1/2, 1/2]])"
    lines = pretty(box).split("\n")
    assert (
        lines[0].startswith("Assemblage(Scenario.of") and lines[1].strip() == "0,0|0,0: [[1/2]]," and len(lines) == 17
    )
