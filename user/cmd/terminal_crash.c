// SPDX-License-Identifier: GPL-2.0-only
/*
 * Gives the terminal back when the program dies of itself, and keeps what is said on stderr while a
 * screen covers it. Called by terminal.c.
 *
 * A signal handler can find its data only in a static variable. Everything that it needs is made
 * ready before: it calls only what signal-safety(7) allows.
 */
#include "terminal.h" /* before term.h, which takes many a word as a macro */

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

#define RESTORE_MAX 256

static struct {
	int fd; /* the terminal */
	struct termios modes;
	char restore[RESTORE_MAX]; /* the sequences that endwin() would send */
	size_t restore_length;
	int stderr_kept; /* the real one; -1: it is not a terminal, and stays */
} guard = { .fd = -1, .stderr_kept = -1 };

static const int crashes[] = { SIGSEGV, SIGABRT, SIGBUS, SIGILL, SIGFPE, SIGQUIT };

/* From memory to the real stderr. */
static void stderr_give_back(void)
{
	char bytes[512];
	ssize_t got;

	if (guard.stderr_kept < 0)
		return;
	lseek(STDERR_FILENO, 0, SEEK_SET);
	while ((got = read(STDERR_FILENO, bytes, sizeof(bytes))) > 0)
		if (write(guard.stderr_kept, bytes, (size_t)got) != got)
			break;
	dup2(guard.stderr_kept, STDERR_FILENO);
}

/* SA_RESETHAND: raising it again ends the program as it would have ended. */
static void on_crash(int number)
{
	ssize_t ignored = write(guard.fd, guard.restore, guard.restore_length);

	(void)ignored;
	tcsetattr(guard.fd, TCSANOW, &guard.modes);
	stderr_give_back();
	raise(number);
}

static int restore_put(int c)
{
	if (guard.restore_length < RESTORE_MAX)
		guard.restore[guard.restore_length++] = (char)c;
	return c;
}

static void restore_make(void)
{
	static const char *const names[] = { "rmkx", "sgr0", "cnorm", "rmcup" };
	char *sequence;
	size_t i;

	guard.restore_length = 0;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		sequence = tigetstr(names[i]);
		if (sequence && sequence != (char *)-1)
			tputs(sequence, 1, restore_put);
	}
}

static void stderr_keep(void)
{
	int memory;

	guard.stderr_kept = -1;
	if (!isatty(STDERR_FILENO))
		return;
	memory = memfd_create("stderr", MFD_CLOEXEC);
	if (memory < 0)
		return;
	guard.stderr_kept = dup(STDERR_FILENO);
	if (guard.stderr_kept >= 0)
		dup2(memory, STDERR_FILENO);
	close(memory);
}

/* On a stack of its own: a stack that overflowed has no room for a handler. */
static void handlers_set(void (*handler)(int))
{
	static char stack[16384];
	const stack_t other = { .ss_sp = stack, .ss_size = sizeof(stack) };
	struct sigaction action = { .sa_handler = handler, .sa_flags = SA_RESETHAND | SA_ONSTACK };
	size_t i;

	sigaltstack(&other, NULL);
	for (i = 0; i < sizeof(crashes) / sizeof(crashes[0]); i++)
		sigaction(crashes[i], &action, NULL);
}

void tb_terminal_guard(int fd)
{
	guard.fd = fd;
	if (!tcgetattr(fd, &guard.modes)) {
		restore_make();
		handlers_set(on_crash);
	}
	stderr_keep();
}

void tb_terminal_unguard(void)
{
	handlers_set(SIG_DFL);
	stderr_give_back();
	if (guard.stderr_kept >= 0)
		close(guard.stderr_kept);
	guard.stderr_kept = -1;
}
