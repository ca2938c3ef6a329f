#!/bin/sh
# Fetch the browser's libraries from npm into the folders that hold them. Run it from the project's root: make vendor
#
# Files stay as they are published but for two things: a sourceMappingURL is taken out, because collectstatic looks for
# the map and fails without it, and .mjs becomes .js, because only .js is rewritten to hashed names.
set -eu

PRODUCT=sessions_app/static/handrail/vendor
TESTS=tests/browser/vendor
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# fetch NAME VERSION: unpack a package into $work/NAME
fetch() {
    mkdir "$work/$1"
    archive=$(cd "$work" && npm pack --silent "$1@$2")
    tar -xzf "$work/$archive" -C "$work/$1" --strip-components 1
}

# put FOLDER SOURCE NAME
put() {
    mkdir -p "$1"
    sed -e '/^\/\/# sourceMappingURL=/d' -e 's|/\*# sourceMappingURL=[^*]*\*/||' "$work/$2" > "$1/$3"
}

fetch marked 18.2.1
put $PRODUCT marked/lib/marked.esm.js marked.js
put $PRODUCT marked/LICENSE marked.LICENSE

fetch dompurify 3.4.18
put $PRODUCT dompurify/dist/purify.es.mjs purify.js
put $PRODUCT dompurify/LICENSE purify.LICENSE

fetch uplot 1.6.32
put $PRODUCT uplot/dist/uPlot.esm.js uplot.js
put $PRODUCT uplot/dist/uPlot.min.css uplot.css
put $PRODUCT uplot/LICENSE uplot.LICENSE

fetch react 18.3.1
put $TESTS react/umd/react.production.min.js react.js
put $TESTS react/LICENSE react.LICENSE

fetch react-dom 18.3.1
put $TESTS react-dom/umd/react-dom.production.min.js react-dom.js
put $TESTS react-dom/LICENSE react-dom.LICENSE

fetch axe-core 4.14.1
put $TESTS axe-core/axe.min.js axe.min.js
put $TESTS axe-core/LICENSE axe.LICENSE

for folder in $PRODUCT $TESTS; do
    (cd $folder && sha256sum ./*.js ./*.css ./*.LICENSE 2>/dev/null | LC_ALL=C sort -k 2 > SHA256SUMS) || true
done
