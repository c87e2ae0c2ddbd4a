# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""The tests of a build by their names, for those that run some of them in a build of their own."""
import fnmatch
import json

from helpers.tap import run


def named(build, *patterns):
    """The names of the tests that PATTERNS, as of a shell, stand for: NAME, or SUITE/NAME. One that
    stands for none is an error: it would be a test that nobody misses."""
    known = [(test["name"], {f"{suite.split(':')[1]}/{test['name']}" for suite in test["suite"]})
             for test in json.loads(run("meson", "introspect", "--tests", build).stdout)]
    found = {pattern: [name for name, paths in known if fnmatch.filter({name, *paths}, pattern)]
             for pattern in patterns}
    for pattern, names in found.items():
        if not names:
            raise LookupError(f"no test is named {pattern}")
    return list(dict.fromkeys(name for names in found.values() for name in names))
