"""What went wrong, in words, and the log of what nobody foresaw."""

from __future__ import annotations

import os
from pathlib import Path

from hmsbook.errors import LOG_PREFIX, HmsbookError
from hmsbook.opc.save import who_has_open
from hmsbook.texts.words import Words


def error_text(problem: HmsbookError, language: Words) -> str:
    """What went wrong in a sentence, and who has the file open where that may be why."""
    key = f"errors.{problem.key}"
    values = {"path": "", "part": "", "cell": "", "reason": ""} | problem.params
    if not language.has(key):
        return language.text("errors.unknown", key=problem.key, details=str(problem))
    values["who"] = values.get("who") or language.text("cli.someone")
    text = language.text(key, **values)
    owner = (
        who_has_open(str(values["path"])) if problem.key in ("no_permission", "changed_meanwhile") else None
    )
    if owner is not None:
        text += " " + language.text("cli.open_elsewhere", who=owner or language.text("cli.someone"))
    return text


def unexpected(problem: Exception) -> HmsbookError:
    """What to tell of a mistake of ours, with the log of it where one can be written."""
    detail = type(problem).__name__
    try:
        return HmsbookError("unexpected", detail=detail, log=_logged(problem))
    except OSError as reason:
        import traceback

        last = traceback.extract_tb(problem.__traceback__)[-1]
        where = f"{detail}, {Path(last.filename).name} {last.lineno}"
        return HmsbookError("unexpected_unlogged", detail=where, reason=reason.strerror or str(reason))


def _logged(problem: Exception) -> str:
    """The name of a new log, which nobody else can read or has put there before."""
    import tempfile
    import traceback

    place, name = tempfile.mkstemp(prefix=LOG_PREFIX, suffix=".log")
    with os.fdopen(place, "w", encoding="utf-8") as log:
        log.write("".join(traceback.format_exception(problem)))
    return name
