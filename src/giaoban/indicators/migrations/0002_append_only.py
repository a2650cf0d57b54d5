from django.db import migrations

from giaoban.indicators.append_only import migrate_backwards, migrate_forwards


class Migration(migrations.Migration):
    dependencies = [("indicators", "0001_initial")]
    operations = [migrations.RunPython(migrate_forwards, migrate_backwards, elidable=False)]
