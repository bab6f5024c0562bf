"""Every no-signalling assemblage has a pseudo local hidden state model, and comes of a Hermitian operator (SAPHS18).

Above: negativity, claims. Below: hidden state models, the Born rule. A box has a label (a, x) for every outcome a of
every setting x but its last one, which answers a to x and the last outcome to every other setting; and a label `rest`,
which always answers the last outcome. The hidden state of the labels (a1, x1), .., (an, xn) is sigma[a1..an|x1..xn],
and `rest` stands for the sum over outcomes minus all other labels of the box. These are the labels and weights of
SAPHS18 Thm 5, those of them that answer alike taken together.
"""

from __future__ import annotations

from fractions import Fraction
from math import prod

from steeralg.arguments import checked
from steeralg.errors import ScenarioError
from steeralg.exact.blocks import composed
from steeralg.exact.matrix import Matrix, total
from steeralg.exact.number import Number
from steeralg.exact.tensor import kron, partial_trace
from steeralg.maps.linear import LinearMap
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.devices import Devices, Operator
from steeralg.objects.local_model import HiddenState, PseudoModel, States
from steeralg.objects.measurement import POVM
from steeralg.objects.scenario import BlackBox

MAX_ORDER = 4096

_Label = tuple[int, int] | None
"""(outcome, setting), or None for `rest`."""


@checked
def pseudo_model(assemblage: Assemblage) -> PseudoModel:
    """Return a model with Hermitian hidden states of any no-signalling assemblage (SAPHS18 Thm 5).

    With an input or several trusted parties, the same combination of elements is taken in every view; for several
    trusted parties that is the form of eq. (12) by local marginals. Entries without weight are left out. Raises
    ScenarioError for instrumental and for sequential data.
    """
    boxes = assemblage.scenario.black_boxes
    return PseudoModel(
        tuple(
            HiddenState(tuple(map(_answers, boxes, labels)), states)
            for labels, states in _hidden_states(assemblage).items()
            if not all(state.is_zero for state in states)
        )
    )


@checked
def hermitian_realisation(assemblage: Assemblage) -> tuple[Operator, Devices]:
    """Return a Hermitian operator of trace 1 and devices that give any no-signalling assemblage (SAPHS18 Thm 6).

    The operator is the sum over the labels of |labels><labels| (x) hidden state, and the boxes read off their labels.
    Of several views it holds joint states with these marginals: of the trusted parties, or of as many systems as there
    are inputs y, of which the channel of y keeps the one. Raises ScenarioError as `pseudo_model` does, and for an
    operator of order above 4096.
    """
    scenario = assemblage.scenario
    labels = [_labels(box) for box in scenario.black_boxes]
    sizes = tuple(map(len, labels))
    trusted = prod(scenario.views)
    if prod(sizes) * trusted > MAX_ORDER:
        raise ScenarioError(f"the operator for {scenario} would have order {prod(sizes) * trusted}, above {MAX_ORDER}")
    joint = [_joint(states) for states in _hidden_states(assemblage).values()]
    order = prod(sizes) * trusted
    matrix = composed(order, order, [(k * trusted, k * trusted, m) for k, m in enumerate(joint)], assemblage.field)
    measurements = [
        [_reading([_answers(box, label)[x] for label in found], d) for x, d in enumerate(box.outcomes)]
        for box, found in zip(scenario.black_boxes, labels, strict=True)
    ]
    channels = [_keeping(scenario.views, y) for y in range(len(scenario.views))] if scenario.has_input else []
    factors = (trusted,) if scenario.has_input else scenario.views
    return Operator((*sizes, *factors), matrix), Devices.of(measurements, channels)


def _labels(box: BlackBox) -> list[_Label]:
    return [*((a, x) for x, d in enumerate(box.outcomes) for a in range(d - 1)), None]


def _answers(box: BlackBox, label: _Label) -> tuple[int, ...]:
    answers = [d - 1 for d in box.outcomes]
    if label is not None:
        answers[label[1]] = label[0]
    return tuple(answers)


def _hidden_states(assemblage: Assemblage) -> dict[tuple[_Label, ...], States]:
    """Return the hidden states by the labels of the boxes, in the order of `_labels`."""
    scenario = assemblage.scenario
    scenario.require_simultaneous("hidden state models")
    if scenario.instrumental:
        raise ScenarioError(
            "instrumental data show y = a only: take the pseudo-model of a parent, the assemblage that `extend` returns"
        )
    views = range(len(scenario.views))
    table: dict[tuple[tuple[_Label, ...], tuple[int, ...], tuple[int, ...]], States] = {
        ((), a, x): tuple(assemblage.elements[scenario.label(a, x, v)] for v in views)
        for x in scenario.settings()
        for a in scenario.outcomes(x)
    }
    for box in scenario.black_boxes:
        following = {}
        for labels, a, x in table:
            if a[0] or x[0]:
                continue
            rest = _sum([table[labels, (o, *a[1:]), x] for o in range(box.outcomes[0])])
            for label in _labels(box):
                if label is None:
                    state = rest
                else:
                    state = table[labels, (label[0], *a[1:]), (label[1], *x[1:])]
                    rest = tuple(m - n for m, n in zip(rest, state, strict=True))
                following[(*labels, label), a[1:], x[1:]] = state
        table = following
    return {labels: states for (labels, _, _), states in table.items()}


def _sum(parts: list[States]) -> States:
    return tuple(total(matrices) for matrices in zip(*parts, strict=True))


def _joint(states: States) -> Matrix:
    """Return a Hermitian operator with the given marginals, of equal traces t: the sum of their products with
    maximally mixed states, minus all but one of the t 1/d.
    """
    field, trace = states[0].field, states[0].trace()
    mixed = [Matrix.identity(state.rows, field).scale(Fraction(1, state.rows)) for state in states]
    parts = [kron(*mixed[:k], state, *mixed[k + 1 :]) for k, state in enumerate(states)]
    return total(parts) - kron(*mixed).scale(trace * Number.of(len(states) - 1, field))


def _reading(answers: list[int], outcomes: int) -> POVM:
    n = len(answers)
    return POVM(
        tuple(
            Matrix.rational([[int(i == j and answers[i] == a) for j in range(n)] for i in range(n)])
            for a in range(outcomes)
        )
    )


def _keeping(dims: tuple[int, ...], kept: int) -> LinearMap:
    """Return the partial trace over all factors but one."""
    gone = [k for k in range(len(dims)) if k != kept]
    return LinearMap.from_action(prod(dims), lambda matrix: partial_trace(matrix, dims, gone))
