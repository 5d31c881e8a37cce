# SPDX-License-Identifier: Apache-2.0
"""A browser in Python's standard library: cookies, redirects, a form. It has no window, and runs no scripts."""

import html.parser
import http.cookiejar
import urllib.error
import urllib.request
from urllib.parse import urlencode, urljoin

from browser_page import Page

# What browsers send when their user opens a page.
NAVIGATION = {
    "Accept": "text/html,application/xhtml+xml,*/*;q=0.8", "Accept-Language": "en", "Upgrade-Insecure-Requests": "1",
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) plain_browser", "Sec-Fetch-Dest": "document",
    "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Site": "none", "Sec-Fetch-User": "?1",
}


class Content(html.parser.HTMLParser):
    """Title, text, the fields of the form, and where the link "Cancel" leads."""

    SILENT = {"style", "script", "head"}

    def __init__(self, source):
        super().__init__()
        self.title, self.words, self.open_tags = "", [], []
        self.action, self.fields, self.cancel = None, {}, None
        self.feed(source)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        match tag:
            case "form":
                self.action = attributes.get("action", "")
            case "input" if "name" in attributes:
                self.fields[attributes["name"]] = attributes.get("value", "")
            case "a" if attributes.get("id") == "cancel":
                self.cancel = attributes.get("href")
        if tag not in ("input", "meta", "link", "br", "img", "hr"):
            self.open_tags.append(tag)

    def handle_endtag(self, tag):
        if tag in self.open_tags:
            while self.open_tags.pop() != tag:
                pass

    def handle_data(self, data):
        if "title" in self.open_tags:
            self.title += data
        elif not self.SILENT & set(self.open_tags):
            self.words += data.split()


class Redirects(urllib.request.HTTPRedirectHandler):
    """Knows where the way led, also where nobody answers in the end."""

    def redirect_request(self, *arguments):
        request = super().redirect_request(*arguments)
        self.last_url = request.full_url
        return request


class PlainBrowser:
    def __init__(self, directory):
        directory.mkdir(parents=True, exist_ok=True)
        self.cookies = http.cookiejar.LWPCookieJar(directory / "plain-cookies")
        if (directory / "plain-cookies").exists():
            self.cookies.load()
        self.redirects = Redirects()
        self.opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), self.redirects, urllib.request.HTTPCookieProcessor(self.cookies))

    def open(self, url, form=None):
        self.redirects.last_url = url
        request = urllib.request.Request(url, urlencode(form).encode() if form else None, NAVIGATION)
        try:
            reply = self.opener.open(request, timeout=60)
        except urllib.error.HTTPError as error:
            reply = error
        except OSError as error:
            self.content = Content("")
            return Page(self.redirects.last_url, 0, "", str(error), False)
        with reply:
            kind, source = reply.headers.get_content_type(), reply.read().decode("utf-8", "replace")
            self.content = Content(source if kind == "text/html" else "")
            text = " ".join(self.content.words) if kind == "text/html" else source
            return Page(reply.url, reply.status, self.content.title, text, "password" in self.content.fields)

    def sign_in(self, page, user, password):
        return self.open(urljoin(page.url, self.content.action),
                         self.content.fields | {"username": user, "password": password})

    def cancel(self, page):
        return self.open(urljoin(page.url, self.content.cancel))

    def take_pictures(self, _):
        return []

    def close(self):
        self.cookies.save()
