"""Blind kinds of mutations, continued: structure, types, bytes, and parts of other files.

Above: the campaign. Below: kinds, forms.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from fractions import Fraction

from proofs.attack import forms
from proofs.attack.forms import Json
from proofs.attack.kinds import Aim, Misfit, encode, kind


# ---- structure -------------------------------------------------------------------------------------------------------
def anything(node: object) -> bool:
    """Every place."""
    return True


@kind(1)
def deleted(aim: Aim) -> None:
    """A key, or an entry of a list."""
    container, key = aim.spot(anything)
    del container[key]


@kind(1)
def duplicated(aim: Aim) -> None:
    """An entry of a list, or a value under another key."""
    container, key = aim.spot(anything)
    if isinstance(container, list):
        container.insert(aim.rng.randrange(len(container) + 1), copy.deepcopy(container[key]))
    else:
        container[key + aim.rng.choice("x02_")] = copy.deepcopy(container[key])


@kind(1)
def exchanged(aim: Aim) -> None:
    """Two entries of a list, or the values of two keys."""
    container, key = aim.spot(anything)
    other = aim.pick(k for k in (container if isinstance(container, dict) else range(len(container))) if k != key)
    container[key], container[other] = container[other], container[key]


@kind(0.5)
def renamed(aim: Aim) -> None:
    """Another name for a key."""
    container, key = aim.spot(anything)
    if not isinstance(container, dict):
        raise Misfit
    container[aim.pick([*container, "im", "factor", "from", "scenario", f"{key}x"])] = container.pop(key)


@kind(1)
def value_copied(aim: Aim) -> None:
    """A value replaced by another value of the same container."""
    container, key = aim.spot(anything)
    other = aim.pick(container if isinstance(container, dict) else range(len(container)))
    container[key] = copy.deepcopy(container[other])


@kind(1)
def premises(aim: Aim) -> None:
    """Other earlier steps."""
    step = aim.pick(step for step in aim.steps if step.get("from"))
    numbers = step["from"]
    numbers[aim.rng.randrange(len(numbers))] = aim.rng.randrange(len(aim.steps) + 1)


@kind(0.5)
def step_dropped(aim: Aim) -> None:
    """One step less, the numbers of the others as they were."""
    del aim.steps[aim.rng.randrange(len(aim.steps))]


@kind(0.5)
def steps_swapped(aim: Aim) -> None:
    """Two steps exchanged, their numbers not."""
    i, j = (aim.rng.randrange(len(aim.steps)) for _ in range(2))
    aim.steps[i], aim.steps[j] = aim.steps[j], aim.steps[i]


@kind(1)
def statement_renamed(aim: Aim) -> None:
    """A statement about another object."""
    statement = aim.pick(aim.statements)
    key = aim.pick(k for k in statement if k not in ("rule", "bound", "weight"))
    statement[key] = aim.pick(aim.objects())


@kind(1)
def rule_replaced(aim: Aim) -> None:
    """A statement of another rule about objects of the same kind, in a step and in the claim."""
    old = dict(aim.step["statement"])
    rules = {"bound": ("local-bound", "no-signalling-bound"), "local": ("pseudo-local", "affine-local", "quantum")}
    rules |= {"local-bound": ("bound",), "no-signalling-bound": ("bound", "local-bound"), "affine-local": ("local",)}
    rules |= {"postquantum": ("nonlocal", "signalling", "quantum"), "nonlocal": ("postquantum",)}
    rules |= {"quantum": ("local", "postquantum", "quantum-correlations"), "signalling": ("postquantum",)}
    rules |= {"block-positive": ("decomposable", "state"), "not-block-positive": ("not-decomposable",)}
    rules |= {"decomposable": ("state", "block-positive"), "pseudo-local": ("local", "affine-local")}
    rules |= {"negativity-at-most": ("negativity-at-least",), "negativity-at-least": ("negativity-at-most",)}
    every = [s["rule"] for s in aim.statements]
    new = aim.pick((*rules.get(old["rule"], every), aim.pick(every)))
    for statement in aim.statements:
        if statement == old:
            statement["rule"] = new


@kind(0.5)
def object_moved(aim: Aim) -> None:
    """An object of the claim given to the proof, or the other way round."""
    parts = aim.parts()
    aim.rng.shuffle(parts)
    name = aim.pick(parts[0])
    parts[1][name] = parts[0].pop(name)


@kind(1)
def objects_exchanged(aim: Aim) -> None:
    """The contents of two objects of one type exchanged, or one copied to the other."""
    every = [(part, name) for part in aim.parts() for name in part]
    part, name = aim.pick(every)
    same = [(p, n) for p, n in every if n != name and p[n]["type"] == part[name]["type"]]
    other, key = aim.pick(same)
    old = copy.deepcopy(part[name])
    part[name] = copy.deepcopy(other[key])
    if aim.rng.random() < 0.5:
        other[key] = old


@kind(0.5)
def statement_claimed(aim: Aim) -> None:
    """The claim states what another step proves, too, or one statement less."""
    statements = aim.file["claim"]["statements"]
    if aim.rng.random() < 0.3 and len(statements) > 1:
        del statements[aim.rng.randrange(len(statements))]
    else:
        statements.append(dict(aim.pick(aim.steps)["statement"]))


@kind(0.5)
def evidence_exchanged(aim: Aim) -> None:
    """The statements of two steps exchanged, not what they rest on."""
    other = aim.pick(step for step in aim.steps if step is not aim.step)
    aim.step["statement"], other["statement"] = other["statement"], aim.step["statement"]


@kind(1)
def scenario(aim: Aim) -> None:
    """Other outcomes, settings, dimensions or flags, of the claim or of one object."""
    homes = [aim.file["claim"], *(v for v in aim.objects().values() if "scenario" in v)]
    found = copy.deepcopy(aim.pick(homes)["scenario"])
    box, trusted = aim.pick(found["black_boxes"]), found.get("trusted", [])
    options: list[Callable[[], object]] = [
        lambda: box["outcomes"].append(aim.rng.randrange(1, 4)),
        lambda: box["outcomes"].pop(),
        lambda: box["outcomes"].__setitem__(0, aim.rng.randrange(1, 5)),
        lambda: found["black_boxes"].append({"outcomes": [1]}),
        lambda: found["black_boxes"].reverse(),
        lambda: trusted.append({"dim": aim.rng.randrange(1, 3)}),
        lambda: trusted and trusted[0].__setitem__("dim", aim.rng.randrange(1, 5)),
        lambda: trusted and trusted[0].__setitem__("settings", aim.rng.randrange(1, 4)),
        lambda: found.__setitem__("instrumental", True) if aim.rng.random() < 0.5 else found.pop("instrumental", None),
        lambda: found.__setitem__("sequential", True) if aim.rng.random() < 0.5 else found.pop("sequential", None),
        lambda: found.pop("trusted", None),
    ]
    aim.rng.choice(options)()
    aim.pick([aim.file["claim"], *homes, aim.pick(aim.objects().values())])["scenario"] = found


@kind(1)
def field(aim: Aim) -> None:
    """Another polynomial, another root, or the conjugate field."""
    found = aim.file["claim"]["field"]
    lo, hi = found["interval"]
    polynomial = [int(c) for c in found["minimal_polynomial"]]
    k = aim.rng.randrange(len(polynomial))
    options: list[Json] = [
        {"interval": [str(-Fraction(hi)), str(-Fraction(lo))]},
        {"interval": [str(Fraction(lo) + Fraction(1, 10)), hi]},
        {"interval": [str(Fraction(lo) - 1), str(Fraction(hi) + 1)]},
        {"minimal_polynomial": [str(c + (i == k)) for i, c in enumerate(polynomial)]},
        {"minimal_polynomial": [str(-c if i == k else c) for i, c in enumerate(polynomial)]},
        {"minimal_polynomial": ["0", *map(str, polynomial)]},
        {"minimal_polynomial": [str(c - (polynomial[i - 1] if i else 0)) for i, c in enumerate([*polynomial, 0])]},
        {"minimal_polynomial": ["-2", "0", "1"], "interval": ["1", "2"]},
    ]
    options[6]["minimal_polynomial"] = [str(-int(c)) for c in options[6]["minimal_polynomial"]]
    found.update(aim.rng.choice(options))


@kind(2)
def letters(aim: Aim) -> None:
    """The letters of a word, the entries of a monomial, a key or an event: less, more, or in another order."""
    container, key = aim.spot(lambda node: isinstance(node, list) and bool(node) and isinstance(node[0], list))
    word = aim.pick(word for word in container[key] if word and isinstance(word[0], str))
    other = aim.pick(word for word in container[key] if isinstance(word, list))
    i = aim.rng.randrange(len(word))
    found = word[i].split()
    options = [found[1:], found[:-1], found[::-1], [*found, *other[i].split()], other[i].split(), found * 2]
    word[i] = " ".join(aim.pick(options))


# ---- types, bytes, parts of other files ------------------------------------------------------------------------------
@kind(0.7)
def other_type(aim: Aim) -> None:
    """A value of another JSON type."""
    container, key = aim.spot(anything)
    old = container[key]
    options = [None, True, False, 0, 1.5, -1, "", "0", [], {}, [old], {"re": old}, str(old)[:50], 10**30]
    container[key] = aim.rng.choice(options)


@kind(1.5)
def some_bytes(aim: Aim) -> bytes:
    """Some bytes changed, inserted, deleted or copied; or the end cut off."""
    data = bytearray(encode(aim.file))
    for _ in range(aim.rng.choice((1, 1, 1, 2, 5))):
        i = aim.rng.randrange(len(data))
        j = min(len(data), i + aim.rng.choice((0, 1, 1, 1, 2, 8)))
        tokens = [
            b"",
            bytes([aim.rng.randrange(256)]),
            bytes(data[j : j + 9]),
            b"0",
            b"1",
            b"-",
            b",",
            b" ",
            b"/",
            b'"',
        ]
        data[i:j] = aim.rng.choice([*tokens, b"]", b"}", b"null", b"1e5", b"\\u0030", bytes([data[i] ^ 1])])
        if not data:
            break
    return bytes(data[: aim.rng.randrange(len(data) + 1)] if aim.rng.random() < 0.03 else data)


@kind(1)
def spliced(aim: Aim) -> None:
    """A step or an object of another file."""
    other = json.loads(aim.others[aim.pick(aim.others)])
    if aim.rng.random() < 0.5:
        rules = [s for s in other["proof"]["steps"] if s["statement"]["rule"] == aim.step["statement"]["rule"]]
        new = aim.pick(rules or other["proof"]["steps"])
        if aim.rng.random() < 0.5:
            new["statement"] = aim.step["statement"]
        aim.steps[aim.number] = new
        return
    found = {**other["claim"]["objects"], **other["proof"]["objects"]}
    part = aim.pick(part for part in aim.parts() if part)
    name = aim.pick(part)
    part[name] = aim.pick([v for v in found.values() if v["type"] == part[name]["type"]] or found.values())
    part[name].setdefault("scenario", other["claim"]["scenario"])
    if part[name]["type"] not in ("assemblage", "functional", "events"):
        del part[name]["scenario"]


@kind(1)
def matrix_moved(aim: Aim) -> None:
    """A matrix replaced by another one of the same order in the file."""
    first, key = aim.spot(forms.is_matrix)
    for _ in range(20):
        second, other = aim.spot(forms.is_matrix)
        if forms.order(second[other]) == forms.order(first[key]) and second[other] != first[key]:
            first[key] = copy.deepcopy(second[other])
            return
    raise Misfit
