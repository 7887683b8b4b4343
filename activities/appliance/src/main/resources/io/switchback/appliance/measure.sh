# Says how large a packet gets to the door and back, and how far a tunnel's port is reached.

need ping ip awk bash timeout od

# gets BYTES: whether a packet of that size gets there in one piece. What a router has said of the way counts as
# well: the kernel remembers that for ten minutes.
gets() { ping -n -q -M do -c 2 -i 0.05 -W 0.5 -s $(($1 - HEADER)) "$DOOR" >/dev/null 2>&1; }

measure() {
  [ -n "$DOOR" ] || { echo unknown; return; }
  largest=$(ip -o route get "$DOOR" 2>/dev/null | sed -n 's/.* dev \([^ ]*\).*/\1/p')
  largest=$(cat "/sys/class/net/$largest/mtu" 2>/dev/null)
  [ -n "$largest" ] && gets "$SMALLEST" || { echo unknown; return; }
  [ "$largest" -le 65535 ] || largest=65535
  ! gets "$largest" || { echo "$largest"; return; }
  low=$SMALLEST
  while [ $((largest - low)) -gt 1 ]; do
    middle=$(((largest + low) / 2))
    if gets "$middle"; then low=$middle; else largest=$middle; fi
  done
  echo "$low"
}

# The first packet of a client, and the first bytes of the answer: OpenVPN says nothing before it is asked. In between
# stand a tenant's way through the gateway and the gateway, which take every connection; so that alone proves nothing.
reach() {
  said=$(timeout 7 bash -c '
    exec 3<>"/dev/tcp/$1/$2" || exit 9
    { printf "\000\016\070"; head -c 8 /dev/urandom; printf "\000\000\000\000\000"; } >&3
    timeout 5 head -c 3 <&3 | od -An -tx1
    exit "${PIPESTATUS[0]}"' reach "$REMOTE" "$PORT" 2>/dev/null)
  case $? in
    0)
      case $said in
        *' 40'*) echo open ;;
        '') echo shut ;;
        *) echo strange ;;
      esac ;;
    9) echo nobody ;;
    124) [ -z "$said" ] && echo silent || echo strange ;;
    *) echo shut ;;
  esac
}

printf 'mtu %s\n' "$(measure)"
printf 'port %s\n' "$(reach)"
