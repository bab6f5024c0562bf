"""Strategies for postquantum assemblages, each with its proof.

Above: nothing. Below: examples, liftings, no-signalling assemblages. A known example is lifted into the scenario, by
relabellings, unused settings, outcomes, boxes and parties, local unitaries and isometries; then mixed with quantum
assemblages, less than the certificate bears.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import permutations
from math import floor
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from steeralg.algebra.level import ALMOST_QUANTUM
from steeralg.arguments import checked
from steeralg.certificates.certificate import BoundCertificate
from steeralg.certificates.membership import Postquantum
from steeralg.errors import ScenarioError
from steeralg.exact.field import RATIONALS
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.scenario import BlackBox, Scenario, TrustedParty
from steeralg.strategies.examples import EXAMPLES, Example
from steeralg.strategies.lifting import Lifting
from steeralg.strategies.matrix import Scalars, drawn_by, drawn_isometry, drawn_positive, scalars
from steeralg.strategies.no_signalling import drawn_model
from steeralg.strategies.quantum import drawn_realisation, normalised

_GRID, _STEPS = 256, 8


@checked
def postquantum_proofs(
    scenario: Scenario | None = None, *, noisy: bool = True, field: Any = RATIONALS
) -> SearchStrategy[Postquantum]:
    """Postquantum assemblages with a sum of squares: `assemblage`, `certificate` (bound 0) and the violating value.

    Of a given scenario, or of those of the known examples and slightly larger ones. `noisy` ones are mixed with local
    or quantum assemblages, up to 7/8 of what the certificate bears. They shrink to the PR box, where there are two
    boxes, with the state |0><0|. The violation is evaluated exactly when it is drawn, the sum of squares follows from
    that of the example: `certificate.verify()` verifies it anew. Raises ScenarioError for a scenario that holds no
    known example, such as those in which all assemblages are quantum.
    """
    over = scalars(field)
    found = [example for example in EXAMPLES if scenario is None or _fits(example.scenario, scenario)]
    if scenario is not None and not found:
        raise ScenarioError(f"scenario: no known postquantum example fits into {scenario}")
    return drawn_by(_drawn, found, scenario, noisy, over)


@checked
def postquantum_assemblages(
    scenario: Scenario | None = None, *, noisy: bool = True, field: Any = RATIONALS
) -> SearchStrategy[Assemblage]:
    """The assemblages of `postquantum_proofs`, whose arguments these are."""
    return postquantum_proofs(scenario, noisy=noisy, field=field).map(lambda found: found.assemblage)


def _drawn(
    draw: DrawFn, examples: Sequence[Example], scenario: Scenario | None, noisy: bool, over: Scalars
) -> Postquantum:
    example = draw(st.sampled_from(examples))
    target = _drawn_target(draw, example.scenario) if scenario is None else scenario
    lifting = _drawn_lifting(draw, example.scenario, target, over)
    sigma, certificate = lifting.assemblage(example.assemblage), lifting.certificate(example.certificate)
    if noisy:
        sigma = _drawn_mixture(draw, sigma, certificate, over)
    return Postquantum(sigma, certificate, certificate.functional.value(sigma), ALMOST_QUANTUM)


def _drawn_mixture(draw: DrawFn, sigma: Assemblage, certificate: BoundCertificate, over: Scalars) -> Assemblage:
    """Mix with an eighth, two eighths, .. of the weight that would bring the value to 0."""
    steps = draw(st.integers(0, _STEPS - 1))
    if not steps:
        return sigma
    if draw(st.booleans()):
        noise = drawn_realisation(draw, sigma.scenario, 2, True, True, over).assemblage(sigma.scenario)
    else:
        noise = drawn_model(draw, sigma.scenario, 2, over).assemblage(sigma.scenario)
    value, other = (certificate.functional.value(s) for s in (sigma, noise))
    reached = (value / (value - other)).enclosure(64)[0]
    return sigma.mix(noise, Fraction(floor(reached * steps * _GRID / _STEPS), _GRID))


# ---- where an example fits -------------------------------------------------------------------------------------------
def _fits(source: Scenario, target: Scenario) -> bool:
    return (
        source.instrumental == target.instrumental
        and not target.sequential
        and bool(_places_of_boxes(source, target))
        and bool(_places_of_views(source, target))
    )


def _places_of_boxes(source: Scenario, target: Scenario) -> list[tuple[int, ...]]:
    """Return the ways to find the boxes of one scenario among those of another."""
    new = target.black_boxes
    return [
        chosen
        for chosen in permutations(range(len(new)), len(source.black_boxes))
        if all(_holds(new[to], box, source.instrumental) for to, box in zip(chosen, source.black_boxes, strict=True))
    ]


def _holds(box: BlackBox, smaller: BlackBox, exactly: bool) -> bool:
    """Whether there are as many settings with as many outcomes; the outcomes of instrumental data are inputs, too."""
    here, there = sorted(box.outcomes, reverse=True), sorted(smaller.outcomes, reverse=True)
    if exactly:
        return all(here.count(d) >= there.count(d) for d in there)
    return len(there) <= len(here) and all(d <= e for d, e in zip(there, here, strict=False))


def _is_bell(scenario: Scenario) -> bool:
    return scenario.views == (1,)


def _places_of_views(source: Scenario, target: Scenario) -> list[tuple[int, ...]]:
    """Return the ways to find the views of one scenario among those of another; one empty way for a Bell scenario."""
    if _is_bell(source):
        return [()]
    new, old = target.views, source.views
    if source.has_input:
        same = target.has_input and new[0] == old[0]
        count = range(len(old) if source.instrumental else len(new))
        return list(permutations(count, len(old))) if same and len(new) >= len(old) else []
    if len(old) == 1:
        return [(k,) for k, d in enumerate(new) if d >= old[0]]
    if target.has_input:
        return []
    return [
        chosen
        for chosen in permutations(range(len(new)), len(old))
        if all(new[to] == d for to, d in zip(chosen, old, strict=True))
    ]


# ---- how it is put there ---------------------------------------------------------------------------------------------
def _drawn_lifting(draw: DrawFn, source: Scenario, target: Scenario, over: Scalars) -> Lifting:
    boxes = draw(st.sampled_from(_places_of_boxes(source, target)))
    views = draw(st.sampled_from(_places_of_views(source, target)))
    settings, outcomes, counts = [], [], []
    for to, box in zip(boxes, source.black_boxes, strict=True):
        new = target.black_boxes[to].outcomes
        chosen = _drawn_settings(draw, box.outcomes, new, source.instrumental)
        settings.append(chosen)
        # The outcomes of instrumental data go where the inputs go.
        orders = [views if source.instrumental else tuple(draw(st.permutations(range(new[x])))) for x in chosen]
        outcomes.append(tuple(order[:d] for order, d in zip(orders, box.outcomes, strict=True)))
        counts.append(tuple(_drawn_counts(draw, order, d) for order, d in zip(orders, box.outcomes, strict=True)))
    answers = [[draw(st.integers(0, d - 1)) for d in box.outcomes] for box in target.black_boxes]
    pairs = zip(source.views, views, strict=False)
    isometries = [drawn_isometry(draw, d, target.views[to], over) for d, to in pairs]
    states = [normalised(drawn_positive(draw, d, over, 1, d)) for d in target.views]
    return Lifting(
        source,
        target,
        boxes,
        tuple(settings),
        tuple(outcomes),
        tuple(counts),
        tuple(map(tuple, answers)),
        views,
        tuple(isometries),
        tuple(states),
    )


def _drawn_settings(draw: DrawFn, old: Sequence[int], new: Sequence[int], exactly: bool) -> tuple[int, ...]:
    """Draw a setting for each of the old ones, with as many outcomes or more."""
    chosen: dict[int, int] = {}
    # The most demanding first: what these take is never needed by the others.
    for x in sorted(range(len(old)), key=lambda x: -old[x]):
        free = [k for k, d in enumerate(new) if k not in chosen.values() and (d == old[x] if exactly else d >= old[x])]
        chosen[x] = draw(st.sampled_from(free))
    return tuple(chosen[x] for x in range(len(old)))


def _drawn_counts(draw: DrawFn, order: Sequence[int], outcomes: int) -> tuple[int, ...]:
    """Draw what every new outcome counts as: the first ones of `order` as the old outcomes, the others as any."""
    counts = {a: k if k < outcomes else draw(st.integers(0, outcomes - 1)) for k, a in enumerate(order)}
    return tuple(counts[a] for a in sorted(counts))


def _drawn_target(draw: DrawFn, source: Scenario) -> Scenario:
    """Draw the scenario itself, or one that is larger in one respect."""
    ways = ["", "", "setting"]
    ways += [] if source.instrumental else ["outcome", "box"]
    ways += ["dimension"] if len(source.views) == 1 else []
    way = draw(st.sampled_from(ways))
    outcomes = [list(box.outcomes) for box in source.black_boxes]
    trusted = source.trusted
    if way == "setting":
        draw(st.sampled_from(outcomes)).append(2)
    elif way == "outcome":
        draw(st.sampled_from(outcomes))[0] += 1
    elif way == "box":
        outcomes.append([2])
    elif way == "dimension":
        trusted = (TrustedParty(source.views[0] + 1),)
    return Scenario(tuple(BlackBox(tuple(box)) for box in outcomes), trusted, source.instrumental)
