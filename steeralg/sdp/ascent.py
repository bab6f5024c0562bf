"""The climb of SBCSV15 App. D: from a functional to an assemblage that is local for many directions, outside a level.

Above: the search. Below: local programs, relaxations. The robustness of an assemblage to white noise is a convex
function (before its denominator) whose gradient is the functional that witnesses it best, so one step is two programs:
the best functional for an assemblage, a semidefinite program; and the assemblage that violates it most, a linear one.
Over a fixed convex set no step goes down. From random functionals the most violating local assemblages are classical,
and there the gradient vanishes; so the first steps go over the larger sets of smaller scales.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

import numpy as np
import scipy.sparse

from steeralg.algebra.level import ALMOST_QUANTUM, Level
from steeralg.exact.matrix import Matrix
from steeralg.objects.directions import Direction
from steeralg.objects.scenario import Partial, Scenario
from steeralg.sdp.bloch import BlochTables
from steeralg.sdp.cold import ColdSolver
from steeralg.sdp.local_programs import LocalPrograms
from steeralg.sdp.problem import Floats
from steeralg.sdp.relaxation import Relaxation
from steeralg.sdp.scorer import DIGITS
from steeralg.sdp.solve import ConeForm

FIRST_SCALE = 0.75
_LEAST, _GAIN, _LOCAL = 1e-3, 1e-4, 1 - 1e-7
_NOISE = (0.0, 0.5, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0)
_MOST_DECIMALS = 8


class Ascent:
    """The two programs of a scenario, and the climb.

    The same start has the same end whatever was climbed before: every solver run starts cold.
    """

    def __init__(self, scenario: Scenario, directions: Sequence[Direction], level: Level = ALMOST_QUANTUM) -> None:
        self.tables = BlochTables(scenario)
        self.local = LocalPrograms(self.tables, directions)
        relaxation = Relaxation.build(scenario, level)
        moments = self.tables.moments(relaxation.observation)
        forms = [ConeForm(relaxation.membership(relaxation.observable_moments(column))) for column in moments.T]
        # The right side of the cone form is linear in the table.
        self._right = scipy.sparse.csr_matrix(np.column_stack([form.data["b"] for form in forms]))
        self._solver = ColdSolver(forms[0])

    def witness(self, table: Floats) -> tuple[float, Floats] | None:
        """Return the robustness to white noise (negative inside), and the functional that shows it.

        The functional is at least about 0 on the level; None if the solver gives none.
        """
        found = self._solver.solve(np.asarray(self._right @ table.ravel()))
        if found is None:
            return None
        weight = 2 * found[0]
        return weight / (1 + weight), np.asarray(self._right.T @ found[1]).reshape(table.shape)

    def climb(self, functional: Floats, steps: int, symmetric: bool = False) -> tuple[Fraction, Floats | None]:
        """Return the robustness at the end of at most `steps` steps, rounded, and the table of the assemblage there.

        The climb ends early, with 0 and None, where a step finds nothing outside the level; and where the last step
        gained nothing. `symmetric` keeps everything symmetric under permutations of the boxes.
        """
        best: tuple[float, Floats] | None = None
        for scale in scales(steps):
            found = self._step(functional, scale, symmetric)
            if found is None:
                break
            value, table, functional = found
            if scale == 1:
                if best is not None and value < best[0] + _GAIN:
                    break
                best = value, table
        if best is None:
            return Fraction(0), None
        return Fraction(round(best[0] * 10**DIGITS), 10**DIGITS), best[1]

    def _step(self, functional: Floats, scale: float, symmetric: bool) -> tuple[float, Floats, Floats] | None:
        """Return an assemblage outside the level that a functional leads to, its robustness before and its witness."""
        if symmetric:
            functional = self.tables.symmetrised(functional)
        table = self.local.least(functional, scale)
        if table is None:
            return None
        if symmetric:
            table = self.tables.symmetrised(table)
        found = self.witness(table)
        return None if found is None or found[0] < _LEAST else (found[0], table, found[1])

    def decimals(self, table: Floats, directions: Sequence[Direction]) -> Iterator[dict[Partial, Matrix]]:
        """Yield exact independent elements near a table, local for some directions and outside the level, as it seems.

        Fewest decimals first; for each number of them the most robust of a few mixtures with white noise. More
        directions than in the climb leave more room for rounding; those of the climb serve, too.
        """
        programs = self.local, LocalPrograms(self.tables, directions)
        for digits in range(1, _MOST_DECIMALS + 1):
            best: tuple[float, dict[Partial, Matrix]] | None = None
            for weight in (w / 10**digits for w in _NOISE):
                exact, rounded = self.tables.rounded((1 - weight) * table + weight * self.tables.noise, digits)
                if weight > 1 or all(program.visibility(rounded) < _LOCAL for program in programs):
                    continue
                found = self.witness(rounded)
                if found is not None and found[0] > max(_LEAST, 0.0 if best is None else best[0]):
                    best = found[0], exact
            if best is not None:
                yield best[1]


def scales(steps: int) -> list[float]:
    """Return the scale of every step: from FIRST_SCALE to 1 in the first half, then 1."""
    return [min(1.0, FIRST_SCALE + (1 - FIRST_SCALE) * 2 * k / steps) for k in range(steps)]
