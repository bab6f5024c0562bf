"""Strategies for orthogonal product bases and events, and for unextendible product bases.

Above: nothing. Below: constructions, product bases, events.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from steeralg.arguments import checked
from steeralg.constructions import product_bases as known
from steeralg.errors import InputError
from steeralg.exact.convert import unify
from steeralg.exact.field import RATIONALS
from steeralg.exact.matrix import Matrix
from steeralg.objects.events import EventSet, all_events, enlarged
from steeralg.objects.local_bases import LocalBases, product_basis_of
from steeralg.objects.product_basis import ProductBasis
from steeralg.strategies.matrix import Scalars, drawn_by, drawn_isometry, require, scalars
from steeralg.strategies.quantum import as_dims


@checked
def event_sets(outcomes: Sequence[Sequence[int]], *, maximal: bool = False) -> SearchStrategy[EventSet]:
    """Sets of mutually orthogonal events of a Bell scenario, with `outcomes` as in `Scenario.of`; maximal ones, or any.

    They shrink to the first event alone, maximal ones to the first maximal set.
    """
    return drawn_by(_drawn_events, tuple(map(tuple, outcomes)), maximal)


def _drawn_events(draw: DrawFn, outcomes: tuple[tuple[int, ...], ...], maximal: bool) -> EventSet:
    events = enlarged(outcomes, order=draw(st.permutations(all_events(outcomes))))
    size = len(events) if maximal else draw(st.integers(1, len(events)))
    return EventSet.of(outcomes, events[:size])


@checked
def product_bases(
    dims: Sequence[int], *, max_settings: int = 2, maximal: bool = False, field: Any = RATIONALS
) -> SearchStrategy[ProductBasis]:
    """Orthogonal product vectors: the events of one to `max_settings` orthonormal bases for every party, the first the
    computational one.

    They shrink to |0..0> alone; `maximal` ones to the computational basis.
    """
    factors = as_dims(dims)
    require("max_settings", max_settings, 1)
    return drawn_by(_drawn_basis, factors, max_settings, maximal, scalars(field))


def _drawn_basis(draw: DrawFn, dims: Sequence[int], max_settings: int, maximal: bool, over: Scalars) -> ProductBasis:
    counts = [draw(st.integers(1, max_settings)) for _ in dims]
    events = _drawn_events(draw, tuple((d,) * n for d, n in zip(dims, counts, strict=True)), maximal).events
    bases = [
        [Matrix.identity(d, over.field), *(drawn_isometry(draw, d, d, over) for _ in range(n - 1))]
        for d, n in zip(dims, counts, strict=True)
    ]
    return product_basis_of(events, LocalBases.of(bases))


def _drawn_ray(draw: DrawFn) -> list[list[int]]:
    """Draw an orthogonal basis of a qubit other than the computational one, real."""
    p, q = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    return [[p, q], [q, -p]]


_KNOWN: dict[tuple[int, ...], list[Callable[[DrawFn], ProductBasis]]] = {
    (2, 2, 2): [lambda draw: known.shifts(_drawn_ray(draw)), lambda draw: known.gen_shifts(3)],
    (3, 3): [lambda draw: known.tiles()],
    (2, 2, 2, 2): [lambda draw: known.four_qubits()],
    (3, 4): [lambda draw: known.gen_tiles_2(3, 4)],
    (4, 4): [lambda draw: known.gen_tiles_1(4), lambda draw: known.gen_tiles_2(4, 4)],
    (2, 2, 2, 2, 2): [lambda draw: known.gen_shifts(5)],
}
"""Unextendible product bases over Q by sorted dimensions, the simplest first."""


@checked
def unextendible_product_bases(
    dims: Sequence[int] | None = None, *, max_dim: int = 16, field: Any = RATIONALS
) -> SearchStrategy[ProductBasis]:
    """Unextendible product bases: SHIFTS with any second basis, TILES, and their generalisations of DiVincenzo et al.,
    under local unitaries, parties and members in any order.

    Of dimensions `dims`, or of any with a product up to `max_dim`. They shrink to SHIFTS, or the first known one.
    Raises InputError for dimensions in which none is known here.
    """
    require("max_dim", max_dim, 8)
    if dims is None:
        chosen = [key for key in _KNOWN if prod(key) <= max_dim]
    else:
        chosen = [key for key in _KNOWN if key == tuple(sorted(dims))]
        if not chosen:
            raise InputError(f"dims = {tuple(dims)}: no unextendible basis of these dimensions is known here")
    return drawn_by(_drawn_unextendible, chosen, None if dims is None else tuple(dims), scalars(field))


def _drawn_unextendible(
    draw: DrawFn, keys: Sequence[tuple[int, ...]], dims: tuple[int, ...] | None, over: Scalars
) -> ProductBasis:
    basis = draw(st.sampled_from([build for key in keys for build in _KNOWN[key]]))(draw)
    parties = draw(st.permutations(range(len(basis.dims))))
    if dims is not None:
        # Parties of equal dimensions in the drawn order, where the wanted dimensions are.
        rest = list(parties)
        parties = [rest.pop(next(i for i, k in enumerate(rest) if basis.dims[k] == d)) for d in dims]
    members = draw(st.permutations(range(len(basis))))
    unitaries = [drawn_isometry(draw, basis.dims[k], basis.dims[k], over) for k in parties]
    exact = iter(unify([*unitaries, *(v for member in basis.vectors for v in member)]))
    turned = [next(exact) for _ in unitaries]
    vectors = [[next(exact) for _ in member] for member in basis.vectors]
    return ProductBasis(
        tuple(basis.dims[k] for k in parties),
        tuple(tuple(u @ vectors[m][k] for u, k in zip(turned, parties, strict=True)) for m in members),
    )
