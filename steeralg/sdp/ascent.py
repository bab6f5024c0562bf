"""The climb of SBCSV15 App. D: from a functional to an assemblage that is local for many directions, outside a level.

Above: the search. Below: local programs, relaxations. The robustness of an assemblage to white noise is a convex
function (before its denominator) whose gradient is the functional that witnesses it best, so one step is two programs:
the best functional for an assemblage, a semidefinite program; and the assemblage that violates it most, a linear one.
Over a fixed convex set no step goes down. From random functionals the most violating local assemblages are classical,
and there the gradient vanishes; so the first steps go over the larger sets of smaller scales.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from steeralg.algebra.level import ALMOST_QUANTUM, Level
from steeralg.exact.matrix import Matrix
from steeralg.objects.directions import Direction
from steeralg.objects.scenario import Partial, Scenario
from steeralg.sdp.alternating import Estimate, MembershipSolver
from steeralg.sdp.bloch import BlochTables
from steeralg.sdp.local_programs import LocalPrograms
from steeralg.sdp.problem import Floats
from steeralg.sdp.relaxation import Relaxation
from steeralg.sdp.scorer import rounded

FIRST_SCALE = 0.75
_LEAST, _GAIN, _LOCAL = 1e-3, 1e-4, 1 - 1e-7
_NOISE = (0.0, 0.5, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0)
_MOST_DECIMALS = 8


@dataclass(frozen=True, eq=False)
class Witness:
    """A robustness to white noise, 0 inside the level, and a functional that shows it, about 0 or more on the level."""

    robustness: float
    functional: Floats
    estimate: Estimate


class Ascent:
    """The two programs of a scenario, and the climb.

    The same start has the same end whatever was climbed before: every climb starts cold.
    """

    def __init__(self, scenario: Scenario, directions: Sequence[Direction], level: Level = ALMOST_QUANTUM) -> None:
        self.tables = BlochTables(scenario)
        self.local = LocalPrograms(self.tables, directions)
        relaxation = Relaxation.build(scenario, level)
        moments = self.tables.moments(relaxation.observation)
        self._solver = MembershipSolver(relaxation, real=True)
        constants = [self._solver.constant(relaxation.observable_moments(column)) for column in moments.T]
        self._shape, self._type = constants[0].shape, constants[0].dtype
        # C is linear in the table; a column for each of its entries.
        self._constants = np.column_stack([constant.reshape(-1).view(np.float64) for constant in constants])

    def witness(self, table: Floats, start: Estimate | None = None) -> Witness:
        """Return the robustness of a table, and the functional that shows it; from near a start, if there is one."""
        constant = (self._constants @ table.ravel()).view(self._type).reshape(self._shape)
        found = self._solver.solve(constant, start)
        functional = self._constants.T @ found.gram.reshape(-1).view(np.float64)
        return Witness(found.robustness, functional.reshape(table.shape), found)

    def climb(self, functional: Floats, steps: int, symmetric: bool = False) -> tuple[Fraction, Floats | None]:
        """Return the robustness at the end of at most `steps` steps, rounded, and the table of the assemblage there.

        The climb ends early, with 0 and None, where a step finds nothing outside the level; and where the last step
        gained nothing. `symmetric` keeps everything symmetric under permutations of the boxes.
        """
        best: tuple[float, Floats] | None = None
        start: Estimate | None = None
        for scale in scales(steps):
            table = self._least(functional, scale, symmetric)
            if table is None:
                break
            found = self.witness(table, start)
            if found.robustness < _LEAST:
                break
            if scale == 1:
                if best is not None and found.robustness < best[0] + _GAIN:
                    break
                best = found.robustness, table
            functional, start = found.functional, found.estimate
        if best is None:
            return Fraction(0), None
        return rounded(best[0]), best[1]

    def _least(self, functional: Floats, scale: float, symmetric: bool) -> Floats | None:
        """Return the assemblage that a functional leads to."""
        if not symmetric:
            return self.local.least(functional, scale)
        table = self.local.least(self.tables.symmetrised(functional), scale)
        return None if table is None else self.tables.symmetrised(table)

    def decimals(self, table: Floats, directions: Sequence[Direction]) -> Iterator[dict[Partial, Matrix]]:
        """Yield exact independent elements near a table, local for some directions and outside the level, as it seems.

        Fewest decimals first; for each number of them the most robust of a few mixtures with white noise. More
        directions than in the climb leave more room for rounding; those of the climb serve, too.
        """
        programs = self.local, LocalPrograms(self.tables, directions)
        for digits in range(1, _MOST_DECIMALS + 1):
            best: tuple[float, dict[Partial, Matrix]] | None = None
            for weight in (w / 10**digits for w in _NOISE):
                exact, near = self.tables.rounded((1 - weight) * table + weight * self.tables.noise, digits)
                if weight > 1 or all(program.visibility(near) < _LOCAL for program in programs):
                    continue
                found = self.witness(near).robustness
                if found > max(_LEAST, 0.0 if best is None else best[0]):
                    best = found, exact
            if best is not None:
                yield best[1]


def scales(steps: int) -> list[float]:
    """Return the scale of every step: from FIRST_SCALE to 1 in the first half, then 1."""
    return [min(1.0, FIRST_SCALE + (1 - FIRST_SCALE) * 2 * k / steps) for k in range(steps)]
