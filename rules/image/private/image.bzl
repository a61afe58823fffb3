"""`image_rule`: layers and a config as one OCI image."""

load("@bazel_skylib//rules:common_settings.bzl", "BuildSettingInfo")
load("//rules:providers.bzl", "ImageInfo", "LayersInfo", "ProgramInfo")
load("//rules/private:debug_parts.bzl", "collect_debug_parts", "debug_parts_of")
load("//rules/private:layer.bzl", "collect_layers")
load("//rules/private:packages.bzl", "soname_hints")
load("//rules/private:request.bzl", "TOOLCHAIN", "request")
load(":lint.bzl", "LINT_ATTRS", "inherited_allow", "lint_outputs")
load(":outputs.bzl", "image_listing", "image_sbom", "layout_outputs", "with_blobs")
load(":platform.bzl", "PLATFORM_ATTRS", "oci_platform", "platform_transition")

_DOC = """One OCI image for one platform: the rule behind [`image`](#image), without the targets that that one makes besides.

The default output is the archive `<name>.tar`, which docker, podman, skopeo and containerd read as it is. The output
groups `archive`, `oci_layout`, `descriptor`, `digest`, `config`, `manifest`, `listing`, `sbom` and `lint` give the rest. A
check that needs no container runs with every build: an image whose program, interpreter or libraries are not there fails.
So does [lint](lint.md): secrets fail the build, the rest is warned of.
"""

def _image_impl(ctx):
    name = ctx.label.name
    base = ctx.attr.base[ImageInfo] if ctx.attr.base else None
    layers = collect_layers(transitive = ([base.layers] if base else []) +
                                         [target[LayersInfo] for target in ctx.attr.packages + ctx.attr.layers])
    config = ctx.actions.declare_file(name + ".config.json")
    lint = lint_outputs(ctx, config, layers, base)
    info = ImageInfo(
        allow = (base.allow if base else {}) | ctx.attr.allow,
        config = config,
        debug_parts = collect_debug_parts(
            ([base.debug_parts] if base else []) + [debug_parts_of(ctx.attr.packages + ctx.attr.layers)],
        ),
        manifest = ctx.actions.declare_file(name + ".manifest.json"),
        descriptor = ctx.actions.declare_file(name + ".descriptor.json"),
        layers = layers,
        lint = lint[0],
        lint_allow = inherited_allow(base) | ctx.attr.lint_allow,
        report = ctx.actions.declare_file(name + ".validation.txt"),
    )
    digest = ctx.actions.declare_file(name + ".digest")
    program = ctx.attr.program[ProgramInfo] if ctx.attr.program else None
    request.run(
        actions = ctx.actions,
        toolchain = ctx.toolchains[TOOLCHAIN],
        mnemonic = "ImageManifest",
        label = ctx.label,
        settings = dict(oci_platform(ctx), **_config(ctx, program)),
        lines = [request.files("layer", layers.descriptors)] +
                ([request.files("base_config", [base.config]), request.files("base_manifest", [base.manifest])] if base else []) +
                _search_paths(program),
        outputs = {"config": info.config, "manifest": info.manifest, "descriptor": info.descriptor, "digest": digest},
        message = "Assembling image %{label}",
    )
    request.run(
        actions = ctx.actions,
        toolchain = ctx.toolchains[TOOLCHAIN],
        mnemonic = "ImageValidate",
        label = ctx.label,
        settings = {"allow": info.allow},
        lines = [request.files("config", [info.config]), request.files("listing", layers.listings, map_each = request.fields.label)] +
                ([request.files("base_report", [base.report])] if base else []) +
                [soname_hints(ctx.attr.packages + ctx.attr.layers)],
        outputs = {"report": info.report},
        message = "Checking image %{label}",
    )
    archive, layout = layout_outputs(ctx, lines = with_blobs(info), repo_tags = ctx.attr.repo_tags)
    default = [archive] if ctx.attr._archive[BuildSettingInfo].value else [info.manifest, info.config]
    return [
        DefaultInfo(files = depset(default)),
        info,
        OutputGroupInfo(
            archive = depset([archive]),
            config = depset([info.config]),
            descriptor = depset([info.descriptor]),
            digest = depset([digest]),
            lint = depset(lint),
            listing = depset([image_listing(ctx, info)]),
            manifest = depset([info.manifest]),
            oci_layout = depset([layout]),
            sbom = depset([image_sbom(ctx, info)]),
            _validation = depset([info.report, info.lint]),
        ),
    ]

def _directory_field(path):
    return '"path":' + json.encode(path)

def _search_paths(program):
    return [
        request.files("search_path", [], items = paths, map_each = _directory_field, variable = variable, below = program.root)
        for variable, several in (program.search_paths if program else {}).items()
        for paths in several
    ]

def _config(ctx, program):
    return ({"program_env": program.env} if program else {}) | {
        "entrypoint": ctx.attr.entrypoint or (program.entrypoint if program else None),
        "cmd": ctx.attr.cmd or None,
        "env": ctx.attr.env,
        "user": ctx.attr.user,
        "working_dir": ctx.attr.working_dir or (program.working_dir if program else ""),
        "labels": ctx.attr.labels,
        "annotations": ctx.attr.annotations,
        "exposed_ports": ctx.attr.exposed_ports,
        "volumes": ctx.attr.volumes,
        "stop_signal": ctx.attr.stop_signal,
        "created": ctx.attr.created,
    }

image = rule(
    implementation = _image_impl,
    doc = _DOC,
    cfg = platform_transition,
    attrs = dict(
        PLATFORM_ATTRS | LINT_ATTRS,
        allow = attr.string_dict(
            doc = "Findings of the check that are known and meant, each with its reason: a path, glob or soname to the reason. Those of `base` count here too.",
        ),
        annotations = attr.string_dict(doc = "Annotations of the manifest."),
        base = attr.label(
            doc = "The image below this one. Its config is inherited where an attribute says nothing.",
            providers = [ImageInfo],
        ),
        cmd = attr.string_list(doc = "Arguments to the entrypoint, or the command where there is none."),
        created = attr.string(
            doc = "When the image was made, RFC 3339; 1970 unless set, so that the digest is a function of what is in it.",
        ),
        entrypoint = attr.string_list(doc = "The command that always runs. Setting it drops the base's `cmd`."),
        env = attr.string_dict(
            doc = "Environment variables. `$NAME` and `${NAME}` stand for what the base, or a variable before, has set; `$$` is a dollar.",
        ),
        exposed_ports = attr.string_list(doc = "Ports that the program listens on, such as `6379/tcp`."),
        labels = attr.string_dict(doc = "Labels of the config."),
        layers = attr.label_list(
            doc = "Layers, lowest first, above those of `base` and `packages`.",
            providers = [LayersInfo],
        ),
        packages = attr.label_list(
            doc = "Locked packages; each brings a layer, and so does all that it depends on, unless the base has it already.",
            providers = [LayersInfo],
        ),
        program = attr.label(
            doc = "The program that the image runs, such as a `runfiles_layers` among `layers`: its entrypoint, environment and " +
                  "working directory, where the attributes here say nothing. Its variables stand between those of `base` and `env`.",
            providers = [ProgramInfo],
        ),
        repo_tags = attr.string_list(
            doc = "Names that `docker load` and `podman load` give the image; by default `<package>/<name>:latest`.",
        ),
        stop_signal = attr.string(doc = "The signal that stops the container, such as `SIGTERM`."),
        user = attr.string(doc = "Who runs the program: a name or id, and a group after `:`. Names must be in /etc/passwd and /etc/group."),
        volumes = attr.string_list(doc = "Directories whose content outlives the container."),
        working_dir = attr.string(doc = "Where the program starts, absolute."),
        _archive = attr.label(default = Label("//rules/settings:archive")),
    ),
    fragments = ["platform"],
    toolchains = [TOOLCHAIN],
)
