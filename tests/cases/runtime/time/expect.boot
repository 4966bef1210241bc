no delay
5 ticks
a new day
