/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * Runs a fuzz target on the files, and all files of the directories, that are named: the
 * corpus as an ordinary test, without a fuzzer. "--make COUNT" runs it on so many files that
 * the target's mutator makes, always the same ones.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "fuzz.h"

static unsigned long replayed;

/* Absent from targets of other forms than ELF. */
__attribute__((weak)) size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size,
                                                     size_t max, unsigned seed);

/* In the fuzzer's place: one byte is another, none is added. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max)
{
	static unsigned state = 1;
	state = state * 1103515245 + 12345;
	if (size && max >= size)
		data[(state >> 8) % size] = (uint8_t)(state >> 24);
	return size;
}

#define MADE_MAX 8192

static int make(unsigned long count)
{
	uint8_t *data = malloc(MADE_MAX);
	size_t size = 0;
	if (!LLVMFuzzerCustomMutator || !data) {
		fprintf(stderr, "this target makes nothing\n");
		free(data);
		return -1;
	}
	for (unsigned seed = 1; replayed < count; seed++) {
		/* A new file, then what a few changes make of it. */
		if (seed % 8 == 1)
			size = 0;
		size = LLVMFuzzerCustomMutator(data, size, MADE_MAX, seed);
		LLVMFuzzerTestOneInput(data, size);
		replayed++;
	}
	free(data);
	return 0;
}

static int replay_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	struct stat st;
	if (!file || fstat(fileno(file), &st) < 0) {
		perror(path);
		if (file)
			fclose(file);
		return -1;
	}
	size_t size = (size_t)st.st_size;
	unsigned char *data = malloc(size ? size : 1);
	int r = data && fread(data, 1, size, file) == size ? 0 : -1;
	fclose(file);
	if (r == 0)
		LLVMFuzzerTestOneInput(data, size);
	else
		fprintf(stderr, "%s: cannot be read\n", path);
	free(data);
	replayed++;
	return r;
}

static int replay_directory(const char *path)
{
	struct dirent **names;
	int count = scandir(path, &names, NULL, alphasort);
	if (count < 0) {
		perror(path);
		return -1;
	}
	int r = 0;
	for (int i = 0; i < count; i++) {
		char *inner;
		if (*names[i]->d_name != '.' &&
		    asprintf(&inner, "%s/%s", path, names[i]->d_name) >= 0) {
			r |= replay_file(inner);
			free(inner);
		}
		free(names[i]);
	}
	free(names);
	return r;
}

int main(int argc, char **argv)
{
	int r = 0;
	for (int i = 1; i < argc; i++) {
		struct stat st;
		if (strcmp(argv[i], "--make") == 0 && i + 1 < argc)
			r |= make(strtoul(argv[++i], NULL, 10));
		else if (stat(argv[i], &st) == 0 && S_ISDIR(st.st_mode))
			r |= replay_directory(argv[i]);
		else
			r |= replay_file(argv[i]);
	}
	printf("%lu inputs\n", replayed);
	return r || !replayed ? EXIT_FAILURE : EXIT_SUCCESS;
}
