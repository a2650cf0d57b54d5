from django.urls import path

from giaoban.quick import views

app_name = "quick"
urlpatterns = [
    path("", views.home, name="home"),
    path("mo/", views.start, name="open"),
    path("<int:quick_id>/", views.live, name="live"),
    path("<int:quick_id>/phan/", views.part, name="part"),
    path("<int:quick_id>/nhac/", views.remind, name="remind"),
    path("<int:quick_id>/ket-thuc/", views.close, name="close"),
    path("<int:quick_id>/xuat.<slug:form>", views.export, name="export"),
    path("tra-loi/<int:report_id>/", views.answer, name="answer"),
    path("t/<str:token>/", views.by_link, name="link"),
]
