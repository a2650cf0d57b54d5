from django.urls import path

from giaoban.desk.views import overview, pages, reading

app_name = "desk"
urlpatterns = [
    path("", pages.front, name="home"),
    path("tim/", pages.search, name="search"),
    path("tong-quan/", overview.page, name="overview"),
    path("doc/", reading.start, name="read"),
    path("doc/van-ban/<int:document_id>/", reading.registered, name="read-document"),
    path("doc/<str:token>/", reading.result, name="read-result"),
]
