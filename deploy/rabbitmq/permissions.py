"""One RabbitMQ user for each kind of process, with just the exchanges and queues it needs.

Resources are RabbitMQ's regular expressions over names of exchanges and queues. Topic rows narrow an exchange further, by
routing key: on `nameko-rpc` a key is `service.method` for a call and a UUID for a reply, so a process can answer only under
its own name, and the media node, which faces the Internet, can call nobody.
"""

from dataclasses import dataclass

VIRTUAL_HOST = "housecall"
SERVICES = ("accounts", "rooms", "invitations", "scheduler", "waiting", "media", "integrations")
KINDS = (*SERVICES, "media_node", "gateway", "operator")

RPC = r"nameko-rpc"
REPLY_KEY = r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}"
# the default exchange, by which a handler puts a message back into its own `.retry` and `.dead` queues
DEFAULT = r"amq\.default"


@dataclass(frozen=True)
class Permission:
    """What one kind may configure (declare), write (publish, bind to) and read (consume, bind from).

    `calls` and `answers`: routing keys that it may publish and bind on `nameko-rpc`.
    """

    configure: tuple[str, ...]
    write: tuple[str, ...]
    read: tuple[str, ...]
    calls: tuple[str, ...]
    answers: tuple[str, ...]


def permission_of(kind: str) -> Permission:
    """Return what a kind of process may do on the virtual host; KeyError for a kind that does not exist."""
    if kind in SERVICES:
        return _service(kind)
    return {"media_node": MEDIA_NODE, "gateway": GATEWAY, "operator": OPERATOR}[kind]


def _service(name: str) -> Permission:
    queues = (rf"rpc-{name}", rf"rpc\.reply-{name}[-.].*", rf"evt-.*--{name}\..*")
    # whoever hears an exchange may come first, and then has to declare it
    heard = r"[a-z_]+\.events"
    # likewise whoever tells the audit log
    audit = r"evt-audit--accounts\.on_audit(\.retry|\.dead)?"
    return Permission(
        configure=(RPC, heard, audit, *queues),
        write=(RPC, rf"{name}\.events", r"audit\.events", audit, DEFAULT, *queues),
        read=(RPC, heard, *queues),
        calls=(r"[a-z_]+(_[A-Za-z0-9-]+)?\.[a-z_]+", REPLY_KEY),
        answers=(rf"{name}\..*", REPLY_KEY),
    )


MEDIA_NODE = Permission(
    configure=(RPC, r"media\.signals", r"media_node\.events", r"rpc-media_node_.*"),
    write=(RPC, r"media\.signals", r"media_node\.events", r"rpc-media_node_.*"),
    read=(RPC, r"rpc-media_node_.*"),
    calls=(REPLY_KEY,),
    answers=(r"media_node_.*",),
)

GATEWAY = Permission(
    configure=(RPC, r"[a-z_]+\.events", r"media\.signals", r"rpc\.reply-gateway[-.].*", r"live-.*"),
    write=(RPC, r"rpc\.reply-gateway[-.].*", r"live-.*"),
    read=(RPC, r"[a-z_]+\.events", r"media\.signals", r"rpc\.reply-gateway[-.].*", r"live-.*"),
    calls=(r"[a-z_]+(_[A-Za-z0-9-]+)?\.[a-z_]+",),
    answers=(REPLY_KEY,),
)

# who sets up organisations from a command line
OPERATOR = Permission(
    configure=(RPC, r"rpc\.reply-operator[-.].*"),
    write=(RPC, r"rpc\.reply-operator[-.].*"),
    read=(RPC, r"rpc\.reply-operator[-.].*"),
    calls=(r"[a-z_]+\.[a-z_]+",),
    answers=(REPLY_KEY,),
)


def whole(patterns: tuple[str, ...]) -> str:
    """Return one expression that matches exactly the names that one of `patterns` describes."""
    return f"^({'|'.join(patterns)})$"
