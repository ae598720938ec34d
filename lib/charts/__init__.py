"""Figures of the dashboard as plotly charts: one notation for plan, actual and status.

Actual is solid, plan is hollow (IBCS: told apart by fill, not by hue). Colours of states come
from `lib.core.status` alone. A chart's title is its finding in words.
"""

from lib.charts.base import DARK, LIGHT, Chart, Palette
