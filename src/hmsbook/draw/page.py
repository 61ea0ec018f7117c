"""A worksheet whose formulas are stored as they are written."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet


class Page(Worksheet):  # type: ignore[misc]
    """A worksheet that looks for no functions newer than Excel 2016 in its formulas.

    There are none, and XlsxWriter's search for them takes more than half the time of drawing a workbook.
    """

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:  # noqa: ARG002
        return formula.removeprefix("=")
