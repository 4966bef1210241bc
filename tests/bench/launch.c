/* Runs a command once and prints its microseconds and its peak memory in KiB.
 *
 * A program of its own because Linux counts the peak of the process that forks towards the child
 * (fs/exec.c keeps the old memory's high-water mark): measured from Python every linker would need
 * at least Python's memory. vfork, so that this process's own size costs the command no time. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double microseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

int main(int count, char **words)
{
    if (count < 2)
        return 2;
    int quiet = open("/dev/null", O_WRONLY | O_CLOEXEC);
    double start = microseconds();
    pid_t child = vfork();
    if (child == 0) {
        dup2(quiet, 1);
        execv(words[1], words + 1);
        _exit(127);
    }
    int status = 0;
    struct rusage usage;
    if (child < 0 || wait4(child, &status, 0, &usage) != child)
        return 2;
    printf("%.1f %ld\n", microseconds() - start, usage.ru_maxrss);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
