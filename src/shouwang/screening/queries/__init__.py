"""Reads of screening."""

from shouwang.screening.queries.follow_up import (
    BatchRow,
    batch_row,
    people_of_batch,
    running_batches,
    unfollowed_batches,
)

__all__ = ["BatchRow", "batch_row", "people_of_batch", "running_batches", "unfollowed_batches"]
