# For the front door, by which styles are written, and for the Job that stores the first ones.
key_prefix "plotting/styles/" {
  policy = "write"
}
key_prefix "plotting/styles-history/" {
  policy = "write"
}
