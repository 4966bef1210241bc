first
second!
012ABCDEF CDEF9A
0 10 4294967295
kept cleared set
...
scrolled
