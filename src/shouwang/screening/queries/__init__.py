"""Reads of screening."""

from shouwang.screening.queries.follow_up import people_of_batch, unfollowed_batches

__all__ = ["people_of_batch", "unfollowed_batches"]
