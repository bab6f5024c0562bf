"""The command `classify`: the strongest statement about an assemblage that is proved within a time limit.

Above: the command line, which registers it. Below: classification. Exit codes: 0 proved local, quantum or postquantum,
1 refuted (instrumental data that no no-signalling assemblage shows), 2 unusable input, 3 undecided (and that is all
that "not refuted at a level" is).
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from steeralg.cli_common import (
    LEVEL_HELP,
    REFUTED,
    REPAIR_HELP,
    UNDECIDED,
    deliver,
    out_option,
    read,
    target_of,
    title,
    working,
)


def register(group: click.Group) -> None:
    """Add the command to a group."""

    @group.command()
    @click.argument("assemblage", type=click.Path(path_type=Path))
    @click.option("--level", default="almost quantum", show_default=True, help=LEVEL_HELP)
    @click.option(
        "--seconds",
        default=60,
        show_default=True,
        type=click.IntRange(min=1),
        help="Time limit; what is proved by then is the answer.",
    )
    @click.option("--digits", default=3, show_default=True, type=click.IntRange(1, 9), help="Decimals of the brackets.")
    @click.option("--brackets/--no-brackets", default=True, show_default=True, help="Robustness and negativity, too.")
    @out_option("ASSEMBLAGE.classified.json")
    @click.option("--repair", is_flag=True, help=REPAIR_HELP)
    def classify(
        assemblage: Path, level: str, seconds: int, digits: int, brackets: bool, out: Path | None, repair: bool
    ) -> None:
        """Say what the assemblage in a JSON file is: local hidden state, quantum, postquantum, or not refuted.

        The strongest statement that is proved within the time limit, with the weight of white noise that it takes to
        make it quantum and its steering negativity, each between two proved ends.
        """
        from steeralg.certificates.classify import Kind
        from steeralg.certificates.classify import classify as run
        from steeralg.certificates.compose_classify import classification_proof

        target = target_of(out, assemblage, "classified")
        sigma = read(assemblage, repair)
        with working() as progress:
            found = run(sigma, level, seconds=seconds, digits=digits, brackets=brackets, progress=progress)
        click.echo(str(found))
        proof = classification_proof(*title("assemblage", assemblage), found)
        if proof is not None:
            deliver(proof, target)
        sys.exit(REFUTED if found.kind is Kind.NOT_GENERAL else 0 if found.is_settled else UNDECIDED)
