# SPDX-License-Identifier: Apache-2.0
"""The comments of the headers in mdoc(7), the language of the manual."""

import re
import textwrap

# What is marked up, with the punctuation around it: `code`, a function, a page of the manual, a constant.
MARKED = re.compile(
    r"(?<![^\s(])(?P<opening>\(?)"
    r"(?:`(?P<code>[^`]+)`|(?P<function>auth_\w+)\(\)|(?P<page>\w+)\((?P<section>[1-8])\)"
    r"|(?P<constant>(?:COGNITO)?AUTH_[A-Z0-9_]+|NULL))"
    r"(?P<closing>[.,:;?)]*)(?=\s|$)")
SENTENCE_END = re.compile(r'(?<=[.?])\s+(?=["A-Z0-9(`])|(?<=\.")\s+(?=[A-Z])')


class Markup:
    """What words stand for: on one page, its functions are named, and all others are references."""

    def __init__(self, header, page):
        self.functions = page.names
        self.types = header.types
        self.names = {field.name for fields in header.structs.values() for field in fields}
        self.names |= {name for function in header.functions.values() for name in function.arguments}

    def text(self, comment):
        """A comment, as lines that each end in a line end. An empty line in it begins a paragraph."""
        comment = re.sub(r"@since (\d+\.\d+)", r"Since version \1.", comment)
        paragraphs = re.split(r"\n\s*\n", comment.strip())
        return ".Pp\n".join("".join(map(self._sentence, sentences(paragraph))) for paragraph in paragraphs)

    def _sentence(self, sentence):
        lines, end = [], 0
        for match in MARKED.finditer(sentence):
            lines += plain(sentence[end:match.start()]) + [self._macro(match)]
            end = match.end()
        return "".join(line + "\n" for line in lines + plain(sentence[end:]))

    def _macro(self, match):
        if match["code"]:
            words = self._code(match["code"])
        elif match["function"]:
            own = match["function"] in self.functions
            words = f"Fn {match['function']}" if own else f"Xr {match['function']} 3"
        elif match["page"]:
            words = f"Xr {match['page']} {match['section']}"
        else:
            words = f"Dv {match['constant']}"
        macro, _, argument = words.partition(" ")
        return " ".join(["." + macro, *match["opening"], argument, *match["closing"]])

    def _code(self, code):
        macro = "Vt" if code in self.types else "Fa" if code.lstrip("*") in self.names else "Ql"
        return f"{macro} {escaped(code)}"


def sentences(paragraph):
    return SENTENCE_END.split(" ".join(paragraph.split()))


def plain(text):
    lines = textwrap.wrap(text.strip(), 78, break_on_hyphens=False, break_long_words=False)
    return [r"\&" + line if line[0] in ".'" else line for line in lines]


def escaped(code):
    """Characters that a renderer may change, so that code can be copied from a page."""
    return code.replace("-", r"\-").replace("'", r"\(aq")
