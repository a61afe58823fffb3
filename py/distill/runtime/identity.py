"""Who a container's process is: the user of a config, looked up as runc does, and what file modes let it do.

runc reads `USER[:GROUP]` with the image's /etc/passwd and /etc/group. A number needs no entry there; its group is then
that of its entry, or 0. Without GROUP the process is also in every group that names the user as a member.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from distill.listing import Record
from distill.runtime.finding import Finding
from distill.runtime.rootfs import Rootfs

READ, WRITE, EXECUTE = 4, 2, 1


@dataclass(frozen=True)
class Identity:
    """A process's user and groups."""

    name: str
    """As the config has it, for messages."""
    uid: int
    gids: frozenset[int]
    gid: int = 0
    """Of these, the primary one."""

    def may(self, record: Record, access: int) -> bool:
        """Say whether the mode of `record` grants `access` (READ, WRITE, EXECUTE or a sum of them).

        Root reads and writes everything, and executes what anybody may.
        """
        mode = record.bits
        if self.uid == 0:
            return not access & EXECUTE or record.type == "directory" or bool(mode & 0o111)
        if self.uid == record.uid:
            mode >>= 6
        elif record.gid in self.gids:
            mode >>= 3
        return mode & access == access


ROOT = Identity("root", 0, frozenset((0,)))


def blocked(rootfs: Rootfs, path: str, identity: Identity) -> Record | None:
    """Give the first directory above the resolved `path` that `identity` may not enter, or None."""
    parts = path.split("/")[:-1]
    for length in range(1, len(parts) + 1):
        node = rootfs.get("/".join(parts[:length]))
        if node and not identity.may(node.record, EXECUTE):
            return node.record
    return None


def find(rootfs: Rootfs, user: str) -> tuple[Identity, list[Finding]]:
    """Give who `user` of a config is, and a finding for each name that the image does not know.

    An unknown name is taken for one that owns nothing, so that further checks can go on.
    """
    if not user:
        return ROOT, []
    findings: list[Finding] = []
    name, _, group = user.partition(":")
    uid, gid, login = _number(name), 0, name
    for fields in _entries(rootfs, "etc/passwd", 7):
        if name in (fields[0], fields[2]) and (uid is None or str(uid) == fields[2]):
            uid, gid, login = int(fields[2]), int(fields[3]), fields[0]
            break
    if uid is None:
        findings.append(_unknown("user", "/etc/passwd", name))
        uid = gid = -1
    gids = {gid}
    number = _number(group)
    if group and number is not None:
        gid, gids = number, {number}
    elif group:
        found = [int(fields[2]) for fields in _entries(rootfs, "etc/group", 4) if fields[0] == group]
        if not found:
            findings.append(_unknown("group", "/etc/group", group))
        gid = found[0] if found else -1
        gids = {gid}
    else:
        gids |= {int(fields[2]) for fields in _entries(rootfs, "etc/group", 4) if login in fields[3].split(",")}
    return Identity(user, uid, frozenset(gids), gid), findings


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() else None


def _entries(rootfs: Rootfs, path: str, width: int) -> Iterator[list[str]]:
    """Give the fields of each entry of an account file (passwd(5), group(5)); runc too passes over what is none."""
    node = rootfs.resolve(path).node
    for line in node.file.text.splitlines() if node else []:
        fields = line.split(":")
        if len(fields) >= width - 1 and all(_number(field) is not None for field in fields[2 : 4 if width > 4 else 3]):
            yield fields + [""] * (width - len(fields))


def _unknown(what: str, path: str, name: str) -> Finding:
    return Finding(
        f"{what} is not in {path}, got {name}; add an accounts_layer that has it, or use a number",
        (path.lstrip("/"), name),
    )
