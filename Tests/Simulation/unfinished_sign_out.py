# SPDX-License-Identifier: Apache-2.0
"""A sign-out that keeps what it cannot finish, request by request."""
from session_algorithm import Failed
from session_world import OpenSteps
from unfinished_algorithm import Report
from unfinished_items import adding, delete_named, without_deletions
from unfinished_record import begin, keep, take_back, write
from unfinished_remote import Course, revoke, run, try_others
from unfinished_sessions import store_refreshed
from unfinished_world import SESSION, Delete, Kept, Look, Reread, Take, is_same


def sign_out(algorithm, is_global, began):
    try:
        yield Take(SESSION, passes_over=True)
        seen = yield Look()
    except Failed as failed:
        return Report("failed", failed.status)
    gone = yield from delete_named(algorithm, seen)
    report = yield from end_session(algorithm, is_global, began, seen, gone)
    yield from try_others(algorithm, gone)
    return report


def end_session(algorithm, is_global, began, seen, gone):
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
    item = Kept(0, main.identity, seen.day, steps, began)
    record = (yield from begin(algorithm, item)) if algorithm.item_first else None
    course = yield from run(
        algorithm, Course(steps, record), lambda *tokens: store_refreshed(algorithm, main, *tokens), identities)
    if course.is_cancelled and not course.was_sent and (yield from is_taken_back(algorithm, course.record, sessions)):
        return Report("failed", "cancelled", meant=identities, token=course.steps)
    if not algorithm.item_first:
        course = course._replace(record=(yield from begin(algorithm, item._replace(steps=course.steps))))
    return (yield from delete(algorithm, course, sessions, identities))


def is_taken_back(algorithm, record, sessions):
    """A sign-out that was cancelled before anything was sent: it never was, unless another process has begun to finish
    it."""
    if record is None or not algorithm.cancelled_removes:
        return True
    own = (record.item.path,) if record.is_seen else ()
    try:
        found = yield Reread(own + tuple(session.path for session in sessions))
    except Failed:
        return False
    is_there = [any(is_same(item, other) for other in found) for item in (record.item, *sessions)]
    if algorithm.cancelled_reads_again and not all(is_there[1:]):
        return False
    return (yield from take_back(algorithm, record, is_there[0]))


def delete(algorithm, course, sessions, identities):
    """The part of a sign-out that is done on this machine."""
    course = course._replace(record=(yield from write(algorithm, course.record, course.steps)))
    if not algorithm.removes_last:
        yield from keep(algorithm, course.record, without_deletions(course.steps))
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
            steps = adding(newer)(course.steps)
            course = course._replace(steps=steps, record=(yield from write(algorithm, course.record, steps)))
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
    steps = course.steps if failure else without_deletions(course.steps)
    course = course._replace(steps=steps, record=(yield from keep(algorithm, course.record, steps)))
    if failure:
        return told(algorithm, course, identities, Report("failed", failure))
    is_complete = course.is_well and course.steps.is_empty and course.record is None
    return told(algorithm, course, identities, Report("complete" if is_complete else "partial", signed_out="yes"))


def told(algorithm, course, identities, report):
    """The report, with what is kept."""
    record = course.record
    is_kept = record is not None and record.is_kept or not algorithm.kept_is_truth
    kept = "yes" if is_kept else "no" if record is None else "unknown"
    return report._replace(
        kept=kept, record=record.item.record if record and is_kept else None, token=course.steps, meant=identities)
