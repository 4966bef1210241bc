        bits 16
        global helper
helper: mov ax, 3
        ret
