"""Where a workbook lives: a closed file here, an open workbook in Excel later."""
