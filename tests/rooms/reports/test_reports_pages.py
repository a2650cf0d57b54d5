"""The pages of reports as a person walks them, and the command."""

from __future__ import annotations

import io
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import docx
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.urls import reverse

from giaoban.reports import actions
from giaoban.reports.models import Report, State
from tests.rooms.reports.desk import HK1, Desk
from tests.world import NOW


@pytest.fixture(autouse=True)
def _fixed_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def client(desk: Desk, who: str = "chuyen_vien") -> Client:
    """Signed in and acting in the person's one position."""
    found = Client()
    found.force_login(desk.accounts[who], backend="django.contrib.auth.backends.ModelBackend")
    session = found.session
    session["position"] = desk.actors[who].position_id
    session.save()
    return found


def begun(desk: Desk) -> Report:
    return actions.begin(
        by=desk.actors["chuyen_vien"], at=NOW, form_code="so-ket", unit_id=desk.unit("binh_minh"), period_code=HK1
    )


def page(response: Any) -> str:
    return response.content.decode()


def test_a_report_from_the_first_click_to_the_file(desk: Desk) -> None:
    desk.put("tieu_hoc", {"truong[loai_truong=th]": 1, "truong_chuan_csvc": 1})
    browser = client(desk)
    shown = page(browser.get(reverse("reports:home")))
    assert "Báo cáo sơ kết học kỳ" in shown and "UBND xã Bình Minh" in shown
    chosen = {"unit": desk.unit("binh_minh"), "period": HK1}
    response = browser.post(reverse("reports:begin", args=["so-ket"]), chosen, follow=True)
    assert "Tỷ lệ trường đạt chuẩn về cơ sở vật chất đạt 100,0% (1/1)." in page(response)
    report = Report.objects.get()
    browser.post(reverse("reports:words", args=[report.pk, "kien_nghi"]), {"text": "Bổ sung giáo viên."})
    assert "Bổ sung giáo viên." in page(browser.get(reverse("reports:report", args=[report.pk])))
    form = {
        "number": "5", "symbol": "BC-UBND", "place": "Bình Minh", "issued_on": "28/01/2026",
        "signing": "TM. ỦY BAN NHÂN DÂN\r\nCHỦ TỊCH", "signer": "Lê Thị Bình", "recipients": "UBND tỉnh\r\nLưu: VT",
    }  # fmt: skip
    browser.post(reverse("reports:letterhead", args=[report.pk]), form)
    browser.post(reverse("reports:issue", args=[report.pk]))
    report.refresh_from_db()
    assert (report.state, report.issued_on) == (State.ISSUED, date(2026, 1, 28))
    file = browser.get(reverse("reports:download", args=[report.pk]))
    assert file["Content-Disposition"] == 'attachment; filename="05-BC-UBND-so-ket-2025-2026.HK1.docx"'
    texts = [paragraph.text for paragraph in docx.Document(io.BytesIO(file.content)).paragraphs]
    assert "Bổ sung giáo viên." in texts
    shown = page(browser.get(reverse("reports:report", args=[report.pk])))
    assert report.sha256 in shown and "?sua=" not in shown
    assert "05/BC-UBND" in page(browser.get(reverse("reports:home")))


def test_a_slot_opens_in_place_and_keeps_what_was_typed_on_error(desk: Desk) -> None:
    browser, report = client(desk), begun(desk)
    assert "<textarea" in page(browser.get(reverse("reports:report", args=[report.pk]) + "?sua=han_che"))
    assert "<textarea" not in page(browser.get(reverse("reports:report", args=[report.pk]) + "?sua=bịa"))
    address = reverse("reports:words", args=[report.pk, "han_che"]) + "?sua=han_che"
    response = browser.post(address, {"text": "x" * 10_001})
    assert response.status_code == 422 and "x" * 10_001 in page(response)


def test_issuing_without_a_number_says_what_is_missing(desk: Desk) -> None:
    browser, report = client(desk), begun(desk)
    response = browser.post(reverse("reports:issue", args=[report.pk]), follow=True)
    assert "Ghi số của văn bản trước khi ban hành." in page(response)


def test_reports_of_others_are_not_found(desk: Desk) -> None:
    report = begun(desk)
    for who in ("xa_khac", "doc"):
        for name in ("report", "letterhead", "download"):
            assert client(desk, who).get(reverse(f"reports:{name}", args=[report.pk])).status_code == 404
    assert client(desk).get(reverse("reports:report", args=[999])).status_code == 404
    assert Client().get(reverse("reports:home")).status_code == 302


def test_a_unit_that_is_not_mine_cannot_be_chosen(desk: Desk) -> None:
    chosen = {"unit": desk.unit("cao_son"), "period": HK1}
    response = client(desk).post(reverse("reports:begin", args=["so-ket"]), chosen, follow=True)
    assert "Chọn đơn vị và kỳ của báo cáo." in page(response)
    assert not Report.objects.exists()


def test_a_notice_is_offered_for_meetings_with_conclusions(desk: Desk) -> None:
    browser = client(desk, "chu_tich")
    assert "Chưa cuộc họp nào có kết luận" in page(browser.get(reverse("reports:home")))
    meeting = desk.briefing()
    assert meeting.title in page(browser.get(reverse("reports:home")))
    response = browser.post(reverse("reports:begin", args=["ket-luan"]), {"meeting": meeting.pk}, follow=True)
    assert "PHÂN CÔNG" in page(response).upper()


def test_printed_rates_have_a_page(desk: Desk) -> None:
    assert "Mật độ dân số" in page(client(desk).get(reverse("reports:printed-rates")))
    assert client(desk).get(reverse("reports:printed-rates") + "?ty-le=bịa").status_code == 200


# The command


def run(*words: str) -> str:
    out = StringIO()
    call_command("report", *words, stdout=out)
    return out.getvalue()


def test_the_command_writes_a_file(desk: Desk, tmp_path: Path) -> None:
    desk.put("tieu_hoc", {"truong[loai_truong=th]": 73, "truong_chuan_csvc": 68})
    out = tmp_path / "so-ket.docx"
    unit = f"id:{desk.unit('binh_minh')}"
    said = run("so-ket", "--unit", unit, "--period", HK1, "--on", "2026-01-29", "--out", str(out))
    assert "Sơ kết học kỳ I năm học 2025-2026" in said
    texts = [paragraph.text for paragraph in docx.Document(out).paragraphs]
    assert any("93,2% (68/73)" in text for text in texts)
    again = tmp_path / "lai.docx"
    run("so-ket", "--unit", "xa binh minh", "--period", HK1, "--on", "2026-01-29", "--out", str(again))
    assert again.read_bytes() == out.read_bytes()


def test_the_command_finds_the_meeting_of_the_period(desk: Desk, tmp_path: Path) -> None:
    desk.briefing()
    out = tmp_path / "ket-luan.docx"
    unit = f"id:{desk.unit('binh_minh')}"
    run("ket-luan", "--unit", unit, "--period", HK1, "--on", "2026-01-29", "--out", str(out))
    assert "THÔNG BÁO" in [paragraph.text for paragraph in docx.Document(out).paragraphs]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["bia-dat", "--unit", "xa binh minh", "--period", HK1], "Không có mẫu “bia-dat”"),
        (["so-ket", "--unit", "xa khong co", "--period", HK1], "xa khong co"),
        (["so-ket", "--unit", "xa binh minh", "--period", "hoc-ky-1"], "hoc-ky-1"),
        (["so-ket", "--unit", "xa binh minh", "--period", "2030-2031.HK1"], "chưa bắt đầu"),
        (["ket-luan", "--unit", "xa binh minh", "--period", HK1], "không có cuộc họp nào"),
    ],
)
def test_the_command_says_what_is_wrong(desk: Desk, tmp_path: Path, words: list[str], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        run(*words, "--on", "2026-01-29", "--out", str(tmp_path / "x.docx"))
    assert not (tmp_path / "x.docx").exists()


def test_a_folder_that_is_not_there(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="khong-co"):
        run("so-ket", "--unit", "xa binh minh", "--period", HK1, "--out", str(tmp_path / "khong-co" / "x.docx"))
