$ --medium disk
~geometry: \d+ 16 63, sectors: \d+
write: right
read: right
what was read: right
copy: right
the end of the copy: right
odd read: right
what was read: right
read of nothing: right
and its buffer: right
one by one: right
at an odd address: right
last sector: right
beyond the end: right
far beyond: right
no such drive: right
one beyond: right
one far beyond: right
one elsewhere: right
ES: right
