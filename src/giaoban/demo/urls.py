"""Addresses of the demonstration; `giaoban.urls` includes them only where the setting DEMO is on."""

from django.urls import path

from giaoban.demo import views

app_name = "demo"
urlpatterns = [
    path("", views.welcome, name="welcome"),
    path("vao/<str:user>/", views.enter, name="enter"),
]
