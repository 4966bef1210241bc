/* Runs a command once and prints its microseconds and its peak memory in KiB.
 *
 * A program of its own because Linux counts the peak of the process that forks towards the child
 * (fs/exec.c keeps the old memory's high-water mark): measured from Python every linker would need
 * at least Python's memory. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

static double microseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

int main(int count, char **words, char **environment)
{
    posix_spawn_file_actions_t quiet;
    posix_spawn_file_actions_init(&quiet);
    posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", O_WRONLY, 0);

    double start = microseconds();
    pid_t child;
    if (count < 2 || posix_spawn(&child, words[1], &quiet, NULL, words + 1, environment) != 0)
        return 2;
    int status = 0;
    struct rusage usage;
    if (wait4(child, &status, 0, &usage) != child)
        return 2;
    printf("%.1f %ld\n", microseconds() - start, usage.ru_maxrss);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
