"""One-way quantum operations, from the trusted party to the boxes: they cannot raise the negativity.

Above: claims. Below: instruments, the Born rule. The trusted party sends systems A'_1, .., A'_n that a channel Lambda
makes of its own. Box k measures A'_k by an instrument that its new setting x'_k chooses; the classical outcome is the
setting of the old box, whose outcome chooses the POVM for the system that the instrument left (SAPHS18 Sec. 7, Fig. 3
and Thm 10).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from steeralg.arguments import checked
from steeralg.errors import NormalisationError, PositivityError, ScenarioError, ShapeError
from steeralg.exact.convert import unify
from steeralg.exact.matrix import Matrix, total
from steeralg.exact.number import brief
from steeralg.exact.psd import decide_psd
from steeralg.exact.tensor import contract, kron, reordered
from steeralg.maps.linear import LinearMap
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.devices import Devices, Operator
from steeralg.objects.instrument import Instrument
from steeralg.objects.measurement import POVM
from steeralg.objects.scenario import BlackBox, Scenario, TrustedParty
from steeralg.objects.steering import measured_boxes
from steeralg.verdict import Refuted


@checked
@dataclass(frozen=True)
class BoxOperation:
    """What one box adds: `instruments[x']`, whose outcomes are the settings x of the old box, and `measurements[a]`,
    the POVMs of a' on what the instrument left, one for every outcome a of the old box.

    All instruments act on one dimension and leave one, all POVMs have as many effects. Raises ShapeError.
    """

    instruments: tuple[Instrument, ...]
    measurements: tuple[POVM, ...]

    def __post_init__(self) -> None:
        if not self.instruments or not self.measurements:
            raise ShapeError("a box operation needs an instrument and a measurement at least")
        if len({(i.dim_in, i.dim_out, len(i.maps)) for i in self.instruments}) > 1:
            raise ShapeError("the instruments of a box operation differ in their dimensions or numbers of outcomes")
        if len({len(povm.effects) for povm in self.measurements}) > 1:
            raise ShapeError("the measurements of a box operation differ in their numbers of outcomes")
        for a, povm in enumerate(self.measurements):
            if povm.dim != self.instruments[0].dim_out:
                raise ShapeError(
                    f"measurement {a} acts on dimension {povm.dim}; the instruments leave {self.instruments[0].dim_out}"
                )

    @property
    def dim(self) -> int:
        """The dimension of the system that the box receives."""
        return self.instruments[0].dim_in

    @property
    def black_box(self) -> BlackBox:
        """The new settings and outcomes."""
        return BlackBox((len(self.measurements[0].effects),) * len(self.instruments))

    def fits(self, box: BlackBox) -> bool:
        """Whether the operation makes use of such a box: its settings, and at least its outcomes."""
        return len(self.instruments[0].maps) == len(box.outcomes) and len(self.measurements) >= max(box.outcomes)

    def effects(self, box: BlackBox) -> dict[tuple[int, int], list[tuple[tuple[int, int], Matrix]]]:
        """Return, for every (a', x'), what it asks of the old box and of the received system: the (a, x) with
        E*_{x|x'}(N_{a'|a}).
        """
        result: dict[tuple[int, int], list[tuple[tuple[int, int], Matrix]]] = {}
        for setting, instrument in enumerate(self.instruments):
            for outcome in range(len(self.measurements[0].effects)):
                result[outcome, setting] = [
                    ((a, x), instrument.maps[x].dual(self.measurements[a].effects[outcome]))
                    for x, d in enumerate(box.outcomes)
                    for a in range(d)
                ]
        return result


@checked
@dataclass(frozen=True)
class OneWayOperation:
    """`channel`, from the trusted system to the received systems and the new trusted one, (A'_1, .., A'_n, B') in this
    order, and one operation for each box. SAPHS18 Fig. 3 (b).

    Raises ShapeError where the dimensions do not match, PositivityError or NormalisationError for no channel.
    """

    channel: LinearMap
    boxes: tuple[BoxOperation, ...]

    def __post_init__(self) -> None:
        if not self.boxes:
            raise ShapeError("a one-way operation needs an operation for each box")
        sent = prod(box.dim for box in self.boxes)
        if self.channel.dim_out % sent:
            raise ShapeError(f"a channel to dimension {self.channel.dim_out} does not send systems of dimension {sent}")
        verdict = decide_psd(self.channel.choi)
        if isinstance(verdict, Refuted):
            value = brief(verdict.witness.value)
            raise PositivityError(
                f"the channel is not completely positive: a vector has value {value} in its Choi matrix"
            )
        if not self.channel.is_trace_preserving:
            raise NormalisationError("the channel is not trace preserving")

    @property
    def dims(self) -> tuple[int, ...]:
        """The dimensions of A'_1, .., A'_n and B'."""
        sent = tuple(box.dim for box in self.boxes)
        return (*sent, self.channel.dim_out // prod(sent))

    def scenario(self, scenario: Scenario) -> Scenario:
        """Return the scenario of the outcome. Raises ScenarioError if the operation is not for this one."""
        scenario.require_simultaneous("one-way operations")
        if len(scenario.views) != 1 or scenario.views[0] != self.channel.dim_in:
            raise ScenarioError(
                f"the channel needs one trusted party without input, of dimension {self.channel.dim_in}, not {scenario}"
            )
        if len(self.boxes) != len(scenario.black_boxes):
            raise ScenarioError(f"operations for {len(self.boxes)} boxes do not fit {scenario}")
        for k, (new, old) in enumerate(zip(self.boxes, scenario.black_boxes, strict=True)):
            if not new.fits(old):
                raise ScenarioError(f"the operation of box {k} has other settings or too few outcomes for {scenario}")
        return Scenario(tuple(box.black_box for box in self.boxes), (TrustedParty(self.dims[-1]),))

    @checked
    def on(self, assemblage: Assemblage) -> Assemblage:
        """Return sigma'[a'|x'], the sum over x and a of the received systems' effects E*_{x|x'}(N_{a'|a}) in
        Lambda(sigma[a|x]). Raises ScenarioError if the operation is not for this scenario.
        """
        scenario = self.scenario(assemblage.scenario)
        asked = [new.effects(old) for new, old in zip(self.boxes, assemblage.scenario.black_boxes, strict=True)]
        effects = [effect for box in asked for parts in box.values() for _, effect in parts]
        exact = iter(unify([*effects, *(self.channel(m) for m in assemblage.elements.values())]))
        asked = [{key: [(old, next(exact)) for old, _ in parts] for key, parts in box.items()} for box in asked]
        table: dict[tuple[tuple[int, ...], tuple[int, ...]], Matrix] = {
            label[:2]: next(exact) for label in assemblage.elements
        }
        # Box by box, from the last to the first: what is left to replace stays in front.
        for k in reversed(range(len(self.boxes))):
            dims = [*self.dims[: k + 1], self.dims[-1]]
            rests = {(a[:k], a[k + 1 :], x[:k], x[k + 1 :]) for a, x in table}
            table = {
                ((*a, outcome, *b), (*x, setting, *y)): total(
                    contract(table[(*a, o, *b), (*x, s, *y)], dims, k, effect) for (o, s), effect in parts
                )
                for a, b, x, y in rests
                for (outcome, setting), parts in asked[k].items()
            }
        return Assemblage(scenario, {scenario.label(a, x): matrix for (a, x), matrix in table.items()})

    @checked
    def on_operator(self, operator: Operator) -> Operator:
        """Return Lambda(W), with the factors (A_1 A'_1), .., (A_n A'_n), B'.

        Positive operators go to positive ones of the same trace: so does a negative part of W. Raises ShapeError unless
        W has one factor for each box and one for the trusted party (none for dimension 1).
        """
        n = len(self.boxes)
        dims = operator.dims if len(operator.dims) > n else (*operator.dims, 1)
        if len(dims) != n + 1:
            raise ShapeError(f"an operator of dimensions {operator.dims} does not fit {n} boxes and a trusted party")
        image = self.channel.on(operator.matrix, dims, n)
        order = [factor for k in range(n) for factor in (k, n + k)]
        joined = reordered(image, (*dims[:n], *self.dims), (*order, 2 * n))
        boxes = (held * box.dim for held, box in zip(dims, self.boxes, strict=False))
        return Operator((*boxes, self.dims[-1]), joined)

    @checked
    def on_realisation(self, operator: Operator, devices: Devices) -> tuple[Operator, Devices]:
        """Return the new operator Lambda(W) and devices (SAPHS18 Thm 10): the sum over x and a of
        M_{a|x} (x) E*_{x|x'}(N_{a'|a}) is the effect of a' at x'.

        With W and the devices giving an assemblage, they give the outcome of the operation on it. Raises ShapeError or
        ScenarioError where the operation does not fit.
        """
        old = Scenario(measured_boxes(devices.measurements), (TrustedParty(self.channel.dim_in),))
        self.scenario(old)
        if len(devices.channels) > 1:
            raise ScenarioError(f"one trusted party without input has no {len(devices.channels)} channels")
        for channel in devices.channels:
            trusted = len(self.boxes)
            matrix = channel.on(operator.matrix, operator.dims, trusted)
            operator = Operator((*operator.dims[:trusted], channel.dim_out), matrix)
        measurements = []
        for new, box, povms in zip(self.boxes, old.black_boxes, devices.measurements, strict=True):
            effects = {
                key: total(unify([kron(*unify([povms[x].effects[a], effect])) for (a, x), effect in parts]))
                for key, parts in new.effects(box).items()
            }
            settings = enumerate(new.black_box.outcomes)
            measurements.append([POVM(tuple(effects[a, x] for a in range(d))) for x, d in settings])
        return self.on_operator(operator), Devices.of(measurements)
