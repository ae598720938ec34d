"""Figures as HTML: lists, bars and the Gantt of the pages, as text that needs no script.

Drawn as text they stand with the page's first words, wrap on a phone, print whole and can be read
aloud. Looks are in ``answers.css``; every word of data is escaped.
"""
