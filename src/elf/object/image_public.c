/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Opening an ELF object of this host, for users of the library: here nobody else names a root. */
#include <sys/stat.h>

#include "base/error.h"
#include "elf/object/image.h"

int usdtinfo_image_open(const char *path, struct usdtinfo_image **image_ret,
                        struct usdtinfo_error *err)
{
	if (!path || !image_ret)
		return fail(err, USDTINFO_E_ARGUMENT, "no path or result given");
	return image_open(&root_host, path, 0, image_ret, err);
}

int usdtinfo_image_open_fd(int fd, const char *name, struct usdtinfo_image **image_ret,
                           struct usdtinfo_error *err)
{
	if (!name || !image_ret || fd < 0)
		return fail(err, USDTINFO_E_ARGUMENT,
		            "no descriptor, name or result given");
	return image_open_fd(&root_host, name, fd, 0, image_ret, err);
}

int usdtinfo_image_open_memory(const void *data, size_t size, const char *name,
                               struct usdtinfo_image **image_ret,
                               struct usdtinfo_error *err)
{
	if ((!data && size) || !name || !image_ret)
		return fail(err, USDTINFO_E_ARGUMENT, "no data, name or result given");
	return image_open_memory(&root_host, name, data, size, image_ret, err);
}
