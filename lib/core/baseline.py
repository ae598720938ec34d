"""A plan's baseline: the plan as first adopted, before any amendment (计划调整).

Source: earned-value practice (PMBOK, ANSI/EIA-748): a change of the plan does not rewrite what
was promised first; performance is measured against either.
"""

from __future__ import annotations

from dataclasses import replace

from lib.core.dataset import Dataset


def against_baseline(dataset: Dataset) -> Dataset:
    """Return the dataset with the baseline's tasks and targets and the reports that fit them.

    Reports of tasks, units or indicators that the first plan did not have are left out. A plan
    that was never amended is returned as it is.
    """
    if dataset.baseline_tasks is None or dataset.baseline_targets is None:
        return dataset
    tasks = dataset.baseline_tasks
    first = replace(
        dataset,
        tasks=tasks,
        task_units=tasks["units"].explode().rename("unit").reset_index().astype({"unit": "str"}),
        targets=dataset.baseline_targets,
        progress=dataset.progress.iloc[:0],
        baseline_tasks=None,
        baseline_targets=None,
    )
    misfits = {problem.row for problem in first.rule_problems(dataset.progress)}
    fitting = dataset.progress[~dataset.progress.index.isin(misfits)]
    return replace(first, progress=fitting.reset_index(drop=True))
