"""One workspace of the solver for many problems that differ in the right side only.

Above: the scorer and the climb of searches. Below: cone forms. The factorisation is done once.
"""

from __future__ import annotations

import numpy as np
import scs

from steeralg.sdp.problem import Floats
from steeralg.sdp.solve import INTERRUPTED, ConeForm

TOLERANCE, ITERATIONS = 3e-4, 2_000


class ColdSolver:
    """Solves a cone form for any right side, to about 10^-3.

    The same problem has the same answer whatever was solved before: every run starts cold, and what a solver learns on
    the way (the scale of its steps, the memory of its acceleration) is switched off.
    """

    def __init__(self, form: ConeForm) -> None:
        self._solver = scs.SCS(
            form.data,
            form.cone,
            verbose=False,
            eps_abs=TOLERANCE,
            eps_rel=TOLERANCE,
            max_iters=ITERATIONS,
            adaptive_scale=False,
            acceleration_lookback=0,
        )

    def solve(self, right: Floats) -> tuple[float, Floats] | None:
        """Return the dual objective and the dual point for a right side; None where the solver gives none."""
        self._solver.update(b=right)
        result = self._solver.solve(warm_start=False)
        status, objective = result["info"]["status_val"], float(result["info"]["dobj"])
        if status == INTERRUPTED:
            # The solver catches the signal; what it leaves is no solution.
            raise KeyboardInterrupt
        # 1 is solved, 2 solved inaccurately.
        return (objective, result["y"]) if status in (1, 2) and np.isfinite(objective) else None
