        # What g++ makes of `int main() { print("x"); kmain(); return never(1, 2); }' and `void loader() {}'.
        .code16
        .globl  main, _Z6loaderv
main:   call    _Z5printPKc
        call    _Z5kmainv
        call    _Z5neveric
        ret
_Z6loaderv: ret
