"""Tables on a page and their downloads."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from lib.core import months
from lib.files import csv_tables
from lib.ui.kit.elements import download_file
from lib.ui.kit.view import view_or_none


def percent_columns() -> dict[str, Any]:
    """Return how tables show completion (as a bar) and planned value."""
    return {
        "完成率（%）": st.column_config.ProgressColumn(format="%.1f", min_value=0, max_value=100),
        "序时进度（%）": st.column_config.NumberColumn(format="%.1f"),
    }


def download(table: pd.DataFrame, name: str, label: str, *, with_month: bool = True) -> None:
    """Draw a button that downloads a table as CSV; ``with_month`` puts the month into its name."""
    download_file(
        label,
        csv_tables.to_csv(csv_tables.neutralise(table)),
        f"{dated(name) if with_month else name}.csv",
        "text/csv",
        key=f"download-{name}",
    )


def dated(name: str) -> str:
    """Return a download's name with the month that is looked at, if the plan can be read."""
    view = view_or_none()
    return name if view is None else f"{name}_{months.text(view.selection.month)}"
