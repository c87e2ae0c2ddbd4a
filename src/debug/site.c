/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* What stands at a probe's site: opening what is needed, asking each for its part. */
#include "debug/site.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "debug/address/line.h"
#include "debug/file/minidebug.h"
#include "debug/name/argument_name.h"

int usdtinfo_sites_open(struct usdtinfo_image *image, struct usdtinfo_sites **sites_ret,
                        struct usdtinfo_error *err)
{
	if (!image || !sites_ret)
		return fail(err, USDTINFO_E_ARGUMENT, "no image or result given");
	struct usdtinfo_sites *sites = calloc(1, sizeof(*sites));
	if (!sites)
		return fail_memory(err);
	sites->image = image;
	sites->reading = &sites->own_reading;
	debug_reading_add(sites->reading, image->size);
	*sites_ret = sites;
	return 0;
}

void usdtinfo_sites_close(struct usdtinfo_sites *sites)
{
	if (!sites)
		return;
	if (sites->eh_frame)
		dwarf_cfi_end(sites->eh_frame);
	code_deinit(&sites->code);
	functions_deinit(&sites->functions);
	bias_deinit(&sites->bias);
	struct debug_file *files[] = { sites->mini, sites->debug, sites->main,
		                       sites->own };
	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		units_close(files[i]);
	debug_file_close(sites->mini);
	debug_file_close(sites->debug);
	debug_file_close(sites->main);
	debug_file_close(sites->own);
	for (size_t i = 0; i < sites->directory_count; i++)
		free(sites->directories[i]);
	free(sites->directories);
	definitions_deinit(&sites->own_definitions);
	free(sites->told.of_definition);
	arena_deinit(&sites->arena);
	free(sites);
}

int usdtinfo_sites_add_directory(struct usdtinfo_sites *sites, const char *directory,
                                 struct usdtinfo_error *err)
{
	if (!sites || !directory)
		return fail(err, USDTINFO_E_ARGUMENT, "no sites or directory given");
	if (!array_grow(&sites->directories, &sites->directory_room,
	                sites->directory_count + 1, sizeof(*sites->directories)))
		return fail_memory(err);
	char *copy = strdup(directory);
	if (!copy)
		return fail_memory(err);
	sites->directories[sites->directory_count++] = copy;
	return 0;
}

int usdtinfo_sites_add_definitions(struct usdtinfo_sites *sites, const char *path,
                                   struct usdtinfo_error *err)
{
	if (!sites || !path)
		return fail(err, USDTINFO_E_ARGUMENT, "no sites or path given");
	if (sites->told.of_definition)
		return fail(err, USDTINFO_E_ARGUMENT, "probes were described already");
	int r = definitions_load(&sites->own_definitions, path, err);
	definitions_sort(&sites->own_definitions);
	sites->definitions = &sites->own_definitions;
	return r;
}

void usdtinfo_sites_allow_download(struct usdtinfo_sites *sites)
{
	sites->download = true;
}

static struct diagnostics *diagnostics_of(struct usdtinfo_sites *sites)
{
	return &sites->image->facts.diagnostics;
}

static void tell_library(struct usdtinfo_sites *sites, const char *text)
{
	if (sites->library_told)
		return;
	sites->library_told = true;
	diagnose(diagnostics_of(sites), DIAG_LIBRARY_MISSING, "%s", text);
}

/* Damage is told once a file and leaves that part unknown; lack of memory ends the call. */
static int tolerate(struct usdtinfo_sites *sites, int code,
                    const struct usdtinfo_error *why, struct usdtinfo_error *err)
{
	diagnose_errno(diagnostics_of(sites), errno);
	if (code >= 0)
		return 0;
	if (code == USDTINFO_E_MEMORY) {
		if (err)
			*err = *why;
		return code;
	}
	if (why->sys_errno == ELIBACC)
		tell_library(sites, why->text);
	else
		diagnose(diagnostics_of(sites), DIAG_DEBUG_INFO_DAMAGED, "%s", why->text);
	return 0;
}

static struct debug_search search_of(const struct usdtinfo_sites *sites)
{
	return (struct debug_search){
		.directories = sites->directories,
		.directory_count = sites->directory_count,
		.download = sites->download,
		.reading = sites->reading,
	};
}

static int open_own(struct usdtinfo_sites *sites, struct usdtinfo_error *err)
{
	struct usdtinfo_error why;
	if (sites->opened)
		return 0;
	sites->opened = true;
	return tolerate(sites, debug_file_of_image(sites->image, &sites->own, &why), &why,
	                err);
}

static void search_debug(struct usdtinfo_sites *sites)
{
	if (sites->debug_searched)
		return;
	sites->debug_searched = true;
	struct debug_search search = search_of(sites);
	sites->debug = debug_find(&search, sites->image, sites->own,
	                          diagnostics_of(sites));
	if (!sites->debug && errno == ELIBACC)
		tell_library(sites, "debug files need libdw, which cannot be loaded");
}

/* ---- functions ---- */

static int add_static_symbols(struct usdtinfo_sites *sites, struct debug_file *file,
                              bool *any, struct usdtinfo_error *err)
{
	return file ? functions_add(&sites->functions, sites->image, file, SHT_SYMTAB,
	                            any, err)
	            : 0;
}

/* A stripped file keeps .dynsym, and distributions put the rest into .gnu_debugdata. */
static int add_other_symbols(struct usdtinfo_sites *sites, struct usdtinfo_error *err)
{
	struct usdtinfo_error why;
	bool any = false;
	search_debug(sites);
	int r = add_static_symbols(sites, sites->debug, &any, err);
	if (r < 0 || any)
		return r;
	r = tolerate(sites, minidebug_open(sites->own, &sites->mini, &why), &why, err);
	if (r == 0)
		r = add_static_symbols(sites, sites->mini, &any, err);
	if (r == 0)
		r = functions_add(&sites->functions, sites->image, sites->own, SHT_DYNSYM,
		                  &any, err);
	return r;
}

static int load_functions(struct usdtinfo_sites *sites, struct usdtinfo_error *err)
{
	bool any = false;
	if (sites->functions_loaded)
		return 0;
	sites->functions_loaded = true;
	int r = add_static_symbols(sites, sites->own, &any, err);
	diagnose_errno(diagnostics_of(sites), errno);
	if (r == 0 && !any)
		r = add_other_symbols(sites, err);
	return r < 0 ? r : functions_sort(&sites->functions, err);
}

/* The link-time address; in a relocatable object the one that its section was given. */
static bool site_address(const struct usdtinfo_sites *sites,
                         const struct usdtinfo_probe *probe, uint64_t *ret)
{
	const struct debug_file *own = sites->own;
	if (own->layout) {
		if (!probe->section_offset.known ||
		    probe->section_index >= own->section_count)
			return false;
		*ret = own->layout[probe->section_index] + probe->section_offset.value;
		return true;
	}
	*ret = probe->location.value;
	return probe->location.known;
}

static int describe_function(struct usdtinfo_sites *sites, struct usdtinfo_probe *probe,
                             uint64_t address, struct usdtinfo_error *err)
{
	int r = load_functions(sites, err);
	if (r < 0)
		return r;
	const struct code_symbol *symbol = functions_find(&sites->functions, address,
	                                                  probe->section_index);
	if (!symbol)
		return 0;
	probe->function = text_of(symbol->name);
	probe->function_offset = known_u64(address - symbol->address);
	return 0;
}

/* ---- debug info ---- */

/* Which file has the DWARF: the image itself, or the one that was split off. */
static int load_dwarf(struct usdtinfo_sites *sites, struct usdtinfo_error *err)
{
	struct usdtinfo_error why;
	if (sites->dwarf_loaded)
		return 0;
	sites->dwarf_loaded = true;
	struct debug_file *candidate = sites->own;
	int r = tolerate(sites, debug_file_load_dwarf(candidate, &why), &why, err);
	if (r == 0 && !candidate->dwarf) {
		search_debug(sites);
		candidate = sites->debug;
		if (candidate)
			r = tolerate(sites, debug_file_load_dwarf(candidate, &why), &why,
			             err);
	}
	if (r < 0)
		return r;
	if ((!candidate || !candidate->dwarf) && sites->library_told)
		return 0;
	if (!candidate || !candidate->dwarf) {
		diagnose(diagnostics_of(sites), DIAG_DEBUG_INFO_MISSING,
		         "no debug info in the file, and no debug file for it was found");
		return 0;
	}
	struct debug_search search = search_of(sites);
	debug_find_alternate(&search, sites->image, candidate, diagnostics_of(sites));
	sites->dwarf = candidate;
	sites->dwarf->reading = sites->reading;
	return bias_init(&sites->bias, sites->image, candidate) ? 0 : fail_memory(err);
}

static void tell_split(struct usdtinfo_sites *sites)
{
	diagnose_errno(diagnostics_of(sites), sites->dwarf->trouble);
	if (!sites->dwarf->split_missing || sites->split_told)
		return;
	sites->split_told = true;
	diagnose(diagnostics_of(sites), DIAG_DEBUG_INFO_MISSING,
	         "a .dwo file with split debug info was not found");
}

static void tell_limit(struct usdtinfo_sites *sites)
{
	if (!sites->dwarf->split_limited || sites->limit_told)
		return;
	sites->limit_told = true;
	diagnose(
		diagnostics_of(sites), DIAG_DEBUG_LIMIT,
		".dwo files were not read: there is more in them than may be read of all debug files");
}

static void tell_damage(struct usdtinfo_sites *sites)
{
	if (!sites->dwarf->is_damaged || sites->damage_told)
		return;
	sites->damage_told = true;
	diagnose(diagnostics_of(sites), DIAG_DEBUG_INFO_DAMAGED,
	         "some of the debug info cannot be read");
}

static void tell_exhaustion(struct usdtinfo_sites *sites)
{
	if (!sites->dwarf->budget.exhausted || sites->exhaustion_told)
		return;
	sites->exhaustion_told = true;
	diagnose(
		diagnostics_of(sites), DIAG_DEBUG_INFO_DAMAGED,
		"the debug info is more entangled than its size allows: not read to its end");
}

/* Unwind tables: .eh_frame is loaded, so that strip leaves it in the image. */
static void load_unwind(struct usdtinfo_sites *sites)
{
	GElf_Shdr header;
	struct debug_search search = search_of(sites);
	if (sites->unwind_loaded)
		return;
	sites->unwind_loaded = true;
	Elf *elf = sites->own->elf;
	if (!debug_file_section(sites->own, ".eh_frame", &header)) {
		sites->main = debug_find_main(&search, sites->image);
		elf = sites->main ? sites->main->elf : NULL;
	}
	sites->eh_frame = elf ? dwarf_getcfi_elf(elf) : NULL;
	const struct debug_file *file = sites->main ? sites->main : sites->own;
	sites->unwind.eh_frame = sites->eh_frame;
	sites->unwind.eh_frame_bytes = file->size;
	sites->unwind.debug_frame = dwarf_getcfi(sites->dwarf->dwarf);
	sites->unwind.debug_frame_bytes = sites->dwarf->budget.whole;
}

/* The instructions of the function around the site. */
static int read_code(struct usdtinfo_sites *sites, const struct scopes *scopes,
                     uint64_t bias, struct usdtinfo_error *err)
{
	struct code_range ranges[CODE_RANGES_MAX];
	size_t count = function_ranges(sites->dwarf, scopes, bias, ranges);
	if (count == 0) {
		sites->code.is_traceable = false;
		sites->code.range_count = 0;
		return 0;
	}
	struct usdtinfo_error why;
	int r = code_read(&sites->code, sites->image, ranges, count,
	                  &sites->dwarf->budget, &why);
	return tolerate(sites, r, &why, err);
}

static int describe_names(struct usdtinfo_sites *sites, struct usdtinfo_probe *probe,
                          const struct scopes *scopes, uint64_t address,
                          uint64_t image_address, struct usdtinfo_error *err)
{
	struct frame frame;
	struct visible visible;
	load_unwind(sites);
	frame_find(sites->dwarf, scopes, &sites->unwind, address, image_address, &frame);
	int r = visible_collect(sites->dwarf, scopes, &frame, address, &sites->arena,
	                        &visible, err);
	if (r == 0)
		r = read_code(sites, scopes, image_address - address, err);
	struct name_context context = {
		.code = sites->code.is_traceable ? &sites->code : NULL,
		.image = sites->image,
		.file = sites->dwarf,
		.unit = scopes->unit,
		.scopes = scopes,
		.unwind = &sites->unwind,
		.address = address,
		.visible = &visible,
		.bias = image_address - address,
		.arena = &sites->arena,
	};
	for (size_t i = 0; r == 0 && i < probe->argument_count; i++)
		r = argument_name(&context, &probe->arguments[i], err);
	return r;
}

static int describe_by_dwarf(struct usdtinfo_sites *sites, struct usdtinfo_probe *probe,
                             unsigned details, uint64_t image_address,
                             struct usdtinfo_error *err)
{
	struct scopes *scopes = arena_take(&sites->arena, sizeof(*scopes));
	uint64_t address = image_address - bias_of(&sites->bias, probe->section_index);
	int r = scopes ? 0 : fail_memory(err);
	if (r == 0 && scopes_find(sites->dwarf, address, scopes)) {
		if (details & USDTINFO_DETAIL_SOURCE)
			r = lines_find(sites->dwarf, scopes, address, &sites->arena,
			               probe, err);
		if (r == 0 && (details & USDTINFO_DETAIL_NAMES))
			r = describe_names(sites, probe, scopes, address, image_address,
			                   err);
	}
	tell_exhaustion(sites);
	tell_damage(sites);
	tell_split(sites);
	tell_limit(sites);
	return r == 0 && sites->dwarf->no_memory ? fail_memory(err) : r;
}

/* Where the probe is decides nothing here. */
static int describe_declared(struct usdtinfo_sites *sites, struct usdtinfo_probe *probe,
                             struct usdtinfo_error *err)
{
	if (!sites->definitions)
		return 0;
	return declare_names(sites->definitions, sites->image->address_size, probe,
	                     &sites->told, diagnostics_of(sites), err);
}

static int describe_site(struct usdtinfo_sites *sites, struct usdtinfo_probe *probe,
                         unsigned details, struct usdtinfo_error *err)
{
	uint64_t address;
	int r = open_own(sites, err);
	if (r < 0 || !sites->own || !site_address(sites, probe, &address))
		return r;
	if (details & USDTINFO_DETAIL_FUNCTION)
		r = describe_function(sites, probe, address, err);
	if (r < 0 || !(details & (USDTINFO_DETAIL_SOURCE | USDTINFO_DETAIL_NAMES)))
		return r;
	r = load_dwarf(sites, err);
	if (r < 0 || !sites->dwarf)
		return r;
	return describe_by_dwarf(sites, probe, details, address, err);
}

int sites_describe(struct usdtinfo_sites *sites, struct usdtinfo_probe *probe,
                   unsigned details, struct usdtinfo_error *err)
{
	arena_clear(&sites->arena);
	diagnose_errno(diagnostics_of(sites), errno);
	int r = describe_site(sites, probe, details, err);
	if (r == 0 && (details & USDTINFO_DETAIL_NAMES))
		r = describe_declared(sites, probe, err);
	return r;
}

static int describe(void *context, struct usdtinfo_probe *probe, unsigned details,
                    struct usdtinfo_error *err)
{
	return sites_describe(context, probe, details, err);
}

void usdtinfo_walk_describe(struct usdtinfo_walk *walk, struct usdtinfo_sites *sites)
{
	walk->describe = sites ? describe : NULL;
	walk->describe_context = sites;
}
