behind the BPB
