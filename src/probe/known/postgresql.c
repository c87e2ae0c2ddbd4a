/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* PostgreSQL, built with --enable-dtrace. */
#include "probe/known/catalogue_data.h"

/* clang-format off */
#define ARGS CATALOGUE_ARGUMENTS
#define NONE ""
#define NUM(name) ARG(name, "int")
#define FLAG(name) ARG(name, "bool")
#define TRANSACTION ARGS(ARG("lxid", "LocalTransactionId"))
#define QUERY ARGS(ARG("query", "const char *"))
#define RELATION ARG("tablespace", "Oid"), ARG("database", "Oid"), ARG("relation", "Oid")
#define PAGE ARG("fork", "ForkNumber"), ARG("block", "BlockNumber"), RELATION
#define LWLOCK ARGS(ARG("tranche", "char *"), ARG("mode", "LWLockMode"))
#define LWLOCK_OLD ARGS(ARG("tranche", "char *"), NUM("offset"), ARG("mode", "LWLockMode"))
#define LWLOCK_ID ARGS(ARG("lock", "LWLockId"), ARG("mode", "LWLockMode"))
#define LOCK                                                                             \
	ARGS(ARG("field1", "unsigned int"), ARG("field2", "unsigned int"),               \
	     ARG("field3", "unsigned int"), NOTED("field4", "unsigned int", "uint16_t"), \
	     NOTED("type", "unsigned int", "uint8_t"), ARG("mode", "LOCKMODE"))
#define NORMAL ARGS(FLAG("normal"))
#define MOVED(count) ARGS(PAGE, NUM("backend"), NUM(count), NUM("requested"))

static const char rows[] =
	ROW("transaction__start", "a transaction starts", "8.2", "", TRANSACTION)
	ROW("transaction__commit", "a transaction is committed", "8.2", "", TRANSACTION)
	ROW("transaction__abort", "a transaction fails", "8.2", "", TRANSACTION)
	ROW("query__start", "the processing of a query begins", "8.4", "", QUERY)
	ROW("query__done", "the processing of a query is complete", "8.4", "", QUERY)
	ROW("query__parse__start", "the parsing of a query begins", "8.4", "", QUERY)
	ROW("query__parse__done", "the parsing of a query is complete", "8.4", "", QUERY)
	ROW("query__rewrite__start", "the rewriting of a query begins", "8.4", "", QUERY)
	ROW("query__rewrite__done", "the rewriting of a query is complete", "8.4", "", QUERY)
	ROW("query__plan__start", "the planning of a query begins", "8.4", "", NONE)
	ROW("query__plan__done", "the planning of a query is complete", "8.4", "", NONE)
	ROW("query__execute__start", "the execution of a query begins", "8.4", "", NONE)
	ROW("query__execute__done", "the execution of a query is complete", "8.4", "", NONE)
	ROW("statement__status", "a server process updates its status", "8.4", "",
	    ARGS(ARG("status", "const char *")))
	ROW("checkpoint__start", "a checkpoint begins", "8.4", "", ARGS(NUM("flags")))
	ROW("checkpoint__done", "a checkpoint is complete", "8.4", "",
	    ARGS(NUM("written"), NUM("buffers"), NUM("added"), NUM("removed"), NUM("recycled")))
	ROW("clog__checkpoint__start", "the commit log's part of a checkpoint begins", "8.4", "",
	    NORMAL)
	ROW("clog__checkpoint__done", "the commit log's part of a checkpoint is complete", "8.4", "",
	    NORMAL)
	ROW("subtrans__checkpoint__start", "the subtransactions' part of a checkpoint begins", "8.4",
	    "", NORMAL)
	ROW("subtrans__checkpoint__done", "the subtransactions' part of a checkpoint is complete",
	    "8.4", "", NORMAL)
	ROW("multixact__checkpoint__start", "the MultiXact part of a checkpoint begins", "8.4", "",
	    NORMAL)
	ROW("multixact__checkpoint__done", "the MultiXact part of a checkpoint is complete", "8.4",
	    "", NORMAL)
	ROW("twophase__checkpoint__start", "the two-phase part of a checkpoint begins", "8.4", "",
	    NONE)
	ROW("twophase__checkpoint__done", "the two-phase part of a checkpoint is complete", "8.4",
	    "", NONE)
	ROW("buffer__checkpoint__start", "the writing of buffers for a checkpoint begins", "8.4", "",
	    ARGS(NUM("flags")))
	ROW("buffer__checkpoint__sync__start", "the buffers of a checkpoint were handed to the kernel",
	    "8.4", "", NONE)
	ROW("buffer__checkpoint__done", "the buffers of a checkpoint are on disk", "8.4", "", NONE)
	ROW("buffer__sync__start", "dirty buffers are about to be written", "8.4", "",
	    ARGS(NUM("buffers"), NUM("dirty")))
	ROW("buffer__sync__written", "a buffer of a checkpoint was written", "8.4", "",
	    ARGS(NUM("buffer")))
	ROW("buffer__sync__done", "all dirty buffers were written", "8.4", "",
	    ARGS(NUM("buffers"), NUM("written"), NUM("expected")))
	ROW("buffer__read__start", "the reading of a buffer begins", "16", "",
	    ARGS(PAGE, NUM("backend")))
	ROW("buffer__read__start", "the reading of a buffer begins", "9.1", "16",
	    ARGS(PAGE, NUM("backend"), FLAG("extend")))
	ROW("buffer__read__start", "the reading of a buffer begins", "8.4", "9.1",
	    ARGS(PAGE, NOTED("local", "bool", "unsigned char"), FLAG("extend")))
	ROW("buffer__read__done", "the reading of a buffer is complete", "16", "",
	    ARGS(PAGE, NUM("backend"), FLAG("found")))
	ROW("buffer__read__done", "the reading of a buffer is complete", "9.1", "16",
	    ARGS(PAGE, NUM("backend"), FLAG("extend"), FLAG("found")))
	ROW("buffer__read__done", "the reading of a buffer is complete", "8.4", "9.1",
	    ARGS(PAGE, NOTED("local", "bool", "unsigned char"), FLAG("extend"), FLAG("found")))
	ROW("buffer__extend__start", "a relation is about to be extended", "16", "",
	    ARGS(ARG("fork", "ForkNumber"), RELATION, NUM("backend"), ARG("extend_by", "unsigned int")))
	ROW("buffer__extend__done", "a relation was extended", "16", "",
	    ARGS(ARG("fork", "ForkNumber"), RELATION, NUM("backend"), ARG("extend_by", "unsigned int"),
	       ARG("first", "BlockNumber")))
	ROW("buffer__flush__start", "a shared buffer is about to be written", "8.4", "", ARGS(PAGE))
	ROW("buffer__flush__done", "a shared buffer was handed to the kernel", "8.4", "",
	    ARGS(PAGE))
	ROW("buffer__write__dirty__start", "a server process has to write a dirty buffer itself",
	    "8.4", "16", ARGS(PAGE))
	ROW("buffer__write__dirty__done", "a server process has written a dirty buffer", "8.4", "16",
	    ARGS(PAGE))
	ROW("wal__buffer__write__dirty__start", "no space in the WAL buffers: one has to be written",
	    "8.4", "", NONE)
	ROW("wal__buffer__write__dirty__done", "a dirty WAL buffer was written", "8.4", "", NONE)
	ROW("wal__insert", "a WAL record is inserted", "10", "",
	    ARGS(ARG("rmid", "unsigned char"), ARG("info", "unsigned char")))
	ROW("wal__switch", "a switch of the WAL segment is asked for", "10", "", NONE)
	ROW("xlog__insert", "a WAL record is inserted", "8.4", "10",
	    ARGS(ARG("rmid", "unsigned char"), ARG("info", "unsigned char")))
	ROW("xlog__switch", "a switch of the WAL segment is asked for", "8.4", "10", NONE)
	ROW("smgr__md__read__start", "the reading of a block from a relation begins", "9.1", "",
	    ARGS(PAGE, NUM("backend")))
	ROW("smgr__md__read__done", "the reading of a block from a relation is complete", "9.1", "",
	    MOVED("read"))
	ROW("smgr__md__write__start", "the writing of a block to a relation begins", "9.1", "",
	    ARGS(PAGE, NUM("backend")))
	ROW("smgr__md__write__done", "the writing of a block to a relation is complete", "9.1", "",
	    MOVED("written"))
	ROW("smgr__md__read__start", "the reading of a block from a relation begins", "8.4", "9.1",
	    ARGS(PAGE))
	ROW("smgr__md__read__done", "the reading of a block from a relation is complete", "8.4", "9.1",
	    ARGS(PAGE, NUM("read"), NUM("requested")))
	ROW("smgr__md__write__start", "the writing of a block to a relation begins", "8.4", "9.1",
	    ARGS(PAGE))
	ROW("smgr__md__write__done", "the writing of a block to a relation is complete", "8.4", "9.1",
	    ARGS(PAGE, NUM("written"), NUM("requested")))
	ROW("sort__start", "a sort begins", "11", "",
	    ARGS(NUM("kind"), FLAG("unique"), NUM("keys"), NUM("work_mem"), FLAG("random_access"),
	       NUM("parallel")))
	ROW("sort__start", "a sort begins", "8.4", "11",
	    ARGS(NUM("kind"), FLAG("unique"), NUM("keys"), NUM("work_mem"), FLAG("random_access")))
	ROW("sort__done", "a sort is complete", "8.4", "",
	    ARGS(FLAG("external"), ARG("space", "long")))
	ROW("lwlock__acquire", "a lightweight lock was acquired", "10", "", LWLOCK)
	ROW("lwlock__acquire", "a lightweight lock was acquired", "9.4", "10", LWLOCK_OLD)
	ROW("lwlock__acquire", "a lightweight lock was acquired", "8.4", "9.4", LWLOCK_ID)
	ROW("lwlock__release", "a lightweight lock was released", "10", "",
	    ARGS(ARG("tranche", "char *")))
	ROW("lwlock__release", "a lightweight lock was released", "9.4", "10",
	    ARGS(ARG("tranche", "char *"), NUM("offset")))
	ROW("lwlock__release", "a lightweight lock was released", "8.4", "9.4",
	    ARGS(ARG("lock", "LWLockId")))
	ROW("lwlock__wait__start", "a process begins to wait for a lightweight lock", "10", "",
	    LWLOCK)
	ROW("lwlock__wait__start", "a process begins to wait for a lightweight lock", "9.4", "10",
	    LWLOCK_OLD)
	ROW("lwlock__wait__start", "a process begins to wait for a lightweight lock", "8.4", "9.4",
	    LWLOCK_ID)
	ROW("lwlock__wait__done", "a process need no longer wait for a lightweight lock", "10", "",
	    LWLOCK)
	ROW("lwlock__wait__done", "a process need no longer wait for a lightweight lock", "9.4", "10",
	    LWLOCK_OLD)
	ROW("lwlock__wait__done", "a process need no longer wait for a lightweight lock", "8.4", "9.4",
	    LWLOCK_ID)
	ROW("lwlock__condacquire", "a lightweight lock was had without waiting", "10", "", LWLOCK)
	ROW("lwlock__condacquire", "a lightweight lock was had without waiting", "9.4", "10",
	    LWLOCK_OLD)
	ROW("lwlock__condacquire", "a lightweight lock was had without waiting", "8.4", "9.4",
	    LWLOCK_ID)
	ROW("lwlock__condacquire__fail", "a lightweight lock was not to be had without waiting", "10",
	    "", LWLOCK)
	ROW("lwlock__condacquire__fail", "a lightweight lock was not to be had without waiting", "9.4",
	    "10", LWLOCK_OLD)
	ROW("lwlock__condacquire__fail", "a lightweight lock was not to be had without waiting", "8.4",
	    "9.4", LWLOCK_ID)
	ROW("lwlock__acquire__or__wait", "a lightweight lock was free and was acquired", "10", "",
	    LWLOCK)
	ROW("lwlock__acquire__or__wait__fail", "a lightweight lock was waited for and not acquired",
	    "10", "", LWLOCK)
	ROW("lock__wait__start", "a process begins to wait for a heavyweight lock", "8.4", "", LOCK)
	ROW("lock__wait__done", "a process need no longer wait for a heavyweight lock", "8.4", "",
	    LOCK)
	ROW("deadlock__found", "the deadlock detector found a deadlock", "8.4", "", NONE);
/* clang-format on */

const struct catalogue_provider catalogue_postgresql = {
	.name = "postgresql",
	.source = "https://www.postgresql.org/docs/current/dynamic-trace.html",
	.rows = { rows, sizeof(rows) - 1 },
};
