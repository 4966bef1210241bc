        bits 16
        global helper
helper: mov ax, 3
        call .twice
        o32 ret
.twice: add ax, ax
        ret
