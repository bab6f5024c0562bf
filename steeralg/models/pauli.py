"""Realisations by Pauli measurements: is there a state of qubits behind the data?

Above: classification. Below: faces of Gram matrices, the linear system. A state exists for some data if an exact linear
system has a positive solution. Pure elements of the data confine it; what is left is rounded on its face, so that data
on the boundary, such as those of GHZ states, are recognised as well.
"""

from __future__ import annotations

from itertools import product

from steeralg.algebra.pauli_system import PauliSystem, is_pauli
from steeralg.arguments import checked
from steeralg.errors import InputError
from steeralg.exact.echelon import integral_columns, nullspace
from steeralg.exact.matrix import Matrix
from steeralg.exact.tensor import kron
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.realisation import Realisation
from steeralg.objects.state import State
from steeralg.positivity.face import joined, restrict, whole
from steeralg.positivity.facial import on_faces
from steeralg.progress import Progress, silent

MAX_ORDER = 64


@checked
def pauli_realisation(assemblage: Assemblage, *, progress: Progress = silent) -> Realisation | None:
    """Return a realisation in which every box measures Pauli observables of a qubit; None if none is found.

    Z, X and Y or -Y for the first, second and third setting: up to unitaries of each qubit, and of its mirror image,
    these are all anticommuting observables. None, too, for boxes with other settings, for other scenarios than one
    trusted party without input, and for more than 64 dimensions.
    """
    if not is_pauli(assemblage):
        return None
    boxes = assemblage.scenario.black_boxes
    if 2 ** len(boxes) * assemblage.scenario.dim > MAX_ORDER:
        return None
    for mirrored in product((False, True), repeat=sum(len(box.outcomes) == 3 for box in boxes)):
        system = PauliSystem(assemblage, mirrored)
        progress("looking for a state of qubits measured by Pauli observables")
        found = _state(system, progress)
        if found is not None:
            return found
    return None


def _state(system: PauliSystem, progress: Progress) -> Realisation | None:
    kernels = []
    for ray, element in system.annihilated():
        kernel = nullspace(element)
        if kernel.columns:
            kernels.append(integral_columns(kron(ray, kernel)))
    face = restrict(system, whole(system), [joined(kernels)])
    if face[0] is not None and not face[0].columns:
        return None

    def accept(grams: list[Matrix]) -> Realisation | None:
        try:
            found = Realisation(State(system.dims, grams[0]), system.measurements)
            given = found.assemblage(system.assemblage.scenario)
        except InputError:
            return None
        return found if given.agrees_with(system.assemblage) else None

    return on_faces(system, face, accept, progress)
