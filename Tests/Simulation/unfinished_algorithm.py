# SPDX-License-Identifier: Apache-2.0
"""What can be broken in keeping and resuming, and what a call returns. Calls are made as in `session_algorithm.py`."""
from typing import NamedTuple, Optional, Tuple

from session_world import OpenSteps
from unfinished_world import SESSION


class Algorithm(NamedTuple):
    """What can be broken in the calls: each is one step that is wrong."""
    item_first: bool = True  # before anything is sent
    cancelled_removes: bool = True  # the item, where nothing was sent
    cancelled_reads_again: bool = True  # whether another process has begun to finish it
    named_is_nobody: bool = True  # for load, fetch, save and sign-out
    takes_newer: bool = True  # tokens over into the item, before the session that holds them is deleted
    writes_refreshed: bool = True  # tokens, into the item before they are used
    refreshed_reads_again: bool = True  # what is at the item's path, before they are written there
    stores_refreshed: bool = True  # tokens of a sign-out, in the session
    item_reads_again: bool = True  # what is at its path, before it writes or deletes there
    edits_what_is_read: bool = True  # then, and not what it remembers
    removes_last: bool = True  # after the deletion is confirmed
    looks_after: bool = True  # whether the session is gone
    removes_only_empty: bool = True
    kept_is_looked_up: bool = True  # where the answer to its creation was lost
    known_by_time: bool = True  # and not by what is in it: others may have added to it before it was seen
    unseen_is_looked_up: bool = True  # again, before anything is deleted
    takes_back_twice: bool = True  # where it is not seen whether the item is gone
    kept_is_truth: bool = True  # YES only where the item holds all that is open
    refresh_looks_after: bool = True  # whether it is named by now
    named_refresh_revokes: bool = True  # what it got
    resume_has_lock: bool = True  # of its own
    resume_lists_locked: bool = True  # under the session's lock
    resume_reads_again: bool = True  # the item, before RevokeToken
    resume_revokes_vanished: bool = True  # what an item had open that is gone though it has the resume lock
    resume_skips_undeleted: bool = True
    resume_confirms: bool = True  # that the session is gone
    resume_looks_after: bool = True  # whether its items are gone
    resume_is_within_a_day: bool = True
    resume_global_has_lock: bool = True
    resume_global_reads_again: bool = True  # whether it is still open
    resume_looks_for_another: bool = True  # of the same user, before GlobalSignOut
    storing_gives_up: bool = True  # open global steps of the same user
    sign_in_holds: Optional[str] = SESSION  # from before it redeems its code until the session is stored
    retry_has_lock: bool = True
    retry_takes_newer: bool = True  # tokens over, also where its token alone says what to do
    retry_reads_item: bool = True
    retry_looks_late: bool = True  # for an item that it could not read at first
    retry_knows_ended: bool = True  # tokens that need not be revoked again
    retry_believes_other: bool = True  # who finished the item while it waited
    locks_in_order: bool = True
    tries_others: bool = False  # a save and a sign-out, after their own work


class Report(NamedTuple):
    """What a call returned."""
    outcome: str
    failure: Optional[str] = None
    signed_out: str = "no"
    kept: str = "no"
    record: Optional[int] = None  # what its partial-failure token says
    token: Optional[OpenSteps] = None
    meant: Tuple[int, ...] = ()  # the sign-ins that the report is about
    unsaved: Optional[tuple] = None  # the refresh token that the program was handed, as it could not be stored
    was_stored: bool = False  # the session that it refreshes
    stored: Optional[int] = None  # the sign-in that was stored
    given_up: bool = True  # whether it could give up what it had to
