/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* What the files that examine a Python share. */
#pragma once

#include "elf/object/image.h"
#include "elf/symbol/dynamic.h"
#include "elf/symbol/symtab.h"
#include "find/runtime/python.h"

/* libpython3.11.so.1.0 and the like; libpython3.so is the stable ABI's stub. */
bool is_real_libpython(const char *path);

/* Text in the python's arena. When memory runs out AT is NULL and no_memory is set. */
struct text python_keep(struct usdtinfo_python *python, const char *string);
__attribute__((format(printf, 2, 3))) struct text
python_format(struct usdtinfo_python *python, const char *fmt, ...);

/* A Python of which nothing is known yet; NULL: memory ran out. @asked may be NULL. */
struct usdtinfo_python *python_new(const char *asked);
/*
 * python_finish - hand it out, or release it when memory ran out meanwhile
 *
 * Return: 0 or USDTINFO_E_MEMORY.
 */
int python_finish(struct usdtinfo_python *python, struct usdtinfo_python **ret,
                  struct usdtinfo_error *err);

/* What was looked for could not all be read: an errno, or 0. */
void python_tell_trouble(struct usdtinfo_python *python, int error);

void python_add_hop(struct usdtinfo_python *python, const char *path, const char *how);

/* Set verdict and reason. */
__attribute__((format(printf, 3, 4))) void
python_decide(struct usdtinfo_python *python, enum usdtinfo_python_verdict verdict,
              const char *fmt, ...);
/* Set the hint. */
__attribute__((format(printf, 2, 3))) void python_hint(struct usdtinfo_python *python,
                                                       const char *fmt, ...);

/* @made; where it is NULL memory ran out, which the root remembers. */
char *path_noted(const struct root *root, char *made);
/* Whether @name is better than @best, which is NULL at first. */
typedef bool name_chooser(const void *context, const char *name, const char *best);
/* The best of the names in @directory; NULL when none is good, or not all can be read. */
char *path_best_match(const struct root *root, const char *directory,
                      name_chooser *is_better, const void *context);
/* The last of the names in @directory that match, numbers counting as numbers; or NULL. */
char *path_last_match(const struct root *root, const char *directory,
                      const char *pattern);

/* What python_locate() leaves. Release with python_place_deinit(). */
struct python_place {
	char *program; /* path inside the root of the file to be judged */
	char *first;   /* directory to be searched first (build tree), or NULL */
	char *base;    /* the program that a virtual environment was made from, or NULL */
	char *environment; /* directory with pyvenv.cfg, or NULL */
};

/*
 * python_locate - from what a person typed to a file that is no link and no script
 *
 * Return: true; false when the verdict is set.
 */
bool python_locate(struct usdtinfo_python *python, const struct python_settings *settings,
                   const char *asked, struct python_place *ret);
/*
 * python_locate_directory - the program, or the library, that a directory stands for
 *
 * Return: a malloced path; NULL when it is nothing of the kind
 */
char *python_locate_directory(struct usdtinfo_python *python, const struct root *root,
                              const char *directory, const char **how_ret);
void python_place_deinit(struct python_place *place);

/* One object with all that judging it needs. Zero-initialise. */
struct python_elf {
	struct usdtinfo_image *image;
	struct dynamic dynamic;
	char *path;
	bool is_cpython; /* it defines CPython's functions */
	/* Of an image that is another's: the root that it had there; NULL: it is our own. */
	const struct root *lent_root;
};

/* Return: 0, or the code of the failure with @err filled; release in every case */
int python_elf_open(const struct root *root, const char *path, struct python_elf *ret,
                    struct usdtinfo_error *err);
/* The same with an image that is open already, and stays the caller's; here @root is its. */
int python_elf_borrow(struct usdtinfo_image *image, const struct root *root,
                      const char *path, struct python_elf *ret,
                      struct usdtinfo_error *err);
void python_elf_close(struct python_elf *elf);
/* A symbol that it defines, by the tables that it has. Return: whether it does */
bool python_elf_find(const struct python_elf *elf, const char *name,
                     struct dynamic_symbol *ret);
bool python_elf_defines(const struct python_elf *elf, const char *name);
/* Where reading it failed nothing is known for sure. Return: whether that is now the verdict. */
bool python_settle_unread(struct usdtinfo_python *python, const struct python_elf *elf);

/* Version, debug and free-threaded builds: by symbols, names and strings. */
void python_read_version(struct usdtinfo_python *python, const struct python_elf *elf,
                         const char *program);

/*
 * python_read_record - find and read what the build left behind
 * @program, @object: paths inside the root, links resolved; the record is looked for around
 *                    both
 * @triplet: of the object's machine, for directories that have one record each; or NULL
 */
void python_read_record(struct usdtinfo_python *python, const struct root *root,
                        const char *program, const char *object, const char *triplet);
/* One record in memory, by the kind that its name tells; for python_read_record(). */
void python_parse_record(struct usdtinfo_python *python, const char *name,
                         struct text content);

/* Say whether the record agrees with the verdict. */
void python_compare_record(struct usdtinfo_python *python);

/* Write the version's text, as far as it is known. */
void python_name_version(struct usdtinfo_python *python);

/* The markers of an object, and its verdict with reason and hint. */
void python_judge(struct usdtinfo_python *python, const struct python_elf *elf);
/*
 * The verdict for an object by itself: with how many probes and names of Python it has.
 * Of @python only no_memory is set.
 */
enum usdtinfo_python_verdict python_judge_object(struct usdtinfo_python *python,
                                                 const struct python_elf *elf,
                                                 uint64_t *probes_ret,
                                                 const char **reason_ret);

/* The program beside the library, or the library beside the program, for --all. */
void python_add_others(struct usdtinfo_python *python,
                       const struct python_settings *settings,
                       struct python_elf *program);
/* What a program that is no Python says of the one that it starts. */
void python_hint_wrapper(struct usdtinfo_python *python, const struct root *root,
                         const struct python_elf *program);
