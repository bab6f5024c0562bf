"""A campaign's file: JSON lines that survive a kill at any moment.

Above: the command line, searches. Below: the engine, writing files. The first line holds the parameters of the
campaign, every further line a candidate's number, its score, a rational number, and the CPU time it took (which may be
missing):

    {"format":"steeralg-search/1","parameters":{...}}
    {"number":0,"score":"289/10000","microseconds":12345}

Results are appended line by line, in one call each; a last line that was cut short is dropped when the file is opened
again. The file of another campaign is refused.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Any

from steeralg.certificates.proof import write_atomically
from steeralg.errors import FormatError, InputError, NumberError
from steeralg.exact.number import exact_rational
from steeralg.objects.files import load_json
from steeralg.search.campaign import Result

FORMAT = "steeralg-search/1"


class Store:
    """The results of one campaign in a file; a context manager.

    Opening makes the file if there is none, or if it is empty. Raises FormatError for a file that is no campaign or
    cannot be read or written, InputError for the file of a campaign with other parameters, saying which differ.
    """

    def __init__(self, path: Path | str, parameters: Mapping[str, Any]) -> None:
        self._path = Path(os.path.realpath(path))
        header = _line({"format": FORMAT, "parameters": dict(parameters)})
        data = _bytes(self._path)
        if header.startswith(data):
            # New, or killed while the first line was written.
            write_atomically(self._path, header)
            data = header
        whole = data[: data.rfind(b"\n") + 1]
        there, results = _parsed(self._path, whole)
        _compare(self._path, there, load_json(header.decode(), "the parameters")["parameters"])
        self._results = dict(results)
        try:
            if len(whole) < len(data):
                os.truncate(self._path, len(whole))
            self._file = os.open(self._path, os.O_WRONLY | os.O_APPEND)
        except OSError as error:
            raise FormatError(f"{self._path}: cannot be written ({error.strerror})") from None

    @property
    def results(self) -> Mapping[int, Result]:
        """The known results by number."""
        return MappingProxyType(self._results)

    def add(self, result: Result) -> None:
        """Append a result. Raises FormatError if it cannot be written."""
        line = _line({"number": result.number, "score": str(result.score), "microseconds": result.microseconds})
        try:
            written = os.write(self._file, line)
        except OSError as error:
            raise FormatError(f"{self._path}: cannot be written ({error.strerror})") from None
        if written < len(line):
            raise FormatError(f"{self._path}: cannot be written (no space left)")
        self._results[result.number] = result

    def close(self) -> None:
        """Close the file, its results on the disk."""
        os.fsync(self._file)
        os.close(self._file)

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def read(path: Path | str) -> tuple[Mapping[str, Any], Mapping[int, Result]]:
    """Return the parameters and the results in a file, which may be growing. Raises FormatError if it is no campaign's.

    A last line that is not complete is left out.
    """
    name = Path(path)
    data = _bytes(name)
    parameters, results = _parsed(name, data[: data.rfind(b"\n") + 1])
    return parameters, dict(results)


def _bytes(path: Path) -> bytes:
    try:
        if path.exists() and not path.is_file():
            raise FormatError(f"{path}: not a regular file")
        return path.read_bytes() if path.exists() else b""
    except OSError as error:
        raise FormatError(f"{path}: cannot be read ({error.strerror})") from None


def _parsed(path: Path, data: bytes) -> tuple[dict[str, Any], Iterator[tuple[int, Result]]]:
    """Return the parameters and, one by one, the results in complete lines."""
    try:
        lines = data.decode("utf-8").split("\n")[:-1]
    except UnicodeDecodeError:
        raise FormatError(f"{path}: not UTF-8 text") from None
    first = load_json(lines[0], f"{path}, line 1") if lines else None
    if not isinstance(first, dict) or set(first) != {"format", "parameters"} or first["format"] != FORMAT:
        raise FormatError(f"{path}: not the file of a search; choose another place for it")
    parameters = first["parameters"]
    return parameters if isinstance(parameters, dict) else {}, _results(path, lines[1:])


def _results(path: Path, lines: Sequence[str]) -> Iterator[tuple[int, Result]]:
    for place, line in enumerate(lines, 2):
        name = f"{path}, line {place}"
        value = load_json(line, name)
        if not isinstance(value, dict) or set(value) - {"microseconds"} != {"number", "score"}:
            raise FormatError(f"{name}: a result has the keys number, score, and perhaps microseconds")
        number, score, time = value["number"], value["score"], value.get("microseconds", 0)
        if type(number) is not int or number < 0 or not isinstance(score, str):
            raise FormatError(f"{name}: a result is a number 0, 1, ... and a score, written as a string")
        if type(time) is not int or time < 0:
            raise FormatError(f"{name}: microseconds are a number 0, 1, ...")
        try:
            yield number, Result(number, exact_rational(score), time)
        except NumberError as error:
            raise FormatError(f"{name}: {error}") from None


def _compare(path: Path, there: Mapping[str, Any], here: Mapping[str, Any]) -> None:
    differing = [key for key in (*here, *(key for key in there if key not in here)) if _differ(there, here, key)]
    if differing:
        details = "; ".join(f"{key} is {_shown(there, key)} there, {_shown(here, key)} here" for key in differing)
        raise InputError(f"{path} belongs to another search: {details}; choose another file for this one")


def _line(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def _differ(one: Mapping[str, Any], other: Mapping[str, Any], key: str) -> bool:
    return key not in one or key not in other or bool(one[key] != other[key])


def _shown(parameters: Mapping[str, Any], key: str) -> str:
    if key not in parameters:
        return "absent"
    text = json.dumps(parameters[key], default=str)
    return text if len(text) <= 60 else text[:57] + "..."
