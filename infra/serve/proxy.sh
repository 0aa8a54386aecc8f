#!/bin/sh
# nginx for the test of its file: there already, or installed where we may, or told how. CI (MSLJ_NO_SKIPS) needs it.
set -u
test -x /usr/sbin/nginx && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  { apt-get update -qq && apt-get install -y -qq --no-install-recommends nginx-light >/dev/null; } && exit 0
fi
echo '代理配置的测试需要 nginx：请执行 sudo apt-get install nginx-light' >&2
test -z "${MSLJ_NO_SKIPS:-}"
