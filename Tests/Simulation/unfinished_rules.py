# SPDX-License-Identifier: Apache-2.0
"""What must hold of keeping and resuming whatever happens, and what nobody can help."""
from unfinished_world import Delete, GlobalSignOut, Revoke, Session, SetSecret, held_by, is_same

COMES_BACK = "a session that was signed out does not come back"
FINISHES = "where all processes died, a resume without faults ends every refresh token of a session that was signed out"
NOTHING_LEFT = "where all processes died, a resume without faults leaves no item, and no session that was signed out"
OTHERS_STAY = "a call deletes and overwrites nothing but what it means"
NEWER_LIVES = "a newer session is not ended by an older sign-out"
WITHIN_A_DAY = "a resume ends no session that began a day after the sign-out"
SUPERSEDED = "where the user was stored here again, an older GlobalSignOut is not resumed"
ONCE = "a refresh token is revoked once, where nothing went wrong but the network"
COMPLETE = "after 'complete' nothing is stored of what was signed out, and no refresh token of it works"
KEPT = "where 'kept' is said, the keyring has what is open"
NAMED = "nobody gets a session that an unfinished sign-out names, or signs it out again"
CANCELLED = "who hears that nothing was done, as the call was cancelled, is signed in as before"
HELD = "somebody holds each refresh token that works"
RETRIED = "a retry loses no refresh token that its partial-failure token has"
WRITTEN_FIRST = "where a sign-out ends something, the keyring says so already"
LAST_COPY = "a sign-out deletes no refresh token that works and that no item holds"
STUCK = "no processes wait for each other"

DIED = "a process died with tokens that it had just been given"
REFRESH_LOST = "the answer to a refresh was lost"
REVOCATION_LOST = "Cognito could not be reached to revoke what a refresh gave after the session was gone"
UNSAVED = "a program was handed refreshed tokens that could not be stored"
REPLACED = "a save replaced a session, which is not revoked, just when a sign-out without the lock began to end it"
NEVER_STORED = "a sign-in was never stored: its process died, or its program was told so"
HANDED = "the keyring did not take what is open, and the program was told so"
NOT_UNDONE = "a sign-out was cancelled, and the keyring failed to say, twice, whether its item is gone"
TAKEN_BACK = "a sign-out without the lock was taken back, just when another process had deleted the session"
SAVE_WINDOW = "a program had signed in by itself, and not saved it yet, when an older GlobalSignOut was carried out"
BESIDE = "a process went on without a lock, and ended what another one had just been given"
LATE_RETRY = "a retry by hand whose item was finished before it looked, or was more than RevokeToken, did it again"
REFRESHED_IN_WINDOW = "a session was refreshed between reading again and the delete, by who had no lock, or beside one"
WINDOW = "an item was changed between reading again and the request, by who went on without a lock, or beside one"


def hit(facts, process, request, world, others):
    """What a request that is carried out now breaks, or which exception it is."""
    kind = type(request)
    if facts.call.startswith("sign out") and not facts.is_unkept:
        ended = request.of if kind in (Revoke, GlobalSignOut) else deleted(process, request, world)
        if any(session.identity in ended and not world.is_named(session) for session in world.sessions):
            is_untold = kind is Delete and facts.keyring_failures > 1
            return (None, NOT_UNDONE) if is_untold else (WRITTEN_FIRST, None)
        if ended and kind is Delete and is_last_copy(facts, request, world):
            return LAST_COPY, None
    if kind in (Delete, SetSecret):
        return hit_item(facts, process, request, world)
    if kind is Revoke and request.token in world.live and request.token[0] not in world.ended.union(request.of):
        return NEWER_LIVES, None
    if kind is Revoke and not world.is_disturbed and request.token in world.revoked and facts.call != "fetch":
        return (None, LATE_RETRY) if is_late_retry(facts) else (ONCE, None)
    if kind is GlobalSignOut and any(token[0] == request.access[0] for token in world.live):
        return hit_globally(process, request, world, others)
    return None, None


def deleted(process, request, world):
    """Of a session that is deleted: its sign-in. Where not all have the lock, the item may be taken back just then."""
    is_session = type(request) is Delete and type(request.item) is Session
    is_there = is_session and is_same(world.at(request.item.path), request.item)
    return (request.item.identity,) if is_there and not (process.is_without or process.is_beside) else ()


def is_last_copy(facts, request, world):
    """Whether a session is deleted that alone has a refresh token, though the keyring would have taken that."""
    session = world.at(request.item.path)
    is_only = session.refresh in world.live.difference(held_by(world.unfinished))
    return is_only and session in facts.read_again and not facts.keyring_failures


def is_late_retry(facts):
    if facts.call != "retry" or facts.sees_item:
        return False
    steps = facts.handed.steps
    return not facts.saw_item or steps.is_global or bool(steps.deletions)


def hit_item(facts, process, request, world):
    item = world.at(request.item.path)
    if type(request) is Delete and request.is_undone and is_same(item, request.item):
        return hit_undone(facts, request.item, world)
    if item is None:
        return None, None
    is_without = process.is_without or process.is_beside
    if is_same(item, request.item):
        if type(request) is SetSecret and is_without and facts.read_again and item not in facts.read_again:
            return None, WINDOW
        is_save = facts.call.startswith(("save", "sign in"))
        if type(request) is Delete and is_save and is_without and item.refresh in world.live \
                and item.identity not in facts.named:
            return None, REPLACED
        return None, REFRESHED_IN_WINDOW if is_newer(item, facts, process, request, world) else None
    was_read = any(is_same(request.item, read) and read.path == item.path for read in facts.read_again)
    return (None, WINDOW) if was_read and is_without else (OTHERS_STAY, None)


def is_newer(item, facts, process, request, world):
    """Whether a session that is deleted was refreshed since it was read, by a fetch that could not revoke that."""
    if type(request) is not Delete or type(item) is not Session or not (process.is_without or process.is_beside):
        return False
    return item not in facts.read_again and item.refresh in world.unrevoked


def hit_undone(facts, item, world):
    """A sign-out takes itself back: what it was to end must be there."""
    others = [other for other in world.unfinished if other != item]
    for number in item.steps.deletions:
        is_stored = any(session.identity == number for session in world.sessions)
        is_kept = any(number == other.record for other in others)
        if not is_stored and not is_kept and any(token[0] == number for token in world.live):
            was_read = any(getattr(read, "identity", None) == number for read in facts.read_again)
            return (None, TAKEN_BACK) if was_read else (HELD, None)
    return None, None


def hit_globally(process, request, world, others):
    user = world.user(request.of[0])
    stored = {session.identity for session in world.sessions if not world.is_named(session)}
    exception = None
    if request.is_of_resume and world.superseded.intersection(request.of):
        return (None, BESIDE) if process.is_without else (SUPERSEDED, None)
    for token in world.live:
        number = token[0]
        if world.user(number) != user or number <= max(request.of):
            continue
        if number in world.elsewhere and request.is_of_resume:
            return WITHIN_A_DAY, None
        holder = next(((other, facts) for other, facts in others if token in facts.got), None)
        is_without = process.is_without or holder and holder[0].is_without
        if holder and holder[1].call.startswith("save") and number not in stored:
            exception = SAVE_WINDOW
        elif number in stored or holder:
            if not is_without:
                return NEWER_LIVES, None
            exception = BESIDE
    return None, exception


def comes_back(world):
    return COMES_BACK if any(
        session.identity in world.ended and not world.is_named(session) for session in world.sessions) else None


def returned(report, facts, process, world, others):
    """The rule that a report breaks, or which exception it is."""
    if facts.call == "retry":
        left = held_by(world.items).union(report.token.refresh_tokens if report.token else (), *(
            handed.steps.refresh_tokens for handed in world.tokens), *(other.got for _, other in others))
        if world.live.intersection(facts.handed.steps.refresh_tokens).difference(left):
            return RETRIED, None
    if facts.call in ("fetch", "sign out", "sign out globally") and (facts.named or set()).intersection(report.meant):
        return NAMED, None
    stored = {session.identity for session in world.sessions}
    held = world.excused.union(*(other.got for _, other in others))
    if report.outcome == "complete":
        if stored.intersection(report.meant):
            return COMPLETE, None
        left = {token for token in world.live if token[0] in report.meant and token not in held}
        if left:
            return COMPLETE, None
        if facts.call == "resume" and any(item.record in report.meant for item in world.unfinished):
            return COMPLETE, None
    if report.kept == "yes":
        kept = [item for item in world.unfinished if item.record == report.record]
        known = set().union(*(item.steps.refresh_tokens for item in kept), held)
        known.update(session.refresh for item in kept for session in world.sessions if item.names(session))
        if any(token[0] in report.meant and token not in known for token in world.live):
            return KEPT, None
        if kept == [] and stored.intersection(report.meant):
            return KEPT, None
    if report.failure == "cancelled" and facts.call.startswith("sign out") and report.kept == "no":
        signed_in = {session.identity for session in world.sessions if not world.is_named(session)}
        if not (process.is_without or process.is_beside) and not signed_in.issuperset(report.meant):
            return CANCELLED, None
    return None, None


def resumed(before, after):
    """The rule that a resume breaks that was alone and met no fault."""
    if after.unfinished or any(session.identity in before.ended for session in after.sessions):
        return NOTHING_LEFT
    if any(token[0] in before.ended and token not in before.excused for token in after.live):
        return FINISHES
    for session in before.sessions:
        if session.identity in before.ended or before.is_named(session):
            continue
        if session not in after.sessions:
            return OTHERS_STAY
        if session.refresh in before.live and session.refresh not in after.live:
            return NEWER_LIVES
    return None
