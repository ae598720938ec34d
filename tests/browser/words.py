"""What stands on a page in English."""

from __future__ import annotations

import re

from playwright.sync_api import Page

# Names of programs, of kinds of files, of keys and of fields that people here write in Latin letters.
_NAMES = re.compile(
    r"(?<![a-z])(?:excel|word|wps|office|csv|xlsx?|docx?|pptx?|pdf|txt|png|svg|ppt|html|ics|spi|pv|ev|"
    r"libreoffice|postgresql|ctrl|esc|home|end|pageup|pagedown|heic|jpg|plan|progress|targets|units|"
    r"settings|matters|journal|toml|db|zip)(?![a-z])",
    re.IGNORECASE,
)
_SAID = """() => {
  const words = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const silent = 'script, style, code, noscript, [data-testid=stIconMaterial], [data-testid=stExpanderIcon],'
    + '[data-testid=stAlertDynamicIcon], [data-testid=stExpander] table';  // a template's fields
  for (let node; (node = walker.nextNode()); )
    if (!node.parentElement.closest(silent)) words.push(node.data);
  for (const element of document.querySelectorAll('*'))
    for (const name of ['aria-label', 'title', 'placeholder', 'alt'])
      if (element.getAttribute(name)) words.push(element.getAttribute(name));
  return [...words, document.title];
}"""


def english(page: Page) -> list[str]:
    """What stands on a page, or is read aloud, in English."""
    return [
        text for text in page.evaluate(_SAID) if re.search(r"[A-Za-z]{3,}", _NAMES.sub("", text))
    ]
