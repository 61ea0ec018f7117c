"""Frozen records: what a workbook holds, without any notion of files or cells' formats."""
