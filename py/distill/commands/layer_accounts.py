"""LayerAccounts: /etc/passwd, /etc/group and the users' home directories."""

import msgspec

from distill import paths
from distill.layer import accounts, layer_request
from distill.layer.accounts import Group, User
from distill.layer.layer import Source, Tree
from distill.layer.layer_request import OUTPUTS, LayerSettings
from distill.request import Request, outputs
from distill.tar import Entry


class UserLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="role", tag="user"):
    """A user; see accounts.User."""

    name: str
    uid: int
    gid: int
    home: str
    shell: str
    gecos: str = ""
    home_mode: str = "0700"


class GroupLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="role", tag="group"):
    """A group; see accounts.Group."""

    name: str
    gid: int
    members: tuple[str, ...] = ()


def run(request: Request) -> None:
    """Write the layer of the request's `user` and `group` lines to its outs `blob`, `descriptor` and `listing`."""
    settings = request.settings(LayerSettings)
    lines = layer_request.read(request, UserLine, GroupLine)
    users = [User(**msgspec.structs.asdict(line)) for line in lines if isinstance(line, UserLine)]
    groups = [Group(**msgspec.structs.asdict(line)) for line in lines if isinstance(line, GroupLine)]
    accounts.check(users, groups)
    tree = Tree()
    for path, text in (("etc/passwd", accounts.passwd(users)), ("etc/group", accounts.group(groups))):
        data = text.encode("utf-8", "surrogateescape")
        tree.add(Source(entry=Entry(path=path, kind="file", mode=0o644, size=len(data)), origin=path, data=data))
    for user in users:
        if user.has_home:
            entry = Entry(
                path=paths.normalize(user.home),
                kind="directory",
                mode=int(user.home_mode, 8),
                uid=user.uid,
                gid=user.gid,
            )
            tree.add(Source(entry=entry, origin=f"the home of {user.name}"))
    outs = outputs(lines, *OUTPUTS)
    layer_request.write(tree, outs, settings)
