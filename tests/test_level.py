"""Levels: what strings and integers mean, and whether a level's products reach the data.

A level is a set of words closed under deleting letters; integers and strings agree, terms may come in any order,
higher levels contain lower ones, sizes are the counted ones, and malformed levels raise LevelError. Reach is compared
with brute force: every observed word has to be some product v*w.
"""

import tracemalloc
from itertools import pairwise, product
from math import prod

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.algebra.level import MAX_WORDS, check_reach, lengths, level_words
from steeralg.algebra.observed import observed_element
from steeralg.algebra.word import group_algebra, projector_algebra
from steeralg.errors import LevelError, SteeralgError
from steeralg.exact.matrix import Matrix
from steeralg.objects.scenario import Scenario
from tests.strategies import KINDS

SCENARIOS = [
    Scenario.of([(2, 2)], 2),
    Scenario.of([(2, 2), (2, 2)], 1),
    Scenario.of([(3, 2), (1, 2)], 2),
    Scenario.of([(1,), (2, 3)], 1),
    Scenario.of([(2, 2)] * 3, 1),
    Scenario.of([(2,)] * 4, 1),
    *(kind for name, kind in KINDS.items() if name not in ("one box", "bell")),
]
MALFORMED = "+ 1+ +AB 1++AB C 1+AC AB1 -1 1.5 1-AB A*B ² ٢ 13 100 quantum AAAAAAAAAAAAA"
LEVELS = [0, 1, 2, "A", "1+AB", "AAB", "2+AAB", "ABB+1", "almost quantum"]
every_scenario = pytest.mark.parametrize("scenario", SCENARIOS, ids=str)


def applicable(scenario):
    parties = len(projector_algebra(scenario).parties)
    return [level for level in LEVELS if parties > 1 or level == "almost quantum" or "B" not in str(level)]


def size(outcomes, level, dim=1):
    return len(level_words(projector_algebra(Scenario.of(outcomes, dim)), level))


terms = st.one_of(st.integers(0, 3).map(str), st.text("ABab", min_size=1, max_size=4))


@pytest.mark.parametrize("number", range(5))
@pytest.mark.parametrize("parties", [1, 2, 3])
def test_an_integer_level_is_all_words_of_at_most_so_many_letters(number, parties):
    expected = {v for v in product(range(number + 1), repeat=parties) if sum(v) <= number}
    assert set(lengths(number, parties)) == expected
    assert lengths(str(number), parties) == lengths(number, parties)


@given(st.lists(terms, min_size=1, max_size=4), st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=100)
def test_terms_may_come_in_any_order_and_notation(parts, random):
    shuffled = ["".join(random.sample(part, len(part))) for part in random.sample(parts, len(parts))]
    assert lengths(" + ".join(shuffled).swapcase(), 2) == lengths("+".join(parts), 2)


@given(st.lists(terms, min_size=1, max_size=4))
@settings(deadline=None, max_examples=100)
def test_a_level_is_the_union_of_its_terms_and_holds_the_empty_word(parts):
    union = {v for part in parts for v in lengths(part, 2)} | {(0, 0)}
    found = lengths("+".join(parts), 2)
    assert set(found) == union and len(found) == len(union)
    assert [sum(v) for v in found] == sorted(sum(v) for v in found)


@given(st.text("ABC", min_size=1, max_size=5))
@settings(deadline=None, max_examples=50)
def test_a_product_of_letters_allows_exactly_its_divisors(term):
    counts = [term.count(letter) for letter in "ABC"]
    assert set(lengths(term, 3)) == set(product(*(range(c + 1) for c in counts)))


@every_scenario
def test_levels_are_closed_under_deleting_letters(scenario):
    for algebra, level in product((projector_algebra(scenario), group_algebra(scenario)), applicable(scenario)):
        words = level_words(algebra, level)
        known = set(words)
        assert len(known) == len(words) and words[0] == ((),) * len(algebra.parties)
        for word in words:
            for k, part in enumerate(word):
                for i in range(len(part)):
                    rest = part[:i] + part[i + 1 :]
                    if all(v[0] != w[0] for v, w in pairwise(rest)):
                        assert (*word[:k], rest, *word[k + 1 :]) in known


@every_scenario
def test_integer_levels_are_nested_with_almost_quantum_in_between(scenario):
    algebra = projector_algebra(scenario)
    chain = [set(level_words(algebra, level)) for level in range(3)]
    assert all(low <= high for low, high in pairwise(chain))
    assert chain[1] <= set(level_words(algebra, "almost quantum")) <= set(level_words(algebra, len(algebra.parties)))


def test_sizes_of_the_textbook_levels():
    two_two = [(2, 2), (2, 2)]
    assert [size(two_two, level) for level in (0, 1, "1+AB", 2, "1+A+B+AB+AAB")] == [1, 5, 9, 13, 15]
    assert [size([(2, 2, 2)] * 2, level) for level in (1, "1+AB", 2)] == [7, 16, 28]
    assert size([(2, 2)] * 3, 2) == 1 + 6 + 3 * 2 + 3 * 4
    assert size([(3, 3)] * 2, "1+AB") == 25


@every_scenario
def test_almost_quantum_has_one_word_per_choice_of_at_most_one_letter_of_each_party(scenario):
    expected = prod(1 + sum(d - 1 for d in box.outcomes) for box in scenario.black_boxes)
    if scenario.has_input:
        expected *= 1 + len(scenario.views) * (scenario.views[0] ** 2 - 1)
    assert len(level_words(projector_algebra(scenario), "almost quantum")) == expected
    assert lengths("Almost-Quantum", 2) == lengths("1+AB", 2)


def test_both_sets_of_letters_have_words_of_the_same_numbers():
    for scenario in SCENARIOS:
        for level in applicable(scenario):
            assert len(level_words(projector_algebra(scenario), level)) == len(
                level_words(group_algebra(scenario), level)
            )


@pytest.mark.parametrize("text", MALFORMED.split())
def test_malformed_strings_raise_a_level_error(text):
    with pytest.raises(LevelError):
        lengths(text, 2)


@pytest.mark.parametrize("text", ["", " ", "1 2", "2 AB 1"])
def test_spaces_do_not_make_a_level_out_of_something_else(text):
    with pytest.raises(LevelError):
        lengths(text, 2)


@pytest.mark.parametrize("level", [True, False, None, 1.0, -1, 13, 10**30, (1,), b"1"], ids=repr)
def test_other_values_raise_a_level_error(level):
    with pytest.raises(LevelError):
        lengths(level, 2)


@given(st.text("12ABC+- .²x", max_size=6))
@settings(deadline=None, max_examples=200)
def test_any_other_string_is_a_level_or_a_level_error(text):
    try:
        found = lengths(text, 2)
    except SteeralgError as error:
        assert isinstance(error, LevelError)
    else:
        assert (0, 0) in found


def test_far_too_large_levels_are_refused_without_enumerating_them():
    algebra = projector_algebra(Scenario.of([(3, 3, 3)] * 2, 1))
    tracemalloc.start()
    try:
        with pytest.raises(LevelError, match=str(MAX_WORDS)):
            level_words(algebra, 8)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 1000 * MAX_WORDS


def observed_words(scenario, label):
    order = scenario.order(label)
    units = [Matrix.unit(order, i, j) for i, j in product(range(order), repeat=2)]
    return set().union(*(observed_element(scenario, label, unit) for unit in units))


@every_scenario
def test_a_level_reaches_the_data_iff_every_observed_word_is_a_product(scenario):
    algebra = projector_algebra(scenario)
    observed = {word for label in scenario.labels() for word in observed_words(scenario, label)}
    for level in applicable(scenario):
        words = level_words(algebra, level)
        if len(words) > 200:
            continue
        reached = {u for v, w in product(words, repeat=2) for u in algebra.product(algebra.adjoint(v), w)}
        if observed <= reached:
            check_reach(scenario, level)
        else:
            with pytest.raises(LevelError):
                check_reach(scenario, level)


def test_three_boxes_need_level_two_or_almost_quantum():
    scenario = Scenario.of([(2, 2)] * 3, 2)
    with pytest.raises(LevelError, match="level 2"):
        check_reach(scenario, 1)
    for level in (2, "1+AB", "almost quantum"):
        check_reach(scenario, level)


@pytest.mark.parametrize("boxes", range(1, 9))
def test_the_level_that_the_error_suggests_is_the_lowest_that_reaches(boxes):
    scenario = Scenario.of([(2, 2)] * boxes, 1)
    check_reach(scenario, (boxes + 1) // 2)
    check_reach(scenario, "almost quantum")
    with pytest.raises(LevelError, match=f"level {(boxes + 1) // 2} or higher"):
        check_reach(scenario, (boxes + 1) // 2 - 1)


def test_a_trusted_party_with_input_is_the_party_after_the_last_box():
    scenario = Scenario.of([(2, 2)], 2, 2)
    assert len(level_words(projector_algebra(scenario), "A")) == 3
    assert len(level_words(projector_algebra(scenario), "B")) == 7
    assert set(level_words(projector_algebra(scenario), "AB")) == set(level_words(projector_algebra(scenario), "1+AB"))
    check_reach(scenario, 1)
    with pytest.raises(LevelError, match="letters A, B"):
        level_words(projector_algebra(scenario), "1+AC")


@pytest.mark.parametrize("boxes", [1, 2, 3, 4])
def test_an_input_counts_as_a_party_to_reach(boxes):
    scenario = Scenario.of([(2,)] * boxes, 2, 2)
    lowest = (boxes + 2) // 2
    check_reach(scenario, lowest)
    with pytest.raises(LevelError, match=f"level {lowest} or higher"):
        check_reach(scenario, lowest - 1)
