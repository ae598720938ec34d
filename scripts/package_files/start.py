"""Starts the dashboard of an unpacked archive: data beside it, a free port, the browser.

The archive's start file runs this with the Python that it found; `scripts.make_package` lays out the
folders. Nothing outside of the unpacked folder is written.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import os
import shutil
import site
import socket
import sys
import threading
import time
import webbrowser
from datetime import datetime
from pathlib import Path

PROGRAM = Path(__file__).resolve().parent
ROOT = PROGRAM.parent
APP = PROGRAM / "app"
DATA = ROOT / "看板数据"
BACKUPS = ROOT / "看板备份"
LOGS = ROOT / "日志"
USED = LOGS / "上次运行的版本.txt"
ADDRESS = LOGS / "地址.txt"
PORTS = range(8501, 8600)
START_SECONDS = 180


def main() -> int:
    """Start the dashboard and serve until the window is closed; 1 where it cannot start."""
    parser = argparse.ArgumentParser(description="启动工作计划看板")
    parser.add_argument("--no-browser", action="store_true", help="不打开浏览器")
    options = parser.parse_args()
    site.addsitedir(str(PROGRAM / "site-packages"))
    sys.path.insert(0, str(APP))
    from filelock import (
        FileLock,
        Timeout,
    )  # of the archive; Streamlit takes a folder of another name for a developer's checkout

    try:
        LOGS.mkdir(exist_ok=True)
    except OSError as error:
        say(
            f"不能在这个文件夹里写入：{ROOT}（{error.strerror}）。请把整个文件夹移到 D 盘或桌面再启动。"
        )
        return 1
    try:
        with FileLock(LOGS / "运行.lock", timeout=0):
            serve(open_browser=not options.no_browser)
    except Timeout:
        address = ADDRESS.read_text(encoding="utf-8") if ADDRESS.exists() else ""
        say(f"看板已在运行：{address}")
        if address and not options.no_browser:
            webbrowser.open(address)
    return 0


def serve(*, open_browser: bool) -> None:
    """Run the server in this process until it is stopped."""
    bring_data()
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    ADDRESS.write_text(address, encoding="utf-8")
    os.environ.setdefault("HOME", str(LOGS))  # a service or a kiosk may have none
    os.environ["PLAN_DATA_DIR"] = str(DATA)
    os.chdir(APP)
    say(f"正在启动，约需半分钟。地址：{address}　关闭本窗口，看板即停止。")
    threading.Thread(target=announce, args=(port, open_browser), daemon=True).start()
    write_into_log()
    from streamlit.web.cli import main as streamlit

    sys.argv = ["streamlit", "run", "app.py", "--server.port", str(port)]
    sys.argv += ["--server.address", "127.0.0.1", "--server.headless", "true"]
    with contextlib.suppress(KeyboardInterrupt):
        streamlit()


def bring_data() -> None:
    """Make the data folder, and keep a copy of it before another version uses it.

    Where there is no data folder but a copy, the newest copy is brought back: that is how an update
    is taken back whose version has changed the data.
    """
    from lib.store import StoreError
    from lib.store.clock import use_office_time
    from lib.store.database import database

    use_office_time()
    copies = sorted(BACKUPS.glob("20*"))
    if not DATA.exists():
        copy_folder(copies[-1] if copies else APP / "data", DATA)
        if copies:
            say(f"已由备份恢复数据：{copies[-1].name}")
    elif USED.exists() and USED.read_text(encoding="utf-8") != PROGRAM.name:
        BACKUPS.mkdir(exist_ok=True)
        copy = BACKUPS / f"{datetime.now():%Y%m%d-%H%M%S}"
        copy_folder(DATA, copy)
        try:
            place = database(str(DATA))
            if place.exists:
                place.migrate()
            say(f"换用另一版程序：数据已备份到 {BACKUPS.name}/{copy.name}")
        except StoreError as error:  # of a newer version: nothing was changed
            shutil.rmtree(copy)
            say(f"{error}。要退回旧版的数据：把「{DATA.name}」改名，再启动，即由备份恢复。")
    USED.write_text(PROGRAM.name, encoding="utf-8")


def copy_folder(source: Path, target: Path) -> None:
    """Copy a folder that nobody writes; half a copy never has the target's name."""
    unfinished = target.with_name(f"未完成-{target.name}")
    shutil.rmtree(unfinished, ignore_errors=True)
    shutil.copytree(source, unfinished)
    unfinished.rename(target)


def free_port() -> int:
    """Return the first free port: mostly the same, so that a bookmark stays right."""
    for port in PORTS:
        with socket.socket() as probe, contextlib.suppress(OSError):
            if os.name == "posix":  # as the server does: its own connections that wait do not count
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return port
    raise SystemExit(f"{PORTS[0]} 到 {PORTS[-1]} 的端口都被占用。请关闭其他看板，或重启电脑。")


def announce(port: int, open_browser: bool) -> None:
    """Write into the log that the server answers, and open the browser."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        with contextlib.suppress(OSError):
            # Not urllib: it would ask the proxy that an office sets for everything.
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/_stcore/health")
            answer = connection.getresponse()
            if answer.status == http.client.OK:
                say(f"看板已启动：{answer.read().decode()}")
                if open_browser:
                    webbrowser.open(f"http://127.0.0.1:{port}")
                return
        time.sleep(0.3)
    say(f"{START_SECONDS}秒后仍没有启动。请把「日志」文件夹发给技术人员。")


def write_into_log() -> None:
    """Send everything that the server prints into the log; the log before is kept."""
    file = LOGS / "看板.log"
    if file.exists():
        file.replace(LOGS / "看板.上次.log")
    log = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for stream in (1, 2):
        os.dup2(log, stream)


def say(words: str) -> None:
    """Write to the window, and later to the log, with the time."""
    sys.stdout.write(f"{datetime.now():%Y-%m-%d %H:%M:%S}　{words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
