from django.urls import path

from giaoban.orgs import views

app_name = "orgs"
urlpatterns = [
    path("", views.tree, name="tree"),
    path("tim/", views.search, name="search"),
    path("so-sanh/", views.between, name="between"),
    path("nhanh/<int:unit_id>/", views.branch, name="branch"),
    path("ten-goi/<int:alias_id>/rut/", views.forget_name, name="forget-name"),
    path("<int:unit_id>/", views.unit, name="unit"),
    path("<int:unit_id>-<slug:slug>/", views.unit, name="unit"),
]
