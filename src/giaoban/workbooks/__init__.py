"""Workbooks: the sheets of a round as Excel files, prefilled and checked inside, taken back one by one or in a ZIP.

Words: *workbook* (sổ tính), *upload* (tệp nộp lên), *dry run* (đọc thử), *annotated copy* (bản đánh dấu lỗi).
Verbs: `actions.receive read take_in make`. Figures are written by the verbs of `indicators`, one a report; a report of
which the workbook has a wrong cell is left alone, unless its good cells are asked for.
"""
