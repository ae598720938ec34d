"""The shape of the code: layers point one way, and a page is a short script."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from importlinter import api
from importlinter.application.sentinels import NotSupplied  # placeholder

ROOT = Path(__file__).resolve().parents[1]
