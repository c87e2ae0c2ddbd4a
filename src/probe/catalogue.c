/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The catalogue: which row is a probe's. */
#include "probe/catalogue.h"

#include <string.h>

#include "base/array.h"
#include "probe/catalogue_data.h"
#include "probe/catalogue_type.h"

const struct catalogue_provider *const catalogue[] = {
	&catalogue_hotspot, &catalogue_hotspot_jni, &catalogue_hs_private,
	&catalogue_libc,    &catalogue_libgcc,      &catalogue_libstdcxx,
	&catalogue_libvirt, &catalogue_php,         &catalogue_postgresql,
	&catalogue_python,  &catalogue_rtld,        &catalogue_ruby,
};
const size_t catalogue_count = ARRAY_SIZE(catalogue);

static const struct catalogue_provider *find_provider(struct text name)
{
	for (size_t i = 0; i < catalogue_count; i++) {
		if (text_equal(name, text_of(catalogue[i]->name)))
			return catalogue[i];
	}
	return NULL;
}

const struct catalogue_probe *catalogue_row(const struct catalogue_provider *provider,
                                            size_t index)
{
	const char *first = (const char *)provider->probes;
	size_t stride = provider->stride ? provider->stride : sizeof(*provider->probes);
	return (const struct catalogue_probe *)(const void *)(first + index * stride);
}

bool catalogue_fits(const struct catalogue_provider *provider,
                    const struct catalogue_probe *row, const struct usdtinfo_probe *probe,
                    unsigned address_size)
{
	if (row->argument_count != probe->argument_count)
		return false;
	for (size_t i = 0; i < row->argument_count; i++) {
		const struct catalogue_argument *argument = &row->arguments[i];
		const char *noted = argument->noted ? argument->noted : argument->c_type;
		struct c_type type = c_type_of(
			text_of(provider->words ? "uintptr_t" : noted), address_size);
		if (!c_type_fits(&type, &probe->arguments[i]))
			return false;
	}
	return true;
}

const struct catalogue_probe *
catalogue_find(const struct usdtinfo_probe *probe, unsigned address_size,
               const struct catalogue_provider **provider_ret)
{
	const struct catalogue_provider *provider = find_provider(probe->provider);
	if (!provider)
		return NULL;
	for (size_t i = 0; i < provider->count; i++) {
		const struct catalogue_probe *row = catalogue_row(provider, i);
		if (!text_equal(probe->name, text_of(row->name)) ||
		    !catalogue_fits(provider, row, probe, address_size))
			continue;
		if (provider_ret)
			*provider_ret = provider;
		return row;
	}
	return NULL;
}

void catalogue_describe(struct usdtinfo_probe *probe, unsigned address_size)
{
	const struct catalogue_probe *row = catalogue_find(probe, address_size, NULL);
	if (!row)
		return;
	for (size_t i = 0; i < row->argument_count; i++) {
		struct usdtinfo_argument *argument = &probe->arguments[i];
		if (argument->name.at || !row->arguments[i].name)
			continue;
		argument->name = text_of(row->arguments[i].name);
		argument->c_type = text_of(row->arguments[i].c_type);
		argument->name_source = text_of("catalogue");
	}
}
