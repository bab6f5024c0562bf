"""A campaign's file read back: the campaign, the command that made it, and what came of it.

Above: reports. Below: stores, searches. A file holds every parameter of its campaign, so nothing else is needed.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from steeralg.arguments import checked
from steeralg.errors import FormatError
from steeralg.exact.convert import as_matrices
from steeralg.maps.linear import LinearMap
from steeralg.objects.parse import parse_number
from steeralg.search.campaign import THRESHOLD, Campaign, Result, ranked
from steeralg.search.functional_search import FunctionalSearch
from steeralg.search.map_search import MapSearch
from steeralg.search.maps import map_to_json, named_map
from steeralg.search.scenario_search import ScenarioSearch
from steeralg.search.store import read
from steeralg.search.table import LIBRARY


@dataclass(frozen=True, eq=False)
class Record:
    """What a file holds: a campaign, the arguments of `steeralg search` for it, and the results by rank."""

    campaign: Campaign[Any]
    arguments: tuple[str, ...]
    results: tuple[Result, ...]

    @property
    def command(self) -> str:
        """The command that does the campaign again as far as it is."""
        return shlex.join(["steeralg", "search", *self.arguments, "--count", str(self.count)])

    @property
    def count(self) -> int:
        """One more than the largest number of a candidate."""
        return 1 + max((result.number for result in self.results), default=-1)

    @cached_property
    def promising(self) -> tuple[Result, ...]:
        """The results above the threshold: the candidates that look postquantum."""
        return tuple(result for result in self.results if result.score > THRESHOLD)

    @property
    def seconds(self) -> float:
        """The CPU time of all results."""
        return sum(result.microseconds for result in self.results) / 1e6

    def quantile(self, part: float) -> Result:
        """Return the promising result at a part, from 0 (the weakest) to 1, of the ranking; there has to be one."""
        return self.promising[round((1 - part) * (len(self.promising) - 1))]


@checked
def read_record(path: Path | str) -> Record:
    """Read the file of a campaign. Raises FormatError for what is none, or belongs to none of the searches here."""
    parameters, results = read(path)
    try:
        campaign, arguments = _campaign(parameters)
    except (KeyError, TypeError, ValueError) as error:
        raise FormatError(f"{path}: not the file of a search by `steeralg search` ({error!r})") from None
    if dict(campaign.parameters) != dict(parameters):
        raise FormatError(f"{path}: the parameters are not those of a search by `steeralg search`")
    return Record(campaign, (*arguments, "--seed", str(parameters["seed"])), tuple(ranked(list(results.values()))))


def _campaign(parameters: Mapping[str, Any]) -> tuple[Campaign[Any], Sequence[str]]:
    seed, level = parameters["seed"], parameters["level"]
    options = [] if level == "almost quantum" else ["--level", level]
    if "functional" in parameters:
        boxes, directions = parameters["boxes"], parameters["directions"]
        symmetric, steps = parameters["symmetric"], parameters["steps"]
        options += [part for box in boxes for part in ("--box", ",".join(map(str, box)))]
        options += ["--directions", str(directions), *["--symmetric"] * symmetric]
        campaign = FunctionalSearch(seed, tuple(map(tuple, boxes)), directions, steps, symmetric, level)
        return campaign, ["functional", *options]
    boxes, support = parameters["boxes"], tuple(parameters["support"])
    options += ["--support", *map(str, support)]
    if "kind" in parameters:
        options = [*(part for box in boxes for part in ("--box", box)), *options]
        return ScenarioSearch(parameters["kind"], seed, boxes, support, level), [parameters["kind"], *options]
    options = [*(part for names in boxes for part in ("--box", "/".join(names))), *options]
    table = parameters["map"]
    (choi,) = as_matrices([[[parse_number(entry) for entry in row] for row in table["matrix"]]])
    dim_in, dim_out = table["dims"]
    searched = MapSearch(LinearMap(dim_in, dim_out, choi), seed, tuple(map(tuple, boxes)), support, level)
    name = next((name for name, _ in LIBRARY if map_to_json(named_map(name)) == table), "MAP.json")
    return searched, [name, *options]
