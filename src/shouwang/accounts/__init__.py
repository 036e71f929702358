"""账户 Users, roles, grants, approvals by a second person."""
