# Makes the appliance the gateway of replicas' networks, from whatever is there: adds what lacks, removes what is too
# much, leaves alone what is right. Connections that are let through already go on meanwhile.

check() {
  has_interface "$UPLINK" || refuse 70 "it has no network card '$UPLINK'"
  while read -r card address; do
    has_interface "$card" || refuse 70 "it has no network card '$card'"
    for other in "$home"/tunnels/*/device; do
      [ ! -f "$other" ] || [ "$(cat "$other")" != "$card" ] ||
        refuse 73 "the network card '$card' belongs to tunnel '$(basename "${other%/device}")'; tear that down first"
    done
    taken=$(ip -4 -o address show dev "$card" | awk '{ print $4 }' | grep -vxF "$address")
    for one in $taken; do
      added | grep -qxF "$card $one" || refuse 70 "the network card '$card' carries the address $one, and one towards replicas must carry none of its own"
    done
  done <<END
$NETWORKS
END
}

forward_at() {
  [ "$(cat "/proc/sys/net/ipv4/conf/$1/forwarding")" = 1 ] || note forwarding "$1"
  set_to "/proc/sys/net/ipv4/conf/$1/forwarding" 1
  set_to "/proc/sys/net/ipv4/conf/$1/send_redirects" 0
}

# wanted: every "CARD ADDRESS/PREFIX" that this mode has to make. A public address that the card has anyway is not its own.
wanted() {
  printf '%s\n' "$NETWORKS"
  for address in $PUBLIC; do
    if added | grep -qxF "$UPLINK $address/32" ||
      ! ip -4 -o address show dev "$UPLINK" | awk '{ print $4 }' | grep -q "^$address/"; then
      echo "$UPLINK $address/32"
    fi
  done
}

ensure_addresses() {
  wanted=$(wanted)
  added | while read -r card address; do
    printf '%s\n' "$wanted" | grep -qxF "$card $address" || ip -4 address del "$address" dev "$card" 2>/dev/null
  done
  printf '%s\n' "$wanted" | while read -r card address; do
    [ -n "$card" ] && ! has_address "$address" "$card" || continue
    note added "$card $address"
    must ip -4 address add "$address" dev "$card"
    must ip link set dev "$card" up
  done || exit 70
}

# What the appliance has routes of its own for, it reaches by them, and everything else through the uplink's gateway,
# wherever its own default route leads. The filter decides what of that is let through.
ensure_ways() {
  for card in $(cards); do
    if printf '%s\n' "$NETWORKS" | grep -q "^$card "; then
      ip -4 rule show pref "$specific_rules" | grep -q "iif $card " ||
        must ip -4 rule add pref "$specific_rules" iif "$card" lookup main suppress_prefixlength 0
      ip -4 rule show pref "$default_rules" | grep -q "iif $card " ||
        must ip -4 rule add pref "$default_rules" iif "$card" lookup "$site_table"
    else
      while ip -4 rule del pref "$specific_rules" iif "$card" 2>/dev/null; do :; done
      while ip -4 rule del pref "$default_rules" iif "$card" 2>/dev/null; do :; done
    fi
  done
  must ip -4 route replace default via "$UPLINK_GATEWAY" dev "$UPLINK" onlink table "$site_table"
}

# What is no longer of this mode is not touched by it again: a tunnel may have it next.
forget_others() {
  for card in $(turned_on); do
    case " $UPLINK $wanted_cards " in
      *" $card "*) ;;
      *) ! has_interface "$card" || set_to "/proc/sys/net/ipv4/conf/$card/forwarding" 0 ;;
    esac
  done
  write "$site/forwarding" "$(for card in $(turned_on); do
    case " $UPLINK $wanted_cards " in *" $card "*) printf '%s\n' "$card" ;; esac
  done)"
  write "$site/added" "$wanted"
  write "$site/cards" "$(printf '%s\n' $wanted_cards)"
}

# Replicas may remember another gateway's card, and the outside whoever had the public address.
announce() {
  { printf '%s\n' "$NETWORKS"; printf "$UPLINK %s\n" $PUBLIC; } | {
    while read -r card address; do
      [ -n "$address" ] || continue
      arping -q -U -c 2 -W 0.1 -i "$card" -S "${address%/*}" "${address%/*}" >/dev/null 2>&1 9>&- </dev/null &
    done
    wait
  }
}

need ip nft flock arping awk
lock
obey_newest .full-site
check
must mkdir -p "$site"
wanted_cards=$(printf '%s\n' "$NETWORKS" | cut -d ' ' -f 1 | tr '\n' ' ')
for card in $wanted_cards; do
  note cards "$card"
done
# Closed before anything is forwarded, in one transaction.
printf '%s\n' "table inet $filter" "delete table inet $filter" "$RULES" |
  nft -f - || refuse 70 "the packet filter of the full-site mode cannot be set there"
ensure_addresses
for card in "$UPLINK" $wanted_cards; do
  forward_at "$card"
done
ensure_ways
forget_others
announce
