$ --medium disk
partition started with its drive and entry
