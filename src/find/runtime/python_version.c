/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * The version: since 3.11 a symbol, Py_Version, holds it. Before, the name of the library
 * tells the minor version, and somewhere among the strings stands "3.9.18", which the linker
 * may have merged into the tail of a longer one.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/budget.h"
#include "base/path.h"
#include "find/runtime/python_parts.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* A decimal number of at most three digits. Return: how many it has */
static size_t take_number(const char *at, const char *end, unsigned *ret)
{
	size_t size = 0;
	unsigned value = 0;
	while (at + size < end && is_digit(at[size]) && size < 3)
		value = value * 10 + (unsigned)(at[size++] - '0');
	if (size)
		*ret = value;
	return size;
}

/* PY_VERSION_HEX: 0xMMmmppLS; L is 0xa, 0xb, 0xc or 0xf for alpha, beta, candidate, final. */
static void set_hex(struct python_version *version, uint64_t hex)
{
	static const char *const levels[] = { [0xa] = "a", [0xb] = "b", [0xc] = "rc" };
	unsigned level = hex >> 4 & 0xf;
	version->major = hex >> 24 & 0xff;
	version->minor = hex >> 16 & 0xff;
	version->micro = hex >> 8 & 0xff;
	version->has_micro = true;
	version->source = "Py_Version";
	if (level < ARRAY_SIZE(levels) && levels[level])
		snprintf(version->suffix, sizeof(version->suffix), "%s%u", levels[level],
		         (unsigned)(hex & 0xf));
}

static bool read_symbol(struct python_version *version, const struct python_elf *elf)
{
	struct dynamic_symbol symbol;
	unsigned char bytes[8];
	uint64_t offset, hex;
	if (!python_elf_find(elf, "Py_Version", &symbol))
		return false;
	unsigned size = symbol.size == 4 || symbol.size == 8 ? (unsigned)symbol.size
	                                                     : elf->image->address_size;
	const struct segment *segment = segments_find(&elf->image->segments,
	                                              symbol.value);
	if (!segment || !segment_offset(segment, symbol.value, &offset) ||
	    image_read(elf->image, offset, bytes, size, NULL) < 0)
		return false;
	struct span left = { bytes, size };
	if (!span_address(&left, size, elf->image->big_endian, &hex) || hex >> 32 ||
	    (hex >> 24) != 3)
		return false;
	set_hex(version, hex);
	return true;
}

/* "libpython3.11td.so.1.0", "python3.13t", "python3.9-dbg". */
static bool read_name(struct python_version *version, const char *path)
{
	const char *name = path_base(path);
	const char *at = strstr(name, "python"), *end = name + strlen(name);
	unsigned major = 0, minor = 0;
	if (!at)
		return false;
	at += strlen("python");
	size_t size = take_number(at, end, &major);
	at += size;
	if (size == 0 || *at != '.')
		return false;
	size = take_number(at + 1, end, &minor);
	if (size == 0)
		return false;
	at += 1 + size;
	if (version->major && (version->major != major || version->minor != minor))
		return true;
	if (!version->major) {
		version->major = major;
		version->minor = minor;
		version->source = "its name";
	}
	for (; *at && strchr("tdmu", *at); at++) {
		if (*at == 't')
			version->free_threaded = MAYBE_YES;
		if (*at == 'd')
			version->debug = MAYBE_YES;
	}
	if (strncmp(at, "-dbg", 4) == 0)
		version->debug = MAYBE_YES;
	return true;
}

/* Looks at one string table's worth of bytes; @start is where a string can begin. */
struct string_scan {
	struct python_version *version;
	bool exact;     /* a string of its own, not a tail: nothing better will come */
	bool ambiguous; /* tails that contradict each other */
	bool threaded;  /* the phrase of a free-threaded build was seen */
	char before;    /* the byte in front of these */
	struct budget *bytes; /* that may still be scanned */
};

/* The tail after "3.9." up to its NUL: digits and perhaps "a1", "rc2", "+". */
static bool read_tail(const char *at, const char *end, unsigned *micro_ret,
                      char suffix[16])
{
	size_t size = take_number(at, end, micro_ret);
	at += size;
	if (size == 0)
		return false;
	size_t used = 0;
	while (at < end && *at && used < 6 && (is_digit(*at) || strchr("abrc", *at)))
		suffix[used++] = *at++;
	suffix[used] = '\0';
	if (at < end && *at == '+')
		at++;
	return at < end && *at == '\0' && !is_digit(suffix[0]);
}

static void scan_versions(struct string_scan *scan, const char *bytes, size_t size)
{
	struct python_version *version = scan->version;
	char wanted[16], suffix[16];
	unsigned micro = 0;
	int length = snprintf(wanted, sizeof(wanted), "%u.%u.", version->major,
	                      version->minor);
	const char *at = bytes, *end = bytes + size;
	while (!scan->exact &&
	       (at = memmem(at, (size_t)(end - at), wanted, (size_t)length))) {
		const char *tail = at + length;
		char before = at > bytes ? at[-1] : scan->before;
		at = tail;
		if (is_digit(before) || before == '.' ||
		    !read_tail(tail, end, &micro, suffix))
			continue;
		scan->exact = before == '\0';
		if (version->has_micro && !scan->exact &&
		    (version->micro != micro || strcmp(version->suffix, suffix) != 0))
			scan->ambiguous = true;
		version->micro = micro;
		version->has_micro = true;
		strcpy(version->suffix, suffix);
		if (scan->exact)
			scan->ambiguous = false;
	}
}

/* "lib/python3.9" stands in every interpreter, for finding its library. */
static void scan_minor(struct string_scan *scan, const char *bytes, size_t size)
{
	static const char wanted[] = "lib/python";
	struct python_version *version = scan->version;
	const char *at = bytes, *end = bytes + size;
	while (!version->major &&
	       (at = memmem(at, (size_t)(end - at), wanted, strlen(wanted)))) {
		unsigned major = 0, minor = 0;
		at += strlen(wanted);
		size_t digits = take_number(at, end, &major);
		const char *dot = at + digits;
		if (digits == 0 || dot >= end || *dot != '.' ||
		    take_number(dot + 1, end, &minor) == 0)
			continue;
		version->major = major;
		version->minor = minor;
		version->source = "a path in it";
	}
}

static void scan_threaded(struct string_scan *scan, const char *bytes, size_t size)
{
	/* The whole phrase: ordinary builds have other texts on free threading. */
	static const char *const phrases[] = { "experimental free-threading build",
		                               " free-threading build (" };
	for (size_t i = 0; i < ARRAY_SIZE(phrases); i++) {
		if (memmem(bytes, size, phrases[i], strlen(phrases[i])))
			scan->threaded = true;
	}
}

typedef void (*scan_bytes)(struct string_scan *scan, const char *bytes, size_t size);

/* What is in memory of the largest that embed one is a tenth of it; a file may have holes. */
#define PYTHON_SCAN_MAX ((uint64_t)512 << 20)

#define BLOCK   ((size_t)1 << 20)
#define OVERLAP ((size_t)256)

/* Blocks overlap, so that no string is cut; the first byte of a segment begins a string. */
static void scan_segment(const struct python_elf *elf, const struct segment *segment,
                         scan_bytes function, struct string_scan *scan)
{
	uint64_t left = segment->file_size, offset = segment->offset;
	if (segment->offset >= elf->image->size)
		return;
	if (left > elf->image->size - segment->offset)
		left = elf->image->size - segment->offset;
	size_t room = left < BLOCK + OVERLAP ? (size_t)left : BLOCK + OVERLAP;
	char *bytes = room ? malloc(room) : NULL;
	scan->before = '\0';
	while (bytes && left > 0) {
		size_t size = left < room ? (size_t)left : room;
		size_t used = size < BLOCK ? size : BLOCK;
		if (!budget_take(scan->bytes, used) ||
		    image_read(elf->image, offset, bytes, size, NULL) < 0)
			break;
		function(scan, bytes, size);
		scan->before = bytes[used - 1];
		offset += used;
		left -= used;
	}
	free(bytes);
}

/* Segments may overlap any number of times in a hostile file. */
#define SEGMENTS_MAX 16

static void scan_all(const struct python_elf *elf, scan_bytes function,
                     struct string_scan *scan)
{
	const struct segments *segments = &elf->image->segments;
	for (size_t i = 0; i < segments->count && i < SEGMENTS_MAX; i++)
		scan_segment(elf, &segments->items[i], function, scan);
}

static void read_strings(struct python_version *version, const struct python_elf *elf,
                         struct budget *bytes)
{
	struct string_scan scan = { .version = version, .bytes = bytes };
	if (!version->major)
		scan_all(elf, scan_minor, &scan);
	if (!version->major)
		return;
	scan_all(elf, scan_versions, &scan);
	if (scan.ambiguous) {
		version->has_micro = false;
		version->suffix[0] = '\0';
	}
}

static void read_flavour(struct python_version *version, const struct python_elf *elf,
                         struct budget *bytes)
{
	struct string_scan scan = { .version = version, .bytes = bytes };
	/* Reference counts are counted in debug builds only; the name changed in 3.12. */
	static const char *const debug[] = { "_Py_NegativeRefcount", "_Py_RefTotal",
		                             "_Py_INCREF_IncRefTotal" };
	for (size_t i = 0; i < ARRAY_SIZE(debug) && version->debug != MAYBE_YES; i++)
		version->debug = python_elf_defines(elf, debug[i]) ? MAYBE_YES : MAYBE_NO;
	/* 3.13 was the first that could be built without the GIL. */
	if (version->major == 3 && version->minor >= 13 &&
	    version->free_threaded != MAYBE_YES) {
		scan_all(elf, scan_threaded, &scan);
		version->free_threaded = scan.threaded ? MAYBE_YES : MAYBE_NO;
	} else if (version->major && version->free_threaded != MAYBE_YES) {
		version->free_threaded = MAYBE_NO;
	}
}

void python_read_version(struct usdtinfo_python *python, const struct python_elf *elf,
                         const char *program)
{
	struct python_version *version = &python->version;
	struct budget bytes = { .left = PYTHON_SCAN_MAX };
	bool has_symbol = read_symbol(version, elf);
	read_name(version, elf->path);
	if (elf->dynamic.soname.at)
		read_name(version, elf->dynamic.soname.at);
	/* The program of an embedder may be called anything. */
	if (elf->dynamic.soname.at == NULL)
		read_name(version, program);
	if (!has_symbol)
		read_strings(version, elf, &bytes);
	read_flavour(version, elf, &bytes);
	python->was_unread |= bytes.exhausted;
	if (bytes.exhausted)
		diagnose(&python->diagnostics, DIAG_LIMIT_REACHED,
		         "its version was looked for in %u MiB of it only",
		         (unsigned)(PYTHON_SCAN_MAX >> 20));
	python_name_version(python);
}

/* "3.11.2rc1", "3.9.?", and what kind of build. */
void python_name_version(struct usdtinfo_python *python)
{
	struct python_version *version = &python->version;
	if (!version->major)
		return;
	if (version->has_micro)
		version->text = python_format(python, "%u.%u.%u%s", version->major,
		                              version->minor, version->micro,
		                              version->suffix);
	else
		version->text = python_format(python, "%u.%u.?", version->major,
		                              version->minor);
}
