"""The frame, drawn once with XlsxWriter: sheets, tables, charts, formats, validations, print set-up."""
