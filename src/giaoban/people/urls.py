from django.urls import path

from giaoban.people import views
from giaoban.people.views import administration, journal, seats

app_name = "people"
urlpatterns = [
    path("vao/", views.sign_in, name="sign-in"),
    path("ra/", views.sign_out, name="sign-out"),
    path("toi/", views.me, name="me"),
    path("toi/mat-khau/", views.password, name="password"),
    path("nhat-ky/", journal.journal, name="journal"),
    path("nguoi-dung/", administration.accounts, name="accounts"),
    path("nguoi-dung/them/", administration.new, name="new"),
    path("nguoi-dung/nap/", administration.load, name="load"),
    path("nguoi-dung/nap/mau.csv", administration.sample, name="sample"),
    path("nguoi-dung/<int:account_id>/", administration.account, name="account"),
    path("nguoi-dung/<int:account_id>/sua/", administration.change, name="change"),
    path("nguoi-dung/<int:account_id>/mat-khau/", administration.reset_password, name="reset-password"),
    path("nguoi-dung/<int:account_id>/mo-khoa/", administration.unlock, name="unlock"),
    path("nguoi-dung/<int:account_id>/dinh-chi/", administration.suspend, name="suspend"),
    path("nguoi-dung/chuc-vu/", seats.positions, name="positions"),
    path("nguoi-dung/chuc-vu/them/", seats.new, name="new-position"),
    path("nguoi-dung/chuc-vu/<int:position_id>/", seats.position, name="position"),
    path("nguoi-dung/chuc-vu/<int:position_id>/bo-nhiem/", seats.appoint, name="appoint"),
    path("nguoi-dung/chuc-vu/<int:position_id>/ban-giao/", seats.hand_over, name="hand-over"),
    path("nguoi-dung/chuc-vu/<int:position_id>/thay/", seats.act_for, name="act-for"),
    path("nguoi-dung/chuc-vu/<int:position_id>/giao-quyen/", seats.grant, name="grant"),
    path("nguoi-dung/thoi-giu/<int:holding_id>/", seats.dismiss, name="dismiss"),
    path("nguoi-dung/thu-quyen/<int:grant_id>/", seats.revoke, name="revoke"),
]
