from django.db import migrations

from giaoban.documents.wordlist import sights_backwards, sights_forwards


class Migration(migrations.Migration):
    dependencies = [("documents", "0003_search")]
    operations = [migrations.RunPython(sights_forwards, sights_backwards, elidable=False)]
