"""The claims of SAPHS18 Sec. 5: positive maps, what they make of quantum assemblages.

Above: the claims of the paper. Below: constructions, certificates, verdicts on maps.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from steeralg.algebra.level import Level
from steeralg.certificates.compose import Draft
from steeralg.certificates.compose_maps import image_step, map_proof, positive, quantum_correlations, witnessed
from steeralg.certificates.proof import Proof
from steeralg.claims.claim import Claim, found
from steeralg.constructions import saphs18
from steeralg.errors import UndecidedError
from steeralg.exact.matrix import Matrix
from steeralg.maps.library import choi, generalised_choi, transpose
from steeralg.maps.linear import LinearMap
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.decomposed import decomposed_realisation, image_parts
from steeralg.objects.devices import Devices
from steeralg.objects.measurement import POVM
from steeralg.objects.realisation import Realisation
from steeralg.objects.state import State
from steeralg.positivity.decomposable import Decomposition, PPTOperator
from steeralg.positivity.maps import decide_map_decomposable
from steeralg.progress import Progress
from steeralg.verdict import Proved, Refuted, Undecided

SOURCE = "Sainz, Aolita, Piani, Hoban, Skrzypczyk, New J. Phys. 20, 083040 (2018)"

Measurements = Sequence[Sequence[POVM]]


def not_decomposable(linear_map: LinearMap, progress: Progress) -> PPTOperator:
    """Return the witness that a map is not decomposable. Raises UndecidedError if none is found."""
    verdict = decide_map_decomposable(linear_map, progress=progress)
    if isinstance(verdict, Undecided):
        verdict.demand()
    if not isinstance(verdict, Refuted):
        raise UndecidedError("the map is decomposable")
    return verdict.witness


def decomposition(linear_map: LinearMap, progress: Progress) -> Decomposition:
    """Return the witness that a map is decomposable. Raises UndecidedError if none is found."""
    verdict = decide_map_decomposable(linear_map, progress=progress)
    if not isinstance(verdict, Proved):
        raise UndecidedError("no decomposition of the map was found")
    return verdict.witness


def _map(build: Callable[[], LinearMap]) -> Callable[[str, str, Level, Progress], Proof]:
    """Return the prover of the claim that a map is positive, trace preserving, not decomposable."""

    def prover(name: str, source: str, level: Level, progress: Progress) -> Proof:
        linear_map = build()
        return map_proof(name, source, linear_map, [positive(linear_map), not_decomposable(linear_map, progress)])

    return prover


def _postquantum_image(
    key: str, build: Callable[[], tuple[State, Measurements, LinearMap]]
) -> Callable[[str, str, Level, Progress], Proof]:
    """Return the prover of the claim that an image is postquantum and gives only quantum correlations."""

    def prover(name: str, source: str, level: Level, progress: Progress) -> Proof:
        state, measurements, linear_map = build()
        before = Realisation(state, tuple(map(tuple, measurements)))
        data = Assemblage.from_state(state, measurements)
        sigma = data.apply(linear_map)
        draft = Draft(name, source, sigma.scenario, {"sigma": sigma})
        draft.postquantum("sigma", "F", found(sigma, level, progress).certificate)
        quantum_correlations(draft, "sigma", data, before, {key: linear_map}, [key])
        return draft.proof()

    return prover


def _quantum_image(
    key: str, build: Callable[[], tuple[State, Measurements, LinearMap]]
) -> Callable[[str, str, Level, Progress], Proof]:
    """Return the prover of the claim that the image under a decomposable map is quantum, by a realisation."""

    def prover(name: str, source: str, level: Level, progress: Progress) -> Proof:
        state, measurements, linear_map = build()
        data = Assemblage.from_state(state, measurements)
        sigma, parts = data.apply(linear_map), decomposition(linear_map, progress)
        none = Matrix.zero(linear_map.choi.rows, linear_map.choi.rows)
        operator, pieces = image_parts(linear_map, parts.parts.get((), none), state)
        model = decomposed_realisation(operator, pieces, Devices.of(measurements))
        draft = Draft(name, source, sigma.scenario, {"sigma": sigma, "before": data})
        draft.valid("sigma", claimed=True)
        witnessed(draft, key, parts, claimed=True)
        draft.objects[key] = draft.auxiliary.pop(key)
        image_step(draft, "sigma", "before", [key], {key: linear_map})
        before = Realisation(state, tuple(map(tuple, measurements)))
        draft.auxiliary |= {"before_rho": before.operator, "before_devices": before.devices}
        draft.quantum_by_model("before", "before_rho", "before_devices")
        draft.auxiliary |= {"rho": model.operator, "devices": model.devices}
        draft.quantum_by_model("sigma", "rho", "devices")
        return draft.proof()

    return prover


def _breuer_hall() -> tuple[State, Measurements, LinearMap]:
    return saphs18.breuer_hall_state(), saphs18.breuer_hall_measurements(), saphs18.breuer_hall_map()


def _choi() -> tuple[State, Measurements, LinearMap]:
    return saphs18.choi_state(), saphs18.breuer_hall_measurements(), choi()


def _transposed() -> tuple[State, Measurements, LinearMap]:
    return saphs18.breuer_hall_state(), saphs18.breuer_hall_measurements(), transpose(4)


def _decomposable() -> tuple[State, Measurements, LinearMap]:
    return saphs18.choi_state(), saphs18.breuer_hall_measurements(), generalised_choi(1, "1/2", "1/2")


CLAIMS = (
    Claim(
        "saphs18-transpose",
        f"{SOURCE}, Sec. 5.1",
        "the transposition leaves the quantum assemblage of eqs. (31), (32) quantum, by an explicit realisation",
        "1+AB",
        _quantum_image("transposition", _transposed),
        "only this assemblage is settled; `sa.decomposed_realisation` does the same for any given one",
    ),
    Claim(
        "saphs18-decomposable",
        f"{SOURCE}, Sec. 5.1, eq. (30)",
        "the decomposable map Phi[1, 1/2, 1/2] leaves an assemblage of two black boxes and a qutrit quantum, by an "
        "explicit realisation",
        "1+AB",
        _quantum_image("phi", _decomposable),
        "only this map and this assemblage are settled; `sa.decomposed_realisation` does the same for any given ones",
    ),
    Claim(
        "saphs18-breuer-hall-map",
        f"{SOURCE}, Sec. 5.2, eq. (33)",
        "the extended reduction map with U = X (x) Y is positive, trace preserving and not decomposable",
        "1+AB",
        _map(saphs18.breuer_hall_map),
        "nothing else",
    ),
    Claim(
        "saphs18-breuer-hall",
        f"{SOURCE}, Sec. 5.2, eqs. (29) and (31)-(33)",
        "the Breuer-Hall assemblage over Q(sqrt2, i) is postquantum, and gives only quantum correlations",
        "1+AB",
        _postquantum_image("breuer_hall", _breuer_hall),
        "the printed figures (`saphs18-table-1`)",
    ),
    Claim(
        "saphs18-choi-map",
        f"{SOURCE}, Sec. 5.2, last paragraph: the Choi map",
        "the Choi map Phi[1, 1, 0] on qutrits, halved to preserve the trace, is positive and not decomposable",
        "1+AB",
        _map(choi),
        "nothing else",
    ),
    Claim(
        "saphs18-choi",
        f"{SOURCE}, Sec. 5.2, last paragraph, where examples are said to exist",
        "the state (|011> + |002> + |101> + |110>)/2, measured as in eq. (32), becomes postquantum under the Choi map, "
        "with only quantum correlations",
        "1+AB",
        _postquantum_image("choi", _choi),
        "anything about the paper's own examples, which it does not print",
    ),
)
