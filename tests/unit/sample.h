/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Files and probes made by hand, for what writes them. */
#pragma once

#include "output/list/writer.h"

#define TEXT(string) ((struct text){ string, sizeof(string) - 1 })

static struct diagnostic sample_diagnostics[] = {
	{ USDTINFO_SEVERITY_WARNING, { "base-missing", 12 }, { "no .stapsdt.base", 16 } },
};

/* An executable, a relocatable object and what is no ELF file at all. */
static inline struct file_facts sample_exec(void)
{
	return (struct file_facts){
		.path = TEXT("/usr/bin/prog"),
		.state = USDTINFO_STATE_OK,
		.build_id = TEXT("aabb01"),
		.elf_class = known_u64(64),
		.endian = TEXT("little"),
		.machine = TEXT("x86_64"),
		.machine_number = known_u64(62),
		.type = TEXT("exec"),
		.base_state = TEXT("present"),
	};
}

static inline struct file_facts sample_rel(void)
{
	return (struct file_facts){
		.path = TEXT("a\033.o"),
		.state = USDTINFO_STATE_OK,
		.elf_class = known_u64(32),
		.endian = TEXT("big"),
		.machine = TEXT("ppc"),
		.machine_number = known_u64(20),
		.type = TEXT("rel"),
		.base_state = TEXT("missing"),
		.diagnostics = { sample_diagnostics, 1, 1 },
	};
}

static inline struct file_facts sample_text(void)
{
	return (struct file_facts){
		.path = TEXT("README\xff"),
		.state = USDTINFO_STATE_NOT_ELF,
	};
}

static uint64_t sample_candidates[] = { 0x4010, 0x4020 };

static struct usdtinfo_argument sample_arguments[] = {
	{ .number = 0,
	  .raw = { "-4@%ebx", 7 },
	  .size = 4,
	  .size_declared = true,
	  .is_signed = true,
	  .type = { "int32", 5 },
	  .operand = { .kind = USDTINFO_OPERAND_REGISTER, .reg = { "rbx", 3 } },
	  .resolvable = true },
	{ .number = 1,
	  .raw = { "8@-8+sv(%rip)", 13 },
	  .size = 8,
	  .size_declared = true,
	  .type = { "uint64", 6 },
	  .operand = { .kind = USDTINFO_OPERAND_MEMORY,
	               .displacement = -8,
	               .symbol = { "sv", 2 },
	               .pc_relative = true,
	               .candidates = sample_candidates,
	               .candidate_count = 2 } },
	{ .number = 2,
	  .raw = { "1@$-56", 6 },
	  .size = 1,
	  .size_declared = true,
	  .type = { "uint8", 5 },
	  .operand = { .kind = USDTINFO_OPERAND_CONSTANT, .value = { "200", 3 } },
	  .resolvable = true },
	{ .number = 3,
	  .raw = { "%ah", 3 },
	  .size = 8,
	  .type = { "uint64", 6 },
	  .operand = { .kind = USDTINFO_OPERAND_REGISTER,
	               .reg = { "rax", 3 },
	               .reg_shift = 8,
	               .reg_pair = true } },
	{ .number = 4,
	  .raw = { "8@$arr+12", 9 },
	  .size = 8,
	  .size_declared = true,
	  .type = { "uint64", 6 },
	  .operand = { .kind = USDTINFO_OPERAND_ADDRESS,
	               .displacement = 12,
	               .symbol = { "arr", 3 },
	               .address = { true, 0x404c } },
	  .resolvable = true },
	{ .number = 5,
	  .raw = { "16f@?", 5 },
	  .size = 16,
	  .size_declared = true,
	  .is_signed = true,
	  .is_float = true,
	  .type = { "long double", 11 } },
};

/* As many of the arguments above as @count. */
static inline struct usdtinfo_probe sample_probe(size_t count)
{
	return (struct usdtinfo_probe){
		.provider = TEXT("python"),
		.name = TEXT("gc__start"),
		.arguments_text = count ? TEXT("-4@%ebx") : TEXT(""),
		.location = known_u64(0x4371c3),
		.location_raw = 0x4371c3,
		.base = 0x630ce2,
		.semaphore = known_u64(0x8d6bf6),
		.semaphore_raw = known_u64(0x8d6bf6),
		.file_offset = known_u64(0x371c3),
		.semaphore_offset = known_u64(0x2d6bf6),
		.section = TEXT(".text"),
		.section_offset = known_u64(0x171c3),
		.note_section = TEXT(".note.stapsdt"),
		.note_area_index = 30,
		.note_area_offset = 0x66a5a0,
		.note_area_size = 0x80,
		.note_offset = 0x66a5bc,
		.note_size = 63,
		.site_bytes = { 0x90 },
		.site_size = 1,
		.site = USDTINFO_SITE_NOP,
		.arguments = sample_arguments,
		.argument_count = count,
	};
}

/* Moved back by 0x100; no semaphore. */
static inline struct usdtinfo_probe sample_moved(void)
{
	struct usdtinfo_probe probe = sample_probe(0);
	probe.name = TEXT("gc__done");
	probe.location = known_u64(0x4370c3);
	probe.base_delta = -0x100;
	probe.semaphore = probe.semaphore_raw = (struct maybe_u64){ 0 };
	probe.semaphore_offset = (struct maybe_u64){ 0 };
	return probe;
}

/* Of the relocatable object. */
static inline struct usdtinfo_probe sample_unplaced(void)
{
	return (struct usdtinfo_probe){
		.provider = TEXT("p\xff"),
		.name = TEXT("a\tb\\c\n"),
		.arguments_text = TEXT(""),
		.location_raw = 0x8,
		.section = TEXT(".text.f"),
		.section_offset = known_u64(0x8),
		.semaphore_symbol = TEXT("p_a_semaphore"),
		.note_section = TEXT(".note.stapsdt"),
		.note_area_index = 4,
		.note_offset = 0x40,
		.note_size = 22,
		.site = USDTINFO_SITE_UNAVAILABLE,
	};
}

/* All of it, through one writer. */
static inline void sample_write(struct writer *writer)
{
	const struct writer_ops *ops = writer->ops;
	struct file_facts files[] = { sample_exec(), sample_rel(), sample_text() };
	struct usdtinfo_probe probes[] = { sample_probe(6), sample_moved(),
		                           sample_unplaced() };
	static const size_t owners[] = { 0, 0, 1 };
	static const struct summary summary = { 3, 2, 3, 3, 1 };
	for (size_t i = 0; i < 3; i++) {
		if (ops->file_begin)
			ops->file_begin(writer, &files[i]);
		for (size_t k = 0; k < 3; k++) {
			if (owners[k] == i && ops->probe)
				ops->probe(writer, &files[i], &probes[k]);
		}
		if (ops->file_end)
			ops->file_end(writer, &files[i]);
	}
	if (ops->end)
		ops->end(writer, &summary);
}
