# What every command on an appliance's full-site mode knows of it. NETWORKS has a line "CARD ADDRESS/PREFIX" for each
# network, PUBLIC the public addresses, UPLINK the card to the outside.

site=$home/full-site
filter=swb_full_site
specific_rules=13500
default_rules=13501
site_table=21299

cards() { printf '%s\n' "$NETWORKS" $(cat "$site/cards" 2>/dev/null) | awk 'NF { print $1 }' | sort -u; }

has_address() { [ -n "$(ip -4 -o address show dev "$2" 2>/dev/null | awk -v address="$1" '$4 == address')" ]; }

# What was not there before: "CARD ADDRESS/PREFIX" a line, noted before it is made, so that whoever comes after a death in
# between removes that and nothing else.
added() { cat "$site/added" 2>/dev/null; }
turned_on() { cat "$site/forwarding" 2>/dev/null; }

# note FILE LINE
note() {
  known=$(cat "$site/$1" 2>/dev/null)
  printf '%s\n' "$known" | grep -qxF "$2" || write "$site/$1" "${known:+$known
}$2"
}

# survey_site ADDED TURNED_ON: everything that there is of it, a line each.
survey_site() {
  nft list table inet "$filter" 2>/dev/null | sed -n "s/^table inet \(.*\) {\$/filter \1/p"
  for preference in "$specific_rules" "$default_rules"; do
    ip -4 rule show pref "$preference" 2>/dev/null | sed 's/^/rule /'
  done
  ip -4 route show table "$site_table" 2>/dev/null | sed 's/^/route /'
  printf '%s\n' "$1" | while read -r card address; do
    [ -z "$card" ] || ! has_address "$address" "$card" || echo "interface $card $address"
  done
  for card in $2; do
    [ "$(cat "/proc/sys/net/ipv4/conf/$card/forwarding" 2>/dev/null)" != 1 ] || echo "setting $card forwarding"
  done
  [ ! -d "$site" ] || echo "file $site"
}
