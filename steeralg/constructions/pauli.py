"""Pauli matrices as sympy matrices. Above: the papers. Below: nothing."""

from __future__ import annotations

from typing import Any

import sympy

ONE: Any = sympy.eye(2).as_immutable()
X: Any = sympy.ImmutableMatrix([[0, 1], [1, 0]])
Y: Any = sympy.ImmutableMatrix([[0, -sympy.I], [sympy.I, 0]])
Z: Any = sympy.ImmutableMatrix([[1, 0], [0, -1]])
