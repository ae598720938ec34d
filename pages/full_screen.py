"""汇报模式: the meeting's slides on the whole screen."""

from lib.ui import full_screen
from lib.ui.frame import run as frame
from lib.ui.papers import papers

figures = frame.view()
material = papers.material(figures)
full_screen.show(material, papers.slides(material))
