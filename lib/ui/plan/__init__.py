"""The 计划管理 page."""
