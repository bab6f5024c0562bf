"""Proofs and a report of campaigns, from their files: `python campaigns/report.py STATE... [--out FOLDER]`.

For every file of `steeralg search ... --state STATE` the best candidates are attempted; of those that are proved the
most robust ones are written to FOLDER/<STATE>-<number>.proof.json and decided by the independent checker.
FOLDER/README.md says what was tried and what came of it, all of it computed here.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from steeralg.certificates.compose import Draft, robust_between
from steeralg.certificates.proof import write_atomically
from steeralg.certificates.robustness import robustness
from steeralg.checker import checker_path
from steeralg.objects.assemblage import Assemblage, white_noise
from steeralg.sdp.scorer import Scorer
from steeralg.search import FunctionalSearch, Result, local_examples, prove
from steeralg.search.record import Record, read_record

FOLDER = Path(__file__).resolve().parent
QUANTILES = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 1.0)

HEAD = """# Campaigns

Searches for postquantum assemblages, run to the size below and reported by `python campaigns/report.py STATE...`, which
wrote this file. An estimate is the weight of white noise that brings a candidate into level 1+AB, in floats, to about
0.001: it ranks and proves nothing. A *promising* candidate has an estimate above 0.002. The best promising ones were
certified exactly; `python3 -I proofs/check.py campaigns/*.proof.json` decides the files again, without steeralg.
`robust to` is proved: with that weight of white noise the example still has no quantum realisation.
"""

LIMITS = """
## What this does not say

- Nothing is said of candidates that were not drawn: states are sparse (the given numbers of amplitudes 1, -1, i, -i),
  measurements and maps are the listed ones, functionals have integer entries up to 9, and climbs end
  where one step gains nothing.
- A candidate without a promising estimate was not looked at again. It may be postquantum by less than 0.002, or beyond
  level 1+AB; in a campaign of a decomposable map it never is.
- Only the best candidates were attempted. That the others are postquantum is likely, for no attempt above failed unless
  the table says so, and unproved.
- Candidates are not compared up to symmetry; many are the same example in other coordinates.
- The proved robustness is a lower end. That more white noise is not possible is claimed only where a file says so.
"""


@dataclass(frozen=True, eq=False)
class Example:
    """A proved example: its candidate in words, its file, and the proved weight of white noise."""

    result: Result
    shown: str
    file: str
    robust: Fraction | None
    statements: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Outcome:
    """A campaign's record, how many of the best candidates were attempted and proved, and the examples on file."""

    name: str
    record: Record
    attempted: int
    proved: int
    examples: tuple[Example, ...]


def outcome(path: Path, wanted: int, attempts: int, folder: Path) -> Outcome:
    """Attempt the best candidates of a campaign's file, and write the proofs of the most robust of them."""
    record, found = read_record(path), []
    chosen = record.promising[:attempts]
    for result in chosen:
        name, source = f"{path.stem}-{result.number}", f"{record.command}, candidate {result.number}"
        proved = draft(record, result, name, source)
        print(f"{name}: {'left undecided' if proved is None else 'proved'}", file=sys.stderr, flush=True)
        if proved is not None:
            found.append((result, *proved))
    # What was rounded may have lost some of its robustness.
    scorer = Scorer(found[0][2].scenario, record.campaign.level) if found else None
    if scorer is not None:
        found.sort(key=lambda one: -scorer.assemblage(one[2]))
    examples = tuple(written(record, *one, folder) for one in found[:wanted])
    return Outcome(path.stem, record, len(chosen), len(found), examples)


def draft(record: Record, result: Result, name: str, source: str) -> tuple[Draft, Assemblage, str] | None:
    """Prove a candidate; None if that is left undecided."""
    campaign: Any = record.campaign
    if isinstance(campaign, FunctionalSearch):
        for example in local_examples(campaign, [result]):
            sigma = example.proven.postquantum.assemblage
            directions = len(example.model.directions)
            return example.draft(name, source), sigma, f"rounded; local responses to {directions} directions"
        return None
    for proven in prove(campaign, [result]):
        return campaign.draft(name, source, proven), proven.postquantum.assemblage, campaign.shown(proven.candidate)
    return None


def written(record: Record, result: Result, draft: Draft, sigma: Assemblage, shown: str, folder: Path) -> Example:
    """Add the proved robustness to a draft, and write its proof, which the checker has to accept."""
    bracket = robustness(sigma, white_noise(sigma.scenario), record.campaign.level)
    robust_between(draft, white_noise(sigma.scenario), bracket, "F_low")
    proof = draft.proof()
    path = folder / f"{draft.name}.proof.json"
    write_atomically(path, proof.to_bytes())
    subprocess.run([sys.executable, "-I", str(checker_path()), str(path)], check=True, capture_output=True)
    rules = dict.fromkeys(s.rule for s in proof.statements if s.assemblage == "sigma")
    return Example(result, shown, path.name, bracket.lower, tuple(rules))


# ---- the report ------------------------------------------------------------------------------------------------------
def report(outcomes: Sequence[Outcome]) -> str:
    """Return the report in Markdown."""
    lines = [HEAD, "## In numbers", "", *_numbers(outcomes), "", "## Estimates of the promising candidates", ""]
    lines += [*_quantiles(outcomes), "", "## Campaigns"]
    for one in outcomes:
        lines += ["", *_section(one)]
    empty = [one for one in outcomes if not one.examples]
    return "\n".join(lines) + "\n" + LIMITS + "".join(f"- {_nothing(one)}\n" for one in empty)


def _numbers(outcomes: Iterable[Outcome]) -> Iterator[str]:
    yield "| campaign | candidates | CPU time | per CPU second | promising | proved of attempted | best estimate |"
    yield "|---|---|---|---|---|---|---|"
    for one in outcomes:
        record, count = one.record, len(one.record.results)
        cells = [
            one.name,
            str(count),
            f"{record.seconds / 60:.1f} min",
            f"{count / max(record.seconds, 1e-9):.0f}",
            f"{len(record.promising)} ({len(record.promising) / count:.2%})",
            f"{one.proved} of {one.attempted}",
            _decimal(record.results[0].score),
        ]
        yield f"| {' | '.join(cells)} |"


def _quantiles(outcomes: Iterable[Outcome]) -> Iterator[str]:
    yield "| campaign | " + " | ".join(f"{part:.0%}" for part in QUANTILES) + " |"
    yield "|---|" + "---|" * len(QUANTILES)
    for one in outcomes:
        if one.record.promising:
            cells = (_decimal(one.record.quantile(part).score) for part in QUANTILES)
            yield f"| {one.name} | " + " | ".join(cells) + " |"


def _section(one: Outcome) -> Iterator[str]:
    record = one.record
    yield f"### {one.name}"
    yield ""
    yield f"`{record.command} --state {one.name}.jsonl`"
    yield ""
    numbers = sorted(result.number for result in record.results)
    gaps = record.count - len(numbers)
    seed = record.campaign.parameters["seed"]
    yield f"Seed {seed}, candidates {numbers[0]} to {numbers[-1]}{f' without {gaps} of them' if gaps else ''}."
    for example in one.examples:
        robust = "" if example.robust is None else f", robust to {float(example.robust):.5f} (proved)"
        yield (
            f"- candidate {example.result.number}: {example.shown}; estimate {_decimal(example.result.score)}{robust}; "
            f"[{example.file}]({example.file}): {', '.join(example.statements)}"
        )
    if not one.examples:
        yield f"- {_nothing(one)}"


def _nothing(one: Outcome) -> str:
    count, tried = len(one.record.results), one.attempted
    if not one.record.promising:
        return f"{one.name}: none of {count} candidates was promising."
    return f"{one.name}: {len(one.record.promising)} of {count} candidates were promising, none of {tried} was proved."


def _decimal(score: Fraction) -> str:
    return f"{float(score):.4f}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the proofs and the report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("states", nargs="+", type=Path, metavar="STATE")
    parser.add_argument("--wanted", type=int, default=1, help="examples on file, for each campaign")
    parser.add_argument("--attempts", type=int, default=10, help="candidates to certify, for each campaign")
    parser.add_argument("--out", type=Path, default=FOLDER, metavar="FOLDER")
    options = parser.parse_args(arguments)
    outcomes = [outcome(path, options.wanted, options.attempts, options.out) for path in options.states]
    (options.out / "README.md").write_text(report(outcomes), encoding="utf-8")


if __name__ == "__main__":
    main()
