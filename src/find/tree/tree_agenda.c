/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The list of pieces. */
#include "find/tree/tree_agenda.h"

#include <dirent.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/error.h"

/* Enough that threads meet seldom, and little enough that all have some. */
#define FILES_MOST 32

/* How many names from @first on are files, as many as go into a piece. */
static size_t count_files(const struct directory *directory, size_t first)
{
	size_t i = first;
	while (i < directory->count && i - first < FILES_MOST &&
	       directory->names[i].type == DT_REG)
		i++;
	return i - first;
}

static struct piece *add_piece(struct piece **link, enum piece_state state,
                               struct directory *directory, size_t first)
{
	struct piece *piece = calloc(1, sizeof(*piece));
	if (!piece)
		return NULL;
	piece->state = state;
	piece->directory = directory_use(directory);
	piece->first = first;
	piece->next = *link;
	*link = piece;
	return piece;
}

/* Names from @first on, if there are any, wait to be cut. */
static int add_rest(struct piece **link, struct directory *directory, size_t first)
{
	if (first == directory->count)
		return 0;
	directory->is_wanted = true;
	return add_piece(link, PIECE_REST, directory, first) ? 0 : USDTINFO_E_MEMORY;
}

int agenda_begin(struct agenda *agenda, struct directory *top, int fd, size_t descriptors)
{
	*agenda = (struct agenda){ .top = top };
	agenda->settled = &agenda->head;
	pool_init(&agenda->pool, descriptors);
	pool_add(&agenda->pool, top, fd);
	return add_rest(&agenda->head, top, 0);
}

static bool is_settled(const struct piece *piece)
{
	return piece->state == PIECE_READY ||
	       (piece->state == PIECE_TAKEN && !piece->may_enter);
}

/* Return: the place of the first rest; of the end when there is none */
static struct piece **find_rest(struct agenda *agenda)
{
	while (*agenda->settled && is_settled(*agenda->settled))
		agenda->settled = &(*agenda->settled)->next;
	struct piece **link = agenda->settled;
	while (*link && (*link)->state != PIECE_REST)
		link = &(*link)->next;
	return link;
}

bool agenda_has_rest(struct agenda *agenda)
{
	return *find_rest(agenda) != NULL;
}

int agenda_take(struct agenda *agenda, struct piece **piece_ret)
{
	struct piece **link = find_rest(agenda), *rest = *link, *piece = rest;
	*piece_ret = NULL;
	if (!rest)
		return 0;
	struct directory *directory = rest->directory;
	size_t first = rest->first, count = count_files(directory, first);
	size_t end = first + (count ? count : 1);
	if (end < directory->count) {
		piece = add_piece(link, PIECE_TAKEN, directory, first);
		if (!piece)
			return USDTINFO_E_MEMORY;
		rest->first = end;
	} else {
		directory->is_wanted = false;
	}
	piece->state = PIECE_TAKEN;
	piece->count = count;
	piece->enters = count ? NULL : directory->names[first].at;
	piece->may_enter = piece->enters != NULL;
	agenda->pieces++;
	*piece_ret = piece;
	return 0;
}

bool agenda_is_stuck(const struct agenda *agenda)
{
	return agenda->head && agenda->head->state == PIECE_REST;
}

int agenda_enter(struct agenda *agenda, struct piece *piece, struct directory *directory,
                 int fd)
{
	pool_add(&agenda->pool, directory, fd);
	pool_unpin(&agenda->pool, piece->directory);
	piece->directory = directory;
	piece->enters = NULL;
	piece->first = 0;
	piece->count = count_files(directory, 0);
	piece->may_enter = false;
	/* One that is tried again was taken for settled. */
	if (piece == agenda->head)
		agenda->settled = &agenda->head;
	return add_rest(&piece->next, directory, piece->count);
}

struct piece *agenda_ready(const struct agenda *agenda)
{
	struct piece *head = agenda->head;
	return head && head->state == PIECE_READY ? head : NULL;
}

static void release(struct piece *piece)
{
	for (size_t i = 0; i < piece->file_count; i++)
		tree_file_deinit(&piece->files[i]);
	free(piece->files);
	directory_release(piece->directory);
	free(piece);
}

void agenda_drop(struct agenda *agenda)
{
	struct piece *piece = agenda->head;
	agenda->head = piece->next;
	if (agenda->settled == &piece->next)
		agenda->settled = &agenda->head;
	agenda->pieces--;
	directory_release(agenda->reached);
	agenda->reached = directory_use(piece->directory);
	release(piece);
}

void agenda_end(struct agenda *agenda)
{
	struct piece *next;
	pool_deinit(&agenda->pool);
	for (struct piece *piece = agenda->head; piece; piece = next) {
		next = piece->next;
		release(piece);
	}
	agenda->head = NULL;
	directory_release(steal_ptr(agenda->reached));
	directory_release(steal_ptr(agenda->top));
}
