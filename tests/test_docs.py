"""The documentation: the site builds without a warning, every block of every page runs and prints what the page says,
and the version is one.

What a block is, how it is run and how output is compared: `tests/documents.py`. That a link, a page or a public name
that does not exist fails the build is shown, too.
"""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import steeralg
from tests.documents import PAGES, ROOT, Session, blocks, matches, read

DOCS = ROOT / "docs"
SLOW = {
    "getting-started",
    "maps-and-witnesses",
    "negativity",
    "property-testing",
    "searching",
    "symmetry",
    "your-own-assemblage",
    "your-own-functional",
    "your-own-scenario",
}


def build(source: Path, target: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-n", "-d", str(target / "trees")]
    return subprocess.run([*command, str(source), str(target / "site")], capture_output=True, text=True)


@pytest.mark.slow
def test_the_site_builds_without_warnings_and_is_self_contained(tmp_path):
    done = build(DOCS, tmp_path)
    assert done.returncode == 0, done.stderr
    pages = {path.stem for path in (tmp_path / "site").glob("*.html")}
    assert {path.stem for path in PAGES} <= pages
    for path in (tmp_path / "site").rglob("*.html"):
        page = read(path)
        assert not re.findall(r"""<(?:script|link|img)[^>]*(?:src|href)=["'](?:https?:)?//[^"']*""", page), path
    certify = read(tmp_path / "site" / "generated" / "api-certificates.html")
    assert 'id="steeralg.certificates.membership.certify"' in certify
    assert "api-certificates.html#steeralg.certificates.membership.certify" in read(tmp_path / "site" / "index.html")


@pytest.mark.slow
def test_a_broken_reference_fails_the_build(tmp_path):
    source = tmp_path / "docs"
    shutil.copytree(DOCS, source, ignore=shutil.ignore_patterns("*.md", "generated", "_build", "__pycache__"))
    configuration = source / "conf.py"
    configuration.write_text(
        read(configuration)
        .replace("FOLDER = Path(__file__).resolve().parent\n", f"FOLDER = Path({str(DOCS)!r})\n")
        .replace("    generate.write_all", "    # generate.write_all")
    )
    page = "# A page\n\n`sa.certify_all`, [a page](nowhere.md), [a part](index.md#nowhere)\n"
    (source / "index.md").write_text(page)
    done = build(source, tmp_path)
    assert done.returncode != 0
    assert "there is no name sa.certify_all" in done.stderr
    assert "nowhere.md" in done.stderr and "'nowhere'" in done.stderr


@pytest.mark.parametrize(
    "page", [pytest.param(p, id=p.stem, marks=[pytest.mark.slow] if p.stem in SLOW else []) for p in PAGES]
)
def test_every_block_of_a_page_runs(page, tmp_path):
    session = Session(tmp_path)
    for block in blocks(read(page)):
        session.run(block, page.name)


def test_what_a_block_is():
    text = (
        "save it as `a.json`:\n\n```json\n1\n```\n\nno\n\n```python\nx = 2\n```\n\n```text\n\n```\n\n"
        "```sh\ncat a.json\n```\n"
    )
    found = blocks(text)
    assert [(b.language, b.line, b.output) for b in found[:2]] == [("json", 3, None), ("python", 9, "\n")]
    assert [b.language for b in blocks(text, "sh", "json")] == ["json", "sh"]


def test_blocks_share_a_folder_and_a_namespace_and_output_is_compared(tmp_path):
    text = (
        "saved as `a.json`:\n\n```json\n1\n```\n\n```python\nx = open('a.json').read()\n```\n\n"
        "```python\nprint(x, end='')\n```\n\n```text\n1\n```\n\n```sh\ncat a.json\n```\n\n```text\n2\n```\n"
    )
    session, found = Session(tmp_path), blocks(text)
    for block in found[:4]:
        session.run(block)
    (shell,) = blocks(text, "sh")
    with pytest.raises(AssertionError, match="line 19 prints"):
        session.run(shell)


@pytest.mark.parametrize(
    ("expected", "printed", "equal"),
    [("a\n", "a", True), ("a ... c", "a b c", True), ("a\n...\nd", "a\nb\nc\nd\n", True), ("a", "ab", False)],
)
def test_dots_stand_for_any_text(expected, printed, equal):
    assert matches(expected, printed) == equal


def test_the_version_is_one():
    project = tomllib.loads(read(ROOT / "pyproject.toml"))["project"]
    (cited,) = re.findall(r"^version: (\S+)$", read(ROOT / "CITATION.cff"), re.MULTILINE)
    latest = re.search(r"^## \[(\S+)\]", read(ROOT / "CHANGELOG.md"), re.MULTILINE)
    assert latest is not None
    assert project["version"] == steeralg.__version__ == cited == latest[1]


def test_the_licence_is_one():
    project = tomllib.loads(read(ROOT / "pyproject.toml"))["project"]
    assert project["license"] == "MIT" and read(ROOT / "LICENSE").startswith("MIT License\n")
    assert re.search(r"^license: MIT$", read(ROOT / "CITATION.cff"), re.MULTILINE)
    assert (ROOT / "steeralg" / "py.typed").exists() and "Typing :: Typed" in project["classifiers"]
