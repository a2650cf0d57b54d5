from django.urls import path

from giaoban.intake import views

app_name = "intake"
urlpatterns = [
    path("", views.listing, name="list"),
    path("tep-moi/", views.begin, name="begin"),
    path("cach-doc/", views.layouts, name="layouts"),
    path("cach-doc/<int:layout_id>/", views.layout, name="layout"),
    path("cach-doc/<int:layout_id>/thoi-dung/", views.retire, name="retire"),
    path("<int:intake_id>/", views.page, name="intake"),
    path("<int:intake_id>/bang/", views.shape, name="shape"),
    path("<int:intake_id>/trang-tinh/", views.sheet, name="sheet"),
    path("<int:intake_id>/doan-lai/", views.again, name="again"),
    path("<int:intake_id>/nghia/", views.meaning, name="meaning"),
    path("<int:intake_id>/day-so-lieu-moi/", views.new_series, name="new-series"),
    path("<int:intake_id>/nap-thu/", views.trial, name="trial"),
    path("<int:intake_id>/ten/", views.names, name="names"),
    path("<int:intake_id>/loi.csv", views.faults, name="faults"),
    path("<int:intake_id>/nap/", views.load, name="load"),
    path("<int:intake_id>/giu-cach-doc/", views.keep, name="keep"),
    path("<int:intake_id>/rut/", views.withdraw, name="withdraw"),
    path("<int:intake_id>/bo/", views.discard, name="discard"),
]
