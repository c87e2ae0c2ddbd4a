/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Header, section headers, names and notes, as far as they are as usual. */
#include "elf/object/glance.h"

#include <elf.h>
#include <endian.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/file.h"
#include "elf/object/notes.h"

/* Of a file, on the stack; bytes in memory need no room. */
#define TABLE_ROOM 16384
#define NAMES_ROOM 8192
#define NOTES_ROOM 2048
/* Beyond: of objects with a section for each function there are many. */
#define LARGE_MAX ((size_t)1 << 20)

struct glance {
	const struct glance_source *source;
	bool big_endian;
	unsigned address_size;
	size_t entry_size; /* of section headers */
	uint16_t type, program_headers, sections, names_index;
	struct span table, names;
	uint64_t note_bytes;
	bool has_notes;
};

/* What few sections are asked for. */
struct glance_section {
	uint64_t flags, offset, size, alignment;
};

/*
 * Take bytes of the object from where they are, or read them into @room or, where that does
 * not suffice, into *@large, which is set then, and to be freed; without @large they are not.
 *
 * Return: whether the object has them, and there is room
 */
static bool get(const struct glance *glance, uint64_t offset, uint64_t size,
                unsigned char *room, size_t room_size, unsigned char **large,
                struct span *ret)
{
	const struct glance_source *source = glance->source;
	if (offset > source->size || size > source->size - offset)
		return false;
	bool is_held = source->memory || (offset <= source->head.left &&
	                                  size <= source->head.left - offset);
	if (is_held) {
		const unsigned char *held = source->memory ? source->memory
		                                           : source->head.at;
		*ret = (struct span){ held + offset, (size_t)size };
		return true;
	}
	if (size > room_size)
		room = large &&size <= LARGE_MAX ? *large = malloc((size_t)size) : NULL;
	if (!room || file_read_at(source->fd, room, (size_t)size,
	                          (off_t)(source->start + offset)) != (ssize_t)size)
		return false;
	*ret = (struct span){ room, (size_t)size };
	return true;
}

static bool take_ident(struct glance *glance, const unsigned char *ident)
{
	glance->big_endian = ident[EI_DATA] == ELFDATA2MSB;
	glance->address_size = ident[EI_CLASS] == ELFCLASS64 ? 8 : 4;
	return memcmp(ident, ELFMAG, SELFMAG) == 0 && ident[EI_VERSION] == EV_CURRENT &&
	       (ident[EI_CLASS] == ELFCLASS32 || ident[EI_CLASS] == ELFCLASS64) &&
	       (ident[EI_DATA] == ELFDATA2LSB || ident[EI_DATA] == ELFDATA2MSB);
}

static bool is_inside(const struct glance *glance, uint64_t offset, uint64_t size)
{
	return offset <= glance->source->size && size <= glance->source->size - offset;
}

/* The header, and with it where the section headers are. */
static bool read_header(struct glance *glance, uint64_t *table_ret)
{
	unsigned char room[sizeof(Elf64_Ehdr)];
	struct span bytes;
	if (!get(glance, 0, EI_NIDENT, room, sizeof(room), NULL, &bytes) ||
	    !take_ident(glance, bytes.at))
		return false;
	bool is64 = glance->address_size == 8;
	size_t size = is64 ? sizeof(Elf64_Ehdr) : sizeof(Elf32_Ehdr);
	uint64_t entry, segments, table;
	uint16_t machine, header_size, segment_size, section_size;
	uint32_t version, flags;
	bool big = glance->big_endian;
	if (!get(glance, 0, size, room, sizeof(room), NULL, &bytes))
		return false;
	span_skip(&bytes, EI_NIDENT);
	span_u16(&bytes, big, &glance->type);
	span_u16(&bytes, big, &machine);
	span_u32(&bytes, big, &version);
	span_address(&bytes, glance->address_size, big, &entry);
	span_address(&bytes, glance->address_size, big, &segments);
	span_address(&bytes, glance->address_size, big, &table);
	span_u32(&bytes, big, &flags);
	span_u16(&bytes, big, &header_size);
	span_u16(&bytes, big, &segment_size);
	span_u16(&bytes, big, &glance->program_headers);
	span_u16(&bytes, big, &section_size);
	span_u16(&bytes, big, &glance->sections);
	if (!span_u16(&bytes, big, &glance->names_index) || version != EV_CURRENT ||
	    header_size != size)
		return false;
	size_t usual = is64 ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr);
	bool has_segments = glance->program_headers != 0;
	*table_ret = table;
	glance->entry_size = is64 ? sizeof(Elf64_Shdr) : sizeof(Elf32_Shdr);
	return has_segments == (segments != 0) && glance->program_headers != PN_XNUM &&
	       (!has_segments || segment_size == usual) &&
	       is_inside(glance, segments, (uint64_t)usual * glance->program_headers) &&
	       section_size == glance->entry_size && table != 0 &&
	       glance->sections < SHN_LORESERVE && glance->names_index != 0 &&
	       glance->names_index < glance->sections;
}

/* Three words of a section's header, which is inside the table; a tree has millions. */
enum word {
	WORD_NAME,
	WORD_TYPE,
	WORD_INFO
};

static uint32_t get_word(const struct glance *glance, size_t index, enum word word)
{
	static const size_t offsets[][2] = {
		[WORD_NAME] = { offsetof(Elf32_Shdr, sh_name),
		                offsetof(Elf64_Shdr, sh_name) },
		[WORD_TYPE] = { offsetof(Elf32_Shdr, sh_type),
		                offsetof(Elf64_Shdr, sh_type) },
		[WORD_INFO] = { offsetof(Elf32_Shdr, sh_info),
		                offsetof(Elf64_Shdr, sh_info) },
	};
	uint32_t value;
	memcpy(&value,
	       glance->table.at + index * glance->entry_size +
	               offsets[word][glance->address_size == 8],
	       sizeof(value));
	return glance->big_endian ? be32toh(value) : le32toh(value);
}

static void read_section(const struct glance *glance, size_t index,
                         struct glance_section *ret)
{
	bool big = glance->big_endian;
	unsigned word = glance->address_size;
	struct span bytes = { glance->table.at + index * glance->entry_size,
		              glance->entry_size };
	uint64_t address;
	uint32_t name, type, link, info;
	span_u32(&bytes, big, &name);
	span_u32(&bytes, big, &type);
	span_address(&bytes, word, big, &ret->flags);
	span_address(&bytes, word, big, &address);
	span_address(&bytes, word, big, &ret->offset);
	span_address(&bytes, word, big, &ret->size);
	span_u32(&bytes, big, &link);
	span_u32(&bytes, big, &info);
	span_address(&bytes, word, big, &ret->alignment);
}

/* Sections that tell of probes, by their presence alone. */
static bool is_telling(const char *name)
{
	static const char *const telling[] = { ".note.stapsdt", ".stapsdt.base",
		                               ".probes" };
	if (name[0] != '.')
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(telling); i++)
		if (name[1] == telling[i][1] && strcmp(name, telling[i]) == 0)
			return true;
	return false;
}

/* Return: whether all notes of a section are whole, and none is a probe's */
static bool has_plain_notes(struct glance *glance, size_t index)
{
	unsigned char room[NOTES_ROOM];
	struct glance_section section;
	struct note_walk walk;
	struct note note;
	struct span bytes;
	const char *reason;
	int r;
	read_section(glance, index, &section);
	glance->has_notes = true;
	glance->note_bytes += section.size;
	if (section.flags & SHF_COMPRESSED || section.size == 0 ||
	    glance->note_bytes > glance->source->size ||
	    !get(glance, section.offset, section.size, room, sizeof(room), NULL, &bytes))
		return false;
	unsigned alignment = notes_alignment(bytes, section.alignment,
	                                     glance->big_endian);
	if (section.alignment == 8 && alignment != 8)
		return false;
	note_walk_init(&walk, bytes, alignment, glance->big_endian);
	while ((r = note_walk_next(&walk, &note, &reason)) > 0)
		if (text_equal(note.owner, text_of("stapsdt")))
			return false;
	return r == 0;
}

/* Return: whether a section holds relocations of notes, whose damage would be told */
static bool relocates_notes(const struct glance *glance, size_t index)
{
	uint32_t target = get_word(glance, index, WORD_INFO);
	return target < glance->sections &&
	       get_word(glance, target, WORD_TYPE) == SHT_NOTE;
}

static bool is_plain_section(struct glance *glance, size_t index)
{
	uint32_t name = get_word(glance, index, WORD_NAME);
	uint32_t type = get_word(glance, index, WORD_TYPE);
	if (name >= glance->names.left ||
	    is_telling((const char *)glance->names.at + name))
		return false;
	if (type == SHT_REL || type == SHT_RELA)
		return !relocates_notes(glance, index);
	return type != SHT_NOTE || has_plain_notes(glance, index);
}

static bool read_names(struct glance *glance, unsigned char *room, size_t room_size,
                       unsigned char **large)
{
	struct glance_section section;
	read_section(glance, glance->names_index, &section);
	/* No name in a small table is too long for anybody. */
	return get_word(glance, glance->names_index, WORD_TYPE) == SHT_STRTAB &&
	       !(section.flags & SHF_COMPRESSED) && section.size > 0 &&
	       section.size <= UINT16_MAX &&
	       get(glance, section.offset, section.size, room, room_size, large,
	           &glance->names) &&
	       glance->names.at[section.size - 1] == '\0';
}

bool glance_is_plain(const struct glance_source *source)
{
	unsigned char table_room[TABLE_ROOM], names_room[NAMES_ROOM];
	_cleanup_(freep) unsigned char *table_large = NULL, *names_large = NULL;
	struct glance glance = { .source = source };
	uint64_t table;
	if (!read_header(&glance, &table))
		return false;
	uint64_t size = (uint64_t)glance.entry_size * glance.sections;
	if (!get(&glance, table, size, table_room, sizeof(table_room), &table_large,
	         &glance.table) ||
	    !read_names(&glance, names_room, sizeof(names_room), &names_large))
		return false;
	for (size_t i = 1; i < glance.sections; i++) {
		if (!is_plain_section(&glance, i))
			return false;
	}
	/* Where no section has notes, a segment may. */
	return glance.has_notes || glance.program_headers == 0;
}
