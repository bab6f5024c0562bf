"""Reproducible searches for postquantum assemblages: floats suggest, exact certificates prove.

Above: the command line; examples in constructions record the seed and the number of their state. Below: certificates,
constructions, sdp. `campaign` is the engine (candidates by number, scores, proofs of the best ones), `store` its
resumable file, `record` reads one back, `processes` and `distributed` share a campaign out. `states` and `measurements`
are what candidates are made of, `map_search` asks which positive maps give postquantum assemblages, `maps` names these
maps, `table` tries them all; `functional_search` looks for postquantum steering without postquantum nonlocality,
`scenario_search` for postquantum assemblages of several trusted parties, of Bob with input, and instrumental ones.
"""

from steeralg.search.campaign import Campaign, Proven, Result, Status, prove, run
from steeralg.search.distributed import run_distributed
from steeralg.search.functional_search import FunctionalSearch, LocalExample, local_examples
from steeralg.search.map_search import MapCandidate, MapSearch
from steeralg.search.maps import named_map, read_map
from steeralg.search.processes import run_processes
from steeralg.search.record import Record, read_record
from steeralg.search.robust import Finding, search
from steeralg.search.scenario_search import ScenarioSearch
from steeralg.search.states import states
from steeralg.search.store import Store

__all__ = [
    "Campaign",
    "Finding",
    "FunctionalSearch",
    "LocalExample",
    "MapCandidate",
    "MapSearch",
    "Proven",
    "Record",
    "Result",
    "ScenarioSearch",
    "Status",
    "Store",
    "local_examples",
    "named_map",
    "prove",
    "read_map",
    "read_record",
    "run",
    "run_distributed",
    "run_processes",
    "search",
    "states",
]
