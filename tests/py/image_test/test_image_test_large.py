"""An image of 100,000 files under the real driver."""

from pathlib import Path

from distill.image_test.drivers import NamespaceDriver, Options
from support_image_test import Built, programs, require_namespaces
from support_layer import source

FILES = 100_000
IN_EACH = 500


def test_commands_see_all_files(tmp_path: Path) -> None:
    require_namespaces()
    names = (f"app/d{number // IN_EACH:03}/f{number % IN_EACH:03}" for number in range(FILES))
    built = Built(tmp_path, programs(), [source(name, data=name.encode()) for name in names])
    driver = NamespaceDriver(built.config, built.layers(), tmp_path)
    for _ in range(2):
        with driver.session(Options()) as session:
            done = session.run(["sh", "-c", "cat /app/d199/f499; set -- /app/*/*; echo $#"], {}, 60)
        assert (done.output, done.error) == (b"app/d199/f499100000\n", b"")
    driver.close()
