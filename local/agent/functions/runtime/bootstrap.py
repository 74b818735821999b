"""Runs a function in Python by Lambda's runtime API: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html"""

import importlib
import json
import os
import sys
import time
import traceback
import urllib.request

API = f"http://{os.environ['AWS_LAMBDA_RUNTIME_API']}/2018-06-01/runtime"
# The endpoint is the walls' own: a proxy that the function names is for its calls.
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Context:
    """https://docs.aws.amazon.com/lambda/latest/dg/python-context.html"""

    identity = None
    client_context = None

    def __init__(self, headers):
        self.aws_request_id = headers["Lambda-Runtime-Aws-Request-Id"]
        self.invoked_function_arn = headers["Lambda-Runtime-Invoked-Function-Arn"]
        self._deadline = int(headers["Lambda-Runtime-Deadline-Ms"])
        self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = os.environ["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.log_group_name = os.environ["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]

    def get_remaining_time_in_millis(self):
        return max(0, self._deadline - int(time.time() * 1000))


def post(path, body):
    OPENER.open(urllib.request.Request(f"{API}/{path}", data=body.encode(), method="POST")).read()


def described(error):
    trace = traceback.format_exception(type(error), error, error.__traceback__)
    print("[ERROR] " + "".join(trace), flush=True)
    return json.dumps({"errorMessage": str(error), "errorType": type(error).__name__, "stackTrace": trace[1:-1]})


def load():
    module, _, name = os.environ["_HANDLER"].rpartition(".")
    return getattr(importlib.import_module(module.replace("/", ".")), name)


def log_as_lambda_does():
    """Lambda's runtime has a handler of the root logger, whose level stays WARNING."""
    import logging

    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(logging.Formatter("[%(levelname)s]\t%(asctime)s.%(msecs)dZ\t%(message)s", "%Y-%m-%dT%H:%M:%S"))
    logging.getLogger().addHandler(handler)


def main():
    sys.path[0] = os.environ["LAMBDA_TASK_ROOT"]
    log_as_lambda_does()
    try:
        handler = load()
    except BaseException as error:
        post("init/error", described(error))
        return
    while True:
        with OPENER.open(f"{API}/invocation/next") as given:
            headers, event = given.headers, json.load(given)
        where = f"invocation/{headers['Lambda-Runtime-Aws-Request-Id']}"
        try:
            answer = json.dumps(handler(event, Context(headers)))
        except BaseException as error:
            sys.stdout.flush()
            post(f"{where}/error", described(error))
        else:
            sys.stdout.flush()
            post(f"{where}/response", answer)


main()
