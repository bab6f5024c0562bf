"""What a run was measured on: machine, load, versions; no names of hosts or folders."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

OWN = ("steeralg", "numpy", "scipy", "scs", "clarabel", "cvxpy", "highspy", "python-flint", "sympy")
PEERS = {
    "MoMPy": ("MoMPy", "numpy", "scipy", "cvxpy", "scs", "clarabel", "cvxopt"),
    "toqito": ("toqito", "numpy", "scipy", "cvxpy", "scs", "clarabel", "cvxopt"),
}
_ASK = """import json, sys
from importlib.metadata import version
print(json.dumps({package: version(package) for package in sys.argv[1:]}))"""


def facts() -> dict[str, object]:
    """The machine, how busy it is, the date, and the versions that steeralg uses."""
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "processor": processor(),
        "cores": os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "load": [round(x, 1) for x in os.getloadavg()],
        "versions": {"steeralg": {package: version(package) for package in OWN}},
    }


def processor() -> str:
    """The name of the processor."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or "unknown"


def versions(python: str, packages: Sequence[str]) -> dict[str, str]:
    """The versions of packages in the environment of a Python."""
    found: dict[str, str] = json.loads(subprocess.check_output([python, "-c", _ASK, *packages], text=True))
    return found


if __name__ == "__main__":
    json.dump(facts(), sys.stdout, indent=1)
