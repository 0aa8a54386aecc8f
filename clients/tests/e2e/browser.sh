#!/bin/sh
# The browser of the end-to-end tests: there already, or installed where we may, or told how. CI (MSLJ_NO_SKIPS) needs it.
set -u
test -x "${CHROMIUM:-/usr/bin/chromium}" && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo '安装测试用的浏览器 chromium（只需一次）…'
  { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk >/dev/null; } && exit 0
fi
echo '端到端测试需要浏览器：请执行 sudo apt-get install chromium fonts-noto-cjk，或用 CHROMIUM=路径 指定一个' >&2
test -z "${MSLJ_NO_SKIPS:-}"
