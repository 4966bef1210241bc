sections of any name
