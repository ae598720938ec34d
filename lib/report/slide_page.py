"""The page a slide is laid out on: 1920 × 1080 points, y grows downwards."""

WIDTH, HEIGHT = 1920, 1080
LEFT, RIGHT = 80, 1840
TOP, BOTTOM = 190, 960
"""The body of a slide lies between these; the title is above, source and controls below."""
TEXT = 24
"""Nothing on a slide is smaller: at 1920 × 1080 the last row of a hall reads it."""
LINE = 33
PAD = 7
