"""汇报模式: the meeting's slides on the whole screen."""

from lib.ui import meeting, presenting, shell

figures = shell.view()
material = meeting.material(figures)
presenting.show(material, meeting.slides(material))
