# SPDX-License-Identifier: Apache-2.0
"""The table: a row for each quantity, with the library's values, those by hand, and the ratio."""

import statistics


class Table:
    def __init__(self):
        self.rows = [("", "library", "by hand", "ratio")]

    def add(self, name, unit, library, by_hand=None):
        """Values are samples, or None where there is nothing."""
        ratio = ""
        if by_hand and statistics.median(by_hand) != 0:
            ratio = f"{statistics.median(library) / statistics.median(by_hand):.2f}"
        self.rows.append((name, told(library, unit), told(by_hand, unit), ratio))

    def __str__(self):
        widths = [max(len(row[column]) for row in self.rows) for column in range(4)]
        return "\n".join("  ".join(f"{cell:<{width}}" if column < 3 else f"{cell:>{width}}"
                                   for column, (cell, width) in enumerate(zip(row, widths))).rstrip()
                         for row in self.rows)


def told(samples, unit):
    """The median, and the quartiles where there is a spread."""
    if not samples:
        return "-"
    digits = 0 if unit in ("", "bytes") else 2
    text = f"{statistics.median(samples):.{digits}f}"
    if not unit and len(set(samples)) > 1:  # a count that is the same each time, or else should be looked at
        text += f" ({min(samples)} to {max(samples)})"
    elif len(set(samples)) > 1:
        first, _, third = statistics.quantiles(samples, n=4, method="inclusive")
        text += f" ({first:.{digits}f} to {third:.{digits}f})"
    return f"{text} {unit}".rstrip()
