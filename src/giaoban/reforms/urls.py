from django.urls import path

from giaoban.reforms import views

app_name = "reforms"
urlpatterns = [
    path("", views.listing, name="list"),
    path("moi/", views.new, name="new"),
    path("moi/<str:act>/", views.begin, name="begin"),
    path("mau-quyet-dinh.csv", views.sample, name="sample"),
    path("<int:reform_id>/", views.page, name="reform"),
    path("<int:reform_id>/sua/", views.edit, name="edit"),
    path("<int:reform_id>/them/", views.add, name="add"),
    path("<int:reform_id>/them/<str:act>/", views.add_part, name="add-part"),
    path("<int:reform_id>/phan/<int:place>/", views.change_part, name="part"),
    path("<int:reform_id>/phan/<int:place>/bo/", views.drop_part, name="drop-part"),
    path("<int:reform_id>/ap-dung/", views.apply, name="apply"),
    path("<int:reform_id>/bo/", views.discard, name="discard"),
    path("<int:reform_id>/hoan-tac/", views.undo, name="undo"),
    path("<int:reform_id>/lap-lai/", views.again, name="again"),
    path("<int:reform_id>/quyet-dinh/", views.questions, name="questions"),
    path("<int:reform_id>/quyet-dinh/<int:question_id>/", views.answer, name="answer"),
]
