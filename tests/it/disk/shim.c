/*
 * Preloaded into a program, it writes down what the program does to the files of one folder and to its sockets, in true
 * order, and lets calls on those files fail or wait on demand.
 *
 *   SHIM_FOLDER  the folder, without symbolic links
 *   SHIM_TRACE   where records go
 *   SHIM_FAULTS  a file that may come and go, each line `OPERATION PART ACTION [EVERY]`: an operation on a file whose path
 *                ends with PART (`*`: any) fails with ACTION (an errno's name), is a KILL of the program, or WAITs for 10 ms
 *                first; with EVERY, only each so-manieth time
 *
 * A record is one write at the end of the trace, before a call and after it. So the records' order in the file is the order
 * in which things happened, across threads and processes: what stands there as ended before something began did end before.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum operation { OP_CREATE = 1, OP_WRITE, OP_TRUNCATE, OP_SYNC, OP_REMOVE, OP_RENAME, OP_LINK, OP_SEND };
enum phase { BEGIN = 1, END };

struct record {
    uint8_t phase, operation;
    uint16_t path_length;
    uint32_t data_length;
    int64_t thread;
    /* Where a write goes, the length of a truncation, the port at a socket's other end. */
    int64_t offset;
    /* What the call returned; for a failure -errno. */
    int64_t result;
    uint64_t inode;
};

static const char *folder, *faults;
static size_t folder_length;
static int trace = -1;

/* The next definition of a function, found when it is first needed: other libraries' constructors may run before ours. */
#define REAL(name) \
    static __typeof__(name) *real; \
    if (!real) real = (__typeof__(real))dlsym(RTLD_NEXT, #name)

static void open_trace(void)
{
    static int tried;
    const char *path = getenv("SHIM_TRACE");
    if (tried) return;
    tried = 1;
    if (!path || !getenv("SHIM_FOLDER")) return;
    /* Copies: PostgreSQL writes its processes' titles over the variables. */
    folder = strdup(getenv("SHIM_FOLDER"));
    faults = getenv("SHIM_FAULTS") ? strdup(getenv("SHIM_FAULTS")) : NULL;
    if (!folder) abort();
    folder_length = strlen(folder);
    int low = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
    if (low < 0) abort();
    /* Out of the way of programs that count on low numbers. */
    trace = fcntl(low, F_DUPFD_CLOEXEC, 500);
    if (trace < 0) abort();
    syscall(SYS_close, low);
}

__attribute__((constructor)) static void start(void) { open_trace(); }

static void note(enum phase phase, enum operation operation, const char *path, int64_t offset, int64_t result,
                 uint64_t inode, const void *data, size_t length)
{
    int before = errno;
    struct record record = {
        .phase = (uint8_t)phase, .operation = (uint8_t)operation, .path_length = (uint16_t)strlen(path),
        .data_length = (uint32_t)length, .thread = syscall(SYS_gettid), .offset = offset, .result = result, .inode = inode,
    };
    struct iovec parts[] = {
        { &record, sizeof record }, { (void *)path, record.path_length }, { (void *)data, length },
    };
    ssize_t wanted = (ssize_t)(sizeof record + record.path_length + length);
    /* A trace with a gap would prove what is not so. */
    if (syscall(SYS_writev, trace, parts, 3) != wanted) abort();
    errno = before;
}

static int64_t outcome(int64_t result) { return result < 0 ? -errno : result; }

/* Whether a path lies in the folder, or is the folder. */
static int is_watched_path(const char *path)
{
    return trace >= 0 && strncmp(path, folder, folder_length) == 0
        && (path[folder_length] == '/' || path[folder_length] == 0);
}

/* Asks the kernel what a number stands for: nothing is remembered, so nothing goes stale by dup, fork or close. */
static int target(int fd, char *path)
{
    char link[40];
    int before = errno;
    if (trace < 0) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = syscall(SYS_readlinkat, AT_FDCWD, link, path, PATH_MAX - 1);
    path[length < 0 ? 0 : length] = 0;
    char *gone = length > 0 ? strstr(path, " (deleted)") : NULL;
    if (gone) *gone = 0;
    errno = before;
    return length > 0;
}

static int is_watched(int fd, char *path) { return target(fd, path) && is_watched_path(path); }

static uint64_t inode_of(int fd)
{
    struct stat facts;
    int before = errno;
    uint64_t inode = fstat(fd, &facts) == 0 ? facts.st_ino : 0;
    errno = before;
    return inode;
}

static void absolute(const char *path, char *whole)
{
    char here[PATH_MAX];
    if (path[0] == '/' || !getcwd(here, sizeof here)) snprintf(whole, PATH_MAX, "%s", path);
    else if ((size_t)snprintf(whole, PATH_MAX, "%s/%s", here, path) >= PATH_MAX) whole[0] = 0;
}

static int number_of(const char *action)
{
    if (strcmp(action, "ENOSPC") == 0) return ENOSPC;
    if (strcmp(action, "EROFS") == 0) return EROFS;
    return EIO;
}

/* The errno that a call is to fail with now; 0: it goes through. */
static int fault(const char *operation, const char *path)
{
    static int counts[16];
    char text[1024], *line, *rest = text;
    int before = errno, verdict = 0;
    if (!faults) return 0;
    int fd = (int)syscall(SYS_openat, AT_FDCWD, faults, O_RDONLY | O_CLOEXEC);
    ssize_t length = fd < 0 ? 0 : syscall(SYS_read, fd, text, sizeof text - 1);
    if (fd >= 0) syscall(SYS_close, fd);
    text[length < 0 ? 0 : length] = 0;
    for (int number = 0; number < 16 && !verdict && (line = strsep(&rest, "\n")); number++) {
        char which[16], part[128], action[16];
        int every = 1;
        if (sscanf(line, "%15s %127s %15s %d", which, part, action, &every) < 3 || strcmp(which, operation)) continue;
        size_t tail = strlen(part), whole = strlen(path);
        if (strcmp(part, "*") && (whole < tail || strcmp(path + whole - tail, part))) continue;
        if (__atomic_add_fetch(&counts[number], 1, __ATOMIC_SEQ_CST) % every) continue;
        if (strcmp(action, "KILL") == 0) kill(getpid(), SIGKILL);
        if (strcmp(action, "WAIT") == 0) usleep(10000);
        else verdict = number_of(action);
    }
    errno = before;
    return verdict;
}

static void note_send(enum phase phase, int fd, int64_t result, const struct iovec *parts, int count)
{
    struct sockaddr_storage peer = { 0 };
    socklen_t size = sizeof peer;
    int before = errno, port = 0;
    size_t length = 0;
    if (getpeername(fd, (struct sockaddr *)&peer, &size) == 0 && peer.ss_family == AF_INET)
        port = ntohs(((struct sockaddr_in *)&peer)->sin_port);
    for (int part = 0; phase == BEGIN && part < count; part++) length += parts[part].iov_len;
    char *data = length ? malloc(length) : NULL, *next = data;
    if (length && !data) abort();
    for (int part = 0; length && part < count; part++) {
        memcpy(next, parts[part].iov_base, parts[part].iov_len);
        next += parts[part].iov_len;
    }
    errno = before;
    note(phase, OP_SEND, "", port, result, inode_of(fd), data, length);
    free(data);
}

static int is_socket(int fd, char *path) { return target(fd, path) && strncmp(path, "socket:", 7) == 0; }

/* Around a call that writes `parts` at `at`. */
#define WRITES(parts, count, at, call) \
    char path[PATH_MAX]; \
    if (is_socket(fd, path)) { \
        note_send(BEGIN, fd, 0, parts, count); \
        ssize_t sent = call; \
        note_send(END, fd, outcome(sent), parts, count); \
        return sent; \
    } \
    if (!is_watched_path(path)) return call; \
    int64_t offset = at; \
    int failure = fault("write", path); \
    if (failure) { errno = failure; return -1; } \
    note_write(path, offset, inode_of(fd), parts, count); \
    ssize_t written = call; \
    note(END, OP_WRITE, path, offset, outcome(written), inode_of(fd), NULL, 0); \
    return written

static void note_write(const char *path, int64_t offset, uint64_t inode, const struct iovec *parts, int count)
{
    size_t length = 0;
    if (count == 1) {
        note(BEGIN, OP_WRITE, path, offset, 0, inode, parts[0].iov_base, parts[0].iov_len);
        return;
    }
    for (int part = 0; part < count; part++) length += parts[part].iov_len;
    char *data = malloc(length ? length : 1), *next = data;
    if (!data) abort();
    for (int part = 0; part < count; part++) {
        memcpy(next, parts[part].iov_base, parts[part].iov_len);
        next += parts[part].iov_len;
    }
    note(BEGIN, OP_WRITE, path, offset, 0, inode, data, length);
    free(data);
}

static int64_t place(int fd)
{
    int before = errno;
    int is_append = fcntl(fd, F_GETFL) & O_APPEND;
    int64_t at = lseek(fd, 0, is_append ? SEEK_END : SEEK_CUR);
    errno = before;
    return at < 0 ? 0 : at;
}

ssize_t write(int fd, const void *bytes, size_t length)
{
    REAL(write);
    struct iovec part = { (void *)bytes, length };
    WRITES(&part, 1, place(fd), real(fd, bytes, length));
}

ssize_t writev(int fd, const struct iovec *parts, int count)
{
    REAL(writev);
    WRITES(parts, count, place(fd), real(fd, parts, count));
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at)
{
    REAL(pwrite);
    struct iovec part = { (void *)bytes, length };
    WRITES(&part, 1, at, real(fd, bytes, length, at));
}

ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t at)
{
    REAL(pwritev);
    WRITES(parts, count, at, real(fd, parts, count, at));
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t at)
{
    REAL(pwrite64);
    struct iovec part = { (void *)bytes, length };
    WRITES(&part, 1, at, real(fd, bytes, length, at));
}

ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t at)
{
    REAL(pwritev64);
    WRITES(parts, count, at, real(fd, parts, count, at));
}

ssize_t send(int fd, const void *bytes, size_t length, int flags)
{
    REAL(send);
    struct iovec part = { (void *)bytes, length };
    WRITES(&part, 1, 0, real(fd, bytes, length, flags));
}

ssize_t sendto(int fd, const void *bytes, size_t length, int flags, const struct sockaddr *to, socklen_t size)
{
    REAL(sendto);
    struct iovec part = { (void *)bytes, length };
    WRITES(&part, 1, 0, real(fd, bytes, length, flags, to, size));
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
    REAL(sendmsg);
    WRITES(message->msg_iov, (int)message->msg_iovlen, 0, real(fd, message, flags));
}

/* Around a call on a descriptor that moves no bytes. */
#define CHANGES(word, operation, value, call) \
    char path[PATH_MAX]; \
    if (!is_watched(fd, path)) return call; \
    note(BEGIN, operation, path, value, 0, inode_of(fd), NULL, 0); \
    int failure = fault(word, path), result = -1; \
    if (failure) errno = failure; \
    else result = call; \
    note(END, operation, path, value, outcome(result), inode_of(fd), NULL, 0); \
    return result

int fsync(int fd)
{
    REAL(fsync);
    CHANGES("sync", OP_SYNC, 0, real(fd));
}

int fdatasync(int fd)
{
    REAL(fdatasync);
    CHANGES("sync", OP_SYNC, 0, real(fd));
}

int ftruncate(int fd, off_t length)
{
    REAL(ftruncate);
    CHANGES("truncate", OP_TRUNCATE, length, real(fd, length));
}

int ftruncate64(int fd, off64_t length)
{
    REAL(ftruncate64);
    CHANGES("truncate", OP_TRUNCATE, length, real(fd, length));
}

/* Around a call on names. */
#define RENAMES(word, operation, from, to, call) \
    char whole[PATH_MAX], other[PATH_MAX]; \
    absolute(from, whole); \
    absolute(to, other); \
    if (!is_watched_path(whole) && !is_watched_path(other)) return call; \
    note(BEGIN, operation, whole, 0, 0, 0, other, strlen(other)); \
    int failure = fault(word, whole), result = -1; \
    if (failure) errno = failure; \
    else result = call; \
    note(END, operation, whole, 0, outcome(result), 0, NULL, 0); \
    return result

int unlink(const char *name)
{
    REAL(unlink);
    RENAMES("remove", OP_REMOVE, name, "", real(name));
}

int unlinkat(int base, const char *name, int flags)
{
    REAL(unlinkat);
    RENAMES("remove", OP_REMOVE, name, "", real(base, name, flags));
}

int rename(const char *from, const char *to)
{
    REAL(rename);
    RENAMES("rename", OP_RENAME, from, to, real(from, to));
}

int link(const char *from, const char *to)
{
    REAL(link);
    RENAMES("link", OP_LINK, from, to, real(from, to));
}

int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags)
{
    REAL(linkat);
    RENAMES("link", OP_LINK, from, to, real(from_folder, from, to_folder, to, flags));
}

/* A descriptor that was just opened; a fault in opening for writing comes before. */
static int opened(int fd, int flags)
{
    char path[PATH_MAX];
    if (fd >= 0 && (flags & O_CREAT) && is_watched(fd, path))
        note(END, OP_CREATE, path, 0, 0, inode_of(fd), NULL, 0);
    return fd;
}

static int may_open(const char *name, int flags)
{
    char whole[PATH_MAX];
    open_trace();
    absolute(name, whole);
    int failure = (flags & O_ACCMODE) != O_RDONLY && is_watched_path(whole) ? fault("open", whole) : 0;
    if (failure) errno = failure;
    return !failure;
}

#define MODE(flags) \
    mode_t mode = 0; \
    if ((flags) & (O_CREAT | O_TMPFILE)) { \
        va_list rest; \
        va_start(rest, flags); \
        mode = va_arg(rest, mode_t); \
        va_end(rest); \
    }

int open(const char *name, int flags, ...)
{
    REAL(open);
    MODE(flags);
    return may_open(name, flags) ? opened(real(name, flags, mode), flags) : -1;
}

int open64(const char *name, int flags, ...)
{
    REAL(open64);
    MODE(flags);
    return may_open(name, flags) ? opened(real(name, flags, mode), flags) : -1;
}

int openat(int base, const char *name, int flags, ...)
{
    REAL(openat);
    MODE(flags);
    return may_open(name, flags) ? opened(real(base, name, flags, mode), flags) : -1;
}

int openat64(int base, const char *name, int flags, ...)
{
    REAL(openat64);
    MODE(flags);
    return may_open(name, flags) ? opened(real(base, name, flags, mode), flags) : -1;
}
