"""Ends well only where a jump of the clock ends a long sleep and a long wait, as MiniStack's threads make them."""

import os
import struct
import threading
import time

before = time.time()
sleeper = threading.Thread(target=time.sleep, args=(3600,), daemon=True)
waiter = threading.Thread(target=threading.Event().wait, args=(3600,), daemon=True)
sleeper.start()
waiter.start()
time.sleep(0.1)
with open(os.environ["JUMP_CLOCK_FILE"], "r+b", buffering=0) as offset:
    offset.write(struct.pack("=q", 3600 * 10**9))
sleeper.join(5)
waiter.join(5)
if sleeper.is_alive() or waiter.is_alive() or time.time() - before < 3600:
    raise SystemExit("the clock cannot be moved")
