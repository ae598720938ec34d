/* Counts the calls that change files under one folder, and kills the process, or fails, at one.
 *
 * Loaded before the C library (LD_PRELOAD), so that SQLite's calls are met like Python's. With
 * `logging` every call is written down, for `test_power_loss.py`. See file_faults.py. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

static char prefix[PATH_MAX];
static long count, at;
static int fault, lasting, log_fd = -1;

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

/* fault 0 kills; else it is the errno to fail with: once, or (lasting) for all that takes space */
void arm(const char *folder, long number, int error, int lasts, const char *log_path) {
  snprintf(prefix, sizeof prefix, "%s/", folder);
  count = 0;
  at = number;
  fault = error;
  lasting = lasts;
  if (log_path[0])
    log_fd = REAL(open)(log_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
}

void disarm(void) { prefix[0] = 0; }
long calls(void) { return count; }

static int mine(const char *path) {
  return prefix[0] && path && !strncmp(path, prefix, strlen(prefix));
}

static int of(int fd, char *path) {
  char link[64];
  if (!prefix[0])
    return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t size = readlink(link, path, PATH_MAX - 1);
  if (size < 0)
    return 0;
  path[size] = 0;
  size_t folder = strlen(prefix) - 1; /* without the slash: the folder itself is synced, too */
  return mine(path) || ((size_t)size == folder && !strncmp(path, prefix, folder));
}

static int hit(int takes_space) {
  count++;
  if (count == at && !fault)
    kill(getpid(), SIGKILL);
  if (at && (count == at || (lasting && count > at && takes_space))) {
    errno = fault;
    return 1;
  }
  return 0;
}

static void note(const char *what, const char *path, const char *other, long offset, const void *data, size_t size) {
  if (log_fd < 0)
    return;
  dprintf(log_fd, "%s\t%s\t%s\t%ld\t%zu\n", what, path, other, offset, size);
  if (size)
    if (REAL(write)(log_fd, data, size) < 0)
      return;
}

static int opening(const char *path, int flags) {
  if (!mine(path) || !(flags & (O_CREAT | O_TRUNC)) || (flags & O_TMPFILE) == O_TMPFILE)
    return 0;
  int there = access(path, F_OK) == 0;
  if (there && !(flags & O_TRUNC))
    return 0;
  if (hit(1))
    return 1;
  note(there ? "truncate" : "create", path, "", 0, "", 0);
  return 0;
}

#define OPEN(name)                                       \
  int name(const char *path, int flags, ...) {           \
    va_list rest;                                        \
    va_start(rest, flags);                               \
    int mode = va_arg(rest, int);                        \
    va_end(rest);                                        \
    return opening(path, flags) ? -1 : REAL(name)(path, flags, mode); \
  }
OPEN(open)
OPEN(open64)

int openat(int folder, const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  int mode = va_arg(rest, int);
  va_end(rest);
  return opening(path, flags) ? -1 : REAL(openat)(folder, path, flags, mode);
}

ssize_t write(int fd, const void *data, size_t size) {
  char path[PATH_MAX];
  if (of(fd, path)) {
    if (hit(1))
      return -1;
    note("write", path, "", lseek(fd, 0, SEEK_CUR), data, size);
  }
  return REAL(write)(fd, data, size);
}

#define PWRITE(name, type)                                          \
  ssize_t name(int fd, const void *data, size_t size, type offset) { \
    char path[PATH_MAX];                                            \
    if (of(fd, path)) {                                             \
      if (hit(1))                                                   \
        return -1;                                                  \
      note("write", path, "", offset, data, size);                  \
    }                                                               \
    return REAL(name)(fd, data, size, offset);                      \
  }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

#define SYNC(name)                      \
  int name(int fd) {                    \
    char path[PATH_MAX];                \
    if (of(fd, path)) {                 \
      if (hit(0))                       \
        return -1;                      \
      note("sync", path, "", 0, "", 0); \
    }                                   \
    return REAL(name)(fd);              \
  }
SYNC(fsync)
SYNC(fdatasync)

#define TRUNCATE(name, type)                     \
  int name(int fd, type size) {                  \
    char path[PATH_MAX];                         \
    if (of(fd, path)) {                          \
      if (hit(0))                                \
        return -1;                               \
      note("truncate", path, "", size, "", 0);   \
    }                                            \
    return REAL(name)(fd, size);                 \
  }
TRUNCATE(ftruncate, off_t)
TRUNCATE(ftruncate64, off64_t)

int rename(const char *from, const char *to) {
  if (mine(from) || mine(to)) {
    if (hit(0))
      return -1;
    note("rename", from, to, 0, "", 0);
  }
  return REAL(rename)(from, to);
}

int unlink(const char *path) {
  if (mine(path)) {
    if (hit(0))
      return -1;
    note("unlink", path, "", 0, "", 0);
  }
  return REAL(unlink)(path);
}

int mkdir(const char *path, mode_t mode) {
  if (mine(path)) {
    if (hit(1))
      return -1;
    note("mkdir", path, "", 0, "", 0);
  }
  return REAL(mkdir)(path, mode);
}

int chmod(const char *path, mode_t mode) {
  if (mine(path) && hit(0))
    return -1;
  return REAL(chmod)(path, mode);
}
