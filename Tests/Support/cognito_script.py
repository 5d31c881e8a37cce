"""What scripted_cognito.py was asked, and what it will answer: as a test said, or as a Cognito with which all is well."""

import base64
import hashlib
import hmac
import json
import threading
import time
import uuid

HOLD_LIMIT = 60
DEFAULT_SETTINGS = {
    "sub": "5f4c1f2e-8f0b-4a35-9d0e-2f6f3c1b7a10",
    "username": "ada",
    "access_exp": None,
    "rotate": None,
}
REPLY_FIELDS = {
    "hold", "delay_ms", "goaway", "error", "end", "close", "default", "echo", "raw", "continues", "status", "headers",
    "header_size", "body", "body_size", "trailer_size", "header_drip_ms", "drip_ms", "cut_head_after", "cut_after",
    "keep_alive",
}
FILLER = b"0123456789abcdef" * 4096


def jwt(claims):
    """An HS256 token; nobody checks its signature, so any key does."""

    def encode(data):
        return base64.urlsafe_b64encode(data).rstrip(b"=")

    parts = [encode(json.dumps(part).encode()) for part in ({"alg": "HS256", "typ": "JWT"}, claims)]
    signature = hmac.digest(b"scripted-cognito", b".".join(parts), hashlib.sha256)
    return b".".join([*parts, encode(signature)]).decode()


def content(script, reply, operation, request_body):
    """The reply's status and body bytes."""
    if reply.get("default"):
        status, body = script.default_reply(operation)
    elif reply.get("echo"):
        asked = request_body if isinstance(request_body, dict) else {}
        tokens = [str(asked[name]) for name in ("AccessToken", "Token", "RefreshToken") if name in asked]
        status, body = 400, {"__type": "NotAuthorizedException", "message": "Invalid token: " + " ".join(tokens)}
    else:
        status, body = 200, reply.get("body", "")
    size = reply.get("body_size")
    if size is not None:
        data = (FILLER * (size // len(FILLER) + 1))[:size]
    elif isinstance(body, str):
        data = body.encode("utf-8", "surrogateescape")
    else:
        data = json.dumps(body).encode()
    return reply.get("status", status), data


class Script:
    """What was asked, and what will be answered: all state that control requests and connections share."""

    def __init__(self):
        self.changed = threading.Condition()
        self.epoch = 0  # counts resets
        self.releases = 0
        self.reset()

    def reset(self):
        with self.changed:
            self.epoch += 1
            self.connections = 0
            self.requests = []
            self.replies = {}
            self.settings = dict(DEFAULT_SETTINGS)
            self.release()

    def release(self):
        with self.changed:
            self.releases += 1
            self.changed.notify_all()

    def wait_for_release(self, releases_seen):
        with self.changed:
            self.changed.wait_for(lambda: self.releases != releases_seen, HOLD_LIMIT)

    def set_replies(self, operation, replies, then="last"):
        if then not in ("last", "default"):
            raise ValueError("then is last or default")
        if unknown := {field for reply in replies for field in reply} - REPLY_FIELDS:
            raise ValueError(f"unknown reply fields: {sorted(unknown)}")
        with self.changed:
            self.replies[operation] = (list(replies), then)

    def next_reply(self, operation):
        replies, then = self.replies.get(operation, ([], "default"))
        if not replies:
            return {"default": True}
        return replies.pop(0) if len(replies) > 1 or then == "default" else replies[0]

    def default_reply(self, operation):
        """The status and body of a Cognito with which all is well."""
        if operation in ("GlobalSignOut", "RevokeToken"):
            return 200, {}
        if operation == "GetTokensFromRefreshToken":
            return 200, {"AuthenticationResult": self.tokens()}
        return 400, {"__type": "UnknownOperationException"}

    def tokens(self):
        now = int(time.time())
        settings = self.settings
        expiry = settings["access_exp"] or now + 3600
        common = {
            "sub": settings["sub"],
            "iat": now,
            "exp": expiry,
            "origin_jti": str(uuid.uuid4()),
        }
        tokens = {
            "AccessToken": jwt(common | {"token_use": "access", "username": settings["username"], "jti": str(uuid.uuid4())}),
            "IdToken": jwt(common | {"token_use": "id", "cognito:username": settings["username"], "jti": str(uuid.uuid4())}),
            "ExpiresIn": expiry - now,
            "TokenType": "Bearer",
        }
        if settings["rotate"] is not None:
            tokens["RefreshToken"] = settings["rotate"]
        return tokens
