"""The few packets of gdb's remote protocol that let a halted machine go on.

Requires a unix socket at which QEMU's gdb stub listens. Provides `enable_interrupts`.
Packet format: "Debugging with GDB", appendix "GDB Remote Serial Protocol", Overview.
"""
import socket

EFLAGS = slice(36, 40)  # tenth of the 32-bit registers, in the order of the i386 `g` packet
IF = 0x200


def enable_interrupts(path, timeout=2.0):
    """Stops the machine, sets EFLAGS.IF and lets it run on."""
    with socket.socket(socket.AF_UNIX) as link:
        link.settimeout(timeout)
        link.connect(path)
        registers = bytearray.fromhex(ask(link, "g", is_registers))
        flags = int.from_bytes(registers[EFLAGS], "little") | IF
        registers[EFLAGS] = flags.to_bytes(4, "little")
        ask(link, "G" + registers.hex(), is_ok)
        ask(link, "D", is_ok)


def is_registers(packet):
    return len(packet) > 80


def is_ok(packet):
    return packet == "OK"


def ask(link, text, is_answer):
    """Sends one packet and returns its answer; stop reports that arrive in between are dropped."""
    link.sendall(f"${text}#{sum(text.encode()) & 255:02x}".encode())
    while True:
        packet = receive(link)
        if is_answer(packet):
            return packet


def receive(link):
    packet = b""
    while not (len(packet) > 3 and packet[-3:-2] == b"#"):
        byte = link.recv(1)
        if not byte:
            raise ConnectionError("the gdb stub closed the connection")
        if packet or byte == b"$":
            packet += byte
    link.sendall(b"+")
    return packet[1:-3].decode()
