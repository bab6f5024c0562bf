"""Proofs for the reader: as text and as LaTeX.

Above: the command line. Below: proofs and the exact layer. Figures come from the exact objects; decimals are
correctly rounded.
"""

from __future__ import annotations

from collections.abc import Iterator

import sympy

from steeralg.certificates.proof import Proof, Statement, Step
from steeralg.exact.convert import generator_to_sympy, matrix_to_sympy, number_to_sympy
from steeralg.exact.number import Number
from steeralg.objects.scenario import format_label

DIGITS = 10


def field_name(proof: Proof) -> str:
    """Return the field of a proof's data, generator spelt out."""
    return "Q(i)" if proof.field.is_rational else f"Q({generator_to_sympy(proof.field)}, i)"


def _exact(number: Number) -> str:
    return str(number_to_sympy(number))


def statement_text(proof: Proof, statement: Statement) -> str:
    """Return a statement as one sentence."""
    if statement.rule == "assemblage":
        return f"{statement.assemblage} is a valid no-signalling assemblage."
    if statement.rule == "postquantum":
        return f"{statement.assemblage} is postquantum: it has no quantum realisation."
    bound = Number.of(statement.bound or 0)
    if statement.rule == "bound":
        return (
            f"<{statement.functional}, sigma> >= {_exact(bound)} = {bound.decimal(DIGITS)} on every quantum assemblage."
        )
    value = proof.value(statement)
    return (
        f"<{statement.functional}, {statement.assemblage}> = {_exact(value)} = {value.decimal(DIGITS)} "
        f"< {_exact(bound)} = {bound.decimal(DIGITS)}."
    )


def _certificate_lines(step: Step) -> Iterator[str]:
    for block in step.blocks:
        bits = block.gram.denominator.bit_length() - 1
        grid = f"grid 2^-{bits}" if block.gram.denominator == 1 << bits else f"denominator {block.gram.denominator}"
        yield f"sum of squares over {len(block.words)} words, Gram matrix of order {block.gram.rows}, {grid}"


def summary(proof: Proof) -> list[str]:
    """Return the theorem in lines: claim, data, statements, and the numbers behind them."""
    lines = [
        proof.name,
        f"  source     {proof.source}",
        f"  scenario   {proof.scenario}",
        f"  data       over {field_name(proof)}",
    ]
    lines += [f"  theorem    {statement_text(proof, statement)}" for statement in proof.statements]
    lines += [f"  because    {line}" for line in theorem_lines(proof)]
    return lines


def theorem_lines(proof: Proof) -> list[str]:
    """Return what the theorem rests on, line by line: statements that are not in the claim, and certificates."""
    lines, shown = [], set(proof.statements)
    for step in proof.steps:
        if step.statement not in shown:
            lines.append(statement_text(proof, step.statement))
            shown.add(step.statement)
        if step.blocks:
            lines.append(f"{step.statement.functional}: {'; '.join(_certificate_lines(step))}.")
    return lines


def text(proof: Proof) -> str:
    """Return a proof as plain text, with all exact data."""
    lines = summary(proof)
    for name, value in (*proof.objects.items(), *proof.auxiliary.items()):
        lines += ["", f"{name}[a|x]:"]
        for label, matrix in value.elements.items():
            rows = matrix_to_sympy(matrix).tolist()
            lines.append(f"  {name}[{format_label(label)}] = " + "; ".join(", ".join(map(str, row)) for row in rows))
    return "\n".join(lines)


def _latex_statement(proof: Proof, statement: Statement) -> str:
    if statement.rule == "assemblage":
        return rf"${_symbol(statement.assemblage)}$ is a valid no-signalling assemblage."
    if statement.rule == "postquantum":
        return rf"${_symbol(statement.assemblage)}$ has no quantum realisation."
    bound = Number.of(statement.bound or 0)
    name = _symbol(statement.functional)
    if statement.rule == "bound":
        least = sympy.latex(number_to_sympy(bound))
        return (
            rf"$\langle {name}, \sigma\rangle \ge {least} \approx {bound.decimal(DIGITS)}$ "
            r"for every quantum assemblage $\sigma$."
        )
    value = proof.value(statement)
    return (
        rf"$\langle {name}, {_symbol(statement.assemblage)}\rangle = {sympy.latex(number_to_sympy(value))} "
        rf"\approx {value.decimal(DIGITS)} < {sympy.latex(number_to_sympy(bound))} \approx {bound.decimal(DIGITS)}$."
    )


def _symbol(name: str | None) -> str:
    if name == "sigma":
        return r"\sigma"
    escaped = (name or "").replace("_", r"\_")
    return rf"\mathrm{{{escaped}}}"


_LATEX = {character: "\\" + character for character in "&%$#_{}"} | {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}


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
    lines.append(r"\end{proof}")
    for name, value in (*proof.objects.items(), *proof.auxiliary.items()):
        lines.append(r"\begin{align*}")
        rows = [
            rf"{_symbol(name)}_{{{format_label(label)}}} &= {sympy.latex(matrix_to_sympy(matrix), mat_delim='(')}"
            for label, matrix in value.elements.items()
        ]
        lines += [" \\\\\n".join(rows), r"\end{align*}"]
    return "\n".join(lines)
