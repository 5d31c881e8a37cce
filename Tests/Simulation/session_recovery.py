# SPDX-License-Identifier: Apache-2.0
"""What can be done where all processes have died."""
import session_rules as rules
from session_algorithm import Report
from session_world import DONE, IsCancelled, IsFresh, Take, World, carried_out


class Recovery:
    """All processes die, in any state of keyring and Cognito. Then one call is made after the other, without faults."""

    def __init__(self, places, surroundings, menu):
        self.places = places
        self.surroundings = surroundings
        self.menu = menu
        self.seen = set()

    def broken(self, world):
        """What happens that breaks a rule, and the rule."""
        world = World(world.items, False, world.live, world.graced, world.refreshes, world.pending, world.tokens)
        if world in self.seen:
            return
        self.seen.add(world)
        for call in ("sign out", "sign out globally"):
            if call not in self.menu:
                continue
            for before in self.all_meanwhile(call, world):
                report, after = self.alone(call, before)
                broken = rules.ended_again(report, before, after)
                if broken:
                    yield f"{call} ends: {report.outcome}, {report.failure}", broken
        for plan in world.tokens if "retry" in self.menu else ():
            report, after = self.alone("retry", world._replace(pending=frozenset()), plan)
            broken = rules.retried_again(report, plan, after)
            if broken:
                yield f"retry ends: {report.outcome}, {report.failure}", broken

    def all_meanwhile(self, call, world):
        """The worlds after a call during which requests were carried out that had been sent before; and this one."""
        yield world._replace(pending=frozenset())
        front = [(world, self.places.begin(call))] if world.pending else []
        while front:
            world, place = front.pop()
            for request in world.pending:
                front.append((carried_out(
                    request, world._replace(pending=world.pending - {request}), self.surroundings)[1], place))
            request = self.places.facts(place).request
            if type(request) is Report:
                yield world._replace(pending=frozenset())
            else:
                answer, world = self.answered(request, world)
                front.append((world, self.places.after(place, answer)))

    def alone(self, call, world, plan=None):
        """How a call ends that is alone, and the world after it."""
        place = self.places.begin(call, plan)
        while type(self.places.facts(place).request) is not Report:
            answer, world = self.answered(self.places.facts(place).request, world)
            place = self.places.after(place, answer)
        return self.places.facts(place).request, world

    def answered(self, request, world):
        if type(request) is Take:
            return DONE, world
        if type(request) in (IsCancelled, IsFresh):
            return False, world
        return carried_out(request, world, self.surroundings)
