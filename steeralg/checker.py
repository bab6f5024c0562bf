"""The independent checker, `proofs/check.py`, loaded as it is: one file that knows nothing of this package.

Above: proofs, the command line. Below: nothing. In a source tree it is the file under proofs/; an installed package
carries a copy.
"""

from __future__ import annotations

import importlib.util
import sys
from functools import lru_cache
from pathlib import Path
from types import ModuleType


def checker_path() -> Path:
    """Return the path of the checker: the source tree's own, or the installed copy."""
    here = Path(__file__).resolve().parent
    source = here.parent / "proofs" / "check.py"
    return source if source.is_file() else here / "_check.py"


@lru_cache(maxsize=1)
def load_checker() -> ModuleType:
    """Import the checker as a module."""
    spec = importlib.util.spec_from_file_location("steeralg_check", checker_path())
    if spec is None or spec.loader is None:
        raise ImportError(f"the checker is missing: {checker_path()}")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module
