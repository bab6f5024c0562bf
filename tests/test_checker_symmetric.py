"""Bounds in the group basis, up to symmetries: the checker and the library prove exactly the same number.

So they do for the examples, and for random words, Gram matrices, symmetries and characters; what the checker rejects
the library does not prove; and no bound that is accepted is above what local hidden states reach.
"""

import copy
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.certificates.encode import bound_to_json
from steeralg.exact.number import Number
from tests import forged_symmetric, forgeries
from tests import proof_builders as build
from tests import symmetric_examples as sym
from tests.judges import CHECKER, accepted_as_file, holds_as_file, read_unchecked

TINY = Number.of(Fraction(1, 10**12))


def proved(file):
    """The largest bound that the blocks prove, by the library."""
    proof = read_unchecked(build.encode(file))
    (step,) = proof.steps
    return step.symmetric.proved_bound(proof.objects["F"])


def bounded(file, number):
    """The same proof of another bound."""
    return forgeries.change(file, forged_symmetric.bounded(bound_to_json(number)))


def least_local(file):
    """The least value of deterministic strategies with the best state, in floats."""
    field, scenario = file["claim"]["field"], file["claim"]["scenario"]
    lo, hi = map(Fraction, field["interval"])
    roots = np.roots([int(c) for c in reversed(field["minimal_polynomial"])])
    (theta,) = (z.real for z in roots if abs(z.imag) < 1e-9 and lo < z.real < hi)
    dims, boxes = [party["dim"] for party in scenario["trusted"]], [box["outcomes"] for box in scenario["black_boxes"]]

    def matrix(m, n):
        found = np.zeros((n, n), complex)
        for half, unit in (("re", 1), ("im", 1j)):
            for i, row in enumerate(m.get(half, [])):
                for j, entry in enumerate(row.split()):
                    found[i, j] += unit * sum(int(c) * theta**k for k, c in enumerate(entry.split(",")))
        return (found + np.tril(found, -1).conj().T) / int(m["denominator"])

    terms = []
    for key, m in file["claim"]["objects"]["F"]["elements"].items():
        letters, _, view = key.partition(";B")
        k = int(view or 1) - 1
        factors = [matrix(m, d) if j == k else np.eye(d) for j, d in enumerate(dims)]
        whole = np.eye(1)
        for factor in factors:
            whole = np.kron(whole, factor)
        terms.append(([[int(c) for c in part.split(",")] for part in letters.split("|")], whole))
    least = 0.0 if not terms else np.inf
    for strategy in product(*(product(*map(range, box)) for box in boxes)):
        met = [w for (a, x), w in terms if all(s[y] == b for s, b, y in zip(strategy, a, x, strict=True))]
        least = min(least, np.linalg.eigvalsh(sum(met))[0] if met else 0.0)
    return least


def assert_true(file):
    """Local hidden states obey the bound."""
    (found,) = CHECKER.check_bytes(build.encode(file)).proved
    field = CHECKER.Field(CHECKER.Node(file["claim"]["field"], "field"))
    assert least_local(file) > sum(float(c) * (field.lo / field.unit) ** k for k, c in enumerate(found.bound)) - 1e-9


@pytest.mark.parametrize("name", sym.VALID)
def test_valid(name):
    file = sym.VALID[name]()
    data = build.encode(file)
    report = CHECKER.check_bytes(data, build.encode(file["claim"]))
    assert "in the group basis" in report.lines[-1] and report.lines[-1].isascii()
    assert holds_as_file(data) and accepted_as_file(read_unchecked(data).to_bytes())


@pytest.mark.parametrize("name", sym.VALID)
def test_both_judges_prove_the_same_bound(name):
    """That of the example, and nothing above it."""
    file = sym.VALID[name]()
    number = proved(file)
    assert bound_to_json(number) == file["claim"]["statements"][0]["bound"]
    above = build.encode(bounded(file, number + TINY))
    assert not holds_as_file(above) and not accepted_as_file(above)


@pytest.mark.parametrize("name", sym.VALID)
def test_local_hidden_states_obey_the_bound(name):
    assert_true(sym.VALID[name]())


REJECTED = [case for case in forged_symmetric.CASES if case.refusal == "Rejected" and not case.patch]


@pytest.mark.parametrize("case", REJECTED, ids=lambda case: case.name)
def test_both_judges_reject(case):
    data, _ = forgeries.forge(case)
    assert not holds_as_file(data) and not accepted_as_file(data)


@pytest.mark.parametrize("case", forged_symmetric.ACCEPTED, ids=lambda case: case.name)
def test_both_judges_accept(case):
    data, _ = forgeries.forge(case)
    assert holds_as_file(data) and accepted_as_file(data)


# ---- random squares --------------------------------------------------------------------------------------------------
TURNS = {"chsh": [sym.TURN | {"antiunitary": True}], "qutrit_words": [sym.conjugation(2, 6)]}
NAMES = ["chsh", "chsh_character", "vanishing", "paulis", "ququart", "qutrit_words", "qutrit_mirror", "two_parties"]


@st.composite
def squares(draw):
    """Words and positive Gram matrices of an example, some of its symmetries, some characters."""
    name = draw(st.sampled_from(NAMES))
    file = copy.deepcopy(sym.VALID[name]())
    evidence, scenario = file["proof"]["steps"][0]["symmetric"], file["claim"]["scenario"]
    known = evidence["generators"] + TURNS.get(name, [])
    generators = draw(st.lists(st.sampled_from(known), max_size=3))
    primes = [p for party in scenario["trusted"] for p in CHECKER.prime_factors(party["dim"])]
    boxes = [box["outcomes"] for box in scenario["black_boxes"]]
    letters = [[f"{x}^{k}" for x, d in enumerate(box) for k in range(1, d)] for box in boxes]

    def word():
        strands = []
        for names in letters:
            picked = draw(st.lists(st.sampled_from(names), max_size=2))
            strands.append(" ".join(t for i, t in enumerate(picked) if i == 0 or picked[0][0] != t[0]))
        exponents = (draw(st.tuples(*[st.integers(0, p - 1)] * 2)) for p in primes)
        return [*strands, " ".join("{},{}".format(*pair) for pair in exponents)]

    number = st.builds(complex, st.integers(-2, 2), st.integers(-2, 2))
    even = st.lists(st.integers(0, len(generators) - 1), min_size=1, max_size=4).filter(
        lambda numbers: sum("antiunitary" in generators[g] for g in numbers) % 2 == 0
    )
    pairs = st.tuples(even, st.integers(0, evidence["root"]["order"] - 1))
    blocks = []
    for _ in range(draw(st.integers(1, 2))):
        words = [list(w) for w in dict.fromkeys(tuple(word()) for _ in range(draw(st.integers(1, 4))))]
        gram = sym.rank_one(*(draw(number) for _ in words))
        characters = draw(st.lists(pairs, max_size=2)) if generators else []
        blocks.append(sym.block(words, gram, *characters))
    evidence["generators"], evidence["blocks"] = generators, blocks
    return file


@given(squares())
@settings(deadline=None, max_examples=60)
def test_random_squares(file):
    number = proved(file)
    assert accepted_as_file(build.encode(bounded(file, number)))
    assert not accepted_as_file(build.encode(bounded(file, number + TINY)))


# ---- edited files ----------------------------------------------------------------------------------------------------
def leaves(value, path=()):
    """The paths of all numbers and texts."""
    if isinstance(value, dict | list):
        for key, entry in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(entry, (*path, key))
    else:
        yield path


EVIDENCE = {name: list(leaves(file()["proof"]["steps"][0]["symmetric"])) for name, file in sym.VALID.items()}
DIGITS = st.sampled_from("0123-")


@given(st.sampled_from(sorted(sym.VALID)), st.data())
@settings(deadline=None, max_examples=150)
def test_edited_files_are_refused_or_true(name, data):
    """Some numbers of the evidence are others: the refusal is typed, and what is accepted holds for both judges."""
    file = copy.deepcopy(sym.VALID[name]())
    for _ in range(data.draw(st.integers(1, 2))):
        *path, last = data.draw(st.sampled_from(EVIDENCE[name]))
        place = file["proof"]["steps"][0]["symmetric"]
        for key in path:
            place = place[key]
        old = place[last]
        if isinstance(old, str):
            i = data.draw(st.integers(0, max(len(old) - 1, 0)))
            place[last] = old[:i] + data.draw(DIGITS) + old[i + 1 :]
        else:
            place[last] = data.draw(st.integers(0, 5))
    if accepted_as_file(build.encode(file)):
        assert holds_as_file(build.encode(file))
        assert_true(file)
