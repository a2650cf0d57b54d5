from django.urls import path

from giaoban.ui import gallery

app_name = "ui"
urlpatterns = [path("", gallery.page, name="gallery")]
