"""``journal.mark``: a small file beside the CSV files that says what stood there.

It names the revision that ``progress.csv`` stands for, and its hash: behind the journal, a writer
was killed before it wrote the files; another hash, somebody edited the file. That there is one at
all says that there was a journal, and ``accounts`` that there were accounts: a data folder whose
``journal.db`` is lost is not taken for a new one, and a server not for one without accounts.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

MARK = "journal.mark"
_WORDS = "说明"
_NOTE = "本文件和 journal.db 是一对：上报记录和账号在 journal.db 里，请一起备份，不要单独删除。"


@dataclass(frozen=True)
class Mark:
    """``revision`` is -1 before the first entry."""

    revision: int = -1
    progress_sha256: str = ""
    accounts: bool = False

    @property
    def content(self) -> bytes:
        """The file's bytes."""
        return (json.dumps({_WORDS: _NOTE, **asdict(self)}, ensure_ascii=False) + "\n").encode()


def read(folder: Path) -> Mark | None:
    """Return a folder's mark; ``None`` without one.

    One that cannot be read says the least that is certain: that there was a journal.
    """
    try:
        facts = json.loads((folder / MARK).read_text(encoding="utf-8"))
        return Mark(int(facts["revision"]), str(facts["progress_sha256"]), bool(facts["accounts"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        return Mark(accounts=True)
