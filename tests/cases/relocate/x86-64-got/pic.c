/* build: gcc -m64 -O2 -fpic -ffreestanding -fcf-protection=none -fno-asynchronous-unwind-tables -fno-stack-protector -fno-plt -c */
extern long foo;
extern void _start(void);
long *where(void) { return &foo; }
long read(void) { return foo; }
void call(void) { _start(); where(); }
void tail(void) { _start(); }
