.section live, "aw"
    .long 3
.section chained, "aw"
    .long 4
.section beside, "aw"
    .long 5
.section dead, "aw"
    .long 6
.comm other_dead_common, 4
