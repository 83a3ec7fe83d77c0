#!/usr/bin/env bash
# A host behind a NAT of type FC or ADR meets viewers behind every type: they find
# the best way there is, see the picture and can type (lib-matrix.sh says which way).
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-net.sh"
. "$RD_ROOT/tests/tools/lib-matrix.sh"
rows FC ADR
