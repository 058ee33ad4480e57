#!/bin/sh
# Installs what pyforge is built and tested with: system packages by apt, Meson and test tools from PyPI into .venv.
# `setup.sh bench` makes the environment of the peers (.peers) too, `setup.sh wheel` that of the final wheels (.wheel): a compiler
# with the headers of old systems, an assembler, an emulator. Does nothing when all is there.
set -eu
cd "$(dirname "$0")/.."

packages="gcc g++ make pkg-config python3-venv python3-dev clang clang-tidy clang-format libclang-rt-dev llvm libisal-dev
  libzstd-dev libsnappy-dev liblz4-dev libbz2-dev liblzma-dev zlib1g-dev libuchardet-dev libjansson-dev
  libxxhash-dev libmbedtls-dev libcmocka-dev libexpat1-dev fuse3 libfuse3-dev time"
[ "${1:-}" != wheel ] || packages="$packages nasm qemu-user"
# What a name provides differs between releases: clang's runtime has a number in its name.
resolve() {
    case $1 in
        libclang-rt-dev)
            v=$(clang --version 2>/dev/null | sed -n 's/.*version \([0-9]*\)\..*/\1/p' | head -n 1)
            [ -n "$v" ] || v=$(apt-cache depends clang 2>/dev/null | sed -n 's/.*Depends: clang-\([0-9]*\).*/\1/p' | head -n 1)
            echo "libclang-rt-${v:-14}-dev" ;;
        *) echo "$1" ;;
    esac
}
present() { dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q 'install ok installed'; }

if command -v dpkg-query >/dev/null 2>&1; then
    missing=
    for p in $packages; do
        p=$(resolve "$p")
        present "$p" || missing="$missing $p"
    done
    if [ -n "$missing" ]; then
        if [ "$(id -u)" = 0 ]; then sudo=; elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then sudo=sudo
        else
            echo "pyforge needs system packages. Please run this line, then make again:" >&2
            echo "  sudo apt-get update && sudo apt-get install -y$missing" >&2
            exit 1
        fi
        echo "installing:$missing"
        $sudo apt-get update -qq
        # the clang version is known only once the lists are here
        again=
        for p in $packages; do
            p=$(resolve "$p")
            present "$p" || again="$again $p"
        done
        # shellcheck disable=SC2086
        DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends $again >/dev/null
    fi
else
    echo "This is not Debian or Ubuntu; please install the counterparts of: $packages" >&2
fi

venv() { # folder requirements
    stamp="$1/ready"
    if [ ! -f "$stamp" ] || ! cmp -s "$2" "$1/requirements.txt"; then
        [ -x "$1/bin/python" ] || python3 -m venv "$1"
        "$1/bin/python" -m pip install -q --disable-pip-version-check -r "$2"
        cp "$2" "$1/requirements.txt"
    fi
    touch "$stamp"
}
venv .venv tools/requirements.txt
[ "${1:-}" != bench ] || venv .peers bench/requirements.txt
if [ "${1:-}" = wheel ]; then
    venv .wheel tools/wheel_requirements.txt
    ln -sf "$(.wheel/bin/python -c 'import ziglang; print(ziglang.__path__[0])')/zig" .wheel/bin/zig
fi
