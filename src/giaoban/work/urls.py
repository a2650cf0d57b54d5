from django.urls import path

from giaoban.work.views import from_documents, meetings, running, tasks

app_name = "work"
urlpatterns = [
    path("hop/", meetings.meetings, name="meetings"),
    path("hop/moi/", meetings.plan, name="plan"),
    path("hop/<int:meeting_id>/", meetings.meeting, name="meeting-short"),
    path("hop/<int:meeting_id>-<slug:slug>/", meetings.meeting, name="meeting"),
    path("hop/<int:meeting_id>/sua/", meetings.change, name="meeting-change"),
    path("hop/<int:meeting_id>/hoan/", meetings.cancel, name="meeting-cancel"),
    path("hop/<int:meeting_id>/thong-bao/", meetings.notice, name="notice"),
    path("hop/<int:meeting_id>/chuong-trinh/", running.add_item, name="item-add"),
    path("hop/<int:meeting_id>/chuong-trinh/<int:item_id>/bo/", running.remove_item, name="item-remove"),
    path("hop/<int:meeting_id>/moi/", running.invite, name="invite"),
    path("hop/<int:meeting_id>/moi/<int:invitation_id>/bo/", running.uninvite, name="uninvite"),
    path("hop/<int:meeting_id>/giay-moi/", running.send_invitations, name="send-invitations"),
    path("hop/<int:meeting_id>/tra-loi/", running.answer, name="answer"),
    path("hop/<int:meeting_id>/khai-mac/", running.open_meeting, name="open"),
    path("hop/<int:meeting_id>/be-mac/", running.close_meeting, name="close"),
    path("hop/<int:meeting_id>/diem-danh/", running.all_present, name="all-present"),
    path("hop/<int:meeting_id>/diem-danh/<int:invitation_id>/", running.attendance, name="attendance"),
    path("hop/<int:meeting_id>/y-kien/", running.contribute, name="contribute"),
    path("hop/<int:meeting_id>/ket-luan/", running.conclude, name="conclude"),
    path("hop/<int:meeting_id>/ket-luan/<int:conclusion_id>/", running.reword, name="reword"),
    path("hop/<int:meeting_id>/ket-luan/<int:conclusion_id>/bo/", running.remove_conclusion, name="conclusion-remove"),
    path("hop/<int:meeting_id>/ket-luan/<int:conclusion_id>/viec/", running.add_task, name="conclusion-task"),
    path("viec/", tasks.tasks, name="tasks"),
    path("viec/nhiem-vu.csv", tasks.export, name="tasks-csv"),
    path("viec/giao/", tasks.assign, name="assign"),
    path("viec/han/", tasks.due_means, name="due-means"),
    path("viec/van-ban/<int:document_id>/", from_documents.asked, name="asked"),
    path("viec/van-ban/<int:document_id>/chu/", from_documents.marked_text, name="marked-text"),
    path("viec/<int:task_id>/", tasks.task, name="task"),
    path("viec/<int:task_id>/minh-chung/<int:evidence_id>/", tasks.evidence, name="evidence"),
    path("viec/<int:task_id>/<slug:verb>/", tasks.act, name="task-act"),
]
