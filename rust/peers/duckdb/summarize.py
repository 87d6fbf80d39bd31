"""Measures DuckDB's SUMMARIZE as `speed measure` measures the others: says `ready`; for each line of standard input summarizes the
columns of the file twice, and says of the second time `NANOSECONDS RECORDS`. Its columns are the top-level keys alone.

usage: summarize.py FILE.ndjson
"""

import sys
import time

import duckdb

QUERY = "SUMMARIZE SELECT * FROM read_json(?, format = 'newline_delimited')"


def summarize(file):
    began = time.perf_counter_ns()
    columns = duckdb.execute(QUERY, [file]).fetchall()
    taken = time.perf_counter_ns() - began
    # The last but one figure of a column is how many rows it has.
    return taken, max(column[-2] for column in columns)


def main():
    (file,) = sys.argv[1:]
    print("ready", flush=True)
    for _ in sys.stdin:
        summarize(file)
        nanos, records = summarize(file)
        print(nanos, records, flush=True)


if __name__ == "__main__":
    main()
