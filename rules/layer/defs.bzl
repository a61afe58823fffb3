"""Layers: files of the build, accounts, certificates, time zones and the small things that minimal images forget."""

load("//rules/layer/private:accounts_layer.bzl", _STANDARD_GROUPS = "STANDARD_GROUPS", _STANDARD_USERS = "STANDARD_USERS", _accounts_layer = "accounts_layer", _group = "group", _user = "user")
load("//rules/layer/private:alternatives_layer.bzl", _alternatives_layer = "alternatives_layer")
load("//rules/layer/private:assets_layer.bzl", _assets_layer = "assets_layer")
load("//rules/layer/private:bytecode_layer.bzl", _bytecode_layer = "bytecode_layer")
load("//rules/layer/private:ca_certificates_layer.bzl", _ca_certificates_layer = "ca_certificates_layer")
load("//rules/layer/private:layer.bzl", _layer = "layer")
load("//rules/layer/private:ld_so_cache_layer.bzl", _ld_so_cache_layer = "ld_so_cache_layer")
load("//rules/layer/private:nsswitch_layer.bzl", _nsswitch_layer = "nsswitch_layer")
load("//rules/layer/private:optimized_pictures.bzl", _optimized_pictures = "optimized_pictures")
load("//rules/layer/private:os_release_layer.bzl", _os_release_layer = "os_release_layer")
load("//rules/layer/private:rootfs_layer.bzl", _rootfs_layer = "rootfs_layer")
load("//rules/layer/private:zoneinfo_layer.bzl", _zoneinfo_layer = "zoneinfo_layer")

STANDARD_GROUPS = _STANDARD_GROUPS
STANDARD_USERS = _STANDARD_USERS
accounts_layer = _accounts_layer
alternatives_layer = _alternatives_layer
assets_layer = _assets_layer
bytecode_layer = _bytecode_layer
ca_certificates_layer = _ca_certificates_layer
group = _group
layer = _layer
ld_so_cache_layer = _ld_so_cache_layer
nsswitch_layer = _nsswitch_layer
optimized_pictures = _optimized_pictures
os_release_layer = _os_release_layer
rootfs_layer = _rootfs_layer
user = _user
zoneinfo_layer = _zoneinfo_layer
