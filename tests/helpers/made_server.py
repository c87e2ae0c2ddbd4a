# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""The files that the examples of the manual pages are run with: builds of a small server."""
from elfmaker import PF_R, PF_X, PROBES, PT_LOAD, Form, Segment, image

FORM = Form()
TEXT = 0x200
DEFINITIONS = """\
provider app {
  probe request__start(struct request *request, int method);
  probe request__done(struct request *request, long bytes);
  probe cache__hit(char *key);
};
"""


def layout(notes):
    """As a linker does it: the code is as far from its place in the file as .stapsdt.base is."""
    elf = image(notes)
    elf.segments[:2] = [Segment(PT_LOAD, PF_R | PF_X, 0, 0, TEXT + 0x80)]
    next(section for section in elf.sections if section.name == ".text").address = TEXT
    return elf


def server(*probes, damaged=b""):
    """A server with (name, arguments) at one site after another."""
    return layout(b"".join(FORM.probe(TEXT + 16 * number, provider="app", name=name, args=args,
                                      semaphore=PROBES + 2 * number)
                           for number, (name, args) in enumerate(probes)) + damaged)


def without_base(elf):
    """What some linkers make of it with --gc-sections."""
    elf.sections = [section for section in elf.sections if section.name != ".stapsdt.base"]
    return elf


START = ("request__start", "8@%rdi -4@%esi")


def make(top):
    """Below TOP: build/server and builds that differ from it, and probes.d."""
    files = {
        "build/server": server(START, ("request__done", "8@%rdi -8@16(%rsp)"),
                               ("cache__hit", "8@%rax")),
        "released/server": server(START, ("request__done", "8@%rdi -4@16(%rsp)")),
        "damaged/server": server(START, damaged=FORM.note(b"short")),
        "stripped/server": layout(None),
        "small/server": without_base(server(START)),
    }
    for name, elf in files.items():
        path = top / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(elf.bytes())
    (top / "probes.d").write_text(DEFINITIONS, encoding="utf-8")
