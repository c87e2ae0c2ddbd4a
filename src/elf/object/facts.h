/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* What is known of one object as a whole, read from an ELF file or from a saved listing. */
#pragma once

#include "base/diagnostic.h"
#include "base/text.h"
#include "usdtinfo.h"

struct file_facts {
	struct text path;
	enum usdtinfo_state state;
	struct text
		archive; /* that it is a member of; not known: of none. PATH names both. */
	/* The rest is not known (text NULL, numbers unknown) where the ELF header was not read. */
	struct text build_id;            /* lower-case hex */
	struct maybe_u64 elf_class;      /* 32 or 64 */
	struct text endian;              /* "little", "big" */
	struct text machine;             /* name of machine_name() */
	struct maybe_u64 machine_number; /* e_machine */
	struct text type;                /* usdtinfo_type_name() */
	struct text base_state;          /* usdtinfo_base_state_name() */
	/* Of an object that a process has mapped; else not known. */
	struct maybe_u64 pid;
	struct text command;        /* the process's name, of 15 bytes at most */
	struct maybe_u64 load_bias; /* added to link-time addresses, modulo 2^64 */
	bool is_unreachable;        /* no path leads to it, though one was looked for */
	struct diagnostics diagnostics;
};

/* Return: the path that a member has in its package, through nested ones; not known: no member */
static inline struct text facts_in_package(const struct file_facts *facts)
{
	size_t skipped = facts->archive.size + 2;
	if (!facts->archive.at || facts->path.size < skipped ||
	    facts->path.at[skipped - 2] != '/' || facts->path.at[skipped - 1] != '/')
		return (struct text){ 0 };
	return (struct text){ facts->path.at + skipped, facts->path.size - skipped };
}
