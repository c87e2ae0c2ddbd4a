/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The instructions of one function, read by Capstone. */
#include "debug/code/code.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "debug/code/disassembler.h"

size_t code_find(const struct code *code, uint64_t address)
{
	size_t low = array_below(code->items, code->count, address, address);
	return low < code->count && code->items[low].address == address ? low
	                                                                : code->count;
}

void code_deinit(struct code *code)
{
	free(code->items);
	*code = (struct code){ 0 };
}

#if HAVE_CAPSTONE
#include "lazy/library.h"
#include "sonames.h"

LIBRARY_NOTE(SONAME_LIBCAPSTONE, "capstone", "suggested",
             "names of arguments that were copied");

#define TARGETS_MAX 16384

static const struct machine_code *const machines[] = { &machine_code_x86_64,
	                                               &machine_code_aarch64 };

static const struct machine_code *find_machine(const struct usdtinfo_image *image)
{
	for (size_t i = 0; i < ARRAY_SIZE(machines); i++)
		if (machines[i]->machine == image->header.e_machine &&
		    machines[i]->big_endian == image->big_endian &&
		    image->address_size == 8)
			return machines[i];
	return NULL;
}

static int load(struct capstone *capstone, struct usdtinfo_error *err)
{
	static const char *const names[] = {
		"cs_open", "cs_close",       "cs_option",      "cs_malloc",
		"cs_free", "cs_disasm_iter", "cs_regs_access", "cs_reg_name",
	};
	return library_load(SONAME_LIBCAPSTONE, names, ARRAY_SIZE(names), capstone, err);
}

struct code_reader {
	struct capstone capstone;
	csh handle;
	const struct machine_code *machine;
	struct code *code;
	uint64_t *targets;
	size_t target_count, target_room;
};

static bool has_group(const cs_insn *insn, unsigned group)
{
	for (unsigned i = 0; i < insn->detail->groups_count; i++)
		if (insn->detail->groups[i] == group)
			return true;
	return false;
}

/* The immediate that a jump goes to. */
static bool jump_target(const struct code_reader *reader, const cs_insn *insn,
                        uint64_t *ret)
{
	if (reader->machine->arch == CS_ARCH_X86) {
		const cs_x86 *x86 = &insn->detail->x86;
		if (x86->op_count != 1 || x86->operands[0].type != X86_OP_IMM)
			return false;
		*ret = (uint64_t)x86->operands[0].imm;
		return true;
	}
	const cs_arm64 *arm = &insn->detail->arm64;
	if (arm->op_count == 0 || arm->operands[arm->op_count - 1].type != ARM64_OP_IMM)
		return false;
	*ret = (uint64_t)arm->operands[arm->op_count - 1].imm;
	return true;
}

static bool is_conditional(const struct code_reader *reader, const cs_insn *insn)
{
	if (reader->machine->arch == CS_ARCH_X86)
		return insn->id != X86_INS_JMP;
	return insn->id != ARM64_INS_BR &&
	       (insn->id != ARM64_INS_B || (insn->detail->arm64.cc != ARM64_CC_INVALID &&
	                                    insn->detail->arm64.cc != ARM64_CC_AL));
}

static bool is_inside(const struct code *code, uint64_t address)
{
	for (size_t i = 0; i < code->range_count; i++)
		if (address >= code->ranges[i].start && address < code->ranges[i].end)
			return true;
	return false;
}

static bool is_call(const struct code_reader *reader, const cs_insn *insn)
{
	if (reader->machine->arch == CS_ARCH_ARM64)
		return insn->id == ARM64_INS_BL || insn->id == ARM64_INS_BLR;
	return has_group(insn, CS_GRP_CALL);
}

/* Return: false when memory ran out */
static bool take_control(struct code_reader *reader, const cs_insn *insn,
                         struct instruction *item)
{
	uint64_t target;
	if (is_call(reader, insn)) {
		item->writes = ~reader->machine->kept;
		item->writes_memory = true;
		item->base = NO_REGISTER;
		return true;
	}
	item->ends_block = has_group(insn, CS_GRP_RET) || has_group(insn, CS_GRP_IRET) ||
	                   has_group(insn, CS_GRP_INT);
	if (reader->machine->arch == CS_ARCH_ARM64)
		item->ends_block |= insn->id == ARM64_INS_RET;
	if (!has_group(insn, CS_GRP_JUMP) || item->ends_block)
		return true;
	item->ends_block = !is_conditional(reader, insn);
	if (!jump_target(reader, insn, &target)) {
		/* A table of cases, or a computed goto: it may go anywhere. */
		reader->code->is_traceable = false;
		return true;
	}
	if (!is_inside(reader->code, target))
		return true;
	if (reader->target_count == TARGETS_MAX) {
		reader->code->is_traceable = false;
		return true;
	}
	if (!array_grow(&reader->targets, &reader->target_room, reader->target_count + 1,
	                sizeof(*reader->targets)))
		return false;
	reader->targets[reader->target_count++] = target;
	return true;
}

static void take_writes(struct code_reader *reader, const cs_insn *insn,
                        struct instruction *item)
{
	cs_regs read, written;
	uint8_t read_count, written_count;
	if (reader->capstone.access(reader->handle, insn, read, &read_count, written,
	                            &written_count) != CS_ERR_OK) {
		item->writes = UINT64_MAX;
		return;
	}
	for (unsigned i = 0; i < written_count; i++) {
		unsigned number = reader->machine->number(written[i]);
		if (number < 64)
			item->writes |= UINT64_C(1) << number;
	}
}

/* Return: false when memory ran out */
static bool add(struct code_reader *reader, const struct instruction *item)
{
	struct code *code = reader->code;
	if (!array_grow(&code->items, &code->room, code->count + 1, sizeof(*code->items)))
		return false;
	code->items[code->count++] = *item;
	return true;
}

static bool add_instruction(struct code_reader *reader, const cs_insn *insn)
{
	struct instruction items[2] = { {
		.address = insn->address,
		.target = NO_REGISTER,
		.source = NO_REGISTER,
		.base = NO_REGISTER,
	} };
	unsigned count = reader->machine->understand(insn, items);
	/* What a call pushes its return takes off again. */
	if (!is_call(reader, insn))
		take_writes(reader, insn, &items[0]);
	if (count == 2) {
		/* Each writes its own; what else is written is so after both. */
		items[1].writes = items[0].writes;
		if (items[0].target < 64)
			items[1].writes &= ~(UINT64_C(1) << items[0].target);
		items[0].writes = 0;
	}
	if (!take_control(reader, insn, &items[0]))
		return false;
	for (unsigned i = 0; i < count; i++) {
		if (items[i].target < 64)
			items[i].writes |= UINT64_C(1) << items[i].target;
		if (!add(reader, &items[i]))
			return false;
	}
	return true;
}

/* Whether a word is UDF of AArch64: data among code, which Capstone takes for code since 5. */
static bool is_undefined(const struct code_reader *reader, struct span bytes)
{
	return reader->machine->arch == CS_ARCH_ARM64 && bytes.left >= 4 &&
	       bytes.at[2] == 0 && bytes.at[3] == 0;
}

static bool disassemble(struct code_reader *reader, uint64_t address, struct span bytes)
{
	cs_insn *insn = reader->capstone.allocate(reader->handle);
	unsigned step = reader->machine->step;
	bool enough = insn;
	while (enough && bytes.left > 0) {
		const uint8_t *at = bytes.at;
		size_t left = bytes.left;
		if (!is_undefined(reader, bytes) &&
		    reader->capstone.next(reader->handle, &at, &left, &address, insn)) {
			bytes = (struct span){ at, left };
			enough = add_instruction(reader, insn);
			continue;
		}
		/* Data among code, or an instruction that Capstone does not know. */
		if (!step || bytes.left < step)
			break;
		struct instruction unknown = {
			.address = address,
			.writes = UINT64_MAX,
			.target = NO_REGISTER,
			.source = NO_REGISTER,
			.base = NO_REGISTER,
			.writes_memory = true,
			.ends_block = true,
		};
		enough = add(reader, &unknown);
		span_skip(&bytes, step);
		address += step;
	}
	if (insn)
		reader->capstone.release(insn, 1);
	return enough;
}

static void mark_targets(struct code_reader *reader)
{
	for (size_t i = 0; i < reader->target_count; i++) {
		size_t index = code_find(reader->code, reader->targets[i]);
		if (index < reader->code->count)
			reader->code->items[index].is_target = true;
		else
			reader->code->is_traceable = false;
	}
}

static bool read_bytes(struct usdtinfo_image *image, const struct code_range *range,
                       struct contents *ret)
{
	const struct segment *segment = segments_find(&image->segments, range->start);
	uint64_t offset;
	return segment && segment_offset(segment, range->start, &offset) &&
	       image_range(image, offset, range->end - range->start, ret, NULL) == 0;
}

/* Return: false when memory ran out */
static bool read_ranges(struct code_reader *reader, struct usdtinfo_image *image)
{
	struct code *code = reader->code;
	bool enough = true;
	for (size_t i = 0; enough && i < code->range_count; i++) {
		struct contents contents = { 0 };
		if (!read_bytes(image, &code->ranges[i], &contents)) {
			code->is_traceable = false;
			return true;
		}
		enough = disassemble(reader, code->ranges[i].start, contents.bytes);
		contents_deinit(&contents);
	}
	mark_targets(reader);
	return enough;
}

static bool are_sound(const struct code_range *ranges, size_t count, uint64_t *size_ret)
{
	uint64_t size = 0, before = 0;
	for (size_t i = 0; i < count; i++) {
		if (ranges[i].start < before || ranges[i].end <= ranges[i].start ||
		    ranges[i].end - ranges[i].start > CODE_SIZE_MAX - size)
			return false;
		before = ranges[i].end;
		size += ranges[i].end - ranges[i].start;
	}
	*size_ret = size;
	return count > 0;
}

int code_read(struct code *code, struct usdtinfo_image *image,
              const struct code_range *ranges, size_t range_count, struct budget *budget,
              struct usdtinfo_error *err)
{
	struct code_reader reader = { .machine = find_machine(image), .code = code };
	size_t size = range_count * sizeof(*ranges);
	uint64_t bytes;
	if (code->range_count == range_count && memcmp(code->ranges, ranges, size) == 0)
		return 0;
	code->count = 0;
	code->is_traceable = false;
	code->range_count = range_count;
	memcpy(code->ranges, ranges, size);
	/* Addresses in relocatable objects stand in relocations. */
	if (!reader.machine || image->header.e_type == ET_REL ||
	    !are_sound(ranges, range_count, &bytes) || !budget_take(budget, bytes / 4))
		return 0;
	struct usdtinfo_error why;
	if (load(&reader.capstone, &why) < 0) {
		/* Nobody has to have it; one that is there and cannot be had is trouble. */
		if (why.sys_errno == ENOENT)
			return 0;
		fail(err, USDTINFO_E_SYSTEM, "%s", why.text);
		if (err)
			err->sys_errno = ELIBACC;
		return USDTINFO_E_SYSTEM;
	}
	cs_err opened = reader.capstone.open(reader.machine->arch, reader.machine->mode,
	                                     &reader.handle);
	if (opened != CS_ERR_OK)
		return opened == CS_ERR_MEM ? fail_memory(err) : 0;
	reader.capstone.option(reader.handle, CS_OPT_DETAIL, CS_OPT_ON);
	code->stack = reader.machine->stack;
	code->frame = reader.machine->frame;
	code->is_traceable = true;
	bool enough = read_ranges(&reader, image);
	reader.capstone.close(&reader.handle);
	free(reader.targets);
	return enough ? 0 : fail_memory(err);
}
#else
int code_read(struct code *code, struct usdtinfo_image *image,
              const struct code_range *ranges, size_t range_count, struct budget *budget,
              struct usdtinfo_error *err)
{
	code->is_traceable = false;
	return 0;
}
#endif
