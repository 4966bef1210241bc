$ --medium disk
abc00001234
