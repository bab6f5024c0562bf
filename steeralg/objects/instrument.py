"""Quantum instruments, exact and validated: measurements that leave a system behind.

Above: sequential measurements, one-way operations. Below: maps, the exact layer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from steeralg.arguments import checked
from steeralg.errors import NormalisationError, PositivityError, ShapeError
from steeralg.exact.convert import unify
from steeralg.exact.markup import OfMatrices
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import brief
from steeralg.exact.psd import decide_psd
from steeralg.maps.linear import LinearMap
from steeralg.verdict import Refuted


@checked
@dataclass(frozen=True, repr=False)
class Instrument(OfMatrices):
    """`maps[a]` is what happens to the system when the outcome is a: completely positive maps whose sum preserves the
    trace.

    Raises ShapeError, PositivityError or NormalisationError, naming the outcome.
    """

    maps: tuple[LinearMap, ...]

    def __post_init__(self) -> None:
        if not self.maps:
            raise ShapeError("an instrument needs at least one outcome")
        dims = self.maps[0].dims
        chois = unify([m.choi for m in self.maps])
        object.__setattr__(self, "maps", tuple(replace(m, choi=c) for m, c in zip(self.maps, chois, strict=True)))
        whole = self.maps[0]
        for a, m in enumerate(self.maps):
            if m.dims != dims:
                raise ShapeError(f"outcome {a} has dimensions {m.dims}, input first; outcome 0 has {dims}")
            verdict = decide_psd(m.choi)
            if isinstance(verdict, Refuted):
                value = brief(verdict.witness.value)
                raise PositivityError(
                    f"the map of outcome {a} is not completely positive: a vector has value {value} in its Choi matrix"
                )
            whole = m if a == 0 else whole + m
        if not whole.is_trace_preserving:
            raise NormalisationError("the maps of the instrument do not preserve the trace together")

    def matrices(self) -> Iterator[tuple[str, Matrix]]:
        """Yield the Choi matrix of every outcome's map."""
        yield from ((str(a), m.choi) for a, m in enumerate(self.maps))

    @property
    def dim_in(self) -> int:
        """The dimension of the system before."""
        return self.maps[0].dim_in

    @property
    def dim_out(self) -> int:
        """The dimension of the system that is left behind."""
        return self.maps[0].dim_out
