"""CloudWatch Logs as moto 5.2.5 has it, with its gaps filled."""

import json

from moto.logs import responses

# FilterLogEvents looks into the streams of a prefix only.
filter_all = responses.LogsResponse.filter_log_events


def filter_log_events(self):
    prefix = self._get_param("logStreamNamePrefix")
    if not prefix:
        return filter_all(self)
    group = self.logs_backend.groups.get(self._get_param("logGroupName"))
    if group is None:
        return filter_all(self)
    names = [name for name in group.streams if name.startswith(prefix)]
    if not names:
        return json.dumps({"events": [], "searchedLogStreams": []})
    given = self._get_param

    def param(name, default=None):
        return names if name == "logStreamNames" else given(name, default)

    self._get_param = param
    return filter_all(self)


responses.LogsResponse.filter_log_events = filter_log_events

# Answers say that they are JSON, and no page for people.
answer = responses.LogsResponse.call_action


def call_action(self):
    self.response_headers["content-type"] = "application/x-amz-json-1.1"
    return answer(self)


responses.LogsResponse.call_action = call_action
