"""From data to proofs in every kind of scenario: inputs, instrumental data, several trusted parties, Bell.

Soundness: what an explicit realisation gives is never refuted, and no value is below a proved bound. Completeness: the
postquantum examples of SHSA20 and S26, PR boxes next to several trusted parties or behind inputs, are proved, noisy
ones up to the Tsirelson bound where that decides. Levels are nested: certificates of a level verify among the words of
a higher one, and proved bounds are ordered. Special cases agree: equal channels, one setting, dimension one.
"""

from fractions import Fraction
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.algebra.level import level_words
from steeralg.algebra.word import projector_algebra
from steeralg.certificates.bounds import best_bound, prove_bound
from steeralg.certificates.certificate import Block, BoundCertificate
from steeralg.certificates.membership import certify
from steeralg.constructions.saphs18 import breuer_hall_map
from steeralg.errors import LevelError
from steeralg.exact.field import RATIONALS
from steeralg.exact.matrix import Matrix
from steeralg.maps.library import identity, transpose
from steeralg.maps.linear import LinearMap
from steeralg.objects.assemblage import Assemblage, white_noise
from steeralg.objects.functional import Functional
from steeralg.objects.measurement import POVM
from steeralg.objects.scenario import Scenario
from steeralg.objects.state import State
from steeralg.sdp.relaxation import Relaxation
from steeralg.sdp.solve import Attempt, solutions
from steeralg.verdict import Undecided
from tests.strategies import KINDS, gaussian, models, pr_boxes, random_functional, states, unitaries

SHORT = (Attempt("scs", 1e-3, 5_000), Attempt("scs", 1e-5, 20_000))
ACCURATE = Attempt("scs", 1e-9, 200_000)
HALF, QUARTER = Fraction(1, 2), Fraction(1, 4)
every_kind = pytest.mark.parametrize("name", KINDS)


def noisy(assemblage, weight):
    return assemblage.mix(white_noise(assemblage.scenario), Fraction(weight))


def proved(assemblage, level="almost quantum", **options):
    """Certify, and check what the proof says exactly."""
    verdict = certify(assemblage, level, **options)
    assert verdict.is_proved, verdict
    found = verdict.witness
    found.certificate.verify()
    assert found.certificate.functional.scenario == assemblage.scenario
    assert found.certificate.functional.value(assemblage) == found.exact_value
    assert found.exact_value.fraction() < found.certificate.bound == 0
    return found


def not_refuted(assemblage, level="almost quantum", **options):
    verdict = certify(assemblage, level, **options)
    assert isinstance(verdict, Undecided), verdict
    assert verdict.reason.startswith(f"not refuted at level {level}")


def level_minimum(functional, level="almost quantum"):
    relaxation = Relaxation.build(functional.scenario, level)
    terms = relaxation.observable_coefficients(relaxation.observation.coefficients(functional))
    (solution,) = solutions(relaxation.bound(terms), [ACCURATE])
    return solution.objective


# ---- soundness -----------------------------------------------------------------------------------------------------
@every_kind
def test_explicit_realisations_are_never_refuted(name):
    @given(models(KINDS[name]), st.sampled_from(["almost quantum", 1]), st.sampled_from([0, QUARTER]))
    @settings(deadline=None, max_examples=6)
    def check(model, level, noise):
        if level == 1 and len(projector_algebra(model.scenario).parties) > 2:
            level = 2
        not_refuted(noisy(model.assemblage, noise), level, chain=SHORT)

    check()


@cache
def proved_bound(name, seed):
    found = best_bound(random_functional(KINDS[name], seed), digits=3)
    assert found.is_proved, found
    return found.witness


@every_kind
@pytest.mark.parametrize("seed", [0, 1])
def test_proved_bounds_hold_for_explicit_realisations(name, seed):
    certificate = proved_bound(name, seed)
    certificate.verify()

    @given(models(KINDS[name], projective=True))
    @settings(deadline=None, max_examples=15)
    def check(model):
        assert certificate.functional.value(model.assemblage).fraction() >= certificate.bound

    check()


@every_kind
def test_bounds_slightly_below_are_proved_and_far_above_are_not(name):
    certificate = proved_bound(name, 0)
    lower = prove_bound(certificate.functional, certificate.bound - 1)
    assert lower.is_proved and lower.witness.bound == certificate.bound - 1
    noise = certificate.functional.value(white_noise(KINDS[name])).fraction()
    verdict = prove_bound(certificate.functional, noise + 1, chain=SHORT)
    assert isinstance(verdict, Undecided)
    assert verdict.bracket.lower is None or verdict.bracket.lower <= noise


# ---- levels are nested -----------------------------------------------------------------------------------------------
NESTED = {
    "two boxes": (1, "1+AB", 2),
    "input": (1, "1+AB", "1+AB+AAB"),
    "input, two boxes": ("AB+C+BC+AC", "1+ABC"),
    "instrumental": (1, "1+AB", "1+ABB"),
    "several trusted": (1, 2, 3),
    "several trusted, two boxes": (1, "1+AB", 2),
    "bell": (1, "1+AB", "1+AAB"),
}


def among(certificate, words):
    """The same sum of squares, written among more words: the new ones have zero rows."""
    (block,) = certificate.blocks
    dim = certificate.functional.scenario.dim
    place = [words.index(word) * dim + i for word in block.words for i in range(dim)]
    order, small = len(words) * dim, block.gram.rows
    planes = []
    for plane in block.gram.planes:
        flat = [0] * (order * order)
        for i in range(small):
            for j in range(small):
                flat[place[i] * order + place[j]] = plane[i * small + j]
        planes.append(tuple(flat))
    return Block(tuple(words), Matrix(RATIONALS, order, order, tuple(planes), block.gram.denominator), None)


@pytest.mark.parametrize("name", NESTED)
def test_certificates_of_a_level_verify_among_the_words_of_a_higher_one(name):
    scenario, levels = KINDS[name], NESTED[name]
    functional = random_functional(scenario, 3)
    algebra = projector_algebra(scenario)
    certificate = best_bound(functional, levels[0], digits=2).witness
    for level in levels[1:]:
        words = level_words(algebra, level)
        assert set(certificate.blocks[0].words) <= set(words)
        if len(words) * scenario.dim <= 60:
            again = BoundCertificate.verified(functional, certificate.bound, [among(certificate, words)])
            assert again.bound == certificate.bound


@pytest.mark.parametrize("name", NESTED)
@pytest.mark.parametrize("seed", [3, 4])
def test_proved_bounds_rise_from_level_to_level(name, seed):
    functional = random_functional(KINDS[name], seed)
    bounds = [best_bound(functional, level, digits=4).witness.bound for level in NESTED[name]]
    assert all(low <= high + Fraction(2, 10**4) for low, high in pairwise(bounds))


def test_higher_levels_of_an_input_can_only_prove_more():
    """What is proved at 1+AB is proved at a higher level."""
    box = noisy(equation_5(), QUARTER)
    for level in ("1+AB", "1+AAB", 2):
        proved(box, level)


# ---- the examples of the papers ------------------------------------------------------------------------------------
def equation_5():
    """SHSA20 (5): sigma[a|x,y] = 1/2 |a + xy><a + xy|."""
    scenario = Scenario.of([(2, 2)], 2, 2)
    return Assemblage(
        scenario,
        {
            (a, x, y): Matrix.unit(2, (a[0] + x[0] * y) % 2, (a[0] + x[0] * y) % 2).scale(HALF)
            for a, x, y in scenario.labels()
        },
    )


PAULI = {
    "X": Matrix.rational([[0, 1], [1, 0]]),
    "Y": Matrix.from_numbers([[gaussian(0, 0), gaussian(0, -1)], [gaussian(0, 1), gaussian(0, 0)]], RATIONALS),
    "Z": Matrix.rational([[1, 0], [0, -1]]),
}
PAULI |= {f"-{name}": -m for name, m in PAULI.items()}


def equation_6(directions="X Y Z"):
    """SHSA20 (6): sigma[a|x,y] = 1/4 (1 + (-1)^a s_x), transposed for y = 1, for any directions s_x."""
    names = directions.split()
    scenario = Scenario.of([(2,) * len(names)], 2, 2)
    one, table = Matrix.identity(2), {}
    for a, x, y in scenario.labels():
        state = (one + PAULI[names[x[0]]].scale((-1) ** a[0])).scale(QUARTER)
        table[a, x, y] = state.transpose if y else state
    return Assemblage(scenario, table)


def test_equation_6_is_the_printed_one_and_made_by_identity_and_transposition():
    printed = equation_6()
    for (a, x, y), m in printed.elements.items():
        sign = (-1) ** (a[0] + (x[0] == 1 and y == 1))
        assert m == (Matrix.identity(2) + PAULI["XYZ"[x[0]]].scale(sign)).scale(QUARTER)
    plain = {(a, x): m for (a, x, y), m in printed.elements.items() if y == 0}
    assert Assemblage(Scenario.of([(2, 2, 2)], 2), plain).with_input([identity(2), transpose(2)]) == printed


@pytest.mark.parametrize("weight", ["0", "1/4", "0.29289"])
def test_equation_5_with_white_noise_is_proved_up_to_the_tsirelson_bound(weight):
    proved(noisy(equation_5(), weight))


def test_equation_5_with_more_white_noise_is_quantum():
    """Bob prepares the outcome that a box with Tsirelson's correlations gives him."""
    not_refuted(noisy(equation_5(), "0.29290"))
    not_refuted(noisy(equation_5(), HALF), "1+AAB", chain=SHORT)


@pytest.mark.parametrize("weight", ["0", "1/20", "1/10"])
def test_equation_6_is_proved_with_a_margin(weight):
    proved(noisy(equation_6(), weight))


@given(unitaries(2), unitaries(2), st.booleans())
@settings(deadline=None, max_examples=8)
def test_channels_of_the_trusted_party_do_not_hide_equation_6(u, v, conjugated):
    """A unitary for every setting, or complex conjugation of everything, changes no verdict."""
    box = equation_6()
    turns = [u, v]
    turned = {label: turns[label[2]] @ m @ turns[label[2]].adjoint for label, m in box.elements.items()}
    if conjugated:
        turned = {label: m.conjugate for label, m in turned.items()}
    proved(Assemblage(box.scenario, turned))


def test_two_of_the_three_settings_of_equation_6_are_not_refuted():
    """Without Y the transposition does nothing; with X and Y a rotation about the diagonal axis does the same."""
    not_refuted(equation_6("X Z"), chain=SHORT)
    not_refuted(equation_6("X Y"), chain=SHORT)


def test_the_printed_instrumental_family_is_not_refuted_and_a_fourth_setting_is_proved():
    not_refuted(equation_6().instrumental(), chain=SHORT)
    for fourth in ("-X", "-Y"):
        proved(equation_6(f"X Y Z {fourth}").instrumental())


def next_to_pr_box(locals_):
    """The PR box, and a state of its own for every trusted party."""
    box = pr_boxes(2, Matrix.identity(1))
    scenario = Scenario.of([(2, 2)] * 2, [m.rows for m in locals_])
    return Assemblage(
        scenario, {(a, x, k): locals_[k].scale(box.elements[a, x].trace()) for a, x, k in scenario.labels()}
    )


LOCALS = {
    1: Matrix.identity(1),
    2: Matrix.rational([[2, 1], [1, 1]]).scale(Fraction(1, 3)),
    3: Matrix.rational([[1, 0, 1], [0, 1, 0], [1, 0, 2]]).scale(QUARTER),
}


@pytest.mark.parametrize("dims", [(2, 3), (2, 2), (2, 1), (1, 2), (1, 1, 2), (1, 1)], ids=str)
def test_several_trusted_parties_next_to_a_pr_box_are_proved(dims):
    sigma = next_to_pr_box([LOCALS[d] for d in dims])
    proved(sigma)
    proved(noisy(sigma, QUARTER))
    # White noise changes biased local states too, which then tell how the boxes are correlated: no threshold there.
    flat = next_to_pr_box([Matrix.identity(d).scale(Fraction(1, d)) for d in dims])
    proved(noisy(flat, "0.29289"))
    not_refuted(noisy(flat, "0.29290"))


@given(states((2,)), states((2,)), st.integers(0, 2))
@settings(deadline=None, max_examples=5)
def test_the_states_next_to_a_pr_box_may_be_any(first, second, eighths):
    proved(noisy(next_to_pr_box([first.matrix, second.matrix]), Fraction(eighths, 8)))


@pytest.mark.parametrize("trusted", [(), [1, 1], [1]], ids=["none", "two of dimension one", "one of dimension one"])
def test_pr_boxes_of_bell_scenarios_are_decided_up_to_the_tsirelson_bound(trusted):
    scenario = Scenario.of([(2, 2)] * 2, trusted)
    box = pr_boxes(2, Matrix.identity(1))
    sigma = Assemblage(scenario, {label: box.elements[label[:2]] for label in scenario.labels()})
    proved(noisy(sigma, "0.29289"))
    not_refuted(noisy(sigma, "0.29290"))


@given(unitaries(2), unitaries(2), states((2,)))
@settings(deadline=None, max_examples=4)
def test_a_pr_box_stays_postquantum_whatever_channels_follow(u, v, state):
    channels = [LinearMap.from_action(2, lambda m, w=w: w @ m @ w.adjoint) for w in (u, v)]
    proved(pr_boxes(2, state.matrix).with_input(channels), chain=SHORT)


STATE = "2-3j -2j -3-1j 2-2j -1+3j 2j 3-2j 1+2j -2+1j 2+3j 1+2j -3-1j 3+2j -3j 1-3j 2+3j"


def test_a_positive_map_on_one_of_two_trusted_parties_is_seen_in_the_local_marginals():
    """One box with settings X and Z, a qubit and a ququart under the Breuer-Hall map: S26's kind of example."""
    entries = [complex(z) for z in STATE.split()]
    vector = Matrix.from_numbers([[gaussian(int(z.real), int(z.imag))] for z in entries], RATIONALS)
    rho = vector @ vector.adjoint
    state = State((2, 2, 4), rho.scale(rho.trace().inverse()))
    observables = [POVM.observable([[0, 1], [1, 0]]), POVM.observable([[1, 0], [0, -1]])]
    quantum = Assemblage.from_state(state, [observables]).marginals([2, 4])
    sigma = quantum.apply([identity(2), breuer_hall_map()])
    proved(sigma, 1)
    not_refuted(noisy(quantum, QUARTER), 1, chain=SHORT)


# ---- special cases of one another ------------------------------------------------------------------------------------
@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("outcomes", [[(2, 2)], [(2,), (2,)]], ids=str)
def test_a_functional_of_one_setting_has_the_minimum_of_the_scenario_without_input(outcomes, seed):
    plain = random_functional(Scenario.of(outcomes, 2), seed)
    scenario = Scenario.of(outcomes, 2, 2)
    wanted = level_minimum(plain)
    for y in (0, 1):
        single = Functional(scenario, {(a, x, y): m for (a, x), m in plain.elements.items()})
        assert level_minimum(single) == pytest.approx(wanted, abs=1e-5)


@pytest.mark.parametrize("dims", [(2, 1), (1, 2), (1, 2, 1)], ids=str)
@pytest.mark.parametrize("outcomes", [[(2, 2)], [(2, 2), (2,)]], ids=str)
def test_parties_of_dimension_one_change_no_minimum(dims, outcomes):
    plain = random_functional(Scenario.of(outcomes, 2), 2)
    scenario = Scenario.of(outcomes, list(dims))
    where = dims.index(2)
    several = Functional(scenario, {(*label, where): m for label, m in plain.elements.items()})
    assert level_minimum(several) == pytest.approx(level_minimum(plain), abs=1e-5)
    found = best_bound(several, digits=3)
    assert found.is_proved and abs(float(found.witness.bound) - level_minimum(plain)) < 1e-2


@pytest.mark.parametrize("seed", [0, 1])
def test_an_input_of_dimension_one_is_a_bell_scenario(seed):
    scenario = Scenario.of([(2, 2), (2,)], 1, 2)
    functional = random_functional(scenario, seed)
    bell = {}
    for (a, x, _), m in functional.elements.items():
        bell[a, x] = bell[a, x] + m if (a, x) in bell else m
    plain = Functional(Scenario.of([(2, 2), (2,)]), bell)
    assert level_minimum(functional) == pytest.approx(level_minimum(plain), abs=1e-5)


@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if kind.instrumental])
def test_an_instrumental_functional_is_one_of_the_parent_scenario(name):
    functional = random_functional(KINDS[name], 1)
    parent = Functional(KINDS[name].parent, {(a, x, a[0]): m for (a, x), m in functional.elements.items()})
    assert level_minimum(functional) == pytest.approx(level_minimum(parent), abs=1e-5)


def test_the_same_channel_at_every_setting_changes_no_verdict():
    """A PR box times a state, sent through one channel whatever y is, and its quantum mixture."""
    box = pr_boxes(2, Matrix.rational([[2, 1], [1, 1]]).scale(Fraction(1, 3)))
    proved(noisy(box, QUARTER).with_input([identity(2)] * 2), "1+AB+C")
    not_refuted(noisy(box, HALF).with_input([identity(2)] * 2), "1+AB+AC+BC", chain=SHORT)


@every_kind
def test_levels_that_do_not_reach_the_data_are_refused(name):
    scenario = KINDS[name]
    with pytest.raises(LevelError):
        certify(white_noise(scenario), 0)
    with pytest.raises(LevelError):
        best_bound(Functional(scenario, {}), 0)
