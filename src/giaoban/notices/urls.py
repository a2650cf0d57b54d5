from django.urls import path

from giaoban.notices import views
from giaoban.notices.views import hooks, own

app_name = "notices"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("doc-het/", views.read_all, name="read-all"),
    path("cai-dat/", own.settings, name="settings"),
    path("thu-dien-tu/", own.choose_mail, name="mail"),
    path("lich/", own.make_feed, name="feed-make"),
    path("lich/<int:feed_id>/thu-hoi/", own.revoke_feed, name="feed-revoke"),
    path("ket-noi/", hooks.hooks, name="hooks"),
    path("ket-noi/them/", hooks.new, name="hook-new"),
    path("ket-noi/<int:hook_id>/", hooks.hook, name="hook"),
    path("ket-noi/<int:hook_id>/gui-lai/<int:delivery_id>/", hooks.resend, name="hook-resend"),
    path("ket-noi/<int:hook_id>/<slug:verb>/", hooks.act, name="hook-act"),
    path("<int:message_id>/", views.message, name="message"),
]
