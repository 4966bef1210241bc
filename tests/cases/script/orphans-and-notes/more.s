        .section .note.third, "a", @note
        .long   4, 4, 1, 0, 0
        .section .constants, "a"
        .long   6
        .section .still, "a"
        .long   7
        .section .heap, "aw", @nobits
        .skip   8
        .section .facts, ""
        .long   8
