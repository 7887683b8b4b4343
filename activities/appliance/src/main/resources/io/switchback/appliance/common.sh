# What every command on an appliance begins with. The values in capitals are set in front of this text; all of it is read
# before any of it is run, so that a connection which breaks on the way leaves nothing half done.
#
# Exit codes: 70 the appliance lacks something, 71 a newer request was here, 72 another command holds the appliance,
# 73 something belongs to another tunnel, 74 OpenVPN does not start. The last line on standard error says why.

PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PATH
LC_ALL=C
export LC_ALL
umask 077

home=/var/lib/switchback

refuse() {
  code=$1
  shift
  printf '%s\n' "$*" >&2
  exit "$code"
}

# must COMMAND…: what should not fail, and says what failed when it does.
must() {
  "$@" || refuse 70 "'$*' failed there"
}

need() {
  missing=
  for tool in "$@"; do
    command -v "$tool" >/dev/null 2>&1 || missing="$missing $tool"
  done
  [ -z "$missing" ] || refuse 70 "these programs are not installed there:$missing"
  [ "$(id -u)" -eq 0 ] || refuse 70 "the login is not root's"
}

# One command at a time changes an appliance. The lock is on an open file: it ends with its holder, whatever ends that.
lock() {
  must mkdir -p "$home/tunnels" "$home/revisions"
  exec 9>"$home/lock"
  flock -w 20 9 || refuse 72 "another command has held the appliance for 20 s"
}

# obey_newest NAME: keeps the highest revision seen, also when what bears the name is gone: a request that wakes up late
# changes nothing.
obey_newest() {
  seen=$(cat "$home/revisions/$1" 2>/dev/null)
  seen=${seen:-0}
  [ "$REVISION" -ge "$seen" ] || refuse 71 "revision $REVISION is older than revision $seen, which was here before"
  [ "$REVISION" -eq "$seen" ] || write "$home/revisions/$1" "$REVISION"
}

# write FILE TEXT: whole or not at all. printf is the shell's own, so the text is in no process' arguments.
write() {
  printf '%s\n' "$2" >"$1.new" && mv -f "$1.new" "$1" || refuse 70 "'$1' cannot be written there"
}

# set_to FILE VALUE: a setting of the kernel.
set_to() {
  [ "$(cat "$1")" = "$2" ] || printf '%s\n' "$2" >"$1" || refuse 70 "'$1' cannot be set to $2 there"
}

has_interface() { ip link show dev "$1" >/dev/null 2>&1; }
