#!/bin/sh
# 双击本文件，选「在终端中运行」。The newest program folder runs, with the Python and the C library that it
# brings: nothing of the system is needed but a browser.
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P) || exit 1
program=
for folder in "$here"/program-*; do program=$folder; done
python=$program/python
for loader in "$python"/lib/*-linux-gnu/ld-linux-*.so.*; do
    [ -x "$loader" ] && break
done
if [ ! -x "$loader" ]; then
    echo "程序不完整：请把压缩包重新解压一次，再双击本文件。" >&2
    exit 1
fi
libraries=
for folder in "$python"/lib/*-linux-gnu "$python"/usr/lib/*-linux-gnu; do
    libraries=$libraries${libraries:+:}$folder
done
exec "$loader" --library-path "$libraries" "$python/usr/bin/python3.11" -I -X utf8 "$program/start.py" "$@"
