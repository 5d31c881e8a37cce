# SPDX-License-Identifier: Apache-2.0
"""Fetching, saving and signing in, beside unfinished sign-outs, request by request."""
from session_algorithm import Failed
from unfinished_algorithm import Report
from unfinished_items import delete_named, give_up
from unfinished_remote import try_others
from unfinished_world import (
    SESSION, Create, Delete, IsFresh, Look, Redeem, Refresh, Reread, Revoke, Session, SetSecret, SignIn, Take,
    is_same)


def fetch(algorithm):
    try:
        yield Take(SESSION)
        seen = yield Look()
    except Failed as failed:
        return Report("failed", failed.status)
    yield from delete_named(algorithm, seen)
    sessions = seen.sessions if algorithm.named_is_nobody else seen.sessions + seen.ended
    if not sessions:
        return Report("failed", "not signed in")
    newest = sessions[0]
    if (yield IsFresh()):
        return Report("fetched", meant=(newest.identity,))
    try:
        access, refresh = yield Refresh(newest.refresh)
    except Failed as failed:
        return Report("failed", failed.status)
    failure = yield from store_refreshed(algorithm, newest, access, refresh)
    if failure == "session changed" and algorithm.named_refresh_revokes:
        try:
            yield Revoke(refresh, (newest.identity,), is_unheld=True)
        except Failed:
            pass
    if failure:
        return Report("failed", failure, unsaved=None if failure == "session changed" else refresh, was_stored=True)
    return Report("fetched", meant=(newest.identity,))


def store_refreshed(algorithm, old, access, refresh):
    """Returns why it failed. A session that is signed out meanwhile is not brought back."""
    try:
        found = yield Reread((old.path,))
        if not found or found[0] != old:
            return "session changed"
        yield SetSecret(old._replace(access=access, refresh=refresh))
        if not algorithm.refresh_looks_after:
            return None
        seen = yield Look()
    except Failed as failed:
        return "session changed" if failed.status == "gone" else failed.status
    is_there = any(session.identity == old.identity and session.access == access for session in seen.sessions)
    return None if is_there else "session changed"


def save(algorithm, user):
    """The program has signed the user in by itself."""
    try:
        token = yield SignIn(user)
    except Failed as failed:
        return Report("failed", failed.status)
    try:
        yield Take(SESSION)
        report, gone = yield from store(algorithm, user, token)
    except Failed as failed:
        return Report("failed", failed.status, unsaved=token)
    yield from try_others(algorithm, gone)
    return report


def sign_in(algorithm, user):
    token = None
    try:
        if algorithm.sign_in_holds:
            yield Take(algorithm.sign_in_holds)
        token = yield Redeem(user)
        if algorithm.sign_in_holds != SESSION:
            yield Take(SESSION)
        report, gone = yield from store(algorithm, user, token)
    except Failed as failed:
        if token:
            try:
                yield Revoke(token, (token[0],), is_unheld=True)
            except Failed:
                pass
        return Report("failed", failed.status)
    yield from try_others(algorithm, gone)
    return report


def store(algorithm, user, token):
    """Stores a new session; then its user is here again, whatever older sign-outs wanted. Returns the report, and what
    is left to be finished."""
    seen = yield Look()
    gone = yield from delete_named(algorithm, seen)
    older = seen.sessions if algorithm.named_is_nobody else seen.sessions + seen.ended
    if any(seen.user(session.identity) != user for session in older):
        raise Failed("already signed in")
    yield Create(Session(0, token[0], token, token))
    is_given_up = yield from give_up(algorithm, seen, user)
    if older:
        try:
            found = yield Reread(tuple(session.path for session in older))
            for session in found:
                if any(is_same(session, other) for other in older):
                    yield Delete(session)
        except Failed:
            pass
    return Report("saved", stored=token[0], given_up=is_given_up), gone
