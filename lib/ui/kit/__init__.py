"""What every page is drawn with; knows no page and no frame."""
