"""Every address of the product, room by room."""

from django.conf import settings
from django.urls import include, path

urlpatterns = [
    path("", include("giaoban.desk.urls")),
    path("", include("giaoban.people.urls")),
    path("", include("giaoban.work.urls")),
    path("don-vi/", include("giaoban.orgs.urls")),
    path("thong-bao/", include("giaoban.notices.urls")),
    path("van-ban/", include("giaoban.documents.urls")),
    path("so-lieu/", include("giaoban.indicators.urls")),
    path("hoi-nhanh/", include("giaoban.quick.urls")),
    path("tep-so-lieu/", include("giaoban.workbooks.urls")),
    path("nap-bang/", include("giaoban.intake.urls")),
    path("sap-xep/", include("giaoban.reforms.urls")),
    path("api/v1/", include("giaoban.api.urls")),
    path("bao-cao/", include("giaoban.reports.urls")),
    path("giao-dien/", include("giaoban.ui.urls")),
]
if settings.DEMO:
    urlpatterns.append(path("demo/", include("giaoban.demo.urls")))

handler400 = "giaoban.ui.views.bad_request"
handler403 = "giaoban.ui.views.forbidden"
handler404 = "giaoban.ui.views.not_found"
handler500 = "giaoban.ui.views.broken"
