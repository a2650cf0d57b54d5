from django.urls import path

from giaoban.notices import views

app_name = "notices"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("doc-het/", views.read_all, name="read-all"),
    path("thu-dien-tu/", views.choose_mail, name="mail"),
    path("<int:message_id>/", views.message, name="message"),
]
