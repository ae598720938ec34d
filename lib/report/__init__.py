"""Meeting papers from the same figures as the pages: slides, Word, Excel and notices.

`Material` is what every paper is made of; `deck` chooses and words the slides, and
`presentation` (.pptx) and `screen` (SVG, 汇报模式) draw the same deck. `briefing` is the
工作进展通报, `workbook` the 台账, `notices` the 督办单.
"""

from lib.report.material import Material, collect

__all__ = ["Material", "collect"]
