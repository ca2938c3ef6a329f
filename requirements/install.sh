#!/bin/sh
# requirements/install.sh VENV FILE: install exactly what FILE names, checked against its hashes.
#
# uv does it in seconds and pip in half a minute. uv does not read pip's configuration, so it is told
# what pip knows: a company's own index, folders of wheels, a certificate. Where uv cannot be had or
# cannot do it, pip does.
set -eu

python=$1/bin/python
file=$2
settings=$("$python" -m pip config list 2>/dev/null) || settings=

# The value of a pip option. Its environment comes first in pip's list, as it does in importance.
configured() {
    printf '%s\n' "$settings" | sed -n "s/^[^.]*\.$1='\(.*\)'\$/\1/p" | head -n 1
}

with_uv() {
    if ! "$python" -m uv --version >/dev/null 2>&1; then
        "$python" -m pip install --quiet --disable-pip-version-check --only-binary :all: \
            --require-hashes -r requirements/uv.txt || return 1
    fi
    index=$(configured index-url)
    folders=$(configured find-links | tr ' ' ',')
    certificate=$(configured cert)
    [ -z "$index" ] || export UV_DEFAULT_INDEX="${UV_DEFAULT_INDEX:-$index}"
    [ -z "$folders" ] || export UV_FIND_LINKS="${UV_FIND_LINKS:-$folders}"
    [ -z "$certificate" ] || export SSL_CERT_FILE="${SSL_CERT_FILE:-$certificate}"
    [ -z "$(configured no-index)" ] || export UV_NO_INDEX=1
    # A home that cannot be written to, such as a container's, is no reason to be slow.
    cache=$("$python" -m uv cache dir 2>/dev/null) || cache=
    { mkdir -p "$cache" && [ -w "$cache" ]; } 2>/dev/null || export UV_NO_CACHE=1
    "$python" -m uv pip install --quiet --python "$python" --only-binary :all: --require-hashes -r "$file"
}

with_pip() {
    echo "uv could not do it; pip takes a little longer." >&2
    "$python" -m pip install --quiet --disable-pip-version-check --only-binary :all: --require-hashes -r "$file"
}

with_uv || with_pip
