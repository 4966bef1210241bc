; returns that go elsewhere, and a text behind a call
        bits 16
        global _start
_start: call print
        db "text", 0
        push word done
        ret
print:  pop si
        push si
        push cs
        push word done
        retf
done:   hlt
        jmp done
