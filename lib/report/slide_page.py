"""The page a slide is laid out on: 1920 × 1080 units, y grows downwards; two units are one point.

 40 ┌ title, at most two lines ┐
200 ├ body: TOP … BOTTOM       ┤   LEFT … RIGHT
985 ├ foot: plan, month, page  ┤
"""

WIDTH, HEIGHT = 1920, 1080
LEFT, RIGHT = 80, 1840
TOP, BOTTOM = 200, 985
FOOT = 1010
LARGE, BODY, LEAST = 52.0, 44.0, 36.0
"""Type of the meeting's own slides: 26 and 22 points; nothing there is under 18."""
FINE = 26.0
"""Type of the appendix (13 points), which is handed out and looked up, not read from afar."""
LINE = 1.3
"""A line's height, in type sizes."""
PAD = 10
