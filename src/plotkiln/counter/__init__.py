"""The hit counter: pages that say a hit, a program that counts, and one that draws the total."""
