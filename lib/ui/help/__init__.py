"""The Chinese texts of the 使用说明 page, which the app reads at run time.

``help.md`` says how to use the dashboard, ``rules.md`` how its figures come about. They are read by
viewers inside the app and by people in the repository, so they stay plain Markdown.
"""

from __future__ import annotations

from pathlib import Path

_FOLDER = Path(__file__).parent


def text(name: str) -> str:
    """Return a help text as Markdown.

    Args:
        name: ``"help"`` or ``"rules"``.

    Raises:
        FileNotFoundError: if there is no such text.
    """
    return (_FOLDER / f"{name}.md").read_text(encoding="utf-8")
