"""Letters of the samples as they are kept to be compared.

python -m tests.mail.golden     write them as they are now; read them before you commit
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from hmsbook.actions.reading import open_book
from hmsbook.letters.letter import About, Letter, letter, reply_by
from hmsbook.letters.text import as_text
from hmsbook.model.book import Book
from hmsbook.sharing.audiences import audience
from hmsbook.sharing.masking import mask
from hmsbook.sharing.permitted import permitted, split_for
from tests.mail.books import TODAY, sample

FOLDER = Path(__file__).with_name("golden")
SAMPLES = ("byggeplass", "sengepost", "institutt")
LANGUAGES = ("nb", "nn", "en")
# Who gets a letter of their own, beside the one to all.
AUDIENCES = ("leader", "score", "everyone")


def letters(name: str, lang: str, folder: Path) -> Iterator[tuple[str, str]]:
    """The name of each file, and its letter."""
    book = open_book(sample(folder / f"{name}.xlsx", name, lang)).book
    for key in ("group", *AUDIENCES) if name == "byggeplass" else ("group",):
        yield f"{name}-{key}-{lang}.txt", written(letter_to(book, key))


def letter_to(book: Book, key: str) -> Letter:
    """The letter that goes with a copy for an audience."""
    member = book.group[0].name or "" if key == "score" else ""
    allowed = permitted(split_for(book, audience(key), mask(book)), member)
    about = About(
        allowed.book, key, 1, TODAY, reply_by(book, TODAY), withheld=bool(allowed.left_out), sender="Kaja"
    )
    return letter(about, member or None)


def written(found: Letter) -> str:
    """A letter as it is kept: subject, then text."""
    return f"{found.subject}\n\n{as_text(found)}"


if __name__ == "__main__":
    with TemporaryDirectory() as made:
        for each in SAMPLES:
            for language in LANGUAGES:
                for file, text in letters(each, language, Path(made)):
                    (FOLDER / file).write_text(text, encoding="utf-8")
