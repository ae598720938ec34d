"""The archives for an office PC: what they hold, how they start, how data survive an update."""

from __future__ import annotations

import csv
import importlib.util
import os
import re
import shutil
import socket
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from lib.store.database import database
from scripts import make_package
from scripts.make_package import FILES, NAME, ROOT, SYSTEMS

PE_AMD64, ELF_X64, ELF_ARM64 = b"\x64\x86", b"\x3e\x00", b"\xb7\x00"


@pytest.fixture
def laid_out(tmp_path, monkeypatch):
    """Lay out an archive without what is fetched from a registry."""
    monkeypatch.setattr(make_package, "install", lambda *_: None)
    monkeypatch.setattr(make_package, "fetch_python", lambda *_: None)
    return lambda name, python=None: make_package.lay_out(name, tmp_path / NAME, python)


@pytest.fixture
def start(tmp_path, monkeypatch):
    """The start program as a module, in an unpacked folder of its own."""
    spec = importlib.util.spec_from_file_location("start", FILES / "start.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    folders = {
        "DATA": "看板数据",
        "BACKUPS": "看板备份",
        "USED": "版本.txt",
        "PROGRAM": "program-1",
    }
    for name, folder in folders.items():
        monkeypatch.setattr(module, name, tmp_path / folder)
    monkeypatch.setattr(module, "APP", ROOT)
    return module


@pytest.mark.parametrize("name", SYSTEMS)
def test_an_archive_holds_the_tracked_app_and_nothing_of_this_machine(laid_out, name):
    folder = laid_out(name)
    (program,) = folder.glob("program-*")
    tracked = make_package.output("git", "ls-files", "-z", *make_package.APP_FILES).split("\0")
    files = {str(path.relative_to(program / "app")) for path in (program / "app").rglob("*")}
    assert {file for file in files if (program / "app" / file).is_file()} == set(tracked) - {""}
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        [program.name, SYSTEMS[name].start, "安装说明.txt"]
    )


def test_the_start_file_of_windows_is_read_by_a_chinese_windows(laid_out):
    content = (laid_out("windows-x64") / "启动看板.bat").read_bytes()
    assert content.count(b"\n") == content.count(b"\r\n") > 20
    text = content.decode("gbk")
    assert "不需要管理员权限" in text
    # Before the code page is set, and where cmd looks for its own signs, there is ASCII only.
    assert text.partition("chcp 936")[0].isascii()
    second_bytes = {char.encode("gbk")[1:] for char in text if not char.isascii()}
    assert not second_bytes & {b"\\", b"|", b"^"}
    for path in re.findall(r"%HERE%[^\s)]*|%PROGRAM%[^\s)]*", text):
        line = next(line for line in text.splitlines() if path in line)
        assert line.count('"') % 2 == 0  # a path with spaces stands in quotes
    assert not re.search(r"[a-z]:\\", text, flags=re.IGNORECASE)
    labels = set(re.findall(r"^:(\w+)", text, flags=re.MULTILINE))
    assert set(re.findall(r"(?:goto|call) :?(\w+)", text)) == labels


@pytest.mark.parametrize("name", SYSTEMS)
def test_the_page_of_instructions_names_what_is_there(laid_out, start, name):
    folder = laid_out(name)
    content = (folder / "安装说明.txt").read_bytes()
    windows = name == "windows-x64"
    assert content.startswith(b"\xef\xbb\xbf") == windows
    assert (b"\r\n" in content) == windows
    text = content.decode("utf-8-sig")
    assert len(text.splitlines()) <= 55  # one page
    for path in (start.DATA, start.BACKUPS, start.LOGS, folder / SYSTEMS[name].start):
        assert path.name in text
    assert "{" not in text
    assert ("Python 3.13" in text) == windows


def test_a_python_that_is_at_hand_goes_into_the_archive_of_windows(laid_out, tmp_path):
    embeddable = tmp_path / "python-embed-amd64.zip"
    with zipfile.ZipFile(embeddable, "w") as content:
        content.writestr("python.exe", "")
    folder = laid_out("windows-x64", embeddable)
    assert list(folder.glob("program-*/python/python.exe"))
    assert "Python 3.13" not in (folder / "安装说明.txt").read_text(encoding="utf-8-sig")


def test_the_start_file_of_linux_runs_the_newest_program_in_any_folder(laid_out, tmp_path):
    folder = laid_out("linux-x64")
    moved = folder.rename(tmp_path / "工作 计划 看板")
    start_file = moved / "启动看板.sh"
    assert os.access(start_file, os.X_OK)
    broken = subprocess.run([start_file], capture_output=True, text=True, cwd="/")
    assert (broken.returncode, "程序不完整" in broken.stderr) == (1, True)
    for version in ("program-20200101-0000", "program-29990101-0000"):
        loader = moved / version / "python/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2"
        loader.parent.mkdir(parents=True)
        loader.write_text('#!/bin/sh\nfor word; do echo "$word"; done\n')
        loader.chmod(0o755)
    answer = subprocess.run(
        [start_file, "--no-browser"], capture_output=True, text=True, check=True, cwd="/"
    )
    program = moved / "program-29990101-0000"
    assert answer.stdout.splitlines()[-3:] == ["utf8", f"{program}/start.py", "--no-browser"]


def test_data_survive_an_update_and_come_back_when_it_is_taken_back(start, monkeypatch):
    start.bring_data()
    assert (start.DATA / "plan.csv").exists()
    (start.DATA / "note.txt").write_text("reported", encoding="utf-8")
    start.bring_data()
    assert not start.BACKUPS.exists()  # the same version again
    monkeypatch.setattr(start, "PROGRAM", start.PROGRAM.with_name("program-2"))
    start.bring_data()
    (kept,) = start.BACKUPS.iterdir()
    assert (kept / "note.txt").read_text(encoding="utf-8") == "reported"
    start.DATA.rename(start.DATA.with_name("aside"))
    start.bring_data()
    assert (start.DATA / "note.txt").read_text(encoding="utf-8") == "reported"


def test_data_of_a_newer_program_are_left_alone_and_said(start, monkeypatch, capsys):
    start.bring_data()
    place = database(str(start.DATA))
    place.create(lambda *_: None)
    with place.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    monkeypatch.setattr(start, "PROGRAM", start.PROGRAM.with_name("program-0"))
    start.bring_data()
    assert "请升级本程序" in capsys.readouterr().out
    assert list(start.BACKUPS.iterdir()) == []


def test_a_second_folder_takes_the_next_port(start, monkeypatch):
    with socket.socket() as first:
        first.bind(("127.0.0.1", 0))
        first.listen()
        taken = first.getsockname()[1]
        monkeypatch.setattr(start, "PORTS", range(taken, taken + 20))
        assert start.free_port() > taken


def wheels(packages: Path) -> dict[str, Path]:
    """The installed wheels by name."""
    return {
        canonicalize_name(path.name.split("-")[0]): path for path in packages.glob("*.dist-info")
    }


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("name", "system", "machine"),
    [("windows-x64", "win32", PE_AMD64), ("linux-arm64", "linux", ELF_ARM64)],
)
def test_each_file_of_an_archive_is_for_its_system(tmp_path, name, system, machine):
    folder = make_package.lay_out(name, tmp_path / NAME)
    archive = make_package.pack(folder, tmp_path / name)
    shutil.rmtree(folder)
    shutil.unpack_archive(archive, tmp_path / "解压 后")
    (program,) = (tmp_path / "解压 后" / NAME).glob("program-*")
    packages = program / "site-packages"
    installed = wheels(packages)
    for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            requirement = Requirement(line)
            if not requirement.marker or requirement.marker.evaluate({"sys_platform": system}):
                assert canonicalize_name(requirement.name) in installed
    assert ("uvloop" in installed) == (system != "win32")
    for info in installed.values():
        tags = re.findall(r"^Tag: .*-(\S+)$", (info / "WHEEL").read_text(), flags=re.MULTILINE)
        ours = ("any", "win_amd64") if system == "win32" else ("any", "aarch64")
        assert any(tag.endswith(ours) for tag in tags), info.name
        for file, _, _ in csv.reader((info / "RECORD").read_text(encoding="utf-8").splitlines()):
            if not file.startswith((".", *(f"{place}/" for place in make_package.NEEDLESS))):
                assert (packages / file).exists(), file
    binaries = [path for path in program.rglob("*") if path.suffix in {".pyd", ".dll", ".so"}]
    assert len(binaries) > 100
    for path in binaries:
        content = path.read_bytes()[:4096]
        place = int.from_bytes(content[60:64], "little") + 4 if system == "win32" else 18
        assert content[place : place + 2] == machine, path
    assert system != "win32" or not list(program.rglob("*.so"))
    # Windows refuses longer paths; the folder that it is unpacked to has 100 characters left.
    longest = max(len(str(path.relative_to(program.parent.parent))) for path in program.rglob("*"))
    assert longest < 160


START = """
import subprocess, sys
subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
print(subprocess.run(["ip", "-brief", "link"], capture_output=True, text=True).stdout, flush=True)
server = subprocess.Popen([sys.argv[1], "--no-browser"], stdout=subprocess.DEVNULL, stderr=2, env={})
exec(sys.stdin.read())
server.terminate()
"""
ASK = """
import http.client, pathlib, time
log = pathlib.Path(sys.argv[1]).parent / "日志" / "看板.log"
for _ in range(600):
    if log.exists() and "看板已启动：ok" in log.read_text(encoding="utf-8"):
        break
    time.sleep(0.2)
connection = http.client.HTTPConnection("127.0.0.1", 8501)
connection.request("GET", "/plain?month=2018-09")
print(connection.getresponse().read().decode())
with open(f"/proc/{server.pid}/maps") as maps:
    print("libraries:", sorted({line.split(maxsplit=5)[5].strip() for line in maps if ".so" in line}))
"""


@pytest.mark.thorough
def test_an_archive_starts_without_network_and_without_home(tmp_path):
    if os.geteuid() or shutil.which("unshare") is None:
        pytest.skip("a network namespace needs root and unshare")
    folder = make_package.lay_out("linux-x64", tmp_path / NAME)
    archive = make_package.pack(folder, tmp_path / "linux-x64")
    shutil.rmtree(folder)
    place = tmp_path / "王主任 的文件夹"
    with tarfile.open(archive) as content:
        content.extractall(place, filter="data")
    start_file = place / NAME / "启动看板.sh"
    answer = subprocess.run(
        ["unshare", "--net", sys.executable, "-c", START, start_file],
        input=ASK,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert [line.split()[0] for line in answer.stdout.splitlines()[:1]] == ["lo"]
    assert "安康市紫阳县" in answer.stdout, answer.stderr
    libraries = re.findall(r"'(.*?)'", answer.stdout.partition("libraries:")[2])
    assert len(libraries) > 20
    assert [path for path in libraries if not path.startswith(str(place))] == []
    log = (place / NAME / "日志" / "看板.log").read_text(encoding="utf-8")
    assert "看板已启动：ok" in log
    assert "Traceback" not in log
