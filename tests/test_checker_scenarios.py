"""Every rule and every kind of scenario has a proof by hand that the checker accepts; words against matrices."""

import json
from fractions import Fraction
from itertools import product
from math import lcm
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import checker_examples as examples
from tests import model_examples as models
from tests import proof_builders as build

CHECK = build.load_checker()


@pytest.mark.parametrize("name", examples.VALID)
def test_valid(name):
    data = build.encode(examples.VALID[name]())
    report = CHECK.check_bytes(data, build.encode(json.loads(data)["claim"]))
    assert report.proved and all("\n" not in line and line.isascii() for line in report.lines)


@pytest.mark.parametrize("one_setting", [False, True])
def test_one_setting_is_none(one_setting):
    report = CHECK.check_bytes(build.encode(examples.plain(one_setting)), build.encode(build.pr_qubit()["claim"]))
    assert report == CHECK.check_bytes(build.encode(build.pr_qubit()))


def test_views_and_keys():
    keys = {name: list(examples.VALID[name]()["claim"]["objects"]["sigma"]["elements"]) for name in ("bell", "joint")}
    assert "0,1|1,0" in keys["bell"] and "1|2;B2" in keys["joint"]
    several, single = (CHECK.Scenario([[2], [3]], dims) for dims in ([2, 3], [4]))
    assert len(several.keys) == 12 and several.keys["1,2|0,0;B2"] == (((1, 1, 0), (2, 2, 0)), (1, 0))
    assert several.parent() == CHECK.Scenario([[2], [3]], [6]) and single.parent() == single
    some, all_ = (CHECK.Scenario([[2, 2]], [3], 2, only) for only in (True, False))
    assert some.keys["1|0"] == (((1, 1, 0),), (0, 1)) and len(some.keys) == 4 and some.parent() == all_ == some.complete
    assert all_.keys["1|0;0"] == (((1, 1, 0),), (0, 0)) and all_.order == 1 and several.order == 6


def test_bound_in_the_field():
    (proved,) = CHECK.check_bytes(build.encode(examples.root())).proved
    assert proved.bound == (0, -2) and proved.value == (-4, 0) and "-2 theta ~ -2.82842712475" in proved.sentence


# ---- edited files ----------------------------------------------------------------------------------------------------
def parts_of(value, path=()):
    """The place of every value in a file."""
    for key, entry in value.items() if isinstance(value, dict) else enumerate(value if isinstance(value, list) else ()):
        yield (*path, key)
        yield from parts_of(entry, (*path, key))


FILES = {name: example() for name, example in (examples.VALID | models.VALID).items()}
PLACES = {name: list(parts_of(file)) for name, file in FILES.items()}
ODD = [
    None,
    True,
    False,
    0,
    -1,
    1,
    2,
    3,
    1.5,
    "",
    "0",
    "1",
    "-1",
    "1/2",
    "0|0",
    "0,1|1",
    "sigma",
    "F",
    "W",
    [],
    {},
    [[]],
]


def at(file, path):
    for key in path:
        file = file[key]
    return file


@given(st.sampled_from(sorted(FILES)), st.data())
@settings(deadline=None, max_examples=400)
def test_edited_files_never_break_the_checker(name, data):
    """One value becomes something odd, or what is elsewhere in the file, or loses or repeats a part."""
    file = json.loads(build.encode(FILES[name]))
    *above, last = data.draw(st.sampled_from(PLACES[name]))
    old = at(file, above)[last]
    new = [st.sampled_from(ODD), st.sampled_from(PLACES[name]).map(lambda path: at(FILES[name], path))]
    if isinstance(old, list) and old:
        new += [st.just(old[:-1]), st.just(old + old[-1:]), st.permutations(old)]
    if isinstance(old, dict) and old:
        new += [st.sampled_from(sorted(old)).map(lambda key: {k: v for k, v in old.items() if k != key})]
    at(file, above)[last] = data.draw(st.one_of(new))
    try:
        CHECK.check_bytes(build.encode(file))
    except (CHECK.Unreadable, CHECK.Rejected):
        return


# ---- words are products of matrices ----------------------------------------------------------------------------------
def reflection(random, n):
    """1 - 2 v v*/(v* v) for a vector of Gaussian integers: a rational unitary."""
    vector = [examples.gauss(complex(random.randint(-3, 3), random.randint(-3, 3))) for _ in range(n - 1)]
    projector = examples.pure(*vector, examples.gauss(1 + 1j))
    return examples.plus(examples.unit(n), examples.array(projector, -2))


def letters_of(scenario, random):
    """For each party a matrix for every letter: U_x* (e_ij (x) 1) U_x, with a unitary U_x for each setting."""
    parties = []
    for party, sizes in enumerate(scenario.units):
        n, table = max(sizes) if party < len(scenario.boxes) else 2 * sizes[0], {}
        for x, d in enumerate(sizes):
            turn = examples.times(reflection(random, n), reflection(random, n))
            for i, j in product(range(d), repeat=2):
                hit = [(i, j)] if party < len(scenario.boxes) else [(2 * i, 2 * j), (2 * i + 1, 2 * j + 1)]
                if party < len(scenario.boxes) and i == j == d - 1:
                    hit += [(k, k) for k in range(d, n)]
                e = examples.array([[int((p, q) in hit) for q in range(n)] for p in range(n)])
                table[i, j, x] = examples.times(examples.star(turn), e, turn)
        parties.append(table)
    return parties


def value(word, parties):
    """The matrix of a word: a product for each party, and their tensor product."""
    sizes = [len(next(iter(table.values()))) for table in parties]
    factors = [examples.unit(n) for n in sizes]
    for k, strand in enumerate(word):
        factors[k] = examples.times(factors[k], *(parties[k][letter] for letter in strand))
    return examples.tensor(*factors)


def random_word(scenario, random):
    """Up to three letters for each party, any but neighbours of one setting."""
    word = []
    for table in scenario.letters:
        strand = []
        for letter in random.sample(sorted(table.values()), min(3, len(table))):
            if not strand or strand[-1][2] != letter[2]:
                strand.append(letter)
        word.append(tuple(strand[: random.randint(0, 3)]))
    return tuple(word)


SCENARIOS = [CHECK.Scenario([[2, 2]], [2], 2), CHECK.Scenario([[3, 2]], [2]), CHECK.Scenario([[1]], [2], 3)]
SCENARIOS += [CHECK.Scenario([[2, 3], [2, 2]], [1]), CHECK.Scenario([[2, 2], [2]], [2], 2, False)]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
@pytest.mark.parametrize("seed", range(6))
def test_products_of_words_are_products_of_matrices(scenario, seed):
    """z v* w + conj(z) w* v, expanded by the checker and then evaluated, and evaluated at once."""
    random = Random(seed)
    v, w = random_word(scenario, random), random_word(scenario, random)
    parties, n, z = letters_of(scenario, random), scenario.order, examples.gauss(complex(seed - 2, 3))
    gram = [[examples.gauss(0)] * (2 * n) for _ in range(2 * n)]
    gram[0][n], gram[n][0] = z, z.conjugate()  # only the first of the indices of M_D
    read = CHECK.Matrix.read(CHECK.Node(build.matrix(gram), "gram"), 1)
    found = CHECK.difference(scenario, {}, [Fraction(0)], [([v, w], read, None)], {})
    product_ = examples.times(examples.star(value(v, parties)), value(w, parties))
    wanted = examples.plus(examples.array(product_, z), examples.array(examples.star(product_), z.conjugate()))
    total = examples.array(wanted, 0)
    for word, part in found.items():
        assert not any(part[1 : n * n] + part[n * n + 1 :])
        coefficient = examples.Gauss(Fraction(-part[0]), Fraction(-part[n * n]))
        total = examples.plus(total, examples.array(value(word, parties), coefficient))
        assert all(not (i == j == scenario.units[k][x] - 1) for k, s in enumerate(word) for i, j, x in s)
    assert total == wanted


@pytest.mark.parametrize("name", ["with_input", "instrumental", "marginals", "squares_of_units"])
def test_observed_elements_are_operators(name):
    """The functional of an example, expanded, and sum_ij F_ij e^y_ij or 1 (x) .. F .. (x) 1 at explicit matrices."""
    claim = CHECK.Claim(CHECK.Node(examples.VALID[name]()["claim"], "claim"))
    scenario, elements = claim.find("functional", "F")
    parties, n = letters_of(scenario, Random(name)), scenario.order
    boxes = len(scenario.boxes)
    size = len(value([()] * len(parties), parties)) * n
    total = wanted = examples.array([[0] * size for _ in range(size)])
    zero = [Fraction(0)]
    scale = lcm(*(m.denominator for m in elements.values()))
    for word, part in CHECK.difference(scenario, elements, zero, [], {}).items():
        both = zip(part[: n * n], part[n * n :], strict=True)
        numbers = [examples.Gauss(Fraction(x, scale), Fraction(y, scale)) for x, y in both]
        coefficients = [numbers[n * i : n * i + n] for i in range(n)]
        total = examples.plus(total, examples.tensor(value(word, parties), coefficients))
    for key, m in elements.items():
        letters, (k, y) = scenario.keys[key]
        rows = (zip(*pair, strict=True) for pair in zip(m.re, m.im, strict=True))
        entries = [[examples.Gauss(*(Fraction(*x, m.denominator) for x in pair)) for pair in row] for row in rows]
        measured = examples.tensor(*(parties[b][letter] for b, letter in enumerate(letters)))
        if scenario.inputs > 1:
            units = (examples.array(parties[boxes][i, j, y], entries[i][j]) for i in range(2) for j in range(2))
            wanted = examples.plus(wanted, examples.tensor(measured, examples.plus(*units)))
        else:
            local = [entries if i == k else examples.unit(d) for i, d in enumerate(scenario.dims)]
            wanted = examples.plus(wanted, examples.tensor(measured, *local))
    assert total == wanted
