# SPDX-License-Identifier: Apache-2.0
"""What is outside of the processes: the keyring with its sessions and unfinished sign-outs, the two locks, and Cognito.

A look is one request here, and is never torn: `session_keyring.py` has what it is made of.
"""
from typing import NamedTuple, Optional, Tuple

from session_world import DONE, Failure, OpenSteps


class Session(NamedTuple):
    """A stored session. Its identity is the number of its sign-in. A token is that, and a number of refreshes."""
    path: int
    identity: int
    access: tuple
    refresh: tuple


class Kept(NamedTuple):
    """An unfinished sign-out: `record` is the session that it ends, `day` and `began` are when it began. The path is 0
    where it is not known."""
    path: int
    record: int
    day: int
    steps: OpenSteps
    began: int = 0

    def names(self, session):
        return session.identity == self.record or session.identity in self.steps.deletions


class Handed(NamedTuple):
    """A partial-failure token that a program has. `record` is None where no item keeps its steps."""
    record: Optional[int]
    steps: OpenSteps


class World(NamedTuple):
    items: Tuple = ()  # by path
    is_locked: bool = False
    is_online: bool = True
    day: int = 0
    users: Tuple[int, ...] = ()  # of each sign-in
    refreshes: Tuple[int, ...] = ()  # of each sign-in
    live: frozenset = frozenset()  # refresh tokens
    tokens: frozenset = frozenset()  # Handed

    # How much more may happen: what bounds the search.
    faults: int = 0
    calls: int = 0

    # What nobody knows, for the rules.
    ended: frozenset = frozenset()  # sign-ins that were signed out here
    excused: frozenset = frozenset()  # refresh tokens that nobody can be expected to revoke
    unrevoked: frozenset = frozenset()  # those that a fetch could not revoke, though it found them signed out
    superseded: frozenset = frozenset()  # sign-ins whose user has been stored here again since
    elsewhere: frozenset = frozenset()  # sign-ins on other devices, a day later
    revoked: frozenset = frozenset()  # refresh tokens, as long as nothing went wrong
    is_disturbed: bool = False  # something went wrong but the network

    @property
    def sessions(self):
        return tuple(item for item in self.items if type(item) is Session)

    @property
    def unfinished(self):
        """The oldest first."""
        return tuple(sorted((item for item in self.items if type(item) is Kept), key=lambda kept: kept.record))

    def is_named(self, session):
        return any(kept.names(session) for kept in self.unfinished)

    def at(self, path):
        return next((item for item in self.items if item.path == path), None)

    def with_item(self, item):
        """With an item at its path, or at the lowest that is free: that paths are used again is the most there is to
        fear."""
        path = item.path
        if not path:
            used = {other.path for other in self.items}
            path = next(path for path in range(1, 100) if path not in used)
        kept = tuple(other for other in self.items if other.path != path)
        return self._replace(items=tuple(sorted(kept + (item._replace(path=path),), key=lambda item: item.path))), path

    def without(self, path):
        return self._replace(items=tuple(item for item in self.items if item.path != path))

    def signed_in(self, user):
        """A new sign-in: the world after it, and its token."""
        token = (len(self.users) + 1, 0)
        return self._replace(
            users=self.users + (user,), refreshes=self.refreshes + (0,), live=self.live | {token}), token

    def user(self, token_or_identity):
        number = token_or_identity if type(token_or_identity) is int else token_or_identity[0]
        return self.users[number - 1]


class Seen(NamedTuple):
    """What a look shows. Each session and each item with the number of its user."""
    sessions: Tuple  # nobody has signed these out, the newest first
    ended: Tuple  # an unfinished sign-out names these
    unfinished: Tuple
    users: Tuple
    day: int

    def item(self, path, record):
        return next((kept for kept in self.unfinished if (kept.path, kept.record) == (path, record)), None)

    def user(self, number):
        return self.users[number - 1]


# MARK: Requests. `of` are the sign-ins on behalf of which it is made, for the rules.

SESSION = "the session's lock"
RESUME = "the resume lock"


class Take(NamedTuple):
    lock: str
    passes_over: bool = False
    waits: bool = True  # False: it hears at once that it is not free
    name = "takes"


class Release(NamedTuple):
    lock: str
    name = "releases"


class Look(NamedTuple):
    name = "looks"


class Reread(NamedTuple):
    paths: Tuple
    name = "reads again"


class Create(NamedTuple):
    item: object  # its path is not known yet
    name = "creates"


class SetSecret(NamedTuple):
    item: object  # the path, the identity that it is meant for, and the new secret
    name = "sets the secret of"


class Delete(NamedTuple):
    item: object
    is_undone: bool = False  # the sign-out is taken back
    name = "deletes"


class Refresh(NamedTuple):
    token: tuple
    name = "GetTokensFromRefreshToken"


class Revoke(NamedTuple):
    token: tuple
    of: Tuple[int, ...]
    is_unheld: bool = False  # nobody will hold it: nobody may cut that short
    name = "RevokeToken"


class GlobalSignOut(NamedTuple):
    access: tuple
    of: Tuple[int, ...]
    is_of_resume: bool = False
    name = "GlobalSignOut"


class Redeem(NamedTuple):
    """A sign-in redeems its code."""
    user: int
    name = "redeems its code"


class SignIn(NamedTuple):
    """A program signs a user in by itself."""
    user: int
    name = "has signed in by itself"


class IsFresh(NamedTuple):
    """Whether the access token lives long enough. Either may be."""
    name = "looks at the access token"


KEYRING = (Look, Reread, Create, SetSecret, Delete)
CHANGES = (Create, SetSecret, Delete)
COGNITO = (Refresh, Revoke, GlobalSignOut, Redeem, SignIn)


def is_same(item, other):
    """Whether two are one item, whatever its secret is."""
    if other is None or type(item) is not type(other):
        return False
    return item.identity == other.identity if type(item) is Session else item.record == other.record


def held_by(items):
    """The refresh tokens in items."""
    return {token for item in items
            for token in (item.steps.refresh_tokens if type(item) is Kept else (item.refresh,))}


def carried_out(request, world, rotates):
    """What comes of a request that keyring or Cognito carries out: the answer, and the world after it."""
    kind = type(request)
    if kind in KEYRING:
        return at_keyring(kind, request, world)
    if not world.is_online:
        return Failure("network"), world
    if kind in (Redeem, SignIn):
        world, token = world.signed_in(request.user)
        return token, world
    if kind is Refresh:
        return refreshed(request.token, world, rotates)
    if kind is Revoke:
        return DONE, world._replace(live=world.live - {request.token})
    number = request.access[0]
    if not any(token[0] == number for token in world.live):
        return Failure("revoked", True, True), world
    user = world.user(number)
    return DONE, world._replace(live=frozenset(token for token in world.live if world.user(token) != user))


def at_keyring(kind, request, world):
    if world.is_locked:
        return Failure("keyring locked", True, True), world
    if kind is Look:
        stored = tuple(sorted(world.sessions, key=lambda session: -session.identity))
        ended = tuple(session for session in stored if world.is_named(session))
        sessions = tuple(session for session in stored if session not in ended)
        return Seen(sessions, ended, world.unfinished, world.users, world.day), world
    if kind is Reread:
        return tuple(item for item in map(world.at, request.paths) if item), world
    if kind is Create:
        world, path = world.with_item(request.item)
        return path, world
    if kind is SetSecret:
        if world.at(request.item.path) is None:
            return Failure("gone", True, True), world
        return DONE, world.with_item(request.item)[0]
    return DONE, world.without(request.item.path)


def refreshed(token, world, rotates):
    if token not in world.live:
        return Failure("refused", True, True), world
    number = token[0]
    count = world.refreshes[number - 1] + 1
    world = world._replace(refreshes=world.refreshes[:number - 1] + (count,) + world.refreshes[number:])
    new = (number, count)
    if rotates:
        world = world._replace(live=world.live - {token} | {new})
    return (new, new if rotates else token), world
