"""The 汇报材料 page."""
