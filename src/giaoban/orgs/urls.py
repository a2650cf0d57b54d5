from django.urls import path

from giaoban.orgs import views

app_name = "orgs"
urlpatterns = [
    path("", views.tree, name="tree"),
    path("tim/", views.search, name="search"),
    path("so-sanh/", views.between, name="between"),
    path("nhanh/<int:unit_id>/", views.branch, name="branch"),
    path("<int:unit_id>/", views.unit, name="unit"),
    path("<int:unit_id>-<slug:slug>/", views.unit, name="unit"),
]
