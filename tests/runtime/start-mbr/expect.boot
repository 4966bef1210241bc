low, whole, zeroed
