$ --keys aB
no key
the same: a1E, and no other
3042
