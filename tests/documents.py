"""Documents as programs: the blocks of the README and of the pages in docs/, run in their order in one folder.

    ```json      is saved, if the text since the block before it says so: "save it as `name.json`"
    ```sh        is run by a shell that stops at the first error, `steeralg` and `python3` being those of the tests
    ```python    is run; all blocks of a document share one namespace
    ```text      right after a block that is run, with nothing but blank lines between, is what that block prints;
                 "..." stands for any text, line ends included

Every other block is for reading.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted((ROOT / "docs").glob("*.md"))
FENCE = re.compile(r"^```(\S*)[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SAVED = re.compile(r"\b[Ss]aved?\b[^`]*`([\w.-]+\.json)`")


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its text, the number of the line above its text, and what it is to print."""

    language: str
    text: str
    line: int
    before: str
    output: str | None


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def blocks(text: str, *languages: str) -> list[Block]:
    """The blocks of a document, of all languages if none is named."""
    return [block for block in _blocks(text) if not languages or block.language in languages]


def _blocks(text: str) -> Iterator[Block]:
    found, end = list(FENCE.finditer(text)), 0
    for number, match in enumerate(found):
        following = found[number + 1] if number + 1 < len(found) else None
        output = None
        if following is not None and following[1] == "text" and not text[match.end() : following.start()].strip():
            output = following[2]
        line = text.count("\n", 0, match.start()) + 1
        yield Block(match[1], match[2], line, text[end : match.start()], output)
        end = match.end()


def matches(expected: str, printed: str) -> bool:
    """Whether a text is the expected one, in which "..." stands for any text."""
    pattern = ".*?".join(map(re.escape, expected.strip().split("...")))
    return re.fullmatch(pattern, printed.strip(), re.DOTALL) is not None


@dataclass
class Session:
    """A folder in which a document's blocks are run one after the other."""

    folder: Path
    namespace: dict[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        (self.folder / "proofs").symlink_to(ROOT / "proofs")
        tools = self.folder / ".bin"
        tools.mkdir()
        for name, target in (("python3", ""), ("steeralg", " -m steeralg.cli")):
            script = tools / name
            script.write_text(f'#!/bin/sh\nexec "{sys.executable}"{target} "$@"\n')
            script.chmod(0o755)

    def shell(self, command: str) -> subprocess.CompletedProcess[str]:
        path = f"{self.folder / '.bin'}:{os.environ['PATH']}"
        environment = os.environ | {"PATH": path, "PYTHONPATH": str(ROOT), "COLUMNS": "100"}
        return subprocess.run(["sh", "-ec", command], cwd=self.folder, env=environment, capture_output=True, text=True)

    def run(self, block: Block, name: str = "document") -> str:
        """Save or run a block and return what it prints. Fails if it fails, or prints something else than it should."""
        printed = ""
        if block.language == "json" and (saved := SAVED.findall(block.before)):
            (self.folder / saved[-1]).write_text(block.text, encoding="utf-8")
        elif block.language == "sh":
            done = self.shell(block.text)
            assert done.returncode == 0, f"{name}, line {block.line}: {done.stdout}{done.stderr}"
            printed = done.stdout
        elif block.language == "python":
            printed = self.python(block, name)
        if block.output is not None and block.language in ("sh", "python"):
            assert matches(block.output, printed), f"{name}, line {block.line} prints\n{printed}"
        return printed

    def python(self, block: Block, name: str) -> str:
        """Run a block in the folder; tracebacks show the lines of the document."""
        code = compile("\n" * block.line + block.text, name, "exec")
        with contextlib.chdir(self.folder), contextlib.redirect_stdout(io.StringIO()) as printed:
            exec(code, self.namespace)
        return printed.getvalue()
