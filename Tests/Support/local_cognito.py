#!/usr/bin/env python3
"""A local Cognito, MiniStack or moto, with a user pool, an app client and the user "ada".

Run it with the emulator's own Python: .build/python/ministack/bin/python, or .build/python/moto/bin/python for
"--backend moto". Everything it keeps is in the directory D; several can run at once, each in its own.

    local_cognito.py start  --directory D [--backend ministack|moto]
    local_cognito.py stop   --directory D
    local_cognito.py pause  --directory D    from now on the endpoint refuses connections; nothing is forgotten
    local_cognito.py resume --directory D

    local_cognito.py sign-in       --directory D                           prints {"access", "id", "refresh"}: a new device
    local_cognito.py refresh-works --directory D --refresh-token-file F|-  exits 0, or 1 and prints Cognito's words
    local_cognito.py access-works  --directory D --access-token-file F|-   the same for GetUser
                                                                           (2: no proper answer at all)

start writes D/cognito.env: COGNITO_ENDPOINT, COGNITO_REGION, COGNITO_USER_POOL_ID, COGNITO_CLIENT_ID, COGNITO_PID.
The endpoint is a counting_proxy.py: D/traffic.json tells what came in. The last three commands pass it by, so they
count for nothing and work during a pause.
"""

import argparse
import json
import os
import re
import shlex
import signal
import sys
import urllib.error
import urllib.request
from pathlib import Path

from processes import await_port, end, free_ports, is_running, spawn

REGION = "us-east-1"
USER, PASSWORD = "ada", "Engine-1843"
MINISTACK, MOTO = "ministack", "moto"

# Loopback only, whatever proxy the environment names.
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


# The running emulator, as D/state.json remembers it.

class LocalCognito:
    def __init__(self, directory):
        self.directory = Path(directory).absolute()
        self.file = self.directory / "state.json"
        self.state = json.loads(self.file.read_text()) if self.file.exists() else {}

    def save(self, **changes):
        self.state |= changes
        self.file.write_text(json.dumps(self.state))

    def start(self, backend):
        if is_running(self.state.get("server")):
            sys.exit(f"local_cognito.py: one is running in {self.directory} already")
        self.directory.mkdir(parents=True, exist_ok=True)
        (self.directory / "traffic.json").unlink(missing_ok=True)
        self.state = {}
        port, backend_port = free_ports(2)
        self.save(backend=backend, port=port, backend_port=backend_port)
        try:
            self.start_server()
            self.make_pool()
            self.resume()
        except BaseException:
            self.stop()
            raise
        environment = {
            "COGNITO_ENDPOINT": f"http://127.0.0.1:{self.state['port']}",
            "COGNITO_REGION": REGION,
            "COGNITO_USER_POOL_ID": self.state["user_pool"],
            "COGNITO_CLIENT_ID": self.state["client"],
            "COGNITO_PID": str(self.state["server"]["pid"]),
        }
        lines = "".join(f"{name}={shlex.quote(value)}\n" for name, value in environment.items())
        (self.directory / "cognito.env").write_text(lines)

    def start_server(self):
        port, log = str(self.state["backend_port"]), self.directory / "server.log"
        if self.state["backend"] == MOTO:
            server = spawn([sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", port], log)
        else:
            server = spawn([sys.executable, "-m", "ministack"], log, BIND_HOST="127.0.0.1", GATEWAY_PORT=port,
                           IOT_MTLS_ENABLED="0", SERVICES="cognito-idp", AUTH="true",
                           STATE_DIR=str(self.directory / "ministack"))
        self.save(server=server)
        await_port(self.state["backend_port"], server, log)

    def stop(self):
        self.pause()
        end(self.state.get("server"))
        (self.directory / "cognito.env").unlink(missing_ok=True)

    def pause(self):
        end(self.state.get("proxy"))

    def resume(self):
        if is_running(self.state.get("proxy")):
            return
        if not is_running(self.state.get("server")):
            sys.exit(f"local_cognito.py: nothing runs in {self.directory}")
        log = self.directory / "proxy.log"
        proxy = spawn([sys.executable, str(Path(__file__).with_name("counting_proxy.py")), "--listen", str(self.state["port"]),
                       "--to", str(self.state["backend_port"]), "--traffic", str(self.directory / "traffic.json")], log)
        self.save(proxy=proxy)
        await_port(self.state["port"], proxy, log)

    def make_pool(self):
        # Nothing of the user's own AWS configuration may take part.
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            del os.environ[name]
        os.environ["AWS_CONFIG_FILE"] = os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull
        import boto3
        import botocore.config

        cognito = boto3.client(
            "cognito-idp", endpoint_url=self.backend_url(), region_name=REGION, aws_access_key_id="test",
            aws_secret_access_key="test", config=botocore.config.Config(proxies={}, connect_timeout=5, read_timeout=10))
        pool = cognito.create_user_pool(PoolName="test")["UserPool"]["Id"]
        client = cognito.create_user_pool_client(
            UserPoolId=pool, ClientName="test", EnableTokenRevocation=True,
            ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"])["UserPoolClient"]["ClientId"]
        cognito.admin_create_user(UserPoolId=pool, Username=USER, MessageAction="SUPPRESS")
        cognito.admin_set_user_password(UserPoolId=pool, Username=USER, Password=PASSWORD, Permanent=True)
        self.save(user_pool=pool, client=client)

    # Requests

    def backend_url(self):
        return f"http://127.0.0.1:{self.state['backend_port']}"

    def call(self, operation, **fields):
        """Sends one unsigned request; returns the reply, or raises Refused when the answer is an error of Cognito's."""
        request = urllib.request.Request(self.backend_url() + "/", json.dumps(fields).encode(), {
            "X-Amz-Target": "AWSCognitoIdentityProviderService." + operation,
            "Content-Type": "application/x-amz-json-1.1",
        })
        try:
            with opener.open(request, timeout=10) as reply:
                return json.load(reply)
        except urllib.error.HTTPError as error:
            if error.code != 400:
                raise
            words = error.read().decode("utf-8", "replace")
            # Emulators echo tokens.
            raise Refused(re.sub(r"[A-Za-z0-9_.~+/=%-]{24,}", "[redacted]", words)) from None

    def sign_in(self):
        result = self.call("InitiateAuth", AuthFlow="USER_PASSWORD_AUTH", ClientId=self.state["client"],
                           AuthParameters={"USERNAME": USER, "PASSWORD": PASSWORD})["AuthenticationResult"]
        return {"access": result["AccessToken"], "id": result["IdToken"], "refresh": result["RefreshToken"]}


    def refresh(self, token):
        client = self.state["client"]
        if self.state["backend"] == MOTO:  # which has no GetTokensFromRefreshToken
            self.call("InitiateAuth", AuthFlow="REFRESH_TOKEN_AUTH", ClientId=client, AuthParameters={"REFRESH_TOKEN": token})
        else:
            self.call("GetTokensFromRefreshToken", RefreshToken=token, ClientId=client)


class Refused(Exception):
    """The emulator answered with an error; its words, without tokens."""


def read_token(path):
    return (sys.stdin.read() if path == "-" else Path(path).read_text()).strip()


def main():
    parser = argparse.ArgumentParser(description="A local Cognito for tests.")
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("start", "stop", "pause", "resume", "sign-in", "refresh-works", "access-works"):
        command = commands.add_parser(name)
        command.add_argument("--directory", required=True)
        if name == "start":
            command.add_argument("--backend", choices=[MINISTACK, MOTO], default=MINISTACK)
        elif name.endswith("-works"):
            command.add_argument(f"--{name.removesuffix('-works')}-token-file", dest="token_file", required=True)
    options = parser.parse_args()

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that a start that is broken off cleans up
    cognito = LocalCognito(options.directory)
    if options.command not in ("start", "stop") and not cognito.state:
        sys.exit(f"local_cognito.py: nothing was started in {options.directory}")
    try:
        match options.command:
            case "start":
                cognito.start(options.backend)
            case "stop":
                cognito.stop()
            case "pause":
                cognito.pause()
            case "resume":
                cognito.resume()
            case "sign-in":
                print(json.dumps(cognito.sign_in()))
            case "refresh-works":
                cognito.refresh(read_token(options.token_file))
            case "access-works":
                cognito.call("GetUser", AccessToken=read_token(options.token_file))
    except Refused as refused:
        print(refused)
        return 1
    except urllib.error.URLError as error:
        print(f"local_cognito.py: no proper answer from the emulator: {error.reason}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
