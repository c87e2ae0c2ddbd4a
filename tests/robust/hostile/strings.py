# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""Bytes that mean something to whatever reads them, and tame ones of the same length.

CANARY is a file that nothing may make: whatever runs a word of these makes it.
"""
import itertools
import re

CANARY = "Canary"
TOUCH = b"touch " + CANARY.encode()

# What steers terminals, and what an encoding takes for something else.
TERMINAL = [
    b"\x1b[31mred\x1b[0m", b"\x1b[2J\x1b[H", b"\x1b]0;title\x07", b"\x1b]8;;http://x\x1b\\x",
    b"\x1bP+q544e\x1b\\", b"\x1bc", b"\x9b31m", "\x9b31m".encode(), "\x85next".encode(),
    b"\x08\x08\x08", b"\r\n", b"over\rwritten", b"\x0b\x0c", b"\t\t", b"\x0e\x0f",
    "\u202eevil\u2066".encode(), "\u200e\u200f\u061c".encode(), "\u202a\u202b\u202c\u202d".encode(),
    "\u2067\u2068\u2069".encode(), "zero\u200bwidth".encode(), "joined\u200d".encode(),
    "\ufeffmark".encode(), "soft\u00adhyphen".encode(), "lines\u2028\u2029".encode(),
    "\U0001f600 \U0001f468\u200d\U0001f469".encode(), "\u5bbd\u5b57\u7b26".encode(), "\u00e9\u0301\u0301".encode(),
    "\U000e0041tag".encode(), "\ufffe\uffff".encode(), "\U0010ffff".encode(),
    "\U000f0000private".encode(), "\ufdfa".encode(),
    b"\xed\xa0\x80\xed\xb0\x80", b"\xc0\xaf\xc0\x80", b"\xf4\x90\x80\x80", b"\xff\xfe\xfd",
    b"\xe2\x80", b"\xf0\x9f\x98", b"\x80\x80\x80", b"\xf8\x88\x80\x80\x80",
]
# What ends a quoted word, a comment, a record or a field, and what is run then.
WORDS = [
    b"$(" + TOUCH + b")", b"`" + TOUCH + b"`", b"';" + TOUCH + b";'", b'";' + TOUCH + b';"',
    b"'$(" + TOUCH + b")'", b"\n" + TOUCH + b"\n", b"\\\n" + TOUCH + b"\n", b"|" + TOUCH,
    b"&" + TOUCH + b"&", b">" + CANARY.encode(), b"<(" + TOUCH + b")", b"${x:=$(" + TOUCH + b")}",
    b"$'\\n'" + TOUCH, b"!!:$", b"~root/", b"{a,b}*?[c]", b"=ls", b"--help=", b"-e x",
    b"\nshell " + TOUCH + b"\n", b'"); system("' + TOUCH + b'"); //',
    b"*/ BEGIN { system(\"" + TOUCH + b"\") } /*", b"*/ int x; /*", b"%{ " + TOUCH + b" %}",
    b"\nend\nshell " + TOUCH, b"\npython import os; os.system('" + TOUCH + b"')",
    b'" } probe begin { system("' + TOUCH + b'") } //', b"x\\", b'\\"', b"\\'", b"??/", b"??'",
    b"%s%n%d%%", b"%1$s%99999d", b"{0}{x}", b"#comment", b" # SKIP why", b" # todo why",
    b"\nnot ok 1 - x", b"\n1..0 # SKIP all", b"\nBail out!", b"ok 7 - x", b"  ---\n  x: y\n  ...",
    b"::error::x", b"\n::error::x", b"%0A::error file=x::y", b"##[error]x", b"::stop-commands::x",
    b",title=y::z", b"a:b,c=d;e", b"]]><x/>", b"<![CDATA[x", b"--><!--", b"<?x?>", b"&amp;&lt;&x;",
    b"&#27;", b"<script>alert(1)</script>", b'"/><failure/>', b'","x":"y', b"\\u0000\\x00\\ud800",
    b'{"a":[1]}', b"null,", b'=1+1', b"@SUM(1)", b"(nil)", b"\x7fELF", b"  two  spaces  ", b"''", b'""',
]


def wrapped(text):
    """At the beginning, in the midst and at the end of a name that nothing else is like."""
    return (b"Zq" + text + b"qZ", text + b"qqZ", b"Zqq" + text)


def hostile_strings(every_byte=True):
    rows = list(itertools.chain.from_iterable(wrapped(text) for text in TERMINAL + WORDS))
    if every_byte:
        rows += [b"Zw%cwZ" % byte for byte in range(1, 256)
                 if not (byte < 128 and (chr(byte).isalnum() or chr(byte) in "_~-"))]
    rows += [b"Zl" + b"\xc2\x9b" * 2000, b"Zk" + b"$(" * 1000, b"Zj" + b"\x1b" * 4094]
    return list(dict.fromkeys(rows))


def tame_strings(strings):
    """For each string one of as many bytes that steers nothing; "~" keeps it odd."""
    return [(b"T~%s" % two_digits(i)).ljust(len(text), b"t") for i, text in enumerate(strings)]


def two_digits(number):
    digits = b"0123456789abcdefghijklmnopqrsuvwxyz"
    return bytes((digits[number // 35 % 35], digits[number % 35]))


def path_strings(strings, most=200):
    """Those that can be a file's name."""
    rows = (text.replace(b"/", b"_")[:most] for text in strings)
    return list(dict.fromkeys(row for row in rows if row not in (b".", b"..")))


def canonical(text):
    """Text or bytes as text in which a byte is one of ASCII that prints, or \\xNN."""
    if isinstance(text, str):
        text = text.encode("utf-8", "surrogateescape")
    return "".join(chr(c) if 0x20 <= c < 0x7f else f"\\x{c:02x}" for c in text)


def pattern_of(names):
    """A regular expression of any of NAMES, the longest that fits, without trying each."""
    heads = {}
    for name in names:
        heads.setdefault(name[:1], []).append(name[1:])
    whole = "" in heads
    heads.pop("", None)
    if not heads:
        return ""
    parts = [re.escape(head) + pattern_of(rest) if len(rest) > 1 or not rest[0]
             else re.escape(head + rest[0]) for head, rest in heads.items()]
    return f"(?:{'|'.join(parts)})" + ("?" if whole else "")
