"""What CloudFormation has deleted, so that a test can see what an update takes away. Served at /pilotfish/deletions."""

happened: list[dict[str, str]] = []


def deleted(event: str, kind: str, name: object) -> None:
    """event: "resource deleted", or "custom resource gets a Delete": in an account, its handler would run now."""
    happened.append({"event": event, "type": kind, "id": str(name)})
