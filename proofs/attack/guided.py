"""Guided kinds of mutations: those that keep a proof right, and those that miss it by little.

Above: the campaign. Below: blind kinds, forms. Only mutants that are accepted test whether the checker is sound, and
these kinds make them: the same element written in another way, a certificate with more or less slack, a bound moved
with its certificate, all by a random amount of either sign.
"""

from __future__ import annotations

import copy
from fractions import Fraction
from math import prod

from proofs.attack import forms
from proofs.attack.forms import Json
from proofs.attack.kinds import Aim, Misfit, kind


def amount(aim: Aim) -> Fraction:
    """A number of either sign, of any size from 1e-12 to 9, more often a large one."""
    exponent = min(aim.rng.randrange(13), aim.rng.randrange(13))
    return Fraction(aim.rng.choice((-1, 1)) * aim.rng.randrange(1, 10), 10**exponent)


def share(aim: Aim) -> Fraction:
    """A number that mostly is between 0 and 1."""
    return Fraction(aim.rng.randrange(-1, 12), 10)


class Home:
    """The scenario of an object: what its keys and words look like."""

    def __init__(self, aim: Aim, value: Json) -> None:
        found = value.get("scenario", aim.file["claim"]["scenario"])
        self.boxes = [box["outcomes"] for box in found["black_boxes"]]
        trusted = found.get("trusted") or [{"dim": 1}]
        self.dims, self.settings = [party["dim"] for party in trusted], trusted[0].get("settings", 1)
        self.instrumental = "instrumental" in found
        self.size = 1 if self.settings > 1 else prod(self.dims)
        self.one = [""] * (len(self.boxes) + (self.settings > 1))

    def place(self, aim: Aim) -> tuple[str, int, list[str]]:
        """Some key, the order of its matrix, and the word of its letters."""
        settings = [aim.rng.randrange(len(box)) for box in self.boxes]
        outcomes = [aim.rng.randrange(box[x]) for box, x in zip(self.boxes, settings, strict=True)]
        ending, dim = self.view(aim)
        word = [f"{a}|{x}" for a, x in zip(outcomes, settings, strict=True)]
        key = ",".join(map(str, outcomes)) + "|" + ",".join(map(str, settings)) + ending
        return key, dim, [*word, *[""] * (self.settings > 1)]

    def view(self, aim: Aim) -> tuple[str, int]:
        """How the keys of some view end, and its dimension."""
        if len(self.dims) > 1:
            k = aim.rng.randrange(len(self.dims))
            return f";B{k + 1}", self.dims[k]
        seen = self.settings > 1 and not self.instrumental
        return f";{aim.rng.randrange(self.settings)}" * seen, self.dims[0]


def squares_of(step: Json) -> list[Json]:
    """The blocks of a sum of squares, in any of its forms, or the parts of a decomposition."""
    found = step.get("blocks") or step.get("squares") or step.get("parts") or step.get("symmetric", {}).get("blocks")
    if not found:
        raise Misfit
    return found  # type: ignore[no-any-return]


def add_unit(matrix: Json, by: Fraction) -> Json:
    """A matrix plus a multiple of the unit matrix."""
    return forms.combine((1, matrix), (by, forms.unit(forms.order(matrix))))


def add_at(elements: Json, key: str, dim: int, by: Fraction) -> None:
    """A functional plus a multiple of the unit matrix at one key."""
    elements[key] = add_unit(elements[key], by) if key in elements else forms.combine((by, forms.unit(dim)))


def functional(aim: Aim) -> tuple[str, Json]:
    """The functional of the step."""
    name = aim.step["statement"].get("functional")
    found = aim.objects().get(name)
    if not found:
        raise Misfit
    return name, found


def rebound(aim: Aim, name: str, old: str, new: str) -> None:
    """Another bound of a functional, in all statements."""
    for statement in aim.statements:
        if statement.get("functional") == name and statement.get("bound") == old:
            statement["bound"] = new


# ---- bounds ----------------------------------------------------------------------------------------------------------
@kind(4)
def bound_moved(aim: Aim) -> None:
    """Another bound wherever it is stated; the evidence as it is."""
    statement = dict(aim.step["statement"])
    key = aim.pick(k for k in ("bound", "weight") if k in statement)
    new = forms.shifted(statement[key], amount(aim))
    for other in aim.statements:
        same = other["rule"] == statement["rule"] or "functional" in statement
        if same and {**other, "rule": ""}.items() >= {**statement, "rule": ""}.items() - {("assemblage", "")}:
            other[key] = new
    if "functional" in statement:
        rebound(aim, statement["functional"], statement[key], new)


@kind(14)
def bound_with_squares(aim: Aim) -> None:
    """A sum of squares with the bound moved by so much, and the Gram matrix at the word 1 by as much the other way."""
    name, found = functional(aim)
    home, by, old = Home(aim, found), amount(aim), aim.step["statement"]["bound"]
    blocks = aim.step["blocks"]
    for block in blocks:
        if home.one in block["words"]:
            start, whole = home.size * block["words"].index(home.one), forms.order(block["gram"])
            less = forms.corner(forms.unit(home.size), start, home.size, whole)
            if aim.rng.random() < 0.4 and whole <= 12:
                by = limit(aim, block["gram"], less)
            block["gram"] = forms.combine((1, block["gram"]), (-by, less))
            if aim.rng.random() < 0.7:
                block.pop("factor", None)
            break
    else:
        blocks.append({"words": [home.one], "gram": forms.combine((-by, forms.unit(home.size)))})
    rebound(aim, name, old, forms.shifted(old, by))


def limit(aim: Aim, gram: Json, less: Json) -> Fraction:
    """The largest multiple of 1/2^20 (or the next one) up to 1 that can be subtracted from a rational Gram matrix."""
    low, high = -1, 1 << 20
    while high - low > 1:
        middle = (low + high) // 2
        below = forms.combine((1, gram), (Fraction(-middle, 1 << 20), less))
        low, high = (middle, high) if forms.is_positive(below) else (low, middle)
    return Fraction(aim.pick((low, high, low - 1)), 1 << 20)


@kind(4)
def functional_and_bound(aim: Aim) -> None:
    """The unit matrix, times a number, at all outcomes of a setting; the bound goes along."""
    name, found = functional(aim)
    home, by, old = Home(aim, found), amount(aim), aim.step["statement"].get("bound")
    key, dim, _ = home.place(aim)
    settings, (ending, dim) = key.split("|")[1].split(";")[0], home.view(aim)
    outcomes = [""]
    for box, x in zip(home.boxes, settings.split(","), strict=True):
        outcomes = [f"{a},{b}".strip(",") for a in outcomes for b in range(box[int(x)])]
    for a in outcomes:
        add_at(found["elements"], f"{a}|{settings}{ending}", dim, by)
    rebound(aim, name, old, forms.shifted(old, by))


@kind(7)
def functional_and_squares(aim: Aim) -> None:
    """One more square |word|^2 times a number of either sign, in the functional, and in its certificate."""
    _, found = functional(aim)
    home, by = Home(aim, found), amount(aim)
    key, dim, word = home.place(aim)
    aim.pick(part for part in ("blocks", "dual") if part in aim.step)
    add_at(found["elements"], key, dim, by)
    if "blocks" in aim.step:
        aim.step["blocks"].append({"words": [word], "gram": forms.combine((by, forms.unit(home.size)))})
    if "dual" in aim.step:
        key += ";0" if home.instrumental else ""
        add_at(aim.step["dual"], key, dim, by)


@kind(1)
def everything_scaled(aim: Aim) -> None:
    """A functional or an operator, its bound and what its step carries times one number, mostly a positive one."""
    c = Fraction(aim.rng.choice((1, 2, 3, 7, 10, -1, 0)), aim.rng.choice((1, 2, 3, 10)))
    statement = aim.step["statement"]
    found = aim.objects().get(statement.get("functional", statement.get("operator")))
    if not found:
        raise Misfit
    if "elements" in found:
        found["elements"] = {key: forms.combine((c, m)) for key, m in found["elements"].items()}
        old = statement.get("bound", "0")
        rebound(aim, statement["functional"], old, forms.text([c * x for x in forms.number(old)]))
        aim.step.update({"dual": {k: forms.combine((c, m)) for k, m in aim.step.get("dual", {}).items()}})
        if not aim.step["dual"]:
            del aim.step["dual"]
    elif "matrix" in found:
        found["matrix"] = forms.combine((c, found["matrix"]))
    for block in squares_of(aim.step) if aim.step.keys() & {"blocks", "squares", "parts", "symmetric"} else ():
        key = "gram" if "gram" in block else "matrix"
        block[key] = forms.combine((c, block[key]))
        block.pop("factor", None)


@kind(12)
def shares_moved(aim: Aim) -> None:
    """Parts of the shares of a local bound moved from one view to another, or all shares and the bound together."""
    shares, by = aim.step.get("shares") or aim.pick([]), amount(aim)
    if aim.rng.random() < 0.5:
        row = aim.pick(shares)
        row[0], row[-1] = forms.shifted(row[0], by), forms.shifted(row[-1], -by)
    else:
        for row in shares:
            row[0] = forms.shifted(row[0], by)
        statement = dict(aim.step["statement"])
        rebound(aim, statement["functional"], statement["bound"], forms.shifted(statement["bound"], by))


# ---- certificates ----------------------------------------------------------------------------------------------------
@kind(3)
def square_split(aim: Aim) -> None:
    """A positive matrix as a sum of two multiples of it, of which one may be negative."""
    blocks, t = squares_of(aim.step), share(aim)
    block = aim.pick(blocks)
    other, key = copy.deepcopy(block), "gram" if "gram" in block else "matrix"
    other[key], block[key] = forms.combine((t, block[key])), forms.combine((1 - t, block[key]))
    for part in (block, other):
        part.pop("factor", None)
    blocks.append(other)


@kind(10)
def factor_changed(aim: Aim) -> None:
    """A factor left out, written with another exponent, or with other last digits."""
    block = aim.pick(block for block in squares_of(aim.step) if "factor" in block)
    factor, way = block["factor"], aim.rng.randrange(6)
    if way == 0:
        del block["factor"]
        return
    factor["exponent"] = max(0, factor["exponent"] + {1: 1, 2: -1}.get(way, 0))
    for part in ("re", "im"):
        for i, row in enumerate(factor.get(part, [])):
            entries = [z[0] for z in forms.cut(row)]
            if way == 1:
                entries = [2 * z for z in entries]
            elif way == 2:
                entries = [z // 2 for z in entries]
            elif aim.rng.random() < 0.3:
                entries = [z + aim.rng.randrange(-(10 ** (way - 3)), 10 ** (way - 3) + 1) for z in entries]
            factor[part][i] = forms.join([[z] for z in entries])


@kind(2)
def unit_added(aim: Aim) -> None:
    """Any matrix plus a multiple of the unit matrix."""
    container, key = aim.spot(lambda node: forms.is_matrix(node) and "denominator" in node)
    container[key] = add_unit(container[key], amount(aim))


@kind(4)
def entry_of_model_split(aim: Aim) -> None:
    """An entry of a model in two, one of which may have negative states or weights."""
    entries, t = aim.step.get("model") or aim.step.get("responses") or aim.pick([]), share(aim)
    entry = aim.pick(entries)
    other = copy.deepcopy(entry)
    for part, c in ((entry, t), (other, 1 - t)):
        if "states" in part:
            part["states"] = [forms.combine((c, m)) for m in part["states"]]
        else:
            part["weights"] = [forms.text([c * x for x in forms.number(w)]) for w in part["weights"]]
    entries.append(other)


@kind(1)
def states_moved(aim: Aim) -> None:
    """Part of the state of one entry of a model given to another one, in every view."""
    entries = aim.step.get("model") or aim.pick([])
    one, other, t = aim.pick(entries), aim.pick(entries), share(aim)
    moved = one["states"]
    one["states"] = [forms.combine((1 - t, m)) for m in moved]
    other["states"] = [forms.combine((1, m), (t, n)) for m, n in zip(other["states"], moved, strict=True)]


@kind(5)
def mixture_moved(aim: Aim) -> None:
    """Another weight of a mixture, and the assemblage that it gives."""
    every = aim.objects()
    statement = aim.pick(s for s in aim.statements if s["rule"] == "mixture" and s["assemblage"] in every)
    old, by = dict(statement), amount(aim) / 10
    weight = forms.number(forms.shifted(statement["weight"], by))
    tables = [every[statement[k]]["elements"] for k in ("assemblage", "noise", "data")]
    mixed = {}
    for key in tables[0]:  # from the mixture as it is: its weight may be irrational
        old_one, noise, data = (table[key] for table in tables)
        mixed[key] = forms.combine((1, old_one), (by, noise), (-by, data))
    tables[0].update(mixed)
    for other in aim.statements:
        if other == old:
            other["weight"] = forms.text(weight)


@kind(2)
def noise_added(aim: Aim) -> None:
    """An assemblage, or all of them, mixed with white noise, which keeps them valid; sometimes by a negative share."""
    every = [value for value in aim.objects().values() if value["type"] == "assemblage"]
    t = aim.pick((abs(amount(aim)), share(aim), share(aim)))
    for value in every if aim.rng.random() < 0.5 else [aim.pick(every)]:
        boxes = Home(aim, value).boxes
        for key, matrix in value["elements"].items():
            settings = key.split("|")[1].split(";")[0].split(",")
            count = prod(box[int(x)] for box, x in zip(boxes, settings, strict=True))
            noise = forms.unit(forms.order(matrix)) | {"denominator": str(count * forms.order(matrix))}
            value["elements"][key] = forms.combine((1 - t, matrix), (t, noise))


@kind(2)
def column_scaled(aim: Aim) -> None:
    """A column times an integer, or with another phase."""
    container, key = aim.spot(lambda node: isinstance(node, dict) and isinstance(node.get("re"), str))
    if "order" in container[key]:
        raise Misfit
    re_, im = forms.cut(container[key]["re"]), forms.cut(container[key].get("im", ""))
    im = im or [[0]] * len(re_)
    a, b = aim.pick([(2, 0), (-1, 0), (0, 1), (0, -3), (1, 1), (0, 0), (3, -2)])
    pairs = [(x + [0] * (len(y) - len(x)), y + [0] * (len(x) - len(y))) for x, y in zip(re_, im, strict=True)]
    turned = [
        ([a * p - b * q for p, q in zip(x, y, strict=True)], [a * q + b * p for p, q in zip(x, y, strict=True)])
        for x, y in pairs
    ]
    container[key] = {"re": forms.join([x for x, _ in turned]), "im": forms.join([y for _, y in turned])}
