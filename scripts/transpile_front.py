"""Streamlit's own scripts in the syntax of older browsers, in place: Chromium 80, Safari 15.4.

    .venv/bin/python -m scripts.transpile_front [SITE_PACKAGES]

Once after Streamlit is installed; ``make package`` does it for its archives. esbuild comes from npm
(no package on PyPI lets its target be said). What older browsers lack besides syntax is added by
``lib/web/cannot_open.js``, which asks for newer ones as long as this has not been run.
"""

from __future__ import annotations

import argparse
import platform
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

import streamlit

from lib.web.html_head import TRANSPILED

ESBUILD = "0.28.2"
TARGET = "chrome80,safari15.4"
ARCHITECTURES = {"x86_64": "linux-x64", "aarch64": "linux-arm64"}


def main() -> None:
    """Transpile the Streamlit of an environment."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.transpile_front",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    here = Path(streamlit.__file__).parents[1]
    parser.add_argument("site_packages", type=Path, nargs="?", default=here)
    print(f"{transpile(parser.parse_args().site_packages)} scripts: {TARGET}")


def transpile(site_packages: Path) -> int:
    """Rewrite the scripts of the Streamlit below a folder; return how many there are.

    Raises FileNotFoundError where npm is not installed, CalledProcessError where esbuild refuses.
    """
    static = site_packages / "streamlit" / "static"
    scripts = sorted((static / "static" / "js").glob("*.js"))
    with tempfile.TemporaryDirectory(dir=static) as scratch:
        made = Path(scratch) / "made"
        subprocess.run(
            [
                esbuild(Path(scratch)),
                *scripts,
                f"--target={TARGET}",
                f"--outdir={made}",
                *("--minify-whitespace", "--charset=utf8", "--log-level=error"),
            ],
            check=True,
        )
        for script in scripts:  # replaced, not written over: an installer may share its files
            (made / script.name).replace(script)
    (static / TRANSPILED).write_text(f"{TARGET}\n", encoding="utf-8")
    return len(scripts)


def esbuild(folder: Path) -> Path:
    """Fetch esbuild's program for this machine into a folder; return its path."""
    name = f"@esbuild/{ARCHITECTURES[platform.machine()]}@{ESBUILD}"
    return unpacked(name, folder) / "bin" / "esbuild"


def unpacked(package: str, folder: Path) -> Path:
    """Fetch a package of npm into an empty folder; return the folder of its files."""
    npm = shutil.which("npm")
    if npm is None:
        raise FileNotFoundError("npm is needed to fetch packages (apt install npm)")
    subprocess.run([npm, "pack", "--silent", package], cwd=folder, check=True, capture_output=True)
    (archive,) = folder.glob("*.tgz")
    with tarfile.open(archive) as content:
        content.extractall(folder, filter="data")
    return folder / "package"


if __name__ == "__main__":
    main()
