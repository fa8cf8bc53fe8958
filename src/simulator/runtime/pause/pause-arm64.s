// The pause program for Linux on arm64. It holds a task's network namespace.
//   /pause             waits for ever; as process 1 without handlers it ignores SIGTERM
//   /pause listeners   prints /proc/net/tcp and /proc/net/tcp6 of its namespace, then exits
// Position independent, no data section, so the text section alone is the program.
    .globl _start
    .text
_start:
    ldr   x0, [sp]              // argc
    cmp   x0, #2
    b.hs  listeners
wait:
    mov   x0, xzr               // ppoll(0, 0, 0, 0)
    mov   x1, xzr
    mov   x2, xzr
    mov   x3, xzr
    mov   x4, xzr
    mov   x8, #73
    svc   #0
    b     wait

listeners:
    adr   x1, tcp4
    bl    print
    adr   x1, tcp6
    bl    print
    mov   x0, xzr
exit:
    mov   x8, #93               // exit(x0)
    svc   #0

print:                          // x1: path; a file that is not there is left out
    sub   sp, sp, #4096
    mov   x0, #-100             // openat(AT_FDCWD, path, O_RDONLY)
    mov   x2, xzr
    mov   x3, xzr
    mov   x8, #56
    svc   #0
    tbnz  x0, #63, done
    mov   x19, x0
more:
    mov   x0, x19               // read(file, stack, 4096)
    mov   x1, sp
    mov   x2, #4096
    mov   x8, #63
    svc   #0
    cmp   x0, #0
    b.le  done
    mov   x20, x0
    mov   x21, sp
rest:
    mov   x0, #1                // write(1, x21, x20)
    mov   x1, x21
    mov   x2, x20
    mov   x8, #64
    svc   #0
    cmp   x0, #0
    b.le  failed
    add   x21, x21, x0
    subs  x20, x20, x0
    b.ne  rest
    b     more
failed:
    mov   x0, #1
    b     exit
done:
    add   sp, sp, #4096
    ret

tcp4:
    .asciz "/proc/net/tcp"
tcp6:
    .asciz "/proc/net/tcp6"
