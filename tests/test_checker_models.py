"""The checker's rules about models: the test for a hull is the one by supporting planes, responses answer every
direction, hidden states obey the local bounds, rounds are no boxes, and what is printed says what was proved.
"""

import math
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import checker_examples as ex
from tests import model_examples as models
from tests import proof_builders as build

CHECK = build.load_checker()


@pytest.mark.parametrize("name", models.VALID)
def test_valid(name):
    file = models.VALID[name]()
    report = CHECK.check_bytes(build.encode(file), build.encode(file["claim"]))
    assert len(report.proved) == len(file["claim"]["statements"])
    assert all("\n" not in line and line.isascii() for line in report.lines)


# ---- the convex hull -------------------------------------------------------------------------------------------------
def covers(directions, flat):
    try:
        CHECK.cover(directions, flat)
    except CHECK.Rejected:
        return False
    return True


def support(directions, n):
    """How far the hull of the directions and their negatives goes along a unit vector."""
    return max(abs(sum(float(x) * y for x, y in zip(v, n, strict=True))) for v in directions)


CIRCLE = [(math.cos(t / 100), 0.0, math.sin(t / 100)) for t in range(315)]
HEIGHTS = [(k / 40, math.sqrt(1 - (k / 40) ** 2)) for k in range(41)]
PARALLELS = [(z, r * x, r * y) for z, r in HEIGHTS for x, _, y in CIRCLE[::8]]
SPHERE = [(z, x, s * y) for z, x, y in PARALLELS for s in (1, -1)]
ENTRY = st.fractions(-2, 2, max_denominator=6)


@given(st.lists(st.tuples(ENTRY, st.just(Fraction(0)), ENTRY), min_size=1, max_size=7))
@settings(deadline=None, max_examples=100)
def test_hull_in_the_plane(directions):
    """A convex set contains the disc if its supporting lines have a distance of at least 1."""
    least = min(support(directions, n) for n in CIRCLE)
    if covers(directions, True):
        assert least > 1 - 1e-9
    else:
        assert least < 1 + 0.02  # the distance of neighbours on the grid, times the longest vector


@given(st.lists(st.tuples(ENTRY, ENTRY, ENTRY), min_size=1, max_size=8))
@settings(deadline=None, max_examples=40)
def test_hull_in_space(directions):
    least = min(support(directions, n) for n in SPHERE)
    if covers(directions, False):
        assert least > 1 - 1e-9
    else:
        assert least < 1 + 0.45  # the same; what is close is tried on solids


OCTAHEDRON = [(1, 0, 0), (0, 1, 0), (0, 0, 1)]
ICOSAHEDRON = [(0, 1, s * Fraction(1618, 1000)) for s in (1, -1)]  # nearly
ICOSAHEDRON += [(b, c, a) for a, b, c in ICOSAHEDRON] + [(c, a, b) for a, b, c in ICOSAHEDRON]
SOLIDS = [(models.CUBE, 1.0), (OCTAHEDRON, 3**-0.5), (ICOSAHEDRON, 1.5115)]


@pytest.mark.parametrize(("directions", "radius"), SOLIDS)
def test_solids(directions, radius):
    """Just above the radius of the sphere inside, and just below it; with repetitions, and points inside."""
    for factor, inside in ((1.001, True), (0.999, False)):
        longer = [tuple(Fraction(factor / radius) * c for c in v) for v in directions]
        assert covers(longer, False) == inside
        assert covers([*longer, longer[0], (0, 0, 0), (Fraction(1, 2), 0, 0)], False) == inside


def test_many_directions():
    """As many as there may be, in a spiral: the work is within the limit."""
    turn = math.pi * (3 - math.sqrt(5))
    heights = [(k + 0.5) / 64 for k in range(64)]
    spiral = [
        (math.cos(k * turn) * math.sqrt(1 - z * z), math.sin(k * turn) * math.sqrt(1 - z * z), z)
        for k, z in enumerate(heights)
    ]
    rational = [tuple(Fraction(round(1000 * c), 1000) for c in v) for v in spiral]
    assert not covers(rational, False)
    assert covers([tuple(Fraction(11, 10) * c for c in v) for v in rational], False)


# ---- what responses and hidden states mean ---------------------------------------------------------------------------
@given(st.lists(st.integers(-5, 5), min_size=4, max_size=4).filter(any))
@settings(deadline=None, max_examples=40)
def test_responses_answer_every_direction(numbers):
    """n = sum_k c_k v_k, and the responses to the v_k give tr((1 + n . P)/2 sigma[a|x]) by strategies of the box."""
    file = models.projective_space()
    scale = sum(map(abs, numbers))
    weights = [Fraction(c, scale) for c in numbers]
    n = [sum(c * v[i] for c, v in zip(weights, models.CUBE, strict=True)) for i in range(3)]
    (step,) = file["proof"]["steps"]
    answers = {}
    for entry in step["responses"]:
        (outcomes,), (w, *responses) = entry["outcomes"], map(Fraction, entry["weights"])
        signed = [q if c > 0 else w - q for c, q in zip(weights, responses, strict=True)]
        found = sum(abs(c) * q for c, q in zip(weights, signed, strict=True))
        assert 0 <= found <= w
        for x, a in enumerate(outcomes):
            answers[a, x] = answers.get((a, x), 0) + found
    for (a, x), found in answers.items():
        bloch = models.sign(a) * Fraction(1, 6) * n["xyz".index(models.SPACE[x])]
        assert found == (Fraction(1, 2) + bloch) / 2


@pytest.mark.parametrize("name", ["nonlocal_marginals", "nonlocal_input", "nonlocal_instrumental"])
def test_deterministic_assemblages_obey_local_bounds(name):
    """Every strategy with every choice of basis states of the views."""
    claim = CHECK.Claim(CHECK.Node(models.VALID[name]()["claim"], "claim"))
    scenario, functional = claim.find("functional", "F")
    (bound,) = (Fraction(s["statement"]["bound"]) for s in models.VALID[name]()["proof"]["steps"] if "shares" in s)
    boxes, dims = scenario.boxes, [scenario.dims[k] for k, _ in scenario.views]
    for strategy in product(*(product(*map(range, box)) for box in boxes)):
        for levels in product(*map(range, dims)):
            value = Fraction(0)
            for key, m in functional.items():
                letters, view = scenario.keys[key]
                i = levels[scenario.views.index(view)]
                if all(strategy[box][x] == a for box, (a, _, x) in enumerate(letters)):
                    value += Fraction(m.re[i][i][0], m.denominator)
            assert value >= bound


@pytest.mark.parametrize("weight", ["1/5", "1/4", "3/10", "1/3"])
def test_threshold_between_rationals(weight):
    """Mixtures with 1/5 and 1/4, below 0.29289.., have no model; those with 3/10 and 1/3 do not touch the bound."""
    with pytest.raises(CHECK.Rejected) as caught:
        CHECK.check_bytes(build.encode(models.threshold_root(1 - Fraction(weight), weight)))
    above = Fraction(weight) > Fraction(29, 100)
    assert ("the mixture is above the bound" if above else "step 1 (local): entry 0, state 0: not pos") in str(
        caught.value
    )


# ---- rounds ----------------------------------------------------------------------------------------------------------
def test_rounds_are_no_boxes():
    """The flag is a part of the scenario; its trusted party is one without input."""
    place = models.sequential([(2, 2), (2, 2)], 2)
    found = CHECK.Scenario.read(CHECK.Node(place, "scenario"))
    assert found == CHECK.Scenario([[2, 2], [2, 2]], [2], sequential=True) != CHECK.Scenario([[2, 2], [2, 2]], [2])
    assert found.sentence().startswith("successive rounds of a black box with outcomes [[2, 2], [2, 2]] by setting")


def test_outcomes_of_rounds_sum_to_those_before():
    """Of the hand-made sequence: the first rounds alone are those of their instruments."""
    table = models.sequence([models.FIRST], models.LAST, ex.STATE22, (2, 2))
    for x, setting in enumerate(models.FIRST):
        for a, kraus in enumerate(setting):
            effect = ex.plus(*(ex.times(ex.star(k), k) for k in kraus))
            once = ex.keep(ex.times(ex.tensor(effect, ex.unit(2)), ex.STATE22), (2, 2), 1)
            for y, last in enumerate(models.LAST):
                assert ex.plus(*(table[f"{a},{b}|{x},{y}"] for b in range(len(last)))) == once


# ---- what is printed -------------------------------------------------------------------------------------------------
SENTENCES = {
    "two_rounds": "sigma has a quantum realisation: sigma is what the Born rule gives for the operator W of ",
    "memory": "no-signalling from any round to earlier ones and to the trusted party, of trace 1",
    "nonlocal_input": "<F, s> >= -2 ~ -2 for every assemblage s with a local hidden state model",
    "pseudo": "sigma has a pseudo-local-hidden-state model, in which states need not be positive",
    "affine": "sigma is an affine combination of what local hidden states give",
    "projective": "whatever projective or other two-outcome measurements the trusted qubit makes",
    "povm": "only correlations with a local hidden variable model, whatever the trusted qutrit measures (POVMs)",
    "threshold_root": "has one for t <= r <= 1, where t = 1 - 1/2 theta ~ 0.292893218813: ",
    "sequential_mixture": "sigma is the mixture r nu + (1 - r) tau with r = 1/3 ~ 0.333333333333",
    "negativity": "the steering negativity of sigma is at least -1/2 + 1/2 theta ~ 0.207106781187: ",
    "negativity_of_a_witness": "the steering negativity of sigma is at most 3/5 ~ 0.6: ",
}


@pytest.mark.parametrize("name", SENTENCES)
def test_sentences(name, tmp_path, capsys):
    path = tmp_path / "file.json"
    path.write_bytes(build.encode(models.VALID[name]()))
    assert CHECK.main([str(path)]) == 0
    printed = capsys.readouterr().out
    assert SENTENCES[name] in printed
    assert ("not established: which correlations" in printed) == (name not in ("projective", "povm"))


def test_weights_and_bounds_are_no_objects():
    """Numbers of theta, which are texts as names are, in statements of the claim."""
    for name in ("threshold_root", "negativity"):
        claim = CHECK.Claim(CHECK.Node(models.VALID[name]()["claim"], "claim"))
        assert all(set(s) & {"weight", "bound"} for s in claim.statements)
        assert CHECK.check_bytes(build.encode(models.VALID[name]())).proved
