# SPDX-License-Identifier: Apache-2.0
"""What must hold whatever happens, and what nobody can help.

A rule says that a step breaks it. An exception is what no order of steps can prevent, as the keyring and Cognito are:
it is counted, and told.
"""
from session_keyring import identity
from session_world import (
    CREATED, FOREIGN, Delete, GlobalSignOut, Revoke, SetSecret)

SIGNED_OUT = "'signed out here' is said only where nothing is left of what was stored when the call began"
COMPLETE = "after 'complete' no refresh token works that was stored when the call began"
STILL_HERE = "'not signed out here' is said only where the call deleted nothing"
NOT_SENT = "'not attempted' is said of RevokeToken only where none was carried out"
COMES_BACK = "a session that was signed out does not come back"
OTHERS_STAY = "a call deletes and overwrites no session but those that it means"
OTHERS_LIVE = "a call revokes no session but those that it means"
HELD = "somebody holds each refresh token that works"
SAVE_KEEPS = "a save that dies leaves a session that was stored, or the new one"
ONE_IS_STORED = "after a save that met no fault nothing is left of what was stored before"
NEWEST = "the newest session is the one that is used"
WHOLE_IS_NOT_DAMAGED = "a session that is whole is not called damaged"
STORED_AS_ITSELF = "what a refresh stored is stored as the session that it is"
AGAIN = "where all processes died, whoever signs out again, without faults, ends complete, with nothing left"
RETRY_ENDS = "where all processes died, a retry without faults leaves nothing open that can be done"

DIED = "a process died with tokens that it had just been given"
DIED_UNREVOKED = "a process died after Cognito could not be reached"
REFRESH_LOST = "the answer to a refresh was lost"
REFRESH_CUT = "a call was cancelled, or at its limit, before a refresh was answered"
REVOCATION_LOST = "Cognito could not be reached to revoke what a refresh gave after the session was gone"
TOO_LATE = "the time of a call was over before what a refresh gave could be revoked or stored"
REPLACED_BY_FOREIGN = "a foreign program stored in the place of a session"
REPLACED_BY_SAVE = "a save replaced a session, which is not revoked"
WINDOW = "another session was stored at the path between reading again and the delete or SetSecret: nothing compares"
REFRESHED_IN_WINDOW = "the session was refreshed between reading again and the delete, by who went on beside it"
CARRIED_OUT_LATE = "a request was carried out after the call that had sent it was over"
GLOBAL_BESIDE = "a global retry ended a session that was stored while it ran, as it or the other had no lock"
UNSEEN = "the keyring was locked and unlocked again within one search that shows nothing of what is locked"


# What a process saw of a keyring that hid its items: nothing, and then that it is not locked.
BLIND = 1
CONFIRMED = 2


def meant(facts):
    """The sign-ins that a call may touch: those that its first look showed; in a retry, those of its token."""
    if facts.call == "retry":
        of_deletions = {key[0] if what == "refresh token" else key for what, key in facts.plan.deletions}
        return of_deletions | {token[0] for token in facts.plan.refresh_tokens}
    return {item.sign_in for item in facts.first_read or ()}


def is_meant(facts, item):
    if facts.call == "retry":
        return identity(item) in facts.plan.deletions
    if item.sign_in in meant(facts):
        return True
    return item.identity is not None and any(item.identity == read.identity for read in facts.first_read or ())


def hit(facts, request, world, has_lock):
    """What a request that is carried out now breaks, or which exception it is: the rule, the exception, and the tokens
    that this excuses."""
    kind = type(request)
    if kind in (Delete, SetSecret):
        broken, exception, tokens = hit_item(facts, request, world)
        if facts.call == "save" and not broken and not exception:
            return None, REPLACED_BY_SAVE, tuple(item.refresh for item in world.items if item.path == request.path)
        return broken, exception, tokens
    if kind is Revoke and request.token in world.live - world.excused and request.token[0] not in meant(facts):
        return OTHERS_LIVE, None, ()
    if kind is GlobalSignOut and facts.call == "retry":
        others = [item for item in world.items if item.sign_in not in meant(facts) and item.refresh in world.live]
        if others:
            is_helpless = not has_lock or all(item.origin == FOREIGN for item in others)
            return (None, GLOBAL_BESIDE, ()) if is_helpless else (OTHERS_LIVE, None, ())
    return None, None, ()


def hit_item(facts, request, world):
    items = world.items if request.path is None else [item for item in [world.at(request.path)] if item]
    for item in items:
        if is_meant(facts, item) and (type(request) is Delete or item.sign_in == request.sign_in):
            seen = next((seen for seen in facts.read_again or () if seen.path == item.path), item)
            if item.refresh != seen.refresh:
                return None, REFRESHED_IN_WINDOW, ()
            continue
        was_seen = any(seen.path == item.path and is_meant(facts, seen) for seen in facts.read_again or ())
        if was_seen and item.origin in (CREATED, FOREIGN) and request.path is not None:
            tokens = (item.refresh,) + ((request.refresh,) if type(request) is SetSecret else ())
            return None, WINDOW, tokens
        return OTHERS_STAY, None, ()
    return None, None, ()


def hit_late(request, world):
    """The tokens that are excused where a request is carried out after its call."""
    if type(request) is Delete:
        return tuple(item.refresh for item in world.items if item.path == request.path)
    if type(request) is SetSecret:
        item = world.at(request.path)
        return (request.refresh,) + ((item.refresh,) if item else ())
    return ()


def returned(report, facts, process, world, others_held):
    """The rule that a report breaks."""
    present = meant(facts) if facts.call == "retry" else process.present
    left = [item for item in world.items if item.sign_in in present and item.refresh not in world.excused]
    if facts.call in ("sign out", "sign out globally", "retry"):
        if report.signed_out == "yes" and left and process.blind != CONFIRMED:
            return SIGNED_OUT
        if report.outcome == "complete" and process.blind != CONFIRMED:
            held = world.excused | world.unsaved | others_held
            held = held.union(*(token.refresh_tokens for token in world.tokens if token != facts.plan))
            if any(token[0] in present and token not in held for token in world.live):
                return COMPLETE
        is_no = report.signed_out == "no" and report.failure != "session changed" and facts.call != "retry"
        if report.outcome == "failed" and is_no and process.deleted:
            if not any(item.sign_in in meant(facts) for item in world.items) and not process.taken:
                return STILL_HERE
        if report.remote[1] == "not attempted" and facts.held and facts.held <= process.revoked:
            return NOT_SENT
    if report.stored and not (facts.has_failed or process.is_unlucky):
        older = [identity(item) for item in facts.first_read or ()]
        if any(identity(item) in older for item in world.items):
            return ONE_IS_STORED
    if report.outcome == "fetched":
        first = {item.identity for item in facts.first_read}
        # As its own last look showed it: what comes after that it cannot know.
        if any(item.sign_in == report.used[0] and item.identity not in first for item in facts.read_again or ()):
            return STORED_AS_ITSELF
    if report.used and report.used[0] != max(report.used[1]) and not report.is_damage_told:
        return NEWEST
    if report.is_damage_told:
        return WHOLE_IS_NOT_DAMAGED
    return None


def died(facts, process, world):
    """The rule that a process breaks that dies."""
    if facts.call == "save" and process.deleted and not process.taken and not world.items:
        return SAVE_KEEPS
    return None


def ended_again(report, before, after):
    """The rule that a sign-out breaks that was alone and met no fault."""
    left = [item for item in before.items if item.refresh in after.live]
    # GlobalSignOut cannot work any more where a process died with the newest refresh token: rows 5b and 13.
    newest = max(before.items, key=lambda item: item.sign_in, default=None)
    is_dead = newest and newest.refresh not in before.live | before.graced
    is_well = report.outcome == "complete" or report.outcome == "partial" and is_dead and report.remote[0] != "done"
    return None if is_well and not after.items and not left else AGAIN


def retried_again(report, plan, after):
    """The same of a retry. It is refused beside another session of the user, and gives up a GlobalSignOut that cannot
    work any more."""
    if plan.is_global and report.failure == "session changed" and report.token == plan:
        return None
    is_done = report.token.is_empty and not any(token in after.live for token in plan.refresh_tokens)
    return None if is_done and report.outcome != "failed" else RETRY_ENDS
