"""Moto makes a stack's resource when somebody first asks for it, also who only looks at a stack that is just being made: two at
the same time would make it twice. So requests to CloudFormation come one after the other; while one waits for a service, others
have their turn."""

import threading
import time

LOCK = threading.RLock()


def pause(seconds):
    LOCK.release()
    try:
        time.sleep(seconds)
    finally:
        LOCK.acquire()
