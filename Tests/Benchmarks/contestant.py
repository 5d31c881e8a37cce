# SPDX-License-Identifier: Apache-2.0
"""A program that is compared: signs out with it, cold and warm, and proves each time that it did."""

import collections
import contextlib
import os
import re
import secrets
import subprocess
import time
from pathlib import Path

import keyring
from cognito_script import jwt

LIMIT = 60  # seconds


class NotSignedOut(Exception):
    """A program did not do what is measured."""


def new_tokens():
    """About as long as Cognito's, and no two the same."""
    now = int(time.time())
    claims = {"sub": "5f4c1f2e-8f0b-4a35-9d0e-2f6f3c1b7a10", "username": "ada", "iat": now, "exp": now + 3600}
    tokens = {use: jwt(claims | {"token_use": use, "jti": secrets.token_hex(300)})
              for use in ("access", "id")}
    return tokens | {"refresh": "eyJjdHkiOiJKV1QifQ." + secrets.token_urlsafe(1300)}


class Contestant:
    """One program and the server that it asks.

    samples: by kind, "cold" or "warm", and quantity, one value for each sign-out."""

    def __init__(self, folder, program, schema, cognito, environment):
        """schema: of the program's item in the keyring; environment: for the sign-outs, not for what goes before."""
        self.stopwatch, self.program = folder / "stopwatch", folder / program
        self.schema, self.cognito = schema, cognito
        self.saving = os.environ | {"BENCHMARK_ENDPOINT": cognito.url}
        self.environment = self.saving | environment
        self.samples = collections.defaultdict(list)
        self.process = None

    def sign_out_cold(self):
        with self.proved("cold"):
            ended = subprocess.run([self.stopwatch, self.program, "once"], env=self.environment,
                                   stdout=subprocess.PIPE, timeout=LIMIT)
            if ended.returncode != 0:
                raise NotSignedOut(f"{self.program.name} failed")
        nanoseconds, kibibytes = ended.stdout.split()
        self.samples["cold", "milliseconds"].append(int(nanoseconds) / 1e6)
        self.samples["cold", "memory"].append(int(kibibytes) / 1024)

    def sign_out_warm(self):
        """The first one starts the process: it is not a warm one."""
        if not self.process:
            self.process = subprocess.Popen([self.program, "repeat"], env=self.environment, text=True,
                                            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        with self.proved("warm"):
            self.process.stdin.write("\n")
            self.process.stdin.flush()
            nanoseconds = self.process.stdout.readline()
            if not nanoseconds:
                raise NotSignedOut(f"{self.program.name} failed")
        self.samples["warm", "milliseconds"].append(int(nanoseconds) / 1e6)

    def end(self):
        """Ends the process of the warm ones, and notes its peak of memory."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        self.samples["warm", "memory"].append(int(re.search(r"VmHWM:\s*(\d+) kB", status)[1]) / 1024)
        self.process.stdin.close()
        if self.process.wait(LIMIT) != 0:
            raise NotSignedOut(f"{self.program.name} failed at its end")
        self.process = None

    @contextlib.contextmanager
    def proved(self, kind):
        """Saves a session, lets it be signed out, and asks Cognito and the keyring whether it was."""
        tokens = new_tokens()
        subprocess.run([self.program, "save"], env=self.saving, text=True, check=True, timeout=LIMIT,
                       input="".join(tokens[use] + "\n" for use in ("access", "id", "refresh")))
        self.expect("items of it in the keyring before the sign-out", 1, keyring.count(self.schema))
        self.cognito.take()
        yield
        traffic = self.cognito.take()
        names = {token: f"the {use} token" for use, token in tokens.items()}
        asked = [f"{operation} of {names.get(token, 'another token')}" for operation, token in traffic.requests]
        self.expect("what Cognito was asked", ["GlobalSignOut of the access token", "RevokeToken of the refresh token"],
                    asked)
        self.expect("items of it in the keyring after the sign-out", 0, keyring.count(self.schema))
        self.samples[kind, "HTTP requests"].append(len(asked))
        self.samples[kind, "TCP connections"].append(traffic.connections)
        self.samples[kind, "server"].append(traffic.milliseconds)

    def expect(self, what, wanted, found):
        if found != wanted:
            raise NotSignedOut(f"{self.program.name}: {what}: {found}, not {wanted}")
