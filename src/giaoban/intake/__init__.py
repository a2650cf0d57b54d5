"""Intake: tables of any other layout, mapped once by pointing and taken in again and again.

Owns the files being taken in, the layouts by which tables are read, what names in them mean, and which figure came
from which cell of which file. Words: *layout* (cách đọc bảng), *intake* (lần nạp), *dry run* (nạp thử), *label* (nhãn:
what a column, a section or a line says about its figures). Verbs: begin, point, try_out, load, withdraw, keep_layout.

Plain Python, without the record: `cells` (numbers, missing, periods as tables write them), `shape` (what is head, body
and note, and what each column holds), `spec` (what was pointed at), `reading` (figures and faults of rows).
"""
