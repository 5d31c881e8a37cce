# SPDX-License-Identifier: Apache-2.0
"""What somebody sees in a browser, whichever it is."""

from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass
class Page:
    url: str
    status: int  # 0 if no server answered
    title: str
    text: str
    asks_password: bool

    def summary(self):
        """Without the query: codes are in there."""
        parts = urlsplit(self.url)
        return {"host": parts.netloc, "path": parts.path, "status": self.status, "title": self.title}
