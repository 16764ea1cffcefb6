/* Loaded before libc into processes under test. Two things, each asked for by a file that the test
 * maps as well:
 *
 * RIG_CLOCK: eight bytes, the nanoseconds by which the calendar's clock is ahead of the machine's.
 * Waits are not concerned: they are counted by the monotonic clock, which nobody moves.
 *
 * RIG_IO: two times eight bytes, how many calls have moved bytes, names or connections so far, and
 * at which of them the process is to die as by `kill -9`; never if that is zero. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static volatile int64_t *ahead;
static volatile int64_t *io;

static void *map(const char *name, size_t size, int writable) {
    const char *path = getenv(name);
    if (!path) return NULL;
    int file = (int)syscall(SYS_openat, AT_FDCWD, path, writable ? O_RDWR : O_RDONLY);
    if (file < 0) abort();
    void *found = mmap(NULL, size, writable ? PROT_READ | PROT_WRITE : PROT_READ, MAP_SHARED, file, 0);
    syscall(SYS_close, file);
    if (found == MAP_FAILED) abort();
    return found;
}

__attribute__((constructor)) static void prepare(void) {
    ahead = map("RIG_CLOCK", 8, 0);
    io = map("RIG_IO", 16, 1);
}

static int move(struct timespec *time) {
    if (ahead) {
        int64_t nanos = time->tv_nsec + *ahead % 1000000000;
        time->tv_sec += *ahead / 1000000000 + (nanos >= 1000000000) - (nanos < 0);
        time->tv_nsec = nanos - 1000000000 * ((nanos >= 1000000000) - (nanos < 0));
    }
    return 0;
}

int clock_gettime(clockid_t id, struct timespec *time) {
    static int (*real)(clockid_t, struct timespec *);
    if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
    int failed = real(id, time);
    if (failed || (id != CLOCK_REALTIME && id != CLOCK_REALTIME_COARSE)) return failed;
    return move(time);
}

int gettimeofday(struct timeval *time, void *zone) {
    (void)zone;
    struct timespec now;
    int failed = clock_gettime(CLOCK_REALTIME, &now);
    if (!failed) *time = (struct timeval){now.tv_sec, now.tv_nsec / 1000};
    return failed;
}

static void step(void) {
    if (!io) return;
    int64_t count = __atomic_add_fetch(&io[0], 1, __ATOMIC_SEQ_CST);
    if (io[1] && count >= io[1]) kill(getpid(), SIGKILL);
}

#define COUNTED(result, name, parameters, arguments)            \
    result name parameters {                                    \
        static result(*real) parameters;                        \
        if (!real) real = dlsym(RTLD_NEXT, #name);              \
        step();                                                 \
        return real arguments;                                  \
    }

COUNTED(ssize_t, send, (int to, const void *bytes, size_t size, int flags), (to, bytes, size, flags))
COUNTED(ssize_t, sendmsg, (int to, const struct msghdr *what, int flags), (to, what, flags))
COUNTED(ssize_t, recv, (int from, void *bytes, size_t size, int flags), (from, bytes, size, flags))
COUNTED(ssize_t, writev, (int to, const struct iovec *parts, int count), (to, parts, count))
COUNTED(ssize_t, write, (int to, const void *bytes, size_t size), (to, bytes, size))
COUNTED(ssize_t, read, (int from, void *bytes, size_t size), (from, bytes, size))
COUNTED(int, connect, (int from, const struct sockaddr *to, socklen_t size), (from, to, size))
COUNTED(int, rename, (const char *from, const char *to), (from, to))
COUNTED(int, link, (const char *from, const char *to), (from, to))
COUNTED(int, unlink, (const char *path), (path))
COUNTED(int, fsync, (int file), (file))
COUNTED(int, fdatasync, (int file), (file))
