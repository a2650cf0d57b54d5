from django.db import models


class Event(models.Model):
    """One act. Written by `journal.actions.writing` only; the database refuses to change or delete it."""

    seq = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(db_index=True)
    account_id = models.BigIntegerField(null=True, db_index=True)
    position_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)
    actor_title = models.CharField(max_length=200, blank=True)
    acting_for = models.CharField(max_length=200, blank=True)
    verb = models.CharField(max_length=60, db_index=True, help_text="room.verb, for example round.open")
    subject_type = models.CharField(max_length=60, blank=True)
    subject_id = models.BigIntegerField(null=True)
    subject_name = models.CharField(max_length=300, blank=True)
    unit_id = models.BigIntegerField(null=True, db_index=True)
    reason = models.TextField(blank=True)
    data = models.JSONField(default=dict, blank=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="event_subject")]
        ordering = ["seq"]
