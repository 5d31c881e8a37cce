# SPDX-License-Identifier: Apache-2.0
"""The scripted Cognito of the tests, in this process, with an account of what each sign-out asked of it."""

import collections
import time

import scripted_cognito
from cognito_script import Script

Traffic = collections.namedtuple("Traffic", "requests connections milliseconds")


class TimedConnection(scripted_cognito.Connection):
    """One that says how much processor time its thread has taken, TLS included."""

    def answer_one(self):
        lives_on = super().answer_one()
        self.server.processor_seconds[self] = time.thread_time()
        return lives_on


class Cognito:
    def __init__(self, certificate=None):
        """certificate: a PEM file, with its key beside it, for TLS."""
        self.script = Script()
        tls = scripted_cognito.tls_context(certificate, certificate.with_suffix(".key")) if certificate else None
        self.server = scripted_cognito.Server(self.script, tls=tls)
        self.server.processor_seconds = {}
        self.server.RequestHandlerClass = TimedConnection
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.server.server_address[1]}"
        self.before = Traffic(0, 0, 0)

    def take(self):
        """What came in since it was last asked: (operation, token) of each request, and the time that it took here."""
        requests = self.script.requests
        now = Traffic(len(requests), self.script.connections, sum(self.server.processor_seconds.values()) * 1000)
        before, self.before = self.before, now
        return Traffic([(request["operation"], token(request["body"])) for request in requests[before.requests:]],
                       now.connections - before.connections, now.milliseconds - before.milliseconds)


def token(body):
    return body.get("AccessToken", body.get("Token"))
