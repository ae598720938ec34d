"""Reports that programs send in the tests."""

from __future__ import annotations

CSV = {"Content-Type": "text/csv"}
XLSX = {"Content-Type": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
GOOD = "任务编号,月份,填报单位,指标,本月完成,累计完成率,进展说明\n八-2,2018-10,妇联,,,90,走访\n"
OTHERS = "任务编号,月份,填报单位,指标,本月完成,累计完成率,进展说明\n二-1,2018-10,区农业局,到紫阳县对接的农业企业,2,,\n"
ROW = {"task_id": "八-2", "month": "2018-10", "unit": "妇联", "cumulative_percent": 90}
