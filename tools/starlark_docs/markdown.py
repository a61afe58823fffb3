"""Renders what a .bzl file exports as a page of Markdown.

The fields read here are those of stardoc_output.proto that every Bazel since 7 writes, so that a page does not change
with the version of Bazel that makes it; all is sorted by name for the same reason.
"""

from collections.abc import Callable, Iterable, Iterator

from starlark_docs.textproto import Message

# stardoc_output.proto: AttributeType, as a user would say it.
_TYPES = {
    "BOOLEAN": "bool",
    "INT": "int",
    "INT_LIST": "list of ints",
    "LABEL": "label",
    "LABEL_DICT_UNARY": "dict of string to label",
    "LABEL_LIST": "list of labels",
    "LABEL_LIST_DICT": "dict of string to list of labels",
    "LABEL_STRING_DICT": "dict of label to string",
    "NAME": "name",
    "OUTPUT": "output",
    "OUTPUT_LIST": "list of outputs",
    "STRING": "string",
    "STRING_DICT": "dict of string to string",
    "STRING_LIST": "list of strings",
    "STRING_LIST_DICT": "dict of string to list of strings",
}
_Render = Callable[[Message], Iterator[str]]
_LONGEST_DEFAULT = 60
_OWN_FILES = "//rules"


def page(module: Message, update: str) -> str:
    """Render `module` (a ModuleInfo); `update` is the command that writes the page again."""
    file = _in_own_repository(module.text("file"))
    parts = [
        f"<!-- Made from the docstrings of {file} by `{update}`. -->",
        f"# {_title(file)}",
        module.text("module_docstring"),
        f'```starlark\nload("@rules_distill{file}", …)\n```',
        *_section("Rules", "rule_info", "rule_name", module, _rule),
        *_section("Functions", "func_info", "function_name", module, _function),
        *_section("Providers", "provider_info", "provider_name", module, _provider),
        *_section("Repository rules", "repository_rule_info", "rule_name", module, _rule),
        *_section("Module extensions", "module_extension_info", "extension_name", module, _extension),
    ]
    return "\n\n".join(part.strip() for part in parts if part.strip()) + "\n"


def _title(file: str) -> str:
    """`//rules/layer:defs.bzl` is about layers: layer; `//rules:providers.bzl` is called providers."""
    package, _, name = file.partition(":")
    return package.rpartition("/")[2] if name == "defs.bzl" else name.removesuffix(".bzl")


def _in_own_repository(file: str) -> str:
    """Bazel puts a repository before the label of a file in some modes."""
    return file[file.find("//") :]


def _section(title: str, field: str, name_field: str, module: Message, render: _Render) -> Iterator[str]:
    items = sorted(module.messages(field), key=lambda item: item.text(name_field))
    if items:
        yield f"## {title}"
    for item in items:
        yield from render(item)


def _rule(rule: Message) -> Iterator[str]:
    yield f"### {rule.text('rule_name')}"
    yield rule.text("doc_string")
    yield _attributes(rule)
    environ = ", ".join(f"`{name}`" for name in sorted(rule.texts("environ")))
    yield f"Reads the environment: {environ}." if environ else ""


def _function(function: Message) -> Iterator[str]:
    name = function.text("function_name")
    parameters = list(function.messages("parameter"))
    yield f"### {name}"
    yield f"```starlark\n{name}({', '.join(_signature(parameters))})\n```"
    yield function.text("doc_string")
    yield _items((p.text("name"), "", p.text("doc_string")) for p in parameters)
    result = function.message("return").text("doc_string")
    yield f"Returns: {_one_line(result)}" if result else ""


def _signature(parameters: Iterable[Message]) -> Iterator[str]:
    for parameter in parameters:
        name, default = parameter.text("name"), parameter.text("default_value")
        if default:
            yield f"{name} = {default if len(default) <= _LONGEST_DEFAULT else '…'}"
        else:
            # Neither mandatory nor with a default: the rest of the keywords (none of ours takes *args).
            yield name if parameter.text("mandatory") == "true" else f"**{name}"


def _provider(provider: Message) -> Iterator[str]:
    yield f"### {provider.text('provider_name')}"
    yield provider.text("doc_string")
    yield _items((f.text("name"), "", f.text("doc_string")) for f in provider.messages("field_info"))


def _extension(extension: Message) -> Iterator[str]:
    yield f"### {extension.text('extension_name')}"
    yield extension.text("doc_string")
    for tag in sorted(extension.messages("tag_class"), key=lambda tag: tag.text("tag_name")):
        yield f"#### {extension.text('extension_name')}.{tag.text('tag_name')}"
        yield tag.text("doc_string")
        yield _attributes(tag)


def _attributes(owner: Message) -> str:
    attributes = sorted(owner.messages("attribute"), key=lambda a: (a.text("name") != "name", a.text("name")))
    return _items((a.text("name"), _kind(a), a.text("doc_string")) for a in attributes)


def _kind(attribute: Message) -> str:
    """What a value must be: type, providers of our own, default."""
    kind = _TYPES.get(attribute.text("type"), attribute.text("type").lower())
    groups = [
        " and ".join(
            f"`{name}`"
            for name, origin in zip(group.texts("provider_name"), group.messages("origin_key"), strict=False)
            if _OWN_FILES in origin.text("file")
        )
        for group in attribute.messages("provider_name_group")
    ]
    providers = " or ".join(group for group in groups if group)
    if providers:
        kind += f" with {providers}"
    if attribute.text("mandatory") == "true":
        return f"{kind}, required"
    default = attribute.text("default_value")
    # A long default stands in the docstring, in words.
    if default in ("", "None") or len(default) > _LONGEST_DEFAULT:
        return kind
    return f"{kind}, default `{default}`"


def _items(items: Iterable[tuple[str, str, str]]) -> str:
    lines = []
    for name, kind, doc in items:
        head = f"- `{name}`" + (f" ({kind})" if kind else "")
        lines.append(f"{head}: {_one_line(doc)}" if doc else head)
    return "\n".join(lines)


def _one_line(doc: str) -> str:
    return " ".join(doc.split())
