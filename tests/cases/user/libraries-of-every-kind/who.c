const char *who = "library ";
