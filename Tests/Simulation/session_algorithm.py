# SPDX-License-Identifier: Apache-2.0
"""What a call is made of: what can be broken in it, how it fails, and what it returns.

A call is a generator: it yields its requests, is sent their answers, and returns a report. What fails is thrown. So it
reads like the source that it stands for, which is named above it; keep the two alike.
"""
from typing import NamedTuple, Optional, Tuple

from session_world import OpenSteps


class Algorithm(NamedTuple):
    """What can be broken in the calls: each is one step that is wrong."""
    save_creates: bool = True  # and does not replace
    save_deletes_older: bool = True
    save_creates_first: bool = True
    save_reads_again: bool = True  # what it is about to delete
    newest_by_saved_at: bool = True  # not by `Modified`, which counts seconds
    refresh_sets_secret: bool = True  # and does not create
    refresh_reads_again: bool = True
    refresh_looks_after: bool = True
    refresh_compares_identity: bool = True  # of what it finds after
    refresh_revokes: bool = True  # what it got, where the session is gone
    refresh_revokes_if_cancelled: bool = True
    deletes_by_path: bool = True  # not by attributes
    sign_out_reads_again: bool = True
    compares_identity: bool = True
    revokes_newer: bool = True  # that another process put there meanwhile
    revokes_first: bool = True  # before it deletes
    global_first: bool = True  # before RevokeToken
    looks_after: bool = True
    believes_no_failed_look: bool = True
    unanswered_is_unknown: bool = True
    retry_compares_identity: bool = True
    retry_looks_for_another: bool = True  # of the same user, before GlobalSignOut
    retry_keeps_what_is_open: bool = True
    look_confirms_nothing: bool = True  # asks again whether it is locked
    look_confirms_secrets: bool = True  # reads again what is not shown, once it is not locked


class Failed(Exception):
    def __init__(self, status, was_sent=False, was_answered=False):
        super().__init__(status)
        self.status = status
        self.was_sent = was_sent
        self.was_answered = was_answered

    @property
    def is_about_time(self):
        return self.status in ("cancelled", "late")

    @property
    def is_unanswered(self):
        return self.was_sent and not self.was_answered


class Report(NamedTuple):
    """What a call returned, and what the rules need to know of how it came to it."""
    outcome: str
    failure: Optional[str] = None
    signed_out: str = "no"
    remote: Tuple = ("not attempted", "not attempted")  # GlobalSignOut, RevokeToken
    token: Optional[OpenSteps] = None
    unsaved: Optional[tuple] = None
    stored: Optional[int] = None  # the sign-in that a save stored
    used: Optional[tuple] = None  # the sign-in that was read, and all that there were
    is_damage_told: bool = False
