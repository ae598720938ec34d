"""Meeting papers from the same figures as the pages: slide deck, Word, Excel and notices.

`Material` is what every paper is made of. `deck` chooses and words the slides; `slide_drawing`
and `slide_gantt` draw them, `pptx_deck` as .pptx and `svg_deck` as SVG for full-screen mode.
`briefing` is the 工作进展通报, `workbook` the 台账, `notices` the 督办单.
"""

from lib.report.material import Material, collect
