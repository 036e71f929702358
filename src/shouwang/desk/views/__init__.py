"""Thin views: ask a query, call an action, render."""
