# SPDX-License-Identifier: Apache-2.0
"""The worlds that a search begins with."""
from session_world import OpenSteps
from unfinished_processes import FIRST, SECOND
from unfinished_world import Handed, Kept, Session, World

ONE_SESSION = "one session"
OFFLINE = "one session, offline"
KEPT = "one sign-out kept"
GLOBALLY = "a global sign-out kept"
NEWER_STORED = "one sign-out kept, and its session stored, refreshed since"
GLOBALLY_NEWER_STORED = "a global sign-out kept, and its session stored, refreshed since"
TWO_KEPT = "two users' sign-outs kept"


def signed_in():
    world, token = World().signed_in(FIRST)
    return world.with_item(Session(0, token[0], token, token))[0]


def kept(world=World(), user=FIRST, is_global=False):
    """After a sign-out that could not reach Cognito; its program has the token, too."""
    world, token = world.signed_in(user)
    number = token[0]
    steps = OpenSteps(is_global, token if is_global else None, token)
    world = world.with_item(Kept(0, number, 0, steps))[0]
    return world._replace(ended=world.ended | {number}, tokens=world.tokens | {Handed(number, steps)})


def newer_stored(is_global=False):
    """After a sign-out that died before it deleted the session, while a fetch was refreshing it."""
    world = kept(is_global=is_global)
    item = world.unfinished[0]
    item = item._replace(steps=item.steps._replace(deletions=(item.record,)))
    new = (item.record, 1)
    world = world._replace(refreshes=(1,), live=frozenset([new]), tokens=frozenset([Handed(item.record, item.steps)]))
    return world.with_item(item)[0].with_item(Session(0, item.record, new, new))[0]


STARTS = {
    ONE_SESSION: signed_in(),
    OFFLINE: signed_in()._replace(is_online=False),
    KEPT: kept(),
    GLOBALLY: kept(is_global=True),
    NEWER_STORED: newer_stored(),
    GLOBALLY_NEWER_STORED: newer_stored(is_global=True),
    TWO_KEPT: kept(kept(), SECOND),
}
