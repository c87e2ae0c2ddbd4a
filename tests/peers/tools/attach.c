/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Attach to probes with libbpf: attach OBJECT PATH; "PROVIDER\tNAME" lines come in on standard
 * input, and a 0 or a negative error goes out for each. */
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

static int quiet(enum libbpf_print_level level, const char *fmt, va_list args)
{
	return 0;
}

int main(int argc, char **argv)
{
	char line[4096];
	if (argc != 3)
		return 2;
	libbpf_set_print(quiet);
	libbpf_set_strict_mode(LIBBPF_STRICT_ALL);
	struct bpf_object *object = bpf_object__open_file(argv[1], NULL);
	if (!object || bpf_object__load(object) != 0)
		return 3;
	struct bpf_program *program = bpf_object__find_program_by_name(object, "attach");
	while (program && fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = '\0';
		char *name = strchr(line, '\t');
		if (!name)
			return 2;
		*name++ = '\0';
		struct bpf_link *link = bpf_program__attach_usdt(program, -1, argv[2],
		                                                 line, name, NULL);
		printf("%d\n", link ? 0 : -errno);
		if (link)
			bpf_link__destroy(link);
	}
	bpf_object__close(object);
	return 0;
}
