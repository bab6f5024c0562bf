"""Coverage-guided fuzzing of the checker: no file may do anything else to it than be proved, rejected or unreadable.

    pip install atheris
    python proofs/attack/fuzz.py --seconds 900 --corpus DIR

Half of the mutations edit bytes, with the words of the format as a dictionary; the others edit the JSON value: a part
is dropped, doubled, or replaced by another part of the file or by an awkward value. Files are decided with little
work, so that the limit is met, too. What was found is written to `fuzz.json`; a crash is left in the corpus folder.
"""

import argparse
import hashlib
import importlib
import json
import os
import random
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import atheris

HERE = Path(__file__).parent
CHECKER = HERE.parent / "check.py"
WORK, LONGEST = 300_000, 6000  # for one file; bytes of a seed
AWKWARD = [
    None,
    True,
    False,
    -1,
    0,
    1,
    2,
    65,
    10**20,
    1.5,
    "",
    "0",
    "-0",
    "1",
    "-1/2",
    "1/3,2",
    "9" * 4001,
    [],
    {},
    [[]],
]
AWKWARD += ["0 1", "0|0", "1|0", "0|0 0|1", "0,0|0", "sigma", "F", "\ud800", "\u0661", "1*", "1^1", "re", "0 0*"]


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every container and key in a JSON value."""
    found = []
    for key, entry in list(value.items() if isinstance(value, dict) else enumerate(value)):
        found.append((value, key))
        found += places(entry) if isinstance(entry, dict | list) else []
    return found


def edit(value: Any, dice: random.Random) -> None:
    """One change at a random place."""
    spots = places(value)
    if not spots:
        return
    (container, key), (other, source) = dice.choice(spots), dice.choice(spots)
    kind = dice.randrange(6)
    if kind == 0:
        del container[key]
    elif kind == 1:
        container[key] = json.loads(json.dumps(other[source]))
    elif kind == 2 and isinstance(container, list):
        container.insert(key, json.loads(json.dumps(container[key])))
    elif kind == 3 and isinstance(container[key], str) and (numbers := re.findall("[0-9]+", container[key])):
        container[key] = container[key].replace(dice.choice(numbers), str(dice.randrange(5)), 1)
    elif kind == 4 and type(container[key]) is int:
        container[key] += dice.choice((-1, 1))
    else:
        container[key] = dice.choice(AWKWARD)


def mutate(data: bytes, size: int, seed: int) -> bytes:
    """Edit the JSON value, or the bytes."""
    dice = random.Random(seed)
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict) or dice.random() < 0.5:
        return bytes(atheris.Mutate(data, size))
    for _ in range(dice.choice((1, 1, 2, 4))):
        edit(value, dice)
    return json.dumps(value, separators=(",", ":")).encode("utf-8", "surrogatepass")[:size]


def words(source: str) -> list[str]:
    """The words of the format, which the checker has as short strings."""
    return sorted(set(re.findall(r'"([a-z][a-z_-]{1,24})"', source)))


def seed(folder: Path) -> None:
    """Small proofs to start from."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in HERE.parent.glob("*.json"):
        if path.stat().st_size <= LONGEST:
            (folder / path.stem).write_bytes(path.read_bytes())
    kept = HERE.parents[1] / "tests" / "data" / "fuzz_corpus.json"
    for i, text in enumerate(json.loads(kept.read_text()) if kept.is_file() else []):
        (folder / f"kept-{i}").write_bytes(text.encode("latin-1"))


def main() -> None:
    """Fuzz in a child process, since the fuzzer ends its own; then write down what it said."""
    parser = argparse.ArgumentParser(description="Fuzz check.py with atheris.")
    parser.add_argument("--seconds", type=int, default=900)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--record", type=Path, default=HERE / "fuzz.json")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        return fuzz(options.corpus, options.seconds)
    seed(options.corpus)
    read, write = os.pipe()
    start = os.times()
    arguments = ["--seconds", str(options.seconds), "--corpus", str(options.corpus), "--child"]
    child = os.fork()
    if child == 0:
        os.dup2(write, 2)
        os.close(read)
        os.execv(sys.executable, [sys.executable, str(Path(__file__)), *arguments])
    os.close(write)
    with os.fdopen(read, "r", errors="replace") as log:
        lines = log.read().splitlines()
    _, status = os.waitpid(child, 0)
    end = os.times()
    progress = [line for line in lines if re.match(r"#\d+\s", line)]
    edges, features = (
        max(int(n) for line in progress for n in re.findall(rf"{k}: (\d+)", line)) for k in ("cov", "ft")
    )
    crashes = sorted(path for kind in ("crash", "timeout", "oom", "leak") for path in options.corpus.glob(f"{kind}-*"))
    finished = status == 0 or bool(crashes)
    record = {
        "date": datetime.now(UTC).date().isoformat(),
        "python": sys.version.split()[0],
        "check_sha256": hashlib.sha256(CHECKER.read_bytes()).hexdigest(),
        "runs": max(int(n) for line in progress for n in re.findall(r"^#(\d+)", line)),
        "cpu_seconds": round(end.children_user + end.children_system - start.children_user - start.children_system),
        "edges": edges,
        "features": features,
        "corpus": sum(1 for path in options.corpus.iterdir() if path.is_file()) - len(crashes),
        "crashes": len(crashes),
    }
    if crashes or not finished:
        print(*lines[-40:], sep="\n", file=sys.stderr)
    if not finished:
        sys.exit(f"the fuzzer ended with status {status}")
    options.record.write_text(json.dumps(record, indent=1) + "\n")
    print(json.dumps(record))


def fuzz(corpus: Path, seconds: int) -> None:
    """Run until the time is over or something else than a verdict is found."""
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(CHECKER.parent))
    with atheris.instrument_imports(include=["check"]):
        module = importlib.import_module("check")
    module.MAX_WORK = WORK  # type: ignore[attr-defined]
    dictionary = corpus.parent / f"{corpus.name}.dict"
    found = words(CHECKER.read_text(encoding="utf-8"))
    dictionary.write_text("".join(f'"{word}"\n' for word in found))

    def decide(data: bytes) -> None:
        try:
            module.check_bytes(data)
        except (module.Rejected, module.Unreadable) as refusal:
            assert str(refusal).isascii() and "\n" not in str(refusal) and len(str(refusal)) < 500

    flags = [f"-max_total_time={seconds}", f"-dict={dictionary}", f"-artifact_prefix={corpus}/", "-max_len=8192"]
    flags += ["-timeout=20", "-rss_limit_mb=2000", "-print_final_stats=1"]
    atheris.Setup([sys.argv[0], *flags, str(corpus)], decide, custom_mutator=mutate)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
