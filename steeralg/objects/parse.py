"""Exact numbers from strings: integers, fractions, decimals, sqrt(n), I, sums, products, quotients, parentheses.

Above: files. Below: conversion. Nothing is evaluated as code, and limits are enforced before any arithmetic.
Grammar: sum = term (("+" | "-") term)*; term = factor (("*" | "/") factor)*; factor = ("+" | "-") factor | atom;
atom = number | "I" | "sqrt" "(" sum ")" | "(" sum ")". Decimals such as "0.1360" or "1e-3" are taken exactly;
a divisor is a sum of at most three terms.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

import sympy

from steeralg.arguments import checked
from steeralg.errors import FormatError

MAX_LENGTH, MAX_DIGITS, MAX_DEPTH, MAX_RADICAND_DIGITS, MAX_TERMS = 2000, 400, 40, 12, 64
MAX_DIVISOR_TERMS = 3
_TOKEN = re.compile(
    r"\s*(?:(?P<number>[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?)|(?P<name>sqrt|I)|(?P<mark>[-+*/()]))"
)


@checked
def parse_number(text: str) -> Any:
    """Return the sympy number that a string denotes. Raises FormatError, quoting the string (shortened)."""
    if len(text) > MAX_LENGTH:
        raise FormatError(f"number {_quote(text)} is longer than {MAX_LENGTH} characters")
    tokens, position = [], 0
    stripped = text.rstrip()
    while position < len(stripped):
        match = _TOKEN.match(stripped, position)
        if match is None:
            raise FormatError(
                f"number {_quote(text)}: unexpected {stripped[position]!r}; use digits, fractions, sqrt(n), I, + - * /"
            )
        tokens.append(match.group().strip())
        position = match.end()
    parser = _Parser(tokens, text)
    value = parser.sum(0)
    if parser.position != len(tokens):
        raise FormatError(f"number {_quote(text)}: {tokens[parser.position]!r} does not belong there")
    return value


def _quote(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:37] + "...")


def _terms(value: Any) -> int:
    return len(value.args) if value.is_Add else 1


class _Parser:
    """Recursive descent over the tokens, with a depth limit."""

    def __init__(self, tokens: list[str], text: str) -> None:
        self.tokens, self.text, self.position = tokens, text, 0

    def fail(self, reason: str) -> FormatError:
        return FormatError(f"number {_quote(self.text)}: {reason}")

    def peek(self) -> str:
        return self.tokens[self.position] if self.position < len(self.tokens) else ""

    def take(self, expected: str = "") -> str:
        token = self.peek()
        if not token or (expected and token != expected):
            raise self.fail(
                f"{expected or 'a number'!r} is missing" if not token else f"expected {expected!r}, found {token!r}"
            )
        self.position += 1
        return token

    def sum(self, depth: int) -> Any:
        if depth > MAX_DEPTH:
            raise self.fail(f"nested deeper than {MAX_DEPTH}")
        value = self.term(depth)
        while self.peek() in ("+", "-"):
            sign = self.take()
            term = self.term(depth)
            value = value + term if sign == "+" else value - term
        return sympy.expand(value)

    def term(self, depth: int) -> Any:
        value = self.factor(depth)
        while self.peek() in ("*", "/"):
            operation = self.take()
            factor = self.factor(depth)
            if operation == "/":
                factor = self.reciprocal(factor)
            if _terms(value) * _terms(factor) > MAX_TERMS:
                raise self.fail(f"a product of more than {MAX_TERMS} terms; multiply it out")
            value = sympy.expand(value * factor)
        return value

    def reciprocal(self, divisor: Any) -> Any:
        """Return 1/divisor without roots below the line: every value is a sum of rational multiples of roots."""
        if divisor.is_zero:
            raise self.fail("division by zero")
        if _terms(divisor) > MAX_DIVISOR_TERMS:
            raise self.fail(f"division by a sum of more than {MAX_DIVISOR_TERMS} terms; write the quotient out")
        return sympy.expand(sympy.radsimp(1 / divisor, max_terms=MAX_DIVISOR_TERMS))

    def factor(self, depth: int) -> Any:
        if self.peek() in ("+", "-"):
            if depth > MAX_DEPTH:
                raise self.fail(f"nested deeper than {MAX_DEPTH}")
            return self.factor(depth + 1) if self.take() == "+" else -self.factor(depth + 1)
        token = self.take()
        if token == "I":
            return sympy.I
        if token == "(":
            value = self.sum(depth + 1)
            self.take(")")
            return value
        if token == "sqrt":
            self.take("(")
            radicand = self.sum(depth + 1)
            self.take(")")
            if not radicand.is_Rational or radicand < 0:
                raise self.fail("sqrt needs a non-negative rational number; write I*sqrt(2) for sqrt(-2)")
            if max(abs(radicand.p), radicand.q) >= 10**MAX_RADICAND_DIGITS:
                raise self.fail(f"sqrt of numbers of more than {MAX_RADICAND_DIGITS} digits is not supported")
            return sympy.sqrt(radicand)
        if not token[0].isdigit():
            raise self.fail(f"{token!r} does not belong there")
        if len(token) > MAX_DIGITS:
            raise self.fail(f"more than {MAX_DIGITS} digits")
        exact = Fraction(token)
        return sympy.Rational(exact.numerator, exact.denominator)
