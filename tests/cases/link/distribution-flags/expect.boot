plain gcc
