"""What each peer draws: the verdict, late and due tasks, and the curve of 总览, as Python objects."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import plotly.graph_objects as go

from lib.charts import LIGHT
from lib.charts.curve import s_curve
from lib.core.answers import Answers
from lib.core.figures import Figures, Selection
from lib.core.gap import in_points
from lib.files import plan_folder

CURVE, BARS = "完成率与序时进度", "各类型完成率"


class Screen:
    """The same figures for each library, read once when its server starts."""

    def __init__(self) -> None:
        data = plan_folder.load(Path(os.environ["PLAN_DATA_DIR"]))
        figures = Figures(data, Selection(data.latest_month))
        answers = Answers(figures)
        self.verdict = answers.verdict
        self.titles = (answers.late_title, answers.due_title)
        self.late = pd.DataFrame(
            {
                "单位": ["、".join(task.units) for task in answers.late],
                "任务": [task.title for task in answers.late],
                "原因": [task.reason for task in answers.late],
                "完成率（%）": [in_points(task.completion) for task in answers.late],
            }
        )
        self.due = pd.DataFrame(
            {
                "单位": ["、".join(task.units) for task in answers.due_next],
                "任务": [task.title for task in answers.due_next],
            }
        )
        self.curve: go.Figure = s_curve(figures, LIGHT).figure
        rows = figures.by_category
        self.bars = go.Figure(go.Bar(x=rows["earned_value"], y=rows["key"], orientation="h"))
