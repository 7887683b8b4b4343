# What every command on a tunnel knows of it.

state=$home/tunnels/$TUNNEL
config=$state/openvpn.conf
tap=swb$NUMBER
table=$((21300 + NUMBER))
# Addresses come before every closing rule, whichever tunnel they are of: two tunnels may share a card.
address_rules=13000
closing_rules=$((14000 + NUMBER))
inner=169.254.0.1

processes() { pgrep -f -x "openvpn --config $config"; }

# The addresses that are open in this tunnel, as its rules know them.
open_addresses() {
  ip -4 rule show table "$table" 2>/dev/null |
    awk '{ for (i = 1; i < NF; i++) if (($i == "from" || $i == "to") && $(i + 1) != "all") print $(i + 1) }' | sort -u
}

# True when another tunnel of this appliance uses the same card.
is_shared() {
  for other in "$home"/tunnels/*/device; do
    [ "$other" != "$state/device" ] && [ -f "$other" ] && [ "$(cat "$other")" = "$DEVICE" ] && return 0
  done
  return 1
}

# Every address that this tunnel may have opened, as far as anybody knows.
own_addresses() {
  printf '%s\n' $ADDRESSES $(open_addresses) $(cat "$state/addresses" 2>/dev/null) | sort -u
}

# answered_for ADDRESS…: those of them that this appliance answers for on its card. Another tunnel's do not count.
answered_for() {
  for address; do
    [ -n "$(ip -4 neigh show proxy dev "$DEVICE" 2>/dev/null | awk -v address="$address" '$1 == address')" ] || continue
    owner=$(ip -4 rule show iif "$DEVICE" to "$address" 2>/dev/null | sed -n 's/.* lookup \([0-9]*\).*/\1/p' | head -n 1)
    [ -n "$owner" ] && [ "$owner" != "$table" ] || printf '%s\n' "$address"
  done
}

stop_process() {
  pids=$(processes) || return 0
  kill $pids 2>/dev/null
  waited=0
  while processes >/dev/null; do
    [ "$waited" -ne 50 ] || kill -9 $(processes) 2>/dev/null
    [ "$waited" -lt 80 ] || refuse 70 "OpenVPN (process $(processes | tr '\n' ' ')) does not end"
    waited=$((waited + 1))
    sleep 0.1
  done
}

close_address() {
  # The answer goes first and the rules last: what is left in between is found by them.
  [ -z "$(answered_for "$1")" ] || must ip -4 neigh del proxy "$1" dev "$DEVICE"
  ip -4 route del "$1" table "$table" 2>/dev/null
  for rule in "from $1 iif $DEVICE" "from $1 iif $tap" "from all to $1 iif $DEVICE" "from all to $1 iif $tap"; do
    ip -4 rule del pref "$address_rules" $rule lookup "$table" 2>/dev/null
  done
  [ "$SIDE" = production ] || ip -4 neigh del "$1" dev "$DEVICE" 2>/dev/null
  return 0
}

# survey ADDRESS…: everything that there is of this tunnel, a line each. After a teardown it says nothing.
survey() {
  processes | sed 's/^/process /'
  ! has_interface "$tap" || ip -o link show dev "$tap" | awk '{ sub(/:$/, "", $2); print "interface " $2 " " $3 }'
  ip -4 -o address show dev "$DEVICE" to "$inner" 2>/dev/null | awk '{ print "interface " $2 " " $4 }'
  ip -4 rule show table "$table" 2>/dev/null | sed 's/^/rule /'
  ip -4 rule show pref "$closing_rules" 2>/dev/null | sed 's/^/rule /'
  ip -4 route show table "$table" 2>/dev/null | sed 's/^/route /'
  nft list table inet "$tap" 2>/dev/null | sed -n "s/^table inet \(.*\) {\$/filter \1/p"
  answered_for "$@" | sed "s/\$/ proxy dev $DEVICE/; s/^/neighbour /"
  # The card towards the replicas is the tunnel's alone, the one at production is a LAN's like any other.
  [ "$SIDE" = production ] || ip -4 neigh show dev "$DEVICE" 2>/dev/null | sed "s/\$/ dev $DEVICE/; s/^/neighbour /"
  if ! is_shared; then
    for setting in forwarding proxy_arp; do
      [ "$(cat "/proc/sys/net/ipv4/conf/$DEVICE/$setting" 2>/dev/null)" != 1 ] || echo "setting $DEVICE $setting"
    done
  fi
  [ ! -d "$state" ] || echo "file $state"
}

# standing: what must stay as it was made until the next command, in words that do not change with the state of a link.
standing() {
  survey "$@" | grep -E '^(interface|rule|route|filter|setting|neighbour .* proxy dev) ' |
    sed 's/ *\[detached\]//; s/ linkdown//; s/ dead//; s/^\(interface [^ ]*\) <.*/\1/; s/[[:space:]]*$//' | sort -u
}
