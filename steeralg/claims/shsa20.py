"""The claims of Sainz, Hoban, Skrzypczyk, Aolita, Phys. Rev. Lett. 125, 050404 (2020).

Above: the registry. Below: constructions, certificates.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from steeralg.algebra.level import Level
from steeralg.certificates.compose import Draft, quantum_proof
from steeralg.certificates.compose_maps import quantum_correlations
from steeralg.certificates.compose_models import realised
from steeralg.certificates.proof import Proof
from steeralg.claims.claim import Claim, found, postquantum
from steeralg.constructions import shsa20
from steeralg.maps.library import identity, transpose
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.realisation import Realisation
from steeralg.objects.scenario import Scenario
from steeralg.objects.sequential import sequential_realisation
from steeralg.progress import Progress

SOURCE = "Sainz, Hoban, Skrzypczyk, Aolita, Phys. Rev. Lett. 125, 050404 (2020)"


def printed_realisation() -> Realisation:
    """Return the quantum realisation of the instrumental assemblage that the paper prints as postquantum."""
    measurements = tuple(map(tuple, shsa20.instrumental_measurements()))
    return Realisation(shsa20.instrumental_state(), measurements, tuple(shsa20.instrumental_channels()))


def _printed(name: str, source: str, level: Level, progress: Progress) -> Proof:
    return quantum_proof(name, source, shsa20.instrumental_printed(), printed_realisation())


def _only_quantum_correlations(
    build: Callable[[], Assemblage], directions: Sequence[Sequence[int]]
) -> Callable[[str, str, Level, Progress], Proof]:
    """Return the prover of the claim that identity or transpose by y make an assemblage postquantum, with only quantum
    correlations.
    """

    def prover(name: str, source: str, level: Level, progress: Progress) -> Proof:
        sigma, before = build(), shsa20.steered(directions)
        draft = Draft(name, source, sigma.scenario, {"sigma": sigma})
        draft.postquantum("sigma", "F", found(sigma, level, progress).certificate)
        maps = {"identity": identity(2), "transposition": transpose(2)}
        data = before.assemblage(Scenario.of([(2,) * len(directions)], 2))
        quantum_correlations(draft, "sigma", data, before, maps, ["identity", "transposition"])
        return draft.proof()

    return prover


def _sequential(name: str, source: str, level: Level, progress: Progress) -> Proof:
    sigma = shsa20.sequential_pr()
    draft = Draft(name, source, sigma.scenario, {"sigma": sigma})
    draft.valid("sigma", claimed=True)
    realised(draft, "sigma", sequential_realisation(sigma))
    return draft.proof()


CLAIMS = (
    Claim(
        "shsa20-pr",
        f"{SOURCE}, eq. (5), Thm 3",
        "the assemblage of eq. (5), a PR box whose second outcome is a state, is postquantum",
        "1+AB",
        postquantum(shsa20.pr),
        "nothing else",
    ),
    Claim(
        "shsa20-transpose",
        f"{SOURCE}, eq. (6), Thm 4",
        "the assemblage of eq. (6), identity or transpose by y, is postquantum, and gives only quantum correlations",
        "1+AB",
        _only_quantum_correlations(shsa20.transposed, shsa20.AXES),
        "nothing else",
        "Eq. (6) is said to come from Pauli measurements on the maximally entangled state; on (|00> + |11>)/sqrt2 it "
        "is the transposed ones, X, -Y, Z, that give it.",
    ),
    Claim(
        "shsa20-instrumental-printed",
        f"{SOURCE}, Thms 7 and 8, the example derived from eq. (6) by y = a",
        "the printed instrumental example is quantum: an explicit realisation over Q(i), a qutrit for the black box",
        "1+AB",
        _printed,
        "anything about Thms 7 and 8 themselves, which `shsa20-instrumental` settles",
        "The example given for Thms 7 and 8 as provably postquantum, read as sigma[a|x] = sigma[a|x, y=a] of eq. (6) "
        "(Def. 6), has a quantum realisation in the sense of Def. 5: it is proved quantum.",
    ),
    Claim(
        "shsa20-instrumental",
        f"{SOURCE}, Thms 7 and 8, Defs 5 and 6, with a fourth setting",
        "with a fourth setting of direction -X the instrumental assemblage of eq. (6) is general and postquantum, and "
        "gives only quantum instrumental correlations",
        "1+AB",
        _only_quantum_correlations(shsa20.instrumental, (*shsa20.AXES, (-1, 0, 0))),
        "nothing else",
        "Thms 7 and 8 hold, but not by the printed example (`shsa20-instrumental-printed`): a fourth setting of "
        "direction -X is added to it.",
    ),
    Claim(
        "shsa20-sequential",
        f"{SOURCE}, Preliminaries and Fig. 1(b): sequential measurements",
        "a sequential assemblage whose outcomes are those of a PR box is quantum: a state, instruments, measurements",
        "1+AB",
        _sequential,
        "the theorem for all sequential assemblages: `sa.sequential_realisation` proves it for any given one",
    ),
)
