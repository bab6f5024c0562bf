"""Random numbers: the same seed gives the same search.

Above: whatever starts at random. Below: errors.
"""

from __future__ import annotations

import numpy as np

from steeralg.errors import InputError


def generator(seed: int) -> np.random.Generator:
    """Return the generator of a seed. Raises InputError unless it is an integer from 0 on."""
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise InputError(f"seed = {seed!r:.40}: an integer from 0 on")
    return np.random.default_rng(seed)
