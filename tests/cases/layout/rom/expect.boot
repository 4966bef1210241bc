$ --medium rom
option ROM called: 1
