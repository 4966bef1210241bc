with a BPB
