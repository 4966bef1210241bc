"""Child processes that never outlive the test: started with a death signal, ended by their own id.

Requires Linux (PR_SET_PDEATHSIG) and Python's standard library. Provides `start` and `stop`.
"""
import ctypes
import signal
import subprocess

PR_SET_PDEATHSIG = 1  # prctl(2)
LIBC = ctypes.CDLL(None)


def die_with_parent():
    """A test runner that CTest kills for its timeout cannot clean up; the kernel does it then."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def start(command, **options):
    options.setdefault("stdin", subprocess.DEVNULL)
    return subprocess.Popen(command, preexec_fn=die_with_parent, **options)


def stop(process):
    if process.poll() is None:
        process.kill()
    process.wait()
