#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A Cognito on the loopback that answers as a test tells it to, well or badly, and remembers what it was asked.

    scripted_cognito.py [--port N] [--url-file F] [--control-url-file F] [--tls-cert F --tls-key F [--http2]]
                        [--lifetime SECONDS]

It speaks HTTP/1.1, with --http2 also HTTP/2, and is a proxy that tunnels to ports of this machine too. Without a script,
GlobalSignOut, RevokeToken and GetTokensFromRefreshToken succeed, so does the exchange of a code at /oauth2/token, and so
does CONNECT; once it knows of a session (cognito_pool.py), only tokens that are good do. A test changes that over plain
HTTP at the control URL: the same port, or with TLS a second one.

    POST /_control/reset
    POST /_control/script      {"operation": "RevokeToken", "replies": [REPLY, ...], "then": "last" | "default"}
    POST /_control/settings    {"sub": ..., "username": ..., "access_exp": seconds | null, "rotate": token | null,
                                "user_pool_id": ..., "nonce": ... | null, "access_claims": {...}, "id_claims": {...}}
    POST /_control/sessions    {"sub": ..., "access": token, "refresh": token}, a session that it knows of from now on
    GET  /_control/sessions    [token, ...], the refresh tokens that are good
    POST /_control/release     lets every request go on that is held at this moment
    GET  /_control/requests    [{"connection", "protocol", "operation", "method", "path", "headers", "body"}, ...]
    GET  /_control/connections {"count": n}, the connections that have carried a service request or a CONNECT

A request that names no operation, as that of a code's exchange, has its path in place of it. The body of a form is an
object with its fields. Pool, nonce and claims are those of an exchange: claims in the settings replace the usual ones, and
null takes one away; `rotate` is its refresh token.

A REPLY's fields, all optional, in the order in which they take effect:

    hold            true: wait for /_control/release, at most a minute
    delay_ms        wait
    goaway          HTTP/2: send GOAWAY with this as the last stream that was processed, then go on
    error           HTTP/2: reset the stream with the error of this name; with goaway it is that frame's; with cut_after
                    that comes first
    end             HTTP/2, true: end the stream without headers
    close           "before_reply" or "reset": end the connection (FIN or RST) without a byte
    default         true: status, headers and body are what they are without a script; a CONNECT is tunneled
    known           true: the tokens of an exchange, which are in the body, are good from then on
    echo            true: 400 NotAuthorizedException, or invalid_grant, whose message repeats the request's tokens, its
                    code and its verifier
    raw             text that is sent in place of an answer, before the connection ends
    continues       this many "100 Continue" before the answer
    status          200 unless given
    headers         added to the usual ones or replacing them; null takes one away
    header_size     this many bytes of further headers
    line_size       HTTP/1.1: a further header of this many bytes
    body            text (the character U+DCxx sends the byte xx, so any bytes can be sent) or any other JSON; else empty
    body_size       that many bytes of filler instead
    trailer_size    this many bytes of trailers, after a body in chunks
    header_drip_ms  send status line and headers byte by byte with this pause
    drip_ms         send the body byte by byte with this pause
    cut_head_after  end the connection after this many bytes of status line and headers
    cut_after       end the connection after this many bytes of the body, of which Content-Length promised all
    keep_alive      false: say "Connection: close", and do it

Faults, each with what the library makes of it, are lines of faults.jsonl.
"""

import argparse
import os
import signal
import socketserver
import ssl
import sys
import tempfile
import threading

from cognito_http1 import Connection
from cognito_script import Script


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, script, port=0, tls=None, service=True, control=True):
        super().__init__(("127.0.0.1", port), Connection)
        self.script, self.tls, self.service, self.control = script, tls, service, control
        self.url = f"{'https://localhost' if tls else 'http://127.0.0.1'}:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def shutdown_request(self, request):
        # Without the handshake that ends TLS: a connection that ends early must look as if it did.
        self.close_request(request)


def tls_context(certificate, key, protocols=()):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    if protocols:
        context.set_alpn_protocols(protocols)
    return context


def write_whole(path, text):
    """Writes a file so that a reader finds either nothing or all of it."""
    with tempfile.NamedTemporaryFile("w", dir=os.path.dirname(os.path.abspath(path)), delete=False) as file:
        file.write(text)
    os.replace(file.name, path)


def main():
    parser = argparse.ArgumentParser(description="A scripted Cognito for tests.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--url-file")
    parser.add_argument("--control-url-file")
    parser.add_argument("--tls-cert")
    parser.add_argument("--tls-key")
    parser.add_argument("--http2", action="store_true")
    parser.add_argument("--lifetime", type=float, default=1800)
    options = parser.parse_args()

    # Blocked in every thread, so that the main one can wait for them.
    endings = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, endings)

    script = Script()
    if options.tls_cert:
        protocols = ("h2", "http/1.1") if options.http2 else ()
        tls = tls_context(options.tls_cert, options.tls_key, protocols)
        service = Server(script, options.port, tls, control=False)
        control = Server(script, service=False)
    else:
        service = control = Server(script, options.port)
    if options.control_url_file:
        write_whole(options.control_url_file, control.url + "\n")
    if options.url_file:
        write_whole(options.url_file, service.url + "\n")
    else:
        print(service.url, flush=True)
    signal.sigtimedwait(endings, options.lifetime)


if __name__ == "__main__":
    sys.exit(main())
