# Removes one end of a tunnel, from whatever is there of it. What is left is printed, a line each.

need ip nft flock pgrep awk sed
lock
obey_newest "$TUNNEL"
shared=no
! is_shared || shared=yes
rm -f "$state/running"
stop_process
addresses=$(own_addresses)
for address in $addresses; do
  close_address "$address"
done
if [ "$shared" = no ] && has_interface "$DEVICE"; then
  set_to "/proc/sys/net/ipv4/conf/$DEVICE/proxy_arp" 0
  set_to "/proc/sys/net/ipv4/conf/$DEVICE/forwarding" 0
fi
while ip -4 rule del pref "$address_rules" table "$table" 2>/dev/null; do :; done
while ip -4 rule del pref "$closing_rules" 2>/dev/null; do :; done
ip -4 route flush table "$table" 2>/dev/null
! has_interface "$tap" || must ip link delete dev "$tap"
printf '%s\n' "table inet $tap" "delete table inet $tap" |
  nft -f - || refuse 70 "the packet filter of the tunnel cannot be removed there"
if [ "$SIDE" = recovery ] && has_interface "$DEVICE"; then
  ip -4 address del "$inner/32" dev "$DEVICE" 2>/dev/null
  ip -4 neigh flush dev "$DEVICE" nud all 2>/dev/null
fi
# The folder goes last: while it is there, the teardown is not done.
rm -rf "$state"
survey $addresses
