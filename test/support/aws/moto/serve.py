"""Starts moto with its gaps filled, on a free port of 127.0.0.1 that it prints. It ends when its standard input does: with the
test that started it. Each gap was found with moto 5.2.5."""

import json
import os
import sys
import threading

from werkzeug.serving import make_server

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app

import cloudformation  # each fills gaps when it is imported
import updates  # noqa: F401
import change_sets  # noqa: F401
import ecr  # noqa: F401
import ecs_cloudformation  # noqa: F401
import elbv2  # noqa: F401
import iam  # noqa: F401
import deletions
import ecs_tasks
import logs  # noqa: F401
import route53  # noqa: F401
import turns
import yaml_loader  # noqa: F401

moto = DomainDispatcherApplication(create_backend_app)

usual_step = ecs_tasks.STEP


def app(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/moto-api/reset":
        deletions.happened.clear()
        cloudformation.Opaque.rules = 0
        ecs_tasks.STEP = usual_step
    if path.startswith("/pilotfish/step/"):
        seconds = path.rsplit("/", 1)[1]
        ecs_tasks.STEP = usual_step if seconds == "usual" else float(seconds)
        start_response("200 OK", [])
        return [b""]
    if path != "/pilotfish/deletions":
        if "/cloudformation/aws4_request" not in environ.get("HTTP_AUTHORIZATION", ""):
            return moto(environ, start_response)
        with turns.LOCK:
            return list(moto(environ, start_response))
    start_response("200 OK", [("content-type", "application/json")])
    return [json.dumps(deletions.happened).encode()]


class Quiet(MotoRequestHandler):
    def log_request(self, *_):
        pass


def end_with_the_test():
    sys.stdin.buffer.read()
    os._exit(0)


server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
os.environ["MOTO_PORT"] = str(server.port)
threading.Thread(target=end_with_the_test, daemon=True).start()
print(server.port, flush=True)
server.serve_forever()
