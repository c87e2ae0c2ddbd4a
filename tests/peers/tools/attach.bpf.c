/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* A BPF program that reads every argument of a probe. */
#include <linux/types.h>

#include <linux/bpf.h>
#include <linux/ptrace.h>

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include <stdbool.h>

/* Last: it leans on what a dump of the kernel's types would bring. */
#include <bpf/usdt.bpf.h>

char LICENSE[] SEC("license") = "Dual BSD/GPL";

SEC("usdt")
int attach(struct pt_regs *ctx)
{
	long value;
	for (int i = 0; i < 12; i++)
		bpf_usdt_arg(ctx, i, &value);
	return 0;
}
