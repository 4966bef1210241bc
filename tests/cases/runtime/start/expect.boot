nothing broken
