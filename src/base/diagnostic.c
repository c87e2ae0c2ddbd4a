/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The list of findings about a file, and the table of their codes. */
#include "base/diagnostic.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/file.h"

static const struct {
	const char *name;
	enum usdtinfo_severity severity;
} diagnostic_codes[] = {
	[DIAG_ARCHIVE_DAMAGED] = { "archive-damaged", USDTINFO_SEVERITY_ERROR },
	[DIAG_ARGUMENT_AMBIGUOUS] = { "argument-ambiguous", USDTINFO_SEVERITY_WARNING },
	[DIAG_BASE_MISSING] = { "base-missing", USDTINFO_SEVERITY_WARNING },
	[DIAG_BASE_MOVED] = { "base-moved", USDTINFO_SEVERITY_INFO },
	[DIAG_BASE_ZERO] = { "base-zero", USDTINFO_SEVERITY_WARNING },
	[DIAG_DEBUG_DOWNLOAD_FAILED] = { "debug-download-failed",
	                                 USDTINFO_SEVERITY_WARNING },
	[DIAG_DEBUG_FILE_MISMATCH] = { "debug-file-mismatch", USDTINFO_SEVERITY_WARNING },
	[DIAG_DEBUG_INFO_DAMAGED] = { "debug-info-damaged", USDTINFO_SEVERITY_WARNING },
	[DIAG_DEBUG_INFO_MISSING] = { "debug-info-missing", USDTINFO_SEVERITY_INFO },
	[DIAG_DEBUG_LIMIT] = { "debug-limit", USDTINFO_SEVERITY_WARNING },
	[DIAG_DEFINITION_CONTRADICTED] = { "definition-contradicted",
	                                   USDTINFO_SEVERITY_WARNING },
	[DIAG_DEVICE_DIFFERS] = { "device-differs", USDTINFO_SEVERITY_INFO },
	[DIAG_HEADER_DAMAGED] = { "header-damaged", USDTINFO_SEVERITY_ERROR },
	[DIAG_LIBRARY_MISSING] = { "library-missing", USDTINFO_SEVERITY_ERROR },
	[DIAG_LIMIT_REACHED] = { "limit-reached", USDTINFO_SEVERITY_ERROR },
	[DIAG_LISTING_DAMAGED] = { "listing-damaged", USDTINFO_SEVERITY_ERROR },
	[DIAG_LISTING_FOREIGN] = { "listing-foreign", USDTINFO_SEVERITY_ERROR },
	[DIAG_LOCATION_UNMAPPED] = { "location-unmapped", USDTINFO_SEVERITY_WARNING },
	[DIAG_MEMORY_UNREADABLE] = { "memory-unreadable", USDTINFO_SEVERITY_WARNING },
	[DIAG_MORE_FINDINGS] = { "more-findings", USDTINFO_SEVERITY_INFO },
	[DIAG_NOTE_ALIGNMENT] = { "note-alignment", USDTINFO_SEVERITY_INFO },
	[DIAG_NOTE_MALFORMED] = { "note-malformed", USDTINFO_SEVERITY_ERROR },
	[DIAG_NOTE_NOT_TERMINATED] = { "note-not-terminated", USDTINFO_SEVERITY_WARNING },
	[DIAG_NOTE_TRAILING_BYTES] = { "note-trailing-bytes", USDTINFO_SEVERITY_WARNING },
	[DIAG_NOTE_VERSION] = { "note-version", USDTINFO_SEVERITY_WARNING },
	[DIAG_NOTES_STRIPPED] = { "notes-stripped", USDTINFO_SEVERITY_WARNING },
	[DIAG_NOT_ELF] = { "not-elf", USDTINFO_SEVERITY_ERROR },
	[DIAG_NO_SECTION_HEADERS] = { "no-section-headers", USDTINFO_SEVERITY_ERROR },
	[DIAG_PACKAGE_DAMAGED] = { "package-damaged", USDTINFO_SEVERITY_ERROR },
	[DIAG_PACKAGE_LIMIT] = { "package-limit", USDTINFO_SEVERITY_ERROR },
	[DIAG_PACKAGE_UNSUPPORTED] = { "package-unsupported", USDTINFO_SEVERITY_ERROR },
	[DIAG_PROBES_OLD_FORMAT] = { "probes-old-format", USDTINFO_SEVERITY_WARNING },
	[DIAG_PYTHON_LIBRARY_GUESSED] = { "python-library-guessed",
	                                  USDTINFO_SEVERITY_WARNING },
	[DIAG_PYTHON_MARKER_DEAD] = { "python-marker-dead", USDTINFO_SEVERITY_WARNING },
	[DIAG_PYTHON_MARKER_EXTRA] = { "python-marker-extra", USDTINFO_SEVERITY_INFO },
	[DIAG_PYTHON_MARKER_MISSING] = { "python-marker-missing",
	                                 USDTINFO_SEVERITY_WARNING },
	[DIAG_PYTHON_RECORD_DIFFERS] = { "python-record-differs",
	                                 USDTINFO_SEVERITY_WARNING },
	[DIAG_PYTHON_TRACES] = { "python-traces", USDTINFO_SEVERITY_INFO },
	[DIAG_PYTHON_VERSION_UNKNOWN] = { "python-version-unknown",
	                                  USDTINFO_SEVERITY_INFO },
	[DIAG_PROCESSES_DENIED] = { "processes-denied", USDTINFO_SEVERITY_WARNING },
	[DIAG_RELOCATION_DAMAGED] = { "relocation-damaged", USDTINFO_SEVERITY_ERROR },
	[DIAG_RELOCATION_UNKNOWN] = { "relocation-unknown", USDTINFO_SEVERITY_WARNING },
	[DIAG_SECTION_COMPRESSED] = { "section-compressed", USDTINFO_SEVERITY_INFO },
	[DIAG_SECTION_UNREADABLE] = { "section-unreadable", USDTINFO_SEVERITY_ERROR },
	[DIAG_SEMAPHORE_UNMAPPED] = { "semaphore-unmapped", USDTINFO_SEVERITY_WARNING },
	[DIAG_UNREADABLE] = { "unreadable", USDTINFO_SEVERITY_ERROR },
};
_Static_assert(ARRAY_SIZE(diagnostic_codes) == DIAG_CODES, "a code without a row");

const char *diagnostic_code_name(enum diagnostic_code code)
{
	return diagnostic_codes[code].name;
}

void diagnose_memory(struct diagnostics *list)
{
	list->has_error = true;
}

static void add(struct diagnostics *list, enum diagnostic_code code, const char *fmt,
                va_list args)
{
	char *message = NULL;
	int size = -1;
	if (array_grow(&list->items, &list->room, list->count + 1, sizeof(*list->items)))
		size = vasprintf(&message, fmt, args);
	if (size < 0) {
		/* Whatever it was, a report without it is not the whole. */
		diagnose_memory(list);
		list->omitted++;
		return;
	}
	list->items[list->count++] = (struct diagnostic){
		.severity = diagnostic_codes[code].severity,
		.code = text_of(diagnostic_codes[code].name),
		.message = { message, (size_t)size },
	};
}

void diagnose(struct diagnostics *list, enum diagnostic_code code, const char *fmt, ...)
{
	if (diagnostic_codes[code].severity == USDTINFO_SEVERITY_ERROR)
		list->has_error = true;
	if (list->count >= DIAGNOSTICS_MAX) {
		list->omitted++;
		return;
	}
	va_list args;
	va_start(args, fmt);
	add(list, code, fmt, args);
	va_end(args);
}

void diagnose_errno(struct diagnostics *list, int error)
{
	if (error == ENOMEM)
		diagnose_memory(list);
	else if ((error == EIO || file_is_crowded(error)) && !list->has_error)
		diagnose(list, DIAG_UNREADABLE, "not all of it could be read: %s",
		         strerror(error));
}

__attribute__((format(printf, 2, 3))) static void add_last(struct diagnostics *list,
                                                           const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	add(list, DIAG_MORE_FINDINGS, fmt, args);
	va_end(args);
}

void diagnostics_finish(struct diagnostics *list)
{
	if (list->omitted)
		add_last(list, "%" PRIu64 " more findings are not shown", list->omitted);
}

void diagnostics_truncate(struct diagnostics *list, size_t count, bool has_error)
{
	while (list->count > count)
		free((char *)list->items[--list->count].message.at);
	list->has_error = has_error;
}

void diagnostics_deinit(struct diagnostics *list)
{
	for (size_t i = 0; i < list->count; i++)
		free((char *)list->items[i].message.at);
	free(list->items);
	*list = (struct diagnostics){ 0 };
}
