# SPDX-License-Identifier: Apache-2.0
"""A page of the manual, read from its mdoc(7)."""

import re
import shlex


class Entry:
    """An item of the list of statuses.

    `places` are the functions that return the status and the fields of a result whose error may have it, as the
    parentheses say that the item or else its subsection begins with. None means all.
    """

    def __init__(self, name, places, outer_places):
        self.name = name
        self.functions, self.fields = places if any(places) else outer_places
        self.outer_fields = outer_places[1]

    def covers(self, function, field=None):
        """Whether it speaks of a status of `function`: the one that it returned, or had in `field` of its result."""
        if not self.functions and not self.fields:
            return True
        if function.name in self.functions:
            fields = self.fields or self.outer_fields
            return not function.is_sign_out or field is None or not fields or field in fields
        return function.is_sign_out and (field in self.fields if field else bool(self.fields))


class Page:
    def __init__(self, path):
        self.path, self.name = path, path.stem
        self.source = path.read_text()
        self.lines = self.source.splitlines()

    def section(self, title):
        """The lines of a section."""
        return self._part(".Sh " + title, ".Sh ")

    def subsection(self, title):
        return self._part(".Ss " + title, ".S")

    def _part(self, start, end):
        lines = iter(self.lines)
        found = []
        for line in lines:
            if line == start:
                for following in lines:
                    if following.startswith(end):
                        break
                    found.append(following)
                break
        return found

    @property
    def names(self):
        """What the NAME section names."""
        return [line.split()[1] for line in self.section("NAME") if line.startswith(".Nm ")]

    @property
    def purpose(self):
        """What the NAME section says that the page is for."""
        return next(line.partition(" ")[2] for line in self.section("NAME") if line.startswith(".Nd "))

    @property
    def constants(self):
        """All that look like constants of the header, but for the page's title, and a string that is none."""
        text = re.sub(r"^\.Dt .*", "", self.source, flags=re.M)
        return set(re.findall(r"\b(?:COGNITO)?AUTH_[A-Z0-9_]+\b", text)) - {"AUTH_STATUS_UNKNOWN"}

    @property
    def values(self):
        """The constants that are explained with their number, in the page's order."""
        return [(name, int(value)) for name, value in re.findall(r"^\.It Dv (\w+) Pq (\d+)$", self.source, re.M)]

    def macro(self, name):
        """The arguments of each call of a macro, also of one inside another's line."""
        found = []
        for line in self.lines:
            words = arguments(line)
            for index, word in enumerate(words):
                if word == name or index == 0 and word == "." + name:
                    found.append(words[index + 1:])
        return found

    @property
    def literals(self):
        """What stands in literal displays, as it is printed."""
        return [unescaped(text) for text in
                re.findall(r"^\.Bd -literal.*?\n(.*?)^\.Ed$", self.source, re.M | re.S)]

    def fields(self, struct):
        """The fields that the list after a struct's declaration explains."""
        text = self.source[self.source.index(f"}} {struct};"):]
        text = re.split(r"^\.S[hs] ", text, flags=re.M)[0]
        return re.findall(r"^\.It Fa (\w+)$", text, re.M)

    @property
    def entries(self):
        """The statuses of the section ERRORS."""
        found = []
        outer = ([], [])
        lines = self.section("ERRORS")
        for line, following in zip(lines, lines[1:] + [""]):
            if line.startswith(".Ss "):
                outer = places(line.partition(" Pq ")[2])
            elif line.startswith(".It Dv "):
                inner = places(following) if following.startswith(".Pq ") else ([], [])
                found.append(Entry(line.split()[2], inner, outer))
        return found


def places(words):
    """The functions and the fields that are named."""
    return re.findall(r"\bFn (\w+)", words), re.findall(r"\bFa (\w+)", words)


def arguments(line):
    if not line.startswith("."):
        return []
    lexer = shlex.shlex(line, posix=False, punctuation_chars=False)
    lexer.whitespace_split, lexer.commenters, lexer.quotes = True, "", '"'
    return [word.strip('"') for word in lexer]


def unescaped(text):
    return text.replace(r"\-", "-").replace(r"\(aq", "'").replace(r"\&", "").replace(r"\e", "\\")
