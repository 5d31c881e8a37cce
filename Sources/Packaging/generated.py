#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the files, and the parts of files, that follow from what the headers declare. They are reviewed like others.

    generated.py            writes those that differ, and names them
    generated.py --check    names those that differ, and fails if there are any
"""

import itertools
import pathlib
import re
import sys
import textwrap

sys.dont_write_bytecode = True
from header import Header  # noqa: E402
from layout import layout  # noqa: E402
from mdoc import Markup, escaped, sentences  # noqa: E402
from messages import groups  # noqa: E402
from page import Page  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
PACKAGING = ROOT / "Sources/Packaging"
HEADER = Header(ROOT / "Include/cognitoauth")
PAGES = [Page(path) for path in sorted((PACKAGING / "man").glob("*.3"))]
FUNCTIONS = sorted(HEADER.functions.values(), key=lambda function: function.name)
MESSAGES = groups((ROOT / "Sources/CognitoAuth/SignOut/SignOutSentence.swift").read_text())
COMMAND = "make generated"


def node(since):
    """The version of the symbols that came with a version of the library."""
    return "COGNITOAUTH_0" if since == (0, 1) else "COGNITOAUTH_{}_{}".format(*since)


def version_map():
    """For the linker: each version of symbols takes in the one before it."""
    text = f"""/* The symbols that the library exports: this list is its ABI. The build fails if the library exports
   one more or one less, or if the headers declare others. Written by `{COMMAND}`. */
"""
    latest = ""
    by_since = sorted(FUNCTIONS, key=lambda function: function.since)
    for since, functions in itertools.groupby(by_since, key=lambda function: function.since):
        names = "".join(f"    {function.name};\n" for function in functions)
        hidden = "" if latest else "local:\n    *;\n"
        text += f"{node(since)} {{\nglobal:\n{names}{hidden}}}{latest and ' ' + latest};\n"
        latest = node(since)
    return text


def debian_symbols():
    """For Debian's packages: the version of the library that a program needs which calls a function."""
    lines = [f"# SPDX-License-Identifier: Apache-2.0\n# Written by `{COMMAND}`.\n"
             "libcognitoauth.so.0 libcognitoauth0 #MINVER#\n* Build-Depends-Package: libcognitoauth-dev\n"]
    for function in FUNCTIONS:
        lines.append(" {}@{} {}.{}.0\n".format(function.name, node(function.since), *HEADER.needed(function)))
    return "".join(lines)


def recorded_functions():
    """For recorder.c: X(name, parameters, arguments) for each function that can fail with a status."""
    def macro(name, functions):
        lines = [f"#define {name}(X)"]
        for function in functions:
            # No line ends within a parameter.
            parameters = ", ".join(parameter.replace(" ", "\xa0") for parameter in function.parameters)
            wrapped = textwrap.wrap(f"({parameters}),", 110, subsequent_indent=" ")
            lines += [f"    X({function.name},", *(" " * 6 + line.replace("\xa0", " ") for line in wrapped),
                      f"      ({', '.join(function.arguments)}))"]
        return " \\\n".join(lines) + "\n"

    with_statuses = [function for function in HEADER.functions.values() if function.has_statuses]
    with_a_result = [function for function in with_statuses if function.is_sign_out]
    return f"""/* SPDX-License-Identifier: Apache-2.0 */

/* The functions that recorder.c records. Written by `{COMMAND}`. */

/* clang-format off */
{macro("FUNCTIONS_WITH_A_STATUS", [function for function in with_statuses if function not in with_a_result])}
{macro("FUNCTIONS_WITH_A_RESULT", with_a_result)}"""


class ManualPage:
    """A page of the manual, in which parts are written: those between `.\\" generated: KIND NAME` and `.\\" end`."""

    PART = re.compile(r'(?<=^\.\\" generated: )(\w+) ?(\w*)\n.*?(?=^\.\\" end$)', re.M | re.S)

    def __init__(self, page):
        self.page = page
        self.markup = Markup(HEADER, page)

    def text(self):
        return self.PART.sub(lambda match: f"{match[0].partition(chr(10))[0]}\n{self._part(*match.groups())}",
                             self.page.source)

    def _part(self, kind, name):
        parts = {"functions": self._functions, "struct": self._struct, "values": self._values, "list": self._list,
                 "overview": self._overview, "messages": self._messages}
        return parts[kind](*filter(None, [name]))

    def _functions(self):
        """The functions that the page's NAME names, for its SYNOPSIS."""
        return "".join(declaration(HEADER.functions[name]) for name in self.page.names if name in HEADER.functions)

    def _struct(self, name):
        """A struct, and a list of its fields."""
        declared = "".join(f"    {escaped(field.declaration)}\n" for field in HEADER.structs[name])
        items = "".join(f".It Fa {field.name}\n{self.markup.text(field.comment)}" for field in HEADER.structs[name])
        return (f".Bd -literal -offset indent\ntypedef struct {name} {{\n{declared}}} {name};\n.Ed\n"
                f".Bl -tag -width Ds\n{items}.El\n")

    def _values(self, name):
        """The constants of a type, as a list; with a subsection for each group that they are in."""
        text = ""
        for group, values in itertools.groupby(HEADER.enumerations[name], key=lambda value: value.group):
            items = "".join(f".It Dv {value.name} Pq {value.number}\n{self.markup.text(value.comment)}"
                            for value in values)
            text += (f".Ss {group}\n" if group else "") + f".Bl -tag -width Ds -compact\n{items}.El\n"
        return text

    def _list(self, title):
        """A list of auth.h."""
        return ".Bl -bullet\n" + "".join(f".It\n{self.markup.text(item)}" for item in HEADER.lists[title]) + ".El\n"

    def _messages(self):
        """The sentences for a person, each after the fields that it is chosen by."""
        text = ""
        for title, messages in MESSAGES:
            items = "".join(f".It\n{self.markup.text(condition + ':')}.Dl \"{escaped(message)}\"\n"
                            for condition, message in messages)
            text += f"{self.markup.text(title + ':')}.Bl -enum -compact\n{items}.El\n.Pp\n"
        return text.removesuffix(".Pp\n")

    def _overview(self):
        """All functions, with the first sentence of each, by page."""
        by_page = {}
        for function in HEADER.functions.values():
            page = next((page for page in PAGES if function.name in page.names), self.page)
            by_page.setdefault(page, []).append(function)

        text = ""
        for page, functions in by_page.items():
            headers = " , ".join(dict.fromkeys(function.header for function in functions))
            items = "".join(f".It Xr {each.name} 3\n{self.markup.text(sentences(each.description)[0])}"
                            for each in functions)
            text += (f".It Pa {headers} , Xr {page.name} 3\n{page.purpose}:\n.Pp\n"
                     f".Bl -tag -width Ds -compact\n{items}.El\n")
        return f".Bl -tag -width Ds\n{text}.El\n"


def declaration(function):
    """A function in mdoc(7)."""
    parameters = [f'"{parameter}"' if " " in parameter else parameter for parameter in function.parameters]
    if len(parameters) == 1:
        return f".Ft {function.returned}\n.Fn {function.name} {parameters[0]}\n"
    return "".join([f".Ft {function.returned}\n.Fo {function.name}\n", *(f".Fa {each}\n" for each in parameters),
                    ".Fc\n"])


def generated():
    """Each file that has generated text in it, and what its text has to be."""
    yield PACKAGING / "cognitoauth.map", version_map()
    yield PACKAGING / "debian/libcognitoauth0.symbols", debian_symbols()
    yield ROOT / "Tests/Documents/recorded_functions.h", recorded_functions()
    yield ROOT / "LAYOUT.md", layout(HEADER)
    for page in PAGES:
        yield page.path, ManualPage(page).text()


def main(mode=None):
    for function in FUNCTIONS:
        if not function.since:
            sys.exit(f"the comment of {function.name} has no @since")
    differing = 0
    for path, text in generated():
        if path.exists() and path.read_text() == text:
            continue
        differing += 1
        name = path.relative_to(ROOT)
        if mode == "--check":
            print(f"{name} is not what follows from the headers: run {COMMAND}")
        else:
            path.write_text(text)
            print(name)
    return 1 if mode == "--check" and differing else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
