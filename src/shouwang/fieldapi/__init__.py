"""外勤接口 The API for devices in the field."""
