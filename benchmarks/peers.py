"""The peers' floats for the problems of `ours_one.py`: which are asked for what, and how accurate an answer has to be.

Imported by `run.py`. The two shared problems have scripts of their own, `peers_mompy.py` and `peers_toqito.py`, which
try every solver; the others go through `peers_large.py` with the solver and about the tolerance that did best there.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import fresh
import numpy as np
import ours

import steeralg as sa
from steeralg.constructions.extended_games import mub4_game
from steeralg.sdp.basis import to_array

HERE = Path(__file__).resolve().parent
SEED = 10
Row = dict[str, object]

SHARED = ("breuer-hall", "random")
FORMS = {"MoMPy": "to_cvxpy", "toqito": "npa_constraints"}


@dataclass(frozen=True)
class Question:
    """A functional at a level, the value that answers it, how far off an answer may be, and a limit of CPU seconds.

    `eps` is the tolerance that SCS is given.
    """

    functional: Callable[[], sa.Functional]
    level: str
    value: float
    tolerance: float
    seconds: int = 60
    eps: str = "1e-5"


def random(settings: int, dim: int = 2) -> Callable[[], sa.Functional]:
    """The random functionals of `ours_large.py`."""
    return lambda: ours.random_functional(SEED, settings, 2, dim)


QUESTIONS: dict[tuple[str, str], Question] = {
    ("larger", "I3322, level 2"): Question(ours.i3322, "2", -0.2509397, 1e-4),
    ("larger", "I3322, level 3"): Question(ours.i3322, "3", -0.2508754, 1e-4),
    ("larger", "5 settings, D = 4, to 1e-3"): Question(random(5, 4), "1+AB", -152.80, 0.1528, 40, "1e-4"),
    ("larger", "4-MUB game, 1+AB"): Question(mub4_game, "1+AB", -2 / 3, 1e-3, 120, "1e-4"),
}


def shared(python: str, peer: str) -> list[Row]:
    """All settings of a peer for the shared problems."""
    rows: list[Row] = []
    for problem in SHARED:
        command = [python, str(HERE / f"peers_{peer.lower()}.py"), problem, "--seed", str(SEED)]
        output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
        rows += [{"group": "shared", "name": problem} | json.loads(line) for line in output.splitlines()]
    return rows


def larger(python: str, peer: str) -> list[Row]:
    """A peer's answers to the other problems; `figure` marks the accurate ones."""
    rows: list[Row] = []
    for (group, name), question in QUESTIONS.items():
        row = {"group": group, "name": name, "peer": peer, "form": FORMS[peer], "solver": f"SCS(eps={question.eps})"}
        row |= asked(python, [peer, FORMS[peer], "SCS"], question)
        row["error"] = None if row.get("value") is None else abs(row["value"] - question.value)
        row["figure"] = row["error"] is not None and row["error"] <= question.tolerance
        rows.append(row)
    return rows


def asked(python: str, method: list[str], question: Question) -> Row:
    """One answer of a peer, from a process of its own."""
    functional = question.functional()
    boxes, dim = functional.scenario.black_boxes, functional.scenario.dim
    settings, outcomes = len(boxes[0].outcomes), boxes[0].outcomes[0]
    operators = np.zeros((settings, settings, outcomes, outcomes, dim, dim), complex)
    for (a, x, *_), matrix in functional.elements.items():
        operators[(*x, *a)] = to_array(matrix)
    data = {"settings": settings, "outcomes": outcomes, "dim": dim, "level": question.level}
    data |= {"re": operators.real.tolist(), "im": operators.imag.tolist()}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "functional.json"
        path.write_text(json.dumps(data), encoding="utf-8")
        command = [python, str(HERE / "peers_large.py"), *method, str(path), str(question.seconds), question.eps]
        return fresh.in_child(command, question.seconds)
