/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* libdw, for debug info. */
#include <elfutils/libdw.h>
#include <elfutils/libdwelf.h>

#include "lazy/stand_in.h"
#include "sonames.h"

/* clang-format off */
#define FUNCTIONS(F, P)                                                                  \
	F(Dwarf_Attribute *, dwarf_attr,                                                 \
	  (Dwarf_Die *die, unsigned name, Dwarf_Attribute *ret), (die, name, ret), NULL) \
	F(Dwarf *, dwarf_begin_elf, (Elf *elf, Dwarf_Cmd command, Elf_Scn *group),       \
	  (elf, command, group), NULL)                                                   \
	F(int, dwarf_cfi_addrframe, (Dwarf_CFI *cfi, Dwarf_Addr address, Dwarf_Frame **ret), \
	  (cfi, address, ret), -1)                                                       \
	F(int, dwarf_cfi_end, (Dwarf_CFI *cfi), (cfi), -1)                               \
	F(int, dwarf_child, (Dwarf_Die *die, Dwarf_Die *ret), (die, ret), -1)            \
	F(Dwarf_Die *, dwarf_cu_die,                                                     \
	  (Dwarf_CU *unit, Dwarf_Die *ret, Dwarf_Half *version, Dwarf_Off *abbreviations, \
	   uint8_t *address_size, uint8_t *offset_size, uint64_t *signature, Dwarf_Off *type), \
	  (unit, ret, version, abbreviations, address_size, offset_size, signature, type), \
	  NULL)                                                                          \
	F(Dwarf *, dwarf_cu_getdwarf, (Dwarf_CU *unit), (unit), NULL)                    \
	F(int, dwarf_cu_info,                                                            \
	  (Dwarf_CU *unit, Dwarf_Half *version, uint8_t *type, Dwarf_Die *die,           \
	   Dwarf_Die *sub, uint64_t *id, uint8_t *address_size, uint8_t *offset_size),   \
	  (unit, version, type, die, sub, id, address_size, offset_size), -1)            \
	F(Dwarf_Die *, dwarf_diecu,                                                      \
	  (Dwarf_Die *die, Dwarf_Die *ret, uint8_t *address_size, uint8_t *offset_size), \
	  (die, ret, address_size, offset_size), NULL)                                   \
	F(Dwarf_Off, dwarf_dieoffset, (Dwarf_Die *die), (die), (Dwarf_Off)-1)            \
	F(int, dwarf_end, (Dwarf *dwarf), (dwarf), -1)                                   \
	F(const char *, dwarf_errmsg, (int error), (error), "libdw cannot be loaded")    \
	F(const char *, dwarf_filesrc,                                                   \
	  (Dwarf_Files *files, size_t index, Dwarf_Word *time, Dwarf_Word *size),        \
	  (files, index, time, size), NULL)                                              \
	F(int, dwarf_formaddr, (Dwarf_Attribute *at, Dwarf_Addr *ret), (at, ret), -1)    \
	F(int, dwarf_formblock, (Dwarf_Attribute *at, Dwarf_Block *ret), (at, ret), -1)  \
	F(int, dwarf_formflag, (Dwarf_Attribute *at, bool *ret), (at, ret), -1)          \
	F(Dwarf_Die *, dwarf_formref_die, (Dwarf_Attribute *at, Dwarf_Die *ret), (at, ret), \
	  NULL)                                                                          \
	F(int, dwarf_formsdata, (Dwarf_Attribute *at, Dwarf_Sword *ret), (at, ret), -1)  \
	F(const char *, dwarf_formstring, (Dwarf_Attribute *at), (at), NULL)             \
	F(int, dwarf_formudata, (Dwarf_Attribute *at, Dwarf_Word *ret), (at, ret), -1)   \
	F(int, dwarf_frame_cfa, (Dwarf_Frame *frame, Dwarf_Op **ret, size_t *count),     \
	  (frame, ret, count), -1)                                                       \
	F(int, dwarf_get_units,                                                          \
	  (Dwarf *dwarf, Dwarf_CU *unit, Dwarf_CU **next, Dwarf_Half *version,           \
	   uint8_t *type, Dwarf_Die *die, Dwarf_Die *sub),                               \
	  (dwarf, unit, next, version, type, die, sub), -1)                              \
	F(Dwarf_CFI *, dwarf_getcfi, (Dwarf *dwarf), (dwarf), NULL)                      \
	F(Dwarf_CFI *, dwarf_getcfi_elf, (Elf *elf), (elf), NULL)                        \
	F(Elf *, dwarf_getelf, (Dwarf *dwarf), (dwarf), NULL)                            \
	F(int, dwarf_getlocation, (Dwarf_Attribute *at, Dwarf_Op **ret, size_t *count),  \
	  (at, ret, count), -1)                                                          \
	F(int, dwarf_getlocation_addr,                                                   \
	  (Dwarf_Attribute *at, Dwarf_Addr address, Dwarf_Op **ret, size_t *counts,      \
	   size_t room), (at, address, ret, counts, room), -1)                           \
	F(int, dwarf_getlocation_attr,                                                   \
	  (Dwarf_Attribute *at, const Dwarf_Op *op, Dwarf_Attribute *ret), (at, op, ret), -1) \
	F(int, dwarf_getsrcfiles, (Dwarf_Die *unit, Dwarf_Files **ret, size_t *count),   \
	  (unit, ret, count), -1)                                                        \
	F(int, dwarf_getsrclines, (Dwarf_Die *unit, Dwarf_Lines **ret, size_t *count),   \
	  (unit, ret, count), -1)                                                        \
	F(int, dwarf_hasattr, (Dwarf_Die *die, unsigned name), (die, name), 0)           \
	F(int, dwarf_lineaddr, (Dwarf_Line *line, Dwarf_Addr *ret), (line, ret), -1)     \
	F(int, dwarf_lineendsequence, (Dwarf_Line *line, bool *ret), (line, ret), -1)    \
	F(int, dwarf_lineno, (Dwarf_Line *line, int *ret), (line, ret), -1)              \
	F(const char *, dwarf_linesrc,                                                   \
	  (Dwarf_Line *line, Dwarf_Word *time, Dwarf_Word *size), (line, time, size), NULL) \
	F(int, dwarf_next_unit,                                                          \
	  (Dwarf *dwarf, Dwarf_Off at, Dwarf_Off *next, size_t *header, Dwarf_Half *version, \
	   Dwarf_Off *abbreviations, uint8_t *address_size, uint8_t *offset_size,        \
	   uint64_t *signature, Dwarf_Off *type),                                        \
	  (dwarf, at, next, header, version, abbreviations, address_size, offset_size,   \
	   signature, type), -1)                                                         \
	F(Dwarf_Die *, dwarf_offdie, (Dwarf *dwarf, Dwarf_Off at, Dwarf_Die *ret),       \
	  (dwarf, at, ret), NULL)                                                        \
	F(Dwarf_Line *, dwarf_onesrcline, (Dwarf_Lines *lines, size_t index),            \
	  (lines, index), NULL)                                                          \
	F(ptrdiff_t, dwarf_ranges,                                                       \
	  (Dwarf_Die *die, ptrdiff_t at, Dwarf_Addr *base, Dwarf_Addr *start, Dwarf_Addr *end), \
	  (die, at, base, start, end), -1)                                               \
	P(void, dwarf_setalt, (Dwarf *dwarf, Dwarf *alternate), (dwarf, alternate))      \
	F(int, dwarf_siblingof, (Dwarf_Die *die, Dwarf_Die *ret), (die, ret), -1)        \
	F(int, dwarf_srclang, (Dwarf_Die *die), (die), -1)                               \
	F(int, dwarf_tag, (Dwarf_Die *die), (die), 0)                       \
	F(ssize_t, dwelf_dwarf_gnu_debugaltlink,                                         \
	  (Dwarf *dwarf, const char **name, const void **build_id),                      \
	  (dwarf, name, build_id), -1)                                                   \
	F(ssize_t, dwelf_elf_gnu_build_id, (Elf *elf, const void **ret), (elf, ret), -1) \
	F(const char *, dwelf_elf_gnu_debuglink, (Elf *elf, GElf_Word *checksum),        \
	  (elf, checksum), NULL)                                                         \
	F(ssize_t, dwelf_scn_gnu_compressed_size, (Elf_Scn *section), (section), -1)
/* clang-format on */

LOAD_LIBRARY(SONAME_LIBDW, FUNCTIONS)
LIBRARY_NOTE(SONAME_LIBDW, "dw", "recommended",
             "functions, source lines and argument names");
