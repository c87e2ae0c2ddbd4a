/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* AArch64: how instructions move values. */
#include "debug/code/disassembler.h"

static unsigned number(unsigned reg)
{
	if (reg >= ARM64_REG_X0 && reg <= ARM64_REG_X28)
		return reg - ARM64_REG_X0;
	if (reg >= ARM64_REG_W0 && reg <= ARM64_REG_W30)
		return reg - ARM64_REG_W0;
	switch (reg) {
	case ARM64_REG_X29:
		return 29;
	case ARM64_REG_X30:
		return 30;
	case ARM64_REG_SP:
	case ARM64_REG_WSP:
		return 31;
	default:
		return NO_REGISTER;
	}
}

static unsigned char width_of(unsigned reg)
{
	return reg >= ARM64_REG_W0 && reg <= ARM64_REG_W30 ? 4 : 8;
}

/* What a load or store accesses; 0: as much as the register. */
static const struct {
	unsigned id;
	unsigned char width;
	bool is_store;
} transfers[] = {
	{ ARM64_INS_LDR, 0, false },   { ARM64_INS_LDUR, 0, false },
	{ ARM64_INS_LDRB, 1, false },  { ARM64_INS_LDURB, 1, false },
	{ ARM64_INS_LDRH, 2, false },  { ARM64_INS_LDURH, 2, false },
	{ ARM64_INS_LDRSB, 1, false }, { ARM64_INS_LDURSB, 1, false },
	{ ARM64_INS_LDRSH, 2, false }, { ARM64_INS_LDURSH, 2, false },
	{ ARM64_INS_LDRSW, 4, false }, { ARM64_INS_LDURSW, 4, false },
	{ ARM64_INS_STR, 0, true },    { ARM64_INS_STUR, 0, true },
	{ ARM64_INS_STRB, 1, true },   { ARM64_INS_STURB, 1, true },
	{ ARM64_INS_STRH, 2, true },   { ARM64_INS_STURH, 2, true },
};

static void swap(struct instruction *a, struct instruction *b)
{
	struct instruction kept = *a;
	*a = *b;
	*b = kept;
}

/* Two registers at once: as one after the other. */
static unsigned understand_pair(const cs_arm64 *arm, bool is_store,
                                struct instruction *ret)
{
	const cs_arm64_op *operands = arm->operands;
	if (arm->op_count != 3 || operands[2].type != ARM64_OP_MEM || arm->writeback)
		return 1;
	unsigned first = number(operands[0].reg), second = number(operands[1].reg);
	unsigned base = number(operands[2].mem.base);
	if (first == NO_REGISTER || second == NO_REGISTER || base == NO_REGISTER)
		return 1;
	ret[0].kind = is_store ? CODE_STORE : CODE_LOAD;
	ret[0].width = width_of(operands[0].reg);
	ret[0].base = (unsigned char)base;
	ret[0].value = (uint64_t)(int64_t)operands[2].mem.disp;
	ret[1] = ret[0];
	ret[1].value += ret[0].width;
	if (is_store) {
		ret[0].source = (unsigned char)first;
		ret[1].source = (unsigned char)second;
	} else {
		ret[0].target = (unsigned char)first;
		ret[1].target = (unsigned char)second;
		if (first == base)
			swap(&ret[0], &ret[1]);
	}
	return 2;
}

static void understand_transfer(const cs_arm64 *arm, unsigned char width, bool is_store,
                                struct instruction *ret)
{
	const cs_arm64_op *value = &arm->operands[0], *memory = &arm->operands[1];
	unsigned reg = number(value->reg);
	if (arm->op_count != 2 || memory->type != ARM64_OP_MEM || arm->writeback ||
	    memory->mem.index != ARM64_REG_INVALID || reg == NO_REGISTER)
		return;
	unsigned base = number(memory->mem.base);
	if (base == NO_REGISTER)
		return;
	ret->kind = is_store ? CODE_STORE : CODE_LOAD;
	ret->width = width ? width : width_of(value->reg);
	ret->base = (unsigned char)base;
	ret->value = (uint64_t)(int64_t)memory->mem.disp;
	if (is_store)
		ret->source = (unsigned char)reg;
	else
		ret->target = (unsigned char)reg;
}

static void understand_sum(const cs_arm64 *arm, bool is_negative, struct instruction *ret)
{
	const cs_arm64_op *operands = arm->operands;
	if (arm->op_count != 3 || operands[1].type != ARM64_OP_REG ||
	    operands[2].type != ARM64_OP_IMM ||
	    (operands[2].shift.type != ARM64_SFT_INVALID &&
	     operands[2].shift.type != ARM64_SFT_LSL))
		return;
	unsigned target = number(operands[0].reg), source = number(operands[1].reg);
	if (target == NO_REGISTER || source == NO_REGISTER ||
	    width_of(operands[0].reg) != 8)
		return;
	ret->kind = CODE_SUM;
	ret->target = (unsigned char)target;
	ret->source = (unsigned char)source;
	ret->value = (uint64_t)operands[2].imm << (operands[2].shift.value & 63);
	if (is_negative)
		ret->value = -ret->value;
}

static void understand_move(const cs_arm64 *arm, struct instruction *ret)
{
	unsigned target = number(arm->operands[0].reg);
	if (arm->op_count != 2 || target == NO_REGISTER)
		return;
	if (arm->operands[1].type == ARM64_OP_REG) {
		unsigned source = number(arm->operands[1].reg);
		if (source == NO_REGISTER)
			return;
		ret->kind = CODE_MOVE;
		ret->source = (unsigned char)source;
		ret->width = width_of(arm->operands[0].reg);
	} else if (arm->operands[1].type == ARM64_OP_IMM) {
		ret->kind = CODE_ADDRESS;
		ret->value = (uint64_t)arm->operands[1].imm;
	}
	ret->target = (unsigned char)target;
}

static unsigned understand(const cs_insn *insn, struct instruction ret[2])
{
	unsigned count = 1;
	const cs_arm64 *arm = &insn->detail->arm64;
	for (size_t i = 0; i < sizeof(transfers) / sizeof(transfers[0]); i++) {
		if (transfers[i].id != insn->id)
			continue;
		ret->writes_memory = transfers[i].is_store;
		understand_transfer(arm, transfers[i].width, transfers[i].is_store, ret);
		break;
	}
	switch (insn->id) {
	case ARM64_INS_MOV:
	case ARM64_INS_ADRP:
	case ARM64_INS_ADR:
		understand_move(arm, ret);
		break;
	case ARM64_INS_ADD:
	case ARM64_INS_SUB:
		understand_sum(arm, insn->id == ARM64_INS_SUB, ret);
		break;
	case ARM64_INS_STP:
		ret->writes_memory = true;
		count = understand_pair(arm, true, ret);
		break;
	case ARM64_INS_LDP:
		count = understand_pair(arm, false, ret);
		break;
	default:
		/* Pairs, exclusive and vector stores: somewhere. */
		for (unsigned i = 0; i < arm->op_count; i++)
			ret->writes_memory |= arm->operands[i].type == ARM64_OP_MEM &&
			                      insn->mnemonic[0] == 's';
		break;
	}
	for (unsigned i = 0; arm->writeback && i < arm->op_count; i++) {
		if (arm->operands[i].type != ARM64_OP_MEM)
			continue;
		unsigned base = number(arm->operands[i].mem.base);
		if (base != NO_REGISTER)
			ret->writes |= UINT64_C(1) << base;
	}
	return count;
}

const struct machine_code machine_code_aarch64 = {
	.machine = EM_AARCH64,
	.arch = CS_ARCH_ARM64,
	.mode = CS_MODE_LITTLE_ENDIAN,
	.step = 4,
	.stack = 31,
	.frame = 29,
	/* x19 to x29, sp */
	.kept = 0x7ffu << 19 | UINT64_C(1) << 31,
	.number = number,
	.understand = understand,
};
