"""The files for servers: how closed the unit is, and that nginx takes the example with TLS."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from tests.conftest import ROOT

DEPLOY = ROOT / "deploy"
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze")
def test_the_unit_is_closed():
    command = ["systemd-analyze", "security", "--offline=true", "dashboard@.service"]
    done = subprocess.run(command, cwd=DEPLOY, capture_output=True, text=True, check=False)
    exposure = re.search(r"exposure level for \S+: ([\d.]+)", done.stdout + done.stderr)
    assert exposure
    assert float(exposure[1]) <= 3.0


def test_what_it_writes_is_its_own_users():
    assert "\nUMask=0077\n" in (DEPLOY / "dashboard@.service").read_text(encoding="utf-8")


@pytest.mark.skipif(NGINX is None or shutil.which("openssl") is None, reason="no nginx or openssl")
def test_nginx_takes_the_example_with_tls(tmp_path):
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
    made += ["-nodes", "-subj", "/CN=plan.example.cn", "-keyout", key, "-out", certificate]
    subprocess.run(made, capture_output=True, check=True)
    text = (DEPLOY / "nginx-tls.conf").read_text(encoding="utf-8")
    text = text.replace("/etc/ssl/plan.example.cn.pem", str(certificate))
    text = text.replace("/etc/ssl/private/plan.example.cn.key", str(key))
    conf = tmp_path / "nginx.conf"
    conf.write_text(f"pid {tmp_path}/pid;\nevents {{}}\nhttp {{\n{text}}}\n", encoding="utf-8")
    command = [NGINX, "-t", "-c", conf, "-p", tmp_path, "-e", tmp_path / "log"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_under_tls_nothing_crosses_in_clear():
    text = (DEPLOY / "nginx-tls.conf").read_text(encoding="utf-8")
    assert 'add_header Strict-Transport-Security "max-age=31536000' in text
    for name in ("nginx.conf", "nginx-tls.conf"):
        shared = (DEPLOY / name).read_text(encoding="utf-8")
        assert 'https   "; Secure"' in shared
        assert "proxy_set_header Host $http_host;" in shared
