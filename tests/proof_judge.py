"""A second, slow judge of proof files, sharing nothing with the checker: it evaluates instead of expanding.

Numbers are a + b sqrt2 with rational a, b. Words are replaced by exact rational projectors, so the identity of a bound
is tested as an equation between matrices; every subset of parties is summed out; positivity is decided by
characteristic polynomials. It only knows well-formed files over Q or Q(sqrt2).
"""

import random
from fractions import Fraction
from itertools import combinations, product


class Root2:
    """a + b sqrt2, or a - b sqrt2 by the sign of the embedding."""

    def __init__(self, a, b=0):
        self.a, self.b = Fraction(a), Fraction(b)

    def __add__(self, other):
        other = other if isinstance(other, Root2) else Root2(other)
        return Root2(self.a + other.a, self.b + other.b)

    def __mul__(self, other):
        other = other if isinstance(other, Root2) else Root2(other)
        return Root2(self.a * other.a + 2 * self.b * other.b, self.a * other.b + self.b * other.a)

    __radd__, __rmul__ = __add__, __mul__

    def __bool__(self):
        return bool(self.a or self.b)

    def sign(self):
        """By squares: a + b sqrt2 has the sign of the part with the larger square."""
        big = self.a if self.a**2 >= 2 * self.b**2 else self.b
        return (big > 0) - (big < 0)


def multiply(left, right):
    columns = list(zip(*right, strict=True))
    return [
        [sum((x * y for x, y in zip(row, column, strict=True) if x and y), 0) for column in columns] for row in left
    ]


def tensor(left, right):
    return [[x * y for x in row for y in other] for row in left for other in right]


def plus(left, right, factor=1):
    return [[x + factor * y for x, y in zip(*rows, strict=True)] for rows in zip(left, right, strict=True)]


def unit(n):
    return [[Fraction(i == j) for j in range(n)] for i in range(n)]


def real_form(value, sign):
    """A matrix of the format as a real symmetric one of twice the order: [[re, -im], [im, re]]."""
    n, scale = len(value["re"]), int(value["denominator"])

    def half(name, i, j):
        row = value[name][i].split(" ") if name in value and value[name][i] else [] if name in value else ["0"] * n
        parts = [Fraction(int(c), scale) for c in row[j].split(",")] + [0]
        return Root2(parts[0], sign * parts[1])

    re = [[half("re", max(i, j), min(i, j)) for j in range(n)] for i in range(n)]
    im = [
        [half("im", i, j) if j < i else -1 * half("im", j, i) if j > i else Root2(0) for j in range(n)]
        for i in range(n)
    ]
    top = [[*re[i], *(-1 * x for x in im[i])] for i in range(n)]
    return top + [[*im[i], *re[i]] for i in range(n)]


def positive(matrix):
    """All elementary symmetric functions of the eigenvalues are non-negative (Faddeev-LeVerrier)."""
    n = len(matrix)
    power, sign = [[Root2(i == j) for j in range(n)] for i in range(n)], 1
    for k in range(1, n + 1):
        product_ = multiply(matrix, power)
        trace = sum((product_[i][i] for i in range(n)), Root2(0)) * Fraction(1, k)
        if (sign * trace).sign() < 0:
            return False
        power, sign = plus(product_, [[trace * (i == j) for j in range(n)] for i in range(n)], -1), -sign
    return True


def projectors(counts, dim, rng):
    """For each number of outcomes, rational orthogonal projectors with sum 1, by reflections of the coordinate axes."""
    settings = []
    for count in counts:
        v = [Fraction(rng.randint(1, 9) * rng.choice((1, -1))) for _ in range(dim)]
        norm = sum(x * x for x in v)
        reflection = [[(i == j) - 2 * v[i] * v[j] / norm for j in range(dim)] for i in range(dim)]
        outcome = rng.sample([i % count for i in range(dim)], dim)
        blocks = [
            [[Fraction(i == j and outcome[i] == a) for j in range(dim)] for i in range(dim)] for a in range(count)
        ]
        settings.append([multiply(reflection, multiply(block, reflection)) for block in blocks])
    return settings


def identity_holds(scenario, functional, bound, blocks, sign, seed=0, dim=3):
    """F - bound 1 = sum of v* w (x) Z_vw for one random choice of projectors."""
    rng = random.Random(seed)
    boxes = [projectors(box["outcomes"], dim, rng) for box in scenario["black_boxes"]]
    d, size = scenario["trusted"][0]["dim"], dim ** len(boxes)

    def operator(strands):
        total = [[Fraction(1)]]
        for box, strand in zip(boxes, strands, strict=True):
            part = unit(dim)
            for letter in strand.split():
                a, x = map(int, letter.split("|"))
                part = multiply(part, box[x][a])
            total = tensor(total, part)
        return total

    total = tensor(unit(size), [[-bound * x for x in row] for row in unit(2 * d)])
    for key, value in functional.items():
        outcomes, settings = (part.split(",") for part in key.split("|"))
        word = [f"{a}|{x}" for a, x in zip(outcomes, settings, strict=True)]
        total = plus(total, tensor(operator(word), real_form(value, sign)))
    for block in blocks:
        operators, z, n = (
            [operator(word) for word in block["words"]],
            real_form(block["gram"], sign),
            len(block["words"]),
        )
        for i, j in product(range(n), repeat=2):
            adjoint = [list(column) for column in zip(*operators[i], strict=True)]
            rows, columns = ([m * n * d + k * d + t for m in (0, 1) for t in range(d)] for k in (i, j))
            total = plus(total, tensor(multiply(adjoint, operators[j]), [[z[r][c] for c in columns] for r in rows]), -1)
    return not any(map(any, total))


def valid_assemblage(scenario, elements, sign):
    """No-signalling for every non-empty subset of the boxes, trace 1, every element positive."""
    boxes = [box["outcomes"] for box in scenario["black_boxes"]]
    table = {}
    for key, value in elements.items():
        a, x = (tuple(map(int, part.split(","))) for part in key.split("|"))
        table[a, x] = real_form(value, sign)
    for size in range(1, len(boxes) + 1):
        for out in combinations(range(len(boxes)), size):
            seen = {}
            for x in product(*(range(len(box)) for box in boxes)):
                kept = [range(boxes[k][x[k]]) if k not in out else [None] for k in range(len(boxes))]
                for a in product(*kept):
                    full = [range(boxes[k][x[k]]) if k in out else [a[k]] for k in range(len(boxes))]
                    total = [table[b, x] for b in product(*full)]
                    for extra in total[1:]:
                        total[0] = plus(total[0], extra)
                    first = seen.setdefault((a, tuple(x[k] for k in range(len(x)) if k not in out)), total[0])
                    if any(map(any, plus(first, total[0], -1))):
                        return False
    if sum((total[0][i][i] for i in range(len(total[0]))), Root2(-2)):
        return False
    return all(map(positive, table.values()))


def judge(file) -> bool:
    """Whether the four steps of a postquantum proof hold, in the order in which the builders write them."""
    claim, steps = file["claim"], file["proof"]["steps"]
    objects = {**claim["objects"], **file["proof"]["objects"]}
    sign = -1 if claim["field"]["interval"][0].startswith("-") else 1
    statement = steps[1]["statement"]
    sigma, functional = (
        objects[steps[0]["statement"]["assemblage"]]["elements"],
        objects[statement["functional"]]["elements"],
    )
    bound, value = Fraction(statement["bound"]), Root2(0)
    for key, f in functional.items():
        f, s = real_form(f, sign), real_form(sigma[key], sign)
        value = value + sum((x * y for rows in zip(f, s, strict=True) for x, y in zip(*rows, strict=True)), Root2(0))
    blocks = steps[1]["blocks"]
    return (
        valid_assemblage(claim["scenario"], sigma, sign)
        and (value * Fraction(1, 2) + -bound).sign() < 0
        and all(positive(real_form(block["gram"], sign)) for block in blocks)
        and identity_holds(claim["scenario"], functional, bound, blocks, sign)
    )
