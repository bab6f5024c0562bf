"""The public names: what the stub lists is what the package has, and every name can be loaded."""

import ast
import importlib
from pathlib import Path

import steeralg as sa

STUB = Path(sa.__file__).with_suffix(".pyi")


def listed():
    """The `__all__` of the stub."""
    for node in ast.parse(STUB.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and node.targets[0].id == "__all__":
            return ast.literal_eval(node.value)
    return None


def test_the_stub_lists_what_there_is():
    assert len(listed()) == len(set(listed()))
    assert set(listed()) == set(sa.__all__) <= set(dir(sa))


def test_every_name_can_be_loaded():
    for name in listed():
        assert getattr(sa, name) is not None


def test_modules_that_are_public_names_are_imported_by_their_package():
    """A name is loaded as an attribute: a module that nobody has imported yet is none."""
    for node in ast.parse(STUB.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom) and node.level:
            package = importlib.import_module(f"steeralg.{node.module}" if node.module else "steeralg")
            if node.module and hasattr(package, "__path__"):
                assert {alias.name for alias in node.names} <= set(package.__all__)
