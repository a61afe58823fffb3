"""All public providers. A field says its type in parentheses, then what it means."""

LayerInfo = provider(
    doc = "One OCI layer.",
    fields = {
        "blob": "(File) The layer as it is stored: a tar, compressed or not.",
        "descriptor": "(File) JSON: mediaType, digest, size, diff_id.",
        "listing": "(File) JSON lines, one per tar entry. Whatever inspects an image reads this, never the blob.",
    },
)

LayersInfo = provider(
    doc = "Layers in order, lowest first, as three depsets of one order, so that an action can take just what it reads.",
    fields = {
        "blobs": "(depset[File], postorder) The blob of each layer.",
        "descriptors": "(depset[File], postorder) The descriptor of each layer.",
        "listings": "(depset[File], postorder) The listing of each layer.",
    },
)

PackageInfo = provider(
    doc = "One locked Debian binary package.",
    fields = {
        "name": "(string) `Package` of the control file.",
        "version": "(string) `Version`, with its epoch.",
        "architecture": "(string) `Architecture`: one of Debian's names, or `all`.",
        "deb": "(File) The .deb as the archive has it.",
        "sha256": "(string) Hex, of the .deb.",
        "size": "(int) Bytes of the .deb.",
    },
)

PackagesInfo = provider(
    doc = "A package with all that it depends on. Its layers are its LayersInfo.",
    fields = {
        "packages": "(depset[PackageInfo], postorder) The packages, dependencies first.",
        "debs": "(depset[File], postorder) Their .debs, in the same order.",
    },
)

SonamesInfo = provider(
    doc = "The locks that something is from, for messages: they name the package that has a missing library.",
    fields = {
        "indexes": "(depset[File]) `sonames.json` of each hub: which package of its lock has which library. An action takes " +
                   "it as a hint: only how it fails may depend on it.",
    },
)

ImageInfo = provider(
    doc = "One OCI image for one platform. Dependents use this, so a base is never archived for a child's sake.",
    fields = {
        "allow": "(dict[string, string]) What the check allows, in this image and those below it: a path, glob or soname to the reason.",
        "config": "(File) The image config, JSON.",
        "debug_parts": "(DebugPartsInfo) What strip took from the programs and libraries in it, the base's included.",
        "manifest": "(File) The image manifest, JSON.",
        "descriptor": "(File) The descriptor of the manifest, with its platform, JSON.",
        "layers": "(LayersInfo) The layers, the base's included.",
        "lint": "(File) What lint found, one line a rule. Where it is to fail the build, it cannot be built.",
        "lint_allow": "(dict[string, string]) What lint allows in this image and those below it: a rule, or a rule and a glob of paths, to the reason.",
        "report": "(File) What the check of the image warns of. Where the image would not run, it cannot be built.",
    },
)

ImageIndexInfo = provider(
    doc = "Images of several platforms under one name.",
    fields = {
        "index": "(File) The index, JSON.",
        "descriptor": "(File) The descriptor of the index, JSON.",
        "images": "(list[ImageInfo]) The images, in the order of the index.",
    },
)

StrippedInfo = provider(
    doc = "A stripped program. What was taken from it is its DebugPartsInfo.",
    fields = {
        "original": "(File) The program as it was built. It is among the runfiles; an image does not want it.",
    },
)

DebugPartsInfo = provider(
    doc = "What strip took from programs and libraries: those of a target, of a layer, or of an image with all that is below it.",
    fields = {
        "debug": "(depset[File]) Directories, each as it stands below /usr/lib/debug; empty where a program was left alone.",
        "reports": "(depset[File]) JSON lines: bytes before and after, or why a program was left alone.",
    },
)

ProgramInfo = provider(
    doc = "How a program in layers is started: what an image takes from it where its own attributes say nothing.",
    fields = {
        "entrypoint": "(list[string]) The command.",
        "env": "(dict[string, string]) Environment variables, in which `$NAME` is expanded as in an image's `env`.",
        "root": "(string) The runfiles directory, absolute in the image.",
        "search_paths": "(dict[string, list[depset[string]]]) Variables that list directories, such as PYTHONPATH; the directories are relative to `root`.",
        "working_dir": "(string) Absolute in the image.",
    },
)
