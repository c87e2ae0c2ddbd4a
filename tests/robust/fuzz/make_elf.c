/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Whole files: what sys/sdt.h, an assembler and a linker leave, in any class and order. */
#include <elf.h>
#include <string.h>

#include "make.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

#define SECTIONS_MAX 10
#define SEGMENTS_MAX 5

static const unsigned machines[] = {
	EM_X86_64, EM_386,  EM_AARCH64, EM_ARM,     EM_PPC64,     EM_PPC,  EM_S390,
	EM_RISCV,  EM_MIPS, EM_SPARC,   EM_SPARCV9, EM_LOONGARCH, EM_NONE, 0xfffe,
};

struct section {
	const char *name;
	uint32_t type, link, info;
	uint64_t flags, address, offset, size, alignment, entry_size;
};

struct maker {
	struct bytes out;
	struct dice *dice;
	struct places places;
	unsigned type; /* e_type */
	struct section sections[SECTIONS_MAX];
	unsigned section_count;
	unsigned symtab;   /* index; 0: none */
	uint32_t names[4]; /* of symbols, in the string table */
};

/* The section's contents begin here. Return: its index */
static unsigned begin(struct maker *maker, const char *name, uint32_t type,
                      uint64_t flags, uint64_t alignment)
{
	unsigned index = maker->section_count++;
	bytes_align(&maker->out, (size_t)alignment);
	uint64_t offset = maker->out.size;
	bool has_address = (flags & SHF_ALLOC) && maker->type != ET_REL;
	maker->sections[index] = (struct section){
		.name = name,
		.type = type,
		.flags = flags,
		.offset = offset,
		.alignment = alignment,
		/* Writable pages are elsewhere in memory than in the file. */
		.address = has_address ? offset + (flags & SHF_WRITE ? 0x2000 : 0x1000)
		                       : 0,
	};
	return index;
}

static void end(struct maker *maker, unsigned index)
{
	struct section *section = &maker->sections[index];
	section->size = maker->out.size - section->offset;
}

static void fill(struct maker *maker, uint8_t byte, unsigned count)
{
	while (count--)
		bytes_put(&maker->out, &byte, 1);
}

/* What the linker places: base, code, counters. */
static void make_program(struct maker *maker)
{
	static const uint8_t nops[][4] = { { 0x90, 0x90, 0x90, 0x90 },
		                           { 0x1f, 0x20, 0x03, 0xd5 },
		                           { 0x60, 0, 0, 0 },
		                           { 0x0f, 0x1f, 0x44, 0 },
		                           { 0, 0, 0, 0 },
		                           { 0xcc, 0xcc, 0xcc, 0xcc } };
	unsigned index;
	if (dice_below(maker->dice, 8)) {
		index = begin(maker, ".stapsdt.base", SHT_PROGBITS, SHF_ALLOC, 1);
		maker->places.base = maker->sections[index].address;
		fill(maker, 0, 1);
		end(maker, index);
	}
	index = begin(maker, ".text", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, 16);
	maker->places.text = maker->sections[index].address;
	const uint8_t *nop = nops[dice_below(maker->dice, COUNT(nops))];
	for (int i = 0; i < 16; i++)
		bytes_put(&maker->out, nop, 4);
	end(maker, index);
	index = begin(maker, ".probes", SHT_PROGBITS, SHF_ALLOC | SHF_WRITE, 2);
	maker->places.probes = maker->sections[index].address;
	fill(maker, (uint8_t)dice_below(maker->dice, 2), 16);
	end(maker, index);
}

static unsigned make_notes(struct maker *maker, const char *name)
{
	unsigned index = begin(maker, name, SHT_NOTE,
	                       dice_below(maker->dice, 4) ? 0 : SHF_ALLOC,
	                       dice_below(maker->dice, 8) ? 4 : 8);
	for (unsigned i = dice_below(maker->dice, 6) + 1; i; i--)
		make_note(&maker->out, maker->dice, &maker->places);
	end(maker, index);
	return index;
}

static void put_symbol(struct maker *maker, uint32_t name, uint64_t value,
                       unsigned section)
{
	struct bytes *out = &maker->out;
	bytes_number(out, name, 4);
	if (!out->form.is_64) {
		bytes_number(out, value, 4);
		bytes_number(out, 8, 4);
	}
	bytes_number(out, ELF32_ST_INFO(STB_GLOBAL, STT_OBJECT), 1);
	bytes_number(out, 0, 1);
	bytes_number(out, section, 2);
	if (out->form.is_64) {
		bytes_number(out, value, 8);
		bytes_number(out, 8, 8);
	}
}

static void make_symbols(struct maker *maker)
{
	static const char *const names[] = { "sym", "work", "work_semaphore", "table.3" };
	unsigned strings = begin(maker, ".strtab", SHT_STRTAB, 0, 1);
	fill(maker, 0, 1);
	for (size_t i = 0; i < COUNT(names); i++) {
		maker->names[i] = (uint32_t)(maker->out.size -
		                             maker->sections[strings].offset);
		bytes_put(&maker->out, names[i], strlen(names[i]) + 1);
	}
	end(maker, strings);
	unsigned symbols = begin(maker, ".symtab", SHT_SYMTAB, 0, 8);
	put_symbol(maker, 0, 0, 0);
	for (size_t i = 0; i < 6; i++)
		put_symbol(maker, maker->names[i % COUNT(names)],
		           maker->places.probes + 8 * i,
		           dice_below(maker->dice, maker->section_count));
	end(maker, symbols);
	maker->sections[symbols].link = strings;
	maker->sections[symbols].info = 1;
	maker->sections[symbols].entry_size = maker->out.form.is_64 ? 24 : 16;
	maker->symtab = symbols;
}

/* A relocation for some words of the notes, of types from the low ones of any machine. */
static void make_relocations(struct maker *maker, unsigned notes)
{
	struct bytes *out = &maker->out;
	bool addends = dice_below(maker->dice, 4);
	unsigned word = form_word(&out->form);
	unsigned index = begin(maker,
	                       addends ? ".rela.note.stapsdt" : ".rel.note.stapsdt",
	                       addends ? SHT_RELA : SHT_REL, SHF_INFO_LINK, 8);
	for (unsigned i = dice_below(maker->dice, 8) + 1; i; i--) {
		uint64_t symbol = dice_below(maker->dice, 8);
		uint64_t type = dice_below(maker->dice, 8)
		                        ? dice_below(maker->dice, 64)
		                        : dice_number(maker->dice, 0x101);
		bytes_number(out, 20 + word * dice_below(maker->dice, 12), word);
		bytes_number(out,
		             out->form.is_64 ? symbol << 32 | (uint32_t)type
		                             : symbol << 8 | (uint8_t)type,
		             word);
		if (addends)
			bytes_number(out, dice_number(maker->dice, 8), word);
	}
	end(maker, index);
	maker->sections[index].link = maker->symtab;
	maker->sections[index].info = notes;
	maker->sections[index].entry_size = word * (addends ? 3 : 2);
}

/* Return: the offset of the table */
static uint64_t make_headers(struct maker *maker)
{
	struct bytes *out = &maker->out;
	uint32_t names[SECTIONS_MAX];
	unsigned word = form_word(&out->form);
	unsigned index = begin(maker, ".shstrtab", SHT_STRTAB, 0, 1);
	for (unsigned i = 0; i < maker->section_count; i++) {
		const char *name = maker->sections[i].name;
		names[i] = (uint32_t)(out->size - maker->sections[index].offset);
		bytes_put(out, name, strlen(name) + 1);
	}
	end(maker, index);
	bytes_align(out, 8);
	uint64_t offset = out->size;
	for (unsigned i = 0; i < maker->section_count; i++) {
		const struct section *section = &maker->sections[i];
		bytes_number(out, names[i], 4);
		bytes_number(out, section->type, 4);
		bytes_number(out, section->flags, word);
		bytes_number(out, section->address, word);
		bytes_number(out, section->offset, word);
		bytes_number(out, section->size, word);
		bytes_number(out, section->link, 4);
		bytes_number(out, section->info, 4);
		bytes_number(out, section->alignment, word);
		bytes_number(out, section->entry_size, word);
	}
	return offset;
}

/* One segment for each section that is loaded, or holds notes. */
static unsigned make_segments(struct maker *maker, size_t offset)
{
	unsigned count = 0;
	struct shape shape = {
		.form = maker->out.form,
		.at = maker->out.at,
		.size = maker->out.size,
		.segments_at = offset,
		.segment_count = SEGMENTS_MAX,
	};
	for (unsigned i = 1; i < maker->section_count && count < SEGMENTS_MAX; i++) {
		const struct section *section = &maker->sections[i];
		bool is_note = section->type == SHT_NOTE;
		if (!(section->flags & SHF_ALLOC) && !is_note)
			continue;
		const uint64_t values[] = {
			[PHDR_TYPE] = is_note ? PT_NOTE : PT_LOAD,
			[PHDR_FLAGS] = PF_R | (section->flags & SHF_WRITE ? PF_W : 0) |
			               (section->flags & SHF_EXECINSTR ? PF_X : 0),
			[PHDR_OFFSET] = section->offset,
			[PHDR_VADDR] = section->address,
			[PHDR_FILESZ] = section->size,
			[PHDR_MEMSZ] = section->size,
			[PHDR_ALIGN] = section->alignment,
		};
		for (unsigned field = 0; field < PHDR_FIELDS; field++)
			shape_set_phdr(&shape, count, field, values[field]);
		count++;
	}
	return count;
}

static void put_ident(uint8_t *out, const struct form *form)
{
	memcpy(out, ELFMAG, SELFMAG);
	out[EI_CLASS] = form->is_64 ? ELFCLASS64 : ELFCLASS32;
	out[EI_DATA] = form->big ? ELFDATA2MSB : ELFDATA2LSB;
	out[EI_VERSION] = EV_CURRENT;
}

static void fill_sections(struct maker *maker)
{
	begin(maker, "", SHT_NULL, 0, 1);
	make_program(maker);
	unsigned notes = make_notes(maker, ".note.stapsdt");
	if (!dice_below(maker->dice, 4))
		make_notes(maker,
		           dice_below(maker->dice, 2) ? ".note.stapsdt" : ".notes");
	if (dice_below(maker->dice, 2)) {
		make_symbols(maker);
		if (maker->type == ET_REL)
			make_relocations(maker, notes);
	}
}

size_t make_elf(struct dice *dice, uint8_t *out, size_t max)
{
	static const unsigned types[] = { ET_DYN, ET_DYN, ET_EXEC, ET_REL, ET_CORE };
	struct maker maker = {
		.out = { out,
		         0,
		         max,
		         { dice_below(dice, 3) == 0, dice_below(dice, 3) != 0 } },
		.dice = dice,
		.places.machine = machines[dice_below(dice, COUNT(machines))],
		.type = types[dice_below(dice, COUNT(types))],
	};
	const struct form *form = &maker.out.form;
	size_t segments = form_ehdr_size(form);
	size_t start = segments + SEGMENTS_MAX * (size_t)form_phdr_size(form);
	if (max < 2048)
		return 0;
	memset(out, 0, start);
	maker.out.size = start;
	/* The headers must fit, whatever the notes are. */
	maker.out.max = max - 1024;
	fill_sections(&maker);
	maker.out.max = max;
	bool has_sections = dice_below(dice, 8);
	uint64_t headers = has_sections ? make_headers(&maker) : 0;
	unsigned segment_count = maker.type == ET_REL ? 0
	                                              : make_segments(&maker, segments);
	put_ident(out, form);
	struct shape shape = { .form = *form, .at = out, .size = maker.out.size };
	const uint64_t values[] = {
		[EHDR_TYPE] = maker.type,
		[EHDR_MACHINE] = maker.places.machine,
		[EHDR_VERSION] = EV_CURRENT,
		[EHDR_PHOFF] = segment_count ? segments : 0,
		[EHDR_SHOFF] = headers,
		[EHDR_EHSIZE] = segments,
		[EHDR_PHENTSIZE] = form_phdr_size(form),
		[EHDR_PHNUM] = segment_count,
		[EHDR_SHENTSIZE] = form_shdr_size(form),
		[EHDR_SHNUM] = has_sections ? maker.section_count : 0,
		[EHDR_SHSTRNDX] = has_sections ? maker.section_count - 1 : 0,
	};
	for (unsigned field = 0; field < EHDR_FIELDS; field++)
		shape_set_ehdr(&shape, field, values[field]);
	return maker.out.size;
}
