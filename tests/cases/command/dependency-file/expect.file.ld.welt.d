boot.bin: \
  link.ld \
  a.o \
  ./libmore.a \
  c.o

link.ld:

a.o:

./libmore.a:

c.o:
