import csv
from pathlib import Path

from django.apps import AppConfig
from django.conf import settings

from giaoban.core import school_year


class IndicatorsConfig(AppConfig):
    name = "giaoban.indicators"

    def ready(self) -> None:
        """The seals of this room are set aside with the journal's; the school years of the province hold."""
        from giaoban.indicators import append_only
        from giaoban.journal.append_only import OTHERS

        OTHERS.append((append_only.seal, append_only.unseal))
        own = Path(settings.HOME) / "school_years.csv"
        rows = csv.DictReader(own.read_text(encoding="utf-8").splitlines()) if own.is_file() else ()
        school_year.use(settings.PROVINCE, school_year.read(rows))
