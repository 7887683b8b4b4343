# Asks a network who has an address, as a host does before it takes one (RFC 5227), and says who answered, a line each.
# Nobody's ARP table changes by that: the question names no sender. That also keeps whoever answers for others quiet: a
# kernel's proxy ARP, of this appliance or of another one, says nothing to a question without a sender.

need arping ip awk
has_interface "$DEVICE" || refuse 70 "it has no network card '$DEVICE'"
[ "$(cat "/sys/class/net/$DEVICE/carrier" 2>/dev/null)" = 1 ] ||
  refuse 70 "its network card '$DEVICE' is down or has no link, so that nobody could answer; bring the card up, then retry"
# Two cards of an appliance may be on one network.
own=$(cat /sys/class/net/*/address)

ask() {
  said=$(arping -0 -r -c 3 -W 0.2 -i "$DEVICE" "$1" 2>&1)
  answer=$?
  printf '%s\n' "$said" | sort -u | awk -v address="$1" -v answer="$answer" -v own="$own" '
    BEGIN { count = split(own, cards); for (i = 1; i <= count; i++) is_own[cards[i]] = 1 }
    /^[0-9a-f][0-9a-f](:[0-9a-f][0-9a-f])+$/ { if (!($0 in is_own)) text = text "owner " address " " $0 "\n"; next }
    /./ { complaint = $0 }
    END {
      if (answer > 1 || complaint != "") print "unasked " address " " complaint
      else printf "%sasked %s\n", text, address
    }'
}

for address in $ADDRESSES; do
  ask "$address" &
done
wait
