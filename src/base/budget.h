/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * Work that a file may still cause. Where two counts of a file multiply, the loop over them
 * takes units of a budget: a unit is a piece of work of about the same size, never a time. A
 * budget is far above what any honest file needs, and who has one says so when it is spent.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct budget {
	uint64_t left;
	/* Of debug info: its size; 0 for a list of entries without children. Else unused. */
	uint64_t whole;
	bool exhausted; /* something was cut short for want of it */
};

/* Return: false when too little is left; then nothing more is to be done */
static inline bool budget_take(struct budget *budget, uint64_t cost)
{
	if (budget->left < cost) {
		budget->left = 0;
		budget->exhausted = true;
		return false;
	}
	budget->left -= cost;
	return true;
}
