# Says what time it is here.

printf 'clock %s\n' "$(date -u +%s.%N)"
