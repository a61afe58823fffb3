"""All rules of lint, in the order of the page: errors first, then by what they are about."""

from collections.abc import Iterator

from distill.lint import access, binaries, bytecode, leaks, runtime, space
from distill.lint.image import Image
from distill.lint.rule import Problem, Rule, rule


@rule(
    "unused-allow",
    "warning",
    "lint_allow allows what is not found",
    "remove the entry, so that it does not hide what comes later",
)
def unused_allow(image: Image) -> Iterator[Problem]:
    """Entries of `lint_allow` that no finding needs any more."""
    del image  # what is found tells, not the image
    return iter(())


ALL: tuple[Rule, ...] = (
    leaks.private_key,
    leaks.access_token,
    leaks.credentials_file,
    leaks.secret_variable,
    access.root_user,
    access.setuid_file,
    access.world_writable,
    access.shell,
    access.package_manager,
    runtime.no_certificates,
    runtime.no_passwd,
    runtime.no_zoneinfo,
    runtime.unknown_time_zone,
    binaries.unstripped_elf,
    binaries.upx_packed,
    binaries.foreign_architecture,
    space.shadowed_bytes,
    space.duplicate_file,
    space.compressed_file,
    space.package_cache,
    bytecode.stale_bytecode,
    bytecode.python_bytecode,
    space.too_many_layers,
    space.small_layers,
    unused_allow,
)

BY_ID = {each.id: each for each in ALL}
