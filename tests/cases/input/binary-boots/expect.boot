a file in the boot sector
