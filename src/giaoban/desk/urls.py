from django.urls import path

from giaoban.desk.views import lifeline, mapping, overview, pages, reading

app_name = "desk"
urlpatterns = [
    path("", pages.front, name="home"),
    path("tim/", pages.search, name="search"),
    path("tong-quan/", overview.page, name="overview"),
    path("so-lieu-don-vi/<int:unit_id>/", lifeline.page, name="unit-figures"),
    path("ban-do/", mapping.page, name="map"),
    path("doc/", reading.start, name="read"),
    path("doc/van-ban/<int:document_id>/", reading.registered, name="read-document"),
    path("doc/<str:token>/", reading.result, name="read-result"),
]
