"""Arguments of the wrong kind, refused at the door: public functions and objects are checked against their annotations.

Above: everything public. Below: errors. Judged are objects of this library, integers, flags, paths, functions, and
sequences and mappings of them. Numbers, levels and matrices in any notation have errors of their own, where they are
read.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from functools import cache, wraps
from numbers import Number as AnyNumber
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from steeralg.errors import InputError

Checked = TypeVar("Checked", bound=Callable[..., Any])

_SIMPLE: dict[Any, str] = {
    int: "an integer",
    bool: "True or False",
    str: "a string",
    Path: "a path",
    bytes: "bytes",
    NoneType: "None",
}
_READERS = {"Assemblage": "read_assemblage", "Functional": "read_functional", "Proof": "read_proof"}
_LONGEST = 60


def checked(target: Checked) -> Checked:
    """Let a function, or the constructor of a class, raise InputError for an argument of the wrong kind, naming it."""
    if inspect.isclass(target):
        constructor: Any = target
        constructor.__init__ = _guarded(constructor.__init__, target.__qualname__)
        return target
    return _guarded(target, target.__qualname__)


def require_between(name: str, value: int, least: int, most: int) -> None:
    """Raise InputError, naming the argument, unless it is an integer from `least` to `most`."""
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise InputError(f"{name} = {shown(value)}: between {least} and {most}")


def _guarded(function: Checked, name: str) -> Checked:
    parameters = inspect.signature(function).parameters
    places = [key for key, p in parameters.items() if p.kind is p.POSITIONAL_OR_KEYWORD]

    @wraps(function)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        kinds = _kinds(function)
        for key, value in (*zip(places, args, strict=False), *kwargs.items()):
            wrong = _wrong(value, kinds.get(key, Any), key)
            if wrong is not None:
                raise InputError(f"{name}: {wrong}")
        return function(*args, **kwargs)

    return cast(Checked, guarded)


@cache
def _kinds(function: Callable[..., Any]) -> dict[str, Any]:
    return get_type_hints(function)


def _wrong(value: object, kind: Any, name: str) -> str | None:
    """Say what is wrong with a value, which element of it, and the way out; None if nothing is, or it is not judged."""
    origin, parts = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return _none_of(value, parts, name)
    if origin in (Sequence, tuple, list):
        return _wrong_sequence(value, parts, name, is_fixed=origin is tuple and Ellipsis not in parts)
    if origin is Mapping:
        if not isinstance(value, Mapping):
            return f"{name} is {shown(value)}, not a mapping"
        return next((w for k, x in value.items() if (w := _wrong(x, parts[1], f"{name}[{k!r:.40}]")) is not None), None)
    if origin is Callable:
        return None if callable(value) else f"{name} is {shown(value)}, not a function"
    kind = origin or kind
    if not _is_judged(kind) or _is_a(value, kind):
        return None
    return f"{name} is {shown(value)}, not {_described(kind)}{_way_out(kind)}"


def _none_of(value: object, kinds: Sequence[Any], name: str) -> str | None:
    """The same for one of several kinds. Integers or strings are levels or numbers, which are read elsewhere."""
    if {int, str} <= set(kinds) or not all(_is_judged(get_origin(kind) or kind) for kind in kinds):
        return None
    found = [_wrong(value, kind, name) for kind in kinds]
    if None in found:
        return None
    nested = next((w for w in found if w is not None and not w.startswith(f"{name} is ")), None)
    named = " or ".join(_described(get_origin(kind) or kind) for kind in kinds if kind is not NoneType)
    return nested or f"{name} is {shown(value)}, not {named}{_way_out(*kinds)}"


def _wrong_sequence(value: object, parts: Sequence[Any], name: str, is_fixed: bool) -> str | None:
    if isinstance(value, str | bytes) or not isinstance(value, Sequence):
        return f"{name} is {shown(value)}, not a sequence: write a list or a tuple"
    if is_fixed and len(value) != len(parts):
        return f"{name} has {len(value)} entries, not {len(parts)}"
    kinds = parts if is_fixed else [parts[0]] * len(value)
    pairs = enumerate(zip(value, kinds, strict=True))
    return next((w for k, (x, kind) in pairs if (w := _wrong(x, kind, f"{name}[{k}]")) is not None), None)


def _is_judged(kind: Any) -> bool:
    if kind in _SIMPLE or kind in (Sequence, tuple, list, Mapping, Callable):
        return True
    is_ours = inspect.isclass(kind) and kind.__module__.startswith("steeralg.") and kind.__name__ != "Number"
    return is_ours and getattr(kind, "_is_runtime_protocol", True)


def _is_a(value: object, kind: Any) -> bool:
    return isinstance(value, kind) and not (kind is int and isinstance(value, bool))


def shown(value: object) -> str:
    """Return a value as messages quote it: short ones as they are, others by their type."""
    if value is None or isinstance(value, str | AnyNumber):
        return f"{value!r:.{_LONGEST}}"
    return f"of type {type(value).__name__}"


def _described(kind: Any) -> str:
    if kind in _SIMPLE:
        return _SIMPLE[kind]
    name = kind.__name__
    if kind in (Sequence, tuple, list, Mapping, Callable):
        return {"Mapping": "a mapping", "Callable": "a function"}.get(name, "a sequence")
    return f"{'an' if name[0] in 'AEIOU' else 'a'} {name}"


def _way_out(*kinds: Any) -> str:
    """Say how objects of the first of these kinds that is a class of the library are made."""
    kind = next((k for k in kinds if inspect.isclass(k) and k not in _SIMPLE), None)
    if kind is None:
        return ""
    ways = [f"{kind.__name__}.of makes one"] if hasattr(kind, "of") else []
    if kind.__name__ == "Matrix":
        ways = ["`of` constructors take sympy matrices and nested lists"]
    if kind.__name__ in _READERS:
        ways.append(f"{_READERS[kind.__name__]} reads one from a file")
    return f": {', '.join(ways)}" if ways else ""
