"""Guided kinds of mutations, continued: the same proof in another form, and what nearly is.

Above: the campaign. Below: guided and blind kinds, forms.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from proofs.attack import forms
from proofs.attack.guided import squares_of
from proofs.attack.kinds import Aim, Misfit, kind

NUMBERS = re.compile(r"-?[0-9/]+(?:[ ,]-?[0-9/]+)*")


def nodes(value: Any) -> Iterator[Any]:
    """All containers."""
    if isinstance(value, dict | list):
        yield value
        for entry in value.values() if isinstance(value, dict) else value:
            yield from nodes(entry)


@kind(2)
def outcomes_relabelled(aim: Aim) -> None:
    """The outcomes of one setting in another order, everywhere, or in the words alone."""
    boxes = [box["outcomes"] for box in aim.file["claim"]["scenario"]["black_boxes"]]
    k = aim.rng.randrange(len(boxes))
    x = aim.rng.randrange(len(boxes[k]))
    order = aim.rng.sample(range(boxes[k][x]), boxes[k][x])

    def letter(text: str) -> str:
        a, setting = text.split("|")
        return f"{order[int(a)]}|{x}" if setting == str(x) and int(a) < len(order) else text

    def key(text: str) -> str:
        outcomes, rest = text.split("|")
        parts, settings = outcomes.split(","), rest.split(";")[0].split(",")
        if len(parts) > k and settings[k] == str(x) and int(parts[k]) < len(order):
            parts[k] = str(order[int(parts[k])])
        return ",".join(parts) + "|" + rest

    whole = aim.rng.random() < 0.8
    for node in nodes(aim.file):
        if not isinstance(node, dict):
            continue
        for part in ("elements", "dual") if whole else ():
            if part in node:
                node[part] = {key(name): m for name, m in node[part].items()}
        if whole and "events" in node and isinstance(node["events"], list):
            node["events"] = list(map(key, node["events"]))
        if "words" in node and "characters" not in node:
            for word in node["words"]:
                word[k] = " ".join(map(letter, word[k].split()))
        if "outcomes" in node and ("states" in node or "weights" in node):
            node["outcomes"][k][x] = order[node["outcomes"][k][x]]
        if "measurements" in node and len(node["measurements"]) > k and len(node["measurements"][k]) > x:
            effects = node["measurements"][k][x]
            node["measurements"][k][x] = [effects[order.index(a)] for a in range(len(effects))]


@kind(1)
def all_conjugated(aim: Aim) -> None:
    """The complex conjugates of all matrices and columns, or of those of one part of the file."""
    for node in nodes(aim.file if aim.rng.random() < 0.7 else aim.root()):
        if isinstance(node, dict) and "im" in node:
            if forms.is_matrix(node):
                node["im"] = forms.conjugated(node)["im"]
            elif "order" in node:
                node["im"] = forms.text([-c for c in forms.number(node["im"])])
            else:
                node["im"] = forms.join([[-c for c in z] for z in forms.cut(node["im"])])


def texts(value: Any) -> Iterator[tuple[Any, Any]]:
    """The places of all texts that are numbers."""
    for node in nodes(value):
        for key in list(node) if isinstance(node, dict) else range(len(node)):
            if key in ("words", "monomials", "events", "name", "source") or not isinstance(node, dict | list):
                continue
            if isinstance(node[key], str) and "," in node[key] and NUMBERS.fullmatch(node[key]):
                yield node, key


@kind(1)
def theta_negated(aim: Aim) -> None:
    """The field by -theta instead of theta, and all numbers in it."""
    field = aim.file["claim"]["field"]
    polynomial = [int(c) for c in field["minimal_polynomial"]]
    if len(polynomial) < 3:
        raise Misfit
    sign = (-1) ** (len(polynomial) - 1)
    lo, hi = map(Fraction, field["interval"])
    field["minimal_polynomial"] = [str(sign * (-1) ** k * c) for k, c in enumerate(polynomial)]
    field["interval"] = [str(-hi), str(-lo)]
    words = [node["words"] for node in nodes(aim.file) if isinstance(node, dict) and "words" in node]
    inside = {id(word) for some in words for word in some}
    for node, key in list(texts(aim.file)):
        if id(node) in inside:
            continue
        entries = [entry.split(",") for entry in node[key].split(" ")]
        turned = [[c if k % 2 == 0 else str(-Fraction(c)) for k, c in enumerate(entry)] for entry in entries]
        node[key] = " ".join(",".join(entry) for entry in turned)


def interval(aim: Aim) -> None:
    """A half of the interval of theta."""
    field = aim.file["claim"]["field"]
    lo, hi = map(Fraction, field["interval"])
    middle = (lo + hi) / 2 + Fraction(1, 1000)
    field["interval"] = list(map(str, aim.pick([(lo, middle), (middle, hi), (lo - (hi - lo) / 100, hi)])))


def reordered(aim: Aim) -> None:
    """The steps in another order, with the numbers that they cite changed accordingly."""
    order = sorted(range(len(aim.steps)), key=lambda i: (aim.rng.random(), i))
    if aim.rng.random() < 0.7:  # respect what they cite
        placed: list[int] = []
        while len(placed) < len(order):
            ready = [i for i in order if i not in placed and set(aim.steps[i].get("from", [])) <= {*placed}]
            if not ready:
                raise Misfit
            placed.append(ready[0])
        order = placed
    steps = [aim.steps[i] for i in order]
    for step in steps:
        if "from" in step:
            step["from"] = [order.index(i) for i in step["from"] if i in order]
    aim.file["proof"]["steps"] = steps


def names(aim: Aim) -> None:
    """Another name for an object, everywhere; or for two objects each the name of the other."""
    every = list(aim.objects())
    one, other = aim.pick(every), aim.pick([*every, "a_new_name"])
    swap = {one: other, other: one}
    for part in aim.parts():
        found = {swap.get(name, name): value for name, value in part.items()}
        part.clear()
        part.update(found)
    for statement in aim.statements:
        for key in statement.keys() - {"rule", "bound", "weight"}:
            statement[key] = " ".join(swap.get(name, name) for name in statement[key].split(" "))


def more(aim: Aim) -> None:
    """A step or a block of zeros too many, an object that nothing is about, other remarks."""
    way = aim.rng.randrange(4)
    if way == 0:
        aim.steps.append(copy.deepcopy(aim.step))
    elif way == 1:
        aim.pick(aim.parts())["spare"] = copy.deepcopy(aim.pick(aim.objects().values()))
    elif way == 2:
        aim.file["claim"]["name"] = aim.file["claim"]["source"] = '[{\\"\u00e9'
    else:
        block = copy.deepcopy(aim.pick(squares_of(aim.step)))
        key = "gram" if "gram" in block else "matrix"
        block[key] = forms.combine((0, block[key]))
        block.pop("factor", None)
        squares_of(aim.step).append(block)


def places(aim: Aim) -> None:
    """The scenario of the claim written out for an object, one setting, or no trusted party at all."""
    found = aim.file["claim"]["scenario"]
    trusted = found.get("trusted", [])
    if aim.rng.random() < 0.5:
        value = aim.pick(v for v in aim.objects().values() if v["type"] in ("assemblage", "functional", "events"))
        value.setdefault("scenario", copy.deepcopy(found))
    elif trusted == [{"dim": 1}] or not trusted:
        found["trusted"] = [] if trusted else [{"dim": 1}]
    else:
        trusted[0].setdefault("settings", 1)


def multiples(aim: Aim) -> None:
    """Matrices with all numbers times an integer; now and then without the denominator."""
    c, whole = aim.rng.randrange(2, 1000), aim.rng.random() < 0.8
    for node in nodes(aim.root()):
        if forms.is_matrix(node) and "denominator" in node:
            node["denominator"] = str(int(node["denominator"]) * (c if whole else 1))
            for part in ("re", "im"):
                node[part] = [forms.join([[c * x for x in z] for z in row]) for row in forms.half(node, part)]


WAYS: tuple[Callable[[Aim], None], ...] = (interval, reordered, names, more, places, multiples)


@kind(3)
def same_in_another_form(aim: Aim) -> None:
    """What says the same: intervals, orders, names, more than needed, denominators."""
    aim.rng.choice(WAYS)(aim)


@kind(0.3)
def layout(aim: Aim) -> bytes:
    """Other white space, and keys in another order."""
    keys = aim.rng.sample(sorted(aim.file), len(aim.file))
    return json.dumps({key: aim.file[key] for key in keys}, indent=aim.rng.randrange(4)).encode()
