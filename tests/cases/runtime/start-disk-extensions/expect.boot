$ --medium disk
~5\d sectors from drive 80: wrong are 0 words, 0 others
