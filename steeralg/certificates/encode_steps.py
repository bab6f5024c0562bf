"""Objects, statements and steps as JSON values, writing and reading side by side. See proofs/FORMAT.md.

Above: proofs. Below: steps, the encoding of matrices and blocks. Reading trusts that the checker has accepted the file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import prod
from typing import Any

from steeralg.certificates import encode
from steeralg.certificates.encode_symmetric import symmetric_from_json, symmetric_to_json
from steeralg.certificates.encode_witness import column_from_json, column_to_json, witness_from_json, witness_to_json
from steeralg.certificates.steps import Object, Statement, Step
from steeralg.exact.field import Field
from steeralg.exact.matrix import Matrix, total
from steeralg.maps.linear import LinearMap
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.devices import Devices, Operator
from steeralg.objects.events import EventSet
from steeralg.objects.files import parse_label, scenario_from_json
from steeralg.objects.functional import Functional
from steeralg.objects.instrument import Instrument
from steeralg.objects.local_model import HiddenState, HiddenStateModel, LocalModel, PseudoModel
from steeralg.objects.measurement import POVM
from steeralg.objects.product_basis import ProductBasis
from steeralg.objects.scenario import Label, Scenario
from steeralg.objects.sequential import SequentialDevices


def encode_object(value: Object, scenario: Scenario) -> dict[str, Any]:
    """Write an object; its scenario only if it is not that of the claim."""
    if isinstance(value, Operator):
        return {"type": "operator", "dims": list(value.dims), "matrix": encode.matrix_to_json(value.matrix)}
    if isinstance(value, Devices):
        povms = [[[encode.matrix_to_json(e) for e in p.effects] for p in box] for box in value.measurements]
        channels = [encode.matrix_to_json(channel.choi) for channel in value.channels]
        return {"type": "devices", "measurements": povms} | ({"channels": channels} if channels else {})
    if isinstance(value, SequentialDevices):
        rounds = [[[encode.matrix_to_json(m.choi) for m in i.maps] for i in settings] for settings in value.rounds]
        last = [[encode.matrix_to_json(e) for e in povm.effects] for povm in value.measurements]
        return {"type": "devices", "measurements": [*rounds, last]}
    if isinstance(value, ProductBasis):
        members = [[column_to_json(v) for v in member] for member in value.vectors]
        return {"type": "vectors", "dims": list(value.dims), "vectors": members}
    if isinstance(value, EventSet):
        home = {} if value.scenario == scenario else {"scenario": value.scenario.json()}
        return {"type": "events", "events": [value.scenario.key(event) for event in value.events]} | home
    kind = "assemblage" if isinstance(value, Assemblage) else "functional"
    home = {} if value.scenario == scenario else {"scenario": value.scenario.json()}
    return {"type": kind, "elements": encode_elements(value.scenario, value.elements)} | home


def decode_object(value: Mapping[str, Any], scenario: Scenario, base: Field, sequential: bool = False) -> Object:
    """Read an object; that devices are sequential is not to be seen from themselves."""
    if value["type"] == "operator":
        dims = tuple(value["dims"])
        return Operator(dims, encode.matrix_from_json(value["matrix"], prod(dims), base))
    if value["type"] == "devices":
        return _sequential_devices(value, base) if sequential else _devices(value, base)
    if value["type"] == "vectors":
        members = [tuple(column_from_json(v, base) for v in member) for member in value["vectors"]]
        return ProductBasis(tuple(value["dims"]), tuple(members))
    home = scenario_from_json(value["scenario"]) if "scenario" in value else scenario
    if value["type"] == "events":
        return EventSet(home, tuple(parse_label(key, home) for key in value["events"]))
    elements = decode_elements(value["elements"], home, base)
    return Assemblage(home, elements) if value["type"] == "assemblage" else Functional(home, elements)


def _devices(value: Mapping[str, Any], base: Field) -> Devices:
    def square(matrix: Mapping[str, Any]) -> Matrix:
        return encode.matrix_from_json(matrix, len(matrix["re"]), base)

    measurements = tuple(tuple(POVM(tuple(map(square, p))) for p in box) for box in value["measurements"])
    channels = []
    for matrix in value.get("channels", []):
        choi = square(matrix)
        # A Choi matrix does not say how its order factors; its trace is the input dimension.
        dim_in = int(choi.trace().fraction())
        channels.append(LinearMap(dim_in, choi.rows // dim_in, choi))
    return Devices(measurements, tuple(channels))


def _sequential_devices(value: Mapping[str, Any], base: Field) -> SequentialDevices:
    *rounds, last = [
        [[encode.matrix_from_json(m, len(m["re"]), base) for m in outcomes] for outcomes in settings]
        for settings in value["measurements"]
    ]
    instruments = tuple(tuple(map(_instrument, settings)) for settings in rounds)
    return SequentialDevices(instruments, tuple(POVM(tuple(effects)) for effects in last))


def _instrument(chois: Sequence[Matrix]) -> Instrument:
    # The maps preserve the trace together, so the trace of their Choi matrices is the input dimension.
    dim_in = int(total(chois).trace().fraction())
    return Instrument(tuple(LinearMap(dim_in, choi.rows // dim_in, choi) for choi in chois))


def encode_elements(scenario: Scenario, elements: Mapping[Label, Matrix]) -> dict[str, Any]:
    """Write matrices by label."""
    return {scenario.key(label): encode.matrix_to_json(m) for label, m in elements.items()}


def decode_elements(value: Mapping[str, Any], scenario: Scenario, base: Field) -> dict[Label, Matrix]:
    """Read matrices by label."""
    labels = {key: parse_label(key, scenario) for key in value}
    return {label: encode.matrix_from_json(value[key], scenario.order(label), base) for key, label in labels.items()}


def decode_statement(value: Mapping[str, Any], base: Field) -> Statement:
    """Read a statement."""
    parts = dict(value)
    if "bound" in parts:
        parts["bound"] = encode.bound_from_json(parts["bound"], base)
    if "weight" in parts:
        parts["weight"] = encode.bound_from_json(parts["weight"], base)
    return Statement(**parts)


def encode_step(step: Step, scenario: Scenario) -> dict[str, Any]:
    """Write a step; `scenario` is that of the object its statement is about."""
    result: dict[str, Any] = {"statement": step.statement.json()}
    if step.blocks:
        result["blocks"] = [encode.block_to_json(block, scenario) for block in step.blocks]
    if step.symmetric is not None:
        result["symmetric"] = symmetric_to_json(step.symmetric)
    if step.premises:
        result["from"] = list(step.premises)
    if step.statement.rule == "no-signalling-bound":
        result["dual"] = encode_elements(replace(scenario, instrumental=False), step.dual)
    if step.shares:
        result["shares"] = [[encode.bound_to_json(share) for share in shares] for shares in step.shares]
    if step.model is not None:
        result["model"] = [
            {"outcomes": [list(a) for a in entry.outcomes], "states": [encode.matrix_to_json(m) for m in entry.states]}
            for entry in step.model.entries
        ]
    return result | (witness_to_json(step.witness) if step.witness else {})


def decode_step(value: Mapping[str, Any], scenario: Scenario, objects: Mapping[str, Object], base: Field) -> Step:
    """Read a step; its evidence is written in the scenario of the object its statement is about."""
    statement = decode_statement(value["statement"], base)
    names = statement.names
    about = objects.get(names.get("functional", names.get("assemblage", names.get("operator", ""))))
    home = about.scenario if isinstance(about, Assemblage | Functional) else scenario
    blocks = tuple(encode.block_from_json(b, home, base) for b in value.get("blocks", []))
    dual = decode_elements(value.get("dual", {}), replace(home, instrumental=False), base)
    shares = tuple(tuple(encode.bound_from_json(b, base) for b in given) for given in value.get("shares", []))
    model: HiddenStateModel | None = None
    if "model" in value:
        kind = LocalModel if statement.rule == "local" else PseudoModel
        model = kind(
            tuple(
                HiddenState(
                    tuple(map(tuple, entry["outcomes"])),
                    tuple(
                        encode.matrix_from_json(m, order, base)
                        for m, order in zip(entry["states"], home.views, strict=True)
                    ),
                )
                for entry in value["model"]
            )
        )
    witness = witness_from_json(value, about if isinstance(about, Operator) else None, base)
    symmetric = symmetric_from_json(value["symmetric"], home, base) if "symmetric" in value else None
    return Step(statement, blocks, tuple(value.get("from", [])), dual, model, shares, witness, symmetric)
