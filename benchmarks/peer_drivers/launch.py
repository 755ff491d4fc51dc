"""Run a command and print its time and memory, from a process so small that it does not hide the command's own memory.

(On Linux the peak of a process starts at what its parent held when it was started.) `python -I -S launch.py COMMAND...`
"""

import json
import os
import sys
import time

start = time.perf_counter()
to_stderr = [(os.POSIX_SPAWN_DUP2, 2, 1)]  # standard output is for the answer only
pid = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ, file_actions=to_stderr)
_, status, used = os.wait4(pid, 0)
taken = {"wall": time.perf_counter() - start, "cpu": used.ru_utime + used.ru_stime}
print(json.dumps({**taken, "kib": used.ru_maxrss}), flush=True)
sys.exit(os.waitstatus_to_exitcode(status))
