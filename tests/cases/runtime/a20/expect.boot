after closing: closed
kept
done
after opening: open
kept
done
after opening without the BIOS: open
done
