import django.db.models.deletion
import rembug.regions.scope
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('files', '0001_files_by_content'),
        ('people', '0002_record_is_append_only'),
        ('programs', '0001_programmes_and_rules'),
        ('regions', '0002_agencies'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Meeting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField()),
                ('title', models.CharField(max_length=160)),
                ('place', models.CharField(max_length=160)),
                ('at', models.DateTimeField()),
                ('agenda', models.TextField(blank=True)),
                ('men', models.PositiveSmallIntegerField(default=0)),
                ('women', models.PositiveSmallIntegerField(default=0)),
                ('count_reason', models.CharField(blank=True, max_length=300)),
                ('notes', models.TextField(blank=True)),
                ('state', models.CharField(choices=[('called', 'Undangan dibuat'), ('held', 'Menunggu tanda tangan'), ('returned', 'Dikembalikan untuk diperbaiki'), ('signed', 'Ditandatangani')], default='called', max_length=10)),
                ('minutes_digest', models.CharField(blank=True, max_length=64)),
                ('returned_why', models.TextField(blank=True)),
                ('version', models.PositiveIntegerField(default=0)),
                ('called_by', rembug.regions.scope.CityForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('city', rembug.regions.scope.CityField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regions.city')),
                ('unit', rembug.regions.scope.CityForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='meetings', to='regions.unit')),
            ],
            options={
                'ordering': ['-at'],
            },
        ),
        migrations.CreateModel(
            name='Attendance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('sex', models.CharField(blank=True, choices=[('m', 'L'), ('f', 'P')], max_length=1)),
                ('city', rembug.regions.scope.CityField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regions.city')),
                ('meeting', rembug.regions.scope.CityForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attendances', to='planning.meeting')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='MeetingItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rank', models.PositiveSmallIntegerField()),
                ('field', models.CharField(max_length=24)),
                ('title', models.CharField(max_length=200)),
                ('volume', models.CharField(blank=True, max_length=60)),
                ('cost', models.BigIntegerField(default=0)),
                ('outcome', models.CharField(choices=[('discussed', 'Dibahas'), ('decided', 'Diputuskan'), ('deferred', 'Ditunda')], max_length=10)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('city', rembug.regions.scope.CityField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regions.city')),
                ('meeting', rembug.regions.scope.CityForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='planning.meeting')),
            ],
            options={
                'ordering': ['rank'],
            },
        ),
        migrations.CreateModel(
            name='MeetingPhoto',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', rembug.regions.scope.CityField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regions.city')),
                ('file', rembug.regions.scope.CityForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.file')),
                ('meeting', rembug.regions.scope.CityForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='photos', to='planning.meeting')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='PlanItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField()),
                ('field', models.CharField(max_length=24)),
                ('title', models.CharField(max_length=200)),
                ('volume', models.CharField(blank=True, max_length=60)),
                ('cost', models.BigIntegerField(default=0)),
                ('state', models.CharField(choices=[('planned', 'Direncanakan'), ('taken', 'Sudah diusulkan'), ('deferred', 'Ditunda'), ('dropped', 'Dicoret')], default='planned', max_length=10)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('version', models.PositiveIntegerField(default=0)),
                ('city', rembug.regions.scope.CityField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regions.city')),
                ('decision', rembug.regions.scope.CityForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='plan_items', to='planning.meetingitem')),
                ('meeting', rembug.regions.scope.CityForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='plan_items', to='planning.meeting')),
                ('unit', rembug.regions.scope.CityForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plan_items', to='regions.unit')),
            ],
            options={
                'ordering': ['year', 'field', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('draft', 'Sedang disusun'), ('submitted', 'Sedang diperiksa'), ('returned', 'Dikembalikan'), ('verified', 'Lolos pemeriksaan'), ('budgeted', 'Masuk anggaran (DPA)'), ('rejected', 'Ditolak')], default='draft', max_length=10)),
                ('tier', models.CharField(blank=True, max_length=20)),
                ('round', models.PositiveSmallIntegerField(default=1)),
                ('version', models.PositiveIntegerField(default=0)),
                ('returned_why', models.TextField(blank=True)),
                ('statements', models.JSONField(default=dict)),
                ('submitted_at', models.DateTimeField(blank=True, null=True)),
                ('budget_doc', models.CharField(blank=True, max_length=80)),
                ('city', rembug.regions.scope.CityField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regions.city')),
                ('meeting', rembug.regions.scope.CityForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='planning.meeting')),
                ('program_year', rembug.regions.scope.CityForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='programs.programyear')),
                ('submitted_by', rembug.regions.scope.CityForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', rembug.regions.scope.CityForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='regions.unit')),
            ],
        ),
        migrations.CreateModel(
            name='Activity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField()),
                ('rank', models.PositiveSmallIntegerField(default=1)),
                ('field', models.CharField(max_length=24)),
                ('kind', models.CharField(blank=True, max_length=40)),
                ('name', models.CharField(max_length=200)),
                ('place', models.CharField(blank=True, max_length=200)),
                ('volume', models.CharField(blank=True, max_length=60)),
                ('cost', models.BigIntegerField(default=0)),
                ('swadaya_money', models.BigIntegerField(default=0)),
                ('swadaya_days', models.PositiveIntegerField(default=0)),
                ('swadaya_note', models.CharField(blank=True, max_length=200)),
                ('off_list_reason', models.CharField(blank=True, max_length=300)),
                ('stage', models.CharField(choices=[('draft', 'Sedang disusun'), ('plan', 'Rencana'), ('checked', 'Lolos periksa'), ('dropped', 'Tidak diterima'), ('budgeted', 'Teranggarkan'), ('contracted', 'Dikontrak'), ('running', 'Berjalan'), ('done', 'Selesai dikerjakan'), ('closed', 'Ditutup')], default='draft', max_length=10)),
                ('percent', models.SmallIntegerField(default=-1)),
                ('search', models.CharField(blank=True, max_length=600)),
                ('version', models.PositiveIntegerField(default=0)),
                ('changed_at', models.DateTimeField(auto_now=True)),
                ('city', rembug.regions.scope.CityField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regions.city')),
                ('unit', rembug.regions.scope.CityForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='activities', to='regions.unit')),
                ('plan_item', rembug.regions.scope.CityForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='activities', to='planning.planitem')),
                ('proposal', rembug.regions.scope.CityForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='activities', to='planning.proposal')),
            ],
            options={
                'ordering': ['rank', 'id'],
            },
        ),
        migrations.CreateModel(
            name='RabLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=1)),
                ('group', models.CharField(choices=[('upah', 'Upah'), ('bahan', 'Bahan'), ('alat', 'Alat'), ('jasa', 'Jasa'), ('barang', 'Barang')], max_length=10)),
                ('name', models.CharField(max_length=200)),
                ('measure', models.CharField(max_length=20)),
                ('volume_milli', models.BigIntegerField()),
                ('price', models.BigIntegerField()),
                ('standard', models.BigIntegerField(default=0)),
                ('amount', models.BigIntegerField()),
                ('quotes', models.CharField(blank=True, max_length=300)),
                ('activity', rembug.regions.scope.CityForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='planning.activity')),
                ('city', rembug.regions.scope.CityField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regions.city')),
                ('item', rembug.regions.scope.CityForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programs.priceitem')),
            ],
            options={
                'ordering': ['position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Signature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(max_length=24)),
                ('at', models.DateTimeField()),
                ('digest', models.CharField(max_length=64)),
                ('lapsed_at', models.DateTimeField(blank=True, null=True)),
                ('city', rembug.regions.scope.CityField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regions.city')),
                ('meeting', rembug.regions.scope.CityForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='signatures', to='planning.meeting')),
                ('office', rembug.regions.scope.CityForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.office')),
                ('person', rembug.regions.scope.CityForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['at'],
            },
        ),
        migrations.CreateModel(
            name='ActivityPaper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=40)),
                ('number', models.CharField(blank=True, max_length=120)),
                ('activity', rembug.regions.scope.CityForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='papers', to='planning.activity')),
                ('city', rembug.regions.scope.CityField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regions.city')),
                ('file', rembug.regions.scope.CityForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.file')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(models.F('city'), models.F('activity'), models.F('code'), name='activity_paper_once'), models.CheckConstraint(condition=models.Q(models.Q(('file', None), _negated=True), models.Q(('number', ''), _negated=True), _connector='OR'), name='activity_paper_is_somewhere'), rembug.regions.scope.CityLink(column='activity_id', name='planning_activitypaper_activity_city', target='planning_activity'), rembug.regions.scope.CityLink(column='file_id', name='planning_activitypaper_file_city', target='files_file'), rembug.regions.scope.CityKey(column='id', name='planning_activitypaper_city_key', target='')],
            },
        ),
        migrations.AddIndex(
            model_name='meeting',
            index=models.Index(fields=['city', 'unit', 'at'], name='meeting_unit_at'),
        ),
        migrations.AddIndex(
            model_name='meeting',
            index=models.Index(fields=['city', 'unit', 'year', 'state'], name='meeting_unit_year'),
        ),
        migrations.AddConstraint(
            model_name='meeting',
            constraint=rembug.regions.scope.CityLink(column='unit_id', name='planning_meeting_unit_city', target='regions_unit'),
        ),
        migrations.AddConstraint(
            model_name='meeting',
            constraint=rembug.regions.scope.CityLink(column='called_by_id', name='planning_meeting_called_by_city', target='people_person'),
        ),
        migrations.AddConstraint(
            model_name='meeting',
            constraint=rembug.regions.scope.CityKey(column='id', name='planning_meeting_city_key', target=''),
        ),
        migrations.AddIndex(
            model_name='attendance',
            index=models.Index(fields=['city', 'meeting'], name='attendance_meeting'),
        ),
        migrations.AddConstraint(
            model_name='attendance',
            constraint=rembug.regions.scope.CityLink(column='meeting_id', name='planning_attendance_meeting_city', target='planning_meeting'),
        ),
        migrations.AddConstraint(
            model_name='attendance',
            constraint=rembug.regions.scope.CityKey(column='id', name='planning_attendance_city_key', target=''),
        ),
        migrations.AddIndex(
            model_name='meetingitem',
            index=models.Index(fields=['city', 'meeting'], name='meeting_item_meeting'),
        ),
        migrations.AddConstraint(
            model_name='meetingitem',
            constraint=models.CheckConstraint(condition=models.Q(('cost__gte', 0)), name='meeting_item_cost'),
        ),
        migrations.AddConstraint(
            model_name='meetingitem',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'deferred'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='deferred_item_has_reason'),
        ),
        migrations.AddConstraint(
            model_name='meetingitem',
            constraint=rembug.regions.scope.CityLink(column='meeting_id', name='planning_meetingitem_meeting_city', target='planning_meeting'),
        ),
        migrations.AddConstraint(
            model_name='meetingitem',
            constraint=rembug.regions.scope.CityKey(column='id', name='planning_meetingitem_city_key', target=''),
        ),
        migrations.AddConstraint(
            model_name='meetingphoto',
            constraint=models.UniqueConstraint(models.F('city'), models.F('meeting'), models.F('file'), name='meeting_photo_once'),
        ),
        migrations.AddConstraint(
            model_name='meetingphoto',
            constraint=rembug.regions.scope.CityLink(column='meeting_id', name='planning_meetingphoto_meeting_city', target='planning_meeting'),
        ),
        migrations.AddConstraint(
            model_name='meetingphoto',
            constraint=rembug.regions.scope.CityLink(column='file_id', name='planning_meetingphoto_file_city', target='files_file'),
        ),
        migrations.AddConstraint(
            model_name='meetingphoto',
            constraint=rembug.regions.scope.CityKey(column='id', name='planning_meetingphoto_city_key', target=''),
        ),
        migrations.AddIndex(
            model_name='planitem',
            index=models.Index(fields=['city', 'unit', 'year'], name='plan_item_unit_year'),
        ),
        migrations.AddConstraint(
            model_name='planitem',
            constraint=models.CheckConstraint(condition=models.Q(('cost__gte', 0)), name='plan_item_cost'),
        ),
        migrations.AddConstraint(
            model_name='planitem',
            constraint=models.UniqueConstraint(models.F('city'), models.F('decision'), name='decision_taken_once'),
        ),
        migrations.AddConstraint(
            model_name='planitem',
            constraint=rembug.regions.scope.CityLink(column='unit_id', name='planning_planitem_unit_city', target='regions_unit'),
        ),
        migrations.AddConstraint(
            model_name='planitem',
            constraint=rembug.regions.scope.CityLink(column='meeting_id', name='planning_planitem_meeting_city', target='planning_meeting'),
        ),
        migrations.AddConstraint(
            model_name='planitem',
            constraint=rembug.regions.scope.CityLink(column='decision_id', name='planning_planitem_decision_city', target='planning_meetingitem'),
        ),
        migrations.AddConstraint(
            model_name='planitem',
            constraint=rembug.regions.scope.CityKey(column='id', name='planning_planitem_city_key', target=''),
        ),
        migrations.AddIndex(
            model_name='proposal',
            index=models.Index(fields=['city', 'program_year', 'state'], name='proposal_state'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'rejected'), _negated=True), fields=('city', 'unit', 'program_year'), name='one_proposal_per_rt_and_year'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=rembug.regions.scope.CityLink(column='unit_id', name='planning_proposal_unit_city', target='regions_unit'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=rembug.regions.scope.CityLink(column='program_year_id', name='planning_proposal_program_year_city', target='programs_programyear'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=rembug.regions.scope.CityLink(column='meeting_id', name='planning_proposal_meeting_city', target='planning_meeting'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=rembug.regions.scope.CityLink(column='submitted_by_id', name='planning_proposal_submitted_by_city', target='people_person'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=rembug.regions.scope.CityKey(column='id', name='planning_proposal_city_key', target=''),
        ),
        migrations.AddIndex(
            model_name='activity',
            index=models.Index(fields=['city', 'year', '-id'], name='activity_year'),
        ),
        migrations.AddIndex(
            model_name='activity',
            index=models.Index(fields=['city', 'unit', 'year'], name='activity_unit_year'),
        ),
        migrations.AddIndex(
            model_name='activity',
            index=models.Index(fields=['city', 'proposal'], name='activity_proposal'),
        ),
        migrations.AddIndex(
            model_name='activity',
            index=models.Index(fields=['city', 'stage', 'year'], name='activity_stage'),
        ),
        migrations.AddIndex(
            model_name='activity',
            index=models.Index(fields=['city', 'field', 'year'], name='activity_field'),
        ),
        migrations.AddConstraint(
            model_name='activity',
            constraint=models.CheckConstraint(condition=models.Q(('cost__gte', 0), ('swadaya_money__gte', 0)), name='activity_amounts'),
        ),
        migrations.AddConstraint(
            model_name='activity',
            constraint=models.CheckConstraint(condition=models.Q(('percent__gte', -1), ('percent__lte', 100)), name='activity_percent'),
        ),
        migrations.AddConstraint(
            model_name='activity',
            constraint=rembug.regions.scope.CityLink(column='proposal_id', name='planning_activity_proposal_city', target='planning_proposal'),
        ),
        migrations.AddConstraint(
            model_name='activity',
            constraint=rembug.regions.scope.CityLink(column='unit_id', name='planning_activity_unit_city', target='regions_unit'),
        ),
        migrations.AddConstraint(
            model_name='activity',
            constraint=rembug.regions.scope.CityLink(column='plan_item_id', name='planning_activity_plan_item_city', target='planning_planitem'),
        ),
        migrations.AddConstraint(
            model_name='activity',
            constraint=rembug.regions.scope.CityKey(column='id', name='planning_activity_city_key', target=''),
        ),
        migrations.AddIndex(
            model_name='rabline',
            index=models.Index(fields=['city', 'activity'], name='rab_line_activity'),
        ),
        migrations.AddConstraint(
            model_name='rabline',
            constraint=models.CheckConstraint(condition=models.Q(('volume_milli__gt', 0), ('price__gte', 0), ('amount__gte', 0)), name='rab_line_amounts'),
        ),
        migrations.AddConstraint(
            model_name='rabline',
            constraint=rembug.regions.scope.CityLink(column='activity_id', name='planning_rabline_activity_city', target='planning_activity'),
        ),
        migrations.AddConstraint(
            model_name='rabline',
            constraint=rembug.regions.scope.CityLink(column='item_id', name='planning_rabline_item_city', target='programs_priceitem'),
        ),
        migrations.AddConstraint(
            model_name='rabline',
            constraint=rembug.regions.scope.CityKey(column='id', name='planning_rabline_city_key', target=''),
        ),
        migrations.AddConstraint(
            model_name='signature',
            constraint=models.UniqueConstraint(condition=models.Q(('lapsed_at', None)), fields=('city', 'meeting', 'role'), name='one_signature_per_role'),
        ),
        migrations.AddConstraint(
            model_name='signature',
            constraint=models.UniqueConstraint(condition=models.Q(('lapsed_at', None)), fields=('city', 'meeting', 'person'), name='one_signature_per_person'),
        ),
        migrations.AddConstraint(
            model_name='signature',
            constraint=rembug.regions.scope.CityLink(column='meeting_id', name='planning_signature_meeting_city', target='planning_meeting'),
        ),
        migrations.AddConstraint(
            model_name='signature',
            constraint=rembug.regions.scope.CityLink(column='person_id', name='planning_signature_person_city', target='people_person'),
        ),
        migrations.AddConstraint(
            model_name='signature',
            constraint=rembug.regions.scope.CityLink(column='office_id', name='planning_signature_office_city', target='people_office'),
        ),
        migrations.AddConstraint(
            model_name='signature',
            constraint=rembug.regions.scope.CityKey(column='id', name='planning_signature_city_key', target=''),
        ),
    ]
