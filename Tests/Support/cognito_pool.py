# SPDX-License-Identifier: Apache-2.0
"""The sessions of a user pool, for a test that asks scripted_cognito.py which tokens are still good.

Each refresh gives another refresh token, and the old one is good for nothing from then on, as in a pool that rotates
them without a grace period. GlobalSignOut ends all sessions of the user whose access token it was sent."""

import base64
import json
import time


class Refused(Exception):
    """A token is of no use."""


class Session:
    def __init__(self, sub, access, refresh):
        self.sub, self.refresh = sub, refresh
        self.accesses = {access}
        self.lives = True


class Pool:
    def __init__(self):
        self.sessions = []
        self.ended = set()  # refresh tokens that were good once

    def add(self, sub, access, refresh):
        self.sessions.append(Session(sub, access, refresh))

    def live(self):
        """The refresh tokens that are good."""
        return [session.refresh for session in self.sessions if session.lives]

    def refresh(self, token, tokens):
        """Takes a refresh token, for which `tokens` are given."""
        session = next((session for session in self.sessions if session.lives and session.refresh == token), None)
        if session is None:
            raise Refused("Refresh Token has been revoked" if token in self.ended else "Invalid Refresh Token")
        self.ended.add(token)
        session.refresh = tokens["RefreshToken"]
        session.accesses.add(tokens["AccessToken"])

    def revoke(self, token):
        """Of a token that is not good any more nothing is said, as in Cognito."""
        for session in self.sessions:
            if session.refresh == token:
                self.end(session)

    def sign_out(self, access):
        session = next((session for session in self.sessions if access in session.accesses), None)
        if session is None:
            raise Refused("Invalid Access Token")
        if expiry(access) <= time.time():
            raise Refused("Access Token has expired")
        if not session.lives:
            raise Refused("Access Token has been revoked")
        for other in self.sessions:
            if other.sub == session.sub:
                self.end(other)

    def end(self, session):
        session.lives = False
        self.ended.add(session.refresh)


def expiry(token):
    """The `exp` of a JWT."""
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["exp"]
