"""What the README and `docs/` show works: Python runs from top to bottom, command lines end well, outputs are the real ones."""

from __future__ import annotations

import ast
import contextlib
import io
import re
import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from contentfilter.cli import main

ROOT = Path(__file__).resolve().parent.parent


def blocks(page: str) -> list[tuple[str, int, str]]:
    """Language, lines above, content of each fenced block."""
    text = (ROOT / page).read_text(encoding="utf-8")
    found = re.finditer(r"^```(\w+)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [(match[1], text.count("\n", 0, match.start(2)), match[2]) for match in found]


READMES = ("README.md", "README.vi.md")
PAGES = {page: blocks(page) for page in (*READMES, *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")))}
PYTHON = {
    page: [(above, content) for language, above, content in found if language == "python"]
    for page, found in PAGES.items()
    if any(language == "python" for language, _, _ in found)
}
_SERVING = "contentfilter playground"
"""Serves until it is stopped; tests/playground starts it."""
COMMANDS = {
    page: [
        line
        for language, _, content in found
        if language == "sh"
        for line in content.splitlines()
        if line.startswith("contentfilter ") and not line.startswith(_SERVING)
    ]
    for page, found in PAGES.items()
}


@pytest.fixture
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, page: str) -> Path:
    """A folder with `examples/` and the files that the page shows: blocks of YAML and CSV that begin with their name as a comment."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    for language, _, content in PAGES[page]:
        if language in ("yaml", "csv") and (name := re.match(r"# ([\w.]+)\n", content)):
            (tmp_path / name[1]).write_text(content if language == "yaml" else content[name.end() :], encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def expected_output(lines: list[str]) -> str | None:
    """What a statement should print, told behind or under it: `# → first line`, then lines of `#   more`; "…" is any text.

    >>> expected_output(["print(1)  # → 1", "", "# a remark"])
    '1'
    >>> expected_output(["show()", "# → one", "#   two"])
    'one\\ntwo'
    """
    for number, line in enumerate(lines):
        _, arrow, first = line.partition("# → ")
        if arrow:
            rest = []
            for more in lines[number + 1 :]:
                if not more.startswith("#   "):
                    break
                rest.append(more.removeprefix("#   "))
            return "\n".join([first, *rest])
    return None


def agrees(expected: str, printed: str) -> bool:
    """Are they the same, where "…" stands for any text?"""
    return re.fullmatch(".*".join(map(re.escape, expected.split("…"))), printed, re.DOTALL) is not None


@pytest.mark.usefixtures("workplace")
@pytest.mark.parametrize("page", PYTHON)
def test_python_snippets_run_and_print_what_they_show(page: str) -> None:
    namespace: dict[str, object] = {"__name__": "page"}
    checked = 0
    for above, content in PYTHON[page]:
        lines = content.splitlines()
        body = ast.parse(content).body
        for statement, following in zip(body, [*body[1:], None], strict=True):
            end = statement.end_lineno or statement.lineno
            expected = expected_output(lines[end - 1 : following.lineno - 1 if following else len(lines)])
            ast.increment_lineno(statement, above)  # a traceback then names the page's own line
            code = compile(ast.Module([statement], []), str(ROOT / page), "exec")
            with contextlib.redirect_stdout(io.StringIO()) as printed:
                exec(code, namespace)
            if expected is not None:
                checked += 1
                found = printed.getvalue().removesuffix("\n")
                assert agrees(expected, found), f"{page}:{above + end}: expected {expected!r}, printed {found!r}"
    assert checked == sum("# → " in line for _, content in PYTHON[page] for line in content.splitlines())


@pytest.mark.usefixtures("workplace")
@pytest.mark.parametrize("page", [page for page, commands in COMMANDS.items() if commands])
def test_command_lines_end_well(page: str) -> None:
    for command in dict.fromkeys(COMMANDS[page]):  # in order: one reads what another wrote
        outcome = CliRunner().invoke(main, shlex.split(command)[1:])
        assert outcome.exit_code == 0, f"{command}: {outcome.output}"
        assert outcome.output, command


def test_there_is_something_to_check() -> None:
    assert len(PYTHON["README.md"]) >= 5
    assert {command.split()[1] for commands in COMMANDS.values() for command in commands} >= {"check", "score", "report", "rules"}


@pytest.mark.parametrize("page", READMES)
def test_one_command_scores_and_one_tests(page: str) -> None:
    shell = [content for language, _, content in PAGES[page] if language == "sh"]
    setups = [line for content in shell for line in content.splitlines() if " -m venv " in line]
    assert len(setups) == 2
    assert "contentfilter score examples/comments.txt" in setups[0]
    assert setups[1].endswith("python -m pytest -n 2 --dist worksteal")
