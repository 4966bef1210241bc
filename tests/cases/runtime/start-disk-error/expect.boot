$ --medium disk
disk read error
