"""An xlwings engine over LibreOffice: what drives Excel runs here against a real spreadsheet program."""
