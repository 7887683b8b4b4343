# Removes the full-site mode, from whatever is there of it. What is left is printed, a line each.

need ip nft flock awk
lock
obey_newest .full-site
added=$(added)
turned_on=$(turned_on)
# Nothing is forwarded any more before what kept it closed goes.
for card in $turned_on; do
  ! has_interface "$card" || set_to "/proc/sys/net/ipv4/conf/$card/forwarding" 0
done
for preference in "$specific_rules" "$default_rules"; do
  while ip -4 rule del pref "$preference" 2>/dev/null; do :; done
done
ip -4 route flush table "$site_table" 2>/dev/null
printf '%s\n' "$added" | while read -r card address; do
  [ -z "$card" ] || ip -4 address del "$address" dev "$card" 2>/dev/null
done
printf '%s\n' "table inet $filter" "delete table inet $filter" |
  nft -f - || refuse 70 "the packet filter of the full-site mode cannot be removed there"
# The folder goes last: while it is there, the teardown is not done.
rm -rf "$site"
survey_site "$added" "$turned_on"
