"""Scenarios: the labels (a|x) are exactly one outcome and one setting for each box, each once and in order; the JSON
form reads back to the same scenario; every size outside the documented limits is refused, the limits are not.
"""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.errors import FormatError, ScenarioError
from steeralg.objects.files import parse_label, scenario_from_json
from steeralg.objects.scenario import BlackBox, Scenario, TrustedParty, format_label

BOXES = [box for count in (1, 2) for box in product((1, 2, 3), repeat=count)]
SCENARIOS = [Scenario.of(boxes, 1) for count in (1, 2) for boxes in product(BOXES, repeat=count)]


def test_the_labels_are_the_pairs_of_a_setting_and_one_of_its_outcomes_for_each_box():
    for scenario in SCENARIOS:
        boxes = [[(a, x) for x, d in enumerate(box.outcomes) for a in range(d)] for box in scenario.black_boxes]
        wanted = {(tuple(a for a, _ in choice), tuple(x for _, x in choice)) for choice in product(*boxes)}
        labels = list(scenario.labels())
        assert len(labels) == len(wanted)
        assert set(labels) == wanted


def test_labels_are_ordered_by_settings_and_then_by_outcomes():
    for scenario in SCENARIOS:
        labels = list(scenario.labels())
        assert labels == sorted(labels, key=lambda label: (label[1], label[0]))


def test_a_scenario_has_its_labels_and_no_others():
    for scenario in SCENARIOS:
        n, labels = len(scenario.black_boxes), set(scenario.labels())
        around = list(product(product((-1, 0, 1, 2, 3), repeat=n), product((-1, 0, 1, 2), repeat=n)))
        assert {label for label in around if scenario.has(label)} == labels


def test_a_label_with_too_few_or_too_many_boxes_does_not_belong():
    scenario = Scenario.of([(2, 2), (2, 2)], 1)
    assert not any(scenario.has(label) for label in [((), ()), ((0,), (0,)), ((0, 0), (0,)), ((0, 0, 0), (0, 0, 0))])


def test_settings_and_outcomes_are_all_combinations():
    scenario = Scenario.of([(2, 3), (1, 2, 2)], 4)
    assert set(scenario.settings()) == set(product(range(2), range(3)))
    assert set(scenario.outcomes((1, 2))) == set(product(range(3), range(2)))


sizes = st.lists(st.lists(st.integers(1, 5), min_size=1, max_size=3), min_size=1, max_size=3)


@given(sizes, st.integers(1, 256))
@settings(deadline=None, max_examples=50)
def test_json_reads_back_to_the_same_scenario(outcomes, dim):
    scenario = Scenario.of(outcomes, dim)
    assert scenario_from_json(scenario.json()) == scenario
    assert scenario.dim == dim


@given(sizes, st.integers(1, 256), sizes, st.integers(1, 256))
@settings(deadline=None, max_examples=50)
def test_scenarios_are_equal_exactly_if_their_sizes_are(outcomes, dim, others, other_dim):
    equal = outcomes == others and dim == other_dim
    assert (Scenario.of(outcomes, dim) == Scenario.of(others, other_dim)) == equal


def test_keys_read_back_to_the_same_labels():
    for scenario in SCENARIOS:
        for label in scenario.labels():
            assert parse_label(format_label(label), len(scenario.black_boxes)) == label


@pytest.mark.parametrize(
    "key", ["", "|", "0", "0|", "|0", "0|0|0", "00|0", "0|01", "-1|0", "+1|0", " 0|0", "0 |0", "٠|0"]
)
def test_a_key_is_one_canonical_outcome_and_one_canonical_setting(key):
    with pytest.raises(FormatError):
        parse_label(key, 1)


@pytest.mark.parametrize("key", ["0|0", "0,0|0", "0|0,0", "0,0,0|0,0,0", "0,0|0,", ",0|0,0"])
def test_a_key_for_two_boxes_has_two_outcomes_and_two_settings(key):
    with pytest.raises(FormatError):
        parse_label(key, 2)


@pytest.mark.parametrize("outcomes", [(), (2,) * 65, (0,), (2, -1), (65,), (2.0,), (True,), ("2",), (None,)])
def test_a_black_box_outside_the_limits_is_refused(outcomes):
    with pytest.raises(ScenarioError):
        BlackBox(outcomes)


@pytest.mark.parametrize("dim", [0, -1, 257, True, 2.0, "2", None])
def test_a_trusted_dimension_outside_the_limits_is_refused(dim):
    with pytest.raises(ScenarioError):
        TrustedParty(dim)


@pytest.mark.parametrize("boxes", [[], [(1,)] * 9, [(10,) * 32] * 2, [(64,) * 2] * 3])
def test_too_few_boxes_too_many_boxes_and_too_many_elements_are_refused(boxes):
    with pytest.raises(ScenarioError):
        Scenario.of(boxes, 2)


@pytest.mark.parametrize("trusted", [(), (TrustedParty(2), TrustedParty(2))])
def test_there_is_exactly_one_trusted_party(trusted):
    with pytest.raises(ScenarioError):
        Scenario((BlackBox((2,)),), trusted)


@pytest.mark.parametrize("boxes, dim", [([(1,)] * 8, 1), ([(1,) * 64], 256), ([(64,)], 1), ([(10,) * 10] * 2, 2)])
def test_the_limits_themselves_are_allowed(boxes, dim):
    scenario = Scenario.of(boxes, dim)
    assert len(scenario.black_boxes) == len(boxes)
