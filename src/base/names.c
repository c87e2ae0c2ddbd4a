/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The library's version, and the names of the public enumerators, as JSON has them. */
#include "base/names.h"

#include "base/array.h"
#include "config.h"
#include "usdtinfo.h"

const char *const state_names[] = {
	[USDTINFO_STATE_OK] = "ok",
	[USDTINFO_STATE_NO_PROBES] = "no-probes",
	[USDTINFO_STATE_NOTES_STRIPPED] = "notes-stripped",
	[USDTINFO_STATE_NO_SECTION_HEADERS] = "no-section-headers",
	[USDTINFO_STATE_NOT_ELF] = "not-elf",
	[USDTINFO_STATE_UNREADABLE] = "unreadable",
	[USDTINFO_STATE_DAMAGED] = "damaged",
	NULL,
};

const char *const type_names[] = {
	[USDTINFO_TYPE_OTHER] = "other", [USDTINFO_TYPE_REL] = "rel",
	[USDTINFO_TYPE_EXEC] = "exec",   [USDTINFO_TYPE_DYN] = "dyn",
	[USDTINFO_TYPE_CORE] = "core",   NULL,
};

const char *const base_state_names[] = {
	[USDTINFO_BASE_PRESENT] = "present",
	[USDTINFO_BASE_MISSING] = "missing",
	[USDTINFO_BASE_ZERO] = "zero",
	NULL,
};

const char *const site_names[] = {
	[USDTINFO_SITE_NOP] = "nop",
	[USDTINFO_SITE_NOP5] = "nop5",
	[USDTINFO_SITE_NOP10] = "nop10",
	[USDTINFO_SITE_NOPS] = "nops",
	[USDTINFO_SITE_BREAKPOINT] = "breakpoint",
	[USDTINFO_SITE_OTHER] = "other",
	[USDTINFO_SITE_UNAVAILABLE] = "unavailable",
	NULL,
};

const char *const operand_kind_names[] = {
	[USDTINFO_OPERAND_UNKNOWN] = "unknown",
	[USDTINFO_OPERAND_REGISTER] = "register",
	[USDTINFO_OPERAND_CONSTANT] = "constant",
	[USDTINFO_OPERAND_MEMORY] = "memory",
	[USDTINFO_OPERAND_ADDRESS] = "address",
	NULL,
};

const char *const extend_names[] = {
	[USDTINFO_EXTEND_NONE] = "none",
	[USDTINFO_EXTEND_SIGN32] = "sign32",
	[USDTINFO_EXTEND_ZERO32] = "zero32",
	NULL,
};

const char *const severity_names[] = {
	[USDTINFO_SEVERITY_INFO] = "info",
	[USDTINFO_SEVERITY_WARNING] = "warning",
	[USDTINFO_SEVERITY_ERROR] = "error",
	NULL,
};

const char *const python_verdict_names[] = {
	[USDTINFO_PYTHON_YES] = "yes",
	[USDTINFO_PYTHON_NO] = "no",
	[USDTINFO_PYTHON_STRIPPED] = "stripped",
	[USDTINFO_PYTHON_UNKNOWN] = "unknown",
	[USDTINFO_PYTHON_NOT_CPYTHON] = "not-cpython",
	NULL,
};

const char *const python_status_names[] = {
	[USDTINFO_PYTHON_PRESENT] = "present", [USDTINFO_PYTHON_DEAD] = "dead",
	[USDTINFO_PYTHON_MISSING] = "missing", [USDTINFO_PYTHON_ABSENT] = "absent",
	[USDTINFO_PYTHON_EXTRA] = "extra",     NULL,
};

const char *const probe_state_names[] = {
	[USDTINFO_PROBE_UNKNOWN] = "unknown",
	[USDTINFO_PROBE_IDLE] = "idle",
	[USDTINFO_PROBE_ARMED] = "armed",
	NULL,
};

#define NAME(names, value)                                                               \
	((size_t)(value) < ARRAY_SIZE(names) - 1 ? (names)[value] : "unknown")

const char *usdtinfo_state_name(enum usdtinfo_state state)
{
	return NAME(state_names, state);
}

const char *usdtinfo_type_name(enum usdtinfo_type type)
{
	return NAME(type_names, type);
}

const char *usdtinfo_base_state_name(enum usdtinfo_base_state state)
{
	return NAME(base_state_names, state);
}

const char *usdtinfo_site_name(enum usdtinfo_site site)
{
	return NAME(site_names, site);
}

const char *usdtinfo_operand_kind_name(enum usdtinfo_operand_kind kind)
{
	return NAME(operand_kind_names, kind);
}

const char *usdtinfo_extend_name(enum usdtinfo_extend extend)
{
	return NAME(extend_names, extend);
}

const char *usdtinfo_severity_name(enum usdtinfo_severity severity)
{
	return NAME(severity_names, severity);
}

const char *usdtinfo_python_verdict_name(enum usdtinfo_python_verdict verdict)
{
	return NAME(python_verdict_names, verdict);
}

const char *usdtinfo_python_status_name(enum usdtinfo_python_status status)
{
	return NAME(python_status_names, status);
}

const char *usdtinfo_probe_state_name(enum usdtinfo_probe_state state)
{
	return NAME(probe_state_names, state);
}

const char *usdtinfo_version(void)
{
	return USDTINFO_VERSION;
}
