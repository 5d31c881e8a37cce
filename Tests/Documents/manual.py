#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds the manual to what the header declares and what the compiler says. It needs the built library.

Ends with "N passed, N failed". recorded.py holds the manual to what the library did.
"""

import collections
import os
import re
import shutil
import subprocess
import sys

import examples
from book import HEADER, INCLUDE, OVERVIEW, PAGES, RENDERERS, ROOT, c, compiled, letters, pages_of, rendered, run
from checks import adding_to, conclude
from mdoc import sentences
from messages import groups
from page import Page, arguments

CHECKS = []
check = adding_to(CHECKS)


@check("every exported function has one page that names it, and no page names one that does not exist")
def names():
    exported = set(re.findall(r"^ +(auth_\w+);", (ROOT / "Sources/Packaging/cognitoauth.map").read_text(), re.M))
    for name in sorted(exported | set(HEADER.functions)):
        found = [page.name for page in pages_of(name)]
        if len(found) != 1:
            yield f"{name}: {' '.join(found) or 'no page'}"
    for page in PAGES:
        for name in page.names:
            if name != OVERVIEW and name not in exported:
                yield f"{page.name} names {name}, which is not exported"
        if page.names[:1] != [page.name]:
            yield f"{page.name} does not name itself first"


@check("every function says since which version it is there, which is not later than the headers' own")
def versions():
    for name, function in HEADER.functions.items():
        if not function.since or function.since > HEADER.version:
            yield f"{name}: {function.since or 'no @since'}"


@check("a page's SYNOPSIS has the functions that it names, and the overview lists all")
def synopsis_names():
    for page in PAGES:
        declared = [arguments(line)[1] for line in page.section("SYNOPSIS") if re.match(r"\.F[no] ", line)]
        if declared != [name for name in page.names if name != OVERVIEW]:
            yield f"{page.name} declares {declared}"
        if page.name == OVERVIEW:
            listed = [arguments(line)[2] for line in page.subsection("Functions") if line.startswith(".It Xr ")]
            if sorted(listed) != sorted(HEADER.functions):
                yield f"missing, extra or twice: {set(listed) ^ set(HEADER.functions) or listed}"


@check("every SYNOPSIS, as mandoc and groff show it, compiles after the header and declares the same")
def synopsis_compiles():
    for page in PAGES:
        for renderer in RENDERERS:
            text = re.split(r"^(?=\S)", rendered(page, renderer), flags=re.M)
            code = "".join(part.partition("\n")[2] for part in text if part.startswith("SYNOPSIS\n"))
            if "#include <cognitoauth/auth.h>" not in code:
                yield f"{page.name}: no header in what {renderer} shows"
            complaints = c(code)
            if complaints:
                yield f"{page.name}, as {renderer} shows it:\n{complaints}"
            for name, parameters in re.findall(r"(auth_\w+)\(([^;]*)\);", code):
                function = HEADER.functions.get(name)
                if function and " ".join(parameters.split()) != ", ".join(function.parameters):
                    yield f"{page.name}: the header calls the parameters of {name} otherwise"


@check("every constant that a page names exists, and has the number that the page gives it")
def constants():
    for page in PAGES:
        code = [f"_Static_assert({name} == {value}, \"{name}\");" for name, value in page.values]
        for name in sorted(page.constants):
            is_macro = name.startswith("COGNITOAUTH_") or name.endswith("_INIT")
            code.append(f"#ifndef {name}\n#error {name}\n#endif" if is_macro else f"enum {{ use_of_{name} = {name} }};")
        complaints = c("\n".join(code) + "\n")
        if complaints:
            yield f"{page.name}:\n{complaints}"


@check("every constant of the header is on a page, with its number")
def constants_are_there():
    explained = {name for page in PAGES for name, _ in page.values}
    named = {name for page in PAGES for name in page.constants}
    for name in sorted(set(HEADER.values) - explained):
        yield f"{name} is on no page with its number"
    for name in sorted(set(HEADER.macros) - named):
        yield f"{name} is on no page"


@check("the list of all statuses is the header's, in its order")
def statuses():
    page, = pages_of("auth_status_name")
    listed, declared = page.values, list(HEADER.statuses.items())
    if listed != declared:
        yield f"not in both: {sorted(set(listed) ^ set(declared)) or 'the order'}"


@check("every sentence that describes a function in the header is on its page, in the same words")
def descriptions():
    shown = {page.name: letters(rendered(page, "mandoc")) for page in PAGES}
    for name, function in HEADER.functions.items():
        for sentence in sentences(function.description):
            # The page says these of all such functions at once.
            if re.match("Starts what |As for ", sentence):
                continue
            for page in pages_of(name):
                if letters(sentence) not in shown[page.name]:
                    yield f"{page.name}, {name}: {sentence}"


@check("every sentence of the README's conventions is in auth.h, in the same words")
def conventions():
    readme = (ROOT / "README.md").read_text().partition("## Conventions\n")[2].partition("\n## ")[0]
    contract = letters("".join(HEADER.lists["Conventions"]))
    for item in re.split(r"\n- ", readme)[1:]:
        for sentence in sentences(item.replace("**", "")):
            if letters(sentence) not in contract:
                yield sentence


@check("what the README says that a user is told is what the library says")
def told():
    known = {message.text for group in groups((ROOT / "Sources/CognitoAuth/SignOut/SignOutSentence.swift").read_text())
             for message in group.messages}
    readme = " ".join((ROOT / "README.md").read_text().split())
    quoted = re.findall(r'"([^"]*(?:igned (?:out|in)|sign-in)\b[^"]*\.)"', readme)
    if len(quoted) < 8:
        yield f"only {len(quoted)} sentences are quoted"
    for sentence in quoted:
        if sentence not in known:
            yield sentence


@check("headers, manual and README use one word for one thing: refresh, lock, except")
def words():
    for path in [ROOT / "README.md", *sorted((INCLUDE / "cognitoauth").glob("*.h*")), *(page.path for page in PAGES)]:
        for number, line in enumerate(path.read_text().splitlines(), 1):
            for word in re.findall(r"(?i)\brenew\w*|\bthe turn\b|\bbut for\b", line):
                yield f"{path.relative_to(ROOT)}:{number}: {word}"


@check("every struct is shown and explained with the header's fields, in the header's order")
def structs():
    shown = collections.Counter()
    for page in PAGES:
        for literal in page.literals:
            match = re.match(r"typedef struct (\w+) \{\n(.*)\} \1;\n$", literal, re.S)
            if not match:
                continue
            struct = match[1]
            shown[struct] += 1
            fields = re.findall(r"(\w+);$", match[2], re.M)
            if page.fields(struct) != fields:
                yield f"{page.name} shows {fields}, and explains {page.fields(struct)}"
            # The macro has a value for each field: one less here would be one too many there.
            code = ["#include <stddef.h>", re.sub(rf"\b{struct}\b", "shown", literal),
                    f"shown initialised = {struct.upper()}_INIT;",
                    f'_Static_assert(sizeof(shown) == sizeof({struct}), "size");']
            for field in fields:
                code.append(f'_Static_assert(offsetof(shown, {field}) == offsetof({struct}, {field}), "{field}");')
                code.append(f'_Static_assert(__builtin_types_compatible_p(__typeof__(((shown *)0)->{field}), '
                            f'__typeof__((({struct} *)0)->{field})), "{field}");')
            complaints = c("\n".join(code) + "\n")
            if complaints:
                yield f"{page.name}, {struct}:\n{complaints}"
    if shown != collections.Counter(list(HEADER.structs)):
        yield f"shown are {dict(shown)}"


@check("LAYOUT.md has each field where a compiler has it, on machines of 64 and 32 bits, and each struct's size")
def layout():
    targets = ["x86_64-linux-gnu", "armv7-linux-gnueabihf", "i386-linux-gnu"]
    tables = re.split(r"^## ", (ROOT / "LAYOUT.md").read_text(), flags=re.M)[1:]
    if [table.split()[0] for table in tables] != list(HEADER.structs):
        yield "not every struct has a table"
    for number, target in enumerate(targets):
        code = ["#include <cognitoauth/auth.h>", "#include <stddef.h>"]
        for table in tables:
            struct = table.split()[0]
            rows = re.findall(r"^\| `(\w+)` \| `([^`]+)` \| (\d+) \| (\d+) \| (\d+) \|$", table, re.M)
            if [row[0] for row in rows] != [field.name for field in HEADER.structs[struct]]:
                yield f"{struct} has other fields"
            for field, kind, *places in rows:
                code.append(f'_Static_assert(offsetof({struct}, {field}) == {places[number]}, "{struct}.{field}");')
                code.append(f'_Static_assert(__builtin_types_compatible_p(__typeof__((({struct} *)0)->{field}), '
                            f'{kind}), "the type of {struct}.{field}");')
            size = re.findall(r"\*\*(\d+)\*\*", table)[number]
            code.append(f'_Static_assert(sizeof({struct}) == {size}, "the size of {struct}");')
        complaints = compiled("\n".join(code) + "\n", "clang", "-target", target, "-std=c11", "-ffreestanding",
                              "-Wno-gnu", "-x", "c")
        if complaints:
            yield f"{target}:\n{complaints}"


@check("every callback type is shown as the header declares it")
def callbacks():
    shown = ""
    for page in PAGES:
        for literal in page.literals:
            if re.match(r"typedef (?!struct)", literal):
                shown += literal
                complaints = c(literal)
                if complaints:
                    yield f"{page.name}:\n{complaints}"
    for name in HEADER.callbacks:
        if f"(*{name})" not in shown:
            yield f"{name} is not shown"


@check("every status that the header promises of a function is in the ERRORS of its page")
def promised_statuses():
    for name, function in HEADER.functions.items():
        promised = HEADER.promised(function) if function.has_statuses else set()
        few = {"auth_operation_browser_done": 1, "auth_client_new": 2}
        fewest = few.get(name, 2 if name.endswith("_start") else 3)
        if function.has_statuses and len(promised) < fewest:
            yield f"the comment of {name} names {promised} only: has it changed its words?"
        for page in pages_of(name):
            named = {entry.name for entry in page.entries if entry.covers(function)}
            for status in sorted(promised - named):
                yield f"{page.name} does not say that {name} may have {status}"


@check("a page says what success is, where a function has statuses, and names only real functions and fields")
def places_exist():
    for page in PAGES:
        functions = [HEADER.functions[name] for name in page.names if name in HEADER.functions]
        if any(function.has_statuses and not function.is_sign_out for function in functions):
            if "AUTH_STATUS_SUCCESS" not in "\n".join(page.section("RETURN VALUES")):
                yield f"{page.name} does not name AUTH_STATUS_SUCCESS among its return values"
        for entry in page.entries:
            for name in entry.functions:
                if name not in page.names:
                    yield f"{page.name}, {entry.name}: {name} is not of this page"
            for field in entry.fields:
                if field not in Page.fields(pages_of("auth_sign_out")[0], "auth_sign_out_result"):
                    yield f"{page.name}, {entry.name}: {field} is no field of a result"


@check("every reference leads to a function or a page that exists")
def references():
    for page in PAGES:
        for words in page.macro("Fn"):
            if words[0] not in page.names:
                yield f"{page.name}: {words[0]} is not of this page, and no Xr"
        for words in page.macro("Xr"):
            if re.match("auth_|cognitoauth", words[0]) and words[:2] not in [
                    [name, "3"] for name in [OVERVIEW, *HEADER.functions]]:
                yield f"{page.name}: there is no {' '.join(words[:2])}"


@check("mandoc and groff have nothing to complain of, and no line is wider than 80 columns")
def lint():
    for page in PAGES:
        # On standard error it complains of the machine's list of pages.
        printed, _ = run("mandoc", "-T", "lint", "-W", "style", str(page.path), stderr=subprocess.DEVNULL)
        for line in printed.splitlines():
            # Whether a page is installed here says nothing; references() looks at ours.
            if "referenced manual not found" not in line:
                yield line
        printed, status = run("groff", "-K", "utf8", "-m", "mdoc", "-T", "utf8", "-w", "w", "-z", str(page.path))
        if printed or status:
            yield f"{page.name}: {printed}"
        for line in rendered(page, "mandoc").splitlines():
            if len(line) > 80:
                yield f"{page.name}: {line}"


@check("every page names its licence first, and no page a path of the machine it was written on")
def licence():
    for page in PAGES:
        if page.lines[0] != r'.\" SPDX-License-Identifier: Apache-2.0':
            yield page.name
        for path in re.findall(r"(?<![\w.])/(?:root|home|work|tmp)\b\S*", page.source):
            yield f"{page.name}: {path}"


def main():
    os.environ.update(
        LC_ALL="C.UTF-8", PKG_CONFIG_PATH=str(ROOT / ".build/lib/pkgconfig"), LD_LIBRARY_PATH=str(ROOT / ".build/lib"))
    missing = [tool for tool in ("gcc", "g++", "clang", "pkg-config", *RENDERERS) if not shutil.which(tool)]
    if missing:
        sys.exit(f"manual.py needs {', '.join(missing)}; packages: gcc, g++, clang, pkg-config, mandoc, groff-base")
    return conclude(CHECKS + examples.CHECKS)


if __name__ == "__main__":
    sys.exit(main())
