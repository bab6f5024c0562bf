"""Forged bounds up to symmetries, and errors of a checker that let some pass, or refuse valid ones."""

from tests import checker_examples as ex
from tests import symmetric_examples as sym
from tests.forgeries import DROP, T_STEP, Case, R, U
from tests.symmetric_examples import FLIP, KEEP, ONE, QUBIT, SQRT3, block, bound_file, generator, real, signed

EVIDENCE = f"{T_STEP} symmetric"
ROOT, GENERATORS, BLOCK = f"{EVIDENCE} root", f"{EVIDENCE} generators", f"{EVIDENCE} blocks 0"
WORDS, GRAM, CHARACTERS = f"{BLOCK} words", f"{BLOCK} gram", f"{BLOCK} characters"
CLAIMED = "claim statements 0 bound"


def bounded(value, **more):
    """The same proof of another bound."""
    return {f"{T_STEP} statement bound": value, CLAIMED: value, **more}


def trivial(*generators, place=None, order=4, words=(), **more):
    """0 >= -1 with some generators, which are not needed, and other words of weight zero."""
    place = place or ex.scenario([(2, 2)] * 2)
    parties = len(place["black_boxes"])
    gram = real([[int(i == j == 0) for j in range(len(words) + 1)] for i in range(len(words) + 1)])
    first = [*[""] * parties, " ".join("0,0" for party in place["trusted"] if party["dim"] > 1)]
    return bound_file(place, {}, "-1", order, generators, [block([first, *words], gram)], **more)


def qubit(*weyl, **more):
    """A generator of a trusted qubit (or qutrit) alone."""
    return trivial(generator([0], [[0]], [[KEEP]], weyl, **more), place=ex.scenario([(2,)], 2))


def qutrit(*weyl, **more):
    return trivial(generator([0], [[0]], [[KEEP]], weyl, **more), place=ex.scenario([(2,)], 3), order=6, field=SQRT3)


def without_a_root(order, **root):
    """E[0|0] - E[1|0] is 0 if zeta is 1, and not below 0 if zeta is a number without sense."""
    table = {"0|0": real([[1]]), "1|0": real([[-1]])}
    file = bound_file(ex.scenario([(2,)]), table, "0", 1, [], [block([["", ""]], real([[0]]))])
    file["proof"]["steps"][0]["symmetric"]["root"] |= {"order": order, **root}
    return file


def reducible():
    """theta = 1 is a root of x^2 - 1: theta and 1 are different vectors. A is taken for a number."""
    table = {"0|0": real([[(2, 0)]], 2), "1|0": real([[(-2, 0)]], 2)}
    gram = real([[(1, 0), (50, -50)], [(50, -50), (1, 0)]], 2) | {"denominator": "100"}
    field = {"minimal_polynomial": ["-1", "0", "1"], "interval": ["1/2", "3/2"]}
    file = bound_file(ex.scenario([(2,)]), table, "-1/50", 2, [], [block([["", ""], ["0^1", ""]], gram)], field)
    file["proof"]["steps"][0]["symmetric"]["root"] = {"order": 2, "re": "0,1", "im": "0"}
    return file


def with_input():
    """<0|s_0|0> - <0|s_1|0> for the two settings of the trusted party, which differ."""
    table = {"0|0;0": ex.array(ex.UP), "0|0;1": ex.array(ex.UP, -1)}
    place = ex.scenario([(1,)], 2, settings=2)
    return bound_file(place, ex.encoded(table), "0", 2, [], [block([["", "0,0"]], real([[0]]))])


def imaginary():
    """-A Y with K, which leaves A and X, Z as they are, and takes Y to -Y: Y would be 0."""
    keep = generator([0], [[0]], [[KEEP]], QUBIT, antiunitary=True)
    return bound_file(ex.scenario([(2,)], 2), signed([sym.Y]), "0", 4, [keep], [block([["", "0,0"]], real([[0]]))])


def flipped():
    """Only the letters of one box change their signs, so there would be no correlations."""
    flip = generator([0, 1], [KEEP, KEEP], [[FLIP, FLIP], [KEEP, KEEP]])
    return bound_file(sym.PAIR, sym.CHSH, "0", 2, [flip], [block([ONE], real([[0]]))])


def alternating(letters):
    return " ".join(f"{k % 2}^1" for k in range(letters))


def senseless():
    """The identity with a power of zeta: the block stands for 0."""
    more = {"product": [1, 1], "power": 1}
    return bounded("-8", **{CHARACTERS: lambda pairs: [*pairs, more]})


TWISTED = ex.scenario([(3, 2), (2, 3)])
CROSSED = generator([1, 0], [FLIP, FLIP], [[[2, 1, 0], KEEP], [FLIP, [1, 2, 0]]])
LINEAR = [[2, 0, 1], [0, 2, 1]]  # what a linear generator would need
FOUR = ex.scenario([(4,)])
NEGATIVE = {"denominator": "2", "re": ["1", "-2 1"]}

GRAMMAR = [
    Case("blocks and blocks up to symmetries", sym.chsh, {f"{T_STEP} blocks": []}, U, "unknown key"),
    Case("symmetries of another rule", sym.chsh, {f"{T_STEP} statement rule": "local-bound"}, U, "unknown key"),
    Case("no root of unity", sym.chsh, {ROOT: DROP}, U, "no key root"),
    Case("no generators", sym.chsh, {GENERATORS: DROP}, U, "no key generators"),
    Case("no blocks up to symmetries", sym.chsh, {f"{EVIDENCE} blocks": []}, U, "entries"),
    Case("unknown key up to symmetries", sym.chsh, {f"{EVIDENCE} note": ""}, U, "unknown key"),
    Case("order 0", sym.chsh, {f"{ROOT} order": 0}, U, "range"),
    Case("order 65", sym.chsh, {f"{ROOT} order": 65}, U, "range"),
    Case("no imaginary part of a root", sym.chsh, {f"{ROOT} im": DROP}, U, "no key im"),
    Case("a root as an integer", sym.chsh, {f"{ROOT} re": -1}, U, "JSON str"),
    Case("generators as an object", sym.chsh, {GENERATORS: {}}, U, "JSON list"),
    Case("generator 65", sym.chsh, {GENERATORS: lambda g: g[:1] * 65}, U, "entries"),
    Case("a linear generator", sym.chsh_character, {f"{GENERATORS} 2 antiunitary": False}, U, "flag that is not true"),
    Case("a box of a symmetry too few", sym.chsh, {f"{GENERATORS} 0 boxes": [0]}, U, "entries"),
    Case("a setting of a symmetry too many", sym.chsh, {f"{GENERATORS} 0 settings 0": [1, 0, 2]}, U, "entries"),
    Case("no such outcome", sym.chsh, {f"{GENERATORS} 0 outcomes 0 0": [0, 2]}, U, "range"),
    Case("images of no factor", sym.chsh, {f"{GENERATORS} 0 weyl": QUBIT}, U, "entries"),
    Case("an image too few", sym.steering, {f"{GENERATORS} 0 weyl": QUBIT[:1]}, U, "entries"),
    Case("an image without a power", sym.steering, {f"{GENERATORS} 0 weyl 0": [0, 1]}, U, "entries"),
    Case("a power of zeta too high", sym.steering, {f"{GENERATORS} 0 weyl 0 0": 4}, U, "range"),
    Case("an exponent too high", sym.steering, {f"{GENERATORS} 0 weyl 0 1": 2}, U, "range"),
    Case("no monomials of a block", sym.chsh, {WORDS: [], f"{GRAM} re": [], f"{GRAM} im": []}, U, "entries"),
    Case("a monomial for boxes only", sym.chsh, {f"{WORDS} 0": ["0^1", ""]}, U, "entries"),
    Case("a letter of power 0", sym.chsh, {f"{WORDS} 0": ["0^0", "", ""]}, U, "letter that the scenario lacks"),
    Case("a letter of power d", sym.chsh, {f"{WORDS} 0": ["0^2", "", ""]}, U, "letter that the scenario lacks"),
    Case("a letter of one outcome", sym.one_outcome, {f"{WORDS} 0": ["0^1", "", ""]}, U, "letter that the scen"),
    Case("a letter of the other kind", sym.chsh, {f"{WORDS} 0": ["0|0", "", ""]}, U, "letter that the scenario lacks"),
    Case("one setting twice", lambda: trivial(words=[["0^1 0^1", "", ""]]), {}, U, "neighbouring"),
    Case("letter 65 of a box", lambda: trivial(words=[[alternating(65), "", ""]]), {}, U, "letters"),
    Case("exponents of no factor", sym.chsh, {f"{WORDS} 0": ["0^1", "", "0,0"]}, U, "letters"),
    Case("no exponents", sym.steering, {f"{WORDS} 0": ["0^1", ""]}, U, "letters"),
    Case("an exponent p", sym.steering, {f"{WORDS} 0": ["0^1", "2,0"]}, U, "letter that the scenario lacks"),
    Case("a monomial of a block twice", lambda: trivial(words=[ONE]), {}, U, "a monomial occurs twice"),
    Case("a Gram matrix of another order", sym.chsh, {f"{GRAM} re": lambda rows: rows[:2]}, U, "entries"),
    Case("a factor of another order", sym.steering, {f"{BLOCK} factor re": ["1"]}, U, "entries"),
    Case("a power n", sym.chsh_character, {f"{CHARACTERS} 0 power": 8}, U, "range"),
    Case("an empty product", sym.chsh_character, {f"{CHARACTERS} 0 product": []}, U, "entries"),
    Case("no such generator", sym.chsh_character, {f"{CHARACTERS} 0 product": [4]}, U, "range"),
    Case("a product of no generators", sym.no_symmetry, {CHARACTERS: [{"product": [0], "power": 0}]}, U, "range"),
    Case("symmetries with an input", with_input, {}, U, "scenario with input"),
    Case("a functional that there is not", sym.chsh, {f"{T_STEP} statement functional": "G"}, R, "no functional"),
]

ROOTS = [
    Case("a root of order 1", lambda: without_a_root(1), {}, R, "not divisible by 2"),
    Case("an order for no qubit", sym.steering, {ROOT: {"order": 1, "re": "1", "im": "0"}}, R, "not divisible by 2"),
    Case("not of modulus 1", lambda: without_a_root(2, re="2"), {}, R, "zeta^n is not 1"),
    Case("3/5 + 4/5 i", lambda: without_a_root(4, re="3/5", im="4/5"), {}, R, "zeta^n is not 1"),
    Case("another order of a root", sym.turned, {f"{ROOT} order": 12}, R, "zeta^n is not 1"),
    Case("1 as a root of order 2", lambda: without_a_root(2), {}, R, "zeta^(n/2) is not below 1"),
    Case("-1 as a root of order 4", sym.no_symmetry, {f"{ROOT} order": 4}, R, "zeta^(n/2) is not below 1"),
    Case("a root of order 2 as one of order 6", sym.turned, {ROOT: {"order": 6, "re": "-1", "im": "0"}}, R, "by 4"),
    Case("a reducible polynomial", reducible, {}, R, "sign undecided"),
    Case("long powers", sym.qutrit, {}, U, "more than 1 bits", patch={"MAX_PRECISION": 1}),
    Case("a long root", sym.chsh, {f"{ROOT} re": "7" * 4000, f"{ROOT} order": 64}, U, "more than 4096 bits"),
]

SYMMETRIES = [
    Case("two boxes to one", lambda: trivial(sym.SWAP | {"boxes": [0, 0]}), {}, R, "boxes are not permuted"),
    Case("a box to none", lambda: trivial(sym.SWAP | {"boxes": [0, 2]}), {}, R, "boxes are not permuted"),
    Case("two settings to one", lambda: trivial(sym.SWAP | {"settings": [[0, 0], [0, 1]]}), {}, R, "settings do not"),
    Case(
        "boxes of different numbers of settings",
        lambda: trivial(
            generator([1, 0], [[0, 1], [0]], [[[0], KEEP], [[0]]]), place=ex.scenario([(1, 2), (1,)]), order=2
        ),
        {},
        R,
        "settings do not go to those of box 1",
    ),
    Case(
        "settings of different numbers of outcomes",
        lambda: trivial(generator([0], [FLIP], [[[0], KEEP]]), place=ex.scenario([(1, 2)]), order=2),
        {},
        R,
        "the outcomes do not go to those of 1",
    ),
    Case("two outcomes to one", lambda: trivial(sym.SWAP | {"outcomes": [[KEEP, [1, 1]]] * 2}), {}, R, "outcomes do"),
    Case(
        "two of four outcomes exchanged",
        lambda: trivial(generator([0], [[0]], [[[1, 0, 2, 3]]]), place=FOUR),
        {},
        R,
        "the outcomes do not go",
    ),
    Case("i X for X", lambda: qubit([1, 1, 0], [0, 0, 1]), {}, R, "weyl 0: the p-th power is not 1"),
    Case("X Z for X", lambda: qubit([0, 1, 1], [0, 0, 1]), {}, R, "weyl 0: the p-th power is not 1"),
    Case("X for X and Z", lambda: qubit([0, 1, 0], [0, 1, 0]), {}, R, "weyl 0 and 1 do not commute"),
    Case("1 for X and Z", lambda: qubit([0, 0, 0], [0, 0, 0]), {}, R, "weyl 0 and 1 do not commute"),
    Case("Z* for Z", lambda: qutrit([0, 1, 0], [0, 0, 2]), {}, R, "weyl 0 and 1 do not commute"),
    Case("K for X and Z", lambda: qutrit([0, 1, 0], [0, 0, 1], antiunitary=True), {}, R, "weyl 0 and 1 do not commute"),
    Case("X of the other factor", sym.ququart, {f"{GENERATORS} 0 weyl 2": [0, 1, 0, 0, 0]}, R, "weyl 1 and 2 do not"),
    Case("A0 and A1 to their negatives", flipped, {}, R, "generator 0 changes the functional"),
    Case("the sign of X", sym.steering, {f"{GENERATORS} 0 weyl 0 0": 2}, R, "generator 0 changes the functional"),
    Case("A to A*", sym.qutrit_mirror, {f"{GENERATORS} 0 outcomes 0": LINEAR}, R, "generator 0 changes"),
    Case("Y to -Y", imaginary, {}, R, "generator 0 changes the functional"),
    Case(
        "2 and its inverse",
        sym.five_outcomes,
        {f"{GENERATORS} 1 outcomes 0": lambda maps: maps[::-1]},
        R,
        "generator 1",
    ),
]

BOUNDS = [
    Case("above Tsirelson", sym.chsh, bounded("-2"), R, "prove no more than -2 theta"),
    Case("a little above", sym.chsh, bounded("-28284271247/10000000000"), R, "prove no more than -2 theta"),
    Case("no symmetries of a block", sym.chsh, {GENERATORS: []}, R, "prove no more than"),
    Case("not positive up to symmetries", sym.two_qubits, bounded("-1", **{GRAM: NEGATIVE}), R, "negative pivot"),
    Case("a factor of another matrix", sym.steering, {f"{BLOCK} factor re": ["1", "1 0"]}, R, "diagonally dominant"),
    Case("an odd number of antiunitary ones", sym.chsh_character, {f"{CHARACTERS} 0 product": [3]}, R, "odd number"),
    Case("another character", sym.chsh_character, {f"{CHARACTERS} 0 power": 0}, R, "prove no more than"),
    Case("a group too large", sym.chsh_character, {}, U, "more than 1 elements", patch={"MAX_GROUP": 1}),
    Case("work up to symmetries", sym.chsh, {}, U, "terms", patch={"MAX_WORK": 10_000}),
    # what checkers with an error would prove, see below
    Case("a real number for A", sym.turned, bounded("-1"), R, "prove no more than -2"),
    Case("letters that are 0", sym.chsh, bounded("0"), R, "no more than -2"),
    Case("A A not 1", sym.chsh, bounded("-1"), R, "no more than -2"),
    Case("a group without its powers", sym.chsh_character, bounded("-2,-1/2"), R, "no more than -2"),
    Case("one of equal images", sym.chsh_character, bounded("0,-3/2"), R, "no more than -2"),
    Case("(X Z)* = X Z", sym.paulis, bounded("-1"), R, "no more than -3"),
    Case("adjoint without its order", sym.paulis, bounded("-2"), R, "no more than -3"),
    Case("the shift of a multiple", sym.five_outcomes, bounded("-8/5"), R, "no more than -2"),
    Case("A* = A", sym.qutrit_character, bounded("-2"), R, "no more than -4"),
    Case("Z X = omega* X Z", sym.qutrit_words, bounded("-4"), R, "no more than -13 - 6"),
    Case("no character", sym.qutrit_words, bounded("-5"), R, "no more than -13 - 6"),
    Case("the conjugate character", sym.qutrit_words, bounded("-22"), R, "no more than -13 - 6"),
    Case("products in the other order", sym.qutrit_words, bounded("-45/2"), R, "no more than -13 - 6"),
    Case("images of products of X and Z", sym.qutrit_words, bounded("-14"), R, "no more than -13 - 6"),
    Case("Z_ij without Z_ji", sym.qutrit_words, bounded("-13,-3"), R, "no more than -13 - 6"),
    Case("a conjugate value", sym.qutrit_words, bounded("-23"), R, "no more than -13 - 6"),
    Case("the conjugate Gram matrix", sym.qutrit_mirror, bounded("-47,-22"), R, "no more than -64 - 15"),
    Case("phases of an antiunitary one", sym.qutrit_mirror, bounded("-49,-20"), R, "no more than -64 - 15"),
    Case("phases of antiunitary products", sym.qutrit_mirror, bounded("-28,-6"), R, "no more than -64 - 15"),
    Case("L and its conjugate", sym.qutrit_mirror, bounded("-61,-16"), R, "no more than -64 - 15"),
    Case("the phase of a conjugate", sym.qutrit_mirror, bounded("-52,-17"), R, "no more than -64 - 15"),
]

CASES = [*GRAMMAR, *ROOTS, *SYMMETRIES, *BOUNDS]
ACCEPTED = [
    *(Case(name, example) for name, example in sym.VALID.items()),
    Case("a letter more of 64", lambda: trivial(words=[[alternating(64), "", ""]])),
    Case(
        "boxes with the same settings in another order", lambda: trivial(CROSSED, place=TWISTED, order=12, field=SQRT3)
    ),
    Case("affine outcomes", lambda: trivial(generator([0], [[0]], [[[1, 0, 3, 2]]]), place=FOUR)),
    Case("X and Z with signs", lambda: qubit([2, 0, 1], [1, 1, 1])),
    Case("K", lambda: qutrit([4, 1, 0], [0, 0, 2], antiunitary=True)),
    Case("a character that says nothing", sym.chsh_character, senseless()),
]

# What is right, what is wrong, and the case that a checker with the wrong text accepts.
ERRORS = [
    ("t = sum(self.n // p * b * c for (_, b)", "t = -sum(self.n // p * b * c for (_, b)", "Z X = omega* X Z"),
    ("image) - sign * self.commutator(", "image) - self.commutator(", "K for X and Z"),
    ("return self.power((0, strand), -1)", "return 0, self.power((0, strand), -1)[1]", "(X Z)* = X Z"),
    ("for i, k in reversed(strand))", "for i, k in strand)", "adjoint without its order"),
    ("tuple((i, -k % self.outcomes[i]) for", "tuple((i, k) for", "A* = A"),
    ("[(i, (j + k) % self.outcomes[i])] * ((j + k) % self.outcomes[i] > 0)", "[(i, j)]", "A A not 1"),
    ("t += s + more", "t += s", "images of products of X and Z"),
    ("v = sign * pow(c, -1, d)", "v = sign * c", "2 and its inverse"),
    ("v = sign * pow(c, -1, d)", "v = pow(c, -1, d)", "A to A*"),
    ("(sign * u + w * v) % n", "(sign * u + w) % n", "the shift of a multiple"),
    ("((sign * t + s) % n, w)", "((t + s) % n, w)", "phases of antiunitary products"),
    ("lambda h, g: basis.after(g, h)", "lambda h, g: basis.after(h, g)", "products in the other order"),
    ("pair = self.after(g, h), (s + t) % self.n", "pair = self.after(g, h), t", "a group without its powers"),
    ("((code & MASK) - s) % self.n", "(code & MASK) % self.n", "no character"),
    ("((code & MASK) - s) % self.n", "((code & MASK) + s) % self.n", "the conjugate character"),
    ("[times * c for c in part]", "part", "one of equal images"),
    ("-scale * (1 + (i < j)) * c", "-scale * c", "Z_ij without Z_ji"),
    ("gram.re[i][j] + gram.im[i][j]", "gram.re[j][i] + gram.im[j][i]", "the conjugate Gram matrix"),
    ("self.add(found, code, conjugated(part) if g.anti else part)", "self.add(found, code, part)", "Y to -Y"),
    ("power, conjugated(part) if conj else part)", "power, part)", "a conjugate value"),
    ("(-t - e if conj else t + e) % self.n", "(-t + e if conj else t + e) % self.n", "the phase of a conjugate"),
    ("(-e - u if anti else e - u)", "(-e + u if anti else e - u)", "phases of an antiunitary one"),
    ("(e - f if conj else f - e)", "(e - f)", "L and its conjugate"),
    ("if conj == other or self.own.setdefault(r, own) != own:", "if True:", "letters that are 0"),
    ("[c + e for c, e in zip(modulus(re", "[c for c, e in zip(modulus(re", "a real number for A"),
]

# What is right, what is wrong, and the valid example that a checker with the wrong text refuses.
REFUSALS = [
    ("self.settings[moved[0][0]][0] if moved else party", "party", sym.chsh),
    ("sum(g.letters[i][0] * k for", "sum(g.letters[i][0] for", sym.five_outcomes),
    ("a * b * (k * (k - 1) // 2)", "a * b * (k * (k + 1) // 2)", sym.paulis),
    ("(-t % self.n if g.anti else t)", "t", sym.qutrit_character),
    ("(-v * s * (self.n // d)", "(v * s * (self.n // d)", sym.two_parties),
    ("(-a * j * (self.n // d), place)", "(a * j * (self.n // d), place)", sym.two_parties),
    ("[-sum(map(prod", "[sum(map(prod", sym.two_parties),
    ("tuple((r - c) % p for r", "tuple((c - r) % p for r", sym.qutrit),
    ("lift(m, self.scenario.dims, view)", "lift(m, self.scenario.dims, 0)", sym.two_qubits),
    ("return prod(self.primes) * prod(", "return prod(", sym.steering),
    ("[(basis.adjoints, True), *", "[*", sym.five_outcomes),
    ("if r not in self.zero:", "if True:", sym.vanishing),
    ("if conj == other or self.own", "if self.own", sym.two_parties),
    ("if r in self.own else t", "if False else t", sym.paulis),
    ("mirror = (-t - self.own[r])", "mirror = (-t + self.own[r])", sym.qutrit_mirror),
    ("// gcd(basis.n, 4)]", "// basis.n]", sym.turned),
]
