"""The form of an image test's YAML: container-structure-test's schema 2.0.0, and what we add to it.

docs/image_test.md is the page for users, distill.image_test.config reads files of it. The keys are those of
container-structure-test (https://github.com/GoogleContainerTools/container-structure-test, README); `sizeTests`,
`packageTests`, `elfTests`, `noTests` and a command's `timeout` are ours.
"""

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class EnvVar:
    """A variable of the environment."""

    line: int
    key: str
    value: str
    is_regex: bool = False
    """In `metadataTest` only: `value` is a pattern."""


@dataclass(frozen=True)
class UnboundEnvVar:
    """A variable that is not to be set; a value may stand there and means nothing."""

    key: str
    value: str = ""
    is_regex: bool = False


@dataclass(frozen=True)
class CommandTest:
    """A command that is run in the image, from a file system as the image has it."""

    line: int
    name: str
    command: str
    """Found through PATH; the image's entrypoint is not used."""
    args: tuple[str, ...] = ()
    setup: tuple[tuple[str, ...], ...] = ()
    """Commands that run before it; what they write is there."""
    teardown: tuple[tuple[str, ...], ...] = ()
    env_vars: tuple[EnvVar, ...] = ()
    expected_output: tuple[str, ...] = ()
    excluded_output: tuple[str, ...] = ()
    expected_error: tuple[str, ...] = ()
    excluded_error: tuple[str, ...] = ()
    exit_code: int = 0
    timeout: int = 0
    """Seconds that each command may take; 0 for as long as the test has."""


@dataclass(frozen=True)
class FileExistenceTest:
    """A path that is there, or not. A link that is its last part is not followed."""

    line: int
    name: str
    path: str
    should_exist: bool = True
    permissions: str = ""
    """As Go's FileMode says it (`-rw-r--r--`, `dtrwxrwxrwx`), or as ls does (`drwxrwxrwt`)."""
    uid: int | None = None
    gid: int | None = None
    is_executable_by: Literal["", "owner", "group", "other", "any"] = ""


@dataclass(frozen=True)
class FileContentTest:
    """A file and what is in it. Links are followed."""

    line: int
    name: str
    path: str
    expected_contents: tuple[str, ...] = ()
    excluded_contents: tuple[str, ...] = ()


@dataclass(frozen=True)
class MetadataTest:
    """What the config of the image says."""

    line: int
    env_vars: tuple[EnvVar, ...] = field(default=(), metadata={"also": "env"})
    unbound_env_vars: tuple[UnboundEnvVar, ...] = field(default=(), metadata={"also": "unboundEnv"})
    labels: tuple[EnvVar, ...] = ()
    exposed_ports: tuple[str, ...] = ()
    unexposed_ports: tuple[str, ...] = ()
    volumes: tuple[str, ...] = ()
    unmounted_volumes: tuple[str, ...] = ()
    entrypoint: tuple[str, ...] | None = None
    cmd: tuple[str, ...] | None = None
    workdir: str = ""
    user: str = ""


@dataclass(frozen=True)
class LicenseTest:
    """Copyright files that name no licence which is not allowed."""

    line: int
    debian: bool = False
    """Those of Debian's packages, /usr/share/doc/*/copyright."""
    files: tuple[str, ...] = ()


@dataclass(frozen=True)
class ContainerRunOptions:
    """How the container of a command is run."""

    line: int = 0
    user: str = ""
    privileged: bool = False
    allocate_tty: bool = False
    env_file: str = ""
    env_vars: tuple[str, ...] = ()
    """Variables that are taken from the environment of the test."""
    capabilities: tuple[str, ...] = ()
    bind_mounts: tuple[str, ...] = ()


@dataclass(frozen=True)
class SizeTest:
    """What the image, or a part of it, may weigh. Ours."""

    line: int
    name: str
    path: str = ""
    """A path or glob: only what it means counts, and only `maxUnpacked` goes with it."""
    max_unpacked: str = ""
    """Bytes of the files that a container sees: a number, or one with kB, MB, GB, KiB, MiB or GiB behind it."""
    max_compressed: str = ""
    """Bytes of the layers as they are stored."""
    max_layers: int | None = None


@dataclass(frozen=True)
class PackageTest:
    """A Debian package that is there, or not. Ours."""

    line: int
    name: str
    package: str
    """A name, or a glob of one."""
    should_exist: bool = True
    version: str = ""
    """Exactly this one."""
    min_version: str = ""
    """This one or a later one, as dpkg compares."""


@dataclass(frozen=True)
class ElfTest:
    """What a program or library says of itself. Ours."""

    line: int
    name: str
    path: str
    """A path, whose links are followed, or a glob; what it means and is no ELF file is passed over."""
    stripped: bool | None = None
    rpath: bool | None = None
    """Whether it may have an RPATH or RUNPATH."""
    interpreter: str | None = None
    """The loader; empty for a static program."""
    machine: str = ""
    """The architecture in Debian's words."""
    expected_needed: tuple[str, ...] = ()
    """Globs of sonames that it needs."""
    excluded_needed: tuple[str, ...] = ()


@dataclass(frozen=True)
class NoTest:
    """What must not be in the image. Ours."""

    line: int
    name: str
    paths: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    shells: bool = False
    setuid: bool = False
    except_: tuple[str, ...] = ()
    """Globs of paths that may be there all the same."""


@dataclass(frozen=True)
class Configuration:
    """One file of tests."""

    schema_version: str
    global_env_vars: tuple[EnvVar, ...] = ()
    command_tests: tuple[CommandTest, ...] = ()
    file_existence_tests: tuple[FileExistenceTest, ...] = ()
    file_content_tests: tuple[FileContentTest, ...] = ()
    metadata_test: MetadataTest | None = None
    license_tests: tuple[LicenseTest, ...] = ()
    container_run_options: ContainerRunOptions = ContainerRunOptions()
    size_tests: tuple[SizeTest, ...] = ()
    package_tests: tuple[PackageTest, ...] = ()
    elf_tests: tuple[ElfTest, ...] = ()
    no_tests: tuple[NoTest, ...] = ()
