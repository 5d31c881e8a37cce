# SPDX-License-Identifier: Apache-2.0
"""A sign-out that keeps what it cannot finish, request by request."""
from session_algorithm import Failed
from session_world import OpenSteps
from unfinished_algorithm import Report
from unfinished_items import adding, change_if_possible, delete_named, end, keep, without_deletions, without_global, \
    without_tokens
from unfinished_remote import Course, revoke, run, try_others
from unfinished_sessions import store_refreshed
from unfinished_world import SESSION, Delete, Look, Reread, Take, is_same


def sign_out(algorithm, is_global):
    try:
        yield Take(SESSION, passes_over=True)
        seen = yield Look()
    except Failed as failed:
        return Report("failed", failed.status)
    gone = yield from delete_named(algorithm, seen)
    report = yield from end_session(algorithm, is_global, seen, gone)
    yield from try_others(algorithm, gone)
    return report


def end_session(algorithm, is_global, seen, gone):
    sessions = seen.sessions if algorithm.named_is_nobody else seen.sessions + seen.ended
    is_undeleted = any(not any(item.names(session) for item in gone) for session in seen.ended)
    if not sessions:
        if is_undeleted:
            return Report("failed", "keyring failed")
        return Report("complete", signed_out="yes")
    main = sessions[0]
    identities = tuple(session.identity for session in sessions)
    steps = OpenSteps(
        is_global, main.access, main.refresh, tuple(session.refresh for session in sessions[1:]), identities)
    item, is_unknown = None, False
    if algorithm.item_first:
        item, is_unknown = yield from keep(algorithm, main.identity, seen.day, steps)
    course = yield from run(
        algorithm, Course(steps, item), lambda *tokens: store_refreshed(algorithm, main, *tokens), identities)
    if course.is_cancelled and not course.was_sent:
        report = yield from take_back(algorithm, course, is_unknown, sessions)
        if report:
            return report
    if not algorithm.item_first:
        item, is_unknown = yield from keep(algorithm, main.identity, seen.day, course.steps)
        course = course._replace(item=item)
    return (yield from delete(algorithm, course, sessions, identities, is_unknown))


def take_back(algorithm, course, is_unknown, sessions):
    """A sign-out that was cancelled before anything was sent: it never was. None: another process
    has begun to finish it."""
    report = Report("failed", "cancelled", meant=tuple(session.identity for session in sessions), token=course.steps)
    if course.item is None or not algorithm.cancelled_removes:
        return report._replace(kept="unknown" if is_unknown else "no")
    try:
        found = yield Reread((course.item.path, *(session.path for session in sessions)))
        if algorithm.cancelled_reads_again and not all(
                any(is_same(item, other) for other in found) for item in (course.item, *sessions)):
            return None
        yield Delete(course.item, is_undone=True)
    except Failed:
        return report._replace(kept="unknown")
    return report


def delete(algorithm, course, sessions, identities, is_unknown):
    """The part of a sign-out that is done on this machine."""
    course = course._replace(item=(yield from change_if_possible(
        algorithm, course.item, lambda steps: less(steps, course))))
    if not algorithm.removes_last and course.item:
        yield from finished(algorithm, course._replace(steps=without_deletions(course.steps)))
    known = {session.refresh for session in sessions}.union(course.steps.refresh_tokens, [course.refreshed])
    failure = None
    try:
        while True:
            found = yield Reread(tuple(session.path for session in sessions))
            current = tuple(other for other in found if any(is_same(other, session) for session in sessions))
            newer = tuple(session.refresh for session in current if session.refresh not in known)
            if not newer:
                break
            known.update(newer)
            course = course._replace(
                steps=adding(newer)(course.steps),
                item=(yield from change_if_possible(algorithm, course.item, adding(newer))))
            if not course.steps.is_global:
                course = yield from revoke(course, identities)
        for session in current:
            yield Delete(session)
        if algorithm.looks_after:
            left = yield Look()
            if any(session.identity in identities for session in left.sessions + left.ended):
                failure = "keyring failed"
    except Failed as failed:
        failure = failed.status
    if failure:
        return told(algorithm, course, is_unknown, identities, Report("failed", failure))
    course = course._replace(steps=without_deletions(course.steps))
    if course.item:
        course = yield from finished(algorithm, course)
    is_open = not course.steps.is_empty or course.item is not None and not course.item.steps.is_empty
    what = "complete" if course.is_well and not is_open else "partial"
    return told(algorithm, course, is_unknown, identities, Report(what, signed_out="yes"))


def finished(algorithm, course):
    """Nothing of the item is left but what is open."""
    try:
        item = yield from end(algorithm, course.item, lambda steps: less(steps, course))
    except Failed:
        return course
    return course._replace(item=item)


def less(steps, course):
    """Stored steps, less what this call has done. What another process added stays."""
    steps = without_tokens(course.revoked)(steps)
    if not course.steps.is_global:
        steps = without_global(steps)
    return steps if course.steps.deletions else without_deletions(steps)


def told(algorithm, course, is_unknown, identities, report):
    """The report, with what is kept."""
    is_held = course.item is not None and holds(course.item.steps, course.steps) or not algorithm.kept_is_truth
    kept = "yes" if is_held else "unknown" if is_unknown else "no"
    return report._replace(
        kept=kept, record=identities[0] if kept == "yes" else None, token=course.steps, meant=identities)


def holds(steps, still_open):
    return (steps.is_global or not still_open.is_global) \
        and set(still_open.refresh_tokens) <= set(steps.refresh_tokens) \
        and set(still_open.deletions) <= set(steps.deletions)
