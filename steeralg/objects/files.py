"""Assemblages and functionals from JSON: strict, exact, with typed one-line errors.

Above: the command line, certificates. Below: objects, the number parser. The format is the README's: `{"scenario":
{"black_boxes": [{"outcomes": [2, 2]}, ...], "trusted": [{"dim": 4}]}, "elements": {"a1,a2|x1,x2": [[entry, ...],
...]}}`, entries exact strings, JSON integers, or a pair [re, im] of these. A trusted party with input has
`"settings"` and keys `a|x;y`; with several trusted parties an element is `{"B1": matrix, "B2": matrix, ...}`; an
instrumental scenario says `"instrumental": true`, a sequential one `"sequential": true`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import sympy

from steeralg.arguments import checked
from steeralg.errors import FormatError
from steeralg.exact.convert import as_matrices
from steeralg.exact.matrix import Matrix
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.functional import Functional
from steeralg.objects.parse import parse_number
from steeralg.objects.repair import Repair, repair
from steeralg.objects.scenario import BlackBox, Label, Scenario, TrustedParty

MAX_BYTES, MAX_NESTING = 64 << 20, 16
_FLOAT = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?")
_KEY = re.compile(r"(?:0|[1-9][0-9]{0,3})(?:,(?:0|[1-9][0-9]{0,3}))*")


@dataclass(frozen=True)
class _Float:
    """A JSON number with a fraction or an exponent, kept as it was written."""

    text: str


def read_json(path: Path | str) -> Any:
    """Read strict JSON: no duplicate keys, no NaN, limited size and nesting; floats are kept as text. Raises
    FormatError.
    """
    path = Path(path)
    try:
        if path.exists() and not path.is_file():
            raise FormatError(f"{path}: not a regular file")
        if path.stat().st_size > MAX_BYTES:
            raise FormatError(f"{path}: larger than {MAX_BYTES >> 20} MiB")
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise FormatError(f"{path}: cannot be read ({error.strerror or error})") from None
    except UnicodeDecodeError:
        raise FormatError(f"{path}: not UTF-8 text") from None
    return load_json(text, str(path))


def load_json(text: str, name: str) -> Any:
    """Parse strict JSON text; see `read_json`."""
    _check_nesting(text, name)
    try:
        return json.loads(
            text, object_pairs_hook=_unique, parse_float=_Float, parse_int=_integer, parse_constant=_constant
        )
    except json.JSONDecodeError as error:
        raise FormatError(f"{name}: not JSON: {error.msg} at line {error.lineno}, column {error.colno}") from None
    except FormatError as error:
        raise FormatError(f"{name}: {error}") from None


def _check_nesting(text: str, name: str) -> None:
    depth, inside, escaped = 0, False, False
    for c in text:
        if inside:
            if escaped:
                escaped = False
            elif c == "\\":
                escaped = True
            elif c == '"':
                inside = False
        elif c == '"':
            inside = True
        elif c in "[{":
            depth += 1
            if depth > MAX_NESTING:
                raise FormatError(f"{name}: nested deeper than {MAX_NESTING}")
        elif c in "]}":
            depth -= 1


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, value in pairs:
        if key in result:
            raise FormatError(f"key {key[:60]!r} appears twice")
        result[key] = value
    return result


def _integer(text: str) -> int:
    if len(text) > 400:
        raise FormatError(f"an integer of {len(text)} digits; at most 400")
    return int(text)


def _constant(text: str) -> Any:
    raise FormatError(f"{text} is not a number that can be used")


def _keys(value: Any, where: str, required: set[str], optional: frozenset[str] = frozenset()) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise FormatError(f"{where} must be an object with the keys {', '.join(sorted(required))}")
    for key in value:
        if key not in required | optional:
            raise FormatError(
                f"{where} has the unknown key {key[:60]!r}; it may have {', '.join(sorted(required | optional))}"
            )
    for key in sorted(required):
        if key not in value:
            raise FormatError(f"{where} lacks the key {key!r}")
    return value


def _list(value: Any, where: str) -> list[Any]:
    if not isinstance(value, list):
        raise FormatError(f"{where} must be a list")
    return value


def scenario_from_json(value: Any) -> Scenario:
    """Read a scenario. Raises FormatError or ScenarioError."""
    fields = _keys(value, "the scenario", {"black_boxes", "trusted"}, frozenset({"instrumental", "sequential"}))
    boxes = []
    for k, box in enumerate(_list(fields["black_boxes"], "black_boxes")):
        outcomes = _list(_keys(box, f"black box {k}", {"outcomes"})["outcomes"], f"outcomes of black box {k}")
        boxes.append(BlackBox(tuple(outcomes)))
    trusted = []
    for k, party in enumerate(_list(fields["trusted"], "trusted")):
        known = _keys(party, f"trusted party {k}", {"dim"}, frozenset({"settings"}))
        trusted.append(TrustedParty(known["dim"], known.get("settings", 1)))
    flags = (fields.get(name, False) for name in ("instrumental", "sequential"))
    return Scenario(tuple(boxes), tuple(trusted), *flags)


def parse_label(key: str, scenario: Scenario) -> Label:
    """Read a key `a1,a2|x1,x2`, followed by `;y` or `;B1`, `;B2`, ... where the scenario has views.

    Raises FormatError.
    """
    boxes = len(scenario.black_boxes)
    form = "a1,...|x1,..." + ("" if not scenario.has_views else ";y" if scenario.has_input else ";B1")
    main, semicolon, view = key.partition(";")
    parts = main.split("|")
    if len(parts) != 2 or not all(_KEY.fullmatch(part) for part in parts) or bool(semicolon) != scenario.has_views:
        raise FormatError(f"key {key[:60]!r} is not of the form '{form}' with {boxes} outcome(s) and setting(s)")
    outcomes, settings = (tuple(map(int, part.split(","))) for part in parts)
    if len(outcomes) != boxes or len(settings) != boxes:
        raise FormatError(f"key {key[:60]!r} needs {boxes} outcome(s) and {boxes} setting(s)")
    if not scenario.has_views:
        return outcomes, settings
    names = [str(v) if scenario.has_input else f"B{v + 1}" for v in range(len(scenario.views))]
    if view not in names:
        raise FormatError(f"key {key[:60]!r} ends in none of {', '.join(names[:8])}")
    return outcomes, settings, names.index(view)


def read_entry(value: Any, where: str, floats: bool = False, cache: dict[str, Any] | None = None) -> Any:
    """Return an entry of a file as a sympy number: an exact string, an integer, or a pair [re, im] of these.

    `cache` keeps what strings mean. Raises FormatError that begins with `where`.
    """
    cache = {} if cache is None else cache
    if isinstance(value, _Float):
        if not floats:
            raise FormatError(
                f"{where} is the JSON number {value.text[:40]}, which is not exact; write it as a string, taken as "
                "that decimal (commands that read assemblages take approximate ones with --repair)"
            )
        if len(value.text) > 400 or not _FLOAT.fullmatch(value.text):
            raise FormatError(f"{where} is a number of absurd size: {value.text[:40]}")
        exact = Fraction(value.text)
        return sympy.Rational(exact.numerator, exact.denominator)
    if isinstance(value, bool) or value is None or isinstance(value, dict):
        raise FormatError(f"{where} is not a number")
    if isinstance(value, int):
        return sympy.Integer(value)
    if isinstance(value, list):
        if len(value) != 2 or any(isinstance(part, list) for part in value):
            raise FormatError(f"{where} is a list; an entry is a number or a pair [re, im]")
        real, imaginary = (read_entry(part, where, floats, cache) for part in value)
        return real + sympy.I * imaginary
    if value not in cache:
        try:
            cache[value] = parse_number(value)
        except FormatError as error:
            raise FormatError(f"{where}: {error}") from None
    return cache[value]


def _elements(value: Any, scenario: Scenario, floats: bool) -> dict[Label, Matrix]:
    example = ",".join("0" * len(scenario.black_boxes))
    if not isinstance(value, dict) or not value:
        raise FormatError(f"elements must be an object with keys such as '{example}|{example}'")
    if len(scenario.trusted) > 1:
        value = _flattened(value)
    cache: dict[str, Any] = {}
    tables: dict[Label, list[list[Any]]] = {}
    for key, matrix in value.items():
        label = parse_label(key, scenario)
        order = scenario.order(label) if scenario.has(label) else scenario.views[0]
        # A probability need not be written as a 1 x 1 matrix.
        rows = [[matrix]] if order == 1 and not isinstance(matrix, list) else _list(matrix, f"element {key}")
        if len(rows) != order or any(not isinstance(row, list) or len(row) != order for row in rows):
            raise FormatError(f"element {key} must be {order} rows of {order} entries")
        tables[label] = [
            [read_entry(x, f"element {key}, entry ({i}, {j})", floats, cache) for j, x in enumerate(row)]
            for i, row in enumerate(rows)
        ]
    return dict(zip(tables, as_matrices(list(tables.values())), strict=True))


def _flattened(value: dict[str, Any]) -> dict[str, Any]:
    """Return `{"a|x": {"B1": matrix}}` as `{"a|x;B1": matrix}`."""
    flat: dict[str, Any] = {}
    for key, parts in value.items():
        if not isinstance(parts, dict) or not parts:
            raise FormatError(f'element {key[:60]} must be an object {{"B1": matrix, "B2": matrix, ...}}')
        if ";" in key:
            raise FormatError(f"key {key[:60]!r} must not name a trusted party; its element does")
        flat |= {f"{key};{name}": matrix for name, matrix in parts.items()}
    return flat


def _document(path: Path | str, floats: bool) -> tuple[Scenario, Mapping[Label, Matrix]]:
    document = _keys(read_json(path), "the file", {"scenario", "elements"}, frozenset({"name", "source"}))
    scenario = scenario_from_json(document["scenario"])
    return scenario, _elements(document["elements"], scenario, floats)


@checked
def read_assemblage(path: Path | str) -> Assemblage:
    """Read an exact assemblage. Raises a typed InputError with one line for anything that is wrong with it."""
    return Assemblage(*_document(path, floats=False))


@checked
def read_and_repair(path: Path | str) -> Repair:
    """Read approximate data (floats allowed, taken as the decimals they are written as) and repair them.

    Raises what `read_assemblage` and `repair` raise.
    """
    return repair(*_document(path, floats=True))


@checked
def read_functional(path: Path | str) -> Functional:
    """Read an exact functional: the same format, missing elements are zero. Raises a typed InputError."""
    return Functional(*_document(path, floats=False))


@checked
def assemblage_to_json(assemblage: Assemblage) -> dict[str, Any]:
    """Return an assemblage in the input format, entries as exact strings."""
    scenario = assemblage.scenario
    elements: dict[str, Any] = {}
    for label in assemblage.elements:
        matrix = [[str(x) for x in row] for row in assemblage[label].tolist()]
        if len(scenario.trusted) > 1:
            key, _, party = scenario.key(label).partition(";")
            elements.setdefault(key, {})[party] = matrix
        else:
            elements[scenario.key(label)] = matrix
    return {"scenario": scenario.json(), "elements": elements}
