# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""How the build compiles each of its sources, for tests that have others read them."""
import json
import pathlib
import shlex

from helpers.tap import BUILD, SOURCE

# With a word behind them that names an output.
OUTPUTS = ("-MQ", "-MF", "-o")


def sources(*folders):
    """(path, words of its compiler, folder it runs in) of each source below FOLDERS, once."""
    wanted = [SOURCE / folder for folder in folders]
    seen = {}
    for row in json.loads((BUILD / "compile_commands.json").read_text()):
        path = (pathlib.Path(row["directory"]) / row["file"]).resolve()
        if any(folder in path.parents for folder in wanted):
            seen.setdefault(path, (path, shlex.split(row["command"]), row["directory"]))
    return list(seen.values())


def flags(words):
    """Those that name neither a compiler nor an output."""
    kept, skipped = [], False
    for word in words:
        if skipped or word in OUTPUTS:
            skipped = not skipped
        elif word not in ("-MD", "-c"):
            kept.append(word)
    compiler = 2 if kept[0].endswith("ccache") else 1
    return kept[compiler:]
