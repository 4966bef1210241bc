wide!
