read 0 AA55 heads 2 sectors 18 kilobytes 1440
beyond 1 memory 1 low 1 a20 1 ticks 1 cdef 1
