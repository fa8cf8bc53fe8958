# The pause program for Linux on amd64. It holds a task's network namespace.
#   /pause             waits for ever; as process 1 without handlers it ignores SIGTERM
#   /pause listeners   prints /proc/net/tcp and /proc/net/tcp6 of its namespace, then exits
# Position independent, no data section, so the text section alone is the program.
    .globl _start
    .text
_start:
    cmpq  $2, (%rsp)            # argc
    jae   listeners
wait:
    movl  $34, %eax             # pause()
    syscall
    jmp   wait

listeners:
    leaq  tcp4(%rip), %rdi
    call  print
    leaq  tcp6(%rip), %rdi
    call  print
    xorl  %edi, %edi
exit:
    movl  $60, %eax             # exit(edi)
    syscall

print:                          # rdi: path; a file that is not there is left out
    subq  $4096, %rsp
    movl  $2, %eax              # open(path, O_RDONLY)
    xorl  %esi, %esi
    xorl  %edx, %edx
    syscall
    testl %eax, %eax
    js    done
    movl  %eax, %r12d
more:
    xorl  %eax, %eax            # read(file, stack, 4096)
    movl  %r12d, %edi
    movq  %rsp, %rsi
    movl  $4096, %edx
    syscall
    testq %rax, %rax
    jle   done
    movq  %rax, %r13
    movq  %rsp, %r14
rest:
    movl  $1, %eax              # write(1, r14, r13)
    movl  $1, %edi
    movq  %r14, %rsi
    movq  %r13, %rdx
    syscall
    testq %rax, %rax
    movl  $1, %edi
    jle   exit
    addq  %rax, %r14
    subq  %rax, %r13
    jnz   rest
    jmp   more
done:
    addq  $4096, %rsp
    ret

tcp4:
    .asciz "/proc/net/tcp"
tcp6:
    .asciz "/proc/net/tcp6"
