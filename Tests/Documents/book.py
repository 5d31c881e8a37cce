# SPDX-License-Identifier: Apache-2.0
"""The manual as a whole: its pages, the header they are about, and what renderers and compilers make of them."""

import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "Sources/Packaging"))
from header import Header  # noqa: E402
from page import Page  # noqa: E402

INCLUDE = ROOT / "Include"
PAGES = [Page(path) for path in sorted((ROOT / "Sources/Packaging/man").glob("*.3"))]
HEADER = Header(INCLUDE / "cognitoauth")
OVERVIEW = "cognitoauth"

# What each renderer makes of a page is what a reader sees.
RENDERERS = {
    "mandoc": ["mandoc", "-T", "ascii"],
    "groff": ["groff", "-K", "utf8", "-m", "mdoc", "-T", "ascii", "-P", "-c", "-rLL=78n"],
}


def run(*command, text="", **options):
    """What a command printed, and whether it was satisfied."""
    options.setdefault("stderr", subprocess.STDOUT)
    ended = subprocess.run(command, input=text, stdout=subprocess.PIPE, encoding="utf-8", check=False, **options)
    return ended.stdout, ended.returncode


def compiled(code, *compiler):
    """What a compiler says of code; nothing if it is satisfied."""
    options = ["-Wall", "-Wextra", "-Werror", "-I", str(INCLUDE), "-fsyntax-only", "-"]
    printed, status = run(*compiler, *options, text=code)
    return printed if status else ""


def c(code):
    return compiled("#include <cognitoauth/auth.h>\n" + code, "gcc", "-std=c11", "-x", "c")


def rendered(page, renderer):
    printed, _ = run(*RENDERERS[renderer], str(page.path), stderr=subprocess.DEVNULL)
    return re.sub(".\b", "", printed)


def letters(text):
    """What words are in a text, whatever is between them; auth_error_free() is the same as auth_error_free(3)."""
    return "".join(re.findall(r"\w", re.sub(r"\([1-8]\)", "", text))).lower()


def pages_of(name):
    return [page for page in PAGES if name in page.names]
