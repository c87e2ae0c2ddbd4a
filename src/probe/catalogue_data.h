/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The providers of the catalogue, one file each. */
#pragma once

#include "probe/catalogue.h"

extern const struct catalogue_provider catalogue_hotspot;
extern const struct catalogue_provider catalogue_hotspot_jni;
extern const struct catalogue_provider catalogue_hs_private;
extern const struct catalogue_provider catalogue_libc;
extern const struct catalogue_provider catalogue_libgcc;
extern const struct catalogue_provider catalogue_libstdcxx;
extern const struct catalogue_provider catalogue_libvirt;
extern const struct catalogue_provider catalogue_php;
extern const struct catalogue_provider catalogue_postgresql;
extern const struct catalogue_provider catalogue_python;
extern const struct catalogue_provider catalogue_rtld;
extern const struct catalogue_provider catalogue_ruby;
