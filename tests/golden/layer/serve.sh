#!/bin/sh -e
exec /usr/bin/server "$@"
