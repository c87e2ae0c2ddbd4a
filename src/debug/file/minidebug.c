/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* .gnu_debugdata: a symbol table in an ELF file in xz in a section. */
#include "debug/file/minidebug.h"

#include <errno.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/error.h"
#include "config.h"

#if HAVE_LZMA
#include <lzma.h>

/* What xz -9 asks for, and a little more; it is taken as the stream's header says. */
#define DECODER_MAX ((uint64_t)80 << 20)

/* Decode all of @in into memory that grows with what really comes out. */
static int inflate(const unsigned char *in, size_t size, unsigned char **out_ret,
                   size_t *size_ret, struct usdtinfo_error *err)
{
	lzma_stream stream = LZMA_STREAM_INIT;
	_cleanup_(freep) unsigned char *out = NULL;
	size_t room = 0;
	if (lzma_stream_decoder(&stream, DECODER_MAX, 0) != LZMA_OK)
		return errno == ELIBACC ? fail_errno(err, ".gnu_debugdata needs liblzma")
		                        : fail_memory(err);
	stream.next_in = in;
	stream.avail_in = size;
	lzma_ret r = LZMA_OK;
	size_t got = 0;
	while (r == LZMA_OK && got <= MINIDEBUG_MAX) {
		if (!array_grow(&out, &room, got + 65536, 1)) {
			r = LZMA_MEM_ERROR;
			break;
		}
		/* One byte more than there may be tells that there is more. */
		size_t end = room > MINIDEBUG_MAX ? MINIDEBUG_MAX + 1 : room;
		stream.next_out = out + got;
		stream.avail_out = end - got;
		r = lzma_code(&stream, LZMA_FINISH);
		got = end - stream.avail_out;
	}
	lzma_end(&stream);
	if (r == LZMA_MEM_ERROR)
		return fail_memory(err);
	if (r == LZMA_OK || r == LZMA_MEMLIMIT_ERROR || got > MINIDEBUG_MAX)
		return fail(err, USDTINFO_E_DAMAGED,
		            ".gnu_debugdata takes more than %u MiB",
		            (unsigned)(MINIDEBUG_MAX >> 20));
	if (r != LZMA_STREAM_END)
		return fail(err, USDTINFO_E_DAMAGED,
		            ".gnu_debugdata is no sound xz data");
	*out_ret = steal_ptr(out);
	*size_ret = got;
	return 0;
}
#else
static int inflate(const unsigned char *in, size_t size, unsigned char **out_ret,
                   size_t *size_ret, struct usdtinfo_error *err)
{
	return fail(err, USDTINFO_E_DAMAGED,
	            ".gnu_debugdata cannot be read: built without liblzma");
}
#endif

int minidebug_open(struct debug_file *file, struct debug_file **ret,
                   struct usdtinfo_error *err)
{
	GElf_Shdr header;
	Elf_Scn *scn = debug_file_section(file, ".gnu_debugdata", &header);
	Elf_Data *data = scn ? elf_rawdata(scn, NULL) : NULL;
	unsigned char *out = NULL;
	size_t size = 0;
	*ret = NULL;
	if (!data || !data->d_buf)
		return 0;
	int r = inflate(data->d_buf, data->d_size, &out, &size, err);
	return r < 0 ? r : debug_file_open_memory(out, size, file, ret, err);
}
