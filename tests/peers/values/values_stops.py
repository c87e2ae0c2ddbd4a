# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""Run by gdb: stops at each probe of a program and writes down its arguments three ways.

VALUES_TASK names a JSON file with: probes (usdtinfo's), word (bytes), recording (address of
the variable of that name), moves (whether the program is loaded elsewhere than linked),
thread (address that the thread segment has without gdb knowing), output (file to write).
"""
import json
import os

import gdb

from helpers.evaluate import Process, Unreadable, evaluate

RECORDED_MAX, RECORDED_BYTES = 12, 64  # of recording.c


def load_bias(task):
    if not task["moves"]:
        return 0
    with open(f"/proc/{gdb.selected_inferior().pid}/maps", encoding="utf-8") as maps:
        for line in maps:
            fields = line.split(None, 5)
            if fields[5:] and fields[5].strip() == task["program"] and int(fields[2], 16) == 0:
                return int(fields[0].split("-")[0], 16)
    raise RuntimeError("the program is not mapped")


def read_memory(address, size):
    return bytes(gdb.selected_inferior().read_memory(address, size))


def register_reader(task, bias):
    def read(name):
        if name.endswith("_base") and task["thread"] is not None:
            return task["thread"] + bias
        value = gdb.newest_frame().read_register(name)
        if value.type.strip_typedefs().code == gdb.TYPE_CODE_UNION:
            low, high = (int(value["v2_int64"][i]) & ((1 << 64) - 1) for i in range(2))
            return high << 64 | low
        return int(value) & ((1 << 64) - 1)
    return read


def recorded(task, bias):
    """The bytes of each argument that the program passes here."""
    at = task["recording"] + bias
    head = read_memory(at, 4 + 4 * RECORDED_MAX)
    words = [int.from_bytes(head[i:i + 4], "little") for i in range(0, len(head), 4)]
    values = at + len(head)
    return [read_memory(values + i * RECORDED_BYTES, size).hex()
            for i, size in enumerate(words[1:1 + words[0]])]


def asked_of_gdb(index):
    """$_probe_argN as a number, or gdb's words on why there is none."""
    try:
        return {"value": int(gdb.parse_and_eval(f"$_probe_arg{index}"))}
    except (gdb.error, ValueError, OverflowError) as error:
        return {"error": str(error)}


def evaluated(argument, process):
    try:
        return {"bytes": evaluate(argument, process).hex()}
    except Unreadable as reason:
        return {"error": str(reason)}


def main():
    with open(os.environ["VALUES_TASK"], encoding="utf-8") as file:
        task = json.load(file)
    for setting in ("confirm off", "pagination off", "startup-with-shell off",
                    "debuginfod enabled off", "breakpoint pending off"):
        gdb.execute(f"set {setting}")
    gdb.execute("starti", to_string=True)
    bias = load_bias(task)
    process = Process(task["word"], bias, register_reader(task, bias), read_memory)
    by_address = {}
    for number, probe in enumerate(task["probes"]):
        by_address.setdefault(int(probe["location"], 16) + bias, []).append(number)
    for address in by_address:
        gdb.Breakpoint(f"*{address:#x}", internal=True).silent = True
    stops = []
    while True:
        gdb.execute("continue", to_string=True)
        if not gdb.selected_inferior().pid:
            break
        for number in by_address[gdb.newest_frame().pc()]:
            arguments = task["probes"][number]["arguments"]
            stops.append({
                "probe": number,
                "passed": recorded(task, bias) if arguments else [],
                "ours": [evaluated(argument, process) for argument in arguments],
                "gdb": [asked_of_gdb(i) for i in range(len(arguments))],
            })
    with open(task["output"], "w", encoding="utf-8") as file:
        json.dump(stops, file)


main()
