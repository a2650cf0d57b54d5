from django.urls import path

from giaoban.reports import views

app_name = "reports"
urlpatterns = [
    path("", views.home, name="home"),
    path("ty-le-in-san/", views.printed_rates, name="printed-rates"),
    path("viet/<slug:form_code>/", views.begin, name="begin"),
    path("<int:report_id>/", views.report, name="report"),
    path("<int:report_id>/doan/<slug:slot>/", views.words, name="words"),
    path("<int:report_id>/the-thuc/", views.letterhead, name="letterhead"),
    path("<int:report_id>/ban-hanh/", views.issue, name="issue"),
    path("<int:report_id>/tai/", views.download, name="download"),
]
