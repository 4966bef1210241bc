first second done
