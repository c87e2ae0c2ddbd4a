/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Where a value came from: back through the instructions before the site. */
#include "debug/name/trace.h"

#include <string.h>

#include "debug/name/match_static.h"

#define STEPS_MAX                                                                        \
	24 /* copies that one value is followed through, pointers to it included */
#define NONE SIZE_MAX

/* Instructions that are gone over for the cost of a debugging entry that is looked at. */
#define INSTRUCTIONS_PER_COST 256

struct trace {
	const struct name_context *context;
	const struct code *code;
	size_t site;   /* the instruction of the probe */
	size_t oldest; /* the first instruction that reads memory for the result */
	bool renamed;  /* the view at the site is no longer the operand itself */
	unsigned steps;
};

static const struct instruction *instruction(const struct trace *trace, size_t index)
{
	return &trace->code->items[index];
}

static bool writes(const struct instruction *item, unsigned reg)
{
	return reg >= 64 || item->writes >> reg & 1;
}

/* Whether what comes before @index always runs before it. */
static bool is_block_start(const struct trace *trace, size_t index)
{
	return index == 0 || instruction(trace, index)->is_target ||
	       instruction(trace, index - 1)->ends_block;
}

static bool is_stack(const struct trace *trace, unsigned reg)
{
	return reg == trace->code->stack || reg == trace->code->frame;
}

static bool overlaps(uint64_t a, uint64_t a_size, uint64_t b, uint64_t b_size)
{
	return a - b < b_size || b - a < a_size;
}

/*
 * A block may be as long as a function, and each argument of each probe is followed back
 * through it. Return: as budget_take()
 */
static bool pay(const struct trace *trace, size_t instructions)
{
	return budget_take(&trace->context->file->budget,
	                   1 + instructions / INSTRUCTIONS_PER_COST);
}

static size_t block_start(const struct trace *trace, size_t at)
{
	while (!is_block_start(trace, at))
		at--;
	return at;
}

/* The instruction that put the value there; NONE: it was there when the block began. */
static size_t find_writer(const struct trace *trace, const struct view *view,
                          uint64_t size, size_t at)
{
	if (!pay(trace, at - block_start(trace, at)))
		return NONE;
	for (; !is_block_start(trace, at); at--) {
		const struct instruction *item = instruction(trace, at - 1);
		if (writes(item, view->reg))
			return at - 1;
		if (view->is_memory && item->writes_memory && item->base == view->reg &&
		    overlaps(item->value, item->width ? item->width : 64,
		             view->displacement, size))
			return at - 1;
	}
	return NONE;
}

/* ---- what the debug info says at an instruction ---- */

#define REGISTERS 64

static void number_values(const struct trace *trace, size_t from, size_t to,
                          uint64_t size, uint64_t numbers[REGISTERS])
{
	for (size_t i = from; i < to; i++) {
		const struct instruction *item = instruction(trace, i);
		bool is_copy = item->kind == CODE_MOVE && item->width >= size &&
		               item->source < REGISTERS && item->target < REGISTERS;
		uint64_t copied = is_copy ? numbers[item->source] : 0;
		/* Whatever is written is new: numbers that no other instruction gives. */
		for (unsigned reg = 0; reg < REGISTERS; reg++)
			if (item->writes >> reg & 1)
				numbers[reg] = (i + 1) * REGISTERS + reg;
		if (is_copy)
			numbers[item->target] = copied;
	}
}

/* For each register at instruction @at, those that hold the same value at the site. */
static void find_copies(const struct trace *trace, size_t at, uint64_t size,
                        uint64_t copies[REGISTERS])
{
	uint64_t then[REGISTERS], now[REGISTERS];
	size_t start = block_start(trace, at);
	for (unsigned reg = 0; reg < REGISTERS; reg++)
		then[reg] = reg;
	number_values(trace, start, at, size, then);
	memcpy(now, then, sizeof(now));
	number_values(trace, at, trace->site, size, now);
	for (unsigned reg = 0; reg < REGISTERS; reg++) {
		copies[reg] = 0;
		for (unsigned other = 0; other < REGISTERS; other++)
			if (then[reg] == now[other])
				copies[reg] |= UINT64_C(1) << other;
	}
}

static bool ask_debug_info(struct trace *trace, const struct view *view,
                           const struct wanted *wanted, size_t at,
                           struct variable_matches *ret)
{
	const struct name_context *context = trace->context;
	uint64_t image_address = instruction(trace, at)->address;
	uint64_t address = image_address - context->bias, copies[REGISTERS];
	struct frame frame;
	struct visible visible;
	struct usdtinfo_error ignored;
	if ((at == trace->site && !trace->renamed) || view->reg >= REGISTERS)
		return false;
	/* Of each instruction all registers are looked at. */
	if (!pay(trace, REGISTERS / 4 * (trace->site - block_start(trace, at))))
		return false;
	find_copies(trace, at, view->is_memory ? 8 : wanted->size, copies);
	/* A register whose value is still in one: the site's own variables know best. */
	if (copies[view->reg]) {
		struct view now = *view;
		now.reg = (unsigned)__builtin_ctzll(copies[view->reg]);
		now.copies = copies[view->reg];
		match_view(context, &now, wanted, ret);
		if (ret->count || at == trace->site)
			return ret->count > 0;
	}
	frame_find(context->file, context->scopes, context->unwind, address,
	           image_address, &frame);
	if (visible_collect(context->file, context->scopes, &frame, address,
	                    context->arena, &visible, &ignored) < 0) {
		ret->failed = true;
		return false;
	}
	struct name_context then = *context;
	then.visible = &visible;
	then.site = context->visible;
	then.copies = copies;
	match_view(&then, view, wanted, ret);
	return ret->count > 0;
}

/* ---- following ---- */

static void follow(struct trace *trace, struct view view, const struct wanted *wanted,
                   size_t at, struct variable_matches *ret);

/* The address that a register holds, where instructions alone tell it. */
static bool constant_address(struct trace *trace, unsigned reg, size_t at, uint64_t *ret)
{
	uint64_t sum = 0;
	while (trace->steps++ < STEPS_MAX) {
		at = find_writer(trace, &(struct view){ .reg = reg }, 8, at);
		if (at == NONE)
			return false;
		const struct instruction *item = instruction(trace, at);
		if (item->target != reg)
			return false;
		if (item->kind == CODE_ADDRESS) {
			*ret = item->value + sum;
			return true;
		}
		if (item->kind == CODE_SUM)
			sum += item->value;
		else if (item->kind != CODE_MOVE || item->width != 8)
			return false;
		reg = item->source;
	}
	return false;
}

/* Memory that a register points to, which is no variable's own place. */
static void follow_pointer(struct trace *trace, const struct view *view,
                           const struct wanted *wanted, size_t at,
                           struct variable_matches *ret)
{
	struct wanted pointer = { .size = 8 };
	struct variable_matches found = { .is_sure = true };
	uint64_t address;
	if (constant_address(trace, view->reg, at, &address)) {
		match_address(trace->context, address + view->displacement, false, wanted,
		              ret);
		return;
	}
	follow(trace, (struct view){ .reg = view->reg }, &pointer, at, &found);
	if (found.count == 1 && !found.failed)
		match_behind(trace->context, &found.items[0], view->displacement, wanted,
		             ret);
	ret->failed |= found.failed;
	matches_deinit(&found);
}

/* One copy back. Return: false when the value was made there, or is an address */
static bool step_back(struct trace *trace, struct view *view, const struct wanted *wanted,
                      size_t writer, struct variable_matches *ret)
{
	const struct instruction *item = instruction(trace, writer);
	uint64_t address;
	if (view->is_memory) {
		if (item->kind != CODE_STORE || item->base != view->reg ||
		    item->value != view->displacement || item->width < wanted->size)
			return false;
		*view = (struct view){ .reg = item->source };
		return true;
	}
	if (item->target != view->reg)
		return false;
	switch (item->kind) {
	case CODE_MOVE:
		view->reg = item->source;
		return item->width >= wanted->size;
	case CODE_LOAD:
		if (item->width < wanted->size)
			return false;
		if (item->base == NO_REGISTER) {
			if (writer < trace->oldest)
				trace->oldest = writer;
			match_address(trace->context, item->value, false, wanted, ret);
			return false;
		}
		*view = (struct view){ .is_memory = true,
			               .reg = item->base,
			               .displacement = item->value };
		return true;
	case CODE_ADDRESS:
	case CODE_SUM:
		if (wanted->size == 8 &&
		    constant_address(trace, view->reg, writer + 1, &address))
			match_address(trace->context, address, true, wanted, ret);
		return false;
	default:
		return false;
	}
}

/* A base that is the stack pointer and a number: the same slot, named otherwise. */
static bool stack_slot(const struct trace *trace, struct view *view, size_t writer)
{
	const struct instruction *item = instruction(trace, writer);
	bool is_sum = item->kind == CODE_SUM ||
	              (item->kind == CODE_MOVE && item->width == 8);
	if (!is_sum || item->target != view->reg || !is_stack(trace, item->source))
		return false;
	view->reg = item->source;
	view->displacement += item->kind == CODE_SUM ? item->value : 0;
	return true;
}

static void follow(struct trace *trace, struct view view, const struct wanted *wanted,
                   size_t at, struct variable_matches *ret)
{
	while (trace->steps++ < STEPS_MAX) {
		if (view.is_memory && at < trace->oldest)
			trace->oldest = at;
		if (ask_debug_info(trace, &view, wanted, at, ret) || ret->failed)
			return;
		size_t writer = find_writer(trace, &view, wanted->size, at);
		bool is_base_new = view.is_memory && writer != NONE &&
		                   writes(instruction(trace, writer), view.reg);
		if (is_base_new && stack_slot(trace, &view, writer)) {
			trace->renamed = true;
			continue;
		}
		if (view.is_memory && !is_stack(trace, view.reg) &&
		    (writer == NONE || is_base_new)) {
			follow_pointer(trace, &view, wanted, at, ret);
			return;
		}
		if (writer == NONE)
			return;
		if (!step_back(trace, &view, wanted, writer, ret))
			return;
		at = writer;
	}
}

/* ---- whether the value is still the same at the site ---- */

static bool hits_variable(const struct visible *visible, const struct instruction *item)
{
	for (size_t i = 0; i < visible->count; i++) {
		const struct variable *variable = &visible->items[i];
		for (size_t k = 0; k < variable->place_count; k++) {
			const struct value_place *place = &variable->places[k];
			uint64_t size;
			if (place->kind != PLACE_MEMORY || place->reg != item->base)
				continue;
			if (!type_size(&variable->type, &size))
				size = 8;
			if (overlaps(item->value, item->width, place->offset, size))
				return true;
		}
	}
	return false;
}

/* Stores to the stack that are no variable's place are the copies themselves. */
static bool is_undisturbed(const struct trace *trace)
{
	for (size_t i = trace->oldest; i < trace->site; i++) {
		const struct instruction *item = instruction(trace, i);
		if (!item->writes_memory)
			continue;
		if (!pay(trace, trace->context->visible->count) ||
		    item->base == NO_REGISTER || !is_stack(trace, item->base) ||
		    item->width == 0 || hits_variable(trace->context->visible, item))
			return false;
	}
	return true;
}

void trace_view(const struct name_context *context, const struct view *view,
                const struct wanted *wanted, struct variable_matches *ret)
{
	struct trace trace = { .context = context, .code = context->code };
	trace.site = code_find(context->code, context->address + context->bias);
	trace.oldest = trace.site;
	if (trace.site == context->code->count || context->image->big_endian ||
	    context->file->budget.exhausted)
		return;
	follow(&trace, *view, wanted, trace.site, ret);
	if (ret->count && !is_undisturbed(&trace))
		matches_deinit(ret);
}
