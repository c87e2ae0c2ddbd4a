/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The getters of images, probes and arguments. */
#include "probe/note/probe.h"

#include "elf/object/image.h"

const char *usdtinfo_image_path(const struct usdtinfo_image *image)
{
	return image->path;
}

unsigned usdtinfo_image_class(const struct usdtinfo_image *image)
{
	return image->address_size * 8;
}

bool usdtinfo_image_is_big_endian(const struct usdtinfo_image *image)
{
	return image->big_endian;
}

unsigned usdtinfo_image_machine(const struct usdtinfo_image *image)
{
	return image->header.e_machine;
}

const char *usdtinfo_image_machine_name(const struct usdtinfo_image *image)
{
	return image->facts.machine.at;
}

enum usdtinfo_type usdtinfo_image_type(const struct usdtinfo_image *image)
{
	for (unsigned type = USDTINFO_TYPE_OTHER; type <= USDTINFO_TYPE_CORE; type++) {
		if (image->facts.type.at == usdtinfo_type_name(type))
			return (enum usdtinfo_type)type;
	}
	return USDTINFO_TYPE_OTHER;
}

const char *usdtinfo_probe_provider(const struct usdtinfo_probe *probe)
{
	return probe->provider.at;
}

const char *usdtinfo_probe_name(const struct usdtinfo_probe *probe)
{
	return probe->name.at;
}

const char *usdtinfo_probe_arguments_text(const struct usdtinfo_probe *probe)
{
	return probe->arguments_text.at;
}

static bool give(struct maybe_u64 number, uint64_t *ret)
{
	if (number.known && ret)
		*ret = number.value;
	return number.known;
}

bool usdtinfo_probe_location(const struct usdtinfo_probe *probe, uint64_t *ret)
{
	return give(probe->location, ret);
}

bool usdtinfo_probe_semaphore(const struct usdtinfo_probe *probe, uint64_t *ret)
{
	return give(probe->semaphore, ret);
}

bool usdtinfo_probe_file_offset(const struct usdtinfo_probe *probe, uint64_t *ret)
{
	return give(probe->file_offset, ret);
}

bool usdtinfo_probe_semaphore_offset(const struct usdtinfo_probe *probe, uint64_t *ret)
{
	return give(probe->semaphore_offset, ret);
}

uint64_t usdtinfo_probe_location_raw(const struct usdtinfo_probe *probe)
{
	return probe->location_raw;
}

uint64_t usdtinfo_probe_base_raw(const struct usdtinfo_probe *probe)
{
	return probe->base;
}

uint64_t usdtinfo_probe_semaphore_raw(const struct usdtinfo_probe *probe)
{
	return probe->semaphore_raw.known ? probe->semaphore_raw.value : 0;
}

int64_t usdtinfo_probe_base_delta(const struct usdtinfo_probe *probe)
{
	return probe->base_delta;
}

const char *usdtinfo_probe_section(const struct usdtinfo_probe *probe,
                                   uint64_t *offset_ret)
{
	if (probe->section.at)
		give(probe->section_offset, offset_ret);
	return probe->section.at;
}

const char *usdtinfo_probe_semaphore_symbol(const struct usdtinfo_probe *probe)
{
	return probe->semaphore_symbol.at;
}

uint64_t usdtinfo_probe_note_offset(const struct usdtinfo_probe *probe)
{
	return probe->note_offset;
}

uint64_t usdtinfo_probe_note_size(const struct usdtinfo_probe *probe)
{
	return probe->note_size;
}

const char *usdtinfo_probe_note_section(const struct usdtinfo_probe *probe,
                                        uint64_t *index_ret)
{
	if (probe->note_section.at && index_ret)
		*index_ret = probe->note_area_index;
	return probe->note_section.at;
}

bool usdtinfo_probe_note_segment(const struct usdtinfo_probe *probe, uint64_t *index_ret)
{
	if (!probe->note_section.at && index_ret)
		*index_ret = probe->note_area_index;
	return !probe->note_section.at;
}

uint64_t usdtinfo_probe_note_area(const struct usdtinfo_probe *probe, uint64_t *size_ret)
{
	if (size_ret)
		*size_ret = probe->note_area_size;
	return probe->note_area_offset;
}

enum usdtinfo_site usdtinfo_probe_site(const struct usdtinfo_probe *probe,
                                       const unsigned char **bytes_ret, size_t *size_ret)
{
	if (bytes_ret)
		*bytes_ret = probe->site_bytes;
	if (size_ret)
		*size_ret = probe->site_size;
	return probe->site;
}

size_t usdtinfo_probe_argument_count(const struct usdtinfo_probe *probe)
{
	return probe->argument_count;
}

const struct usdtinfo_argument *
usdtinfo_probe_argument(const struct usdtinfo_probe *probe, size_t index)
{
	return index < probe->argument_count ? &probe->arguments[index] : NULL;
}

const char *usdtinfo_argument_raw(const struct usdtinfo_argument *argument)
{
	return argument->raw.at;
}

uint32_t usdtinfo_argument_size(const struct usdtinfo_argument *argument)
{
	return argument->size > UINT32_MAX ? UINT32_MAX : (uint32_t)argument->size;
}

bool usdtinfo_argument_is_size_declared(const struct usdtinfo_argument *argument)
{
	return argument->size_declared;
}

bool usdtinfo_argument_is_signed(const struct usdtinfo_argument *argument)
{
	return argument->is_signed;
}

bool usdtinfo_argument_is_float(const struct usdtinfo_argument *argument)
{
	return argument->is_float;
}

const char *usdtinfo_argument_type(const struct usdtinfo_argument *argument)
{
	return argument->type.at;
}

bool usdtinfo_argument_is_resolvable(const struct usdtinfo_argument *argument)
{
	return argument->resolvable;
}

enum usdtinfo_operand_kind usdtinfo_operand_kind(const struct usdtinfo_argument *argument)
{
	return argument->operand.kind;
}

const char *usdtinfo_operand_register(const struct usdtinfo_argument *argument)
{
	return argument->operand.reg.at;
}

unsigned usdtinfo_operand_register_shift(const struct usdtinfo_argument *argument)
{
	return argument->operand.reg_shift;
}

bool usdtinfo_operand_is_register_pair(const struct usdtinfo_argument *argument)
{
	return argument->operand.reg_pair;
}

const char *usdtinfo_operand_value(const struct usdtinfo_argument *argument)
{
	return argument->operand.value.at;
}

const char *usdtinfo_operand_base(const struct usdtinfo_argument *argument)
{
	return argument->operand.base.at;
}

const char *usdtinfo_operand_index(const struct usdtinfo_argument *argument)
{
	return argument->operand.index.at;
}

const char *usdtinfo_operand_segment(const struct usdtinfo_argument *argument)
{
	return argument->operand.segment.at;
}

unsigned usdtinfo_operand_scale(const struct usdtinfo_argument *argument)
{
	return argument->operand.scale;
}

enum usdtinfo_extend
usdtinfo_operand_index_extend(const struct usdtinfo_argument *argument)
{
	return argument->operand.index_extend;
}

bool usdtinfo_operand_is_index_subtracted(const struct usdtinfo_argument *argument)
{
	return argument->operand.index_subtracted;
}

int64_t usdtinfo_operand_displacement(const struct usdtinfo_argument *argument)
{
	return argument->operand.displacement;
}

const char *usdtinfo_operand_symbol(const struct usdtinfo_argument *argument)
{
	return argument->operand.symbol.at;
}

const char *usdtinfo_operand_relocation(const struct usdtinfo_argument *argument)
{
	return argument->operand.relocation.at;
}

bool usdtinfo_operand_address(const struct usdtinfo_argument *argument, uint64_t *ret)
{
	return give(argument->operand.address, ret);
}

size_t usdtinfo_operand_candidates(const struct usdtinfo_argument *argument,
                                   const uint64_t **ret)
{
	if (argument->operand.candidate_count)
		*ret = argument->operand.candidates;
	return argument->operand.candidate_count;
}

bool usdtinfo_operand_is_pc_relative(const struct usdtinfo_argument *argument)
{
	return argument->operand.pc_relative;
}
