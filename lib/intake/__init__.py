"""Reports on their way in: read a file, check every cell, preview, template.

`check` takes a file's bytes, `check_rows` a table of cells; both tell all faults at once.
"""

from lib.intake.check import Checked, Finding, Severity, check, check_rows
from lib.intake.preview import Preview, preview
from lib.intake.template import entry_rows, template_csv, template_xlsx

__all__ = [
    "Checked",
    "Finding",
    "Preview",
    "Severity",
    "check",
    "check_rows",
    "entry_rows",
    "preview",
    "template_csv",
    "template_xlsx",
]
