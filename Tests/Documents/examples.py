# SPDX-License-Identifier: Apache-2.0
"""The code on the manual's pages: it compiles, runs and can be copied."""

import pathlib
import re
import tempfile

from book import HEADER, OVERVIEW, PAGES, ROOT, compiled, rendered, run
from checks import adding_to

CHECKS = []
check = adding_to(CHECKS)


def examples():
    """Page, number and text of every piece of code that is not a declaration."""
    for page in PAGES:
        codes = [literal for literal in page.literals if not literal.startswith("typedef")]
        for number, code in enumerate(codes, 1):
            yield page, number, code


def is_cxx(code):
    return "auth.hpp" in code


@check("every example compiles without a warning as C11, but for those that are C++, and as C++17")
def examples_compile():
    for page, number, code in examples():
        for compiler in (["gcc", "-std=c11", "-x", "c"], ["g++", "-std=c++17", "-x", "c++"]):
            if is_cxx(code) and "c++" not in compiler:
                continue
            complaints = compiled(code, *compiler)
            if complaints:
                yield f"{page.name}, example {number}, {compiler[1]}:\n{complaints}"
    for page in PAGES:
        if page.name != OVERVIEW and not any(page is one for one, _, _ in examples()):
            yield f"{page.name} has no example"


@check("the page's command builds its programs; one without a keyring or a file says so, and the others succeed")
def examples_run():
    with tempfile.TemporaryDirectory() as directory:
        script = []
        for page, number, code in examples():
            if "int main(" not in code:
                continue
            command = re.search(r"^ +(cc prog\.c .*)$", rendered(page, "mandoc"), re.M)
            command = command[1] if command else "false: no command"
            if is_cxx(code):
                command = command.replace("cc ", "c++ -std=c++17 -x c++ ")
            folder = pathlib.Path(directory, f"{page.name}.{number}")
            folder.mkdir()
            (folder / "prog.c").write_text(code)
            printed, status = run("bash", "-e", text=command, cwd=folder)
            if status:
                yield f"{page.name}, example {number}: {printed}"
                continue
            script.append(f"cd {folder}; ./a.out >printed 2>&1 </dev/null; echo $? >status")
        run(str(ROOT / "Tests/Support/private-session.sh"), "--keyring=none", "bash", "-c", "\n".join(script))
        for folder in sorted(pathlib.Path(directory).iterdir()):
            uses_client = re.search("auth_client_new|Client::make", (folder / "prog.c").read_text())
            status = (folder / "status").read_text().strip() if (folder / "status").exists() else "none"
            printed = (folder / "printed").read_text() if (folder / "printed").exists() else ""
            if status != ("2" if uses_client else "0"):
                yield f"{folder.name} ended with {status}: {printed}"
            if uses_client and not re.search("keyring|configuration file", printed):
                yield f"{folder.name} did not say why: {printed}"
            for name, value in HEADER.statuses.items() if "auth_status_name(" in printed or not uses_client else ():
                if f"{value} {name}: " not in printed:
                    yield f"{folder.name} did not print {name}"


@check("code can be copied from a page: no character in it is one that a renderer may change")
def code_is_escaped():
    for page in PAGES:
        displays = re.findall(r"^\.Bd -literal.*?\n(.*?)^\.Ed$", page.source, re.M | re.S)
        for line in "".join(displays).splitlines() + [line for line in page.lines if line.startswith(".Dl ")]:
            if re.search(r"(?<!\\)[-'`^~]", line):
                yield f"{page.name}: {line}"
