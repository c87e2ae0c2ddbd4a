/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Calls of the C library that fail when they are told to. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum fault {
	FAULT_NONE,
	FAULT_ALLOCATION,    /* the one asked for returns NULL */
	FAULT_ALLOCATIONS,   /* it, and every later one */
	FAULT_OPEN,          /* EMFILE */
	FAULT_DIRECTORY,     /* EIO: reading one */
	FAULT_LINK,          /* EIO: reading one */
	FAULT_THREAD,        /* EAGAIN: starting one */
	FAULT_READ,          /* EIO */
	FAULT_READ_END,      /* 0: the file ends here from now on */
	FAULT_READ_STUTTER,  /* EINTR */
	FAULT_READ_SHORT,    /* one byte, this time */
	FAULT_READS_SHORT,   /* one byte, from now on */
	FAULT_STAT,          /* EIO */
	FAULT_WRITE,         /* ENOSPC, from now on */
	FAULT_WRITE_ONCE,    /* EIO, this time */
	FAULT_CLOSE,         /* EIO: of what was written to */
	FAULT_WRITE_STUTTER, /* EINTR */
	FAULT_WRITES_SHORT,  /* one byte, from now on */
};

/* Shared with the process that watches. */
struct fault_counts {
	uint64_t calls; /* of the kind that is to fail */
	bool hit;       /* one was made to */
	int64_t blocks; /* allocated, not freed */
	int64_t bytes, bytes_most;
	int trace_fd;        /* where the first call that fails is told of; -1: nowhere */
	bool ended;          /* the program returned; else it called exit() */
	char failed_in[32];  /* the file whose code made the first call that failed */
	char crashed_in[32]; /* the file whose code crashed */
};

/* From now on the call of this kind with that number (from 1) fails. */
void fault_arm(enum fault fault, uint64_t number, struct fault_counts *counts);
void fault_disarm(void);
/* Do what is none of the program's work: its calls neither fail nor are counted. */
void fault_without(void (*work)(void));
/* Count a call of a kind. Return: whether it is to fail */
bool fault_fails(enum fault fault, bool from_now_on);
/*
 * Whose code some frames were in: the first that is neither of the C library nor of this
 * program's own interposed calls, and what these call. @file: its name, or ""
 */
void fault_blame(void *const *frames, int count, char *file, size_t size);
extern struct fault_counts *fault_counting; /* NULL: not armed */
