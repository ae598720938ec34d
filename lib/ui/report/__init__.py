"""The 填报 page."""
