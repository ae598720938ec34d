"""Write ``data/progress.csv``: synthetic example reports for the 2018 plan, up to 2018-09.

The official document holds no progress, so every row says 演示 in 数据来源. The example shows
every state: done early, on track, behind, overdue, not started and unreported.
Run: ``python -m scripts.make_sample_progress``.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from lib.core import months, schema
from lib.files import csv_tables, plan_folder

DATA = Path(__file__).resolve().parent.parent / "data"
YEAR = 2018

# (task, unit, indicator): the figure of each month from the first month given; None: no report.
QUANTITIES: dict[tuple[str, str, str], tuple[int, list[int | None]]] = {
    ("二-1", "区农业局", "到紫阳县对接的农业企业"): (4, [0, 2, 1, 0, 3, 2]),
    ("二-6", "区经发局", "合作对接会"): (6, [0, 0, 0, 0]),
    ("二-7", "区经发局", "媒体采风活动"): (9, [0]),
    ("三-2", "区科技局", "产学研及孵化对接活动"): (4, [0, 0, 1]),
    ("四-2", "区社会事业局", "结对帮扶学校"): (3, [0, 1, 2, 1, 0, 0, 1]),
    ("四-2", "区社会事业局", "教学交流活动"): (3, [0, 0, 0, 0, 0, 0, 0]),
    ("五-1", "区社会事业局", "结对帮扶医院"): (4, [1]),
    ("五-2", "区社会事业局", "医疗卫生经验交流或学术讲座活动"): (9, [1]),
    ("六-1", "区委组织部", "机关事业单位干部到紫阳县锻炼交流"): (5, [3]),
    ("七-2", "区人社局", "新增劳务合作机构"): (3, [0, 1, 0, 1]),
    ("七-3", "区人社局", "专场招聘会"): (3, [1, 1, 2, 1, 1, 1, 1]),
    ("七-3", "区人社局", "有组织劳务对接"): (3, [60, 55, 90, 70, 45, 60, 40]),
    ("七-3", "区人社局", "贫困人口就业技能培训"): (3, [0, 30, 30, 0, 35, 0, 35]),
    ("七-4", "区人社局", "劳务输入就业贫困人口"): (1, [4, 3, 8, 9, 7, 8, 6, 5, 8]),
    ("八-1", "区人社局", "爱心捐赠活动"): (1, [0, 0, 0, 0, 0, 0, 0, 0, 0]),
    ("八-1", "总工会", "爱心捐赠活动"): (3, [0, 0, 0, None, 0, 0, 0]),
    ("八-1", "团区委", "爱心捐赠活动"): (2, [0, 0, 0, 0, 1, 0, 0, 0]),
    ("八-1", "妇联", "爱心捐赠活动"): (3, [0, 0, 0, 0, 0]),
    ("九-1", "春江镇", "合作协议落地见效的镇"): (2, [0, 0, 1, 0, 0, 0, 0, 0]),
    ("九-1", "西夏墅镇", "合作协议落地见效的镇"): (2, [0, 0, 0, 0, 1, 0, 0, 0]),
    ("九-1", "奔牛镇", "合作协议落地见效的镇"): (2, [0, 0, 0, 0, 0, 0, 1, 0]),
    ("九-1", "春江镇", "合作协议落地见效的村"): (3, [0, 0, 0, 1, 0, 0, 0]),
    ("九-1", "河海街道", "合作协议落地见效的社区"): (3, [0, 0, 0, 0, 0, None, None]),
    ("二-附1", "区经发局", "招商引资推介会"): (3, [0, 0, 1, 0, 0, 0, 0]),
    ("二-附1", "区商务局", "招商引资推介会"): (3, [0, 0, 0, 0, 0, 0, 1]),
    ("二-附2", "区商务局", "商会联谊交流活动"): (5, [1, 0, 0, 0, 0]),
    ("二-附3", "区农业局", "基层农村干部学习"): (6, [15, 0, 0, 0]),
    ("四-附1", "区社会事业局", "副校长跟岗学习"): (3, [5]),
    ("四-附1", "区社会事业局", "教师跟岗学习"): (3, [5]),
    ("五-附1", "区社会事业局", "医生培训学习"): (4, [0, 3, 0, 0, 0, 0]),
    ("六-附1", "区委组织部", "干部挂职学习"): (4, [0, 0, 5]),
}
PERCENTS: dict[tuple[str, str], tuple[int, list[int | None]]] = {
    ("一-1", "区党政办"): (1, [8, 15, 25, 35, 40, 50, 60, 70, 80]),
    ("二-2", "区农业局"): (4, [10, 20, 30, 35, 40, 50]),
    ("二-3", "区商务局"): (1, [5, 10, 20, 30, 40, 45, 55, 60, 70]),
    ("二-5", "区经发局"): (1, [5, 10, 20, 30, 40, 50, 60, 70, 78]),
    ("三-1", "区科技局"): (1, [5, 10, 15, 30, 35, 45, 55, 65, 72]),
    ("四-1", "区社会事业局"): (3, [15, 30, 40, 60, 75, 90, 100]),
    ("七-1", "区人社局"): (3, [10, 20, 30, 45, 55, 65, 75]),
    ("八-2", "区人社局"): (1, [5, 15, 25, 35, 40, 50, 60, 70, 80]),
    ("八-2", "总工会"): (1, [5, 10, 20, 30, 40, 45, 55, 65, 75]),
    ("八-2", "团区委"): (2, [10, 20, 30, 40, 45, 50, 60, 72]),
    ("八-2", "妇联"): (1, [5, 10, 20, 25, 30, 40, 45]),
}
# What the staff of a unit would write about a month that is worth words.
WORDS: dict[tuple[str, int], dict[str, str]] = {
    ("二-2", 9): {
        "issues": "富硒产品电商供货批次少，物流成本偏高。",
        "next_steps": "10月组织一场新农优品荟富硒产品专场。",
        "coordination": "请紫阳县协调产品检测报告。",
    },
    ("二-6", 8): {
        "issues": "两地旅游企业档期未能统一，对接会延期。",
        "next_steps": "改在9月下旬举办，尽快确定参会企业。",
    },
    ("二-6", 9): {
        "issues": "对接会因档期再次推迟。",
        "next_steps": "10月中旬前举办。",
        "coordination": "请两地文旅部门确定参会企业名单。",
    },
    ("五-2", 9): {
        "issues": "第二次讲座专家行程冲突。",
        "next_steps": "10月上旬补办产科专题讲座。",
    },
    ("七-4", 9): {
        "issues": "报名人数不足，外出务工意愿分散。",
        "next_steps": "结合秋季招聘会增开一个订单班。",
        "coordination": "请紫阳县乡镇协助摸排有意愿的劳动力。",
    },
    ("九-1", 9): {"next_steps": "推动余下一镇一村协议项目年底前落地。"},
}


def main() -> None:
    """Write the sample and check that it loads."""
    january = months.from_parts(YEAR, 1)
    rows = []
    for (task, unit, indicator), (first, figures) in QUANTITIES.items():
        for number, figure in enumerate(figures, start=first):
            words = f"本月完成{figure}。" if figure else "本月推进筹备，无新增完成。"
            rows.append((task, number, unit, indicator, figure, None, words))
    for (task, unit), (first, figures) in PERCENTS.items():
        for number, figure in enumerate(figures, start=first):
            words = "按计划推进，工作任务全部完成。" if figure == 100 else "按计划推进。"
            rows.append((task, number, unit, "", None, figure, words))
    reports = pd.DataFrame(
        [
            {
                "task_id": task,
                "month": january + number - 1,
                "unit": unit,
                "indicator": indicator,
                "quantity": quantity,
                "cumulative_percent": percent,
                "note": words,
                "issues": "",
                "next_steps": "",
                "coordination": "",
                **WORDS.get((task, number), {}),
                "reporter": "演示填报人",
                # reports come in on the 3rd of the month after
                "reported_at": pd.Timestamp(YEAR, number, 1) + pd.DateOffset(months=1, days=2),
                "origin": "演示（虚构示例，非真实进展）",
            }
            for task, number, unit, indicator, quantity, percent, words in rows
            if quantity is not None or percent is not None
        ]
    )
    plan_order = {task: n for n, task in enumerate(plan_folder.load(DATA).tasks.index)}
    reports = reports.sort_values(
        ["month", "task_id"],
        key=lambda values: values.map(plan_order) if values.name == "task_id" else values,
        kind="stable",
    )
    target = DATA / schema.PROGRESS.file
    target.write_bytes(csv_tables.to_csv(schema.PROGRESS.texts(reports)))
    problems = plan_folder.load(DATA).progress_problems
    if problems:
        raise SystemExit("\n".join(str(problem) for problem in problems))


if __name__ == "__main__":
    main()
