"""Classification: the strongest statement about an assemblage that can be proved in a given time, with its witness.

Above: the command line. Below: decisions about local models, realisations, membership, robustness, negativity. In
order of strength: a local hidden state model; a quantum realisation; not refuted at a level. Or the opposite:
postquantum. Every stage that had no time, or found nothing, leaves a remark.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from fractions import Fraction

from steeralg.algebra.level import ALMOST_QUANTUM, Level, check_reach
from steeralg.arguments import checked, require_between
from steeralg.certificates.families import NoExtension, Parent, find_parent
from steeralg.certificates.membership import Postquantum, certify
from steeralg.certificates.negativity import NegativityBracket, negativity
from steeralg.certificates.negativity_search import upper_end
from steeralg.certificates.robustness import InLevel, RobustnessBracket, in_level, robustness
from steeralg.errors import SteeralgError
from steeralg.models.lhs import SteeringViolation
from steeralg.models.local import decide_local
from steeralg.models.pauli import pauli_realisation
from steeralg.objects.assemblage import Assemblage, white_noise
from steeralg.objects.ghjw import ghjw
from steeralg.objects.local_model import LocalModel
from steeralg.objects.realisation import Realisation
from steeralg.objects.sequential import SequentialRealisation, sequential_realisation
from steeralg.objects.state import State
from steeralg.progress import Progress, silent
from steeralg.sdp.time_limit import MAX_SECONDS, time_limit
from steeralg.verdict import OneLine, Proved, Refuted

_UNIT = Fraction(1, 10**6)


class Kind(Enum):
    """What is proved of an assemblage, in words."""

    LOCAL = "it has a local hidden state model"
    QUANTUM = "it is quantum: a realisation was found"
    POSTQUANTUM = "it is postquantum"
    NOT_REFUTED = "the level does not refute it"
    NOT_GENERAL = "no no-signalling assemblage shows these instrumental data"
    UNDECIDED = "whether it is quantum is undecided"


@dataclass(frozen=True, eq=False, repr=False)
class Classification(OneLine):
    """What was proved of an assemblage.

    `local` is a local hidden state model, `steering` a violated steering (or Bell) inequality, which shows that there
    is none; `quantum` a realisation, or a parent (one black box and several trusted parties); `postquantum` a violated
    bound, `in_level` an exact moment matrix of the level; `not_general` refutes instrumental data, whose parent
    otherwise is `parent`. The brackets are the weight of white noise that brings the assemblage into the quantum set,
    and the steering negativity; both are 0 for quantum assemblages, and then left out. `remarks` say what was not
    decided and why.
    """

    assemblage: Assemblage
    level: Level
    local: LocalModel | None = None
    steering: SteeringViolation | None = None
    quantum: Realisation | SequentialRealisation | Parent | None = None
    postquantum: Postquantum | None = None
    in_level: InLevel | None = None
    not_general: NoExtension | None = None
    parent: Assemblage | None = None
    robustness: RobustnessBracket | None = None
    negativity: NegativityBracket | None = None
    remarks: tuple[str, ...] = ()

    @property
    def kind(self) -> Kind:
        """The strongest statement."""
        order = (
            (self.not_general, Kind.NOT_GENERAL),
            (self.local, Kind.LOCAL),
            (self.quantum, Kind.QUANTUM),
            (self.postquantum, Kind.POSTQUANTUM),
            (self.in_level, Kind.NOT_REFUTED),
        )
        return next((kind for witness, kind in order if witness is not None), Kind.UNDECIDED)

    @property
    def is_quantum(self) -> bool:
        """Whether a quantum realisation is proved to exist."""
        return self.kind in (Kind.LOCAL, Kind.QUANTUM)

    @property
    def is_settled(self) -> bool:
        """Whether it is known on which side of the quantum set the assemblage is."""
        return self.kind not in (Kind.NOT_REFUTED, Kind.UNDECIDED)

    def __str__(self) -> str:
        lines = [f"{self.kind.value} (level {self.level})" if self.kind is Kind.NOT_REFUTED else self.kind.value]
        if self.steering is not None and self.postquantum is None:
            lines.append("it has no local hidden state model: a steering inequality is violated")
        if self.robustness is not None:
            lines.append(f"weight of white noise: {self.robustness}")
        if self.negativity is not None:
            lines.append(f"steering negativity: {self.negativity}")
        return "\n".join((*lines, *self.remarks))


class _TimeUp(Exception):
    """The time limit was reached."""


class _Clock:
    """Lets progress through until the time is up, and then stops whatever reports it."""

    def __init__(self, seconds: int, progress: Progress) -> None:
        self._end, self._progress = time.monotonic_ns() + seconds * 10**9, progress

    @property
    def is_up(self) -> bool:
        return time.monotonic_ns() > self._end

    def __call__(self, message: str) -> None:
        if self.is_up:
            raise _TimeUp
        self._progress(message)


Stage = Callable[[Classification, Progress], Classification]


@checked
def classify(
    assemblage: Assemblage,
    level: Level = ALMOST_QUANTUM,
    *,
    seconds: int = 60,
    brackets: bool = True,
    digits: int = 3,
    progress: Progress = silent,
) -> Classification:
    """Return the strongest statement about an assemblage of any scenario that was proved within about so many seconds.

    Solvers stop when the time is up; what is verified exactly then is finished. `brackets`: enclose the robustness to
    white noise and, with one trusted party without input, the negativity of what is not proved quantum, to about
    10^-digits. Raises InputError for seconds or digits out of range, LevelError for a level that is malformed or does
    not reach the data.
    """
    require_between("seconds", seconds, 1, MAX_SECONDS)
    require_between("digits", digits, 1, 9)
    if not assemblage.scenario.sequential:
        check_reach(assemblage.scenario, level)
    with time_limit(seconds):
        return _classified(assemblage, level, brackets, digits, _Clock(seconds, progress))


def _classified(assemblage: Assemblage, level: Level, brackets: bool, digits: int, clock: _Clock) -> Classification:
    sequential = assemblage.scenario.sequential
    membership: list[tuple[str, Stage]] = [
        ("general data", _general),
        ("local hidden states", _local),
        ("a realisation", _one_box),
        (f"level {level}", _postquantum),
        ("a realisation", _realised),
        (f"level {level}", _in_level),
    ]
    distances: list[tuple[str, Stage]] = [
        ("robustness", lambda known, report: _robustness(known, digits, report)),
        ("negativity", lambda known, report: _negativity(known, digits, report)),
    ]
    found = Classification(assemblage, level)
    # Of rounds only realisations are known; every assemblage of them has one.
    for name, stage in [("a realisation", _one_box)] if sequential else membership:
        if not found.is_settled:
            found = _after(found, name, stage, clock)
    for name, stage in distances if brackets and not sequential else ():
        if not (found.is_quantum or found.kind is Kind.NOT_GENERAL):
            found = _after(found, name, stage, clock)
    return found


def _after(found: Classification, name: str, stage: Stage, clock: _Clock) -> Classification:
    if clock.is_up:
        return _remarked(found, f"{name}: no time left")
    try:
        return stage(found, clock)
    except _TimeUp:
        return _remarked(found, f"{name}: stopped, the time was up")
    except SteeralgError as error:
        return _remarked(found, f"{name}: {error}")


def _remarked(found: Classification, remark: str) -> Classification:
    return found if remark in found.remarks else replace(found, remarks=(*found.remarks, remark))


def _general(found: Classification, progress: Progress) -> Classification:
    """Instrumental data have to be part of a no-signalling assemblage."""
    if not found.assemblage.scenario.instrumental:
        return found
    verdict = find_parent(found.assemblage, progress=progress)
    if isinstance(verdict, Proved):
        return replace(found, parent=verdict.witness.parent)
    if isinstance(verdict, Refuted) and isinstance(verdict.witness, NoExtension):
        return replace(found, not_general=verdict.witness)
    return _remarked(found, "whether the instrumental data are general was not decided")


def _local(found: Classification, progress: Progress) -> Classification:
    verdict = decide_local(found.assemblage, progress=progress)
    if isinstance(verdict, Proved):
        return replace(found, local=verdict.witness)
    if isinstance(verdict, Refuted):
        return replace(found, steering=verdict.witness)
    return _remarked(found, f"local hidden states: {verdict.reason}")


def _one_box(found: Classification, progress: Progress) -> Classification:
    """One black box without input: quantum by an explicit realisation; with several trusted parties iff by a parent."""
    scenario = found.assemblage.scenario
    if scenario.has_input:
        return found
    if scenario.sequential:
        return replace(found, quantum=sequential_realisation(found.assemblage))
    if len(scenario.black_boxes) > 1:
        return found
    if len(scenario.views) == 1:
        return replace(found, quantum=ghjw(found.assemblage))
    verdict = find_parent(found.assemblage, progress=progress)
    if isinstance(verdict, Proved):
        return replace(found, quantum=verdict.witness)
    if isinstance(verdict, Refuted) and isinstance(verdict.witness, Postquantum):
        return replace(found, postquantum=verdict.witness)
    return found


def _postquantum(found: Classification, progress: Progress) -> Classification:
    verdict = certify(found.assemblage, found.level, progress=progress)
    return replace(found, postquantum=verdict.witness) if isinstance(verdict, Proved) else found


def _realised(found: Classification, progress: Progress) -> Classification:
    """Look for a state behind Pauli measurements, then for any positive operator and POVMs: no negativity at all."""
    if len(found.assemblage.scenario.views) > 1:
        return found
    pauli = pauli_realisation(found.assemblage, progress=progress)
    if pauli is not None:
        return replace(found, quantum=pauli)
    above = upper_end(found.assemblage, _UNIT, Fraction(0), progress=progress)
    if above is None or not above.is_quantum:
        return found
    state = State(above.operator.dims, above.operator.matrix)
    return replace(found, quantum=Realisation(state, above.devices.measurements))


def _in_level(found: Classification, progress: Progress) -> Classification:
    verdict = in_level(found.assemblage, found.level, progress=progress)
    if isinstance(verdict, Proved):
        return replace(found, in_level=verdict.witness)
    if isinstance(verdict, Refuted):
        return replace(found, postquantum=verdict.witness)
    return _remarked(found, verdict.reason)


def _robustness(found: Classification, digits: int, progress: Progress) -> Classification:
    sigma = found.assemblage
    bracket = robustness(sigma, white_noise(sigma.scenario), found.level, digits=digits, progress=progress)
    return replace(found, robustness=bracket)


def _negativity(found: Classification, digits: int, progress: Progress) -> Classification:
    if len(found.assemblage.scenario.views) > 1:
        return found
    return replace(found, negativity=negativity(found.assemblage, found.level, digits=digits, progress=progress))
