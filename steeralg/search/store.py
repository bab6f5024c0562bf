"""A campaign's file: JSON lines that survive a kill at any moment.

Above: the command line, searches. Below: the engine, writing files. The first line holds the parameters of the
campaign, every further line a candidate's number and its score, a rational number:

    {"format":"steeralg-search/1","parameters":{...}}
    {"number":0,"score":"289/10000"}

Results are appended line by line, in one call each; a last line that was cut short is dropped when the file is opened
again. The file of another campaign is refused.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from fractions import Fraction
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
        data = self._read()
        if header.startswith(data):
            # New, or killed while the first line was written.
            write_atomically(self._path, header)
            data = header
        whole = data[: data.rfind(b"\n") + 1]
        self._scores = dict(self._results(whole, load_json(header.decode(), "the parameters")["parameters"]))
        try:
            if len(whole) < len(data):
                os.truncate(self._path, len(whole))
            self._file = os.open(self._path, os.O_WRONLY | os.O_APPEND)
        except OSError as error:
            raise FormatError(f"{self._path}: cannot be written ({error.strerror})") from None

    def _read(self) -> bytes:
        try:
            if self._path.exists() and not self._path.is_file():
                raise FormatError(f"{self._path}: not a regular file")
            return self._path.read_bytes() if self._path.exists() else b""
        except OSError as error:
            raise FormatError(f"{self._path}: cannot be read ({error.strerror})") from None

    def _results(self, data: bytes, parameters: Mapping[str, Any]) -> Iterator[tuple[int, Fraction]]:
        try:
            lines = data.decode("utf-8").split("\n")[:-1]
        except UnicodeDecodeError:
            raise FormatError(f"{self._path}: not UTF-8 text") from None
        first = load_json(lines[0], f"{self._path}, line 1") if lines else None
        if not isinstance(first, dict) or set(first) != {"format", "parameters"} or first["format"] != FORMAT:
            raise FormatError(f"{self._path}: not the file of a search; choose another place for it")
        self._compare(first["parameters"], parameters)
        for place, line in enumerate(lines[1:], 2):
            name = f"{self._path}, line {place}"
            value = load_json(line, name)
            if not isinstance(value, dict) or set(value) != {"number", "score"}:
                raise FormatError(f"{name}: a result has the keys number and score")
            number, score = value["number"], value["score"]
            if type(number) is not int or number < 0 or not isinstance(score, str):
                raise FormatError(f"{name}: a result is a number 0, 1, ... and a score, written as a string")
            try:
                yield number, exact_rational(score)
            except NumberError as error:
                raise FormatError(f"{name}: {error}") from None

    def _compare(self, there: Any, here: Mapping[str, Any]) -> None:
        there = there if isinstance(there, dict) else {}
        differing = [key for key in (*here, *(key for key in there if key not in here)) if _differ(there, here, key)]
        if differing:
            details = "; ".join(f"{key} is {_shown(there, key)} there, {_shown(here, key)} here" for key in differing)
            raise InputError(f"{self._path} belongs to another search: {details}; choose another file for this one")

    @property
    def scores(self) -> Mapping[int, Fraction]:
        """The known scores by number."""
        return MappingProxyType(self._scores)

    def add(self, result: Result) -> None:
        """Append a result. Raises FormatError if it cannot be written."""
        line = _line({"number": result.number, "score": str(result.score)})
        try:
            written = os.write(self._file, line)
        except OSError as error:
            raise FormatError(f"{self._path}: cannot be written ({error.strerror})") from None
        if written < len(line):
            raise FormatError(f"{self._path}: cannot be written (no space left)")
        self._scores[result.number] = result.score

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


def _line(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def _differ(one: Mapping[str, Any], other: Mapping[str, Any], key: str) -> bool:
    return key not in one or key not in other or bool(one[key] != other[key])


def _shown(parameters: Mapping[str, Any], key: str) -> str:
    if key not in parameters:
        return "absent"
    text = json.dumps(parameters[key], default=str)
    return text if len(text) <= 60 else text[:57] + "..."
