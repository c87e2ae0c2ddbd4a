/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * Threads that do different things at the same time, which have to come out as they do alone:
 *
 *     threads ROUNDS FILE...
 *
 * The files are ELF objects and saved listings. First the threads, then one alone, so that
 * nothing is ready when they start.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "find/linker/library.h"
#include "output/saved/read_listing.h"
#include "usdtinfo.h"

#define THREADS 4
#define ALL     0x3f /* enum usdtinfo_detail, ored */

static char **files;
static size_t file_count;
static unsigned rounds;

static void put(FILE *out, const char *text)
{
	fprintf(out, "%s\t", text ? text : "-");
}

static void put_probe(FILE *out, const struct usdtinfo_probe *probe)
{
	uint64_t line = 0, address = 0;
	put(out, usdtinfo_probe_provider(probe));
	put(out, usdtinfo_probe_name(probe));
	put(out, usdtinfo_probe_function(probe, NULL));
	for (size_t i = 0; i < usdtinfo_probe_source_count(probe); i++) {
		put(out, usdtinfo_probe_source(probe, i, &line, NULL));
		fprintf(out, "%" PRIu64 " ", line);
	}
	for (size_t i = 0; i < usdtinfo_probe_argument_count(probe); i++) {
		const struct usdtinfo_argument *argument = usdtinfo_probe_argument(probe,
		                                                                   i);
		put(out, usdtinfo_argument_raw(argument));
		put(out, usdtinfo_argument_name(argument, NULL));
		put(out, usdtinfo_argument_c_type(argument));
		if (usdtinfo_operand_address(argument, &address))
			fprintf(out, "%" PRIx64 " ", address);
	}
	put(out, usdtinfo_site_name(usdtinfo_probe_site(probe, NULL, NULL)));
	put(out, usdtinfo_probe_state_name(usdtinfo_probe_state(probe, NULL)));
	fputc('\n', out);
}

static void put_image(FILE *out, struct usdtinfo_image *image)
{
	struct usdtinfo_walk *walk = NULL;
	struct usdtinfo_sites *sites = NULL;
	const struct usdtinfo_probe *probe;
	put(out, usdtinfo_state_name(usdtinfo_image_state(image)));
	put(out, usdtinfo_image_build_id(image));
	if (usdtinfo_walk_open(image, ALL, &walk, NULL) == 0 &&
	    usdtinfo_sites_open(image, &sites, NULL) == 0) {
		usdtinfo_walk_describe(walk, sites);
		while (usdtinfo_walk_next(walk, &probe, NULL) > 0)
			put_probe(out, probe);
	}
	usdtinfo_walk_close(walk);
	usdtinfo_sites_close(sites);
	for (size_t i = 0; i < usdtinfo_image_diagnostic_count(image); i++) {
		const char *message;
		usdtinfo_image_diagnostic(image, i, NULL, &message);
		put(out, message);
	}
}

/* ---- tasks ------------------------------------------------------------------------------- */

static void by_path(FILE *out, const char *path)
{
	struct usdtinfo_image *image = NULL;
	struct usdtinfo_error err;
	if (usdtinfo_image_open(path, &image, &err) == 0)
		put_image(out, image);
	else
		put(out, err.text);
	usdtinfo_image_close(image);
}

/* Bytes that all threads share, and none may write to. */
static struct bytes {
	unsigned char *at;
	size_t size;
} * contents;

static void in_memory(FILE *out, const char *path)
{
	struct usdtinfo_image *image = NULL;
	struct usdtinfo_error err;
	size_t i = 0;
	while (strcmp(files[i], path) != 0)
		i++;
	if (usdtinfo_image_open_memory(contents[i].at, contents[i].size, path, &image,
	                               &err) == 0)
		put_image(out, image);
	else
		put(out, err.text);
	usdtinfo_image_close(image);
}

static int visit(void *context, const struct object *object)
{
	FILE *out = context;
	struct probe_walk *walk = NULL;
	const struct usdtinfo_probe *probe;
	put(out, object->facts->path.at);
	if (object_walk_open(object, 0, &walk, NULL) < 0)
		return -1;
	while (object_walk_next(walk, &probe, NULL) > 0)
		put_probe(out, probe);
	object_walk_close(walk);
	return 0;
}

static void as_listing(FILE *out, const char *path)
{
	struct usdtinfo_image *file = NULL;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0 &&
	    image_open_fd(&root_host, path, fd, IMAGE_OPERAND, &file, NULL) == 0 &&
	    file->is_listing)
		listing_visit(file, visit, out, NULL);
	usdtinfo_image_close(file);
	if (fd >= 0)
		close(fd);
}

static void needed_libraries(FILE *out, const char *path)
{
	struct usdtinfo_image *image = NULL;
	struct libraries libraries = { 0 };
	char *full = realpath(path, NULL);
	if (!full)
		return;
	const struct library_settings settings = { .on_this_computer = true };
	if (usdtinfo_image_open(full, &image, NULL) == 0 &&
	    libraries_load(&settings, image, full, &libraries, NULL) == 0)
		for (size_t i = 0; i < libraries.count; i++)
			put(out, libraries.items[i].path);
	libraries_deinit(&libraries);
	usdtinfo_image_close(image);
	free(full);
}

static void python(FILE *out, const char *path)
{
	struct usdtinfo_python *found = NULL;
	(void)path;
	if (usdtinfo_python_open("python3", NULL, NULL, &found, NULL) < 0)
		return;
	put(out, usdtinfo_python_verdict_name(usdtinfo_python_verdict(found)));
	put(out, usdtinfo_python_reason(found));
	put(out, usdtinfo_python_object(found));
	put(out, usdtinfo_python_version(found));
	for (size_t i = 0; i < usdtinfo_python_marker_count(found); i++)
		put(out, usdtinfo_python_marker(found, i, NULL, NULL));
	usdtinfo_python_close(found);
}

/* This one: what else it has loaded changes while others load libraries when they need them. */
static void process(FILE *out, const char *path)
{
	struct usdtinfo_process *found = NULL;
	struct usdtinfo_walk *walk = NULL;
	const struct usdtinfo_probe *probe;
	(void)path;
	if (usdtinfo_process_open(NULL, (uint64_t)getpid(), &found, NULL) < 0)
		return;
	put(out, usdtinfo_process_object_path(found, 0));
	if (usdtinfo_process_walk_open(found, 0, ALL, &walk, NULL) == 0)
		while (usdtinfo_walk_next(walk, &probe, NULL) > 0)
			put_probe(out, probe);
	usdtinfo_walk_close(walk);
	usdtinfo_process_close(found);
}

static const struct task {
	const char *name;
	bool once; /* not for each file */
	void (*run)(FILE *out, const char *path);
} tasks[] = {
	{ "images by path, described", false, by_path },
	{ "images in shared memory, described", false, in_memory },
	{ "saved listings", false, as_listing },
	{ "libraries that are needed", false, needed_libraries },
	{ "a Python", true, python },
	{ "a process", true, process },
};

/* ---- threads -------------------------------------------------------------------------------- */

struct job {
	const struct task *task;
	const char *path;
	char *told[THREADS + 1]; /* the last is what one thread alone was told */
};

static struct job *jobs;
static size_t job_count;

static char *run_job(const struct job *job)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	if (!out)
		abort();
	job->task->run(out, job->path);
	fclose(out);
	return text;
}

static void *run_all(void *number)
{
	size_t mine = (size_t)(intptr_t)number;
	/* Half of the threads go through the jobs backwards, so that all meet all. */
	for (size_t round = 0; round < rounds; round++) {
		for (size_t i = 0; i < job_count; i++) {
			struct job *job = &jobs[mine % 2 ? job_count - 1 - i : i];
			free(job->told[mine]);
			job->told[mine] = run_job(job);
		}
	}
	return NULL;
}

static void read_file(const char *path, struct bytes *ret)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0)
		abort();
	ret->size = (size_t)st.st_size;
	ret->at = malloc(ret->size + 1);
	if (!ret->at || read(fd, ret->at, ret->size) != st.st_size)
		abort();
	close(fd);
}

static void prepare(void)
{
	contents = calloc(file_count, sizeof(*contents));
	jobs = calloc(ARRAY_SIZE(tasks) * file_count, sizeof(*jobs));
	if (!contents || !jobs)
		abort();
	for (size_t i = 0; i < file_count; i++) {
		read_file(files[i], &contents[i]);
		for (size_t j = 0; j < ARRAY_SIZE(tasks); j++)
			if (i == 0 || !tasks[j].once)
				jobs[job_count++] = (struct job){ .task = &tasks[j],
					                          .path = files[i] };
	}
}

/* One point a task. Return: whether all hold */
static bool report(void)
{
	bool all = true;
	for (size_t i = 0; i < ARRAY_SIZE(tasks); i++) {
		bool same = true, told = false;
		for (size_t j = 0; j < job_count; j++) {
			if (jobs[j].task != &tasks[i])
				continue;
			told |= *jobs[j].told[THREADS] != '\0';
			for (size_t k = 0; k < THREADS; k++)
				same &= strcmp(jobs[j].told[k], jobs[j].told[THREADS]) ==
				        0;
		}
		printf("%s %zu - %s: the same in %d threads as in one\n",
		       same && told ? "ok" : "not ok", i + 1, tasks[i].name, THREADS);
		if (!told)
			printf("# nothing came of it\n");
		all &= same && told;
	}
	printf("1..%zu\n", ARRAY_SIZE(tasks));
	return all;
}

int main(int argc, char **argv)
{
	pthread_t threads[THREADS];
	if (argc < 3)
		return 2;
	rounds = (unsigned)strtoul(argv[1], NULL, 10);
	files = argv + 2;
	file_count = (size_t)argc - 2;
	prepare();
	for (intptr_t i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], NULL, run_all, (void *)i) != 0)
			abort();
	for (size_t i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	for (size_t i = 0; i < job_count; i++)
		jobs[i].told[THREADS] = run_job(&jobs[i]);
	bool all = report();
	for (size_t i = 0; i < job_count; i++)
		for (size_t j = 0; j <= THREADS; j++)
			free(jobs[i].told[j]);
	for (size_t i = 0; i < file_count; i++)
		free(contents[i].at);
	free(contents);
	free(jobs);
	return all && rounds ? 0 : 1;
}
