from django.urls import path

from giaoban.documents import views, views_office

app_name = "documents"
urlpatterns = [
    path("", views.documents, name="list"),
    path("dang-ky/", views.register, name="register"),
    path("cho-xu-ly/", views_office.waiting, name="waiting"),
    path("nhap-so/", views_office.take_in, name="import"),
    path("so-rieng/", views_office.numbers, name="numbers"),
    path("so-rieng/<int:given_id>/bo/", views_office.give_up, name="give-up"),
    path("<int:document_id>/", views.document, name="short"),
    path("<int:document_id>-<slug:slug>/", views.document, name="document"),
    path("<int:document_id>-<slug:slug>/trien-khai/", views.cascade, name="cascade"),
    path("<int:document_id>-<slug:slug>/quan-triet/", views_office.study, name="study"),
    path("<int:document_id>-<slug:slug>/hieu-luc/", views.force, name="force"),
    path("<int:document_id>/sua/", views.correct, name="correct"),
    path("<int:document_id>/tep/", views.file, name="file"),
    path("<int:document_id>/tiep-nhan/", views.receive, name="receive"),
    path("<int:document_id>/gui/", views.address, name="address"),
    path("<int:document_id>/lien-ket/", views.link, name="link"),
    path("<int:document_id>/lien-ket/<int:relation_id>/bo/", views.unlink, name="unlink"),
]
