# SPDX-License-Identifier: Apache-2.0
"""The machine that searches a model: every state that can be reached, breadth first, and the rules broken on the way.

States are anything that can be hashed. A model tells what can happen next in a state, as moves. What breaks a rule is
told with the shortest history that leads there.
"""
import sys
import time
from typing import Any, NamedTuple, Optional


class Move(NamedTuple):
    """What can happen next."""
    name: str
    after: Any  # the state
    broken: Optional[str] = None  # the rule
    is_chance: bool = False  # it need not come


class Search:
    """All states that can be reached from a start.

    `finds_stuck`: `find_stuck` will be called, which needs memory. `follows_broken`: what comes of a move that breaks a
    rule is searched too. `until`: the rule that is looked for; when it is broken the search is over.
    """

    def __init__(self, start, moves, finds_stuck=False, follows_broken=False, until=None):
        self.start = start
        self.moves = moves
        self.origins = {start: None}  # of each state: the one before, and the move
        self.before = {start: []} if finds_stuck else None  # of each state: all before, by moves that are sure to come
        self.broken = {}  # of each rule that was broken: the shortest history, as names of moves
        self.follows_broken = follows_broken
        self.until = until
        self.visit()

    def visit(self):
        front = [self.start]
        while front and self.until not in self.broken:
            states, front = front, []
            for state in states:
                for move in self.moves(state):
                    if move.broken:
                        self.report(move.broken, state, move.name)
                        if not self.follows_broken:
                            continue
                    if move.after not in self.origins:
                        self.origins[move.after] = state, move.name
                        front.append(move.after)
                        if self.before is not None:
                            self.before[move.after] = []
                    if self.before is not None and not move.is_chance:
                        self.before[move.after].append(state)

    def find_stuck(self, rule, waits, arrives):
        """Breaks a rule where a state waits, and cannot come to one that arrives by moves that are sure to come."""
        front = [state for state in self.before if arrives(state)]
        lucky = set(front)
        while front:
            for state in self.before[front.pop()]:
                if state not in lucky:
                    lucky.add(state)
                    front.append(state)
        for state in self.before:
            if waits(state) and state not in lucky:
                self.report(rule, state, "no further")
                return

    def report(self, rule, state, last):
        if rule in self.broken:
            return
        history = [last]
        while self.origins[state]:
            state, name = self.origins[state]
            history.insert(0, name)
        self.broken[rule] = history


def passes(name, find, expected=None, separator=", "):
    """Searches, and says how it ended: no rule may be broken, or, if one is expected, that one must be."""
    start = time.monotonic()
    search = find()
    is_right = expected in search.broken if expected else not search.broken
    print(f"{'ok  ' if is_right else 'FAIL'} {name} ({len(search.origins)} states, {time.monotonic() - start:.1f} s)",
          flush=True)
    for rule, history in search.broken.items():
        if not is_right or rule == expected:
            print(f"  broken: {rule}\n    {separator.join(history)}", flush=True)
    return is_right


def finish(results):
    """Prints the total, and exits."""
    print(f"{results.count(True)} passed, {results.count(False)} failed")
    sys.exit(results.count(False) > 0)
