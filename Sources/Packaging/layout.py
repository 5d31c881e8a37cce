# SPDX-License-Identifier: Apache-2.0
"""Where the fields of the structs are, for languages that cannot read the headers."""

import re

# The machines that differ: how wide a pointer is, and where an int64_t may begin.
MACHINES = {"64 bit": (8, 8), "32 bit": (4, 8), "32 bit, i386": (4, 4)}

TITLE = """# The structs, field by field

For Python's ctypes, Rust, Go and other languages that cannot read the headers: where each field begins, in bytes, and how
large each struct is. Set `struct_size` to that size, and all else to 0, or call the `_init` function. Written by
`make generated` from the headers, and checked with the compiler.

The library is built for machines of 64 bits so far. On those of 32 bits an `int64_t` begins at a multiple of 8, on i386 at
one of 4. `auth_status` and all other types of numbers that begin with `auth_` are `int32_t`. Strings (`const char *`)
are UTF-8 and end with a NUL byte.
"""


def layout(header):
    """The table of all structs, as Markdown."""
    return TITLE + "".join(table(name, fields, header) for name, fields in header.structs.items())


def table(name, fields, header):
    columns = [offsets(fields, header, *machine) for machine in MACHINES.values()]
    rows = [f"| `{field.name}` | `{kind(field)}` | {' | '.join(map(str, places))} |\n"
            for field, *places in zip(fields, *columns)]
    sizes = " | ".join(f"**{column[-1]}**" for column in columns)
    return (f"\n## {name}\n\n| field | type | {' | '.join(MACHINES)} |\n| --- | --- |{' ---: |' * len(MACHINES)}\n"
            f"{''.join(rows)}| size of the struct | | {sizes} |\n")


def kind(field):
    """Its type, as C has it."""
    return field.declaration.removesuffix(";").removesuffix(field.name).strip()


def offsets(fields, header, pointer, alignment):
    """Where each field begins, and at last the size of the struct."""
    place, found, widest = 0, [], 1
    for field in fields:
        size, aligned = width(kind(field), header, pointer, alignment)
        place += -place % aligned
        found.append(place)
        place, widest = place + size, max(widest, aligned)
    return [*found, place + -place % widest]


def width(kind_of_field, header, pointer, alignment):
    if kind_of_field.endswith("*") or kind_of_field in ("size_t", *header.callbacks):
        return pointer, pointer
    if kind_of_field == "int64_t":
        return 8, alignment
    if kind_of_field == "int32_t" or re.match("auth_", kind_of_field) and kind_of_field in header.types:
        return 4, 4
    raise ValueError(f"how wide is {kind_of_field}?")
