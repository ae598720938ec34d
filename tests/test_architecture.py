"""The shape of the code: layers point one way, and a page is a short script."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
