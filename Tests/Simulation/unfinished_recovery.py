# SPDX-License-Identifier: Apache-2.0
"""What a resume makes of it where all processes have died."""
import unfinished_rules as rules
from session_world import DONE
from unfinished_processes import is_over
from unfinished_world import IsFresh, Release, Take, carried_out, held_by


class Recovery:
    """All processes die, in any state of keyring and Cognito. Then one resumes, without faults."""

    def __init__(self, places, rotates):
        self.places = places
        self.rotates = rotates
        self.seen = {}  # of each world: the rule that is broken there

    def broken(self, world, facts):
        """The rule that a resume breaks. What a process alone had been given died with it."""
        given = set().union(*(one.got for one in facts if one))
        lost = world.live.intersection(given).difference(held_by(world.items))
        world = world._replace(
            is_locked=False, is_online=True, excused=world.excused | lost, tokens=frozenset(), faults=0, calls=0,
            superseded=frozenset(), revoked=frozenset(), is_disturbed=True)
        if world not in self.seen:
            ends = [rules.resumed(world, self.alone(world, is_fresh)) for is_fresh in (True, False)]
            self.seen[world] = ends[0] or ends[1]
        return self.seen[world]

    def alone(self, world, is_fresh):
        """The world after a resume that is alone."""
        place = self.places.begin("resume")
        while not is_over(self.places.facts(place)):
            request = self.places.facts(place).request
            if type(request) is IsFresh:
                answer = is_fresh
            elif type(request) in (Take, Release):
                answer = DONE
            else:
                answer, world = carried_out(request, world, self.rotates)
            place = self.places.after(place, answer)
        return world
