from django.urls import path

from giaoban.workbooks import views

app_name = "workbooks"
urlpatterns = [
    path("", views.home, name="home"),
    path("nop/", views.receive, name="receive"),
    path("bao-cao/<int:report_id>/", views.report, name="report"),
    path("dot/<int:round_id>/", views.round_page, name="round"),
    path("dot/<int:round_id>/tai/", views.make, name="make"),
    path("goi/<int:package_id>/", views.package, name="package"),
    path("goi/<int:package_id>/tep/", views.package_file, name="package-file"),
    path("<int:upload_id>/", views.page, name="upload"),
    path("<int:upload_id>/ghi/", views.take, name="take"),
    path("<int:upload_id>/ban-danh-dau/", views.marked, name="marked"),
    path("<int:upload_id>/loi.xlsx", views.faults, name="faults"),
]
