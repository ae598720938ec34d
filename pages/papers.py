"""汇报材料: the meeting's PPT, Word and Excel, the slides, notices, reminders and sealing."""

from lib.core import findings
from lib.ui.frame import run as frame
from lib.ui.papers import follow_up, papers

figures = frame.view()
frame.head(f"汇报材料：{findings.counts(figures)}")
if figures.tasks.empty:
    frame.empty("没有符合筛选条件的任务。请在左侧清除类型或责任单位。")
    frame.stop()

material = papers.material(figures)
papers.told()
frame.link("present", "进入汇报模式（方向键翻页，N 看备注，Esc 退出）")
papers.downloads(material)
follow_up.notice_list(figures, material)
follow_up.reminders(figures)
follow_up.sealing(figures)
papers.arrangement(figures, material)
