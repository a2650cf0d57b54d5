from django.urls import path

from giaoban.desk.views import charting, jobs, lifeline, mapping, overview, pages, provenance, reading, tables, targets

app_name = "desk"
urlpatterns = [
    path("", pages.front, name="home"),
    path("tim/", pages.search, name="search"),
    path("tong-quan/", overview.page, name="overview"),
    path("tong-quan/bang/", tables.page, name="table"),
    path("so-lieu/nguon/", provenance.page, name="source"),
    path("so-lieu/ke-hoach/", targets.page, name="targets"),
    path("so-lieu/ke-hoach/<int:target_id>/", targets.one, name="target"),
    path("tong-quan/bieu-do/", charting.page, name="charts"),
    path("so-lieu-don-vi/<int:unit_id>/", lifeline.page, name="unit-figures"),
    path("ban-do/", mapping.page, name="map"),
    path("chay-nen/", jobs.mine, name="jobs"),
    path("chay-nen/<int:job_id>/", jobs.one, name="job"),
    path("chay-nen/<int:job_id>/phan/", jobs.part, name="job-part"),
    path("chay-nen/<int:job_id>/dung/", jobs.stop, name="job-stop"),
    path("chay-nen/<int:job_id>/tiep/", jobs.again, name="job-again"),
    path("doc/", reading.start, name="read"),
    path("doc/van-ban/<int:document_id>/", reading.registered, name="read-document"),
    path("doc/<str:token>/", reading.result, name="read-result"),
]
