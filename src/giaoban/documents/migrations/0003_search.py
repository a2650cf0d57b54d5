from django.db import migrations

from giaoban.documents.wordlist import backwards, forwards


class Migration(migrations.Migration):
    dependencies = [("documents", "0002_register")]
    operations = [migrations.RunPython(forwards, backwards, elidable=False)]
