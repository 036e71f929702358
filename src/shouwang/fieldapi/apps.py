from django.apps import AppConfig


class FieldapiConfig(AppConfig):
    name = "shouwang.fieldapi"
    label = "fieldapi"
    default_auto_field = "django.db.models.BigAutoField"
