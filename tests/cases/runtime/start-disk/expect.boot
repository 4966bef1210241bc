~5\d sectors from drive 00: wrong are 0 words, 0 others
