/* Stands between a program and the disk: preloaded, it logs what the program does to
   the files below one folder, and makes one of those calls fail where it is told to.

   FAULTS_FOLDER  the folder, as an absolute path without links
   FAULTS_LOG     where the log goes; without it nothing is logged

   The log is a row of entries, each a struct entry and `size` bytes. What the program
   writes to its standard output is logged too: it says there what it has done. The log
   is written call by call while a lock is held, so its order is that of the calls. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define LONGEST 4096
#define MOST_FILES 4096

struct entry {
    int32_t kind;  /* a letter, see tests/faults/disk_log.py */
    int32_t fd;
    int64_t at;
    int64_t size;
};

static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;
static char watched[MOST_FILES];
static int log_fd = -1;
static char folder[LONGEST];
static long calls, fail_at;
static int fail_for_ever, fail_with;

#define REAL(name) ((__typeof__(&name))real_of(#name))

static void *real_of(const char *name) {
    void *found = dlsym(RTLD_NEXT, name);
    if (!found) abort();
    return found;
}

__attribute__((constructor)) static void begin(void) {
    const char *where = getenv("FAULTS_FOLDER"), *log = getenv("FAULTS_LOG");
    if (!where || strlen(where) >= sizeof folder) abort();
    strcpy(folder, where);
    if (log) log_fd = REAL(open)(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (log && log_fd < 0) abort();
}

/* For the program under test: which call below the folder fails, and how. */

void faults_arm(long nth, int for_ever, int error) {
    pthread_mutex_lock(&one_at_a_time);
    calls = 0, fail_at = nth, fail_for_ever = for_ever, fail_with = error;
    pthread_mutex_unlock(&one_at_a_time);
}

/* Return how many calls there were since it was armed; none fails any more. */
long faults_disarm(void) {
    pthread_mutex_lock(&one_at_a_time);
    long seen = calls;
    fail_at = 0;
    pthread_mutex_unlock(&one_at_a_time);
    return seen;
}

static int fails(void) {
    calls++;
    if (!fail_at || calls < fail_at || (calls > fail_at && !fail_for_ever)) return 0;
    errno = fail_with;
    return 1;
}

static void put(int kind, int fd, int64_t at, const void *data, int64_t size) {
    if (log_fd < 0) return;
    struct entry head = {kind, fd, at, size};
    struct iovec parts[2] = {{&head, sizeof head}, {(void *)data, (size_t)size}};
    if (REAL(writev)(log_fd, parts, 2) != (ssize_t)(sizeof head) + size) abort();
}

static void full_path(int dir, const char *path, char *full) {
    char base[LONGEST] = "", link[64];
    if (path[0] != '/' && dir == AT_FDCWD) {
        if (!getcwd(base, sizeof base)) abort();
    } else if (path[0] != '/') {
        snprintf(link, sizeof link, "/proc/self/fd/%d", dir);
        if (readlink(link, base, sizeof base - 1) < 0) abort();
    }
    int long_is = snprintf(full, LONGEST, "%s%s%s", base, *base ? "/" : "", path);
    if (long_is >= LONGEST) abort();
}

static int is_below(const char *path) {
    size_t size = strlen(folder);
    return !strncmp(path, folder, size) && (path[size] == '/' || !path[size]);
}

static int is_watched(int fd) { return fd >= 0 && fd < MOST_FILES && watched[fd]; }

/* Opening and closing. */

static int opened(int dir, const char *path, int flags, mode_t mode) {
    char full[LONGEST];
    struct stat told;
    full_path(dir, path, full);
    if (!is_below(full)) return REAL(openat64)(dir, path, flags, mode);
    pthread_mutex_lock(&one_at_a_time);
    int fd = fails() ? -1 : REAL(openat64)(dir, path, flags, mode);
    int error = errno;
    if (fd >= MOST_FILES) abort();
    if (fd >= 0) {
        watched[fd] = 1;
        fstat(fd, &told);
        put(S_ISDIR(told.st_mode) ? 'D' : 'o', fd, 0, full, (int64_t)strlen(full));
        if (flags & O_TRUNC) put('t', fd, 0, "", 0);
    }
    pthread_mutex_unlock(&one_at_a_time);
    errno = error;
    return fd;
}

#define MODE(flags, mode)                      \
    mode_t mode = 0;                           \
    if (flags & (O_CREAT | O_TMPFILE)) {       \
        va_list rest;                          \
        va_start(rest, flags);                 \
        mode = va_arg(rest, mode_t);           \
        va_end(rest);                          \
    }

int open(const char *path, int flags, ...) {
    MODE(flags, mode)
    return opened(AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...) {
    MODE(flags, mode)
    return opened(AT_FDCWD, path, flags, mode);
}

int openat(int dir, const char *path, int flags, ...) {
    MODE(flags, mode)
    return opened(dir, path, flags, mode);
}

int openat64(int dir, const char *path, int flags, ...) {
    MODE(flags, mode)
    return opened(dir, path, flags, mode);
}

int close(int fd) {
    pthread_mutex_lock(&one_at_a_time);
    if (is_watched(fd)) {
        watched[fd] = 0;
        put('c', fd, 0, "", 0);
    }
    int done = REAL(close)(fd);
    pthread_mutex_unlock(&one_at_a_time);
    return done;
}

/* Changing what a file holds. */

static int64_t place_of(int fd) {
    int flags = fcntl(fd, F_GETFL);
    return lseek64(fd, 0, flags & O_APPEND ? SEEK_END : SEEK_CUR);
}

ssize_t write(int fd, const void *data, size_t size) {
    if (fd != STDOUT_FILENO && !is_watched(fd)) return REAL(write)(fd, data, size);
    pthread_mutex_lock(&one_at_a_time);
    ssize_t done = -1;
    if (fd == STDOUT_FILENO) {
        put('m', fd, 0, data, (int64_t)size);
        done = REAL(write)(fd, data, size);
    } else if (!fails()) {
        int64_t at = place_of(fd);
        done = REAL(write)(fd, data, size);
        if (done > 0) put('w', fd, at, data, done);
    }
    pthread_mutex_unlock(&one_at_a_time);
    return done;
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) {
    if (!is_watched(fd)) return REAL(pwrite64)(fd, data, size, at);
    pthread_mutex_lock(&one_at_a_time);
    ssize_t done = fails() ? -1 : REAL(pwrite64)(fd, data, size, at);
    if (done > 0) put('w', fd, at, data, done);
    pthread_mutex_unlock(&one_at_a_time);
    return done;
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t at) {
    return pwrite64(fd, data, size, at);
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
    if (!is_watched(fd)) return REAL(writev)(fd, parts, count);
    ssize_t all = 0;
    for (int part = 0; part < count; part++) {
        ssize_t done = write(fd, parts[part].iov_base, parts[part].iov_len);
        if (done < 0) return all ? all : -1;
        all += done;
    }
    return all;
}

int ftruncate64(int fd, off64_t size) {
    if (!is_watched(fd)) return REAL(ftruncate64)(fd, size);
    pthread_mutex_lock(&one_at_a_time);
    int done = fails() ? -1 : REAL(ftruncate64)(fd, size);
    if (!done) put('t', fd, size, "", 0);
    pthread_mutex_unlock(&one_at_a_time);
    return done;
}

int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

int fsync(int fd) {
    if (!is_watched(fd)) return REAL(fsync)(fd);
    pthread_mutex_lock(&one_at_a_time);
    /* Nobody pulls the plug: waiting for the disk would only take time. */
    int done = fails() ? -1 : 0;
    if (!done) put('s', fd, 0, "", 0);
    pthread_mutex_unlock(&one_at_a_time);
    return done;
}

int fdatasync(int fd) { return fsync(fd); }

/* Changing names. */

static int renamed(int from, const char *old, int to, const char *now) {
    char both[2 * LONGEST], full[LONGEST];
    full_path(from, old, both);
    full_path(to, now, full);
    if (!is_below(full)) return REAL(renameat)(from, old, to, now);
    size_t first = strlen(both) + 1;
    strcpy(both + first, full);
    pthread_mutex_lock(&one_at_a_time);
    int done = fails() ? -1 : REAL(renameat)(from, old, to, now);
    if (!done) put('r', -1, 0, both, (int64_t)(first + strlen(full)));
    pthread_mutex_unlock(&one_at_a_time);
    return done;
}

int rename(const char *old, const char *now) {
    return renamed(AT_FDCWD, old, AT_FDCWD, now);
}

int renameat(int from, const char *old, int to, const char *now) {
    return renamed(from, old, to, now);
}

int unlinkat(int dir, const char *path, int flags) {
    char full[LONGEST];
    full_path(dir, path, full);
    pthread_mutex_lock(&one_at_a_time);
    int done = REAL(unlinkat)(dir, path, flags);
    if (!done && is_below(full)) put('u', -1, 0, full, (int64_t)strlen(full));
    pthread_mutex_unlock(&one_at_a_time);
    return done;
}

int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }
