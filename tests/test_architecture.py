"""The shape of the code: layers point one way, and a page is a short script."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from lib.ui.kit.navigation import PAGES

ROOT = Path(__file__).resolve().parents[1]
SCRIPTS = [*sorted((ROOT / "pages").glob("*.py")), ROOT / "app.py"]


def test_layers_point_one_way():
    command = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run(
        [command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


CORE = sorted((ROOT / "lib" / "core").glob("*.py"))


@pytest.mark.parametrize("module", CORE, ids=lambda path: path.name)
def test_the_core_reads_and_writes_no_file(module):
    tree = ast.parse(module.read_text(encoding="utf-8"))
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    called = {func.id for func in calls if isinstance(func, ast.Name)}
    called |= {func.attr for func in calls if isinstance(func, ast.Attribute)}
    touching = {"open", "Path", "read_text", "read_bytes", "write_text", "write_bytes"}
    touching |= {"read_csv", "to_csv", "read_excel", "to_excel", "read_parquet", "to_parquet"}
    assert not called & touching
    imported = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not imported & {"pathlib", "os", "shutil", "tempfile", "zipfile", "sqlite3"}


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_page_is_a_short_script_over_the_kit(script):
    text = script.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 80
    roots = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            roots |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            roots.add(str(node.module).split(".")[0])
    assert roots <= {"streamlit", "lib"}


@pytest.mark.parametrize("script", SCRIPTS[:-1], ids=lambda path: path.name)
def test_a_page_does_nothing_outside_of_its_frame(script):
    """A page run by itself would not have been asked who may see it (`lib.ui.kit.navigation.framed`)."""
    first = next(
        node
        for node in ast.parse(script.read_text(encoding="utf-8")).body[1:]
        if not isinstance(node, ast.Import | ast.ImportFrom)
    )
    assert {"navigation.framed()", "navigation.view()"} & {
        ast.unparse(node) for node in ast.walk(first) if isinstance(node, ast.Call)
    }


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_page_that_stops_early_leaves_the_frame_standing(script):
    """`st.stop` would end the frame as well: the filters, which are drawn after the page, would go."""
    nodes = ast.walk(ast.parse(script.read_text(encoding="utf-8")))
    assert "st.stop" not in {ast.unparse(one.func) for one in nodes if isinstance(one, ast.Call)}


def test_every_page_file_is_in_the_navigation():
    listed = {entry.file for entry in PAGES.values()}
    assert listed == {path.name for path in (ROOT / "pages").glob("*.py")}


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
@pytest.mark.parametrize(
    ("requirements", "command"),
    [("requirements.txt", "streamlit run app.py"), ("requirements-dev.txt", "python -m pytest")],
)
def test_the_readme_gives_the_lines_that_work(readme, requirements, command):
    lines = (ROOT / readme).read_text(encoding="utf-8").splitlines()
    install = f"pip install -q -r {requirements} -c constraints.txt"
    assert f"python3 -m venv .venv && .venv/bin/{install} && .venv/bin/{command}" in lines
    windows = f"py -3 -m venv .venv && .venv\\Scripts\\{install} && .venv\\Scripts\\{command}"
    assert windows in lines


def test_the_readmes_give_the_same_commands_and_open_with_the_same_pictures():
    english, chinese = (
        (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh-CN.md")
    )

    def commands(text):
        blocks = re.findall(r"^```(?:sh|bat)\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)
        lines = "".join(blocks).splitlines()
        return [re.sub(r"\s+#.*", "", line) for line in lines]

    assert commands(chinese) == commands(english)
    pictures = re.findall(r"!\[[^\]]+\]\((.*?)\)", english)
    assert re.findall(r"!\[[^\]]+\]\((.*?)\)", chinese) == pictures
    assert len(pictures) == 2
    for picture in pictures:
        assert 0 < (ROOT / picture).stat().st_size < 150_000


def test_private_names_of_streamlit_are_imported_in_one_place():
    """Types stand below `if TYPE_CHECKING`; names that run in `lib.ui.kit.streamlit_private`."""
    strangers = {}
    for module in (ROOT / "lib").rglob("*.py"):
        names = {
            str(node.module)
            for node in ast.parse(module.read_text(encoding="utf-8")).body
            if isinstance(node, ast.ImportFrom)
        }
        private = {name for name in names if name.startswith("streamlit.")} - {
            "streamlit.starlette"
        }
        if private:
            strangers[module.name] = private
    assert not strangers


def test_at_most_three_modules_lie_loose_in_lib():
    loose = [path.name for path in (ROOT / "lib").glob("*.py") if path.name != "__init__.py"]
    assert len(loose) <= 3


@pytest.mark.parametrize("name", ["title", "header", "subheader", "download_button"])
def test_headings_and_downloads_are_drawn_in_one_place(name):
    """There names of data are made text; Streamlit itself would read them as Markdown."""
    drawn = [
        path
        for path in [*(ROOT / "lib").rglob("*.py"), *SCRIPTS]
        if f"st.{name}(" in path.read_text("utf-8")
    ]
    assert [path.name for path in drawn] == ["elements.py"]
