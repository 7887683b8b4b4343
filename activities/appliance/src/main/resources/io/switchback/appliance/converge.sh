# Brings one end of a tunnel to what is asked for, from wherever it is: adds what lacks, removes what is too much, leaves
# alone what is right. Traffic that is let through already goes on meanwhile.

claim_names() {
  has_interface "$DEVICE" || refuse 70 "it has no network card '$DEVICE'"
  for other in "$home"/tunnels/*/number; do
    owner=${other%/number}
    [ -f "$other" ] && [ "$owner" != "$state" ] || continue
    [ "$(cat "$other")" != "$NUMBER" ] || refuse 73 "the number $NUMBER belongs to tunnel '${owner##*/}'"
  done
  for fact in "number $NUMBER" "device $DEVICE" "side $SIDE"; do
    file=$state/${fact%% *}
    [ ! -s "$file" ] || [ "$(cat "$file")" = "${fact#* }" ] ||
      refuse 73 "there tunnel '$TUNNEL' has the ${fact%% *} '$(cat "$file")', not '${fact#* }'; tear it down first"
  done
  if [ "$SIDE" = recovery ]; then
    ! is_shared || refuse 73 "the network card '$DEVICE' belongs to another tunnel"
    taken=$(ip -4 -o address show dev "$DEVICE" | awk -v inner="$inner/32" '$4 != inner { print $4 }')
    [ -z "$taken" ] || refuse 70 "the network card '$DEVICE' carries the address $taken, and one towards replicas must carry none"
  fi
  must mkdir -p "$state"
  write "$state/number" "$NUMBER"
  write "$state/device" "$DEVICE"
  write "$state/side" "$SIDE"
}

ensure_tap() {
  if ! has_interface "$tap"; then
    # A process that still runs holds an interface which is gone.
    rm -f "$state/running"
    must ip tuntap add dev "$tap" mode tap user nobody
  fi
  set_to "/proc/sys/net/ipv4/conf/$tap/forwarding" 1
  set_to "/proc/sys/net/ipv4/conf/$tap/send_redirects" 0
  set_to "/proc/sys/net/ipv4/conf/$tap/rp_filter" "$(loose)"
  [ ! -e "/proc/sys/net/ipv6/conf/$tap" ] || set_to "/proc/sys/net/ipv6/conf/$tap/disable_ipv6" 1
  must ip address replace "$OWN/30" dev "$tap"
  must ip link set dev "$tap" up
}

# The strict filter knows nothing of rules by card, and would drop every packet of a tunnel. The kernel takes the higher
# value of "all" and the card's own.
loose() { [ "$(cat /proc/sys/net/ipv4/conf/all/rp_filter)" = 0 ] && echo 0 || echo 2; }

ensure_card() {
  set_to "/proc/sys/net/ipv4/conf/$DEVICE/forwarding" 1
  set_to "/proc/sys/net/ipv4/conf/$DEVICE/send_redirects" 0
  # The kernel waits up to 0.8 s before it answers for another, unless it is told not to.
  set_to "/proc/sys/net/ipv4/neigh/$DEVICE/proxy_delay" 0
  must ip link set dev "$DEVICE" up
  [ "$SIDE" = recovery ] || return 0
  set_to "/proc/sys/net/ipv4/conf/$DEVICE/rp_filter" "$(loose)"
  [ ! -e "/proc/sys/net/ipv6/conf/$DEVICE" ] || set_to "/proc/sys/net/ipv6/conf/$DEVICE/disable_ipv6" 1
  must ip address replace "$inner/32" dev "$DEVICE" scope link
}

# ensure_rule PREFERENCE RULE, in the words in which rules are shown.
ensure_rule() {
  ip -4 rule show pref "$1" | sed 's/^[^:]*:[[:space:]]*//; s/\[detached\] *//; s/[[:space:]]*$//' | grep -qxF "$2" ||
    must ip -4 rule add pref "$1" $2
}

# Nothing but what is open gets through: not to the appliance's own networks, not back into the tunnel, and not to the
# appliance itself, which both a tenant's VMs and the other end could otherwise talk to.
ensure_closed() {
  at_card=
  [ "$SIDE" != recovery ] || at_card="iifname \"$DEVICE\" counter drop"
  printf '%s\n' "table inet $tap" "delete table inet $tap" "table inet $tap {" "chain input {" \
    "type filter hook input priority filter; policy accept;" \
    "iifname \"$tap\" ip saddr $PEER icmp type { echo-request, echo-reply } accept" \
    "iifname \"$tap\" counter drop" "$at_card" "}" "$CLAMPS" "}" |
    nft -f - || refuse 70 "the packet filter of the tunnel cannot be set there"
  ensure_rule "$closing_rules" "from all iif $tap unreachable"
  ensure_rule "$closing_rules" "from all iif $DEVICE unreachable"
}

ensure_ways() {
  if [ "$SIDE" = recovery ]; then
    must ip -4 route replace default via "$PEER" dev "$tap" onlink table "$table"
  else
    must ip -4 route replace "$NETWORK" dev "$DEVICE" scope link table "$table"
    if [ -n "$GATEWAY" ]; then
      must ip -4 route replace default via "$GATEWAY" dev "$DEVICE" onlink table "$table"
    else
      ip -4 route del default table "$table" 2>/dev/null
    fi
  fi
}

open_address() {
  if [ "$SIDE" = recovery ]; then
    must ip -4 route replace "$1" dev "$DEVICE" scope link table "$table"
    ensure_rule "$address_rules" "from $1 iif $DEVICE lookup $table"
    ensure_rule "$address_rules" "from all to $1 iif $tap lookup $table"
  else
    must ip -4 route replace "$1" via "$PEER" dev "$tap" onlink table "$table"
    ensure_rule "$address_rules" "from $1 iif $tap lookup $table"
    ensure_rule "$address_rules" "from all to $1 iif $DEVICE lookup $table"
    must ip neigh replace proxy "$1" dev "$DEVICE"
  fi
}

ensure_addresses() {
  # Whoever tears down after a death in here knows them all.
  known=$(own_addresses)
  write "$state/addresses" "$known"
  for address in $known; do
    case " $ADDRESSES " in
      *" $address "*) ;;
      *) close_address "$address" ;;
    esac
  done
  for address in $ADDRESSES; do
    open_address "$address"
  done
  write "$state/addresses" "$ADDRESSES"
  # Replicas ask for production's hosts, whichever they are; only who is open is answered, because only for those the
  # kernel finds a way.
  [ "$SIDE" != recovery ] || set_to "/proc/sys/net/ipv4/conf/$DEVICE/proxy_arp" 1
}

ensure_process() {
  write "$config" "$CONFIG"
  write "$state/identity.pem" "$IDENTITY"
  write "$state/authorities.pem" "$AUTHORITIES"
  write "$state/revoked.pem" "$REVOKED"
  digest=$(cat "$config" "$state/identity.pem" "$state/authorities.pem" "$state/revoked.pem" | sha256sum | cut -d ' ' -f 1)
  if [ "$(processes | wc -l)" -eq 1 ] && [ "$(cat "$state/running" 2>/dev/null)" = "$digest" ]; then
    return 0
  fi
  rm -f "$state/running"
  stop_process
  # It must not inherit the lock.
  openvpn --config "$config" 9>&- </dev/null >"$state/start.log" 2>&1 ||
    refuse 74 "OpenVPN does not start there: $(cat "$state/start.log" "$state/openvpn.log" 2>/dev/null | tail -n 1)"
  write "$state/running" "$digest"
}

# Production's hosts remember where the address was, for up to minutes. They are told.
announce() {
  [ "$SIDE" = production ] || return 0
  for address in $ADDRESSES; do
    arping -q -U -c 2 -W 0.1 -i "$DEVICE" -S "$address" "$address" >/dev/null 2>&1 9>&- &
  done
  wait
}

need ip nft flock openvpn pgrep ping awk sed sha256sum
[ "$SIDE" = recovery ] || need arping
lock
obey_newest "$TUNNEL"
claim_names
rm -f "$state/made"
# Closed before anything is forwarded.
ensure_closed
ensure_tap
ensure_card
ensure_ways
ensure_process
ensure_addresses
write "$state/made" "$(standing $ADDRESSES)"
announce
