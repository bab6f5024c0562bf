"""The claims on the extended nonlocal game of four mutually unbiased bases: upper bounds, and a strategy.

Above: the registry. Below: constructions, symmetric bounds.
"""

from __future__ import annotations

from steeralg.algebra.level import Level
from steeralg.certificates.proof import Proof
from steeralg.certificates.strategy import Strategy
from steeralg.certificates.symmetric import SymmetricBound
from steeralg.certificates.symmetric_bounds import symmetric_bound, symmetric_minimum
from steeralg.certificates.two_sided import QuantumBracket, bracket_proof
from steeralg.claims.claim import Claim, Prover
from steeralg.constructions.extended_games import MUB4_SYMMETRIES, mub4_game, mub4_strategy
from steeralg.progress import Progress
from steeralg.verdict import Proved, Undecided

SOURCE = "Johnston, Mittal, Russo, Watrous, Proc. R. Soc. A 472, 20160003 (2016), Thm B.1: value in [0.660986, 2/3]"


def _bracket(bound: str | None) -> Prover:
    """Return the prover of an upper bound, or of the optimum of the level where none is given."""

    def prover(name: str, source: str, level: Level, progress: Progress) -> Proof:
        game = mub4_game()
        verdict: Proved[SymmetricBound] | Undecided
        if bound is None:
            verdict = symmetric_minimum(game, MUB4_SYMMETRIES, level, progress=progress)
        else:
            verdict = symmetric_bound(game, MUB4_SYMMETRIES, bound, level, progress=progress)
        if isinstance(verdict, Undecided):
            verdict.demand()
        strategy = Strategy.of(game, mub4_strategy())
        return bracket_proof(name, source, QuantumBracket(game, verdict.witness, strategy))

    return prover


def _claim(name: str, bound: str | None, figure: str, level: Level, remark: str) -> Claim:
    return Claim(
        f"mub4-{name}",
        SOURCE,
        f"the game of four mutually unbiased bases of a qutrit has a quantum value of at most {figure}{remark}, and "
        f"above 0.660986",
        level,
        _bracket(bound),
        "the quantum value itself (F is minus the probability of winning)",
    )


CLAIMS = (
    _claim("level-1ab", None, "2/3", "1+AB", ", the published bound"),
    _claim("level-2", "-0.66412", "0.66412", 2, ", below the published 2/3"),
    _claim("level-3-partial", "-0.66199", "0.66199", "2+AAB+ABB", ", below the published 2/3"),
)
