"""What the campaign can see: each check that refused mutants is taken out of the checker, and these are tried again.

Above: the report. Below: the campaign. A check whose loss lets no false file pass is either backed by another one, or
one of the grammar, whose loss only lets files pass that say the same in other letters.
"""

from __future__ import annotations

import ast
import os
import resource
import time
from pathlib import Path
from random import Random

from proofs.attack.mutate import Corpus, Judge, Result, done, is_found, load_checker

TRIED, SLOW = 200, 0.5  # mutants of one check; seconds that one of them may have taken
MEMORY, SECONDS = 2 << 30, 60  # of CPU time, for one check


def without(source: str, line: int) -> str | None:
    """The checker without the statement of a line, if that is a call of a check or a raise."""
    tree = ast.parse(source)
    around = [n for n in ast.walk(tree) if isinstance(n, ast.stmt) and n.lineno <= line <= (n.end_lineno or 0)]
    found = max(around, key=lambda node: node.lineno)
    if not isinstance(found, ast.Raise) and not (isinstance(found, ast.Expr) and isinstance(found.value, ast.Call)):
        return None
    rows = source.splitlines()
    first, last = found.lineno - 1, found.end_lineno or 0
    return "\n".join([*rows[:first], " " * found.col_offset + "pass", *[""] * (last - first - 1), *rows[last:]])


def power(state: Path, seed: int) -> Result:
    """The checks by what happens without them: some mutant is accepted and false, or ends in a crash, or neither."""
    source = state.with_suffix(".check.py").read_text()
    corpus = Corpus.saved(state.with_suffix(".originals.json"))
    draws, judge = corpus.table(), Judge(load_checker(source), corpus)
    met: dict[int, list[tuple[str, bytes, str]]] = {}
    for result in sorted(done(state).values(), key=lambda r: r["k"]):
        if "site" in result and result["seconds"] < SLOW and len(met.setdefault(result["site"], [])) < TRIED:
            name, *_, data = draws.mutant(seed, result["k"])
            met[result["site"]].append((name, data, f"{seed}/{result['k']}/judge"))
    lines: dict[str, list[str]] = {}
    for line, mutants in sorted(met.items()):
        weaker = without(source, line)
        verdict = "no single statement" if weaker is None else apart(weaker, judge, mutants)
        lines.setdefault(verdict, []).append(source.splitlines()[line - 1].strip())
    kept = {key: texts for key, texts in lines.items() if key in ("still refused", "accepted and right")}
    counts = {verdict: len(texts) for verdict, texts in sorted(lines.items())}
    return {"checks": sum(counts.values()), "verdicts": counts, "lines": kept}


def apart(source: str, judge: Judge, mutants: list[tuple[str, bytes, str]]) -> str:
    """The verdict on a checker, found by a process of its own: without a limit it may take all there is."""
    reader, writer = os.pipe()
    process = os.fork()
    if process == 0:
        os.nice(19 - os.nice(0))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        limit = int(time.process_time()) + SECONDS
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
        try:
            judge.checker = load_checker(source)
            os.write(writer, verdict(judge, mutants).encode())
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as answer:
        found = answer.read()
    os.waitpid(process, 0)
    return found or "crash"


def verdict(judge: Judge, mutants: list[tuple[str, bytes, str]]) -> str:
    """What happens to mutants that were refused."""
    outcomes = set()
    for name, data, seed in mutants:
        found = judge(name, data, Random(seed))
        if found["outcome"] == "accepted" and is_found(found):
            return "accepted and false"
        outcomes.add(found["outcome"])
    known = {"crash": "crash", "accepted": "accepted and right"}
    return next((text for outcome, text in known.items() if outcome in outcomes), "still refused")
