"""``python -m benchmarks``: measure, print a table, write JSON.

``--only`` names parts (``--help`` lists them); ``--runs`` is how often each page is opened. Everything
runs on this machine and on copies of the data.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Callable
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from benchmarks import (
    incremental,
    limits,
    national,
    pages,
    papers,
    peers,
    profile,
    province,
    rollup,
    sessions,
    start,
    submission,
    tricks,
    upload,
    viewers,
)
from tests.browser.harness import PAGES
from tests.shipped import copy_data

LIBRARIES = ("streamlit", "pandas", "pyarrow", "plotly", "polars", "duckdb")


def machine() -> dict[str, Any]:
    """Return what the figures were measured on."""
    chips = Path("/proc/cpuinfo").read_text().splitlines() if os.name == "posix" else []
    chip = next((line.split(":")[1].strip() for line in chips if "model name" in line), "")
    return {
        "time": datetime.now().astimezone().isoformat(timespec="seconds"),
        "processor": chip or platform.processor(),
        "cores": os.cpu_count(),
        "load_before": os.getloadavg()[0],
        "python": platform.python_version(),
        **{name: metadata.version(name) for name in LIBRARIES},
    }


def scale(data: Path, log: Path, runs: int) -> dict[str, Any]:
    """Return the figures of a folder with every paired county."""
    rows = national.build(data)
    charts = {path: PAGES[path] for path in (*pages.CHARTS, "/portfolio")}
    return {"reports": rows, **pages.run(data, log, runs, charts)}


def many_plans(data: Path) -> dict[str, Any]:
    """Return what every paired county's plan costs at the first look, and one submission after it."""
    national.build(data)
    return incremental.run(data)


# By name: what measures a copy of the data folder, with a log file and runs of each page.
PARTS: dict[str, Callable[[Path, Path, int], Any]] = {
    "papers": lambda *_: papers.run(),
    "rollup": lambda *_: rollup.run(),
    "province": lambda *_: province.run(),
    "upload": lambda *_: upload.run(),
    "limits": lambda *_: limits.run(),
    "submission": lambda data, *_: submission.run(data),
    "start": lambda data, log, _: start.run(data, log),
    "sessions": lambda data, log, _: sessions.run(data, log),
    "viewers": lambda data, log, _: viewers.run(data, log),
    "pages": pages.run,
    "tricks": tricks.run,
    "peers": peers.run,
    "scale": scale,
    "plans": lambda data, *_: many_plans(data),
    "profile": lambda data, log, _: profile.run(data, log),
}


def measure(part: str, scratch: Path, runs: int) -> Any:
    """Return the figures of one part."""
    data, log = scratch / part, scratch / f"{part}.log"
    copy_data(data)
    return PARTS[part](data, log, runs)


def table(rows: list[dict[str, Any]]) -> str:
    """Return rows as a Markdown table."""
    names = list(rows[0])
    lines = ["| " + " | ".join(names) + " |", "|" + "---|" * len(names)]
    lines += ["| " + " | ".join(_cell(row[name]) for name in names) + " |" for row in rows]
    return "\n".join(lines)


def _cell(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, float):
        return str(value)
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def tables(name: str, figures: Any) -> list[str]:
    """Return a part's figures as titled tables."""
    if isinstance(figures, list):
        return [f"\n## {name}\n\n{table(figures)}"]
    flat = {key: value for key, value in figures.items() if not isinstance(value, list | dict)}
    shown = [f"\n## {name}\n\n{table([flat])}"] if flat else []
    for key, value in figures.items():
        if isinstance(value, list | dict):
            shown += tables(f"{name}: {key}", value)
    return shown


def main() -> int:
    """Measure the parts asked for; print their tables and write all figures as JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=[*PARTS])
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--json", type=Path, help="file for all figures")
    options = parser.parse_args()
    result: dict[str, Any] = {"machine": machine()}
    print("\n".join(tables("machine", result["machine"])), flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        for part in options.only:
            result[part] = measure(part, Path(scratch), options.runs)
            print("\n".join(tables(part, result[part])), flush=True)
    if options.json:
        options.json.write_text(json.dumps(result, ensure_ascii=False, indent=2) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
