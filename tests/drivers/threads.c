/* SPDX-License-Identifier: MIT
 *
 * A program for Linux whose threads have variables of their own, for musl's static library. */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>

static __thread int own = 40;
__thread char zeroed[100];

static void *count(void *step)
{
    own += *(int *)step;
    zeroed[99] += own;
    errno = own;
    printf("%d %d %d\n", own, zeroed[99], errno);
    return NULL;
}

int main(void)
{
    int step = 2;
    pthread_t thread;
    if (pthread_create(&thread, NULL, count, &step) != 0 || pthread_join(thread, NULL) != 0)
        return 1;
    step = 3;
    count(&step);
    return 0;
}
