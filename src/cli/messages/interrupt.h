/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * SIGHUP, SIGINT and SIGTERM while trees are scanned. At all other times they end the program
 * at once, as they end any: nothing else here catches or blocks them.
 */
#pragma once

#include <signal.h>

/*
 * interrupts_catch - have a signal set a flag from now on, instead of ending the program
 *
 * The scan ends with what it found so far when it sees the flag, between two files. Where it
 * does not get there, in a library that goes on for long or while nobody reads its output, the
 * signal ends the program all the same, within a second; so does a second signal. Signals that
 * are ignored, as under nohup(1), stay so.
 *
 * Return: the flag: 0, or the number of the signal that came
 */
const volatile sig_atomic_t *interrupts_catch(void);

/* interrupts_release - undo that; after a signal, the end that it set stays */
void interrupts_release(void);
