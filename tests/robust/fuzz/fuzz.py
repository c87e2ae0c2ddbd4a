#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""Run the fuzz targets one after the other, and print the table of tests/robust/fuzz/README.

    fuzz.py [--hours H] [TARGET...]   for a night: H hours in all (8)
    fuzz.py --runs N --cpu SECONDS    each target until it has run N times or for so long,
                                      counted over all calls
    fuzz.py --keep                    put what reaches something new into the corpus that is
                                      kept
    fuzz.py --coverage [--all]        what the kept corpus, or all inputs found so far, reach
                                      of the source
    fuzz.py --table                   what was run so far

Inputs, logs and findings are in build-fuzz/work. A finding ends a target's turn once it was
found ten times; the exit code is 1 when there is one.
"""
import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(os.path.dirname(HERE)))
FIXTURES = os.path.join(TOP, 'fixtures')

# The longest input of each target, which is what decides how fast it is.
TARGETS = {
    'archive': 2048,
    'debuginfo': 24576,
    'definitions': 512,
    'dynamic': 8192,
    'image': 8192,
    'ld_cache': 1024,
    'listing': 4096,
    'live': 256,
    'maps': 1024,
    'notes': 1024,
    'operand': 192,
    'package': 8192,
    'python': 8192,
    'record': 1024,
    'report': 8192,
    'requirement': 192,
    'script': 512,
}
# Megabytes that a target may ask for in one piece, where not 600: libarchive asks for what a
# header claims, and uses what the file has.
PIECES = {'package': 16384}
# Fixtures that a target starts from beside its corpus: folders, each sound in itself.
ELF = ['edge', 'i386', 'mips64el', 'riscv64', 's390x', 'sparc64', 'thumb', 'x86_64']
SEEDS = {
    'archive': ['edge', 'x86_64'],
    'debuginfo': ['site', 'separate'],
    'dynamic': ['edge', 'x86_64'],
    'image': ELF,
    'python': ['edge', 'x86_64'],
    'report': ELF,
}
# Of what is kept: no file beyond this size, no more than that of a target.
KEPT_FILE, KEPT_TARGET = 8192, 100000

SANITIZERS = {
    'ASAN_OPTIONS': 'allocator_may_return_null=1:malloc_context_size=3:quarantine_size_mb=16',
    'UBSAN_OPTIONS': 'print_stacktrace=1',
}
FINDINGS_MAX = 10
RUNS_MAX = (1 << 31) - 1  # what libFuzzer counts


def say(text):
    print(text, file=sys.stderr, flush=True)


def command(*args, **kwargs):
    done = subprocess.run(args, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          **kwargs)
    if done.returncode:
        sys.exit(f'{" ".join(args)}\n{done.stdout}')
    return done.stdout


def set_up(directory, *options):
    """Configure a tree for clang, if it is not there."""
    if not os.path.exists(os.path.join(directory, 'build.ninja')):
        say(f'setting up {directory}')
        command('meson', 'setup', directory, TOP, '-Db_lundef=false', *options,
                env=dict(os.environ, CC=os.environ.get('CLANG', 'clang')))


class Target:
    """One target, with what all calls so far made of it."""

    def __init__(self, name, build):
        self.name = name
        self.program = os.path.join(build, 'tests', 'robust', 'fuzz', 'fuzz-' + name)
        self.kept = os.path.join(HERE, 'corpus', name)
        self.work = os.path.join(build, 'work', name)
        self.findings = os.path.join(self.work, 'findings')
        self.inputs = os.path.join(self.work, 'inputs')
        self.state = {'executions': 0, 'cpu': 0.0, 'edges': 0, 'features': 0, 'findings': 0}
        os.makedirs(self.inputs, exist_ok=True)
        os.makedirs(self.findings, exist_ok=True)
        try:
            with open(os.path.join(self.work, 'state.json')) as file:
                self.state.update(json.load(file))
        except FileNotFoundError:
            pass

    def save(self):
        with open(os.path.join(self.work, 'state.json'), 'w') as file:
            json.dump(self.state, file)

    def options(self):
        words = os.path.join(HERE, 'dict', self.name)
        return [f'-max_len={TARGETS[self.name]}', '-timeout=10', '-rss_limit_mb=2048',
                f'-malloc_limit_mb={PIECES.get(self.name, 600)}', '-print_final_stats=1', '-reload=0',
                f'-artifact_prefix={self.findings}/',
                *([f'-dict={words}'] if os.path.exists(words) else [])]

    def seeds(self):
        return [path for path in [self.kept] + [os.path.join(FIXTURES, folder)
                                                for folder in SEEDS.get(self.name, [])]
                if os.path.isdir(path)]

    def run(self, runs, cpu):
        """Until it has run RUNS times more, or used CPU seconds more, or found something."""
        path = os.path.join(self.work, 'log')
        with open(path, 'w') as log:
            process = subprocess.Popen(
                [self.program, f'-runs={min(runs, RUNS_MAX)}', *self.options(), self.inputs, *self.seeds()],
                stdout=log, stderr=log, env={**os.environ, **SANITIZERS})
        status, usage = self.wait(process, cpu)
        with open(path, errors='replace') as log:
            text = log.read()
        counted = re.findall(r'^(?:stat::number_of_executed_units:\s*|#)(\d+)', text, re.M)
        reached = re.findall(r'cov: (\d+) ft: (\d+)', text)
        self.state['executions'] += int(counted[-1]) if counted else 0
        self.state['cpu'] += usage.ru_utime + usage.ru_stime
        if reached:
            self.state['edges'], self.state['features'] = map(int, reached[-1])
        self.save()
        return os.waitstatus_to_exitcode(status) == 0

    @staticmethod
    def wait(process, cpu):
        """Return the status and usage of a process, told to end after CPU seconds."""
        told = False
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                process.returncode = os.waitstatus_to_exitcode(status)
                return status, usage
            with open(f'/proc/{process.pid}/stat') as file:
                fields = file.read().rsplit(')', 1)[1].split()
            used = (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')
            if used >= cpu and not told:
                process.send_signal(signal.SIGUSR1)
                told = True
            time.sleep(0.5)

    def turn(self, runs, cpu):
        """Go on after findings, up to the limits."""
        end_runs, end_cpu = self.state['executions'] + runs, self.state['cpu'] + cpu
        for _ in range(FINDINGS_MAX):
            left_runs = end_runs - self.state['executions']
            left_cpu = end_cpu - self.state['cpu']
            if left_runs <= 0 or left_cpu <= 0 or self.run(left_runs, left_cpu):
                return
            self.state['findings'] += 1
            self.save()
            say(f'{self.name}: a finding, see {self.work}')

    def keep(self):
        """Put the smallest inputs that reach something new beside those that are kept."""
        smallest = os.path.join(self.work, 'smallest')
        shutil.rmtree(smallest, ignore_errors=True)
        os.makedirs(smallest)
        os.makedirs(self.kept, exist_ok=True)
        # Edges alone, not how often each is passed: a tenth of the files.
        subprocess.run([self.program, '-merge=1', '-use_counters=0', *self.options(), smallest,
                        *self.seeds(), self.inputs], stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, env={**os.environ, **SANITIZERS}, check=True)
        have = set()
        for folder in self.seeds():
            for name in os.listdir(folder):
                path = os.path.join(folder, name)
                if os.path.isfile(path):
                    with open(path, 'rb') as file:
                        have.add(file.read())
        room = KEPT_TARGET - sum(entry.stat().st_size for entry in os.scandir(self.kept))
        for entry in sorted(os.scandir(smallest), key=lambda e: e.stat().st_size):
            size = entry.stat().st_size
            with open(entry.path, 'rb') as file:
                content = file.read()
            if content not in have and size <= KEPT_FILE and size <= room:
                room -= size
                shutil.copy(entry.path, os.path.join(self.kept, entry.name[:12]))


def table(targets):
    rows = [('target', 'executions', 'CPU minutes', 'a second', 'edges', 'features',
             'findings')]
    for target in targets:
        state = target.state
        rows.append((target.name, f'{state["executions"]:,}', f'{state["cpu"] / 60:.0f}',
                     f'{state["executions"] / max(state["cpu"], 1):,.0f}',
                     f'{state["edges"]:,}', f'{state["features"]:,}', str(state['findings'])))
    widths = [max(map(len, column)) for column in zip(*rows)]
    for row in rows:
        print('  '.join([row[0].ljust(widths[0])] +
                        [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]))


def profile(build, targets, everything):
    """Replay the inputs of each target; returns {name: {floor: [lines, reached]}}."""
    tree = build + '-coverage'
    set_up(tree, '-Dc_args=-fprofile-instr-generate -fcoverage-mapping',
           '-Dc_link_args=-fprofile-instr-generate', '-Db_asneeded=false')
    found = {}
    programs = [f'tests/robust/fuzz/replay-{target.name}' for target in targets]
    command('ninja', '-C', tree, *programs)
    merged = []
    for target, program in zip(targets, programs):
        raw, data = (os.path.join(tree, f'{target.name}.{end}')
                     for end in ('profraw', 'profdata'))
        made = ['--make', '10000'] if is_elf(tree, program) else []
        command(os.path.join(tree, program), *target.seeds(),
                *([target.inputs] if everything else []), *made,
                env=dict(os.environ, LLVM_PROFILE_FILE=raw))
        command('llvm-profdata', 'merge', '-o', data, raw)
        merged.append(data)
        found[target.name] = floors(data, [os.path.join(tree, program)])
    data = os.path.join(tree, 'all.profdata')
    command('llvm-profdata', 'merge', '-o', data, *merged)
    found['all'] = floors(data, [os.path.join(tree, program) for program in programs])
    return found


def is_elf(tree, program):
    done = subprocess.run(['nm', os.path.join(tree, program)], stdout=subprocess.PIPE, text=True)
    return ' T LLVMFuzzerCustomMutator' in done.stdout


def floors(data, programs):
    others = [word for program in programs[1:] for word in ('-object', program)]
    done = subprocess.run(['llvm-cov', 'export', '-summary-only', f'-instr-profile={data}',
                           programs[0], *others], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, text=True, check=True)
    lines = {}
    for file in json.loads(done.stdout)['data'][0]['files']:
        match = re.search(r'/src/(\w+)/(\w+\.[ch])$', file['filename'])
        if match:
            summary = file['summary']['lines']
            for key in (match.group(1), '/'.join(match.groups())):
                row = lines.setdefault(key, [0, 0])
                row[0] += summary['count']
                row[1] += summary['covered']
    return lines


def print_coverage(found):
    names = ['base', 'lazy', 'elf', 'probe', 'debug', 'find', 'rules', 'output']
    print('target'.ljust(12) + ''.join(name.rjust(12) for name in names))
    for target, lines in found.items():
        cells = []
        for name in names:
            count, reached = lines.get(name, (0, 0))
            cells.append(f'{reached / count:.0%} {reached}' if reached else '-')
        print(target.ljust(12) + ''.join(cell.rjust(12) for cell in cells))
    print('\nreached least, of files that some target reaches:')
    rows = [(reached / count, name, count) for name, (count, reached) in found['all'].items()
            if '/' in name and 0 < reached < count]
    for share, name, count in sorted(rows)[:25]:
        print(f'{share:6.0%} of {count:4} lines  {name}')


def arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--build', default=os.path.join(TOP, 'build-fuzz'))
    parser.add_argument('--hours', type=float, default=8)
    parser.add_argument('--runs', type=int)
    parser.add_argument('--cpu', type=int)
    parser.add_argument('--keep', action='store_true')
    parser.add_argument('--coverage', action='store_true')
    parser.add_argument('--all', action='store_true')
    parser.add_argument('--no-build', action='store_true', help='run what is built')
    parser.add_argument('--table', action='store_true')
    parser.add_argument('targets', nargs='*', metavar='TARGET')
    args = parser.parse_args()
    for name in args.targets:
        if name not in TARGETS:
            parser.error(f'no target {name}: {" ".join(TARGETS)}')
    return args


def main():
    args = arguments()
    build = os.path.abspath(args.build)
    targets = [Target(name, build) for name in args.targets or TARGETS]
    if args.coverage:
        print_coverage(profile(build, targets, args.all))
        return 0
    if args.table:
        table(targets)
        return 0
    if not args.no_build:
        set_up(build, '-Dfuzz=true')
        command('ninja', '-C', build, *[f'tests/robust/fuzz/fuzz-{target.name}' for target in targets])
    for target in targets:
        if args.keep:
            target.keep()
        elif args.runs or args.cpu:
            target.turn((args.runs or sys.maxsize) - target.state['executions'],
                        (args.cpu or sys.maxsize) - target.state['cpu'])
        else:
            target.turn(RUNS_MAX, args.hours * 3600 / len(targets))
    table(targets)
    return 1 if any(os.listdir(target.findings) for target in targets) else 0


if __name__ == '__main__':
    sys.exit(main())
