"""Families of operators by label: which labels, which shapes, marginals, the no-signalling equations, white noise.

Above: assemblages, functionals, repair. Below: scenario, the exact layer. A family need not be an assemblage: these
functions are what assemblages, functionals and approximate data share.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product
from math import prod
from typing import Any

from steeralg.errors import FormatError, ScenarioError, ShapeError, SignallingError
from steeralg.exact.matrix import Matrix, total
from steeralg.exact.number import brief
from steeralg.objects.scenario import BlackBox, Label, Partial, Scenario, format_label


def shown(scenario: Scenario, label: Label) -> str:
    """Return the key of a label; what is no label of the scenario is quoted as it is, shortened."""
    return scenario.key(label) if scenario.has(label) else format_label(label)


def check_labels(scenario: Scenario, elements: Mapping[Label, Any], complete: bool) -> None:
    """Raise FormatError for an element that should not be there or, if `complete`, for one that is missing."""
    for label in elements:
        if not scenario.has(label):
            raise FormatError(f"element {shown(scenario, label)} does not belong to the scenario: {scenario}")
    if complete:
        missing = next((label for label in scenario.labels() if label not in elements), None)
        if missing is not None:
            raise FormatError(f"element {scenario.key(missing)} is missing")


def check_element(scenario: Scenario, label: Label, matrix: Matrix) -> None:
    """Raise ShapeError or HermitianError unless an element is a Hermitian matrix of its view's dimension."""
    order = scenario.order(label)
    if (matrix.rows, matrix.columns) != (order, order):
        shape = f"{matrix.rows} x {matrix.columns}"
        raise ShapeError(f"element {scenario.key(label)} is {shape}; the trusted dimension is {order}")
    matrix.require_hermitian(f"element {scenario.key(label)}")


def check_no_signalling(scenario: Scenario, elements: Mapping[Label, Matrix]) -> None:
    """Raise SignallingError, with the equation, for a dependence on a setting that should not be there.

    Summing out a box leaves no dependence on its setting, in every view; and the traces are the same in all views,
    which is no-signalling from the trusted parties. For instrumental data the outcome probabilities have to sum to the
    same for every setting, and settings with one outcome show one state; that they are part of a no-signalling family
    is not decided here. In a sequential scenario, summing out a round and all later ones leaves no dependence on their
    settings.
    """
    if scenario.sequential:
        _check_rounds(scenario, elements)
        return
    if scenario.instrumental:
        for (x,) in scenario.settings():
            here, there = (total(_column(elements, (a,), (y,)) for (a,) in scenario.outcomes((y,))) for y in (x, 0))
            if here != there:
                raise SignallingError(
                    f"the traces of the elements at setting {x} sum to {brief(here.trace())}, those at setting 0 to "
                    f"{brief(there.trace())}"
                )
        trivial = trivial_labels(scenario)
        for label in trivial[1:]:
            if elements[label] != elements[trivial[0]]:
                raise SignallingError(
                    f"settings with one outcome show the same state: sigma[{scenario.key(label)}] differs from "
                    f"sigma[{scenario.key(trivial[0])}], in entry {_difference(elements[label], elements[trivial[0]])}"
                )
        return
    for view in range(len(scenario.views)):
        _check_boxes(scenario, elements, view)
    for label, matrix in elements.items():
        first = scenario.label(label[0], label[1])
        if matrix.trace() != elements[first].trace():
            raise SignallingError(
                f"signalling from the trusted side: the trace of sigma[{scenario.key(label)}] differs from that of "
                f"sigma[{scenario.key(first)}], by {brief(matrix.trace() - elements[first].trace())}"
            )


def trivial_labels(scenario: Scenario) -> list[Label]:
    """Return the elements of instrumental data at settings with one outcome: all of them are the state for y = 0."""
    outcomes = scenario.black_boxes[0].outcomes
    return [((0,), (x,)) for x, d in enumerate(outcomes) if d == 1] if scenario.instrumental else []


def _column(elements: Mapping[Label, Matrix], a: tuple[int, ...], x: tuple[int, ...]) -> Matrix:
    """Return the trace of an element as a 1 x 1 matrix."""
    matrix = elements[a, x]
    return Matrix.from_numbers([[matrix.trace()]], matrix.field)


def _check_boxes(scenario: Scenario, elements: Mapping[Label, Matrix], view: int) -> None:
    for k, box in enumerate(scenario.black_boxes):
        for x in scenario.settings():
            if x[k] == 0:
                continue
            base = (*x[:k], 0, *x[k + 1 :])
            for a in scenario.outcomes(x):
                if a[k]:
                    continue
                here, there = (
                    [scenario.label((*a[:k], b, *a[k + 1 :]), s, view) for b in range(box.outcomes[s[k]])]
                    for s in (x, base)
                )
                left, right = (total(elements[label] for label in labels) for labels in (here, there))
                if left != right:
                    raise SignallingError(
                        f"signalling from black box {k}: the sum over its outcomes of sigma[{scenario.key(here[0])}] "
                        f"(its setting {x[k]}) differs from that of sigma[{scenario.key(there[0])}] (its setting 0), "
                        f"in entry {_difference(left, right)}"
                    )


def _check_rounds(scenario: Scenario, elements: Mapping[Label, Matrix]) -> None:
    table = {label[:2]: matrix for label, matrix in elements.items()}
    for k in reversed(range(len(scenario.black_boxes))):
        sums: dict[tuple[tuple[int, ...], tuple[int, ...]], Matrix] = {}
        for (a, x), matrix in table.items():
            sums[a[:k], x] = sums[a[:k], x] + matrix if (a[:k], x) in sums else matrix
        table = {(a, x[:k]): matrix for (a, x), matrix in sums.items() if not x[k]}
        for (a, x), matrix in sums.items():
            before = table[a, x[:k]]
            if matrix != before:
                here = f"given outcomes {a} and settings {x[:k]}" if k else "the reduced state"
                raise SignallingError(
                    f"signalling back from round {k}: summed over the outcomes of this and the later rounds, the "
                    f"assemblage ({here}) at its setting {x[k]} differs from that at its setting 0, in entry "
                    f"{_difference(matrix, before)}"
                )


def _difference(left: Matrix, right: Matrix) -> str:
    rest = left - right
    i, j = next((i, j) for i in range(rest.rows) for j in range(rest.columns) if not rest.entry(i, j).is_zero)
    return f"({i}, {j}) by {brief(rest.entry(i, j))}"


def marginal(scenario: Scenario, elements: Mapping[Label, Matrix], label: Partial) -> Matrix:
    """Sum out the boxes marked None, at their setting 0."""
    return total(elements[full] for full in completions(scenario, label))


def completions(scenario: Scenario, label: Partial) -> list[Label]:
    """Return the labels that a partial one is the sum of: all outcomes of the boxes marked None, at their setting 0."""
    if not scenario.has_partial(label):
        raise ScenarioError(
            f"{str(label)[:60]} is not a label with None, as outcome and setting, for boxes summed over"
        )
    a, x = label[:2]
    settings = tuple(0 if s is None else s for s in x)
    ranges = [
        range(box.outcomes[s]) if o is None else (o,)
        for box, o, s in zip(scenario.black_boxes, a, settings, strict=True)
    ]
    view = label[2] if len(label) == 3 else 0
    return [scenario.label(outcomes, settings, view) for outcomes in product(*ranges)]


def noise_elements(scenario: Scenario) -> dict[Label, Matrix]:
    """Return the elements of white noise, 1/(d prod_j d_{x_j}) times the identity of order d."""
    result: dict[Label, Matrix] = {}
    for label in scenario.labels():
        outcomes = prod(box.outcomes[s] for box, s in zip(scenario.black_boxes, label[1], strict=True))
        order = scenario.order(label)
        result[label] = Matrix.identity(order).scale(Fraction(1, order * outcomes))
    return result


def independent_choices(box: BlackBox) -> list[tuple[int | None, int | None]]:
    """Return (outcome, setting) of a box in independent elements: summed over, or any outcome but a setting's last."""
    return [(None, None), *((a, x) for x, d in enumerate(box.outcomes) for a in range(d - 1))]


def independent_parts(boxes: Sequence[BlackBox]) -> Iterator[tuple[tuple[int | None, ...], tuple[int | None, ...]]]:
    """Yield outcomes and settings of the independent elements, the last box fastest."""
    for chosen in product(*map(independent_choices, boxes)):
        yield tuple(a for a, _ in chosen), tuple(x for _, x in chosen)


def independent_labels(scenario: Scenario, label: Label) -> Iterator[Partial]:
    """Yield the independent elements below a label: each last outcome summed over, the others kept or summed over."""
    a, x = label[:2]
    last = [o == box.outcomes[s] - 1 for box, o, s in zip(scenario.black_boxes, a, x, strict=True)]
    for kept in product(*((False,) if at_last else (False, True) for at_last in last)):
        outcomes = tuple(o if keep else None for o, keep in zip(a, kept, strict=True))
        settings = tuple(s if keep else None for s, keep in zip(x, kept, strict=True))
        yield (outcomes, settings, label[2]) if len(label) == 3 else (outcomes, settings)


def complete(scenario: Scenario, table: Mapping[Partial, Matrix]) -> dict[Label, Matrix]:
    """Return the family with the given independent elements; the rest follows from no-signalling of the boxes.

    Raises FormatError for an element that is missing or not independent, or for an instrumental scenario, where
    nothing follows; ScenarioError for a sequential one.
    """
    scenario.require_simultaneous("independent elements")
    if scenario.instrumental:
        raise FormatError("instrumental data have no independent elements to start from: give all of them")
    independent = {part for label in scenario.labels() for part in independent_labels(scenario, label)}
    extra = next((key for key in table if key not in independent), None)
    if extra is not None:
        raise FormatError(f"{str(extra)[:60]} is not an independent element: last outcomes follow from the others")
    return {label: _completed(scenario, table, label) for label in scenario.labels()}


def _completed(scenario: Scenario, table: Mapping[Partial, Matrix], label: Partial) -> Matrix:
    """Express an element by the independent ones: a last outcome is the marginal minus the other outcomes."""
    a, x = label[:2]
    for k, (outcome, setting) in enumerate(zip(a, x, strict=True)):
        if outcome is None or setting is None:
            continue
        last = scenario.black_boxes[k].outcomes[setting] - 1
        if outcome == last:
            below: Any = ((*a[:k], None, *a[k + 1 :]), (*x[:k], None, *x[k + 1 :]), *label[2:])
            rest = _completed(scenario, table, below)
            for b in range(last):
                other: Any = ((*a[:k], b, *a[k + 1 :]), x, *label[2:])
                rest = rest - _completed(scenario, table, other)
            return rest
    if label not in table:
        raise FormatError(f"the independent element {label} is missing from the table")
    return table[label]
