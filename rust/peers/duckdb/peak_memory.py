"""Runs a command to its end and says how many KiB of memory its process had at most. What it writes is dropped.

usage: peak_memory.py COMMAND ARGUMENT...
"""

import resource
import subprocess
import sys


def main():
    subprocess.run(sys.argv[1:], input=b"\n", stdout=subprocess.DEVNULL, check=True)
    print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)


if __name__ == "__main__":
    main()
