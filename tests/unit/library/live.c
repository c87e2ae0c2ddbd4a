/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * Tells through usdtinfo.h alone what it can of a process, or of a Python, one line a fact:
 *
 *     live process PROC|- PID
 *     live python [PROGRAM]
 *     live python-process PROC|- PID
 *     live refusals
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <usdtinfo.h>

static void put_text(const char *text)
{
	printf("\t%s", text ? text : "-");
}

static void put_number(bool known, uint64_t value)
{
	if (known)
		printf("\t0x%" PRIx64, value);
	else
		printf("\t-");
}

/* ---- processes ---- */

static void put_probe(const struct usdtinfo_probe *probe)
{
	uint64_t value = 0;
	const char *reason = NULL;
	const unsigned char *bytes = NULL;
	bool known;
	printf("probe");
	put_text(usdtinfo_probe_name(probe));
	put_text(usdtinfo_probe_state_name(usdtinfo_probe_state(probe, &reason)));
	put_text(reason);
	known = usdtinfo_probe_runtime_location(probe, &value);
	put_number(known, value);
	known = usdtinfo_probe_runtime_semaphore(probe, &value);
	put_number(known, value);
	known = usdtinfo_probe_semaphore_value(probe, &value);
	put_number(known, value);
	putchar('\t');
	size_t size = usdtinfo_probe_runtime_bytes(probe, &bytes);
	for (size_t i = 0; i < size; i++)
		printf("%02x", bytes[i]);
	putchar('\n');
}

static int put_probes(const struct usdtinfo_process *process, size_t index)
{
	struct usdtinfo_walk *walk;
	const struct usdtinfo_probe *probe;
	struct usdtinfo_error err;
	int r = usdtinfo_process_walk_open(process, index, USDTINFO_DETAIL_PLACE, &walk,
	                                   &err);
	if (r < 0)
		return r;
	while ((r = usdtinfo_walk_next(walk, &probe, &err)) > 0)
		put_probe(probe);
	usdtinfo_walk_close(walk);
	return r;
}

static int put_object(const struct usdtinfo_process *process, size_t index)
{
	struct usdtinfo_error err = { 0 };
	uint64_t bias = 0;
	struct usdtinfo_image *image = usdtinfo_process_object_image(process, index,
	                                                             &bias, &err);
	printf("object");
	put_text(usdtinfo_process_object_path(process, index));
	if (!image) {
		printf("\tfailed\t%s\n", err.text);
		return 0;
	}
	put_text(usdtinfo_state_name(usdtinfo_image_state(image)));
	put_number(true, bias);
	putchar('\n');
	return put_probes(process, index);
}

static int tell_process(const char *proc, uint64_t pid)
{
	struct usdtinfo_process *process;
	struct usdtinfo_error err;
	int r = usdtinfo_process_open(proc, pid, &process, &err);
	if (r < 0) {
		printf("failed\t%d\t%d\t%s\n", r, err.sys_errno, err.text);
		return 0;
	}
	size_t count = usdtinfo_process_object_count(process);
	printf("process");
	put_text(usdtinfo_process_command(process));
	put_text(usdtinfo_process_memory_reason(process));
	printf("\t%zu\n", count);
	for (size_t i = 0; r == 0 && i < count; i++)
		r = put_object(process, i);
	if (usdtinfo_process_object_path(process, count) ||
	    usdtinfo_process_object_image(process, count, NULL, &err) ||
	    err.code != USDTINFO_E_ARGUMENT ||
	    usdtinfo_process_walk_open(process, count, 0, &(struct usdtinfo_walk *){ 0 },
	                               NULL) != USDTINFO_E_ARGUMENT)
		puts("beyond the last object there is one");
	usdtinfo_process_close(process);
	return r;
}

/* ---- Pythons ---- */

static void put_markers(const struct usdtinfo_python *python)
{
	size_t count = usdtinfo_python_marker_count(python);
	for (size_t i = 0; i < count; i++) {
		enum usdtinfo_python_status status;
		uint64_t probes;
		const char *name = usdtinfo_python_marker(python, i, &status, &probes);
		printf("marker\t%s\t%s\t%" PRIu64, name,
		       usdtinfo_python_status_name(status), probes);
		put_text(usdtinfo_python_marker_arguments_text(python, i));
		size_t arguments = usdtinfo_python_marker_argument_count(python, i);
		for (size_t number = 0; number <= arguments; number++) {
			const char *c_type = "beyond";
			put_text(usdtinfo_python_marker_argument(python, i, number,
			                                         &c_type));
			put_text(c_type);
		}
		putchar('\n');
	}
	if (usdtinfo_python_marker(python, count, NULL, NULL) ||
	    usdtinfo_python_marker_arguments_text(python, count) ||
	    usdtinfo_python_marker_argument_count(python, count) ||
	    usdtinfo_python_marker_argument(python, count, 0, NULL))
		puts("beyond the last marker there is one");
}

static void put_steps(const struct usdtinfo_python *python)
{
	const char *how, *code, *message;
	size_t count = usdtinfo_python_hop_count(python);
	for (size_t i = 0; i < count; i++) {
		const char *path = usdtinfo_python_hop(python, i, &how);
		printf("hop\t%s\t%s\n", path, how);
	}
	if (usdtinfo_python_hop(python, count, NULL))
		puts("beyond the last hop there is one");
	count = usdtinfo_python_diagnostic_count(python);
	for (size_t i = 0; i < count; i++) {
		const char *severity = usdtinfo_severity_name(
			usdtinfo_python_diagnostic(python, i, &code, &message));
		printf("diagnostic\t%s\t%s\t%s\n", severity, code, message);
	}
	usdtinfo_python_diagnostic(python, count, &code, &message);
	if (code || message)
		puts("beyond the last diagnostic there is one");
}

static int tell_python(int r, struct usdtinfo_python *python,
                       const struct usdtinfo_error *err)
{
	int agrees;
	if (r < 0) {
		printf("failed\t%d\t%s\n", r, err->text);
		return 0;
	}
	printf("python");
	put_text(usdtinfo_python_verdict_name(usdtinfo_python_verdict(python)));
	put_text(usdtinfo_python_reason(python));
	put_text(usdtinfo_python_hint(python));
	put_text(usdtinfo_python_path(python));
	put_text(usdtinfo_python_object(python));
	put_text(usdtinfo_python_build_id(python));
	put_text(usdtinfo_python_version(python));
	put_text(usdtinfo_python_record(python, &agrees));
	printf("\t%d\t%d", agrees, usdtinfo_python_with_dtrace(python));
	put_text(usdtinfo_python_config_args(python));
	put_text(usdtinfo_python_home(python));
	printf("\t%d\t%d\n", usdtinfo_python_free_threaded(python),
	       usdtinfo_python_debug(python));
	put_steps(python);
	put_markers(python);
	usdtinfo_python_close(python);
	return 0;
}

/* ---- what is refused, and what is let pass ---- */

static int tell_refusals(void)
{
	usdtinfo_process_close(NULL);
	usdtinfo_python_close(NULL);
	printf("%d %d %d\n", usdtinfo_process_open(NULL, 1, NULL, NULL),
	       usdtinfo_python_open(NULL, NULL, NULL, NULL, NULL),
	       usdtinfo_python_open_process(NULL, 1, NULL, NULL));
	return 0;
}

int main(int argc, char **argv)
{
	struct usdtinfo_python *python = NULL;
	struct usdtinfo_error err = { 0 };
	const char *proc = argc > 2 && strcmp(argv[2], "-") != 0 ? argv[2] : NULL;
	uint64_t pid = argc > 3 ? strtoull(argv[3], NULL, 10) : 0;
	int r = -1;
	if (argc > 3 && strcmp(argv[1], "process") == 0) {
		r = tell_process(proc, pid);
	} else if (argc > 3 && strcmp(argv[1], "python-process") == 0) {
		r = usdtinfo_python_open_process(proc, pid, &python, &err);
		r = tell_python(r, python, &err);
	} else if (argc > 1 && strcmp(argv[1], "python") == 0) {
		r = usdtinfo_python_open(argc > 2 ? argv[2] : NULL, NULL, NULL, &python,
		                         &err);
		r = tell_python(r, python, &err);
	} else if (argc > 1 && strcmp(argv[1], "refusals") == 0) {
		r = tell_refusals();
	}
	return r == 0 && fflush(stdout) == 0 ? 0 : 1;
}
