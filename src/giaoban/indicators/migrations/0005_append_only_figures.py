from django.db import migrations

from giaoban.indicators.append_only import later_backwards, later_forwards


class Migration(migrations.Migration):
    dependencies = [("indicators", "0004_figures")]
    operations = [migrations.RunPython(later_forwards, later_backwards, elidable=False)]
