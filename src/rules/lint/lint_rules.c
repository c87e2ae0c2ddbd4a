/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The rules: names, severities, and in words what is wrong and what to do. */
#include "base/array.h"
#include "rules/lint/lint_checks.h"

#define INFO    USDTINFO_SEVERITY_INFO
#define WARNING USDTINFO_SEVERITY_WARNING
#define ERROR   USDTINFO_SEVERITY_ERROR

/* clang-format off */
const struct lint_rule lint_rules[] = {
	{
		"argument-by-value", WARNING, "an argument is no integer of 1, 2, 4 or 8 bytes",
		"A structure or an integer of 16 bytes is passed by value. libbpf refuses the whole "
		"probe, gdb drops this argument and those after it, and perf lists no probe of the "
		"whole file. Pass a pointer to it, or its members one by one.",
		.probe = lint_argument_by_value,
	},
	{
		"argument-floating-point", WARNING, "an argument is a floating-point number",
		"The size of the argument has an f behind it. libbpf refuses the whole probe, BCC and "
		"gdb drop the argument, perf and SystemTap show its bits as an integer. Pass a scaled "
		"integer, or a pointer to the value.",
		.probe = lint_argument_floating_point,
	},
	{
		"argument-without-size", WARNING, "an argument does not say its size",
		"The note was written by hand or by another producer than sys/sdt.h, in the old form "
		"without \"SIZE@\". Tracers take the argument for an unsigned word, and libbpf refuses "
		"the probe. Write the size, negative for signed types, in front of the operand.",
		.probe = lint_argument_without_size,
	},
	{
		"arguments-differ", INFO, "the sites of a probe pass different arguments",
		"Several notes share a provider and a name, and their arguments differ in number, size "
		"or sign. That is so when a macro is used with other types, in templates, and where the "
		"compiler copied code after folding a type. Scripts see other values under the same "
		"argument name at each site. Cast the arguments to fixed types in the probe's macro.",
		.set = lint_arguments_differ,
	},
	{
		"base-apart", WARNING, "perf computes a wrong file offset for the probe",
		"perf takes code to be as far from its file offset as .stapsdt.base is. Linkers that "
		"give each segment pages of its own (lld, mold, ld with -z separate-code in some "
		"layouts) put the two at different distances, or dropped the section, and perf writes "
		"its breakpoint into unrelated instructions, which can crash the traced program. Do not "
		"trace such a file with perf; link with -z noseparate-code to make it right.",
		.probe = lint_base_apart,
	},
	{
		"base-missing", WARNING, "the section .stapsdt.base is not there",
		"With --gc-sections gold, lld and mold drop .stapsdt.base, since nothing refers to it; "
		"objcopy -R does it, too. gdb then ignores all probes of the file, and perf and "
		"SystemTap may use wrong addresses. Link without --gc-sections or with ld.bfd, or keep "
		"the section by a sys/sdt.h that marks it retained (systemtap 5.1 and later).",
		.diagnostic = "base-missing",
	},
	{
		"base-moved", INFO, "locations have to be corrected by how far .stapsdt.base moved",
		"The file was moved after it was linked, by prelink or objcopy, and the notes still have "
		"the old addresses. gdb, SystemTap and libbpf correct locations; BCC, LTTng and DTrace "
		"do not, and libbpf leaves semaphores where they were. Undo the move, or link at the "
		"final address.",
		.diagnostic = "base-moved",
	},
	{
		"base-zero", WARNING, "notes record no base although .stapsdt.base is there",
		"The linker threw away the section that the notes referred to and kept another copy of "
		"it. gdb, SystemTap and libbpf before 1.6 then move every location by the section's "
		"address, out of the code. Link with a newer linker or without --gc-sections.",
		.diagnostic = "base-zero",
	},
	{
		"debug-file", INFO, "the file holds debug information split from another",
		"objcopy --only-keep-debug keeps the notes, but neither code nor data. Tracers want the "
		"stripped file; addresses here are right, file offsets and bytes are unknown. Check the "
		"other file.",
		.file = lint_debug_file,
	},
	{
		"duplicate-note", WARNING, "two notes say the same of one instruction",
		"Provider, name, location and arguments are equal. A linker script that collects the "
		"notes twice or a producer that omits the COMDAT group does that. A tracer attaches "
		"twice and counts every hit twice, and uprobe_events refuses the second. Collect the "
		"section once, and use the group flag (?) of the assembler.",
		.site = lint_duplicate_note,
	},
	{
		"headers-stripped", ERROR, "without section headers the notes cannot be found",
		"strip --strip-sections or sstrip removed the section headers, which are the only way to "
		"notes that no segment covers. All tracers see a file without probes. Strip with plain "
		"strip, which keeps both.",
		.diagnostic = "no-section-headers",
	},
	{
		"location-not-executable", ERROR, "the probe's location is not in code",
		"The address is in a segment that is not executable. The note was not relocated, or the "
		"probe stands in a template outside its COMDAT group, for which gold writes such "
		"addresses. No tracer can stop there. Use a sys/sdt.h and an assembler that know the "
		"group flag (?), or another linker.",
		.probe = lint_location_not_executable,
	},
	{
		"location-unmapped", ERROR, "the file has no bytes at the probe's location",
		"The address is outside of every segment, or where a segment has no contents in the "
		"file. The code was discarded by the linker and its note was not, or the note was not "
		"relocated. No tracer can stop there. Keep the note in the section group of its code.",
		.probe = lint_location_unmapped,
	},
	{
		"name-not-portable", WARNING, "a name cannot be typed in some tracer's language",
		"Names are C identifiers in perf and in SystemTap's marks, which reads - as __, and a "
		"colon separates them nearly everywhere. Other bytes make a probe that is listed and "
		"cannot be asked for. Use letters, digits and _; write __ where DTrace users expect -.",
		.probe = lint_name_not_portable,
	},
	{
		"no-probes", INFO, "the file has no probes",
		"There is no note of a probe, nor anything that one would leave behind. Static libraries "
		"apart, the code was compiled without sys/sdt.h or with probes disabled (--with-dtrace, "
		"--enable-dtrace and the like switch them on), or the probes are in a library.",
		.file = lint_no_probes,
	},
	{
		"note-alignment", INFO, "notes are aligned otherwise than their section says",
		"The section declares an alignment of 8 and its notes are padded to 4. Readers that "
		"believe the section lose all notes after the first. Declare 4, as sys/sdt.h does.",
		.diagnostic = "note-alignment",
	},
	{
		"note-allocated", WARNING, "the note's section is loaded into memory",
		"The section has the flag SHF_ALLOC, which sys/sdt.h does not set. perf passes over such "
		"sections and lists no probe, and ld moves them in front of .probes, where BCC does not "
		"find them. Drop the \"a\" from the section's flags.",
		.probe = lint_note_allocated,
	},
	{
		"note-malformed", ERROR, "a note cannot be read",
		"Sizes contradict the section's end, or strings lack theirs. The file is damaged or its "
		"producer is broken; tracers stop reading there, and libbpf drops all probes of the "
		"file. Build the file anew.",
		.diagnostic = "note-malformed",
	},
	{
		"note-not-terminated", WARNING, "the arguments of a note have no end",
		"The NUL behind the argument string is missing. gdb drops the probe, readelf calls it "
		"corrupt, other tools differ. The producer has to count the NUL in the note's size.",
		.diagnostic = "note-not-terminated",
	},
	{
		"note-section", WARNING, "the note is not in the first section called .note.stapsdt",
		"A linker script gave the section another name, or there are several in a linked file. "
		"perf, libbpf and LTTng read the first section of that name only. Let the script put all "
		"input sections .note.stapsdt into one output section of the same name.",
		.probe = lint_note_section,
	},
	{
		"note-trailing-bytes", WARNING, "there are bytes behind a note's arguments",
		"The descriptor is longer than its strings. gdb, SystemTap, BCC and eu-readelf reject "
		"such notes. The producer has to end the descriptor right behind the NUL.",
		.probe = lint_note_trailing_bytes,
	},
	{
		"note-version", WARNING, "a note of owner stapsdt has an unknown version",
		"The type of a note is its version, and only 3 was ever in use. libbpf gives up on the "
		"file, perf stops reading, other tools pass over it.",
		.diagnostic = "note-version",
	},
	{
		"notes-mixed", WARNING, "other notes stand among those of the probes",
		"libbpf takes the first note in .note.stapsdt that is no probe's for an error and finds "
		"no probe of the file. A linker script that merges .note.* does that. Keep .note.stapsdt "
		"apart.",
		.file = lint_notes_mixed,
	},
	{
		"notes-stripped", ERROR, "the notes of the probes were removed",
		"What only probes leave behind (.stapsdt.base, counters in .probes) is there, and their "
		"notes are not. llvm-strip removes them, and so do objcopy -R .note.stapsdt and "
		"strip --remove-section='.note*'. All tracers see a file without probes. Strip with GNU "
		"strip, with eu-strip, or with llvm-strip --strip-all-gnu or --keep-section=.note.stapsdt.",
		.diagnostic = "notes-stripped",
	},
	{
		"operand-not-understood", WARNING, "an operand is none that this program knows",
		"The text behind the size is no operand of the file's machine as compilers write them. "
		"Tracers drop the argument, and some all after it, or refuse the probe. Look for "
		"a hand-written constraint or a producer's mistake.",
		.probe = lint_operand_not_understood,
	},
	{
		"operand-unreadable", WARNING, "no tracer reads an argument's operand",
		"The operand is sound assembler, and neither BCC, libbpf, perf, gdb nor SystemTap "
		"understand it: thread-local variables, symbols with an index, addresses of symbols. "
		"Copy the value to a local variable in front of the probe, or restrict the compiler by "
		"defining STAP_SDT_ARG_CONSTRAINT as nr before including sys/sdt.h.",
		.probe = lint_operand_unreadable,
	},
	{
		"operand-unresolvable", WARNING, "nobody can tell where an argument's value is",
		"The operand names a label or symbol that the file's symbol tables lack (constants in "
		".LC0, variables of a stripped file, slots of the GOT), or one register of a pair. Copy "
		"the value to a local variable in front of the probe, do not strip .symtab, or define "
		"STAP_SDT_ARG_CONSTRAINT as nr before including sys/sdt.h.",
		.probe = lint_operand_unresolvable,
	},
	{
		"probes-old-format", WARNING, "the probes are of versions 1 or 2, of before 2010",
		"There are records in .probes and no notes. Only SystemTap reads them. Compile with a "
		"sys/sdt.h of this decade.",
		.diagnostic = "probes-old-format",
	},
	{
		"section-order", WARNING, "BCC does not find the sections",
		"BCC, and bpftrace before 0.25 with it, look for the first section with code, for .probes "
		"and for .note.stapsdt in one pass over the section headers, and find no probes when they "
		"come in another order. Linkers' default scripts keep that order.",
		.file = lint_section_order,
	},
	{
		"semaphore-not-file-backed", ERROR, "the semaphore has no bytes in the file",
		"It lies in .bss or another part that the file does not hold. The kernel counts only "
		"in pages that are mapped from the file, and refuses to attach. Put it into the section "
		".probes, as dtrace(1) and STAP_PROBE's documentation do.",
		.probe = lint_semaphore_not_file_backed,
	},
	{
		"semaphore-not-writable", ERROR, "the semaphore is in read-only memory",
		"The kernel wants a writable private mapping and refuses to attach; BCC and gdb fail to "
		"write. Drop the const, or the linker script's placement among read-only data.",
		.probe = lint_semaphore_not_writable,
	},
	{
		"semaphore-unaligned", ERROR, "the semaphore is at an odd address",
		"The kernel refuses reference counters at odd offsets. Declare it as unsigned short, "
		"not packed.",
		.probe = lint_semaphore_unaligned,
	},
	{
		"semaphore-undefined", ERROR, "the semaphore is defined in another object",
		"PROVIDER_NAME_semaphore is an undefined symbol of this file. A note can only lead to an "
		"address in its own file, so the linker wrote 0 or the address of a slot. Tracers do not "
		"count up, and the program never runs the probe. Define the semaphore in the object that "
		"has the probe: link dtrace -G's output into it.",
		.probe = lint_semaphore_undefined,
	},
	{
		"semaphores-differ-at-site", ERROR, "probes at one instruction have different semaphores",
		"The kernel keeps one reference counter for an instruction and answers EINVAL to the "
		"second probe. Two probes without code between them share their nop only if the producer "
		"made it so. Let them share a semaphore, or emit a nop for each.",
		.site = lint_semaphores_differ,
	},
	{
		"several-semaphores", WARNING, "the sites of a probe have several semaphores",
		"Notes of one provider and name lead to different counters. BCC keeps the first only, so "
		"that code behind the others' checks never runs while it traces. Define one "
		"PROVIDER_NAME_semaphore for all sites.",
		.set = lint_several_semaphores,
	},
	{
		"site-is-breakpoint", ERROR, "the file holds a breakpoint instead of a nop",
		"The file was copied from memory while a tracer was attached, or a tracer wrote to it. "
		"The program dies there when nobody traces it. Install the file anew.",
		.probe = lint_site_is_breakpoint,
	},
	{
		"site-not-nop", WARNING, "the instruction at the location is no nop",
		"The note leads to another instruction: the file was changed after it was linked, the "
		"location is wrong, or the producer emits its own instruction. A breakpoint there may "
		"change what the program does, since the kernel has to emulate it. Compare with a fresh "
		"build.",
		.probe = lint_site_not_nop,
	},
	{
		"site-thumb", INFO, "the site is Thumb code",
		"Linux does not support uprobes in Thumb code, so that of all tracers only gdb stops "
		"there. Compile with -marm what has probes.",
		.probe = lint_site_thumb,
	},
	{
		"too-many-arguments", WARNING, "there are more than 12 arguments",
		"sys/sdt.h and libbpf end at 12; libbpf refuses the probe. Pass a pointer to a structure.",
		.probe = lint_too_many_arguments,
	},
};
/* clang-format on */

const size_t lint_rule_count = ARRAY_SIZE(lint_rules);
_Static_assert(ARRAY_SIZE(lint_rules) <= LINT_RULES_MAX, "more rules than options hold");
