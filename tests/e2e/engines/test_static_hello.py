"""An image with a single file in it runs."""

import images
from engine import Engine


def test_says_hello_as_nonroot_on_a_read_only_root(engine: Engine) -> None:
    name = engine.load(images.static_hello().archive)
    with engine.start(name) as container:
        assert container.wait() == 0
        assert container.logs == "hello from scratch\n"


def test_a_program_that_is_not_there_is_the_engines_error(engine: Engine) -> None:
    name = engine.load(images.static_hello().archive)
    message = engine.refusal(
        *("run", "--rm", "--pull=never", "--network=none", *engine.options, "--entrypoint=/bin/sh", name)
    )
    assert "no such file or directory" in message
