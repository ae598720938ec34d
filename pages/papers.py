"""汇报材料: the meeting's PPT, Word and Excel, the slides, notices, reminders and sealing."""

from lib import findings
from lib.ui import meeting, shell, supervision

figures = shell.view()
shell.head(f"汇报材料：{findings.counts(figures)}")
if figures.tasks.empty:
    shell.empty("没有符合筛选条件的任务。请在左侧清除类型或责任单位。")
    shell.stop()

material = meeting.material(figures)
meeting.told()
shell.link("present", "进入汇报模式（方向键翻页，N 看备注，Esc 退出）")
meeting.downloads(material)
supervision.notice_list(figures, material)
supervision.reminders(figures)
supervision.sealing(figures)
meeting.arrangement(figures, material)
