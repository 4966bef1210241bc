loaded
