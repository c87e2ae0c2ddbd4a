/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* x86-64: how instructions move values. */
#include "debug/code/disassembler.h"

#include "base/array.h"

/* The names of each register, by DWARF's number. */
static const unsigned short names[][5] = {
	{ X86_REG_RAX, X86_REG_EAX, X86_REG_AX, X86_REG_AL, X86_REG_AH },
	{ X86_REG_RDX, X86_REG_EDX, X86_REG_DX, X86_REG_DL, X86_REG_DH },
	{ X86_REG_RCX, X86_REG_ECX, X86_REG_CX, X86_REG_CL, X86_REG_CH },
	{ X86_REG_RBX, X86_REG_EBX, X86_REG_BX, X86_REG_BL, X86_REG_BH },
	{ X86_REG_RSI, X86_REG_ESI, X86_REG_SI, X86_REG_SIL },
	{ X86_REG_RDI, X86_REG_EDI, X86_REG_DI, X86_REG_DIL },
	{ X86_REG_RBP, X86_REG_EBP, X86_REG_BP, X86_REG_BPL },
	{ X86_REG_RSP, X86_REG_ESP, X86_REG_SP, X86_REG_SPL },
	{ X86_REG_R8, X86_REG_R8D, X86_REG_R8W, X86_REG_R8B },
	{ X86_REG_R9, X86_REG_R9D, X86_REG_R9W, X86_REG_R9B },
	{ X86_REG_R10, X86_REG_R10D, X86_REG_R10W, X86_REG_R10B },
	{ X86_REG_R11, X86_REG_R11D, X86_REG_R11W, X86_REG_R11B },
	{ X86_REG_R12, X86_REG_R12D, X86_REG_R12W, X86_REG_R12B },
	{ X86_REG_R13, X86_REG_R13D, X86_REG_R13W, X86_REG_R13B },
	{ X86_REG_R14, X86_REG_R14D, X86_REG_R14W, X86_REG_R14B },
	{ X86_REG_R15, X86_REG_R15D, X86_REG_R15W, X86_REG_R15B },
};

static unsigned number(unsigned reg)
{
	for (unsigned i = 0; reg && i < ARRAY_SIZE(names); i++)
		for (unsigned k = 0; k < ARRAY_SIZE(names[i]); k++)
			if (names[i][k] == reg)
				return i;
	return NO_REGISTER;
}

static bool is_high_byte(unsigned reg)
{
	return reg == X86_REG_AH || reg == X86_REG_BH || reg == X86_REG_CH ||
	       reg == X86_REG_DH;
}

/* Base and value of memory that no index is added to. Return: false for other memory */
static bool take_memory(const cs_insn *insn, const x86_op_mem *memory,
                        struct instruction *ret)
{
	if (memory->segment != X86_REG_INVALID || memory->index != X86_REG_INVALID)
		return false;
	ret->value = (uint64_t)memory->disp;
	if (memory->base == X86_REG_RIP) {
		ret->base = NO_REGISTER;
		ret->value += insn->address + insn->size;
		return true;
	}
	/* An absolute address, where code is not position-independent. */
	if (memory->base == X86_REG_INVALID) {
		ret->base = NO_REGISTER;
		return true;
	}
	ret->base = (unsigned char)number(memory->base);
	return ret->base != NO_REGISTER;
}

static void understand_move(const cs_insn *insn, const cs_x86_op *to,
                            const cs_x86_op *from, struct instruction *ret)
{
	struct instruction found = *ret;
	if (to->type == X86_OP_REG)
		found.target = (unsigned char)number(to->reg);
	if (from->type == X86_OP_REG)
		found.source = (unsigned char)number(from->reg);
	if ((to->type == X86_OP_REG &&
	     (is_high_byte(to->reg) || found.target == NO_REGISTER)) ||
	    (from->type == X86_OP_REG &&
	     (is_high_byte(from->reg) || found.source == NO_REGISTER)))
		return;
	found.width = from->size;
	if (to->type == X86_OP_REG && from->type == X86_OP_REG) {
		found.kind = CODE_MOVE;
	} else if (to->type == X86_OP_REG && from->type == X86_OP_MEM) {
		if (!take_memory(insn, &from->mem, &found))
			return;
		found.kind = CODE_LOAD;
	} else if (to->type == X86_OP_MEM && from->type == X86_OP_REG) {
		if (!take_memory(insn, &to->mem, &found))
			return;
		found.kind = CODE_STORE;
	} else if (to->type == X86_OP_REG && from->type == X86_OP_IMM) {
		found.kind = CODE_ADDRESS;
		found.value = (uint64_t)from->imm;
	} else {
		return;
	}
	*ret = found;
}

static void understand_lea(const cs_insn *insn, const cs_x86_op *to,
                           const cs_x86_op *from, struct instruction *ret)
{
	struct instruction found = *ret;
	found.target = (unsigned char)number(to->reg);
	if (to->size != 8 || !take_memory(insn, &from->mem, &found))
		return;
	found.kind = found.base == NO_REGISTER ? CODE_ADDRESS : CODE_SUM;
	found.source = found.base;
	*ret = found;
}

static unsigned understand(const cs_insn *insn, struct instruction ret[2])
{
	const cs_x86 *x86 = &insn->detail->x86;
	for (unsigned i = 0; i < x86->op_count; i++) {
		const cs_x86_op *operand = &x86->operands[i];
		if (operand->type != X86_OP_MEM || !(operand->access & CS_AC_WRITE))
			continue;
		ret->writes_memory = true;
		ret->width = operand->size;
		take_memory(insn, &operand->mem, ret);
	}
	switch (insn->id) {
	case X86_INS_MOV:
	case X86_INS_MOVABS:
	case X86_INS_MOVZX:
	case X86_INS_MOVSX:
	case X86_INS_MOVSXD:
		if (x86->op_count == 2)
			understand_move(insn, &x86->operands[0], &x86->operands[1], ret);
		break;
	case X86_INS_LEA:
		if (x86->op_count == 2)
			understand_lea(insn, &x86->operands[0], &x86->operands[1], ret);
		break;
	case X86_INS_PUSH:
	case X86_INS_CALL:
		ret->writes_memory = true;
		break;
	default:
		break;
	}
	return 1;
}

const struct machine_code machine_code_x86_64 = {
	.machine = EM_X86_64,
	.arch = CS_ARCH_X86,
	.mode = CS_MODE_64,
	.stack = 7,
	.frame = 6,
	/* rbx, rbp, rsp, r12 to r15 */
	.kept = 1u << 3 | 1u << 6 | 1u << 7 | 0xfu << 12,
	.number = number,
	.understand = understand,
};
