from django.urls import path

from giaoban.indicators.views import catalogue, entry, home, judging, reports, rounds

app_name = "indicators"
urlpatterns = [
    path("", home.home, name="home"),
    path("cua-toi/", home.mine, name="mine"),
    path("bao-cao/<int:report_id>/", reports.report, name="report"),
    path("bao-cao/<int:report_id>/nhap/", entry.entry, name="entry"),
    path("bao-cao/<int:report_id>/luu/", entry.autosave, name="autosave"),
    path("bao-cao/<int:report_id>/nop/", entry.submit, name="submit"),
    path("bao-cao/<int:report_id>/xet/", judging.judge, name="judge"),
    path("bao-cao/<int:report_id>/rut/", judging.withdraw, name="withdraw"),
    path("bao-cao/<int:report_id>/mo-lai/", judging.reopen, name="reopen"),
    path("bao-cao/<int:report_id>/o/<int:cell_id>/", reports.cell, name="cell"),
    path("dot/", rounds.rounds, name="rounds"),
    path("dot/mo/", rounds.choose, name="round-new"),
    path("dot/mo/chi-tiet/", rounds.open_round, name="round-open"),
    path("dot/<int:round_id>/", rounds.round, name="round"),
    path("dot/<int:round_id>/xet/", judging.judge_many, name="judge-many"),
    path("dot/<int:round_id>/nhac/", rounds.remind, name="remind"),
    path("dot/<int:round_id>/hoan-tat/", judging.sign_off, name="sign-off"),
    path("dot/<int:round_id>/chot/", rounds.lock, name="lock"),
    path("dot/<int:round_id>/huy/", rounds.cancel, name="cancel"),
    path("danh-muc/", catalogue.indicators, name="catalogue"),
    path("danh-muc/so-lieu-goc/", catalogue.elements, name="elements"),
    path("danh-muc/bieu-mau/", catalogue.sheets, name="sheets"),
    path("chi-tieu/<slug:code>/", catalogue.indicator, name="indicator"),
    path("so-lieu-goc/<slug:code>/", catalogue.element, name="element"),
    path("bieu-mau/<slug:code>/", catalogue.sheet, name="sheet"),
]
