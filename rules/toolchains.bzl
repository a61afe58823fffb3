"""For a WORKSPACE: what must wait until `rules_distill_dependencies` has run. With modules nothing loads this."""

load("@distill_pypi//:requirements.bzl", "install_deps")

# buildifier: disable=unnamed-macro
def rules_distill_toolchains():
    """Declares the wheels of the tool and registers its toolchain."""
    install_deps()
    native.register_toolchains(str(Label("//rules/private:python_toolchain")))
