    .globl _start, hid, prot, inter, weakhid
    .hidden hid, weakhid
    .protected prot
    .internal inter
    .type hid, @function
    .size hid, 1
_start: call hid
hid: ret
prot: nop
inter: nop
    .weak weakhid
weakhid: nop
    .comm hc,4,4
    .hidden hc
