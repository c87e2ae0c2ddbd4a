/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Diagnostics: findings about one file, kept with it until a report shows them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "usdtinfo.h"

struct diagnostic {
	enum usdtinfo_severity severity;
	struct text code;    /* stable, kebab-case: a row of diagnostic_codes[] */
	struct text message; /* owned by the list */
};

/* Zero-initialise; release with diagnostics_deinit(). */
struct diagnostics {
	struct diagnostic *items;
	size_t count, room;
	uint64_t omitted; /* beyond DIAGNOSTICS_MAX, or for want of memory */
	bool has_error;   /* one of severity error was found, kept or omitted */
};

/*
 * A hostile file can hold a finding in every twelve bytes; what is kept is bounded, and one
 * last diagnostic ("more-findings") counts the rest.
 */
#define DIAGNOSTICS_MAX 100

enum diagnostic_code {
	DIAG_ARGUMENT_AMBIGUOUS, /* warning: nothing shows which syntax it is in */
	DIAG_ARCHIVE_DAMAGED,    /* error: what follows in it cannot be found */
	DIAG_BASE_MISSING, /* info/warning: no .stapsdt.base, locations taken as stored */
	DIAG_BASE_ZERO,    /* info: section there, notes record base 0 */
	DIAG_BASE_MOVED,   /* info: locations were corrected by a delta */
	DIAG_DEBUG_DOWNLOAD_FAILED,   /* warning: --debuginfod brought nothing */
	DIAG_DEBUG_FILE_MISMATCH,     /* warning: a debug file of another build */
	DIAG_DEBUG_INFO_DAMAGED,      /* warning: some of it was not read */
	DIAG_DEBUG_INFO_MISSING,      /* info: neither in the file nor beside it */
	DIAG_DEBUG_LIMIT,             /* warning: too much of it to be read */
	DIAG_DEFINITION_CONTRADICTED, /* warning: an argument is not as FILE.d says */
	DIAG_DEVICE_DIFFERS,  /* info: a mapped file known by its inode, on overlay */
	DIAG_HEADER_DAMAGED,  /* error: ELF header, section or program headers */
	DIAG_LIBRARY_MISSING, /* error: one that is loaded when it is needed */
	DIAG_LIMIT_REACHED, /* error: something was left out, since there is too much of it */
	DIAG_LISTING_DAMAGED, /* error: a saved listing breaks off or contradicts itself */
	DIAG_LISTING_FOREIGN, /* error: JSON, but no listing, or one of a later version */
	DIAG_LOCATION_UNMAPPED, /* warning: N locations in no executable file-backed segment */
	DIAG_MEMORY_UNREADABLE, /* warning: states of probes in a process not known */
	DIAG_MORE_FINDINGS,     /* info: N more were not kept */
	DIAG_NOTE_ALIGNMENT, /* info: section read at 4-byte alignment, not as declared */
	DIAG_NOTE_MALFORMED, /* error: a note cannot be read */
	DIAG_NOTE_NOT_TERMINATED, /* warning: argument string without its NUL, recovered */
	DIAG_NOTE_TRAILING_BYTES, /* warning: bytes after the argument string */
	DIAG_NOTE_VERSION,        /* warning: owner stapsdt, type other than 3 */
	DIAG_NOTES_STRIPPED,      /* warning: traces of probes, but no notes */
	DIAG_NOT_ELF,             /* error */
	DIAG_NO_SECTION_HEADERS,  /* error: notes cannot be found */
	DIAG_PACKAGE_DAMAGED,     /* error: a package, or a member, cannot be unpacked */
	DIAG_PACKAGE_LIMIT,       /* error: a size or depth that is not followed */
	DIAG_PACKAGE_UNSUPPORTED, /* error: of a kind that is known, but not read */
	DIAG_PROBES_OLD_FORMAT,   /* warning: v1/v2 records in .probes */
	DIAG_PYTHON_LIBRARY_GUESSED, /* warning: found, but not by the linker's rules */
	DIAG_PYTHON_MARKER_DEAD,     /* warning: this version does not fire it */
	DIAG_PYTHON_MARKER_EXTRA,    /* info: no CPython of this version has it */
	DIAG_PYTHON_MARKER_MISSING,  /* warning: this version should have it */
	DIAG_PYTHON_RECORD_DIFFERS,  /* warning: the build's record says otherwise */
	DIAG_PYTHON_TRACES,          /* info: of probes, which decide nothing */
	DIAG_PYTHON_VERSION_UNKNOWN, /* info: newer than the table of markers */
	DIAG_PROCESSES_DENIED,       /* warning: some of all belong to others */
	DIAG_RELOCATION_DAMAGED,     /* error: one that names no place or symbol */
	DIAG_RELOCATION_UNKNOWN,     /* warning: of a type without a row, not applied */
	DIAG_SECTION_COMPRESSED,     /* info: note section was decompressed */
	DIAG_SECTION_UNREADABLE,     /* error: section lies outside the file */
	DIAG_SEMAPHORE_UNMAPPED, /* warning: N semaphores in no writable file-backed segment */
	DIAG_UNREADABLE,         /* error: open or read failed */
	DIAG_CODES
};

/* Return: the stable name, as JSON and the man page have it */
const char *diagnostic_code_name(enum diagnostic_code code);

/* Record a finding; when memory runs out it is counted in omitted. */
__attribute__((format(printf, 3, 4))) void
diagnose(struct diagnostics *list, enum diagnostic_code code, const char *fmt, ...);
/* Memory ran out, so that something is not known: an error, though there is no room for it. */
void diagnose_memory(struct diagnostics *list);
/* The same for what @error, an errno left behind, says of memory and of reading. */
void diagnose_errno(struct diagnostics *list, int error);
/* To be called once, when no more will come: says how many were omitted, if any. */
void diagnostics_finish(struct diagnostics *list);
/* Drop all but the first @count, which must be what has_error speaks of then. */
void diagnostics_truncate(struct diagnostics *list, size_t count, bool has_error);
void diagnostics_deinit(struct diagnostics *list);
