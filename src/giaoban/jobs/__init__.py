"""Jobs: heavy work done apart from the page that asked for it, with progress, and taken up again after a crash.

Words: *job* (việc chạy nền), *worker* (tiến trình chạy nền), its *memory* (where a job goes on from). The name, the
arguments, the progress and the result lie in our table; django-q2 carries one job number and wakes a worker.
"""
