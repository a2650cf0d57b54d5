"""An officer of the Sở takes in a table of the statistics office: upload, point, try, load, and the same file again."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from playwright.sync_api import expect

from tests.journeys.conftest import Visit, environment
from tests.rooms.intake import samples

NAME = "nien-giam-2016.xlsx"


def test_from_the_file_to_the_loaded_figures(visit: Visit, tmp_path: Path, home_of_site: Path) -> None:
    file = tmp_path / NAME
    file.write_bytes(samples.xlsx(samples.YEARBOOK, [(0, 0, 0, 3), (1, 0, 1, 3)]))
    page = visit.enter("cv.so", "/nap-bang/").page
    page.set_input_files("#file", file)
    visit.click("Xem bảng").sees("Đây là phần máy đoán")
    expect(page.get_by_role("combobox", name="Cột A")).to_have_value("name")
    expect(page.get_by_role("textbox", name="Kỳ của cột D")).to_have_value("Sơ bộ Prel. 2016")
    page.get_by_role("cell", name="77.5").click()  # a click on a figure leads to what its column is
    expect(page.get_by_role("combobox", name="Cột C")).to_be_focused()
    visit.click("Tiếp: ý nghĩa").sees("Từng nhãn nghĩa là gì")
    expect(page.locator("#cell-0")).to_have_value("Học sinh phổ thông (niên giám) – tiểu học = gso_hoc_sinh[cap_pt=th]")
    expect(page.locator("#factor-0")).to_have_value("1000")
    page.get_by_role("button", name="Nạp thử").click()
    visit.sees("Tổng in sẵn bị lệch")
    expect(page.locator("#differs").get_by_text("166.100")).to_be_visible()
    page.get_by_label("Giữ cách đọc bảng này").fill("Niên giám: học sinh tiểu học")
    visit.click("Nạp 6 số")
    done = subprocess.run([sys.executable, "-c", WORK], env=environment(home_of_site), capture_output=True)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    page.reload()
    visit.sees("Đã nạp")
    page.goto(visit.base + "/nap-bang/")
    page.set_input_files("#file", file)
    visit.click("Xem bảng").sees("được đọc theo cách “Niên giám: học sinh tiểu học")
    page.get_by_role("button", name="Nạp thử").click()
    visit.sees("Những số này đã có sẵn")


WORK = """
import os
import django
os.environ['DJANGO_SETTINGS_MODULE'] = 'giaoban.settings'
django.setup()
from giaoban.jobs.models import Job
from giaoban.jobs.working import perform
for job in Job.objects.filter(state="waiting"): perform(job.pk)
"""
