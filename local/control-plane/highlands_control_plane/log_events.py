"""An end to how many log events are kept: of each group the newest, as memory is all there is."""

import copy
from typing import Any

from ministack.services import cloudwatch_logs as logs

from .replacing import replace

# About 20 MB a group with the access log's lines, and hours of a person's own requests.
MOST_EVENTS = 10_000
# Taken away at once, so that it is not done for every batch.
_SLACK = 1_000


def trim(group_name: str) -> None:
    """Takes the oldest away of a group of the request's own account and region; one that is gone has none."""
    with logs._log_events_lock:
        group = logs._log_groups.get(group_name)
        if group is not None:
            _trim(group["streams"])


def _trim(streams: dict[str, dict[str, Any]]) -> None:
    # A copy, as functions add streams beside this.
    kept = list(streams.items())
    excess = sum(len(stream["events"]) for _, stream in kept) - MOST_EVENTS
    if excess < _SLACK:
        return
    stamps = sorted(event["timestamp"] for _, stream in kept for event in stream["events"])
    oldest_kept = stamps[excess]
    for name, stream in kept:
        gone = [event for event in stream["events"] if event["timestamp"] < oldest_kept]
        for event in gone:
            logs._log_records.pop(event.get("eventId"), None)
        # Replaced and not changed in place: a reader may hold the list.
        stream["events"] = stream["events"][len(gone) :]
        if stream["events"]:
            stream["firstEventTimestamp"] = stream["events"][0]["timestamp"]
        else:
            streams.pop(name, None)


def register() -> None:
    """Trims after each batch. Events are not among what survives a restart: they would be written all day."""
    put = logs._put_log_events

    def put_and_trim(data: dict[str, Any]) -> Any:
        answer = put(data)
        if answer[0] == 200:
            trim(data["logGroupName"])
        return answer

    replace(logs, "_put_log_events", put_and_trim)
    names = [name for name in logs.get_state() if name not in ("log_groups", "log_records")]
    replace(
        logs,
        "get_state",
        lambda: {
            # Of every account and region: a request's own scope does not count here.
            "log_groups": _without_streams(),
            **{name: copy.deepcopy(getattr(logs, f"_{name}")) for name in names},
        },
    )


def _without_streams() -> Any:
    groups = type(logs._log_groups)()
    for scoped_name, group in list(logs._log_groups._data.items()):
        groups._data[scoped_name] = copy.deepcopy({**group, "streams": {}})
    return groups
