# Says what there is of the full-site mode, and changes nothing.

need ip nft awk
survey_site "$(added)" "$(turned_on)"
