"""The open workbook: the live host does in Excel what the file host does to a closed file, or nothing at all.

Excel is played by LibreOffice, through `tests/support/xlwings_uno`, whose README says where the two differ.
"""
