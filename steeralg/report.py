"""Proofs for the reader: as text and as LaTeX.

Above: the command line. Below: proofs and the exact layer. Figures come from the exact objects; decimals are
correctly rounded.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import sympy

from steeralg.certificates.proof import Proof
from steeralg.certificates.steps import Object, Statement, Step, Witness
from steeralg.exact.convert import generator_to_sympy, matrix_to_sympy, number_to_sympy
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number, as_number
from steeralg.models.projective import ProjectiveModel
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.devices import Devices, Operator
from steeralg.objects.events import EventSet
from steeralg.objects.functional import Functional
from steeralg.objects.product_basis import ProductBasis
from steeralg.objects.sequential import SequentialDevices
from steeralg.positivity.decomposable import Decomposition, PPTOperator
from steeralg.positivity.squares import BlockPositivity
from steeralg.positivity.values import NegativeProduct, square_norm

DIGITS = 10


def field_name(proof: Proof) -> str:
    """Return the field of a proof's data, generator spelt out."""
    return "Q(i)" if proof.field.is_rational else f"Q({generator_to_sympy(proof.field)}, i)"


def _exact(number: Number) -> str:
    return str(number_to_sympy(number))


def statement_text(proof: Proof, statement: Statement) -> str:
    """Return a statement as one sentence."""
    if statement.rule in _SENTENCES:
        number = "" if statement.bound is None else _exact(as_number(statement.bound))
        names = {key: text.replace(" ", ", ") for key, text in statement.names.items()}
        weight = "" if statement.weight is None else _exact(as_number(statement.weight))
        return _sentence(proof, statement).format(**names, weight=weight, bound=number, decimal=_decimal(statement))
    sigma, functional = statement.assemblage, statement.functional
    bound = as_number(statement.bound or Fraction(0))
    limit = f"{_exact(bound)} = {bound.decimal(DIGITS)}"
    if statement.rule in _SETS:
        return f"<{functional}, sigma> >= {limit} on every {_SETS[statement.rule]}."
    value = proof.value(statement)
    return f"<{functional}, {sigma}> = {_exact(value)} = {value.decimal(DIGITS)} < {limit}."


def _decimal(statement: Statement) -> str:
    return "" if statement.bound is None else as_number(statement.bound).decimal(DIGITS)


def _sentence(proof: Proof, statement: Statement) -> str:
    value = proof.context.objects.get(statement.assemblage or "")
    if isinstance(value, Assemblage):
        if value.scenario.instrumental and statement.rule in _INSTRUMENTAL:
            return _INSTRUMENTAL[statement.rule]
        if value.scenario.sequential and statement.rule == "assemblage":
            return "{assemblage} is a valid assemblage of successive rounds."
    operator = proof.context.objects.get(statement.operator or "")
    if statement.rule in _CHOI and isinstance(operator, Operator) and len(operator.dims) == 2:
        return _SENTENCES[statement.rule][:-1] + _CHOI[statement.rule]
    return _SENTENCES[statement.rule]


_INSTRUMENTAL = {
    "assemblage": "{assemblage} is a valid general instrumental assemblage.",
    "signalling": "{assemblage} is not what any general instrumental assemblage shows.",
}
_CHOI = {
    "block-positive": "; a map with this Choi matrix is positive.",
    "not-block-positive": "; a map with this Choi matrix is not positive.",
}
"""What is added for two factors."""
_SENTENCES = {
    "assemblage": "{assemblage} is a valid no-signalling assemblage.",
    "parent": "{assemblage} is what its scenario observes of the no-signalling assemblage {parent}.",
    "postquantum": "{assemblage} is postquantum: it has no quantum realisation.",
    "born": "{assemblage} is what the Born rule gives for {operator} and {devices}.",
    "state": "{operator} is a quantum state.",
    "mixture": "{assemblage} is {weight} of {noise} and the rest of {data}.",
    "quantum": "{assemblage} has a quantum realisation.",
    "local": "{assemblage} has a local hidden state model.",
    "pseudo-local": "{assemblage} has a model with hidden states that need not be positive (pseudo-LHS).",
    "affine-local": "{assemblage} is an affine combination of what local hidden states give (pseudo-LHS).",
    "projective-local": "{assemblage} gives local correlations for all projective measurements of the trusted qubit.",
    "povm-local": "{assemblage}, {data} in one dimension more, gives local correlations for all POVMs.",
    "local-threshold": "{weight} is the least weight of {noise} with which {data} has a local hidden state model.",
    "negativity-at-most": "The steering negativity of {assemblage} is at most {bound}, about {decimal}.",
    "negativity-at-least": "The steering negativity of {assemblage} is at least {bound}, about {decimal}.",
    "nonlocal": "{assemblage} has no local hidden state model.",
    "signalling": "{assemblage} is not what any no-signalling assemblage shows.",
    "block-positive": "{operator} is non-negative on all product vectors.",
    "not-block-positive": "{operator} is negative on some product vector.",
    "decomposable": "{operator} is decomposable: a sum of partial transposes of positive operators.",
    "not-decomposable": "{operator} is not decomposable.",
    "trace-preserving": "The map with the Choi matrix {operator} preserves the trace.",
    "image": "{assemblage} is the image of {data} under {maps}.",
    "quantum-correlations": "{assemblage} gives only quantum correlations, whatever each trusted party measures.",
    "product-basis": "{vectors} are orthogonal product vectors, fewer than dimensions.",
    "unextendible": "No product vector is orthogonal to all of {vectors}.",
    "witness": "{operator} is (Pi - e)/(n - D e), Pi the sum of projectors on the n vectors {vectors}, e = {bound}.",
    "maximal-events": "{events} are orthogonal events, and no further event is orthogonal to all of them.",
    "extendible-events": "Whatever bases the settings are, the product basis of {events} is extendible.",
}
_SETS = {
    "bound": "quantum assemblage",
    "local-bound": "assemblage with a local hidden state model",
    "no-signalling-bound": "no-signalling assemblage",
}


def _certificate_lines(step: Step) -> Iterator[str]:
    for block in step.blocks:
        bits = block.gram.denominator.bit_length() - 1
        grid = f"grid 2^-{bits}" if block.gram.denominator == 1 << bits else f"denominator {block.gram.denominator}"
        yield f"sum of squares over {len(block.words)} words, Gram matrix of order {block.gram.rows}, {grid}"
    if step.symmetric is not None:
        orders = ", ".join(str(len(block.words)) for block in step.symmetric.blocks)
        count = len(step.symmetric.generators)
        yield f"sum of squares up to a group of symmetries ({count} generators), Gram matrices of orders {orders}"


def summary(proof: Proof) -> list[str]:
    """Return the theorem in lines: claim, data, statements, and the numbers behind them."""
    lines = [
        proof.name,
        f"  source     {proof.source}",
        *([f"  scenario   {proof.scenario}"] if _has_scenario(proof) else []),
        f"  data       over {field_name(proof)}",
    ]
    lines += [f"  theorem    {statement_text(proof, statement)}" for statement in proof.statements]
    lines += [f"  because    {line}" for line in theorem_lines(proof)]
    return lines


def _has_scenario(proof: Proof) -> bool:
    """Whether anything is about the scenario: operators, maps and product bases are not."""
    return any(isinstance(o, Assemblage | Functional | EventSet | Devices) for o in proof.context.objects.values())


def theorem_lines(proof: Proof) -> list[str]:
    """Return what the theorem rests on, line by line: statements that are not in the claim, and certificates."""
    lines, shown = [], set(proof.statements)
    for step in proof.steps:
        if step.statement not in shown:
            lines.append(statement_text(proof, step.statement))
            shown.add(step.statement)
        if step.blocks or step.symmetric is not None:
            lines.append(f"{step.statement.functional}: {'; '.join(_certificate_lines(step))}.")
        if step.model is not None:
            lines.append(f"{step.statement.assemblage}: {len(step.model.entries)} hidden states.")
        if step.shares:
            lines.append(f"{step.statement.functional}: shares of the bound for {len(step.shares)} strategies.")
        if step.witness is not None:
            lines.append(f"{_about(step.statement)}: {_witness_line(step.witness)}.")
    return lines


def _witness_line(witness: Witness) -> str:
    if isinstance(witness, BlockPositivity):
        orders = ", ".join(str(len(block.words)) for block in witness.blocks)
        return f"sum of squared moduli, copies {witness.copies}, Gram matrices of orders {orders}"
    if isinstance(witness, NegativeProduct):
        value = witness.value / square_norm(witness.vectors)
        return f"value {_visible(value)} at a normalised product vector"
    if isinstance(witness, Decomposition):
        cuts = ", ".join("none" if not cut else " and ".join(map(str, cut)) for cut in witness.parts)
        return f"positive parts, transposed on the factors {cuts}"
    if isinstance(witness, PPTOperator):
        value = witness.value / witness.matrix.trace()
        return f"trace {_visible(value)} with a state that has positive partial transposes"
    if isinstance(witness, ProjectiveModel):
        return f"{len(witness.entries)} hidden values, responses to {len(witness.directions)} directions"
    if isinstance(witness, Matrix):
        return f"a negative part of trace {_visible(witness.trace())}"
    return f"each event is left to one box, in their order {', '.join(map(str, witness))}"


def _about(statement: Statement) -> str | None:
    return statement.operator or statement.events or statement.assemblage


def _visible(number: Number) -> str:
    """A non-zero number in decimals, as many as it takes to see a digit of it."""
    digits = DIGITS
    while not number.decimal(digits).strip("-0."):
        digits += DIGITS
    return number.decimal(digits)


def text(proof: Proof) -> str:
    """Return a proof as plain text, with all exact data."""
    lines = summary(proof)
    for name, value in (*proof.objects.items(), *proof.auxiliary.items()):
        lines += ["", f"{name}: {_kind(value)}"]
        for label, matrix in _matrices(value):
            rows = matrix_to_sympy(matrix).tolist()
            lines.append(
                f"  {name}{f'[{label}]' if label else ''} = " + "; ".join(", ".join(map(str, row)) for row in rows)
            )
    return "\n".join(lines)


def _kind(value: Object) -> str:
    if isinstance(value, Operator):
        return f"an operator on factors of dimensions {', '.join(map(str, value.dims))}"
    if isinstance(value, SequentialDevices):
        return "instruments (Choi matrices by round, setting and outcome), and the effects of the last round"
    if isinstance(value, Devices):
        return "measurements (effects by box, setting and outcome) and channels (Choi matrices by view)"
    if isinstance(value, ProductBasis):
        return f"product vectors of dimensions {', '.join(map(str, value.dims))}"
    if isinstance(value, EventSet):
        return f"events of {value.scenario}: " + "; ".join(value.scenario.key(event) for event in value.events)
    return f"{'an assemblage' if isinstance(value, Assemblage) else 'a functional'} for {value.scenario}"


def _matrices(value: Object) -> Iterator[tuple[str, Matrix]]:
    """Yield every matrix of an object with its label."""
    if isinstance(value, Operator):
        yield "", value.matrix
    elif isinstance(value, Devices):
        for k, box in enumerate(value.measurements):
            for x, povm in enumerate(box):
                yield from ((f"box {k}: {a}|{x}", effect) for a, effect in enumerate(povm.effects))
        yield from ((f"channel {v}", channel.choi) for v, channel in enumerate(value.channels))
    elif isinstance(value, SequentialDevices):
        rounds = [[[m.choi for m in i.maps] for i in settings] for settings in value.rounds]
        last = [list(povm.effects) for povm in value.measurements]
        for k, settings in enumerate([*rounds, last]):
            for x, matrices in enumerate(settings):
                yield from ((f"round {k}: {a}|{x}", matrix) for a, matrix in enumerate(matrices))
    elif isinstance(value, ProductBasis):
        for k, member in enumerate(value.vectors):
            yield from ((f"member {k}, factor {j}", vector) for j, vector in enumerate(member))
    elif not isinstance(value, EventSet):
        yield from ((value.scenario.key(label), matrix) for label, matrix in value.elements.items())


_IN_LATEX = {
    "witness": r"{operator} is $(\Pi - e)/(n - D e)$, $\Pi$ the sum of projectors on the $n$ vectors {vectors}, "
    "$e$ = {bound}.",
}


def _latex_statement(proof: Proof, statement: Statement) -> str:
    if statement.rule in _SENTENCES:
        number, weight = (
            "" if value is None else f"${sympy.latex(number_to_sympy(as_number(value)))}$"
            for value in (statement.bound, statement.weight)
        )
        names = {k: ", ".join(f"${_symbol(v)}$" for v in text.split(" ")) for k, text in statement.names.items()}
        sentence = _IN_LATEX.get(statement.rule, _sentence(proof, statement))
        return sentence.format(**names, weight=weight, bound=number, decimal=_decimal(statement))
    bound = as_number(statement.bound or Fraction(0))
    name, least = _symbol(statement.functional), sympy.latex(number_to_sympy(bound))
    if statement.rule in _SETS:
        return (
            rf"$\langle {name}, \sigma\rangle \ge {least} \approx {bound.decimal(DIGITS)}$ "
            rf"for every {_SETS[statement.rule]} $\sigma$."
        )
    value = proof.value(statement)
    return (
        rf"$\langle {name}, {_symbol(statement.assemblage)}\rangle = {sympy.latex(number_to_sympy(value))} "
        rf"\approx {value.decimal(DIGITS)} < {least} \approx {bound.decimal(DIGITS)}$."
    )


def _symbol(name: str | None) -> str:
    if name == "sigma":
        return r"\sigma"
    escaped = (name or "").replace("_", r"\_")
    return rf"\mathrm{{{escaped}}}"


def _index(label: str) -> str:
    """Write a label as an index, words upright and escaped; nothing for no label."""
    if not label:
        return ""
    plain = not any(c.isalpha() or c == " " for c in label)
    return f"_{{{label}}}" if plain else rf"_{{\text{{{_escape(label)}}}}}"


_LATEX = {character: "\\" + character for character in "&%$#_{}"} | {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "|": r"\textbar{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
}
"""The last three are other characters in the oldest text fonts."""


def _escape(plain: str) -> str:
    return "".join(_LATEX.get(character, character) for character in plain)


def latex(proof: Proof) -> str:
    """Return a proof as a LaTeX fragment: a theorem environment and the exact data (needs amsmath, amsthm)."""
    lines = [r"\begin{theorem}[{" + _escape(proof.source) + "}]", f"Scenario: {_escape(str(proof.scenario))}."]
    lines += [_latex_statement(proof, statement) for statement in proof.statements]
    lines += [r"\end{theorem}", r"\begin{proof}"]
    for step in proof.steps:
        if step.statement not in proof.statements:
            lines.append(_latex_statement(proof, step.statement))
        lines += [f"({_escape(line)}.)" for line in _certificate_lines(step)]
        if step.witness is not None:
            name = _symbol(_about(step.statement))
            lines.append(f"(${name}$: {_escape(_witness_line(step.witness))}.)")
    lines.append(r"\end{proof}")
    for name, value in (*proof.objects.items(), *proof.auxiliary.items()):
        if isinstance(value, EventSet):
            lines.append(f"${_symbol(name)}$: {_escape(_kind(value))}.")
            continue
        lines.append(r"\begin{align*}")
        rows = [
            rf"{_symbol(name)}{_index(label)} &= {sympy.latex(matrix_to_sympy(matrix), mat_delim='(')}"
            for label, matrix in _matrices(value)
        ]
        lines += [" \\\\\n".join(rows), r"\end{align*}"]
    return "\n".join(lines)
