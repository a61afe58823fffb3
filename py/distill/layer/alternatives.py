"""Alternatives: the links that update-alternatives(1) would have made, from what packages' scripts register.

For each group of links its automatic mode takes the candidate of the highest priority whose path is there, and with it
those of its slave links whose paths are there. Of two with one priority update-alternatives keeps whichever came first;
here it is the one whose path is first in the order of bytes, so that the order of layers changes nothing.
"""

from collections.abc import Iterable, Mapping

from distill import paths
from distill.effect import Effect
from distill.errors import InputError, PathError
from distill.near import suggestion
from distill.runtime.rootfs import Rootfs

DIRECTORY = "etc/alternatives"


def links(rootfs: Rootfs, choices: Mapping[str, str] | None = None) -> dict[str, str]:
    """Give the symlinks of all groups that packages of `rootfs` register: path to target.

    A link that is there already, as a file of a package, is left alone, as update-alternatives leaves it.

    Args:
        rootfs: the image, whose listings carry the effects of scripts.
        choices: name of a group to the absolute path of the candidate to take, whatever its priority.

    Raises:
        InputError: a choice for a group, or of a path, that no package registers or that the image does not have.
    """
    choices = choices or {}
    groups: dict[str, list[Effect]] = {}
    for node in rootfs:
        for effect in node.record.effects:
            if effect.kind == "alternative" and effect.group and _plain(effect.name) and _plain(effect.group):
                groups.setdefault(effect.group, []).append(effect)
    for name in sorted(choices.keys() - groups.keys()):
        hint = suggestion(name, groups, "name one that a package registers")
        raise InputError(f"choices names no alternative, got {name}; {hint}")
    made: dict[str, str] = {}
    for group, effects in sorted(groups.items()):
        for effect in _chosen(rootfs, group, effects, choices.get(group, "")):
            link = _in_merged(rootfs, effect.subject)
            if rootfs.resolve(link, follow=False).node is not None:
                continue
            made[link] = f"/{DIRECTORY}/{effect.name}"
            made[f"{DIRECTORY}/{effect.name}"] = effect.detail
    return made


def _in_merged(rootfs: Rootfs, link: str) -> str:
    """Give the path of `link` with the links before its last part followed, as /bin may be a link."""
    directory = rootfs.resolve(paths.parent(link))
    return link if directory.node is None else paths.join(directory.path, link.rpartition("/")[2])


def _plain(name: str) -> bool:
    return bool(name) and "/" not in name and name not in (".", "..")


def _chosen(rootfs: Rootfs, group: str, effects: Iterable[Effect], choice: str) -> list[Effect]:
    """Give the master that is taken and its slave links; nothing where no candidate is there."""
    there = [effect for effect in effects if _is_there(rootfs, effect.detail)]
    masters = [effect for effect in there if effect.name == group]
    if choice:
        masters = [effect for effect in masters if effect.detail == choice]
        if not masters:
            candidates = sorted(effect.detail for effect in there if effect.name == group)
            raise InputError(
                f"choices names no candidate for {group}, got {choice}; choose {' or '.join(candidates) or 'none'}"
            )
    if not masters:
        return []
    master = min(masters, key=lambda effect: (-effect.priority, paths.encode(effect.detail)))
    # Slave links do not say whose they are; those of one script have their master's priority.
    slaves = {
        effect.name: effect
        for effect in sorted(there, reverse=True)
        if effect.name != group and effect.priority == master.priority
    }
    return [master, *(slaves[name] for name in sorted(slaves))]


def _is_there(rootfs: Rootfs, path: str) -> bool:
    try:
        return rootfs.resolve(paths.normalize(path)).node is not None
    except PathError:
        return False
