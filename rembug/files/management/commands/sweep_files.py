"""`rembug sweep-files`: delete what refused or interrupted uploads left on the disk."""

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from rembug.files.services import sweep
from rembug.regions.models import City


class Command(BaseCommand):
    help = "Menghapus berkas sisa unggahan yang batal, sesudah satu hari."

    def handle(self, *args: object, **options: object) -> None:
        for city in City.objects.all():
            count = sweep(city)
            self.stdout.write(
                _("%(city)s: %(count)d berkas dihapus.") % {"city": city, "count": count}
            )
