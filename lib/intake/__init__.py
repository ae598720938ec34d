"""Reports on their way in: read a file, check every cell, preview, template.

`check` takes a file's bytes, `check_rows` a table of cells; both tell all faults at once.
"""

from lib.intake.check import check, check_rows
from lib.intake.evidence import attachment
from lib.intake.findings import Checked, Finding, Severity
from lib.intake.marked_copy import corrected_copy
from lib.intake.preview import Preview, diff_table, preview
from lib.intake.submission import Outcome, Sent, finding_records, send, sound, submission_record
from lib.intake.template import entry_rows, template_csv, template_xlsx
