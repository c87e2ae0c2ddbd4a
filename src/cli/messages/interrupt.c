/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* What happens when a scan is interrupted. Handlers call only what signal-safety(7) lists. */
#include "cli/messages/interrupt.h"

#include <errno.h>
#include <stdbool.h>
#include <time.h>
#include <unistd.h>

#include "base/array.h"

/* How long a scan that was interrupted may take to end by itself. */
#define GRACE_NANOSECONDS 900000000

static const int signals[] = { SIGHUP, SIGINT, SIGTERM };
static struct sigaction before[ARRAY_SIZE(signals)];
static volatile sig_atomic_t interrupted;
static timer_t deadline;
static bool has_deadline;

/* End by the signal, as if nobody had caught it. */
static void give_up(int number)
{
	(void)number;
	signal(interrupted, SIG_DFL);
	kill(getpid(), interrupted);
}

static void interrupt(int number)
{
	static const struct itimerspec grace = { .it_value.tv_nsec = GRACE_NANOSECONDS };
	int saved = errno;
	if (interrupted) {
		give_up(SIGALRM);
	} else {
		interrupted = number;
		timer_settime(deadline, 0, &grace, NULL);
	}
	errno = saved;
}

/* A parent may have left SIGALRM blocked; threads that are started later inherit the mask. */
static bool make_deadline(void)
{
	struct sigaction action = { .sa_handler = give_up };
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM };
	sigset_t alarm;
	sigemptyset(&action.sa_mask);
	sigemptyset(&alarm);
	sigaddset(&alarm, SIGALRM);
	return sigaction(SIGALRM, &action, NULL) == 0 &&
	       pthread_sigmask(SIG_UNBLOCK, &alarm, NULL) == 0 &&
	       timer_create(CLOCK_MONOTONIC, &event, &deadline) == 0;
}

const volatile sig_atomic_t *interrupts_catch(void)
{
	struct sigaction action = { .sa_handler = interrupt };
	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
		sigaddset(&action.sa_mask, signals[i]);
	has_deadline = has_deadline || make_deadline();
	/* Without a deadline a signal is better not caught. */
	for (size_t i = 0; has_deadline && i < ARRAY_SIZE(signals); i++) {
		sigaction(signals[i], NULL, &before[i]);
		if (before[i].sa_handler != SIG_IGN)
			sigaction(signals[i], &action, NULL);
	}
	return &interrupted;
}

void interrupts_release(void)
{
	for (size_t i = 0; has_deadline && !interrupted && i < ARRAY_SIZE(signals); i++)
		sigaction(signals[i], &before[i], NULL);
}
