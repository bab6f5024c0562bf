"""How long the checker takes for every proof file: writes checking.json, from which proofs/README.md has its times.

`python benchmarks/checking.py`; the least of three runs in one process, in milliseconds, by the sha256 of the file.
"""

import hashlib
import json
import time
from pathlib import Path

from steeralg.certificates.proof import write_atomically
from steeralg.checker import load_checker

ROOT = Path(__file__).resolve().parent.parent


def milliseconds(data: bytes, runs: int = 3) -> int:
    checker, best = load_checker(), float("inf")
    for _ in range(runs):
        start = time.perf_counter()
        checker.check_bytes(data)
        best = min(best, time.perf_counter() - start)
    return max(1, round(1000 * best))


def main() -> None:
    times = {}
    for path in sorted((ROOT / "proofs").glob("*.json")):
        data = path.read_bytes()
        times[hashlib.sha256(data).hexdigest()] = milliseconds(data)
    write_atomically(
        ROOT / "benchmarks" / "checking.json", (json.dumps(times, indent=1, sort_keys=True) + "\n").encode()
    )


if __name__ == "__main__":
    main()
