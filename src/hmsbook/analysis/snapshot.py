"""What the numbers and measures said at an update, kept so that the next one can tell what changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from hmsbook.analysis.assessment import Assessment
from hmsbook.analysis.summary import Summary
from hmsbook.model.book import Book
from hmsbook.model.frozen import NOTHING, Frozen
from hmsbook.standard.sheets.measures import UNDER_WAY

# A cell holds 32,767 characters; what does not fit is not compared.
ROOM = 32_000
FINISHED = ("done", "awaiting_evaluation", "closed")


class State(Frozen):
    """What was said of one indicator: the kind of its newest value, and whether its target will be met."""

    kind: str
    assurance: str


class Snapshot(Frozen):
    """What an update said: states of active indicators, and how measures stood, by id."""

    day: str = ""
    indicators: Mapping[str, State] = NOTHING
    measures: Mapping[str, str] = NOTHING

    @property
    def cells(self) -> list[str]:
        """The snapshot as three texts, for the workbook to keep."""
        states = (f"{key}={it.kind}/{it.assurance}" for key, it in self.indicators.items())
        measures = (f"{key}={status}" for key, status in self.measures.items())
        return [self.day, _fitting(states), _fitting(measures)]

    @classmethod
    def of_cells(cls, cells: Sequence[object]) -> Snapshot:
        """The snapshot that the texts hold; what cannot be read is left out."""
        day, states, measures = (str(cell or "") for cell in [*cells, "", "", ""][:3])
        found = {key: text.partition("/") for key, text in _pairs(states)}
        return cls(
            day,
            {key: State(kind, assurance) for key, (kind, _, assurance) in found.items()},
            dict(_pairs(measures)),
        )


class Snapshots(Frozen):
    """The latest snapshot, and the one from the day before that on which something had changed.

    `sent` is what the latest copy that was mailed to the group said.
    """

    before: Snapshot = Snapshot()
    latest: Snapshot = Snapshot()
    sent: Snapshot = Snapshot()

    def advanced(self, now: Snapshot) -> Snapshots:
        """What is kept after an update: nothing new where nothing changed, or on the same day again."""
        if now.but(day=self.latest.day) == self.latest:
            return self
        kept = self.before if self.latest.day in ("", now.day) else self.latest
        return Snapshots(kept, now, self.sent)


NO_SNAPSHOTS = Snapshots()


def snapshot(book: Book, summary: Summary, day: str) -> Snapshot:
    """What is said today."""
    active = {key: it for key, it in summary.indicators.items() if it.indicator.in_use}
    states = {key: _state(it.assessment) for key, it in active.items()}
    overdue = {it.id for it in summary.measures.overdue}
    measures = {
        it.id: "overdue" if it.id in overdue else _phase(it.status or "")
        for it in book.measures
        if it.id and not it.sensitive
    }
    return Snapshot(day, states, measures)


def _phase(status: str) -> str:
    """How far a measure has come, as coarse as people talk about it."""
    if status in UNDER_WAY:
        return "started"
    return "finished" if status in FINISHED else "other"


def _state(about: Assessment) -> State:
    """The state of an indicator; `few` where there are too few values, the reason where no chart suits."""
    bare = about.barred.key if about.barred else "few"
    return State(about.kind or bare, about.assurance or "")


def _fitting(parts: Iterable[str]) -> str:
    text = ""
    for part in parts:
        if len(text) + len(part) >= ROOM:
            break
        text += f";{part}" if text else part
    return text


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    for part in text.split(";"):
        key, found, value = part.partition("=")
        if found:
            yield key, value
