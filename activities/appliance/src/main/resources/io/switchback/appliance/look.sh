# Says how one end of a tunnel is, and changes nothing that anybody notices.

need ip nft pgrep ping awk sed
survey $(own_addresses)
# Somebody may have taken away what no process would miss.
if [ -f "$state/made" ]; then
  standing $(own_addresses) | cat - "$state/made" "$state/made" | sort | uniq -c | awk '$1 == 2 { $1 = "lacks"; print }'
fi
if [ -f "$state/openvpn.log" ]; then
  # What went wrong last, or that nothing did since the tunnel was last up. Consequences of an error name no reason; that
  # the connection was cut is one where nothing else is known.
  awk '
    /SIGUSR1|SSL alert|TLS handshake failed|Fatal TLS error|TLS object|TLS_ERROR|OpenSSL:/ { next }
    /Connection reset/ { if (last == "" || last ~ /Peer Connection Initiated|Connection re(set|fused)/) last = $0; next }
    /VERIFY.*ERROR|[Ee]rror|failed|Connection refused|Peer Connection Initiated/ { last = $0 }
    END { if (last != "") print "log " last }' "$state/openvpn.log"
  # A tunnel that fails for weeks must not fill the disk.
  [ "$(wc -c <"$state/openvpn.log")" -lt 1048576 ] || : >"$state/openvpn.log"
fi
if has_interface "$tap"; then
  ping -n -q -c 3 -i 0.05 -W 1 -I "$tap" "$PEER" 2>/dev/null | awk '
    / packets transmitted/ { sent = $1; received = $4 }
    /^rtt|^round-trip/ { split($4, times, "/"); average = times[2] }
    END { print "peer " sent + 0 " " received + 0 " " (average == "" ? 0 : average) }'
fi
