"""All that a BUILD file loads."""

load("//rules/binary:defs.bzl", _binary_image = "binary_image", _binary_layer = "binary_layer", _debug_layer = "debug_layer", _image_closure = "image_closure", _runfiles_layers = "runfiles_layers", _stripped_binary = "stripped_binary")
load("//rules/debian:defs.bzl", _DEFAULT_DROP = "DEFAULT_DROP", _package_layer = "package_layer", _package_program = "package_program")
load("//rules/image:defs.bzl", _image = "image", _image_index = "image_index", _image_rule = "image_rule")
load("//rules/inspect:defs.bzl", _image_test = "image_test")
load("//rules/layer:defs.bzl", _STANDARD_GROUPS = "STANDARD_GROUPS", _STANDARD_USERS = "STANDARD_USERS", _accounts_layer = "accounts_layer", _alternatives_layer = "alternatives_layer", _assets_layer = "assets_layer", _bytecode_layer = "bytecode_layer", _ca_certificates_layer = "ca_certificates_layer", _group = "group", _layer = "layer", _ld_so_cache_layer = "ld_so_cache_layer", _nsswitch_layer = "nsswitch_layer", _optimized_pictures = "optimized_pictures", _os_release_layer = "os_release_layer", _rootfs_layer = "rootfs_layer", _user = "user", _zoneinfo_layer = "zoneinfo_layer")

DEFAULT_DROP = _DEFAULT_DROP
STANDARD_GROUPS = _STANDARD_GROUPS
STANDARD_USERS = _STANDARD_USERS
accounts_layer = _accounts_layer
alternatives_layer = _alternatives_layer
assets_layer = _assets_layer
binary_image = _binary_image
binary_layer = _binary_layer
bytecode_layer = _bytecode_layer
ca_certificates_layer = _ca_certificates_layer
debug_layer = _debug_layer
group = _group
image = _image
image_closure = _image_closure
image_index = _image_index
image_rule = _image_rule
image_test = _image_test
layer = _layer
ld_so_cache_layer = _ld_so_cache_layer
nsswitch_layer = _nsswitch_layer
optimized_pictures = _optimized_pictures
os_release_layer = _os_release_layer
package_layer = _package_layer
package_program = _package_program
rootfs_layer = _rootfs_layer
runfiles_layers = _runfiles_layers
stripped_binary = _stripped_binary
user = _user
zoneinfo_layer = _zoneinfo_layer
