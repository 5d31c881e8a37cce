#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Somebody with a browser who signs in at local_cognito.py's login pages: the default browser of a private session.

    browser.py install [--kind plain|chromium|firefox] [--do sign-in|cancel|nothing] [--user ada|grace] [--password P]
    browser.py visit   [the same options] [URL]

install makes it the default browser of HOME: what GIO, xdg-open or the library then open comes to this program, which
opens the page, does what it was told where a login form is shown, waits for the page after that, and ends. "cancel"
presses the form's "Cancel". Installed again, it does something else from then on. visit does the same at once, with a URL
from the command line or the standard input, and prints the last page's status and text.

"plain" is Python's standard library, which needs no installation: cookies, redirects and one form, but no window and no
scripts. "chromium" and "firefox" are the real ones of Debian, without a window. None reaches anything but the loopback.

Everything is in D, $XDG_DATA_HOME/test-browser or --directory D. Cookies and profiles stay: the next visit comes from the
same browser. One visit waits for another. When it is over, D/visits.jsonl has a line more:

    {"kind": "plain", "asked_password": true, "pages": [{"host": "127.0.0.1:23456", "path": "/oauth2/authorize",
     "status": 200, "title": "Sign in"}, ...], "text": what the last page said, "pictures": [light, dark], "error": null}

pages are those at which the browser came to rest, without queries, in which codes are. What went wrong with the browser
itself is the error, and a page that no server answered has the status 0.
"""

import argparse
import contextlib
import fcntl
import json
import os
import sys
from pathlib import Path

from local_cognito import USERS
from plain_browser import PlainBrowser

KINDS, DEEDS = ("plain", "chromium", "firefox"), ("sign-in", "cancel", "nothing")
DATA = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share")
CONFIGURATION = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
DESKTOP_FILE = "test-browser.desktop"


def install(directory, settings):
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "settings.json").write_text(json.dumps(settings))
    applications = DATA / "applications"
    applications.mkdir(parents=True, exist_ok=True)
    command = f'"{sys.executable}" -sEB "{Path(__file__).absolute()}" open --directory "{directory}" %u'
    (applications / DESKTOP_FILE).write_text(
        f"[Desktop Entry]\nType=Application\nName=Test browser\nExec={command}\nNoDisplay=true\n"
        "MimeType=x-scheme-handler/http;x-scheme-handler/https;text/html;\n")
    CONFIGURATION.mkdir(parents=True, exist_ok=True)
    (CONFIGURATION / "mimeapps.list").write_text(
        "[Default Applications]\n"
        + "".join(f"{kind}={DESKTOP_FILE}\n" for kind in ("x-scheme-handler/http", "x-scheme-handler/https", "text/html")))


@contextlib.contextmanager
def turn(directory):
    """Two browsers cannot have the same profile."""
    directory.mkdir(parents=True, exist_ok=True)
    with open(directory / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def started(kind, directory):
    if kind == "plain":
        return PlainBrowser(directory)
    from driven_browser import BROWSERS
    return BROWSERS[kind](directory)


def visit(directory, settings, url):
    """Opens the URL and acts; returns the pages that were seen, and notes them."""
    with turn(directory):
        pages, pictures, error = [], [], None
        try:
            browser = started(settings["kind"], directory)
            try:
                pages.append(browser.open(url))
                if pages[0].asks_password and settings["do"] == "sign-in":
                    password = settings["password"] or USERS[settings["user"]]
                    pages.append(browser.sign_in(pages[0], settings["user"], password))
                elif pages[0].asks_password and settings["do"] == "cancel":
                    pages.append(browser.cancel(pages[0]))
                pictures = browser.take_pictures(next_number(directory))
            finally:
                browser.close()
        except Exception as caught:
            error = f"{type(caught).__name__}: {caught}"
        note = {
            "kind": settings["kind"], "asked_password": any(page.asks_password for page in pages),
            "pages": [page.summary() for page in pages], "text": pages[-1].text if pages else "",
            "pictures": pictures, "error": error,
        }
        with open(directory / "visits.jsonl", "a") as log:
            log.write(json.dumps(note) + "\n")
        return pages, error


def next_number(directory):
    with contextlib.suppress(FileNotFoundError):
        return 1 + len((directory / "visits.jsonl").read_text().splitlines())
    return 1


def leave_the_terminal():
    """GIO's child has the program's own standard streams, in which it has no say."""
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)


def main():
    parser = argparse.ArgumentParser(description="Somebody with a browser.")
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("install", "visit", "open"):
        command = commands.add_parser(name)
        command.add_argument("--directory", type=Path, default=DATA / "test-browser")
        if name != "open":
            command.add_argument("--kind", choices=KINDS, default="plain")
            command.add_argument("--do", choices=DEEDS, default="sign-in")
            command.add_argument("--user", default="ada")
            command.add_argument("--password")
        if name != "install":
            command.add_argument("url", nargs="?")
    options = parser.parse_args()

    directory = options.directory.absolute()
    if options.command == "open":
        leave_the_terminal()
        visit(directory, json.loads((directory / "settings.json").read_text()), options.url)
        return 0
    settings = {name: getattr(options, name) for name in ("kind", "do", "user", "password")}
    if options.command == "install":
        install(directory, settings)
        return 0
    pages, error = visit(directory, settings, options.url or sys.stdin.readline().strip())
    print(error if error else f"{pages[-1].status}\n{pages[-1].text}")
    return 1 if error else 0


if __name__ == "__main__":
    sys.exit(main())
