"""Reading markup back: pages as trees, and MathML as sympy numbers, independently of what wrote them."""

import xml.etree.ElementTree as ElementTree
from html.parser import HTMLParser

import sympy

VOID = {"meta", "wbr", "br", "link", "img"}


class Page(HTMLParser):
    """A page whose tags have to match: elements as (tag, attributes, text inside), in the order of their starts."""

    def __init__(self, source):
        super().__init__(convert_charrefs=True)
        self.elements, self.open = [], []
        self.feed(source)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag, attrs):
        assert len(dict(attrs)) == len(attrs), f"an attribute twice: {attrs}"
        element = [tag, dict(attrs), ""]
        self.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag, attrs):
        self.elements.append([tag, dict(attrs), ""])

    def handle_endtag(self, tag):
        assert self.open and self.open.pop()[0] == tag, tag

    def handle_data(self, data):
        for element in self.open:
            element[2] += data

    def all(self, tag):
        return [(attributes, text) for name, attributes, text in self.elements if name == tag]


def evaluate(mathml):
    """The value of MathML made of numbers, i, fractions, roots, rows, and + - and invisible times; text is sympy's."""
    return _value(ElementTree.fromstring(mathml))


def entries(mathml):
    """The entries of a matrix in MathML."""
    table = next(ElementTree.fromstring(f"<x>{mathml}</x>").iter("mtable"), None)
    assert table is not None
    return [[_row(list(cell)) for cell in row] for row in table]


def _value(node):
    if node.tag == "mn":
        return sympy.Rational(node.text)
    if node.tag == "mi":
        assert node.text == "i"
        return sympy.I
    if node.tag == "mfrac":
        above, below = node
        return _value(above) / _value(below)
    if node.tag == "msqrt":
        return sympy.sqrt(_row(list(node)))
    if node.tag in ("mrow", "math"):
        return _row(list(node))
    assert node.tag == "mtext"
    return sympy.sympify(node.text)


def _row(nodes):
    """Sum of products; a sign may come first, and parentheses hold a row."""
    total, sign, product = 0, 1, None
    for node in nodes:
        if node.tag == "mo" and node.text in "+−":
            total += 0 if product is None else sign * product
            sign, product = (1 if node.text == "+" else -1), None
        elif node.tag == "mo":
            assert node.text in "()\u2062"
        else:
            product = _value(node) * (1 if product is None else product)
    return sympy.expand(total + sign * product)
