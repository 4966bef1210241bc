$ --medium disk
mbr at 0x600
