        .code16
        .globl  print, kmain
print:  call    loader
        call    _ZZZnonsense
kmain:  ret
