"""汇报材料: the meeting's PPT, Word and Excel, the slides, notices, reminders and sealing."""

from lib.core import findings
from lib.ui.kit import data, navigation
from lib.ui.kit.acting import show_flash
from lib.ui.kit.elements import head, nothing_selected
from lib.ui.papers import follow_up, papers, slide_choice, upper_form

view = navigation.view()
figures = data.figures(view)
head(figures, f"汇报材料：{findings.counts(figures)}")
if nothing_selected(figures):
    navigation.stop()

material = data.material(view)
show_flash()
navigation.link("present", "进入汇报模式（方向键翻页，P 打开主讲人窗口，Esc 退出）")
navigation.link(
    "present", "用这台手机或电脑当主讲人窗口（会场另一台打开汇报模式）", presenter="true"
)
papers.downloads(material)
upper_form.forms(material)
follow_up.notice_list(view, material)
follow_up.reminders(figures)
follow_up.sealing(view, figures)
slide_choice.arrangement(figures, material)
