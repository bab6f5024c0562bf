"""Scenarios: the labels (a|x) are exactly one outcome and one setting for each box, each once and in order, for every
view where there are several; the JSON form reads back to the same scenario; every size outside the documented limits
and every impossible combination is refused, the limits are not.
"""

from itertools import product
from math import prod

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.errors import FormatError, InputError, ScenarioError
from steeralg.objects.files import parse_label, scenario_from_json
from steeralg.objects.scenario import BlackBox, Scenario, TrustedParty, format_label
from tests.strategies import KINDS

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
    for scenario in [*SCENARIOS, *KINDS.values()]:
        for label in scenario.labels():
            assert parse_label(scenario.key(label), scenario) == label
            assert scenario.key(label).split(";")[0] == format_label(label[:2])


ONE, TWO = Scenario.of([(2, 2)], 2), Scenario.of([(2, 2)] * 2, 2)
INPUT, SEVERAL, INSTRUMENTAL = KINDS["input"], KINDS["several trusted"], KINDS["instrumental"]


@pytest.mark.parametrize(
    "key", ["", "|", "0", "0|", "|0", "0|0|0", "00|0", "0|01", "-1|0", "+1|0", " 0|0", "0 |0", "٠|0", "0|0;0", "0|0;"]
)
def test_a_key_is_one_canonical_outcome_and_one_canonical_setting(key):
    for scenario in (ONE, INSTRUMENTAL):
        with pytest.raises(FormatError):
            parse_label(key, scenario)


@pytest.mark.parametrize("key", ["0|0", "0,0|0", "0|0,0", "0,0,0|0,0,0", "0,0|0,", ",0|0,0"])
def test_a_key_for_two_boxes_has_two_outcomes_and_two_settings(key):
    with pytest.raises(FormatError):
        parse_label(key, TWO)


@pytest.mark.parametrize("scenario, good", [(INPUT, "0|1;1"), (SEVERAL, "0|1;B2")], ids=["input", "several"])
@pytest.mark.parametrize(
    "key",
    ["0|1", "0|1;", "0|1;2", "0|1;01", "0|1; 1", "0|1;B0", "0|1;B3", "0|1;b1", "0|1;1;1", "0|1;-1", ";1", "0|1;B01"],
)
def test_a_key_ends_in_the_setting_or_the_name_of_the_trusted_party(scenario, good, key):
    assert parse_label(good, scenario) == ((0,), (1,), 1)
    with pytest.raises(FormatError) as caught:
        parse_label(key, scenario)
    assert repr(key) in str(caught.value)


@pytest.mark.parametrize("scenario", KINDS.values(), ids=list(KINDS))
def test_labels_name_the_views_innermost(scenario):
    boxes = [[(a, x) for x, d in enumerate(box.outcomes) for a in range(d)] for box in scenario.black_boxes]
    pairs = {(tuple(a for a, _ in choice), tuple(x for _, x in choice)) for choice in product(*boxes)}
    labels, views = list(scenario.labels()), len(scenario.views)
    if scenario.instrumental or views == 1:
        assert set(labels) == pairs and len(labels) == len(pairs)
    else:
        assert set(labels) == {(*pair, v) for pair in pairs for v in range(views)}
        assert len(labels) == len(pairs) * views
    assert labels == sorted(labels, key=lambda label: (label[1], label[0], label[2:]))
    for label in labels:
        assert scenario.has(label) and scenario.has_partial(label)
        assert scenario.view(label) == (label[0][0] if scenario.instrumental else label[2] if len(label) > 2 else 0)
        assert scenario.order(label) == scenario.views[scenario.view(label)]


@pytest.mark.parametrize("scenario", KINDS.values(), ids=list(KINDS))
def test_a_label_with_a_view_too_many_or_too_few_or_out_of_range_does_not_belong(scenario):
    for label in scenario.labels():
        wrong = [(*label, 0), label[:1], (label[0], list(label[1]), *label[2:]), (*label[:2], len(scenario.views))]
        wrong += [(*label[:2], -1), (*label[:2], None), (*label[:2], True), (*label[:2], 0.0)]
        wrong += [label[:2]] if scenario.has_views else [(*label, 1)]
        assert not any(scenario.has(other) or scenario.has_partial(other) for other in wrong)


def test_partial_labels_sum_over_boxes_but_not_in_instrumental_scenarios():
    assert TWO.has_partial(((None, 1), (None, 0))) and TWO.has_partial(((None, None), (None, None)))
    assert INPUT.has_partial(((None,), (None,), 1)) and not INPUT.has_partial(((None,), (None,)))
    assert SEVERAL.has_partial(((None,), (None,), 0)) and not SEVERAL.has_partial(((None,), (None,), None))
    assert not INSTRUMENTAL.has_partial(((None,), (None,)))


@pytest.mark.parametrize("scenario", KINDS.values(), ids=list(KINDS))
def test_json_of_every_kind_reads_back_and_names_what_it_is(scenario):
    value = scenario.json()
    assert scenario_from_json(value) == scenario
    assert ("instrumental" in value) == scenario.instrumental
    assert [party.get("settings", 1) for party in value["trusted"]] == [p.settings for p in scenario.trusted]
    assert len(str(scenario).splitlines()) == 1


@pytest.mark.parametrize("scenario", KINDS.values(), ids=list(KINDS))
def test_dimensions_views_and_parents(scenario):
    dims = [party.dim for party in scenario.trusted]
    assert scenario.dim == (1 if scenario.has_input else prod(dims))
    assert scenario.views == (tuple(dims * scenario.trusted[0].settings) if scenario.has_input else tuple(dims))
    parent = scenario.parent
    assert parent.parent == parent and parent.black_boxes == scenario.black_boxes and not parent.instrumental
    assert (parent == scenario) == (not scenario.instrumental and len(dims) == 1)
    assert len(parent.trusted) == 1 and parent.trusted[0].dim == prod(dims)


def test_no_trusted_party_is_one_of_dimension_one():
    assert Scenario.of([(2, 2)] * 2) == Scenario.of([(2, 2)] * 2, 1) == Scenario((BlackBox((2, 2)),) * 2, ())
    assert Scenario.of([(2, 2)], [3]) == Scenario.of([(2, 2)], 3)


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


@pytest.mark.parametrize("settings_", [0, -1, 65, True, 2.0, "2", None])
def test_a_number_of_trusted_settings_outside_the_limits_is_refused(settings_):
    with pytest.raises(ScenarioError):
        TrustedParty(2, settings_)


BOX = (BlackBox((2, 3)),)
IMPOSSIBLE = {
    "two parties with input": (BOX, (TrustedParty(2, 2), TrustedParty(2, 2)), False, "only trusted party"),
    "one of two with input": (BOX, (TrustedParty(2), TrustedParty(2, 2)), False, "only trusted party"),
    "nine parties": (BOX, (TrustedParty(1),) * 9, False, "at most 8"),
    "a large product": (BOX, (TrustedParty(16), TrustedParty(17)), False, "above 256"),
    "too many elements over the views": ((BlackBox((64,) * 64),), (TrustedParty(1, 64),), False, "elements"),
    "instrumental, two boxes": (BOX * 2, (TrustedParty(2, 3),), True, "one black box"),
    "instrumental, two trusted": (BOX, (TrustedParty(2), TrustedParty(2)), True, "one black box"),
    "instrumental, no input": (BOX, (TrustedParty(2),), True, "3 settings"),
    "instrumental, too few settings": (BOX, (TrustedParty(2, 2),), True, "3 settings"),
    "instrumental, one outcome": ((BlackBox((1, 1)),), (TrustedParty(2),), True, "2 settings"),
    "instrumental as a number": (BOX, (TrustedParty(2, 3),), 1, "true or false"),
    "instrumental as a string": (BOX, (TrustedParty(2, 3),), "yes", "true or false"),
}


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_impossible_combinations_are_refused_with_the_reason(name):
    boxes, trusted, instrumental, reason = IMPOSSIBLE[name]
    with pytest.raises(ScenarioError, match=reason) as caught:
        Scenario(boxes, trusted, instrumental)
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize("value", [None, 0, 1, "false", [], 0.0])
def test_instrumental_is_a_boolean_in_files(value):
    text = {"black_boxes": [{"outcomes": [2, 2]}], "trusted": [{"dim": 2, "settings": 2}], "instrumental": value}
    with pytest.raises(InputError):
        scenario_from_json(text)


def test_more_settings_than_outcomes_are_allowed_and_all_views_count():
    scenario = Scenario(BOX, (TrustedParty(2, 5),), True)
    assert len(scenario.views) == 5 and len(list(scenario.labels())) == 5


@pytest.mark.parametrize("boxes, dim", [([(1,)] * 8, 1), ([(1,) * 64], 256), ([(64,)], 1), ([(10,) * 10] * 2, 2)])
def test_the_limits_themselves_are_allowed(boxes, dim):
    scenario = Scenario.of(boxes, dim)
    assert len(scenario.black_boxes) == len(boxes)
