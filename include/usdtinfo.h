/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * libusdtinfo: SystemTap/DTrace static probes (USDT) as ELF .note.stapsdt notes hold them.
 *
 * An image is one ELF object. A walk goes over its probes in note order. A probe is one
 * note, that is one site in the code; several probes may share a provider and a name.
 *
 * Every function here may be called from any thread; one image, and all that hangs on it,
 * may be used by one thread at a time. Nothing here prints, exits, changes the locale or
 * keeps state outside the objects handed out. Addresses, offsets and sizes are in bytes.
 *
 * Programs that are linked with libusdtinfo.so.0 go on running with every later one of that
 * name: functions and enumerators are added, at the end, and none is changed or removed.
 * Objects are opaque, so that they can grow; struct usdtinfo_error keeps its size. New values
 * of an enumeration may be met: programs should expect some that they do not know. What breaks
 * this gets another name, libusdtinfo.so.1.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define USDTINFO_API __attribute__((visibility("default")))

/** What a call that can fail returns: 0 or a positive count on success, else one of these. */
enum usdtinfo_code {
	USDTINFO_OK = 0,
	USDTINFO_E_MEMORY = -1,   /* out of memory */
	USDTINFO_E_SYSTEM = -2,   /* a system call failed: see usdtinfo_error.sys_errno */
	USDTINFO_E_NOT_ELF = -3,  /* the bytes are no ELF object */
	USDTINFO_E_DAMAGED = -4,  /* an ELF object whose structure contradicts itself */
	USDTINFO_E_ARCHIVE = -5,  /* an ar archive: its members are the objects */
	USDTINFO_E_ARGUMENT = -6, /* the caller passed something that no call can use */
};

/**
 * struct usdtinfo_error - what went wrong, in storage of the caller
 * @code: the value that the call returned
 * @sys_errno: errno of the failed system call; 0 when none failed
 * @offset: where in the file, when the text speaks of a place; else 0
 * @text: one sentence without the file's name, NUL-terminated, never empty on failure
 *
 * Filled on failure only. Every function that takes one accepts NULL instead.
 */
struct usdtinfo_error {
	enum usdtinfo_code code;
	int sys_errno;
	uint64_t offset;
	char text[512];
};

/** What became of a file; the names in JSON are those of usdtinfo_state_name(). */
enum usdtinfo_state {
	USDTINFO_STATE_OK,             /* at least one probe */
	USDTINFO_STATE_NO_PROBES,      /* readable, and there are none */
	USDTINFO_STATE_NOTES_STRIPPED, /* none, but what only probes leave behind is there */
	USDTINFO_STATE_NO_SECTION_HEADERS, /* notes are not in any segment: they cannot be found */
	USDTINFO_STATE_NOT_ELF,
	USDTINFO_STATE_UNREADABLE,
	USDTINFO_STATE_DAMAGED, /* some notes, or all, could not be read */
};

enum usdtinfo_type {
	USDTINFO_TYPE_OTHER,
	USDTINFO_TYPE_REL,
	USDTINFO_TYPE_EXEC,
	USDTINFO_TYPE_DYN,
	USDTINFO_TYPE_CORE,
};

/** The section .stapsdt.base, against which moved locations are corrected. */
enum usdtinfo_base_state {
	USDTINFO_BASE_PRESENT,
	USDTINFO_BASE_MISSING, /* no such section */
	USDTINFO_BASE_ZERO,    /* the section is there, but the notes record base 0 */
};

/** The instruction bytes in the file at a probe's location. */
enum usdtinfo_site {
	USDTINFO_SITE_NOP,  /* one nop of the machine */
	USDTINFO_SITE_NOP5, /* x86: nop followed by a 5-byte nop, for optimised uprobes */
	USDTINFO_SITE_NOP10,      /* x86: nop followed by a 10-byte nop */
	USDTINFO_SITE_NOPS,       /* several nops, as libstapsdt writes them */
	USDTINFO_SITE_BREAKPOINT, /* a breakpoint saved into the file: a damaged file */
	USDTINFO_SITE_OTHER,
	USDTINFO_SITE_UNAVAILABLE, /* the file holds no bytes for that address */
};

enum usdtinfo_operand_kind {
	USDTINFO_OPERAND_UNKNOWN, /* not understood: the text is all there is */
	USDTINFO_OPERAND_REGISTER,
	USDTINFO_OPERAND_CONSTANT,
	USDTINFO_OPERAND_MEMORY,  /* the value is loaded from an address */
	USDTINFO_OPERAND_ADDRESS, /* the value is the address of a symbol */
};

/** Whether a probe of a running process is being traced. */
enum usdtinfo_probe_state {
	USDTINFO_PROBE_UNKNOWN, /* of no process, or its memory cannot be read */
	USDTINFO_PROBE_IDLE,
	USDTINFO_PROBE_ARMED, /* its semaphore counts a consumer, or its site is patched */
};

/** What of an index register counts. */
enum usdtinfo_extend {
	USDTINFO_EXTEND_NONE,   /* all of it */
	USDTINFO_EXTEND_SIGN32, /* its low 32 bits, sign-extended: AArch64's sxtw */
	USDTINFO_EXTEND_ZERO32, /* its low 32 bits, zero-extended: AArch64's uxtw */
};

enum usdtinfo_severity {
	USDTINFO_SEVERITY_INFO,
	USDTINFO_SEVERITY_WARNING,
	USDTINFO_SEVERITY_ERROR,
};

/** What a walk works out for each probe beyond the note itself; or them together. */
enum usdtinfo_detail {
	USDTINFO_DETAIL_PLACE = 1 << 0,     /* file offsets, section and offset in it */
	USDTINFO_DETAIL_SITE = 1 << 1,      /* bytes at the location; implies PLACE */
	USDTINFO_DETAIL_ARGUMENTS = 1 << 2, /* arguments parsed and symbols resolved */
	/* These need usdtinfo_walk_describe(); all imply PLACE. */
	USDTINFO_DETAIL_FUNCTION = 1 << 3, /* function and offset, by symbols */
	USDTINFO_DETAIL_SOURCE = 1 << 4,   /* file, line, inlined calls, by debug info */
	USDTINFO_DETAIL_NAMES = 1 << 5, /* arguments' names and C types; ARGUMENTS, too */
};

struct usdtinfo_image;
struct usdtinfo_walk;
struct usdtinfo_probe;
struct usdtinfo_argument;
struct usdtinfo_sites;
struct usdtinfo_process;

/**
 * usdtinfo_version - version of the library in use, such as "0.1.0"
 *
 * Return: a static string.
 */
USDTINFO_API const char *usdtinfo_version(void);

/* ---- images ------------------------------------------------------------------------ */

/**
 * usdtinfo_image_open - open the ELF object at a path
 * @path: any file; a symbolic link is followed; copied
 * @image_ret: set on success; release with usdtinfo_image_close()
 * @err: filled on failure; may be NULL
 *
 * The file is read with pread, never mapped, so that truncating it meanwhile is an error
 * and not a signal. Devices, FIFOs and sockets are refused without being read.
 *
 * Return: 0, or USDTINFO_E_SYSTEM, E_NOT_ELF, E_DAMAGED, E_ARCHIVE, E_MEMORY.
 */
USDTINFO_API int usdtinfo_image_open(const char *path, struct usdtinfo_image **image_ret,
                                     struct usdtinfo_error *err);

/**
 * usdtinfo_image_open_fd - the same for an open descriptor
 * @fd: open for reading; stays the caller's, must outlive the image, its offset is not used
 *      unless it is a pipe or a socket, which is read to its end into memory
 * @name: stands for the path in what is reported; copied
 */
USDTINFO_API int usdtinfo_image_open_fd(int fd, const char *name,
                                        struct usdtinfo_image **image_ret,
                                        struct usdtinfo_error *err);

/**
 * usdtinfo_image_open_memory - the same for bytes in memory
 * @data: not written to, so that it may be mapped read-only; must outlive the image; any
 *        alignment. Copied only if a section is compressed, for libelf to inflate it
 * @size: in bytes; 0 is an empty file (E_NOT_ELF)
 */
USDTINFO_API int usdtinfo_image_open_memory(const void *data, size_t size,
                                            const char *name,
                                            struct usdtinfo_image **image_ret,
                                            struct usdtinfo_error *err);

/** usdtinfo_image_close - release an image and its walks' data; NULL is ignored */
USDTINFO_API void usdtinfo_image_close(struct usdtinfo_image *image);

/** Strings returned here live as long as the image. */
USDTINFO_API const char *usdtinfo_image_path(const struct usdtinfo_image *image);
/** Return: 32 or 64, by EI_CLASS */
USDTINFO_API unsigned usdtinfo_image_class(const struct usdtinfo_image *image);
USDTINFO_API bool usdtinfo_image_is_big_endian(const struct usdtinfo_image *image);
/** Return: e_machine of the ELF header */
USDTINFO_API unsigned usdtinfo_image_machine(const struct usdtinfo_image *image);
/** Return: lower-case name as elfutils' backends have it ("x86_64"); "unknown" for the rest */
USDTINFO_API const char *usdtinfo_image_machine_name(const struct usdtinfo_image *image);
USDTINFO_API enum usdtinfo_type usdtinfo_image_type(const struct usdtinfo_image *image);
/** Return: lower-case hexadecimal of NT_GNU_BUILD_ID, or NULL when there is none */
USDTINFO_API const char *usdtinfo_image_build_id(struct usdtinfo_image *image);

/**
 * usdtinfo_image_state - what the notes as a whole look like
 *
 * Reads every note once, on the first call of this, _base_state or _diagnostic_count;
 * what is wrong with any is in the diagnostics afterwards.
 */
USDTINFO_API enum usdtinfo_state usdtinfo_image_state(struct usdtinfo_image *image);
USDTINFO_API enum usdtinfo_base_state
usdtinfo_image_base_state(struct usdtinfo_image *image);
/** Return: how many probes a whole walk will give */
USDTINFO_API uint64_t usdtinfo_image_probe_count(struct usdtinfo_image *image);
USDTINFO_API size_t usdtinfo_image_diagnostic_count(struct usdtinfo_image *image);
/**
 * usdtinfo_image_diagnostic - the INDEXth finding about the file
 * @code_ret, @message_ret: live as long as the image; either may be NULL
 *
 * Return: its severity. INDEX beyond the count: USDTINFO_SEVERITY_INFO and NULL strings.
 */
USDTINFO_API enum usdtinfo_severity
usdtinfo_image_diagnostic(struct usdtinfo_image *image, size_t index,
                          const char **code_ret, const char **message_ret);

/* ---- walks ------------------------------------------------------------------------- */

/**
 * usdtinfo_walk_open - start over the probes of an image
 * @details: enum usdtinfo_detail ored together; what is not asked for is not computed
 * @walk_ret: set on success; release with usdtinfo_walk_close() before the image
 *
 * Return: 0 or USDTINFO_E_MEMORY.
 */
USDTINFO_API int usdtinfo_walk_open(struct usdtinfo_image *image, unsigned details,
                                    struct usdtinfo_walk **walk_ret,
                                    struct usdtinfo_error *err);
/** usdtinfo_walk_close - NULL is ignored */
USDTINFO_API void usdtinfo_walk_close(struct usdtinfo_walk *walk);

/**
 * usdtinfo_walk_next - the next probe
 * @probe_ret: set when 1 is returned; it and all its strings and arguments live until the
 *             next call on this walk
 *
 * Damaged notes are passed over; usdtinfo_image_diagnostic() tells of them. Memory is
 * taken for a whole note section, not for each probe.
 *
 * Return: 1 with a probe, 0 at the end, or USDTINFO_E_SYSTEM, USDTINFO_E_MEMORY.
 */
USDTINFO_API int usdtinfo_walk_next(struct usdtinfo_walk *walk,
                                    const struct usdtinfo_probe **probe_ret,
                                    struct usdtinfo_error *err);

/* ---- probes ------------------------------------------------------------------------ */

/**
 * The names as stored: NUL-terminated bytes of no promised encoding, possibly empty.
 */
USDTINFO_API const char *usdtinfo_probe_provider(const struct usdtinfo_probe *probe);
USDTINFO_API const char *usdtinfo_probe_name(const struct usdtinfo_probe *probe);
/** The argument string as stored, such as "-4@%edi 8@(%rsp)". */
USDTINFO_API const char *
usdtinfo_probe_arguments_text(const struct usdtinfo_probe *probe);

/**
 * The functions of this group return false and leave the value alone when it is not known
 * or there is none.
 *
 * _location: link-time address, corrected by base_delta; none in relocatable objects
 * _semaphore: likewise; none when the note records 0
 * _file_offset, _semaphore_offset: through the PT_LOAD segment that holds the address;
 *   need USDTINFO_DETAIL_PLACE
 */
USDTINFO_API bool usdtinfo_probe_location(const struct usdtinfo_probe *probe,
                                          uint64_t *ret);
USDTINFO_API bool usdtinfo_probe_semaphore(const struct usdtinfo_probe *probe,
                                           uint64_t *ret);
USDTINFO_API bool usdtinfo_probe_file_offset(const struct usdtinfo_probe *probe,
                                             uint64_t *ret);
USDTINFO_API bool usdtinfo_probe_semaphore_offset(const struct usdtinfo_probe *probe,
                                                  uint64_t *ret);

/** As the note stores them, after relocation in a relocatable object; 0 where it stores 0. */
USDTINFO_API uint64_t usdtinfo_probe_location_raw(const struct usdtinfo_probe *probe);
USDTINFO_API uint64_t usdtinfo_probe_base_raw(const struct usdtinfo_probe *probe);
USDTINFO_API uint64_t usdtinfo_probe_semaphore_raw(const struct usdtinfo_probe *probe);

/**
 * usdtinfo_probe_base_delta - what was added to the raw location and semaphore
 *
 * The address of .stapsdt.base less the base in the note, modulo the address width; 0 when
 * either is 0 or missing (the rule of the SystemTap wiki's "UserSpaceProbeImplementation").
 */
USDTINFO_API int64_t usdtinfo_probe_base_delta(const struct usdtinfo_probe *probe);

/**
 * usdtinfo_probe_section - the section that holds the location
 * @offset_ret: offset in it, set unless NULL is returned; may be NULL
 *
 * Return: its name, or NULL when none holds it or DETAIL_PLACE was not asked for.
 */
USDTINFO_API const char *usdtinfo_probe_section(const struct usdtinfo_probe *probe,
                                                uint64_t *offset_ret);
/**
 * usdtinfo_probe_semaphore_symbol - what counts consumers, in a relocatable object
 *
 * Return: the symbol's name, or section and offset of one without (".probes+0x2"), or NULL
 */
USDTINFO_API const char *
usdtinfo_probe_semaphore_symbol(const struct usdtinfo_probe *probe);
/** Return: offset in the file of the note's header */
USDTINFO_API uint64_t usdtinfo_probe_note_offset(const struct usdtinfo_probe *probe);
/** Return: size of the note's descriptor in bytes (descsz), without padding */
USDTINFO_API uint64_t usdtinfo_probe_note_size(const struct usdtinfo_probe *probe);
/**
 * usdtinfo_probe_note_section - the section that holds the note
 * @index_ret: its index, set unless NULL is returned; may be NULL
 *
 * Return: its name, alive as the probe is, or NULL when the note was found through a
 * PT_NOTE segment
 */
USDTINFO_API const char *usdtinfo_probe_note_section(const struct usdtinfo_probe *probe,
                                                     uint64_t *index_ret);

/**
 * usdtinfo_probe_note_segment - the PT_NOTE segment that holds the note
 * @index_ret: of its program header; set when true is returned; may be NULL
 *
 * Return: false when the note was found in a section, which is where notes are looked for
 * first
 */
USDTINFO_API bool usdtinfo_probe_note_segment(const struct usdtinfo_probe *probe,
                                              uint64_t *index_ret);
/**
 * usdtinfo_probe_note_area - where in the file that section or segment is
 * @size_ret: in bytes; may be NULL
 *
 * Return: its offset, by which readelf calls a segment's notes
 */
USDTINFO_API uint64_t usdtinfo_probe_note_area(const struct usdtinfo_probe *probe,
                                               uint64_t *size_ret);

/**
 * usdtinfo_probe_site - what stands at the location in the file
 * @bytes_ret: the bytes that were looked at, alive as the probe is; may be NULL
 * @size_ret: how many; 0 with USDTINFO_SITE_UNAVAILABLE; may be NULL
 *
 * Return: the kind; USDTINFO_SITE_UNAVAILABLE too when DETAIL_SITE was not asked for.
 */
USDTINFO_API enum usdtinfo_site usdtinfo_probe_site(const struct usdtinfo_probe *probe,
                                                    const unsigned char **bytes_ret,
                                                    size_t *size_ret);

/* ---- sites: what symbols and debug info say of a probe's place --------------------------- */

/**
 * usdtinfo_sites_open - prepare to look at the sites of an image's probes
 * @sites_ret: set on success; release with usdtinfo_sites_close() before the image
 *
 * Nothing is read yet: each file is opened once, when a detail first needs it. Debug info is
 * taken from the image, else from the separate file that its build-id or debug link names.
 *
 * Return: 0 or USDTINFO_E_MEMORY.
 */
USDTINFO_API int usdtinfo_sites_open(struct usdtinfo_image *image,
                                     struct usdtinfo_sites **sites_ret,
                                     struct usdtinfo_error *err);
/** usdtinfo_sites_close - NULL is ignored */
USDTINFO_API void usdtinfo_sites_close(struct usdtinfo_sites *sites);
/**
 * usdtinfo_sites_add_directory - look for separate debug files here, too
 * @directory: laid out as /usr/lib/debug is; looked at before it; copied
 */
USDTINFO_API int usdtinfo_sites_add_directory(struct usdtinfo_sites *sites,
                                              const char *directory,
                                              struct usdtinfo_error *err);
/**
 * usdtinfo_sites_add_definitions - take names and types that debug info does not tell from a
 * provider definition file, as dtrace(1) reads it
 *
 * To be called before the first probe is described. Return: 0; USDTINFO_E_SYSTEM;
 * USDTINFO_E_DAMAGED with the line in the error's text; USDTINFO_E_MEMORY.
 */
USDTINFO_API int usdtinfo_sites_add_definitions(struct usdtinfo_sites *sites,
                                                const char *path,
                                                struct usdtinfo_error *err);
/**
 * usdtinfo_sites_allow_download - ask the servers of DEBUGINFOD_URLS for what is not found
 *
 * Without it no call of this library opens a socket or writes a file.
 */
USDTINFO_API void usdtinfo_sites_allow_download(struct usdtinfo_sites *sites);
/**
 * usdtinfo_walk_describe - add to the walk's probes what FUNCTION, SOURCE and NAMES ask for
 * @sites: of the walk's image, used until the walk is closed; NULL: no longer
 *
 * What debug info does not tell, or tells damaged, stays unknown; damage is a diagnostic of
 * the image.
 */
USDTINFO_API void usdtinfo_walk_describe(struct usdtinfo_walk *walk,
                                         struct usdtinfo_sites *sites);

/**
 * usdtinfo_probe_function - the function that holds the location
 * @offset_ret: of the location in it, set unless NULL is returned; may be NULL
 *
 * Return: the symbol's name, as stored; NULL when not known
 */
USDTINFO_API const char *usdtinfo_probe_function(const struct usdtinfo_probe *probe,
                                                 uint64_t *offset_ret);
/** Return: how many source lines are known: one, and one more for each inlined call */
USDTINFO_API size_t usdtinfo_probe_source_count(const struct usdtinfo_probe *probe);
/**
 * usdtinfo_probe_source - the source line at the location, then those of the calls around
 * @index: 0 is the innermost
 * @line_ret: 0 when not known; may be NULL
 * @function_ret: the function that the line is in, or NULL; may be NULL
 *
 * Return: the file as the compiler was given it, or NULL
 */
USDTINFO_API const char *usdtinfo_probe_source(const struct usdtinfo_probe *probe,
                                               size_t index, uint64_t *line_ret,
                                               const char **function_ret);

/* ---- arguments --------------------------------------------------------------------- */

/** Return: how many arguments; 0 when there are none or DETAIL_ARGUMENTS was not asked for */
USDTINFO_API size_t usdtinfo_probe_argument_count(const struct usdtinfo_probe *probe);
/** Return: the argument, alive as the probe is; NULL when INDEX is beyond the count */
USDTINFO_API const struct usdtinfo_argument *
usdtinfo_probe_argument(const struct usdtinfo_probe *probe, size_t index);

/** Return: the argument's own text, such as "-4@%edi" */
USDTINFO_API const char *usdtinfo_argument_raw(const struct usdtinfo_argument *argument);
/** Return: size of the value in bytes, as declared; the word size where the note omits it */
USDTINFO_API uint32_t usdtinfo_argument_size(const struct usdtinfo_argument *argument);
/** Return: whether the note declares the size; false: it is the word size */
USDTINFO_API bool
usdtinfo_argument_is_size_declared(const struct usdtinfo_argument *argument);
USDTINFO_API bool usdtinfo_argument_is_signed(const struct usdtinfo_argument *argument);
USDTINFO_API bool usdtinfo_argument_is_float(const struct usdtinfo_argument *argument);
/** Return: "int8" to "uint64", "float", "double", "long double", or "bytesN" */
USDTINFO_API const char *usdtinfo_argument_type(const struct usdtinfo_argument *argument);
/** Return: whether registers, memory and this file's symbols suffice to read the value */
USDTINFO_API bool
usdtinfo_argument_is_resolvable(const struct usdtinfo_argument *argument);

USDTINFO_API enum usdtinfo_operand_kind
usdtinfo_operand_kind(const struct usdtinfo_argument *argument);
/** Full name of the register ("rdi" for %edi); NULL unless the kind is REGISTER */
USDTINFO_API const char *
usdtinfo_operand_register(const struct usdtinfo_argument *argument);
/** REGISTER: the lowest bit that belongs to the value: 8 for %ah, else 0 */
USDTINFO_API unsigned
usdtinfo_operand_register_shift(const struct usdtinfo_argument *argument);
/** REGISTER: whether the value is in two, of which the note names only this one */
USDTINFO_API bool
usdtinfo_operand_is_register_pair(const struct usdtinfo_argument *argument);
/** Decimal, normalised to size and sign (floats as written); NULL unless CONSTANT */
USDTINFO_API const char *usdtinfo_operand_value(const struct usdtinfo_argument *argument);
/** MEMORY: base and index registers, segment register, or NULL where there is none */
USDTINFO_API const char *usdtinfo_operand_base(const struct usdtinfo_argument *argument);
USDTINFO_API const char *usdtinfo_operand_index(const struct usdtinfo_argument *argument);
USDTINFO_API const char *
usdtinfo_operand_segment(const struct usdtinfo_argument *argument);
/** What the index register is multiplied by; 0 when there is no index */
USDTINFO_API unsigned usdtinfo_operand_scale(const struct usdtinfo_argument *argument);
/** What of the index register counts; USDTINFO_EXTEND_NONE, too, when there is no index */
USDTINFO_API enum usdtinfo_extend
usdtinfo_operand_index_extend(const struct usdtinfo_argument *argument);
/** Whether the index is subtracted, not added: ARM's [r1, -r2] */
USDTINFO_API bool
usdtinfo_operand_is_index_subtracted(const struct usdtinfo_argument *argument);
/** MEMORY, ADDRESS: added to base, index and symbol */
USDTINFO_API int64_t
usdtinfo_operand_displacement(const struct usdtinfo_argument *argument);
/** MEMORY, ADDRESS: the symbol and its relocation operator ("GOTOFF"), or NULL */
USDTINFO_API const char *
usdtinfo_operand_symbol(const struct usdtinfo_argument *argument);
USDTINFO_API const char *
usdtinfo_operand_relocation(const struct usdtinfo_argument *argument);
/**
 * usdtinfo_operand_address - MEMORY, ADDRESS: the link-time address
 *
 * That of symbol and displacement, known when the file's symbol tables hold one symbol of
 * that name. What an index register gives is still to be added, and what a base register
 * gives, too, unless there is a relocation operator: then the base only holds the part of
 * the same address that the operator leaves out. Sums wrap at the width of an address.
 *
 * Return: false when it is not known; VALUE is left alone.
 */
USDTINFO_API bool usdtinfo_operand_address(const struct usdtinfo_argument *argument,
                                           uint64_t *ret);
/**
 * usdtinfo_operand_candidates - the addresses, when several symbols have the name
 * @ret: set to them when there are any, alive as the probe is; at most 16 are kept
 *
 * Return: how many; 0 unless the symbol is ambiguous
 */
USDTINFO_API size_t usdtinfo_operand_candidates(const struct usdtinfo_argument *argument,
                                                const uint64_t **ret);
/** MEMORY: whether symbol is meant relative to the program counter: sym(%rip) */
USDTINFO_API bool
usdtinfo_operand_is_pc_relative(const struct usdtinfo_argument *argument);

/**
 * usdtinfo_argument_name - what the program calls the value: "self", "f->prev"
 * @source_ret: where that is known from: "dwarf", "definitions", "catalogue"; NULL where
 *              neither name nor type is known; may be NULL
 *
 * Needs USDTINFO_DETAIL_NAMES. Return: NULL when it is not known for sure
 */
USDTINFO_API const char *usdtinfo_argument_name(const struct usdtinfo_argument *argument,
                                                const char **source_ret);
/** Return: the C spelling of the type, such as "const char *", or NULL */
USDTINFO_API const char *
usdtinfo_argument_c_type(const struct usdtinfo_argument *argument);
/**
 * What may be its name where several things hold the same value, or a constant has one:
 * not sure, and in no order that means anything.
 */
USDTINFO_API size_t
usdtinfo_argument_candidate_count(const struct usdtinfo_argument *argument);
USDTINFO_API const char *
usdtinfo_argument_candidate(const struct usdtinfo_argument *argument, size_t index);
/** Return: C spelling of the INDEXth candidate's type; NULL: not known, or there is none */
USDTINFO_API const char *
usdtinfo_argument_candidate_c_type(const struct usdtinfo_argument *argument,
                                   size_t index);

/* ---- Python ------------------------------------------------------------------------ */

/** Was a CPython built --with-dtrace? */
enum usdtinfo_python_verdict {
	USDTINFO_PYTHON_YES, /* there is a probe of the provider "python" */
	USDTINFO_PYTHON_NO,  /* there is none, and nothing that one leaves behind */
	USDTINFO_PYTHON_STRIPPED, /* the notes are gone, but what else a marker needs is there */
	USDTINFO_PYTHON_UNKNOWN, /* section headers are gone, or its library was not found */
	USDTINFO_PYTHON_NOT_CPYTHON,
};

enum usdtinfo_python_status {
	USDTINFO_PYTHON_PRESENT,
	USDTINFO_PYTHON_DEAD,    /* present, but this version is known not to fire it */
	USDTINFO_PYTHON_MISSING, /* this version should have it */
	USDTINFO_PYTHON_ABSENT,  /* not there, as is right for this version */
	USDTINFO_PYTHON_EXTRA,   /* there, but no such version of CPython has it */
};

struct usdtinfo_python;

/**
 * usdtinfo_python_open - find a Python and judge it, without running it
 * @asked: a program, a name in PATH, a directory, a script, a libpython; copied. NULL:
 *         ./python where that is an ELF file, else python3 from PATH
 * @root: a directory inside which everything is looked for; NULL: the file system
 * @library_path: directories for the dynamic linker's search, separated by colons, as in
 *                LD_LIBRARY_PATH, which itself is not looked at; NULL: none
 * @python_ret: set on success; release with usdtinfo_python_close()
 *
 * What is no CPython, or cannot be found or read, is a verdict and not a failure.
 *
 * Return: 0, USDTINFO_E_MEMORY, or USDTINFO_E_SYSTEM for @root.
 */
USDTINFO_API int usdtinfo_python_open(const char *asked, const char *root,
                                      const char *library_path,
                                      struct usdtinfo_python **python_ret,
                                      struct usdtinfo_error *err);
/**
 * usdtinfo_python_open_process - judge the Python that a running process has loaded
 * @proc: the directory that is /proc; NULL for /proc itself
 * @python_ret: set on success; release with usdtinfo_python_close()
 *
 * By the very files that are loaded: see usdtinfo_process_open(). A process that cannot be
 * looked at is a verdict (USDTINFO_PYTHON_UNKNOWN) and not a failure.
 *
 * Return: 0, USDTINFO_E_MEMORY, or USDTINFO_E_ARGUMENT.
 */
USDTINFO_API int usdtinfo_python_open_process(const char *proc, uint64_t pid,
                                              struct usdtinfo_python **python_ret,
                                              struct usdtinfo_error *err);
/** usdtinfo_python_close - NULL is ignored */
USDTINFO_API void usdtinfo_python_close(struct usdtinfo_python *python);

/** Strings returned here live as long as the python. */
USDTINFO_API enum usdtinfo_python_verdict
usdtinfo_python_verdict(const struct usdtinfo_python *python);
/** Return: one sentence, never NULL */
USDTINFO_API const char *usdtinfo_python_reason(const struct usdtinfo_python *python);
/** Return: the program that was judged, or what was asked when none was found */
USDTINFO_API const char *usdtinfo_python_path(const struct usdtinfo_python *python);
/** Return: the file that holds the markers, or would hold them; NULL when none was found */
USDTINFO_API const char *usdtinfo_python_object(const struct usdtinfo_python *python);
/** Return: what to do about it, one sentence; NULL: nothing */
USDTINFO_API const char *usdtinfo_python_hint(const struct usdtinfo_python *python);
/** Return: lower-case hexadecimal, of _object; NULL when it has none */
USDTINFO_API const char *usdtinfo_python_build_id(const struct usdtinfo_python *python);
/** How the object was come by: the steps from what was asked, in their order. */
USDTINFO_API size_t usdtinfo_python_hop_count(const struct usdtinfo_python *python);
/**
 * usdtinfo_python_hop - where the INDEXth step led
 * @how_ret: by what, such as "symbolic link"; a static string; may be NULL
 *
 * Return: a path, or NULL when INDEX is beyond the count.
 */
USDTINFO_API const char *usdtinfo_python_hop(const struct usdtinfo_python *python,
                                             size_t index, const char **how_ret);
/** Return: where pyvenv.cfg says that its base is; NULL: it is no virtual environment */
USDTINFO_API const char *usdtinfo_python_home(const struct usdtinfo_python *python);
/** Return: such as "3.11.2", or "3.9.?"; NULL when it is not known */
USDTINFO_API const char *usdtinfo_python_version(const struct usdtinfo_python *python);
/** Return: 1 or 0, whether it is built without the GIL, or with Py_DEBUG; -1: not known */
USDTINFO_API int usdtinfo_python_free_threaded(const struct usdtinfo_python *python);
USDTINFO_API int usdtinfo_python_debug(const struct usdtinfo_python *python);
/** Return: 1 or 0 as the record of its build says, -1 when there is none */
USDTINFO_API int usdtinfo_python_with_dtrace(const struct usdtinfo_python *python);
/**
 * usdtinfo_python_record - the file that is the record of its build
 * @agrees_ret: 1 or 0, whether it agrees with what is in the object, -1 where that cannot be
 *              said; set also when NULL is returned; may be NULL
 *
 * Return: its path, or NULL when there is none.
 */
USDTINFO_API const char *usdtinfo_python_record(const struct usdtinfo_python *python,
                                                int *agrees_ret);
/** Return: what its configure script was given, as the record has it; NULL: not known */
USDTINFO_API const char *
usdtinfo_python_config_args(const struct usdtinfo_python *python);
USDTINFO_API size_t
usdtinfo_python_diagnostic_count(const struct usdtinfo_python *python);
/** usdtinfo_python_diagnostic - as usdtinfo_image_diagnostic(); strings live as the python */
USDTINFO_API enum usdtinfo_severity
usdtinfo_python_diagnostic(const struct usdtinfo_python *python, size_t index,
                           const char **code_ret, const char **message_ret);

/** Markers: those of its version, and whatever else is there. */
USDTINFO_API size_t usdtinfo_python_marker_count(const struct usdtinfo_python *python);
/**
 * usdtinfo_python_marker - the INDEXth marker
 * @status_ret: may be NULL
 * @probes_ret: how many sites in the code; may be NULL
 *
 * Return: its name, or NULL when INDEX is beyond the count.
 */
USDTINFO_API const char *usdtinfo_python_marker(const struct usdtinfo_python *python,
                                                size_t index,
                                                enum usdtinfo_python_status *status_ret,
                                                uint64_t *probes_ret);

/** Return: the arguments as its first note stores them; NULL: none, or beyond the count */
USDTINFO_API const char *
usdtinfo_python_marker_arguments_text(const struct usdtinfo_python *python, size_t index);
/**
 * usdtinfo_python_marker_argument_count - how many arguments CPython documents for it
 *
 * Return: 0 when it has none, or when those of its notes are others.
 */
USDTINFO_API size_t
usdtinfo_python_marker_argument_count(const struct usdtinfo_python *python, size_t index);
/**
 * usdtinfo_python_marker_argument - what the NUMBERth argument is, counted from 0
 * @c_type_ret: the C spelling of its type, a static string; may be NULL
 *
 * Return: its name, a static string; NULL where it has none, or there is no such argument,
 * of which c_type_ret is not set.
 */
USDTINFO_API const char *
usdtinfo_python_marker_argument(const struct usdtinfo_python *python, size_t index,
                                size_t number, const char **c_type_ret);

/* ---- processes --------------------------------------------------------------------- */

/**
 * usdtinfo_process_open - what a running process has loaded, and the states of its probes
 * @proc: the directory that is /proc; NULL for /proc itself
 * @process_ret: set on success; release with usdtinfo_process_close()
 *
 * A picture of this moment: the process is neither attached to nor stopped nor written to,
 * and may have ended since. Each object is opened as the very file that is mapped, whatever
 * stands at its path now.
 *
 * Return: 0; USDTINFO_E_SYSTEM, with sys_errno ESRCH when there is no such process, EACCES
 * when it may not be looked at; USDTINFO_E_ARGUMENT when it is a thread of another, a zombie,
 * or of the kernel; USDTINFO_E_DAMAGED; USDTINFO_E_MEMORY.
 */
USDTINFO_API int usdtinfo_process_open(const char *proc, uint64_t pid,
                                       struct usdtinfo_process **process_ret,
                                       struct usdtinfo_error *err);
/** usdtinfo_process_close - releases its images, too; NULL is ignored */
USDTINFO_API void usdtinfo_process_close(struct usdtinfo_process *process);
/** Return: its name, of 15 bytes at most, alive as the process is */
USDTINFO_API const char *usdtinfo_process_command(const struct usdtinfo_process *process);
/** Return: why its memory could not be read, and states are unknown; NULL: it could */
USDTINFO_API const char *
usdtinfo_process_memory_reason(const struct usdtinfo_process *process);
/**
 * Return: how many objects are loaded, by address; one loaded twice counts twice. States of
 * a million probes at most are looked at.
 */
USDTINFO_API size_t usdtinfo_process_object_count(const struct usdtinfo_process *process);
/** Return: the path as /proc/PID/maps has it; NULL when INDEX is beyond the count */
USDTINFO_API const char *
usdtinfo_process_object_path(const struct usdtinfo_process *process, size_t index);
/**
 * usdtinfo_process_object_image - the object's image
 * @bias_ret: what the process adds to its addresses, modulo 2^64; may be NULL
 * @err: filled when the file could not be opened; may be NULL
 *
 * Return: the image, which stays the process's and may be shared by objects of one file;
 * NULL when it could not be opened.
 */
USDTINFO_API struct usdtinfo_image *
usdtinfo_process_object_image(const struct usdtinfo_process *process, size_t index,
                              uint64_t *bias_ret, struct usdtinfo_error *err);
/**
 * usdtinfo_process_walk_open - usdtinfo_walk_open() for an object of a process
 *
 * Its probes have states and addresses in the process. Close the walk before the process.
 *
 * Return: 0; USDTINFO_E_ARGUMENT when the object has no image; USDTINFO_E_MEMORY.
 */
USDTINFO_API int usdtinfo_process_walk_open(const struct usdtinfo_process *process,
                                            size_t index, unsigned details,
                                            struct usdtinfo_walk **walk_ret,
                                            struct usdtinfo_error *err);
/**
 * usdtinfo_probe_state - whether the probe was armed when the process was looked at
 * @reason_ret: what arms it ("semaphore", "breakpoint", "semaphore and breakpoint", ...), or
 *              why that is not known; NULL where there is nothing to say; may be NULL
 */
USDTINFO_API enum usdtinfo_probe_state
usdtinfo_probe_state(const struct usdtinfo_probe *probe, const char **reason_ret);
/** Addresses in the process, and the counter. Return: false when not known, VALUE left alone */
USDTINFO_API bool usdtinfo_probe_runtime_location(const struct usdtinfo_probe *probe,
                                                  uint64_t *ret);
USDTINFO_API bool usdtinfo_probe_runtime_semaphore(const struct usdtinfo_probe *probe,
                                                   uint64_t *ret);
USDTINFO_API bool usdtinfo_probe_semaphore_value(const struct usdtinfo_probe *probe,
                                                 uint64_t *ret);
/**
 * usdtinfo_probe_runtime_bytes - what stands at the location in memory
 * @bytes_ret: alive as the probe is; set unless 0 is returned; may be NULL
 *
 * Return: how many bytes; 0 when they cannot be read
 */
USDTINFO_API size_t usdtinfo_probe_runtime_bytes(const struct usdtinfo_probe *probe,
                                                 const unsigned char **bytes_ret);

/* ---- names of enumerators, as in JSON; static strings, never NULL -------------------- */

USDTINFO_API const char *usdtinfo_state_name(enum usdtinfo_state state);
USDTINFO_API const char *usdtinfo_type_name(enum usdtinfo_type type);
USDTINFO_API const char *usdtinfo_base_state_name(enum usdtinfo_base_state state);
USDTINFO_API const char *usdtinfo_site_name(enum usdtinfo_site site);
USDTINFO_API const char *usdtinfo_operand_kind_name(enum usdtinfo_operand_kind kind);
USDTINFO_API const char *usdtinfo_python_status_name(enum usdtinfo_python_status status);
USDTINFO_API const char *
usdtinfo_python_verdict_name(enum usdtinfo_python_verdict verdict);
USDTINFO_API const char *usdtinfo_probe_state_name(enum usdtinfo_probe_state state);
USDTINFO_API const char *usdtinfo_extend_name(enum usdtinfo_extend extend);
USDTINFO_API const char *usdtinfo_severity_name(enum usdtinfo_severity severity);

#ifdef __cplusplus
}
#endif
