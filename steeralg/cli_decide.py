"""The command `decide`: is an operator, or the map that has it as its Choi matrix, positive, decomposable?

Above: the command line, which registers it. Below: verdicts of positivity. Exit codes: 0 block-positive, 1 not, 2
unusable input, 3 undecided.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from steeralg.cli_common import REFUTED, UNDECIDED, deliver, working

if TYPE_CHECKING:
    from steeralg.certificates.steps import Witness
    from steeralg.objects.devices import Operator
    from steeralg.progress import Progress

_WORDS = {"Proved": "yes", "Refuted": "no", "Undecided": "undecided"}


def register(group: click.Group) -> None:
    """Add the command to a group."""

    @group.command()
    @click.argument("name", metavar="OPERATOR")
    @click.option("--copies", type=click.IntRange(min=0), default=2, show_default=True, help="Most additional copies.")
    @click.option("--minimum", is_flag=True, help="Enclose the least value on unit product vectors, too.")
    @click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Proof file [OPERATOR.proof.json].")
    def decide(name: str, copies: int, minimum: bool, out: Path | None) -> None:
        """Decide whether an operator is non-negative on product vectors, and whether it is decomposable.

        OPERATOR is a map of the library (choi, breuer-hall, generalised-choi:1,1/2,1/2, ...: its Choi matrix), or a
        JSON file {"dims": [d1, d2, ...], "matrix": [[...]]}. A map is positive iff its Choi matrix, input first, is
        non-negative on product vectors.
        """
        from steeralg.certificates.compose_maps import operator_proof

        operator = _operator(name)
        with working() as progress:
            code, witnesses = _verdicts(operator, copies, progress)
            if minimum:
                _enclose(operator, progress)
        if witnesses:
            plain = re.sub(r"[^A-Za-z0-9_-]+", "-", name.removesuffix(".json"))
            target = out or (Path(name).with_suffix(".proof.json") if _is_file(name) else Path(f"{plain}.proof.json"))
            kind = "operator in" if _is_file(name) else "Choi matrix of"
            title = Path(name).name if _is_file(name) else name
            deliver(operator_proof(title, f"the {kind} {title}", operator, witnesses), target)
        sys.exit(code)


def _operator(name: str) -> Operator:
    """Return an operator by file name, or the Choi matrix of a map of the library."""
    from steeralg.objects.operator_files import read_operator
    from steeralg.positivity.maps import choi_operator
    from steeralg.search.maps import named_map

    return read_operator(Path(name)) if _is_file(name) else choi_operator(named_map(name))


def _is_file(name: str) -> bool:
    return name.endswith(".json")


def _verdicts(operator: Operator, copies: int, progress: Progress) -> tuple[int, list[Witness]]:
    from steeralg.exact.psd import decide_psd
    from steeralg.exact.tensor import partial_transpose
    from steeralg.positivity.block_positive import decide_block_positive
    from steeralg.positivity.decomposable import decide_decomposable
    from steeralg.verdict import Proved, Refuted, Undecided

    a_map = len(operator.dims) == 2
    psd = decide_psd(operator.matrix)
    _line("positive semidefinite" + " (the map is completely positive)" * a_map, psd)
    if a_map:
        turned = partial_transpose(operator.matrix, operator.dims, [1])
        _line("partial transpose positive semidefinite (the map is completely copositive)", decide_psd(turned))
    decomposable = decide_decomposable(operator, progress=progress)
    _line("decomposable", decomposable)
    positive = decide_block_positive(operator, most_copies=copies, progress=progress)
    _line("block-positive" + " (the map is positive)" * a_map, positive)
    verdicts = [decomposable, positive]
    witnesses: list[Witness] = [v.witness for v in verdicts if not isinstance(v, Undecided)]
    code = 0 if isinstance(positive, Proved) else REFUTED if isinstance(positive, Refuted) else UNDECIDED
    return code, witnesses


def _line(what: str, verdict: object) -> None:
    reason = getattr(verdict, "reason", "")
    click.echo(f"{what}: {_WORDS[type(verdict).__name__]}" + f" ({reason})" * bool(reason))


def _enclose(operator: Operator, progress: Progress) -> None:
    from steeralg.exact.number import outwards
    from steeralg.positivity.minimum import product_minimum
    from steeralg.verdict import Proved

    verdict = product_minimum(operator, progress=progress)
    if not isinstance(verdict, Proved):
        click.echo(f"least value on unit product vectors: undecided ({verdict.reason})")
        return
    found = verdict.witness
    low = outwards(found.lower.enclosure(64)[0], -1, 12)
    high = outwards(found.upper.enclosure(64)[1], 1, 12)
    exact = f"; the lower end is exactly {found.lower}" * found.is_recognised
    click.echo(f"least value on unit product vectors: in [{low}, {high}]{exact}")
