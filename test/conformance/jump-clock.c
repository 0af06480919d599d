/*
 * A clock that jumps, for tests of processes that wait for days. Preloaded (LD_PRELOAD) into unmodified programs, on
 * Linux with glibc:
 *
 *   - The wall clock is the real one plus an offset. The offset is a 64-bit number of nanoseconds, of the machine's own
 *     byte order, in the 8-byte file that JUMP_CLOCK_FILE names. Every process maps that file, so whoever writes it
 *     sets the clock of all of them at once.
 *   - The monotonic clock stays real: timeouts of sockets and event loops do not notice a jump.
 *   - A sleep or a wait for a semaphore with a time limit of LONG_WAIT or more counts a jump as time that has passed.
 *     Shorter ones are pauses of the program's own (polling, back-off) and stay real.
 *
 * cc -O2 -shared -fPIC -o jump-clock.so jump-clock.c -ldl
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <semaphore.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define SECOND 1000000000LL
/* As long as a function may run at most: who waits for one to answer is not to be told that it took days. */
#define LONG_WAIT (900 * SECOND)
/* A long wait looks this often whether the clock has jumped. */
#define GLANCE (SECOND / 100)

static volatile int64_t no_offset = 0;
static volatile int64_t *offset = &no_offset;
static int (*real_sem_clockwait)(sem_t *, clockid_t, const struct timespec *);

__attribute__((constructor)) static void map_offset(void) {
  real_sem_clockwait = (int (*)(sem_t *, clockid_t, const struct timespec *))dlsym(RTLD_NEXT, "sem_clockwait");
  const char *file = getenv("JUMP_CLOCK_FILE");
  int descriptor = file == NULL ? -1 : open(file, O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return;
  void *mapped = mmap(NULL, sizeof(int64_t), PROT_READ, MAP_SHARED, descriptor, 0);
  if (mapped != MAP_FAILED) offset = mapped;
  close(descriptor);
}

static int is_wall_clock(clockid_t clock) {
  return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE || clock == CLOCK_TAI;
}

static int64_t nanos(const struct timespec *time) { return time->tv_sec * SECOND + time->tv_nsec; }

/* tv_nsec is never negative, also before 1970. */
static struct timespec timespec_of(int64_t total) {
  struct timespec time = {total / SECOND, total % SECOND};
  if (time.tv_nsec < 0) {
    time.tv_sec -= 1;
    time.tv_nsec += SECOND;
  }
  return time;
}

static int64_t real_now(clockid_t clock) {
  struct timespec time;
  syscall(SYS_clock_gettime, clock, &time);
  return nanos(&time);
}

static int64_t now(clockid_t clock) { return real_now(clock) + (is_wall_clock(clock) ? *offset : 0); }

int clock_gettime(clockid_t clock, struct timespec *time) {
  int result = syscall(SYS_clock_gettime, clock, time);
  if (result == 0 && is_wall_clock(clock)) *time = timespec_of(nanos(time) + *offset);
  return result;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone) {
  (void)zone;
  struct timespec current = timespec_of(now(CLOCK_REALTIME));
  if (time != NULL) *time = (struct timeval){current.tv_sec, current.tv_nsec / 1000};
  return 0;
}

time_t time(time_t *seconds) {
  time_t current = timespec_of(now(CLOCK_REALTIME)).tv_sec;
  if (seconds != NULL) *seconds = current;
  return current;
}

/* A wait of this process: how much of it is left, with jumps counted if it is a long one. */
struct waiting {
  int64_t length, began, offset_then;
  int is_long;
};

static struct waiting begin_waiting(int64_t length) {
  return (struct waiting){length, real_now(CLOCK_MONOTONIC), *offset, length >= LONG_WAIT};
}

static int64_t left_of(const struct waiting *wait) {
  int64_t jumped = wait->is_long ? *offset - wait->offset_then : 0;
  return wait->length - (real_now(CLOCK_MONOTONIC) - wait->began) - jumped;
}

static int64_t next_slice(const struct waiting *wait, int64_t left) {
  return wait->is_long && left > GLANCE ? GLANCE : left;
}

int clock_nanosleep(clockid_t clock, int flags, const struct timespec *request, struct timespec *remaining) {
  int64_t length = nanos(request) - ((flags & TIMER_ABSTIME) ? now(clock) : 0);
  struct waiting wait = begin_waiting(length);
  for (int64_t left = left_of(&wait); left > 0; left = left_of(&wait)) {
    struct timespec slice = timespec_of(next_slice(&wait, left));
    if (syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, &slice, NULL) == -1) {
      int64_t rest = left_of(&wait);
      if (remaining != NULL && !(flags & TIMER_ABSTIME)) *remaining = timespec_of(rest > 0 ? rest : 0);
      return errno;
    }
  }
  return 0;
}

int sem_clockwait(sem_t *restrict semaphore, clockid_t clock, const struct timespec *restrict deadline) {
  struct waiting wait = begin_waiting(nanos(deadline) - now(clock));
  for (;;) {
    int64_t left = left_of(&wait);
    if (left <= 0) {
      if (sem_trywait(semaphore) == 0) return 0;
      errno = ETIMEDOUT;
      return -1;
    }
    struct timespec slice_end = timespec_of(real_now(CLOCK_MONOTONIC) + next_slice(&wait, left));
    if (real_sem_clockwait(semaphore, CLOCK_MONOTONIC, &slice_end) == 0) return 0;
    if (errno != ETIMEDOUT) return -1;
  }
}
