# SPDX-License-Identifier: Apache-2.0
"""What the headers declare and what their comments promise, read from their text."""

import collections
import re

# "A function", in a comment, of which another is said to behave alike.
ALIKE = re.compile(r"\bAs (?:in |for )?(auth_\w+)\(\)")
# A status, an abbreviation after another one (", _LOCKED"), or a range of numbers.
STATUS = re.compile(r"\b(?P<name>AUTH_STATUS_\w+)|(?P<short>(?<![\w)])_[A-Z_]+)|\b(?P<first>\d00) to (?P<last>\d99)\b")
COMMENT = r"/\*\*((?:(?!\*/).)*)\*/\n"

Field = collections.namedtuple("Field", "declaration name comment")
# `group` is the comment that a group of values begins with, or "".
Value = collections.namedtuple("Value", "name number comment group")


def since(comment):
    """The version that a comment says its function or its field came with, as a pair of numbers."""
    match = re.search(r"@since (\d+)\.(\d+)\b", comment)
    return match and (int(match[1]), int(match[2]))


class Function:
    def __init__(self, header, returned, name, parameters, comment):
        self.header, self.returned, self.name = header, returned, name
        # What stands before @param and the like, and all of it in one line.
        self.description = comment.partition(" @")[0].strip()
        self.comment = " ".join(comment.split())
        self.parameters = [parameter.strip() for parameter in parameters.split(",")]

    @property
    def arguments(self):
        """The names of its parameters."""
        return [re.search(r"\w+$", parameter)[0] for parameter in self.parameters if parameter != "void"]

    @property
    def since(self):
        """The version that it came with, or None."""
        return since(self.comment)

    @property
    def is_sign_out(self):
        """Whether it has its statuses in a result."""
        return self.returned == "auth_sign_out_outcome"

    @property
    def has_statuses(self):
        """Whether it can fail with a status: its own, and not that of an error that it is asked about."""
        return self.is_sign_out or self.returned == "auth_status" and "auth_error **error" in self.parameters


class Header:
    """auth.h and what it includes, in its order."""

    def __init__(self, folder):
        umbrella = (folder / "auth.h").read_text()
        included = re.findall(r'^#include "(\w+\.h)"', umbrella, re.M)
        texts = {name: without_margin((folder / name).read_text()) for name in ["auth.h", *included]}
        text = "".join(texts.values())
        self.lists = lists(re.search(COMMENT, texts["auth.h"], re.S)[1])
        self.values = {name: int(value) for name, value in re.findall(r"^ {4}(AUTH_\w+) = (\d+)", text, re.M)}
        # As far as it stands in @since.
        self.version = tuple(int(re.search(rf"^#define COGNITOAUTH_VERSION_{part} (\d+)$", text, re.M)[1])
                             for part in ("MAJOR", "MINOR"))
        self.macros = re.findall(r"^#define (\w+) ", text, re.M)
        self.callbacks = re.findall(r"^typedef .*\(\*(\w+)\)", text, re.M)
        self.types = re.findall(r"^typedef (?:struct )?\w+ (\w+);|^\} (\w+);", text, re.M)
        self.types = {name for names in self.types for name in names if name} | set(self.callbacks)
        self.structs = {name: list(fields(body)) for name, body in
                        re.findall(r"^typedef struct (\w+) \{\n(.*?)^\}", text, re.M | re.S)}
        self.enumerations = {name: list(values(body)) for name, body in
                             re.findall(r"^/\*\* The values of (\w+)\.[^/]*\*/\nenum \{\n(.*?)^\};", text, re.M | re.S)}
        self.functions = {}
        for file, content in texts.items():
            for comment, returned, name, parameters in re.findall(
                    COMMENT + r"(\w[\w ]*[ *])(auth_\w+)\(([^;]*)\);", content, re.S):
                self.functions[name] = Function(file, returned.strip(), name, " ".join(parameters.split()), comment)

    @property
    def statuses(self):
        return {name: value for name, value in self.values.items() if name.startswith("AUTH_STATUS_")}

    def needed(self, function):
        """The version of the library that a program with a call of a function needs.

        That is the function's own, or a later one in which a struct that it takes got a field."""
        words = set(re.findall(r"\w+", " ".join(function.parameters)))
        versions = [since(field.comment) for name, struct in self.structs.items() if name in words for field in struct]
        return max([function.since, *filter(None, versions)])

    def promised(self, function):
        """The statuses, but for success, that the comment of a function says it may have."""
        found = set()
        for name in ALIKE.findall(function.comment):
            found |= self.promised(self.functions[name])
        if "the blocking function" in function.comment:
            for name, other in self.functions.items():
                if name + "_start" in self.functions and other.returned == function.returned:
                    found |= self.promised(other)
        latest = ""
        for match in STATUS.finditer(function.comment):
            if match["first"]:
                numbers = range(int(match["first"]), int(match["last"]) + 1)
                found |= {name for name, value in self.statuses.items() if value in numbers}
                continue
            latest = match["name"] or self._unabbreviated(match["short"], latest)
            found.add(latest)
        return found - {"AUTH_STATUS_SUCCESS"}

    def _unabbreviated(self, short, latest):
        """AUTH_STATUS_KEYRING_LOCKED for _LOCKED after AUTH_STATUS_KEYRING_UNAVAILABLE."""
        parts = latest.split("_")
        for length in range(len(parts) - 1, 0, -1):
            name = "_".join(parts[:length]) + short
            if name in self.statuses:
                return name
        return latest + " ... " + short


def lists(comment):
    """The items of each list in a comment, by the first word of the line above it."""
    paragraphs = re.split(r"\n\s*\n", comment)
    return {title.split()[0].strip(":,"): [" ".join(item.split()) for item in re.split(r"(?:^|\n)\s*- ", items)[1:]]
            for title, items in zip(paragraphs, paragraphs[1:]) if items.lstrip().startswith("- ")}


def without_margin(text):
    """Without the " * " at the beginning of a comment's line, which would stand in the middle of a sentence."""
    return re.sub(r"\n \*(?!/) ?", "\n ", text)


def fields(body):
    for comment, declaration, name in re.findall(r"/\*\*((?:(?!\*/).)*)\*/\n {4}([^;]*?(\w+);)", body, re.S):
        yield Field(declaration, name, " ".join(comment.split()))


def values(body):
    group = ""
    for title, comment, name, number in re.findall(
            r"^ {4}/\* (.*?) \*/$|/\*\*((?:(?!\*/).)*)\*/\n {4}(\w+) = (\d+)", body, re.M | re.S):
        group = title or group
        if name:
            yield Value(name, int(number), " ".join(comment.split()), group)
