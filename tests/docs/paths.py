"""The paths a page names between backticks."""

from __future__ import annotations

import re
from collections.abc import Iterator

# Folders of the repository; what stands under another name is a module, a key or a command.
TOP = ("src/", "tests/", "docs/", "tools/", "samples/", "benchmarks/", "workbook_templates/", ".ci/")
BLANK = re.compile(r"<[^>]+>")


def named_paths(text: str) -> Iterator[str]:
    """Yield each path named in a text, `<blanks>` as stars."""
    for found in re.findall(r"`([^`\n]+)`", text):
        if found.startswith(TOP) and " " not in found:
            yield BLANK.sub("*", found).rstrip("/")
