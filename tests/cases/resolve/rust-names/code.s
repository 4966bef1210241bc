# What rustc calls game::draw_board and <game::Cell as core::fmt::Debug>::fmt, and a name that only looks so.
        .code16
        .globl  main
main:   call    _ZN4game10draw_board17h0123456789abcdefE
        call    "_ZN47_$LT$game..Cell$u20$as$u20$core..fmt..Debug$GT$3fmt17h0123456789abcdefE"
        call    _ZN4game17hnot_a_hash_at_allE
        ret
