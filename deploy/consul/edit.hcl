# For people who edit styles in Consul's UI: their changes enter the history as observed, and they
# cannot change the past.
key_prefix "plotting/styles/" {
  policy = "write"
}
key_prefix "plotting/styles-history/" {
  policy = "list"
}
