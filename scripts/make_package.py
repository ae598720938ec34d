"""The archives that an office PC unpacks and starts: Python, packages, app, start file.

    .venv/bin/python -m scripts.make_package [--system linux-x64 …] [--windows-python FILE] [--to dist]

Linux archives carry Debian's Python with Debian's C library, so an older UOS or Kylin runs them. They
are fetched with apt, so this needs Debian 12, and npm for esbuild. No package registry that we know
of carries an official Python for Windows: without ``--windows-python`` (the embeddable zip or the
installer of Python 3.13) the archive's start file asks for the installer, which 安装说明 names. Prints
each archive's size.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from scripts.transpile_front import transpile

ROOT = Path(__file__).resolve().parents[1]
FILES = Path(__file__).parent / "package_files"
NAME = "工作计划看板"
APP_FILES = ["app.py", "pages", "lib", "data", ".streamlit", "docs", "README.md", "README.zh-CN.md"]
DEBIAN_PACKAGES = [
    *("python3.11-minimal", "libpython3.11-minimal", "libpython3.11-stdlib"),
    *("libc6", "libcrypt1", "libgcc-s1", "libstdc++6", "zlib1g", "libbz2-1.0", "liblzma5"),
    *("libexpat1", "libffi8", "libsqlite3-0", "libssl3", "libuuid1"),
]
NEEDLESS = [
    "bin",
    "etc",
    "share",
    "pandas/tests",
    "pyarrow/include",
    "pyarrow/tests",
    "streamlit/.agents",
]
"""Tests, headers and extras that packages bring along."""


@dataclass(frozen=True)
class System:
    """What an archive is for: the names that uv and Debian have for it, and its Python."""

    wheels: str
    python: str
    needs: str
    start: str
    debian: str = ""


SYSTEMS = {
    "windows-x64": System(
        "x86_64-pc-windows-msvc", "3.13", "Windows 10、11，64位。", "启动看板.bat"
    ),
    "linux-x64": System(
        *("x86_64-manylinux_2_28", "3.11", "64位 Linux（统信 UOS、银河麒麟等），x86 处理器。"),
        *("启动看板.sh", "amd64"),
    ),
    "linux-arm64": System(
        *("aarch64-manylinux_2_28", "3.11", "64位 Linux（统信 UOS、银河麒麟等），ARM 处理器。"),
        *("启动看板.sh", "arm64"),
    ),
}


def main() -> None:
    """Build the archives and print their sizes."""
    parser = argparse.ArgumentParser(prog="python -m scripts.make_package", description=__doc__)
    parser.add_argument("--system", nargs="+", choices=SYSTEMS, default=list(SYSTEMS))
    parser.add_argument(
        "--windows-python", type=Path, help="the embeddable zip or the installer of Python 3.13"
    )
    parser.add_argument("--to", type=Path, default=ROOT / "dist")
    options = parser.parse_args()
    options.to.mkdir(exist_ok=True)
    for name in options.system:
        with tempfile.TemporaryDirectory(dir=options.to) as scratch:
            folder = lay_out(name, Path(scratch) / NAME, options.windows_python)
            unpacked = size(folder)
            archive = pack(folder, options.to / f"{NAME}-{name}")
        packed = archive.stat().st_size / 1e6
        print(f"{archive}: {packed:.0f} MB, unpacked {unpacked:.0f} MB")


def lay_out(name: str, folder: Path, windows_python: Path | None = None) -> Path:
    """Write everything that an archive holds into a new folder; return it."""
    system = SYSTEMS[name]
    program = folder / f"program-{version()}"
    copy_app(program / "app")
    install(system, program / "site-packages")
    if system.debian:
        fetch_python(system.debian, program / "python")
    elif windows_python is not None and windows_python.suffix == ".zip":
        shutil.unpack_archive(windows_python, program / "python")
    elif windows_python is not None:
        shutil.copy(windows_python, folder)
    write_start_files(
        system, folder, program, asks_for_python=name == "windows-x64" and windows_python is None
    )
    return folder


def version() -> str:
    """Return the time of the commit: later versions sort behind earlier ones."""
    return output("git", "log", "-1", "--format=%cd", "--date=format:%Y%m%d-%H%M").strip()


def copy_app(target: Path) -> None:
    """Copy what git knows of the app: no journal, account or draft of this machine."""
    for name in output("git", "ls-files", "-z", "--", *APP_FILES).rstrip("\0").split("\0"):
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, target / name)


def install(system: System, target: Path) -> None:
    """Unpack the wheels of another system, in the versions that were tested."""
    run(
        *(sys.executable, "-m", "uv", "pip", "install", "--quiet", "--no-config"),
        *("--target", target, "--link-mode", "copy", "--only-binary", ":all:"),
        *("--python-platform", system.wheels, "--python-version", system.python),
        *("-r", ROOT / "requirements.txt", "-c", ROOT / "constraints.txt"),
    )
    for name in NEEDLESS:
        shutil.rmtree(target / name, ignore_errors=True)
    transpile(target)


def fetch_python(architecture: str, target: Path) -> None:
    """Unpack Debian's Python and the libraries that it needs.

    apt keeps a list of its own for the architecture, so this machine's packages stay as they are.
    """
    with tempfile.TemporaryDirectory() as scratch:
        state = Path(scratch)
        for place in ("lists/partial", "archives/partial", "packages"):
            (state / place).mkdir(parents=True)
        (state / "status").touch()
        settings = {
            "APT::Architecture": architecture,
            "APT::Architectures": architecture,
            "APT::Sandbox::User": "root",
            "Dir::State::Lists": state / "lists",
            "Dir::State::status": state / "status",
            "Dir::Cache": state,
        }
        apt = ["apt-get", "-qq", *(f"-o{key}={value}" for key, value in settings.items())]
        run(*apt, "update")
        run(*apt, "download", *DEBIAN_PACKAGES, cwd=state / "packages")
        for package in sorted((state / "packages").glob("*.deb")):
            run("dpkg-deb", "--extract", package, target)
    for path in target.rglob("*"):
        if path.is_symlink() and path.readlink().is_absolute():  # would be the office's own file
            path.unlink()


def write_start_files(
    system: System, folder: Path, program: Path, *, asks_for_python: bool
) -> None:
    """Write the start file and 安装说明, in the line ends and encoding that the system expects."""
    shutil.copy(FILES / "start.py", program)
    windows = not system.debian
    start = (FILES / ("start.bat" if windows else "start.sh")).read_text(encoding="utf-8")
    # cmd reads a file in the code page of a Chinese Windows, and jumps only within CRLF lines.
    write(folder / system.start, start, windows, "gbk" if windows else "utf-8")
    (folder / system.start).chmod(0o755)
    python = (
        "  2. 准备一样东西：Python 3.13 的安装文件 python-3.13.*-amd64.exe（Python 官网下载，约 28 MB，\n"
        "     Windows installer 64-bit），放进解压出来的这个文件夹。启动时自动装在本文件夹里，\n"
        "     不改动电脑的其他地方。已装有 Python 3.13 的不需要。\n"
    )
    words = (
        (FILES / "安装说明.txt")
        .read_text(encoding="utf-8")
        .format(
            system=system.needs,
            unpacked=f"{size(folder):.0f}",
            python=python if asks_for_python else "",
            number=3 if asks_for_python else 2,
            start=system.start,
            program=program.name,
            version=version(),
        )
    )
    write(folder / "安装说明.txt", words, windows, "utf-8-sig" if windows else "utf-8")


def write(path: Path, words: str, windows: bool, encoding: str) -> None:
    """Write a text with CRLF for Windows."""
    path.write_text(words, encoding=encoding, newline="\r\n" if windows else "\n")


def pack(folder: Path, target: Path) -> Path:
    """Pack a folder under its own name: zip for Windows, else a .tar.gz, which keeps what may run."""
    if (folder / SYSTEMS["windows-x64"].start).exists():
        archive = target.with_name(f"{target.name}.zip")
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as content:
            for path in sorted(folder.rglob("*")):
                content.write(path, path.relative_to(folder.parent))
        return archive
    archive = target.with_name(f"{target.name}.tar.gz")
    with tarfile.open(archive, "w:gz", compresslevel=6) as content:
        content.add(folder, folder.name, filter=owned_by_nobody)
    return archive


def owned_by_nobody(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Forget who built the archive."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


def size(folder: Path) -> float:
    """Return the bytes below a folder, in MB."""
    return sum(path.lstat().st_size for path in folder.rglob("*")) / 1e6


def output(*command: str) -> str:
    """Return what a command prints."""
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def run(*command: str | Path, cwd: Path = ROOT) -> None:
    """Run a command; what it prints is shown."""
    subprocess.run(command, cwd=cwd, check=True)


if __name__ == "__main__":
    main()
