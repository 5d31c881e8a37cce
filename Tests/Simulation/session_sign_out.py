# SPDX-License-Identifier: Apache-2.0
"""Signing out and retrying, request by request: SignOut.swift, RetrySignOut.swift, and what they are made of."""
from typing import NamedTuple, Optional, Tuple

from session_algorithm import Failed, Report
from session_keyring import Deletion, delete, identity, look, newest_first, read_again
from session_refresh import Refreshed, refresh
from session_world import DELETION, WHOLE, GlobalSignOut, IsCancelled, IsFresh, OpenSteps, Revoke, Take

# MARK: RemoteSteps.swift

class Outcome(NamedTuple):
    remote: Tuple  # what became of GlobalSignOut and RevokeToken
    is_complete: bool
    open: OpenSteps
    refreshed: Optional[Refreshed]
    has_begun: bool


class GlobalEnd(NamedTuple):
    """How GlobalSignOut ended, and what the steps after it go on with."""
    what: str
    remote: str
    steps: OpenSteps
    refreshed: Optional[Refreshed] = None
    has_sent: bool = False


def remote_steps(algorithm, plan, refreshable):
    if plan.is_global and not algorithm.global_first:
        for token in plan.refresh_tokens:
            yield Revoke(token)
    end = GlobalEnd("done", "not requested", plan)
    if plan.is_global:
        end = yield from end_every_session(algorithm, plan, refreshable)
    steps, has_sent = end.steps, end.has_sent
    is_open = end.what in ("open", "cancelled")
    if is_open:
        left = steps.refresh_tokens
        revocation = "not attempted" if left else "not requested"
    else:
        revocation, left, has_sent = yield from revoke(steps.refresh_tokens, has_sent)
    if end.what == "refresh is lost":
        revocation = "unknown" if revocation == "done" else revocation
        is_open = steps.refresh in left
    open_steps = OpenSteps(
        is_open, steps.access if is_open else None, steps.refresh if steps.refresh in left else None,
        tuple(token for token in left if token != steps.refresh))
    has_begun = has_sent or not (yield IsCancelled())
    is_complete = end.what == "done" and not left and revocation in ("done", "not requested")
    return Outcome((end.remote, revocation), is_complete, open_steps, end.refreshed, has_begun)


def end_every_session(algorithm, steps, refreshable):
    """Not in the model: a user who is gone or disabled, and a scope that is missing."""
    refreshed = None
    is_refresh_needed = not steps.access or not (yield IsFresh())
    if is_refresh_needed and steps.refresh:
        try:
            refreshed = yield from refresh(algorithm, steps.refresh, refreshable)
        except Failed as failed:
            return GlobalEnd(end_without_tokens(failed), "not attempted", steps)
        tokens = refreshed.tokens
        steps = steps._replace(access=tokens.access, refresh=tokens.refresh or steps.refresh)
    if not steps.access:
        return GlobalEnd("given up", "not attempted", steps, refreshed)
    try:
        yield GlobalSignOut(steps.access)
    except Failed as failed:
        if failed.status == "cancelled" and not failed.was_sent:
            return GlobalEnd("cancelled", "not attempted", steps, refreshed)
        remote = "unknown" if failed.is_unanswered else "failed"
        what = "given up" if failed.status == "revoked" else "open"
        return GlobalEnd(what, remote, steps, refreshed, failed.was_sent)
    return GlobalEnd("done", "done", steps, refreshed, True)


def end_without_tokens(failed):
    """A refresh that failed. A cancelled one counts as if nothing had been sent: that it was is not told."""
    if failed.status == "cancelled":
        return "cancelled"
    if failed.is_unanswered:
        return "refresh is lost"
    return "given up" if failed.status == "refused" else "open"


def revoke(tokens, has_sent):
    result, left = "not requested", []
    for token in tokens:
        try:
            yield Revoke(token)
            has_sent = True
            result = "done" if result == "not requested" else result
        except Failed as failed:
            has_sent = has_sent or failed.was_sent
            if failed.status == "cancelled" and not has_sent:
                return "not attempted", tokens, has_sent
            if not left:
                is_unsent = failed.status == "cancelled" and not failed.was_sent
                result = "unknown" if failed.is_unanswered else "not attempted" if is_unsent else "failed"
            left.append(token)
    return result, tuple(left), has_sent


# MARK: LocalDeletion.swift, LocalSignOut.swift

def local_sign_out(algorithm, read, outcome):
    """Returns how it ended: the failure, signed out or not, and the token."""
    identities = tuple(identity(item) for item in read)
    rotated = outcome.refreshed and outcome.refreshed.tokens.refresh
    if rotated:
        identities += (("refresh token", rotated),)
    open_steps = outcome.open
    is_complete = outcome.is_complete

    def is_mine(item):
        return identity(item) in identities or not algorithm.compares_identity

    known = [item.refresh for item in read if item.refresh] + ([rotated] if rotated else [])
    current = read
    try:
        while algorithm.sign_out_reads_again:
            current = tuple(item for item in (yield from read_again(algorithm, read, DELETION)) if is_mine(item))
            newer = tuple(item.refresh for item in current if item.refresh and item.refresh not in known)
            if not newer or not algorithm.revokes_newer:
                break
            left = newer
            if not open_steps.is_global:
                _, left, _ = yield from revoke(newer, True)
            is_complete = is_complete and not left
            open_steps = open_steps._replace(others=open_steps.others + left)
            known += newer
    except Failed as failed:
        return failed.status, "no", open_steps._replace(deletions=identities), is_complete

    deletion = Deletion()
    if current:
        deletion = yield from delete(algorithm, current, DELETION)
    is_open = open_steps._replace(deletions=identities)
    left = ()
    if algorithm.looks_after:
        try:
            left = yield from look(algorithm, DELETION)
        except Failed as failed:
            if algorithm.believes_no_failed_look:
                is_unasked = deletion.failure == "late" and not deletion.is_unanswered
                is_no = is_unasked or not algorithm.unanswered_is_unknown
                return deletion.failure or failed.status, "no" if is_no else "unknown", is_open, is_complete
    mine = tuple(identity(item) for item in current)
    is_there = any(identity(item) in mine for item in left)
    if deletion.failure:
        return deletion.failure, "no" if is_there else "unknown", is_open, is_complete
    if is_there:
        return "keyring failed", "no", is_open, is_complete
    if left:
        return "session changed", "no", open_steps, is_complete
    return None, "yes", open_steps, is_complete


# MARK: SignOut.swift, SessionToEnd.swift

def sign_out(algorithm, is_global):
    remote = ("not attempted" if is_global else "not requested", "not attempted")
    try:
        yield Take(passes_over=True)
        found = newest_first(algorithm, (yield from look(algorithm, WHOLE)))
    except Failed as failed:
        return Report("failed", failed.status, remote=remote)
    if not found:
        return Report("complete", signed_out="yes", remote=(remote[0], "not requested"))
    is_damaged = any(item.access is None for item in found)
    used = found[0].sign_in, tuple(item.sign_in for item in found)
    main = next((item for item in found if item.access), None)
    others = tuple(dict.fromkeys(item.refresh for item in found if item.refresh and item is not main))
    plan = OpenSteps(is_global, main and main.access, main and main.refresh, others)
    if not algorithm.revokes_first:
        yield from delete(algorithm, found, DELETION)
    outcome = yield from remote_steps(algorithm, plan, found[0] if found[0].access else None)
    is_lost = outcome.refreshed and outcome.refreshed.failure
    if not outcome.has_begun:
        return Report("failed", "cancelled", remote=outcome.remote, used=used, token=outcome.open if is_lost else None)
    failure, signed_out, token, is_complete = yield from local_sign_out(algorithm, found, outcome)
    what = "failed" if failure else "complete" if is_complete and not is_damaged else "partial"
    return Report(what, failure, signed_out, outcome.remote, token, used=used, is_damage_told=is_damaged)


# MARK: RetrySignOut.swift

def retry(algorithm, plan):
    unbegun = Report("failed", None, "unknown", token=plan)
    if not (plan.is_global or plan.deletions):
        try:
            found = yield from look(algorithm, WHOLE)
            signed_out = "no" if found else "yes"
        except Failed:
            signed_out = "unknown"
        outcome = yield from remote_steps(algorithm, plan, None)
        if not outcome.has_begun:
            return unbegun._replace(failure="cancelled", token=outcome.open)
        what = "complete" if outcome.is_complete else "partial"
        return Report(what, None, signed_out, outcome.remote, outcome.open)
    try:
        yield Take(passes_over=True)
        found = newest_first(algorithm, (yield from look(algorithm, WHOLE)))
    except Failed as failed:
        return unbegun._replace(failure=failed.status)
    mine = tuple(item for item in found
                 if identity(item) in plan.deletions or (plan.deletions and not algorithm.retry_compares_identity))
    others = tuple(item for item in found if item not in mine)
    if plan.is_global and others and algorithm.retry_looks_for_another:
        return unbegun._replace(failure="session changed", signed_out="no")
    added = plan
    if plan.is_global or plan.refresh_tokens:
        newer = tuple(item.refresh for item in mine if item.refresh and item.refresh not in plan.refresh_tokens)
        added = plan._replace(others=plan.others + newer)
    outcome = yield from remote_steps(algorithm, added._replace(deletions=()), None)
    is_open = outcome.open._replace(deletions=plan.deletions)
    if not outcome.has_begun:
        return unbegun._replace(failure="cancelled", token=is_open, signed_out="no" if found else "yes")
    if not algorithm.retry_keeps_what_is_open:
        outcome = outcome._replace(open=OpenSteps(False, None, None))
    what = "complete" if outcome.is_complete else "partial"
    if not mine:
        return Report(what, None, "no" if found else "yes", outcome.remote, outcome.open)
    failure, signed_out, token, is_complete = yield from local_sign_out(algorithm, mine, outcome)
    if failure == "session changed" and others:
        failure = None
    what = "failed" if failure else "complete" if is_complete else "partial"
    return Report(what, failure, signed_out, outcome.remote, token)
