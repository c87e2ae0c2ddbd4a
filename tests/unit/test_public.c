/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The library's functions handed nothing, what is no file, and what comes through a pipe. */
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include "base/array.h"
#include "tree.h"
#include "unit.h"
#include "usdtinfo.h"

/* The fixtures' directory is the program's own argument. */
static const char *fixtures;

static struct usdtinfo_image *open_fixture(const char *name)
{
	char path[PATH_MAX];
	struct usdtinfo_image *image;
	snprintf(path, sizeof(path), "%s/%s", fixtures, name);
	ck_assert_msg(usdtinfo_image_open(path, &image, NULL) == 0, "cannot open %s",
	              path);
	return image;
}

/* Each as the contract's "NULL: refused", whichever of several it is. */
START_TEST(refuses_nothing)
{
	struct usdtinfo_image *image = open_fixture("x86_64/minimal.so"), *other = NULL;
	struct usdtinfo_walk *walk = NULL;
	struct usdtinfo_sites *sites = NULL;
	struct usdtinfo_process *process = NULL;
	struct usdtinfo_error err;
	ck_assert_int_eq(usdtinfo_sites_open(image, &sites, NULL), 0);
#define REFUSES(call)                                                                    \
	do {                                                                             \
		err = (struct usdtinfo_error){ 0 };                                      \
		ck_assert_int_eq((call), USDTINFO_E_ARGUMENT);                           \
		ck_assert_int_eq(err.code, USDTINFO_E_ARGUMENT);                         \
		ck_assert_str_ne(err.text, "");                                          \
	} while (0)
	REFUSES(usdtinfo_image_open(NULL, &other, &err));
	REFUSES(usdtinfo_image_open("/", NULL, &err));
	REFUSES(usdtinfo_image_open_fd(-1, "name", &other, &err));
	REFUSES(usdtinfo_image_open_fd(0, NULL, &other, &err));
	REFUSES(usdtinfo_image_open_fd(0, "name", NULL, &err));
	REFUSES(usdtinfo_image_open_memory(NULL, 1, "name", &other, &err));
	REFUSES(usdtinfo_image_open_memory("", 1, NULL, &other, &err));
	REFUSES(usdtinfo_image_open_memory("", 1, "name", NULL, &err));
	REFUSES(usdtinfo_walk_open(NULL, 0, &walk, &err));
	REFUSES(usdtinfo_walk_open(image, 0, NULL, &err));
	REFUSES(usdtinfo_sites_open(NULL, &sites, &err));
	REFUSES(usdtinfo_sites_open(image, NULL, &err));
	REFUSES(usdtinfo_sites_add_directory(NULL, "/", &err));
	REFUSES(usdtinfo_sites_add_directory(sites, NULL, &err));
	REFUSES(usdtinfo_sites_add_definitions(NULL, "/", &err));
	REFUSES(usdtinfo_sites_add_definitions(sites, NULL, &err));
	REFUSES(usdtinfo_process_open(NULL, 1, NULL, &err));
	REFUSES(usdtinfo_python_open_process(NULL, 1, NULL, &err));
	ck_assert_int_lt(usdtinfo_process_open("/dev/null", 1, &process, &err), 0);
	ck_assert_str_ne(err.text, "");
	ck_assert(!other && !walk && !process);
	usdtinfo_sites_close(sites);
	usdtinfo_image_close(image);
	usdtinfo_sites_close(NULL);
	usdtinfo_walk_close(NULL);
	usdtinfo_process_close(NULL);
	usdtinfo_image_close(NULL);
}
END_TEST

START_TEST(refuses_what_is_no_file)
{
	char *top = tree_make((struct tree_entry[]){ { "link", .target = "none" } }, 1);
	struct usdtinfo_image *image = NULL;
	struct usdtinfo_error err = { 0 };
	int directory = open(top, O_RDONLY | O_DIRECTORY);
	int link = openat(directory, "link", O_PATH | O_NOFOLLOW);
	char fifo[PATH_MAX];
	snprintf(fifo, sizeof(fifo), "%s/fifo", top);
	ck_assert_int_eq(mkfifo(fifo, 0600), 0);
	ck_assert_int_eq(usdtinfo_image_open_fd(directory, "directory", &image, &err),
	                 USDTINFO_E_SYSTEM);
	ck_assert_int_eq(err.sys_errno, EISDIR);
	ck_assert_int_eq(usdtinfo_image_open(top, &image, &err), USDTINFO_E_SYSTEM);
	ck_assert_int_eq(err.sys_errno, EISDIR);
	ck_assert_int_eq(usdtinfo_image_open_fd(link, "link", &image, &err),
	                 USDTINFO_E_NOT_ELF);
	ck_assert_int_eq(usdtinfo_image_open(fifo, &image, &err), USDTINFO_E_NOT_ELF);
	ck_assert_str_eq(err.text, "not a regular file");
	snprintf(fifo, sizeof(fifo), "%s/link", top);
	ck_assert_int_eq(usdtinfo_image_open(fifo, &image, &err), USDTINFO_E_SYSTEM);
	ck_assert_int_eq(err.sys_errno, ENOENT);
	close(directory);
	close(link);
	ck_assert_int_eq(usdtinfo_image_open_fd(directory, "closed", &image, &err),
	                 USDTINFO_E_SYSTEM);
	ck_assert_int_eq(err.sys_errno, EBADF);
	ck_assert_ptr_null(image);
	tree_remove(top);
}
END_TEST

/* Both ends of a pipe or of a socket; what is written comes out of the first. */
static void connect_ends(bool is_socket, int ends[2])
{
	ck_assert_int_eq(
		is_socket ? socketpair(AF_UNIX, SOCK_STREAM, 0, ends) : pipe(ends), 0);
}

START_TEST(reads_what_has_no_offsets)
{
	struct usdtinfo_image *file = open_fixture("x86_64/minimal.so"), *image;
	struct usdtinfo_error err;
	char bytes[65536], path[PATH_MAX];
	int ends[2];
	snprintf(path, sizeof(path), "%s/x86_64/minimal.so", fixtures);
	int fd = open(path, O_RDONLY);
	ssize_t size = read(fd, bytes, sizeof(bytes));
	ck_assert(size > 0 && (size_t)size < sizeof(bytes));
	close(fd);

	connect_ends(_i, ends);
	ck_assert_int_eq(write(ends[1], bytes, (size_t)size), size);
	close(ends[1]);
	ck_assert_int_eq(usdtinfo_image_open_fd(ends[0], "pipe", &image, NULL), 0);
	ck_assert_str_eq(usdtinfo_image_path(image), "pipe");
	ck_assert_str_eq(usdtinfo_image_build_id(image), usdtinfo_image_build_id(file));
	ck_assert_uint_eq(usdtinfo_image_probe_count(image),
	                  usdtinfo_image_probe_count(file));
	ck_assert_uint_gt(usdtinfo_image_probe_count(image), 0);
	usdtinfo_image_close(image);
	close(ends[0]);

	connect_ends(_i, ends);
	ck_assert_int_eq(fcntl(ends[0], F_SETFL, O_NONBLOCK), 0);
	ck_assert_int_eq(usdtinfo_image_open_fd(ends[0], "empty", &image, &err),
	                 USDTINFO_E_SYSTEM);
	ck_assert_int_eq(err.sys_errno, EAGAIN);
	close(ends[0]);
	close(ends[1]);
	usdtinfo_image_close(file);
}
END_TEST

/* How many arguments have a name that a definition file gave. */
static unsigned defined_arguments(struct usdtinfo_image *image,
                                  struct usdtinfo_sites *sites)
{
	const struct usdtinfo_probe *probe;
	struct usdtinfo_walk *walk;
	unsigned defined = 0;
	ck_assert_int_eq(usdtinfo_walk_open(image, USDTINFO_DETAIL_NAMES, &walk, NULL),
	                 0);
	usdtinfo_walk_describe(walk, sites);
	while (usdtinfo_walk_next(walk, &probe, NULL) > 0) {
		size_t count = usdtinfo_probe_argument_count(probe);
		for (size_t i = 0; i < count; i++) {
			const char *source;
			if (usdtinfo_argument_name(usdtinfo_probe_argument(probe, i),
			                           &source))
				defined += strcmp(source, "definitions") == 0;
		}
	}
	usdtinfo_walk_close(walk);
	return defined;
}

START_TEST(takes_definitions_before_the_first_probe)
{
	static const struct tree_entry tree[] = {
		{ "names.d", .content = "provider minimal {\n"
		                        "\tprobe work__start(int number, char *text);\n"
		                        "\tprobe work__done(int number);\n"
		                        "};\n" },
		{ "damaged.d", .content = "provider {" },
	};
	char *top = tree_make(tree, ARRAY_SIZE(tree)), path[PATH_MAX];
	struct usdtinfo_image *image = open_fixture("x86_64/minimal.so");
	struct usdtinfo_sites *sites;
	struct usdtinfo_error err;
	ck_assert_int_eq(usdtinfo_sites_open(image, &sites, NULL), 0);
	snprintf(path, sizeof(path), "%s/none.d", top);
	ck_assert_int_eq(usdtinfo_sites_add_definitions(sites, path, &err),
	                 USDTINFO_E_SYSTEM);
	ck_assert_int_eq(err.sys_errno, ENOENT);
	snprintf(path, sizeof(path), "%s/damaged.d", top);
	ck_assert_int_eq(usdtinfo_sites_add_definitions(sites, path, &err),
	                 USDTINFO_E_DAMAGED);
	snprintf(path, sizeof(path), "%s/names.d", top);
	ck_assert_int_eq(usdtinfo_sites_add_definitions(sites, path, NULL), 0);
	ck_assert_int_eq(usdtinfo_sites_add_directory(sites, top, NULL), 0);
	ck_assert_uint_eq(defined_arguments(image, sites), 3);
	ck_assert_int_eq(usdtinfo_sites_add_definitions(sites, path, &err),
	                 USDTINFO_E_ARGUMENT);
	ck_assert_str_eq(err.text, "probes were described already");
	usdtinfo_sites_close(sites);
	usdtinfo_image_close(image);
	tree_remove(top);
}
END_TEST

static uint64_t count_with_names(struct usdtinfo_image *image)
{
	struct usdtinfo_sites *sites;
	struct usdtinfo_walk *walk;
	const struct usdtinfo_probe *probe;
	uint64_t count = 0;
	unsigned details = USDTINFO_DETAIL_FUNCTION | USDTINFO_DETAIL_SOURCE |
	                   USDTINFO_DETAIL_NAMES;
	ck_assert_int_eq(usdtinfo_sites_open(image, &sites, NULL), 0);
	ck_assert_int_eq(usdtinfo_walk_open(image, details, &walk, NULL), 0);
	usdtinfo_walk_describe(walk, sites);
	while (usdtinfo_walk_next(walk, &probe, NULL) > 0)
		count += usdtinfo_probe_source_count(probe) > 0;
	count = count * 1000 + usdtinfo_image_probe_count(image);
	usdtinfo_walk_close(walk);
	usdtinfo_sites_close(sites);
	return count;
}

static const char *const compressed[] = { "edge/51-compressed", "site/x86_64-gcc-O2-zlib",
	                                  "site/x86_64-gcc-O2-zlib-gnu",
	                                  "site/x86_64-gcc-O2-compressed.o" };

/* libelf and libdw would inflate a section where it stands; that is the caller's memory. */
START_TEST(reads_what_may_not_be_written)
{
	char path[PATH_MAX];
	struct usdtinfo_image *image, *same;
	struct stat st;
	snprintf(path, sizeof(path), "%s/%s", fixtures, compressed[_i]);
	int fd = open(path, O_RDONLY);
	ck_assert(fd >= 0 && fstat(fd, &st) == 0);
	size_t size = (size_t)st.st_size;
	void *bytes = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
	ck_assert_ptr_ne(bytes, MAP_FAILED);
	ck_assert_int_eq(usdtinfo_image_open(path, &same, NULL), 0);
	ck_assert_int_eq(usdtinfo_image_open_memory(bytes, size, path, &image, NULL), 0);
	uint64_t count = count_with_names(image);
	ck_assert_uint_gt(count, 0);
	ck_assert_uint_eq(count, count_with_names(same));
	usdtinfo_image_close(image);
	usdtinfo_image_close(same);
	munmap(bytes, size);
	close(fd);
}
END_TEST

int main(int argc, char **argv)
{
	if (argc != 2)
		return EXIT_FAILURE;
	fixtures = argv[1];
	TCase *tcase = tcase_create("public");
	tcase_add_test(tcase, refuses_nothing);
	tcase_add_test(tcase, refuses_what_is_no_file);
	tcase_add_loop_test(tcase, reads_what_has_no_offsets, 0, 2);
	tcase_add_test(tcase, takes_definitions_before_the_first_probe);
	tcase_add_loop_test(tcase, reads_what_may_not_be_written, 0,
	                    ARRAY_SIZE(compressed));
	return unit_run("public", tcase);
}
