# SPDX-License-Identifier: Apache-2.0
"""Saving and fetching, request by request: SaveSession.swift, FetchSession.swift, TokenRefresh.swift."""
from typing import NamedTuple, Optional

from session_algorithm import Failed, Report
from session_keyring import create, delete, identity, look, newest_first, read_again, update
from session_world import DELETION, NETWORK, WHOLE, Item, Refresh, Revoke, SignIn, Take, Tokens

# MARK: SaveSession.swift

def save(algorithm):
    try:
        yield Take(passes_over=False)
        older = newest_first(algorithm, (yield from look(algorithm, WHOLE)))
        session = yield SignIn()
        if not algorithm.save_creates_first:
            yield from delete(algorithm, older, DELETION)
        item = Item(0, session.sign_in, session.sign_in, session.token, session.token)
        in_place_of = older[0].path if older and not algorithm.save_creates else None
        try:
            yield from create(item, WHOLE, in_place_of)
        except Failed as failed:
            if failed.is_about_time:
                try:
                    yield from look(algorithm, DELETION)  # isStored, for the text
                except Failed:
                    pass
            raise
        if older and algorithm.save_deletes_older and in_place_of is None:
            yield from delete_older(algorithm, older)
    except Failed as failed:
        return Report("failed", failed.status)
    return Report("saved", stored=session.sign_in)


def delete_older(algorithm, older):
    if algorithm.save_reads_again:
        try:
            found = yield from read_again(algorithm, older, DELETION)
        except Failed:
            return
        known = [identity(item) for item in older]
        older = tuple(item for item in found if identity(item) in known)
        if not older:
            return
    yield from delete(algorithm, older, DELETION)


# MARK: TokenRefresh.swift

class Refreshed(NamedTuple):
    tokens: Tokens
    failure: Optional[str]  # of storing


def refresh(algorithm, token, stored):
    """run; `stored` is None where nothing is to be stored."""
    tokens = yield Refresh(token)
    if stored is None:
        return Refreshed(tokens, None)
    try:
        yield from store(algorithm, tokens, stored)
    except Failed as failed:
        return Refreshed(tokens, failed.status)
    return Refreshed(tokens, None)


def store(algorithm, tokens, old):
    if algorithm.refresh_reads_again:
        current = yield from read_again(algorithm, (old,), DELETION)
        if not current or (current[0].identity, current[0].access) != (old.identity, old.access):
            raise Failed("session changed")
    newest = tokens.refresh or old.refresh
    if algorithm.refresh_sets_secret:
        yield from update(algorithm, old.path, old.sign_in, tokens.access, newest, DELETION)
    else:
        yield from create(old._replace(access=tokens.access, refresh=newest), DELETION)
    if not algorithm.refresh_looks_after:
        return
    left = yield from look(algorithm, DELETION)
    for item in left:
        if item.access == tokens.access and (item.identity == old.identity or not algorithm.refresh_compares_identity):
            return
    raise Failed("session changed")


# MARK: FetchSession.swift

def fetch(algorithm):
    """A fetch that has to refresh."""
    used = None
    try:
        yield Take(passes_over=False)
        found = newest_first(algorithm, (yield from look(algorithm, WHOLE)))
        if not found:
            return Report("failed", "not signed in")
        newest = found[0]
        used = newest.sign_in, tuple(item.sign_in for item in found)
        if newest.access is None:
            return Report("failed", "invalid session", used=used, is_damage_told=True)
        refreshed = yield from refresh(algorithm, newest.refresh, newest)
    except Failed as failed:
        return Report("failed", failed.status, used=used)
    token = refreshed.tokens.refresh or newest.refresh
    if refreshed.failure is None:
        return Report("fetched", used=used)
    if refreshed.failure != "session changed":
        return Report("failed", refreshed.failure, used=used, unsaved=token)
    if algorithm.refresh_revokes:
        yield from revoke_unless_stored(algorithm, token, refreshed.tokens.access)
    return Report("failed", refreshed.failure, used=used)


def revoke_unless_stored(algorithm, token, access):
    try:
        stored = yield from look(algorithm, DELETION)
    except Failed:
        stored = ()
    if any(item.refresh == token and item.access != access for item in stored):
        return
    try:
        yield Revoke(token, DELETION if algorithm.refresh_revokes_if_cancelled else NETWORK)
    except Failed:
        pass
