"""Meetings, their conclusions and the tasks that follow: one lifecycle, one room.

Owns: meetings (plan, invitation, attendance, discussion, conclusions), tasks (assign, report, propose, confirm, extend)
and the four states of QĐ 42/2014/QĐ-TTg, always computed from dates (`states.py`).
Words: *host* (đơn vị tổ chức), *chair* (chủ trì), *conclusion* (kết luận; planned until its notice is issued), *lead*
(đơn vị chủ trì), *partner* (đơn vị phối hợp), *binding* (a task counts only from the day it binds), *part* (one unit's
share of a task given to many; the parts count, the whole does not).
Verbs on meetings: plan_meeting, amend_meeting, add_item, invite, send_invitations, answer_invitation, open_meeting,
take_attendance, add_contribution, conclude, amend_conclusion, issue_notice, cancel_meeting.
Verbs on tasks: assign, take_up, report_progress, answer_as_partner, propose_done, confirm, send_back, ask_extension,
decide_extension, remind, record_event, call_off, open_cycles.
"""
