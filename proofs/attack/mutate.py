"""The campaign: changed proof files for the checker, and second judgements of all that it accepts.

    python proofs/attack/mutate.py --count 100000 --seed 1 --processes 1 --state FILE.jsonl --summary mutants.json

Above: the report. Below: kinds of mutations, refutations. Mutant k is a function of the seed and k, of the proof files
and of seeds.json, so every one can be made again: `--show K` prints it. A run uses a copy of the checker as it was at
the start, takes up where it was stopped, and ends a process only with its memory or CPU time, which counts as a crash
of the checker. The library (steeralg) is used for the second judgements only.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from proofs.attack import guided, kinds, known, library, refute, rewritten, structure  # noqa: E402

PROOFS, SEEDS = ROOT / "proofs", Path(__file__).with_name("seeds.json")
WEIGHTS = {"bound": 8, "block-positive": 2, "local-bound": 2, "negativity-at-least": 2}  # of rules; 1 for the others
MEMORY, SECONDS = 3 << 30, 600  # of one process; of CPU time of one mutant
assert guided and rewritten and structure  # they add their kinds

Result = dict[str, Any]


@dataclass(frozen=True)
class Corpus:
    """The originals by name: all proof files, and small ones for what these do not show."""

    files: Mapping[str, bytes]

    @classmethod
    def load(cls) -> Corpus:
        """The files of the repository."""
        files = {path.stem: path.read_bytes() for path in sorted(PROOFS.glob("*.json"))}
        seeds = json.loads(SEEDS.read_bytes())
        return cls(files | {f"seed {name}": kinds.encode(file) for name, file in sorted(seeds.items())})

    def save(self, path: Path) -> None:
        """Keep the originals as they are now."""
        write(path, {name: data.decode() for name, data in self.files.items()})

    @classmethod
    def saved(cls, path: Path) -> Corpus:
        """Originals that were kept."""
        return cls({name: text.encode() for name, text in json.loads(path.read_text()).items()})

    @property
    def digest(self) -> str:
        """A digest of all originals."""
        whole = b"".join(name.encode() + b"\0" + data for name, data in self.files.items())
        return hashlib.sha256(whole).hexdigest()

    def table(self) -> Draws:
        """What mutants are drawn from."""
        rules = {
            name: [step["statement"]["rule"] for step in json.loads(data)["proof"]["steps"]]
            for name, data in self.files.items()
        }
        weights = {name: 1 / max(len(data), 1000) for name, data in self.files.items()}
        return Draws(self, rules, weights)


@dataclass(frozen=True)
class Draws:
    """Rules by file and step; weights of files, which fall with their size, as the time of a check rises."""

    corpus: Corpus
    rules: Mapping[str, list[str]]
    weights: Mapping[str, float]

    def aim(self, rng: Random) -> tuple[str, str, int]:
        """A file, a rule and a step: the file is drawn first, or the rule."""
        names = list(self.rules)
        if rng.random() < 0.4:
            (name,) = rng.choices(names, [self.weights[name] for name in names])
            rule = rng.choice(sorted(set(self.rules[name])))
        else:
            every = sorted({rule for found in self.rules.values() for rule in found})
            (rule,) = rng.choices(every, [WEIGHTS.get(rule, 1) for rule in every])
            some = [name for name in names if rule in self.rules[name]]
            (name,) = rng.choices(some, [self.weights[name] for name in some])
        number = rng.choice([i for i, found in enumerate(self.rules[name]) if found == rule])
        return name, rule, number

    def mutant(self, seed: int, k: int) -> tuple[str, str, str, bytes]:
        """Mutant k: its file, the rule it is aimed at, the kinds of its changes, its bytes."""
        rng = Random(f"{seed}/{k}")
        change = list(kinds.KINDS)
        while True:
            name, rule, number = self.aim(rng)
            original = self.corpus.files[name]
            others = {n: d for n, d in self.corpus.files.items() if len(d) < 20_000}
            aim, used, data = kinds.Aim(rng, json.loads(original), number, others), [], None
            wanted = rng.choice((1, 1, 1, 1, 2, 3))
            for _ in range(40):
                (kind,) = rng.choices(change, [kinds.KINDS[kind][0] for kind in change])
                try:
                    data = kinds.KINDS[kind][1](aim)
                except (kinds.Misfit, *BROKEN):
                    continue
                used.append(kind)
                if data is not None or len(used) == wanted:
                    break
            if data is None:
                try:
                    data = kinds.encode(aim.file)
                except BROKEN:
                    continue
            if used and data != original:
                return name, rule, used[0], data


BROKEN = (KeyError, IndexError, ValueError, TypeError, AttributeError, ZeroDivisionError)
"""What a kind raises on a file that an earlier change has broken: it has nothing to change there, either."""


def load_checker(source: str) -> ModuleType:
    """The checker from its text, as a module of its own."""
    module = ModuleType("check")
    exec(compile(source, "check.py", "exec", dont_inherit=True), module.__dict__)
    return module


class Judge:
    """The checker, and the second judgements of what it accepts."""

    def __init__(self, checker: ModuleType, corpus: Corpus) -> None:
        self.checker, self.corpus, self.known = checker, corpus, known.Known(dict(corpus.files))
        self.claims = {name: library.claim(data) for name, data in corpus.files.items()}

    def __call__(self, name: str, data: bytes, rng: Random) -> Result:
        """The outcome; of an accepted mutant, whether its claim is the original's, and what else is found."""
        try:
            self.checker.check_bytes(data)
        except (self.checker.Unreadable, self.checker.Rejected) as refusal:
            return {"outcome": type(refusal).__name__.lower(), "site": site(refusal)}
        except Exception as error:
            return {"outcome": "crash", "reason": f"{type(error).__name__}: {error}"[:300]}
        proof, reason = library.proved(data)
        result: Result = {"outcome": "accepted", "steps": [], "same": False}
        if proof is not None:
            result["steps"] = [step.statement.rule for step in proof.steps]
            same = library.is_same(library.claim(data), self.claims[name])
            result["same"] = same is True
            if not reason and same is False and self.compares(name, data):
                reason = "with --claim it is taken for a proof of the original's claim"
            refutation = "" if reason else refute.refutation(proof, self.known, rng)
            result |= {"refuted": refutation} if refutation else {}
        return result | ({"disagreement": reason} if reason else {})

    def compares(self, name: str, data: bytes) -> bool:
        """Whether the checker takes the claim for that of the original."""
        try:
            self.checker.check_bytes(data, self.corpus.files[name])
        except (self.checker.Unreadable, self.checker.Rejected):
            return False
        return True


def site(refusal: BaseException) -> int:
    """The line of the checker that refuses, outside of its small helpers."""
    while isinstance(refusal.__context__, Exception):
        refusal = refusal.__context__
    place, line = refusal.__traceback__, 0
    while place is not None:
        if place.tb_frame.f_code.co_name not in ("need", "require"):
            line = place.tb_lineno
        place = place.tb_next
    return line


# ---- runs ------------------------------------------------------------------------------------------------------------
def campaign(checker: ModuleType, seed: int, numbers: Iterable[int], corpus: Corpus | None = None) -> Iterator[Result]:
    """Mutants one after the other, each with its bytes and its result."""
    corpus = corpus or Corpus.load()
    draws, judge = corpus.table(), Judge(checker, corpus)
    for k in numbers:
        started = time.process_time()
        name, rule, kind, data = draws.mutant(seed, k)
        found = judge(name, data, Random(f"{seed}/{k}/judge"))
        spent = round(time.process_time() - started, 4)
        yield {"k": k, "file": name, "rule": rule, "kind": kind, "seconds": spent, **found, "data": data}


def is_found(result: Result) -> bool:
    """Whether a result speaks against the checker or the library."""
    return result["outcome"] == "crash" or "refuted" in result or "disagreement" in result


def work(state: Path, checker: ModuleType, corpus: Corpus, seed: int, numbers: list[int]) -> None:
    """A process: mutants one by one, each with a line in the state file; the bytes of what is found beside it."""
    os.nice(19 - os.nice(0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    with state.open("a", buffering=1) as lines:
        for result in campaign(checker, seed, numbers, corpus):
            data = result.pop("data")
            if is_found(result):
                state.with_name(f"{state.stem}.{result['k']}.json").write_bytes(data)
            lines.write(json.dumps(result) + "\n")
            limit = int(time.process_time()) + SECONDS
            resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))


def done(state: Path) -> dict[int, Result]:
    """The results so far; a last line that was cut off does not count."""
    found = {}
    for line in state.read_text().splitlines()[1:]:
        try:
            result = json.loads(line)
        except ValueError:
            continue
        found[result["k"]] = result
    return found


def run(state: Path, seed: int, count: int, processes: int) -> Result:
    """All mutants that the state file lacks, and the summary. Raises ValueError if it is of another seed.

    The checker and the originals are copied when a run begins, so that all of it is about the same files.
    """
    copy, originals = state.with_suffix(".check.py"), state.with_suffix(".originals.json")
    if not state.exists():
        copy.write_bytes((PROOFS / "check.py").read_bytes())
        Corpus.load().save(originals)
        first = {"seed": seed, "check_sha256": hashlib.sha256(copy.read_bytes()).hexdigest()}
        state.write_text(json.dumps(first | {"corpus_sha256": Corpus.saved(originals).digest}) + "\n")
    head: Result = json.loads(state.read_text().splitlines()[0])
    if head["seed"] != seed:
        raise ValueError(f"{state} is of another seed: remove it, or name another one")
    corpus = Corpus.saved(originals)
    with state.open("a") as lines:
        lines.write("\n")  # ends a line that was cut off
    checker = load_checker(copy.read_text())
    shards: dict[int, int] = {}
    for i in range(processes):
        shards[start(state, checker, corpus, seed, shard(state, i, count, processes))] = i
    while shards:
        process, status = os.wait()
        i = shards.pop(process)
        left = shard(state, i, count, processes)
        if status and left:
            name, rule, kind, data = corpus.table().mutant(seed, left[0])
            state.with_name(f"{state.stem}.{left[0]}.json").write_bytes(data)
            reason = f"the process ended with status {status}"
            result = {"k": left[0], "file": name, "rule": rule, "kind": kind, "outcome": "crash", "reason": reason}
            with state.open("a") as lines:
                lines.write(json.dumps(result | {"seconds": 0}) + "\n")
        if left[bool(status) :]:
            shards[start(state, checker, corpus, seed, left[bool(status) :])] = i
    return head | summary(list(done(state).values()))


def shard(state: Path, i: int, count: int, processes: int) -> list[int]:
    """The numbers of the mutants that a process still has to do."""
    finished = done(state)
    return [k for k in range(i, count, processes) if k not in finished]


def start(state: Path, checker: ModuleType, corpus: Corpus, seed: int, numbers: list[int]) -> int:
    """Start a process; its number."""
    process = os.fork()
    if process == 0:
        status = 1
        try:
            work(state, checker, corpus, seed, numbers)
            status = 0
        finally:
            os._exit(status)
    return process


def summary(results: list[Result]) -> Result:
    """The counts of a campaign."""
    accepted = [r for r in results if r["outcome"] == "accepted"]

    def by(key: str) -> Result:
        names = sorted({r[key] for r in results})
        counts = {name: Counter(r["outcome"] for r in results if r[key] == name) for name in names}
        return {name: dict(sorted(found.items())) for name, found in counts.items()}

    return {
        "count": len(results),
        "outcomes": dict(sorted(Counter(r["outcome"] for r in results).items())),
        "same_claim": sum(r["same"] for r in accepted),
        "other_claim": sum(not r["same"] for r in accepted),
        "steps_judged_again": dict(sorted(Counter(rule for r in accepted for rule in r["steps"]).items())),
        "disagreements": sum("disagreement" in r for r in accepted),
        "refuted": sum("refuted" in r for r in accepted),
        "found": [r["k"] for r in sorted(results, key=lambda r: r["k"]) if is_found(r)],
        "sites": len({r["site"] for r in results if "site" in r}),
        "by_kind": by("kind"),
        "by_rule": by("rule"),
        "by_file": by("file"),
        "cpu_seconds": round(sum(r["seconds"] for r in results)),
    }


def write(path: Path, value: Result) -> None:
    """A JSON file that appears whole or not at all."""
    partial = path.with_name(path.name + ".partial")
    partial.write_text(json.dumps(value, indent=1, sort_keys=True) + "\n")
    os.replace(partial, path)


def main() -> int:
    """Run a campaign; 1 if anything is found."""
    parser = argparse.ArgumentParser(description="Mutants of all proof files for the checker.")
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--state", type=Path, help="one line for each mutant; a run takes up where it was stopped")
    parser.add_argument("--summary", type=Path, help="where to write the counts")
    parser.add_argument("--show", type=int, metavar="K", help="print mutant K instead")
    parser.add_argument("--power", action="store_true", help="add what a finished run finds in weakened checkers")
    options = parser.parse_args()
    if options.show is not None:
        originals = options.state and options.state.with_suffix(".originals.json")
        corpus = Corpus.saved(originals) if originals else Corpus.load()
        sys.stdout.buffer.write(corpus.table().mutant(options.seed, options.show)[-1])
        return 0
    if options.state is None:
        parser.error("--state FILE.jsonl is needed")
    if options.power:
        from proofs.attack import power  # above this module

        found = power.power(options.state, options.seed)
        write(options.summary, json.loads(options.summary.read_text()) | {"power": found})
        return 0
    found = run(options.state, options.seed, options.count, options.processes)
    if options.summary:
        write(options.summary, found)
    print(json.dumps({key: value for key, value in found.items() if not key.startswith("by_")}, indent=1))
    return int(bool(found["found"]))


if __name__ == "__main__":
    sys.exit(main())
