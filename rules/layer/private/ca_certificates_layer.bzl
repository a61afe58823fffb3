"""`ca_certificates_layer`: the trusted certificate authorities, as one bundle."""

load("//rules:providers.bzl", "PackageInfo")
load("//rules/private:layer.bzl", "LAYER_ATTRS", "build_layer", "layer_providers")
load("//rules/private:packages.bzl", "package_lines")
load("//rules/private:request.bzl", "TOOLCHAIN", "request")

_DOC = """/etc/ssl/certs/ca-certificates.crt, where programs look for it, from a locked ca-certificates package.

```starlark
ca_certificates_layer(
    name = "certificates",
    package = "@bookworm//ca-certificates",
    extra = ["our_ca.pem"],
    exclude = ["mozilla/Some_Root.crt"],
)
```

Every block is parsed. Certificates that have expired on the day `valid_on` are reported as a warning and in the
output group `report`.
"""

def _ca_certificates_layer_impl(ctx):
    report = ctx.actions.declare_file(ctx.label.name + ".report.txt")
    lines = [request.files("extra", depset(transitive = [target[DefaultInfo].files for target in ctx.attr.extra]))]
    if ctx.attr.package:
        package = ctx.attr.package[PackageInfo]
        lines.append(package_lines(depset([package]), depset([package.deb])))
    layer = build_layer(
        ctx,
        mnemonic = "LayerCaCertificates",
        lines = lines,
        settings = {"exclude": ctx.attr.exclude, "formats": ctx.attr.formats, "valid_on": ctx.attr.valid_on},
        more_outputs = {"report": report},
    )
    return layer_providers(layer, report = depset([report]))

ca_certificates_layer = rule(
    implementation = _ca_certificates_layer_impl,
    doc = _DOC,
    attrs = dict(
        LAYER_ATTRS,
        exclude = attr.string_list(
            doc = "Certificates of the package to leave out, by file name below usr/share/ca-certificates.",
        ),
        extra = attr.label_list(
            doc = "PEM files with certificates of your own, one or several to a file.",
            allow_files = [".pem", ".crt", ".cer"],
        ),
        formats = attr.string_list(
            doc = "What is written: `bundle`, /etc/ssl/certs/ca-certificates.crt; `openssl`, the link to it by which OpenSSL " +
                  "finds it without SSL_CERT_FILE; `java`, the keystore /etc/ssl/certs/java/cacerts, which every Java reads.",
            default = ["bundle", "openssl"],
        ),
        package = attr.label(
            doc = "The locked ca-certificates package; without one the bundle is `extra` alone.",
            providers = [PackageInfo],
        ),
        valid_on = attr.string(
            doc = "A day, `YYYY-MM-DD`, on which certificates must be valid. Empty reports nothing: a build does not read the clock.",
        ),
    ),
    toolchains = [TOOLCHAIN],
)
