# For whoever draws: every Service but the front door.
key_prefix "plotting/styles/" {
  policy = "list"
}
key_prefix "plotting/styles-history/" {
  policy = "list"
}
