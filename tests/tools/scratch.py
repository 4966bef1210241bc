"""Files in the folder of a machine that is tried out.

Requires the folder. Provides `read`, which gives nothing of a file that is not there, and `write`.
"""
import os


def read(folder, name):
    try:
        with open(os.path.join(folder, name), "rb") as file:
            return file.read()
    except FileNotFoundError:
        return b""


def write(folder, name, text):
    """Line ends stay as they are: DOS has its own."""
    with open(os.path.join(folder, name), "w", encoding="ascii", newline="") as file:
        file.write(text)
